//! Hints at keys.

use leptos::prelude::*;

/// A key's name as it is printed on it. Hidden from screen readers: the control's own name says what it does.
#[component]
pub fn Kbd(
    /// What is printed on the key.
    #[prop(into)]
    key: String,
) -> impl IntoView {
    view! { <kbd aria-hidden="true">{key}</kbd> }
}
