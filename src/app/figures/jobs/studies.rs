//! Runs that are none of the Lab's, in the figures' own program in a worker.

use std::cell::RefCell;

use js_sys::{Float32Array, Reflect};
use wasm_bindgen::JsValue;

use super::super::state::State;
use super::each_of;
use crate::app::browser::new_figures_helper;
use crate::app::port::Port;
use crate::protocol::study::{Ask, Told};
use crate::training::study::{Study, StudyProgress};
use crate::view::figures::job::{News, Standing, Wanted};
use crate::worker::message::read_message;

/// Runs that are remembered; the oldest is forgotten first.
const MOST_KNOWN: usize = 8;

/// The worker, and what it has done.
#[derive(Default)]
struct Turn {
    port: Option<Port>,
    is_ready: bool,
    /// What waits for the worker to be ready.
    waiting: Option<Ask>,
    /// The number of the run under way.
    number: u32,
    study: Option<Study>,
    /// Whether the worker has died over the run under way.
    has_died: bool,
    known: Vec<Known>,
}

/// What is known of a run.
struct Known {
    study: Study,
    /// Its number with the worker; 0: it was never asked for.
    number: u32,
    standing: Standing,
    told: Vec<StudyProgress>,
    /// The weights at the moments worth keeping, and the last ones.
    weights: Vec<(u32, Vec<f32>)>,
}

thread_local! {
    static TURN: RefCell<Turn> = RefCell::default();
}

/// Ends the worker.
pub fn end() {
    let port = TURN.with_borrow_mut(|turn| {
        let port = turn.port.take();
        *turn = Turn { number: turn.number + 1, ..Turn::default() };
        port
    });
    drop(port);
}

fn each(study: &Study, tell: impl FnMut(&mut State)) {
    each_of(|wanted| matches!(wanted, Wanted::Study(known) if **known == *study), tell);
}

/// A figure asks for a run from now on: it hears what is known of it.
pub fn catch_up(study: &Study, mut hear: impl FnMut(News)) -> Standing {
    TURN.with_borrow(|turn| {
        let Some(known) = turn.known.iter().find(|known| known.study == *study) else {
            return Standing::Idle;
        };
        known.told.iter().for_each(|progress| hear(News::Study(progress)));
        known.weights.iter().for_each(|(step, weights)| hear(News::StudyWeights(*step, weights)));
        known.standing.clone()
    })
}

/// A figure asks for a run no longer: it is stopped if no other one does.
pub fn leave(study: &Study) {
    let mut is_wanted = false;
    each(study, |_| is_wanted = true);
    if !is_wanted {
        stop(study);
    }
}

/// Forgets a run, and stops it.
pub fn forget(study: &Study) {
    stop(study);
    TURN.with_borrow_mut(|turn| turn.known.retain(|known| known.study != *study));
    each(study, |state| state.hear(News::Reset, Some(Standing::Idle)));
}

/// Trains a run, from the beginning or from where it was stopped. Another run is stopped.
pub fn begin(study: Study, anew: bool) {
    super::halt();
    let step = TURN.with_borrow_mut(|turn| {
        if anew {
            turn.known.retain(|known| known.study != study);
        }
        turn.has_died = false;
        let known = turn.known_of(&study);
        let step = known.told.last().map_or(0, StudyProgress::step);
        known.standing = Standing::Running(step);
        step
    });
    ask(study, step);
}

fn ask(study: Study, from: u32) {
    let is_there = TURN.with_borrow_mut(|turn| {
        turn.number += 1;
        turn.study = Some(study.clone());
        let number = turn.number;
        turn.known_of(&study).number = number;
        turn.send(Ask::Train { number, study: Box::new(study.clone()), from })
    });
    let standing = if is_there { Standing::Running(from) } else { Standing::Failed };
    stands(&study, &standing);
    each(&study, |state| state.stand(Some(standing.clone())));
}

/// Stops a run; what it has learnt is kept.
pub fn stop(study: &Study) {
    if TURN.with_borrow(|turn| turn.study.as_ref() == Some(study)) {
        halt();
    }
}

/// Stops the run under way. Its last word, what it did before it heard of this, is still heard.
pub fn halt() {
    let stopped = TURN.with_borrow_mut(|turn| {
        let study = turn.study.take()?;
        turn.send(Ask::Pause);
        let known = turn.known_of(&study);
        let Standing::Running(step) = known.standing else { return None };
        known.standing = Standing::Stopped(step);
        Some((study, step))
    });
    if let Some((study, step)) = stopped {
        each(&study, |state| state.stand(Some(Standing::Stopped(step))));
    }
}

