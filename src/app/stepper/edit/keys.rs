//! Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y; Escape while a number is dragged.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::Editing;

/// Listens for as long as the page is in view.
pub fn listen(editing: Editing) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && editing.let_go() {
            event.prevent_default();
            return;
        }
        if event.default_prevented() || event.alt_key() || !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        // A text takes its own changes back; a number of the panel is taken back here, as it has followed every key.
        if is_text(&event) {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => editing.undo(),
            ("z", true) | ("y", false) => editing.redo(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

fn is_text(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        let is_field = target.closest("input, textarea, [contenteditable]").ok().flatten().is_some();
        is_field && target.closest(".number-panel").ok().flatten().is_none()
    })
}
