//! Walk through every equation.

use leptos::prelude::*;

/// The page.
#[component]
pub fn Stepper() -> impl IntoView {
    view! { <h1>"Stepper"</h1> }
}
