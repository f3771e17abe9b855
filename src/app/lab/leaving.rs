//! What is stored when the page is left or hidden, when it is shown again, and when its storage was cleared meanwhile.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::keep::{save_now, save_run};
use super::shelf;
use super::state::{Lab, Notice};
use crate::app::browser::document;
use crate::app::storage::tabs;

/// Stores what is not yet stored when the page is left or hidden.
pub fn save_when_left(lab: Lab) {
    let save = move || {
        save_now(lab);
        save_run(lab, true);
        lab.storage.hurry();
    };
    let hide = window_event_listener(leptos::ev::visibilitychange, move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Hidden {
            save();
        }
    });
    let is_kept = |event: &JsValue| {
        js_sys::Reflect::get(event, &"persisted".into()).is_ok_and(|persisted| persisted.is_truthy())
    };
    let leave = window_event_listener_untyped("pagehide", move |event| {
        save();
        // A page that a browser keeps for the way back holds nobody up meanwhile.
        if is_kept(&event) {
            let control = lab.control();
            let mut control = control.borrow_mut();
            control.desk_lock = None;
            control.run_lock = None;
            control.before = None;
        }
    });
    let wake = window_event_listener_untyped("pageshow", move |event| {
        if is_kept(&event) {
            spawn_local(come_back(lab));
        }
    });
    // They live as long as the page.
    std::mem::forget((leave, hide, wake));
}

/// The page is shown again after it was left: what another tab has taken since is that tab's.
async fn come_back(lab: Lab) {
    let desk = lab.control().borrow().desk.as_ref().map(|desk| desk.id.clone());
    if let Some(desk) = desk {
        let lock = tabs::take(&format!("{}{desk}", tabs::DESK)).await;
        let control = lab.control();
        let mut control = control.borrow_mut();
        if lock.is_none() {
            control.desk = None;
        }
        control.desk_lock = lock;
    }
    if let Some(entry) = lab.entry.get_untracked() {
        let lock = tabs::take(&format!("{}{}", tabs::RUN, entry.id)).await;
        if lock.is_none() {
            // What is here goes on as an entry of its own.
            lab.entry.set(None);
            lab.control().borrow_mut().stored = None;
            lab.notice.set(Some(Notice::OpenElsewhere));
        }
        lab.control().borrow_mut().run_lock = lock;
    }
}

/// Stores all that is here again when the storage may have been cleared while the page is open, and says so if it was.
pub fn store_again_when_lost(lab: Lab) {
    Effect::new(move |before: Option<u32>| {
        let times = lab.storage.lost.get();
        if before.is_some_and(|before| before != times) {
            spawn_local(async move {
                let id = lab.control().borrow().desk.as_ref().map(|desk| desk.id.clone());
                let desks = shelf::desks(lab.storage).await;
                if id.is_some_and(|id| desks.iter().all(|desk| desk.id != id)) {
                    lab.notice.set(Some(Notice::Cleared));
                }
                {
                    let control = lab.control();
                    let mut control = control.borrow_mut();
                    control.text_changed = true;
                    control.stored = None;
                }
                save_now(lab);
                save_run(lab, true);
            });
        }
        times
    });
}
