//! Paste a text, train a network on it.

use leptos::prelude::*;

/// The page.
#[component]
pub fn Lab() -> impl IntoView {
    view! { <h1>"Lab"</h1> }
}
