//! The pointer of a presentation: a ring of light that follows the mouse, and what is under it is marked.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::Classroom;

/// What is marked under the pointer: one symbol, one value, one box.
const MARKED: &str = "mi, mn, msup, msub, msubsup, mover, .names, .num-of, .fig-box, .fig-upright, .fig-cell, .fig-grid td, .shape, \
                      .strip-step, .growth-part, .dist-row, .kpi, .says-text, article td, article th";
const CLASS: &str = "under-pointer";

/// The light. It takes no part in what is clicked.
#[component]
pub fn Spotlight(classroom: Classroom) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let is_on = classroom.has_spotlight;
    // Before the mouse moves nobody knows where it is.
    let is_placed = RwSignal::new(false);
    let moved = window_event_listener(ev::pointermove, move |event| {
        let Some(light) = place.try_get_untracked().flatten() else { return };
        // A style set from a script is no inline style to the page's policy.
        let style = web_sys::HtmlElement::style(&light);
        let _ = style.set_property("--pointer-x", &format!("{}px", event.client_x()));
        let _ = style.set_property("--pointer-y", &format!("{}px", event.client_y()));
        if !is_placed.get_untracked() {
            is_placed.set(true);
        }
        if is_on.get_untracked() {
            mark(event.target().and_then(|target| target.dyn_into::<Element>().ok()));
        }
    });
    Effect::new(move |_| {
        if !is_on.get() {
            mark(None);
        }
    });
    on_cleanup(move || {
        moved.remove();
        mark(None);
    });
    view! {
        <div
            class="spotlight"
            aria-hidden="true"
            hidden=move || !is_on.get() || !is_placed.get()
            node_ref=place
            data-testid="spotlight"
        ></div>
    }
}

/// Marks what a pointer is over, and nothing else.
fn mark(target: Option<Element>) {
    let new = target.and_then(|target| target.closest(MARKED).ok().flatten());
    let old = document().query_selector(&format!(".{CLASS}")).ok().flatten();
    if new == old {
        return;
    }
    if let Some(old) = old {
        let _ = old.class_list().remove_1(CLASS);
    }
    if let Some(new) = new {
        let _ = new.class_list().add_1(CLASS);
    }
}
