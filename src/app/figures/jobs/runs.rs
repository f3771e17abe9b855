//! Runs of the Lab's kind for figures, in the trainer.

use std::cell::RefCell;

use super::super::state::State;
use super::each_of;
use crate::app::trainer::{Bytes, Report, Trainer};
use crate::protocol::{Request, Response};
use crate::training::checkpoint::Checkpoint;
use crate::training::report::{Prepared, Progress};
use crate::view::figures::job::{Job, News, Standing, Wanted};

/// Runs that are remembered; the oldest is forgotten first.
const MOST_KNOWN: usize = 8;

/// The worker, and what it has done.
#[derive(Default)]
struct Turn {
    trainer: Option<Trainer>,
    run: u32,
    /// The run under way.
    job: Option<Job>,
    known: Vec<Known>,
}

/// What is known of a run.
struct Known {
    job: Job,
    /// What is known of its text.
    prepared: Option<Prepared>,
    standing: Standing,
    told: Vec<Progress>,
    /// Update and tensor that ended it.
    diverged: Option<(u32, String)>,
    /// The last weights, to draw with and to go on from.
    weights: Option<(u32, Bytes)>,
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

fn each(job: &Job, tell: impl FnMut(&mut State)) {
    each_of(|wanted| matches!(wanted, Wanted::Run(known) if **known == *job), tell);
}

/// A figure asks for a run from now on: it hears what is known of it.
pub fn catch_up(job: &Job, mut hear: impl FnMut(News)) -> Standing {
    TURN.with_borrow(|turn| {
        let Some(known) = turn.known.iter().find(|known| known.job == *job) else { return Standing::Idle };
        known.prepared.iter().for_each(|prepared| hear(News::Prepared(prepared)));
        known.told.iter().for_each(|progress| hear(News::Progress(progress)));
        known.tell_weights(&mut hear);
        known.diverged.iter().for_each(|(step, tensor)| hear(News::Diverged(*step, tensor)));
        known.standing.clone()
    })
}

/// A figure asks for a run no longer: it is stopped if no other one does.
pub fn leave(job: &Job) {
    let mut is_wanted = false;
    each(job, |_| is_wanted = true);
    if !is_wanted && TURN.with_borrow(|turn| turn.job.as_ref() == Some(job)) {
        halt();
    }
}

/// Forgets a run, and stops it.
pub fn forget(job: &Job) {
    TURN.with_borrow_mut(|turn| {
        turn.known.retain(|known| known.job != *job);
        if turn.job.as_ref() == Some(job) {
            turn.silence();
            turn.job = None;
        }
    });
    each(job, |state| state.hear(News::Reset, Some(Standing::Idle)));
}

/// Trains a job, from the beginning or from where it was stopped. Another run is stopped.
pub fn begin(job: Job, anew: bool) {
    super::halt();
    let (step, bytes) = TURN.with_borrow_mut(|turn| {
        if anew {
            turn.known.retain(|known| known.job != job);
        }
        turn.job = Some(job.clone());
        let known = turn.known_of(&job);
        let (step, bytes) = known.weights.clone().map_or((0, None), |(step, bytes)| (step, Some(bytes)));
        known.told.retain(|progress| progress.step <= step);
        known.diverged = None;
        known.standing = Standing::Running(step);
        (step, bytes)
    });
    if bytes.is_none() {
        each(&job, |state| state.hear(News::Reset, None));
    }
    TURN.with_borrow_mut(|turn| {
        let request = Request::Start {
            run: turn.run,
            settings: Box::new(job.settings.clone()),
            text: job.text.clone(),
            paused: false,
            until: None,
            measures: job.measures,
        };
        let trainer = turn.trainer.get_or_insert_with(|| Trainer::new(hear));
        trainer.send(request, bytes);
        trainer.set_working(true);
    });
    each(&job, |state| state.stand(Some(Standing::Running(step))));
}

/// Stops a job; its last weights are kept.
pub fn stop(job: &Job) {
    if TURN.with_borrow(|turn| turn.job.as_ref() == Some(job)) {
        halt();
    }
}

/// Stops the run under way.
pub fn halt() {
    let stopped = TURN.with_borrow_mut(|turn| {
        turn.silence();
        let job = turn.job.take()?;
        let known = turn.known_of(&job);
        let Standing::Running(step) = known.standing else { return None };
        known.standing = Standing::Stopped(step);
        Some((job, step))
    });
    if let Some((job, step)) = stopped {
        each(&job, |state| state.stand(Some(Standing::Stopped(step))));
    }
}

impl Known {
    fn tell_weights(&self, mut hear: impl FnMut(News)) {
        let Some((step, bytes)) = &self.weights else { return };
        if let Ok(checkpoint) = Checkpoint::from_bytes(bytes) {
            let (settings, weights) = (&self.job.settings, checkpoint.weights.as_slice());
            let symbols = self.prepared.as_ref().map_or(0, |prepared| prepared.vocabulary.len());
            hear(News::Weights { step: *step, settings, symbols, weights });
        }
    }
}

impl Turn {
    /// No message of the run under way is heard any more.
    fn silence(&mut self) {
        if let Some(trainer) = &self.trainer {
            trainer.set_working(false);
            trainer.send(Request::Stop { run: self.run }, None);
        }
        self.run += 1;
    }

