//! What is stored when: the desk of this tab (settings, text in the box, which run is open), and the run under way.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::shelf::{self, desk_key, desk_text_key};
use super::state::{Lab, Status};
use crate::app::browser::{after, cancel, fresh_id, now, window};
use crate::app::storage::tabs;
use crate::training::settings::TextSource;
use crate::view::saved::desk::{self, Desk};
use crate::view::saved::{Entry, Kind, Parts, begins, has_text, mark, next_order, surplus, weights_mark};

/// An edit is stored after this pause, milliseconds; always within 300.
const SAVE_AFTER: i32 = 200;
/// Checkpoints of a run under way are stored as they come, but no more bytes than these a millisecond: a large model would
/// keep the disk busy all the time. What came since is stored when the page is left or hidden.
const BYTES_A_MILLISECOND: f64 = 4_000.0;
/// Where the tab remembers its desk, through reloads.
const DESK_KEY: &str = "unrolled.desk";

/// From now on the page's state is the reader's own: the link that it may have come from is taken out of the address, but for how
/// the page is shown. Part of another page, it stores nothing: what the reader keeps is not to be written over from there.
pub fn may_store(lab: Lab) {
    if lab.classroom.lesson.with_untracked(|lesson| lesson.embed) {
        lab.control().borrow_mut().may_store = false;
        return;
    }
    let was_link = !std::mem::replace(&mut lab.control().borrow_mut().may_store, true);
    if was_link {
        lab.is_kept.set(true);
        let path = window().location().pathname().unwrap_or_default();
        if let Ok(history) = window().history() {
            let address = format!("{path}{}", lab.classroom.in_query(""));
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    }
}

/// An edit of the reader's: stored soon. Why the last start was refused may hold no more.
pub fn edited(lab: Lab) {
    if lab.refusal.with_untracked(Option::is_some) {
        lab.refusal.set(None);
    }
    may_store(lab);
    save_soon(lab);
}

/// Stores the desk after a pause.
pub fn save_soon(lab: Lab) {
    let control = lab.control();
    let mut control = control.borrow_mut();
    if control.may_store && control.save_timer.is_none() {
        control.save_timer = after(SAVE_AFTER, move || save_now(lab));
    }
}

/// Stores the desk at once.
pub fn save_now(lab: Lab) {
    let control = lab.control();
    cancel(control.borrow_mut().save_timer.take());
    if !control.borrow().may_store {
        return;
    }
    sit(lab);
    let mut control = control.borrow_mut();
    let (text, text_changed) = (std::rc::Rc::clone(&control.text), std::mem::take(&mut control.text_changed));
    let Some(desk) = &mut control.desk else { return };
    desk.settings = lab.settings.get_untracked().without_text();
    desk.run = lab.entry.with_untracked(|entry| entry.as_ref().map(|entry| entry.id.clone()));
    let Ok(json) = serde_json::to_string(desk) else { return };
    let mut records = vec![(desk_key(&desk.id), JsValue::from_str(&json))];
    if text_changed {
        records.push((desk_text_key(&desk.id), JsValue::from_str(&text)));
    }
    drop(control);
    lab.storage.write(records);
}

/// Takes a desk of this tab's own, unless it has one.
fn sit(lab: Lab) {
    let control = lab.control();
    if control.borrow().desk.is_some() {
        return;
    }
    let id = fresh_id();
    take_seat(lab, Desk { id: id.clone(), ..Desk::default() }, None);
    control.borrow_mut().text_changed = true;
    spawn_local(async move {
        let lock = tabs::take(&format!("{}{id}", tabs::DESK)).await;
        let desks = shelf::desks(lab.storage).await;
        let held = tabs::held(tabs::DESK).await;
        let control = lab.control();
        if let Some(desk) = control.borrow_mut().desk.as_mut().filter(|desk| desk.id == id) {
            desk.order = desk::next_order(&desks);
        }
        control.borrow_mut().desk_lock = lock;
        for old in desk::surplus(&desks, &held).iter().filter(|old| **old != id) {
            lab.storage.write([(desk_key(old), JsValue::NULL), (desk_text_key(old), JsValue::NULL)]);
        }
        save_soon(lab);
    });
}

/// Sits down at a desk: the tab remembers it.
pub fn take_seat(lab: Lab, desk: Desk, lock: Option<tabs::Held>) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(DESK_KEY, &desk.id);
    }
    let control = lab.control();
    let mut control = control.borrow_mut();
    control.desk = Some(desk);
    control.desk_lock = lock;
}

/// The desk that this tab remembers.
pub fn remembered_desk() -> Option<String> {
    window().session_storage().ok()??.get_item(DESK_KEY).ok()?
}

/// Leaves the desk and the run as they are: something else is opened here.
pub fn leave(lab: Lab) {
    leave_run(lab);
    let control = lab.control();
    let mut control = control.borrow_mut();
    control.desk = None;
    control.desk_lock = None;
}

