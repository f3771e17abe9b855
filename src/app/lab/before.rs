//! The run that was here before another one was asked for: it comes back if that one cannot begin.

use std::rc::Rc;

use leptos::prelude::*;

use super::keep;
use super::state::{Lab, Status};
use crate::app::storage::tabs::Held;
use crate::app::trainer::Bytes;
use crate::protocol::Prepared;
use crate::training::settings::RunSettings;
use crate::view::run::History;
use crate::view::saved::Entry;

/// A run with everything that the page knows of it.
pub struct Before {
    entry: Option<Entry>,
    status: Status,
    running: Option<RunSettings>,
    prepared: Option<Prepared>,
    checkpoint: Option<(u32, Bytes)>,
    history: History,
    run_text: Rc<str>,
    stored: Option<(u32, Status)>,
    run_lock: Option<Held>,
}

/// Puts the run aside, stored as paused; nothing where there is none. One that a link only showed is not kept.
pub fn put_aside(lab: Lab) {
    let has_model = lab.status.with_untracked(Status::has_model);
    let is_kept = lab.entry.with_untracked(Option::is_some);
    if !has_model || !is_kept || lab.control().borrow().checkpoint.is_none() {
        return;
    }
    if lab.status.get_untracked() == Status::Running {
        lab.status.set(Status::Paused);
    }
    keep::save_run(lab, true);
    let control = lab.control();
    let mut control = control.borrow_mut();
    let before = Before {
        entry: lab.entry.get_untracked(),
        status: lab.status.get_untracked(),
        running: lab.running.get_untracked(),
        prepared: lab.prepared.get_untracked(),
        checkpoint: control.checkpoint.clone(),
        history: std::mem::take(&mut control.history),
        run_text: Rc::clone(&control.run_text),
        stored: control.stored.take(),
        run_lock: control.run_lock.take(),
    };
    control.before = Some(before);
    drop(control);
    lab.entry.set(None);
}

/// Forgets it, where it is this entry: it is opened or deleted from the list meanwhile.
pub fn forget(lab: Lab, id: &str) {
    let control = lab.control();
    let mut control = control.borrow_mut();
    let is_it = |before: &Before| before.entry.as_ref().is_some_and(|entry| entry.id == id);
    if control.before.as_ref().is_some_and(is_it) {
        control.before = None;
    }
}

/// Brings it back, paused; whether there was one. The worker gets it when something is asked of it.
pub fn bring_back(lab: Lab) -> bool {
    let control = lab.control();
    let Some(before) = control.borrow_mut().before.take() else { return false };
    {
        let mut control = control.borrow_mut();
        // The curves may be some updates ahead of the weights: the run goes on from the weights.
        let step = before.checkpoint.as_ref().map_or(0, |(step, _)| *step);
        control.checkpoint = before.checkpoint;
        control.history = before.history;
        control.history.back_to(step);
        control.run_text = before.run_text;
        control.stored = before.stored;
        control.run_lock = before.run_lock;
        control.is_loaded = false;
    }
    lab.running.set(before.running);
    lab.prepared.set(before.prepared);
    lab.entry.set(before.entry);
    lab.status.set(before.status);
    lab.frame.update(|frame| *frame = frame.wrapping_add(1));
    keep::save_soon(lab);
    true
}
