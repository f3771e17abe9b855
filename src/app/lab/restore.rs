//! What is read at the start: the desk that this tab was at, or the one that was left last, and its run.

use std::rc::Rc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

use super::keep::{remembered_desk, save_checkpoint, save_now, take_seat};
use super::state::{Lab, Notice, Status};
use super::{shelf, texts};
use crate::app::browser::fresh_id;
use crate::app::storage::StorageState;
use crate::app::storage::tabs::{self, Held};
use crate::app::trainer::Bytes;
use crate::protocol::Prepared;
use crate::training::checkpoint::{Checkpoint, CheckpointError};
use crate::training::settings::{RunSettings, TextSource};
use crate::view::run::History;
use crate::view::saved::desk::{Desk, Seat, next_order, seat};
use crate::view::saved::{Entry, Kind, Parts};

/// Reads what was stored; whether there was anything. A text that the reader has typed since is kept.
pub async fn restore(lab: Lab, since: texts::Moment) -> bool {
    lab.storage.open().await;
    if lab.storage.state.get_untracked() != StorageState::Ready {
        return false;
    }
    let desks = shelf::desks(lab.storage).await;
    let mine = remembered_desk();
    // A page that was just left may hold its desk for a moment more: this tab's own is waited for.
    let own = desks.iter().find(|desk| Some(&desk.id) == mine.as_ref());
    if let Some(own) = own
        && let Some(lock) = tabs::take_soon(&format!("{}{}", tabs::DESK, own.id)).await
    {
        return at_desk(lab, own.clone(), lock, since).await;
    }
    let mut held = tabs::held(tabs::DESK).await;
    held.extend(own.map(|own| own.id.clone()));
    loop {
        match seat(&desks, mine.as_deref(), &held) {
            Seat::At(id) => {
                let lock = tabs::take(&format!("{}{id}", tabs::DESK)).await;
                let desk = desks.iter().find(|desk| desk.id == id).cloned();
                match (desk, lock) {
                    (Some(desk), Some(lock)) => {
                        let desk = Desk { order: next_order(&desks), ..desk };
                        return at_desk(lab, desk, lock, since).await;
                    }
                    // Another tab was faster.
                    _ => held.push(id),
                }
            }
            Seat::Beside(id) => return beside(lab, &desks, &id, since).await,
            Seat::New => return first_version(lab, since).await,
        }
    }
}

/// Takes the settings and the text of a desk.
async fn spread(lab: Lab, desk: &Desk, since: texts::Moment) {
    lab.settings.set(desk.settings.clone());
    match &desk.settings.text.source {
        TextSource::Own(_) => {
            let own = shelf::desk_text(lab.storage, &desk.id).await.unwrap_or_default();
            texts::replace(lab, Rc::from(own), since);
        }
        TextSource::Sample(id) => {
            if let Some(text) = texts::sample_text(id).await {
                texts::replace(lab, Rc::from(text), since);
            }
        }
    }
    if !since.is_now(lab) {
        lab.settings.update(|settings| settings.text.source = TextSource::Own(String::new()));
    }
}

async fn at_desk(lab: Lab, desk: Desk, lock: Held, since: texts::Moment) -> bool {
    take_seat(lab, desk.clone(), Some(lock));
    spread(lab, &desk, since).await;
    if let Some(id) = &desk.run
        && let Some(entry) = shelf::entry(lab.storage, id).await
    {
        match tabs::take_soon(&format!("{}{id}", tabs::RUN)).await {
            Some(lock) => {
                let parts = shelf::parts(lab.storage, id).await;
                let was_running = entry.status == Status::Running;
                if show_run(lab, entry, parts, Some(lock)).await {
                    lab.take_up(was_running);
                }
            }
            None => lab.notice.set(Some(Notice::OpenElsewhere)),
        }
    }
    true
}

