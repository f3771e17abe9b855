//! What it is in one sentence, at work.

use leptos::prelude::*;

/// The page.
#[component]
pub fn Home() -> impl IntoView {
    view! { <h1>"Home"</h1> }
}
