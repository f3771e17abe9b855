//! A large text pasted into the box. A browser's own pasting takes seconds for megabytes, line by line, and so does what a
//! page can ask it to insert; the text is put there at once instead. The browser's Undo does not know of that: it is taken
//! back here.

use std::rc::Rc;

use js_sys::{JsString, Reflect};
use leptos::task::spawn_local;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::keep;
use super::state::{Lab, Notice};

/// Letters (UTF-16 units) from which on a pasted text is put into the box at once.
const LARGE: u32 = 100_000;
/// Letters of an own text that are put aside when a large one takes their place.
const LEAST_PUT_ASIDE: u32 = 200;

/// The box before a large paste and after it, each with what is selected.
#[derive(Clone, Debug)]
struct Pasted {
    before: (JsString, (u32, u32)),
    after: (JsString, (u32, u32)),
}

/// Listens to the box's pasting and to its keys.
#[derive(Clone)]
pub struct Pasting {
    lab: Lab,
    area: NodeRef<html::Textarea>,
    last: StoredValue<Option<Pasted>, LocalStorage>,
    /// Called when the text is another one.
    changed: Rc<dyn Fn()>,
}

impl Pasting {
    /// For a box.
    pub fn new(lab: Lab, area: NodeRef<html::Textarea>, changed: Rc<dyn Fn()>) -> Pasting {
        Pasting { lab, area, last: StoredValue::new_local(None), changed }
    }

    /// Puts a large text into the box at once; a smaller one is the browser's.
    pub fn paste(&self, event: &ev::ClipboardEvent) {
        let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        let large = text.map(JsString::from).filter(|text| text.length() >= LARGE);
        let (Some(text), Some(area)) = (large, self.area.get_untracked()) else { return };
        let ends = (area.selection_start(), area.selection_end());
        let (Ok(Some(start)), Ok(Some(end))) = ends else { return };
        let Some(before) = value(&area) else { return };
        let (lab, old, length) = (self.lab, self.lab.text(), area.text_length());
        if area.set_range_text_with_start_and_end(&String::from(text), start, end).is_err() {
            return;
        }
        event.prevent_default();
        // A text of the reader's that goes is put aside.
        if end - start > LEAST_PUT_ASIDE {
            spawn_local(async move {
                if keep::put_aside(lab, old).await {
                    lab.notice.set(Some(Notice::TextPutAside));
                }
            });
        }
        // The cursor stands behind what was pasted, as after any pasting.
        let behind = area.text_length().saturating_sub(length.saturating_sub(end));
        let _ = area.set_selection_range(behind, behind);
        let after = value(&area).map(|after| (after, (behind, behind)));
        self.last.set_value(after.map(|after| Pasted { before: (before, (start, end)), after }));
        (self.changed)();
    }

    /// Ctrl+Z takes a large paste back, Ctrl+Shift+Z or Ctrl+Y pastes it again, as long as the box is as that left it;
    /// everything else is the browser's.
    pub fn key(&self, event: &ev::KeyboardEvent) {
        if event.alt_key() || !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        let is_undo = match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => true,
            ("z", true) | ("y", false) => false,
            _ => return,
        };
        let (Some(Pasted { before, after }), Some(area)) = (self.last.get_value(), self.area.get_untracked())
        else {
            return;
        };
        let (from, (text, (start, end))) = if is_undo { (after, before) } else { (before, after) };
        if value(&area).as_ref() != Some(&from.0) || Reflect::set(&area, &"value".into(), &text).is_err() {
            return;
        }
        event.prevent_default();
        let _ = area.set_selection_range(start, end);
        (self.changed)();
    }
}

/// The text in the box, as it is there: megabytes are compared without being copied.
fn value(area: &HtmlTextAreaElement) -> Option<JsString> {
    Reflect::get(area, &"value".into()).ok()?.dyn_into().ok()
}
