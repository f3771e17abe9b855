//! What is stored when, and what is read at the start.

use std::rc::Rc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::state::{Lab, Notice, Status, Stored};
use super::texts;
use crate::app::browser::{after, cancel, document, now, window};
use crate::app::storage::Record;
use crate::app::trainer::Bytes;
use crate::training::checkpoint::{Checkpoint, CheckpointError};
use crate::training::settings::{RunSettings, TextSource};

/// The version of what is stored.
const VERSION: u32 = 1;
/// An edit is stored after this pause, milliseconds; always within 300.
const SAVE_AFTER: i32 = 200;
/// A running checkpoint is stored at most this often, milliseconds.
const CHECKPOINT_EVERY: f64 = 2_000.0;

/// From now on the page's state is the reader's own: the link that it may have come from is taken out of the address, but for how
/// the page is shown. Part of another page, it stores nothing: what the reader keeps is not to be written over from there.
pub fn may_store(lab: Lab) {
    if lab.classroom.lesson.with_untracked(|lesson| lesson.embed) {
        lab.control().borrow_mut().may_store = false;
        return;
    }
    let was_link = !std::mem::replace(&mut lab.control().borrow_mut().may_store, true);
    if was_link {
        let path = window().location().pathname().unwrap_or_default();
        if let Ok(history) = window().history() {
            let address = format!("{path}{}", lab.classroom.in_query(""));
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    }
}

/// An edit of the reader's: stored soon.
pub fn edited(lab: Lab) {
    may_store(lab);
    save_soon(lab);
}

/// Stores settings, curves and, if it changed, the text, after a pause.
pub fn save_soon(lab: Lab) {
    let control = lab.control();
    let mut control = control.borrow_mut();
    if control.may_store && control.save_timer.is_none() {
        control.save_timer = after(SAVE_AFTER, move || save_now(lab));
    }
}

/// Stores at once.
pub fn save_now(lab: Lab) {
    let control = lab.control();
    let mut control = control.borrow_mut();
    cancel(control.save_timer.take());
    if !control.may_store {
        return;
    }
    let stored = Stored {
        version: VERSION,
        settings: without_text(lab.settings.get_untracked()),
        running: lab.running.get_untracked().map(without_text),
        status: lab.status.get_untracked(),
        history: control.history.clone(),
        prepared: lab.prepared.get_untracked(),
    };
    if std::mem::take(&mut control.text_changed) {
        lab.storage.write(Record::Text, JsValue::from_str(&control.text));
    }
    drop(control);
    if let Ok(json) = serde_json::to_string(&stored) {
        lab.storage.write(Record::Lab, JsValue::from_str(&json));
    }
}

/// Stores the text of the run that begins: the box may be edited while it goes on.
pub fn save_run_text(lab: Lab) {
    let control = lab.control();
    let control = control.borrow();
    if control.may_store && lab.settings.with_untracked(|s| matches!(s.text.source, TextSource::Own(_))) {
        lab.storage.write(Record::RunText, JsValue::from_str(&control.run_text));
    }
}

/// Stores the last checkpoint with the curves that belong to it.
pub fn save_checkpoint(lab: Lab) {
    thread_local! {
        static LAST: std::cell::Cell<f64> = const { std::cell::Cell::new(f64::NEG_INFINITY) };
    }
    let is_running = lab.status.get_untracked() == Status::Running;
    if is_running && now() - LAST.get() < CHECKPOINT_EVERY || !lab.control().borrow().may_store {
        return;
    }
    LAST.set(now());
    if let Some((_, bytes)) = &lab.control().borrow().checkpoint {
        lab.storage.write(Record::Checkpoint, Uint8Array::from(bytes.as_slice()).into());
    }
    save_now(lab);
}

/// Reads what was stored; whether there was anything. A text that the reader has typed since is kept.
pub async fn restore(lab: Lab, since: texts::Moment) -> bool {
    let values = lab.storage.read(&[Record::Lab, Record::Text, Record::RunText, Record::Checkpoint]).await;
    let [stored, text, run_text, checkpoint] = values.as_slice() else { return false };
    let json = stored.as_ref().and_then(JsValue::as_string);
    // A record of another version, or a damaged one, counts as none.
    let Some(stored) =
        json.and_then(|json| serde_json::from_str::<Stored>(&json).ok()).filter(|s| s.version == VERSION)
    else {
        return false;
    };
    let own = text.as_ref().and_then(JsValue::as_string);
    let is_own = matches!(stored.settings.text.source, TextSource::Own(_));
    lab.settings.set(stored.settings.clone());
    if is_own {
        texts::replace(lab, Rc::from(own.clone().unwrap_or_default()), since);
    } else if let TextSource::Sample(id) = &stored.settings.text.source
        && let Some(text) = texts::sample_text(id).await
    {
        texts::replace(lab, Rc::from(text), since);
    }
    if !since.is_now(lab) {
        lab.settings.update(|settings| settings.text.source = TextSource::Own(String::new()));
    }
    let bytes = checkpoint.as_ref().and_then(|bytes| bytes.dyn_ref::<Uint8Array>()).map(Uint8Array::to_vec);
    let bytes = bytes.filter(|_| stored.status.has_model());
    let read = bytes.as_deref().map(Checkpoint::from_bytes);
    if let Some(Err(error)) = &read {
        lab.notice.set(Some(Notice::StoredDamaged(matches!(error, CheckpointError::Newer { .. }))));
    }
    if let (Some(running), Some(bytes), Some(Ok(checkpoint))) = (stored.running, bytes, read) {
        // The weights may be some steps older than the curves: the run goes on from the weights.
        let step = checkpoint.header.step;
        let run_text = match &running.text.source {
            TextSource::Own(_) => {
                run_text.as_ref().and_then(JsValue::as_string).or(own).unwrap_or_default().into()
            }
            TextSource::Sample(id) => texts::sample_text(id).await.unwrap_or_default().into(),
        };
        let was_running = stored.status == Status::Running;
        {
            let control = lab.control();
            let mut control = control.borrow_mut();
            control.run_text = run_text;
            control.checkpoint = Some((step, Bytes::new(bytes)));
            control.history = stored.history;
            control.history.back_to(step);
        }
        lab.running.set(Some(running));
        lab.prepared.set(stored.prepared);
        lab.status.set(stored.status);
        lab.frame.update(|frame| *frame = frame.wrapping_add(1));
        lab.take_up(was_running);
    }
    true
}

/// Stores what is not yet stored when the page is left or hidden.
pub fn save_when_left(lab: Lab) {
    let leave = window_event_listener(leptos::ev::pagehide, move |_| save_now(lab));
    let hide = document_listener(move || {
        if document().visibility_state() == web_sys::VisibilityState::Hidden {
            save_now(lab);
        }
    });
    // Both live as long as the page.
    std::mem::forget((leave, hide));
}

fn document_listener(call: impl Fn() + 'static) -> impl Sized {
    window_event_listener(leptos::ev::visibilitychange, move |_| call())
}

fn without_text(mut settings: RunSettings) -> RunSettings {
    if let TextSource::Own(own) = &mut settings.text.source {
        own.clear();
    }
    settings
}