/// Makes an entry for the run that has begun. It is stored with the run's first checkpoint.
pub fn enter_run(lab: Lab) {
    let control = lab.control();
    let Some(running) = lab.running.get_untracked().filter(|_| control.borrow().may_store) else { return };
    let text = std::rc::Rc::clone(&control.borrow().run_text);
    let id = fresh_id();
    let entry = Entry {
        id: id.clone(),
        kind: Kind::Run,
        begins: begins(&text),
        text_mark: mark(&text),
        settings: running.without_text(),
        ..Entry::default()
    };
    {
        let mut control = control.borrow_mut();
        control.stored = None;
        control.run_lock = None;
    }
    lab.entry.set(Some(entry));
    save_soon(lab);
    spawn_local(async move {
        let lock = tabs::take(&format!("{}{id}", tabs::RUN)).await;
        let entries = shelf::entries(lab.storage).await;
        let open = tabs::held(tabs::RUN).await;
        let is_still = lab.entry.with_untracked(|entry| entry.as_ref().is_some_and(|entry| entry.id == id));
        if !is_still {
            return;
        }
        lab.control().borrow_mut().run_lock = lock;
        lab.entry.update(|entry| {
            if let Some(entry) = entry {
                entry.order = next_order(&entries);
            }
        });
        // It may be stored already, with an order of nothing.
        if lab.control().borrow().stored.is_some() {
            lab.control().borrow_mut().stored = None;
            save_run(lab, true);
        }
        for old in surplus(&entries, &open).iter().filter(|old| **old != id) {
            shelf::remove(lab.storage, old);
        }
        tabs::tell();
    });
}

/// Stores the last checkpoint with the curves that belong to it.
pub fn save_checkpoint(lab: Lab) {
    save_run(lab, lab.status.get_untracked() != Status::Running);
}

/// Stores the run as it is known; `at_once` also where much has been stored a moment ago.
pub fn save_run(lab: Lab, at_once: bool) {
    thread_local! {
        static NEXT: std::cell::Cell<f64> = const { std::cell::Cell::new(f64::NEG_INFINITY) };
    }
    let control = lab.control();
    let status = lab.status.get_untracked();
    let Some((step, bytes)) = control.borrow().checkpoint.clone() else { return };
    if !control.borrow().may_store || !status.has_model() || !at_once && now() < NEXT.get() {
        return;
    }
    if lab.entry.with_untracked(Option::is_none) {
        enter_run(lab);
    }
    let Some(mut entry) = lab.entry.get_untracked() else { return };
    let stored = control.borrow_mut().stored.replace((step, status.clone()));
    if stored.as_ref() == Some(&(step, status.clone())) {
        return;
    }
    NEXT.set(now() + bytes.len() as f64 / BYTES_A_MILLISECOND);
    let (text, history) = {
        let control = control.borrow();
        (std::rc::Rc::clone(&control.run_text), control.history.storable())
    };
    if let Some(running) = lab.running.get_untracked() {
        entry.settings = running.without_text();
    }
    let is_own = matches!(entry.settings.text.source, TextSource::Own(_));
    let prepared = lab.prepared.get_untracked();
    entry.status = status;
    entry.step = step;
    entry.loss = history.loss().map(|loss| loss as f32);
    entry.vocabulary = prepared.as_ref().map_or(entry.vocabulary, |prepared| prepared.vocabulary.len());
    entry.bytes = (bytes.len() + if is_own { text.len() } else { 0 }) as u64;
    entry.weights_mark = weights_mark(&bytes);
    entry.saved = js_sys::Date::now();
    let mut records = vec![shelf::entry_record(&entry), shelf::run_record(&entry.id, history, prepared)];
    if stored.as_ref().is_none_or(|(before, _)| *before != step) {
        records.push(shelf::weights_record(&entry.id, &bytes));
    }
    if stored.is_none() && is_own {
        records.push(shelf::text_record(&entry.id, &text));
    }
    lab.storage.write(records);
    lab.entry.set(Some(entry));
}

/// Leaves the run as it is: another one is begun or opened. One that trains is kept as paused.
pub fn leave_run(lab: Lab) {
    if lab.entry.with_untracked(Option::is_none) {
        return;
    }
    if lab.status.get_untracked() == Status::Running {
        lab.status.set(Status::Paused);
    }
    save_run(lab, true);
    lab.entry.set(None);
    let control = lab.control();
    let mut control = control.borrow_mut();
    control.run_lock = None;
    control.stored = None;
}

/// The box's text goes among what is kept, where it is the reader's own and nothing that is kept has it: another text is
/// about to take its place. Whether that was so.
pub async fn put_text_aside(lab: Lab) -> bool {
    super::texts::read_now(lab);
    put_aside(lab, lab.text()).await
}

/// The same for a text that stood in the box a moment before.
pub async fn put_aside(lab: Lab, text: std::rc::Rc<str>) -> bool {
    let is_own = lab.settings.with_untracked(|settings| matches!(settings.text.source, TextSource::Own(_)));
    if !is_own || text.trim().is_empty() {
        return false;
    }
    let entries = shelf::entries(lab.storage).await;
    if has_text(&entries, &text) {
        return false;
    }
    keep_text(lab, &text, next_order(&entries));
    true
}

/// Keeps a text with the settings in the controls.
pub fn keep_text(lab: Lab, text: &str, order: u64) {
    let entry = Entry {
        id: fresh_id(),
        kind: Kind::Text,
        order,
        begins: begins(text),
        bytes: text.len() as u64,
        saved: js_sys::Date::now(),
        text_mark: mark(text),
        settings: lab.settings.get_untracked().without_text(),
        ..Entry::default()
    };
    let parts = Parts { text: text.to_owned(), ..Parts::default() };
    lab.storage.write(shelf::records(&entry, &parts));
    tabs::tell();
}