    fn known_of(&mut self, job: &Job) -> &mut Known {
        let place = self.known.iter().position(|known| known.job == *job).unwrap_or_else(|| {
            if self.known.len() >= MOST_KNOWN {
                self.known.remove(0);
            }
            self.known.push(Known {
                job: job.clone(),
                prepared: None,
                standing: Standing::Idle,
                told: Vec::new(),
                diverged: None,
                weights: None,
            });
            self.known.len() - 1
        });
        &mut self.known[place]
    }
}

/// A report of the worker.
fn hear(report: Report) {
    let (run, job) = TURN.with_borrow(|turn| (turn.run, turn.job.clone()));
    let Some(job) = job else { return };
    let (response, bytes) = match report {
        Report::Response(response, bytes) => (response, bytes),
        // It goes on from the last weights, in the new worker.
        Report::Died => return begin(job, false),
    };
    let stands = |standing: &Standing| {
        TURN.with_borrow_mut(|turn| turn.known_of(&job).standing = standing.clone());
    };
    match response {
        Response::Prepared { run: of, prepared } if of == run => {
            each(&job, |state| state.hear(News::Prepared(&prepared), None));
            TURN.with_borrow_mut(|turn| turn.known_of(&job).prepared = Some(prepared));
        }
        Response::Progress { run: of, progress } if of == run => {
            let standing = Standing::Running(progress.step);
            stands(&standing);
            each(&job, |state| state.hear(News::Progress(&progress), Some(standing.clone())));
            TURN.with_borrow_mut(|turn| turn.known_of(&job).told.push(progress));
        }
        Response::Snapshot { run: of, step, asked } if of == run => {
            if let Some(bytes) = bytes {
                keep_weights(&job, step, bytes);
            }
            let is_finished =
                TURN.with_borrow_mut(|turn| matches!(turn.known_of(&job).standing, Standing::Finished(_)));
            // Asked for at the end, it is the last word of a run.
            if asked && is_finished {
                super::go_on(|wanted| matches!(wanted, Wanted::Run(known) if **known == job));
            }
        }
        Response::Finished { run: of, step } if of == run => {
            let standing = Standing::Finished(step);
            stands(&standing);
            each(&job, |state| state.hear(News::Finished(step), Some(standing.clone())));
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
                keep_weights(&job, good_step, bytes);
            }
            let standing = Standing::Diverged(step);
            stands(&standing);
            TURN.with_borrow_mut(|turn| turn.known_of(&job).diverged = Some((step, tensor.clone())));
            each(&job, |state| state.hear(News::Diverged(step, &tensor), Some(standing.clone())));
        }
        Response::Refused { run: of, refusal, .. } if of == run => {
            stands(&Standing::Failed);
            each(&job, |state| state.hear(News::Refused(&refusal), Some(Standing::Failed)));
        }
        _ => {}
    }
}

/// Keeps the weights that a checkpoint holds, and tells them to the figures of their job.
fn keep_weights(job: &Job, step: u32, bytes: Bytes) {
    TURN.with_borrow_mut(|turn| turn.known_of(job).weights = Some((step, bytes)));
    each(job, |state| {
        TURN.with_borrow(|turn| {
            if let Some(known) = turn.known.iter().find(|known| known.job == *job) {
                known.tell_weights(|news| state.hear(news, None));
            }
        });
    });
}