/// A desk of this tab's own, with what lies on one that another tab is at. Its run is that tab's alone.
async fn beside(lab: Lab, desks: &[Desk], id: &str, since: texts::Moment) -> bool {
    let Some(other) = desks.iter().find(|desk| desk.id == id) else { return false };
    let own = Desk { id: fresh_id(), order: next_order(desks), run: None, ..other.clone() };
    let lock = tabs::take(&format!("{}{}", tabs::DESK, own.id)).await;
    take_seat(lab, own, lock);
    spread(lab, other, since).await;
    lab.control().borrow_mut().text_changed = true;
    lab.notice.set(Some(Notice::OtherTab));
    true
}

/// Puts a kept run before the reader; whether that worked. Nothing trains yet.
pub async fn show_run(lab: Lab, entry: Entry, parts: Parts, lock: Option<Held>) -> bool {
    let checkpoint = match Checkpoint::from_bytes(&parts.weights) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            lab.notice.set(Some(Notice::StoredDamaged(matches!(error, CheckpointError::Newer { .. }))));
            return false;
        }
    };
    let run_text: Rc<str> = match &entry.settings.text.source {
        TextSource::Own(_) => parts.text.into(),
        TextSource::Sample(id) => texts::sample_text(id).await.unwrap_or_default().into(),
    };
    // The weights may be some steps older than the curves: the run goes on from the weights.
    let step = checkpoint.header.step;
    lab.unload();
    {
        let control = lab.control();
        let mut control = control.borrow_mut();
        control.before = None;
        control.run_text = run_text;
        control.checkpoint = Some((step, Bytes::new(parts.weights)));
        control.history = parts.history;
        control.history.back_to(step);
        control.stored = Some((step, entry.status.clone()));
        control.run_lock = lock;
    }
    // A run that was training is paused as long as nobody takes it up.
    let status = match &entry.status {
        Status::Running => Status::Paused,
        status => status.clone(),
    };
    lab.refusal.set(None);
    lab.running.set(Some(entry.settings.clone()));
    lab.prepared.set(parts.prepared);
    lab.entry.set(Some(entry));
    lab.status.set(status);
    lab.follow_status();
    true
}

/// What the first version of this page has stored, under four keys of its own: it becomes a desk and a run.
async fn first_version(lab: Lab, since: texts::Moment) -> bool {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Stored {
        settings: RunSettings,
        running: Option<RunSettings>,
        status: Status,
        history: History,
        prepared: Option<Prepared>,
    }
    let keys = ["lab", "text", "run-text", "checkpoint"].map(str::to_owned);
    let values = lab.storage.read(&keys).await;
    let [stored, text, run_text, checkpoint] = values.as_slice() else { return false };
    let json = stored.as_ref().and_then(JsValue::as_string);
    let Some(stored) = json.and_then(|json| serde_json::from_str::<Stored>(&json).ok()) else { return false };
    let text = text.as_ref().and_then(JsValue::as_string).unwrap_or_default();
    let desk = Desk { id: fresh_id(), order: 1, settings: stored.settings, ..Desk::default() };
    lab.storage.write([(shelf::desk_text_key(&desk.id), JsValue::from_str(&text))]);
    let lock = tabs::take(&format!("{}{}", tabs::DESK, desk.id)).await;
    take_seat(lab, desk.clone(), lock);
    spread(lab, &desk, since).await;
    let weights = checkpoint.as_ref().and_then(|bytes| bytes.dyn_ref::<Uint8Array>()).map(Uint8Array::to_vec);
    if let (Some(settings), Some(weights), true) = (stored.running, weights, stored.status.has_model()) {
        let text = run_text.as_ref().and_then(JsValue::as_string).unwrap_or(text);
        let entry = Entry {
            id: fresh_id(),
            kind: Kind::Run,
            order: 1,
            begins: crate::view::saved::begins(&text),
            text_mark: crate::view::saved::mark(&text),
            status: stored.status.clone(),
            settings,
            ..Entry::default()
        };
        let lock = tabs::take(&format!("{}{}", tabs::RUN, entry.id)).await;
        let parts = Parts { text, history: stored.history, prepared: stored.prepared, weights };
        if show_run(lab, entry, parts, lock).await {
            lab.control().borrow_mut().stored = None;
            save_checkpoint(lab);
            lab.take_up(stored.status == Status::Running);
        }
    }
    save_now(lab);
    lab.storage.write(keys.map(|key| (key, JsValue::NULL)));
    true
}
