//! Training for figures: one worker a page, one run at a time, nothing before the reader asks.

use std::cell::RefCell;
use std::rc::Rc;

use super::live::{Shared, State, Watched};
use crate::app::trainer::{Bytes, Report, Trainer, WorkerState};
use crate::protocol::{Request, Response};
use crate::training::checkpoint::Checkpoint;
use crate::view::figures::job::{News, Standing};
use leptos::prelude::GetUntracked;

/// The worker, and whose turn it is.
#[derive(Default)]
struct Turn {
    trainer: Option<Trainer>,
    run: u32,
    owner: Option<Watched>,
    id: String,
    /// `V` of the text under way.
    symbols: usize,
    /// The last weights of each figure that has been stopped, to go on from.
    kept: Vec<(String, Bytes)>,
}

thread_local! {
    static TURN: RefCell<Turn> = RefCell::default();
}

/// Ends the worker.
pub fn end() {
    let trainer = TURN.with_borrow_mut(|turn| {
        *turn = Turn { run: turn.run + 1, ..Turn::default() };
        turn.trainer.take()
    });
    drop(trainer);
}

/// Forgets what a figure has trained, and stops it.
pub fn forget(id: &str) {
    TURN.with_borrow_mut(|turn| {
        turn.kept.retain(|(known, _)| known != id);
        if turn.id == id {
            turn.halt();
            turn.owner = None;
            turn.id.clear();
        }
    });
}

/// Trains a figure's job, from the beginning or from where it was stopped. Another figure that trains is stopped.
pub fn train(shared: &Shared, anew: bool) {
    let other = TURN.with_borrow(|turn| turn.owner.as_ref().and_then(std::rc::Weak::upgrade));
    if let Some(other) = other.filter(|other| !Rc::ptr_eq(other, shared)) {
        stop(&other);
    }
    let mut state = shared.borrow_mut();
    let Some(job) = state.job().cloned() else { return };
    let id = state.id().to_owned();
    let bytes = TURN.with_borrow_mut(|turn| {
        let place = turn.kept.iter().position(|(known, _)| *known == id);
        place.map(|place| turn.kept.swap_remove(place).1).filter(|_| !anew)
    });
    if bytes.is_none() {
        state.hear(News::Reset, None);
    }
    let step = if bytes.is_some() { step_of(state.standing()) } else { 0 };
    TURN.with_borrow_mut(|turn| {
        turn.halt();
        turn.owner = Some(Rc::downgrade(shared));
        turn.id = id;
        let request = Request::Start {
            run: turn.run,
            settings: Box::new(job.settings),
            text: job.text,
            paused: false,
            until: None,
            measures: job.measures,
        };
        let trainer = turn.trainer.get_or_insert_with(|| Trainer::new(hear));
        if matches!(trainer.state.get_untracked(), WorkerState::Silent | WorkerState::OtherBuild) {
            trainer.start();
        }
        trainer.send(request, bytes);
        trainer.set_working(true);
    });
    state.stand(Some(Standing::Running(step)));
}

/// Stops a figure's job; its last weights are kept.
pub fn stop(shared: &Shared) {
    let mut state = shared.borrow_mut();
    TURN.with_borrow_mut(|turn| {
        if turn.id == state.id() {
            turn.halt();
        }
    });
    if let Standing::Running(step) = *state.standing() {
        state.stand(Some(Standing::Stopped(step)));
    }
}

impl Turn {
    /// No message of the run under way is heard any more.
    fn halt(&mut self) {
        if let Some(trainer) = &self.trainer {
            trainer.set_working(false);
            trainer.send(Request::Stop { run: self.run }, None);
        }
        self.run += 1;
    }
}

fn step_of(standing: &Standing) -> u32 {
    match standing {
        Standing::Running(step)
        | Standing::Stopped(step)
        | Standing::Finished(step)
        | Standing::Diverged(step) => *step,
        Standing::Idle | Standing::Failed => 0,
    }
}

/// A report of the worker.
fn hear(report: Report) {
    let (run, owner) =
        TURN.with_borrow(|turn| (turn.run, turn.owner.as_ref().and_then(std::rc::Weak::upgrade)));
    let Some(shared) = owner else { return };
    let (response, bytes) = match report {
        Report::Response(response, bytes) => (response, bytes),
        // It goes on from the last weights, in the new worker.
        Report::Died => return train(&shared, false),
    };
    // It may be drawing now, at the reader's word; the next report comes soon.
    let Ok(mut state) = shared.try_borrow_mut() else { return };
    match response {
        Response::Prepared { run: of, prepared } if of == run => {
            TURN.with_borrow_mut(|turn| turn.symbols = prepared.vocabulary.len());
            state.hear(News::Prepared(&prepared), None);
        }
        Response::Progress { run: of, progress } if of == run => {
            state.hear(News::Progress(&progress), Some(Standing::Running(progress.step)));
        }
        Response::Snapshot { run: of, step, .. } if of == run => {
            if let Some(bytes) = bytes {
                hear_weights(&mut state, step, &bytes);
                let id = state.id().to_owned();
                TURN.with_borrow_mut(|turn| {
                    turn.kept.retain(|(known, _)| *known != id);
                    turn.kept.push((id, bytes));
                });
            }
        }
        Response::Finished { run: of, step } if of == run => {
            state.hear(News::Finished(step), Some(Standing::Finished(step)));
            TURN.with_borrow(|turn| {
                if let Some(trainer) = &turn.trainer {
                    trainer.set_working(false);
                    trainer.send(Request::Snapshot { run }, None);
                }
            });
        }
        Response::Diverged { run: of, step, tensor, good_step } if of == run => {
            // The last good weights come with it.
            if let Some(bytes) = bytes {
                hear_weights(&mut state, good_step, &bytes);
            }
            state.hear(News::Diverged(step, &tensor), Some(Standing::Diverged(step)));
        }
        Response::Refused { run: of, refusal } if of == run => {
            state.hear(News::Refused(&refusal), Some(Standing::Failed));
        }
        _ => {}
    }
}

/// Tells a figure the weights that a checkpoint holds.
fn hear_weights(state: &mut State, step: u32, bytes: &Bytes) {
    let job = state.job().cloned();
    if let (Some(job), Ok(checkpoint)) = (job, Checkpoint::from_bytes(bytes)) {
        let symbols = TURN.with_borrow(|turn| turn.symbols);
        let (settings, weights) = (&job.settings, checkpoint.weights.as_slice());
        state.hear(News::Weights { step, settings, symbols, weights }, None);
    }
}
