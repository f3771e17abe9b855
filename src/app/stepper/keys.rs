//! The keys of the whole page, and what a screen reader is told after each move.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::player::Player;
use super::stages::{Stage, use_stages};
use super::state::Stepper;
use super::words;
use crate::app::browser::{after, cancel};
use crate::app::language::say_with;
use crate::app::parts::use_announcer;
use crate::view::stepper::Course;

/// Milliseconds without a move after which the place is announced: a held key does not talk all the way.
const QUIET: i32 = 250;

/// Listens to the keys for as long as the page is in view.
pub fn listen(stepper: Stepper, player: Player) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented()
            || event.ctrl_key()
            || event.alt_key()
            || event.meta_key()
            || is_taken(&event)
        {
            return;
        }
        let moved = match (event.key().as_str(), event.shift_key()) {
            ("ArrowRight", false) => stepper.walk(Course::next_equation),
            ("ArrowLeft", false) => stepper.walk(Course::previous_equation),
            ("ArrowRight", true) => stepper.walk(Course::next_step),
            ("ArrowLeft", true) => stepper.walk(Course::previous_step),
            ("Home", false) => stepper.walk(|course, now| Some(course.first(now.direction))),
            ("End", false) => stepper.walk(|course, now| Some(course.last(now.direction))),
            (" ", false) if !is_pressable(&event) => {
                player.toggle();
                false
            }
            _ => return,
        };
        event.prevent_default();
        if moved {
            player.pause();
        }
    });
    on_cleanup(move || listener.remove());
    announce(stepper);
}

/// A choice made with a pointer gives the arrow keys back to the walk; one made with the keyboard keeps them.
pub fn give_back(event: ev::MouseEvent) {
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(input) = input.filter(|input| input.type_() == "radio" && event.detail() > 0) {
        let _ = input.blur();
    }
}

/// Whether the key belongs to what has the focus: a field, a choice among radio buttons, a list, a dialog, the panel of a
/// number, which a step of the walk would close.
fn is_taken(event: &web_sys::KeyboardEvent) -> bool {
    target(event).is_some_and(|target| {
        target
            .closest("input, textarea, select, dialog, [contenteditable], [role=menu], .menu, .number-panel")
            .ok()
            .flatten()
            .is_some()
    }) || document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Whether Space presses what has the focus.
fn is_pressable(event: &web_sys::KeyboardEvent) -> bool {
    target(event).is_some_and(|target| target.closest("button, a, summary, label").ok().flatten().is_some())
}

fn target(event: &web_sys::KeyboardEvent) -> Option<web_sys::Element> {
    event.target()?.dyn_into::<web_sys::Element>().ok()
}

fn announce(stepper: Stepper) {
    let announcer = use_announcer();
    let timer = StoredValue::new(None);
    let is_whole = use_stages().reached(Stage::Opening);
    Effect::new(move |before: Option<bool>| {
        let position = stepper.position.get();
        let is_whole = is_whole.get();
        // The page has only just been opened: its heading is being read.
        if before != Some(true) {
            return is_whole;
        }
        cancel(timer.get_value());
        timer.set_value(after(QUIET, move || {
            let now = stepper.position.try_get_untracked();
            if now != Some(position) {
                return;
            }
            let Some((model, line)) = untrack(move || stepper.line()) else { return };
            let letters = untrack(move || stepper.typesetter(position.step));
            let lines = model.0.lines.along(position.direction).len();
            announcer.say(say_with!(stepper.at_place;
                "step" => position.step,
                "steps" => model.0.steps(),
                "line" => position.equation + 1,
                "lines" => lines,
                "equation" => words::line(&line, letters),
            ));
        }));
        is_whole
    });
    on_cleanup(move || cancel(timer.try_get_value().flatten()));
}