fn stands(study: &Study, standing: &Standing) {
    TURN.with_borrow_mut(|turn| turn.known_of(study).standing = standing.clone());
}

impl Turn {
    /// Sends a request, now or as soon as the worker is ready. Says whether there is a worker.
    fn send(&mut self, ask: Ask) -> bool {
        if self.port.is_none() {
            if matches!(ask, Ask::Pause) {
                return true;
            }
            let Ok(worker) = new_figures_helper() else { return false };
            self.port = Some(Port::new(worker, hear, died));
            self.is_ready = false;
        }
        match &self.port {
            Some(port) if self.is_ready => port.post(&ask, None),
            _ => self.waiting = Some(ask),
        }
        true
    }

    fn known_of(&mut self, study: &Study) -> &mut Known {
        let place = self.known.iter().position(|known| known.study == *study).unwrap_or_else(|| {
            if self.known.len() >= MOST_KNOWN {
                self.known.remove(0);
            }
            self.known.push(Known {
                study: study.clone(),
                number: 0,
                standing: Standing::Idle,
                told: Vec::new(),
                weights: Vec::new(),
            });
            self.known.len() - 1
        });
        &mut self.known[place]
    }
}

/// A message of the worker.
fn hear(data: &JsValue) {
    let Some(told) = read_message::<Told>(data) else { return };
    if let Told::Ready = told {
        TURN.with_borrow_mut(|turn| {
            turn.is_ready = true;
            if let (Some(port), Some(ask)) = (&turn.port, turn.waiting.take()) {
                port.post(&ask, None);
            }
        });
        return;
    }
    match told {
        Told::Begun { number, step: 0 } => {
            let study = TURN.with_borrow_mut(|turn| {
                let known = turn.known.iter_mut().find(|known| known.number == number)?;
                known.told.clear();
                known.weights.clear();
                Some(known.study.clone())
            });
            if let Some(study) = study {
                each(&study, |state| state.hear(News::Reset, None));
            }
        }
        Told::Progress { number, progress } => {
            let weights = Reflect::get(data, &"bytes".into()).unwrap_or_default();
            tell(number, progress, Float32Array::new(&weights).to_vec());
        }
        Told::Finished { number, step } => finish(number, Standing::Finished(step)),
        Told::Diverged { number, step } => finish(number, Standing::Diverged(step)),
        Told::Refused { number, .. } => finish(number, Standing::Failed),
        Told::Begun { .. } | Told::Ready => {}
    }
}

/// Some updates later. The last word of a run that was just stopped counts as well.
fn tell(number: u32, progress: StudyProgress, weights: Vec<f32>) {
    let step = progress.step();
    let heard = TURN.with_borrow_mut(|turn| {
        let is_running = turn.study.is_some() && turn.number == number;
        let known = turn.known.iter_mut().find(|known| known.number == number)?;
        known.standing = if is_running { Standing::Running(step) } else { Standing::Stopped(step) };
        known.told.push(progress.clone());
        let study = &known.study;
        known.weights.retain(|(step, _)| study.is_moment(*step));
        known.weights.push((step, weights.clone()));
        Some((known.study.clone(), known.standing.clone()))
    });
    let Some((study, standing)) = heard else { return };
    each(&study, |state| {
        state.hear_quietly(News::Study(&progress));
        state.hear(News::StudyWeights(step, &weights), Some(standing.clone()));
    });
}

/// The run under way is over.
fn finish(number: u32, standing: Standing) {
    let study = TURN.with_borrow_mut(|turn| if turn.number == number { turn.study.take() } else { None });
    if let Some(study) = study {
        stands(&study, &standing);
        each(&study, |state| state.stand(Some(standing.clone())));
    }
}

/// The worker died: the run begins again in a new one, once.
fn died() {
    let again = TURN.with_borrow_mut(|turn| {
        turn.port = None;
        (turn.is_ready, turn.waiting) = (false, None);
        let has_died = std::mem::replace(&mut turn.has_died, true);
        turn.study.take().map(|study| (study, has_died))
    });
    match again {
        Some((study, false)) => ask(study, 0),
        Some((study, true)) => {
            stands(&study, &Standing::Failed);
            each(&study, |state| state.stand(Some(Standing::Failed)));
        }
        None => {}
    }
}
