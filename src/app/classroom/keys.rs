//! The keys of a presentation, and the end of the whole screen.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::Classroom;
use crate::view::present::{Command, belongs_to_field, command};

/// What has keys of its own.
const FIELDS: &str = "input, textarea, select, [contenteditable], [role=menu], .menu, [role=slider], [data-arrows], audio, video";

/// Listens for as long as the page stands.
pub fn listen(classroom: Classroom) {
    let pressed = window_event_listener(ev::keydown, move |event| hear(classroom, &event));
    let screen = document_event("fullscreenchange", move || {
        let is_full = document().fullscreen_element().is_some();
        if !is_full && classroom.filled_screen.get_untracked() {
            // Escape gives the screen back before any page hears of it.
            classroom.leave();
        }
    });
    // Both live as long as the page.
    std::mem::forget((pressed, screen));
}

fn hear(classroom: Classroom, event: &web_sys::KeyboardEvent) {
    let is_presenting = classroom.lesson.with_untracked(|lesson| lesson.present);
    let is_chord = event.ctrl_key() || event.alt_key() || event.meta_key();
    if !is_presenting || is_chord || event.default_prevented() || has_dialog() {
        return;
    }
    let key = event.key();
    let Some(command) = command(&key, event.shift_key()) else { return };
    if belongs_to_field(&key) && is_field(event) {
        return;
    }
    event.prevent_default();
    // The first key of any kind brings a dark screen back.
    if classroom.is_blank.get_untracked() {
        classroom.is_blank.set(false);
        if command != Command::Leave {
            return;
        }
    }
    match command {
        Command::Go(to) => classroom.go(to),
        Command::Blank => classroom.is_blank.set(true),
        Command::Spotlight => classroom.has_spotlight.update(|on| *on = !*on),
        Command::Fullscreen => classroom.turn_screen(),
        Command::Help => classroom.asks_help.set(true),
        Command::Leave => classroom.leave(),
    }
}

fn is_field(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(FIELDS).ok().flatten().is_some())
}

fn has_dialog() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Listens to an event of the document by its name.
fn document_event(name: &str, call: impl Fn() + 'static) -> Closure<dyn Fn()> {
    let heard = Closure::<dyn Fn()>::new(call);
    let _ = document().add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard
}
