//! A number dragged where it stands: to the right or up it grows. Its picture is drawn anew all the way, so that the
//! window listens, not the picture.

use leptos::{ev, prelude::*};

use super::{Editing, names};
use crate::app::browser::after;
use crate::view::stepper::edits::{Target, dragged};
use crate::view::stepper::subject::Subject;

/// Pixels that a pointer may move while it clicks.
const STILL: f64 = 4.0;
/// The same of a finger.
const STILL_FINGER: f64 = 10.0;

/// A number under a pointer that is down.
#[derive(Clone, Debug, PartialEq)]
pub struct Drag {
    target: Target,
    /// What it is when the page looks at it.
    subject: Subject,
    /// The number at the beginning, and what was put there.
    number: f64,
    before: Option<f64>,
    x: f64,
    y: f64,
    pointer: i32,
    is_finger: bool,
    has_moved: bool,
}

impl Editing {
    /// A pointer is down on a number that can be changed. A finger drags to the left or right: up and down it scrolls,
    /// which the browser then takes over.
    pub fn take_hold(self, subject: &Subject, event: &web_sys::PointerEvent) {
        if event.button() != 0 || self.drag.with_value(Option::is_some) {
            return;
        }
        let Some((target, number)) = self.dragged_number(subject) else { return };
        let is_finger = event.pointer_type() == "touch";
        if !is_finger {
            event.prevent_default();
        }
        let before = untrack(|| self.put_there(&target));
        self.drag.set_value(Some(Drag {
            target,
            subject: subject.clone(),
            number,
            before,
            x: f64::from(event.client_x()),
            y: f64::from(event.client_y()),
            pointer: event.pointer_id(),
            is_finger,
            has_moved: false,
        }));
    }

    /// Whether the pointer that was just let go had moved a number: then it did not click.
    pub fn has_dragged(self) -> bool {
        self.drag.with_value(|drag| drag.as_ref().is_some_and(|drag| drag.has_moved))
    }

    /// What is changed when a number is dragged: itself, or what it is held at.
    fn dragged_number(self, subject: &Subject) -> Option<(Target, f64)> {
        let model = self.stepper.model.get_untracked()?;
        let target = match subject {
            Subject::Given(target) => target.clone(),
            Subject::Value { .. } => names::hold_in_use(&model.0, subject)?,
            _ => return None,
        };
        let number = match &target {
            Target::Held { .. } => model.0.applied.edits.get(&target)?,
            given => model.0.number(given)?,
        };
        Some((target, number))
    }

    /// Puts back what is being dragged; says whether anything was.
    pub fn let_go(self) -> bool {
        let Some(drag) = self.drag.try_update_value(Option::take).flatten() else { return false };
        if drag.has_moved {
            self.waiting.set_value(None);
            self.put(&drag.target, drag.before, true);
            self.close_step();
        }
        true
    }
}

/// Listens for as long as the page is in view.
pub fn listen(editing: Editing) {
    let moved = window_event_listener(ev::pointermove, move |event| {
        let Some(mut drag) = editing.drag.get_value().filter(|drag| drag.pointer == event.pointer_id())
        else {
            return;
        };
        // The button was let go outside of the window.
        if event.buttons() == 0 {
            return end(editing, drag.pointer);
        }
        let up = if drag.is_finger { 0.0 } else { drag.y - f64::from(event.client_y()) };
        let by = f64::from(event.client_x()) - drag.x + up;
        if !drag.has_moved {
            if by.abs() < if drag.is_finger { STILL_FINGER } else { STILL } {
                return;
            }
            drag.has_moved = true;
            editing.drag.set_value(Some(drag.clone()));
            editing.stepper.subject.set(Some(drag.subject.clone()));
        }
        editing.put_soon(&drag.target, dragged(drag.number, by, event.shift_key()));
    });
    let up = window_event_listener(ev::pointerup, move |event| end(editing, event.pointer_id()));
    let cancelled = window_event_listener(ev::pointercancel, move |event| end(editing, event.pointer_id()));
    on_cleanup(move || [moved, up, cancelled].into_iter().for_each(|listener| listener.remove()));
}

fn end(editing: Editing, pointer: i32) {
    if editing.drag.with_value(|drag| drag.as_ref().is_some_and(|drag| drag.pointer == pointer)) {
        editing.close_step();
        // The click that follows is looked at first.
        after(0, move || {
            editing.drag.try_set_value(None);
        });
    }
}
