//! The figures' own program in a worker: it trains what the book's figures ask for besides runs of the Lab.
//!
//! The trainer stays small without these runs, and the figures have everything for them already.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::message;
use super::pace::{Ticker, now};
use crate::protocol::study::{Ask, Told};
use crate::training::study::{Study, StudyRun};

/// A slice of training, milliseconds.
const SLICE: f64 = 12.0;
/// The page hears of progress so often, milliseconds: it draws what it hears.
const TELL_EVERY: f64 = 80.0;
/// Runs that are kept, to be gone on with; the oldest is forgotten first.
const MOST_KEPT: usize = 4;

/// Starts serving if this is a worker; says whether it is.
pub fn start() -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return false };
    console_error_panic_hook::set_once();
    let server =
        Rc::new(RefCell::new(Server { scope: scope.clone(), kept: Vec::new(), playing: None, told: 0.0 }));
    let ticker = Ticker::new({
        let server = Rc::clone(&server);
        move |ticker: &Ticker| {
            if server.borrow_mut().slice() {
                ticker.again();
            }
        }
    });
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(ask) = message::read_message::<Ask>(&event.data()) {
            server.borrow_mut().serve(ask);
            ticker.again();
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page wants it to.
    on_message.forget();
    message::post(&scope, &Told::Ready, None);
    true
}

/// The runs; the one that is playing stands last.
struct Server {
    scope: DedicatedWorkerGlobalScope,
    kept: Vec<(Study, StudyRun)>,
    /// The page's number of the run under way.
    playing: Option<u32>,
    told: f64,
}

impl Server {
    fn serve(&mut self, ask: Ask) {
        match ask {
            Ask::Pause => self.pause(),
            Ask::Train { number, study, from } => {
                self.pause();
                let place = self.kept.iter().position(|(known, _)| *known == *study);
                let known = place
                    .map(|place| self.kept.remove(place))
                    .filter(|(_, run)| from > 0 && run.step() == from);
                let run = match known {
                    Some((_, run)) => run,
                    None => match StudyRun::new(&study) {
                        Ok(run) => run,
                        Err(refusal) => return self.post(&Told::Refused { number, refusal }),
                    },
                };
                self.post(&Told::Begun { number, step: run.step() });
                if self.kept.len() >= MOST_KEPT {
                    self.kept.remove(0);
                }
                self.kept.push((*study, run));
                self.playing = Some(number);
            }
        }
    }

    fn pause(&mut self) {
        if self.playing.is_some() {
            self.tell();
            self.playing = None;
        }
    }

    /// Trains for a moment. Returns whether there is more to do.
    fn slice(&mut self) -> bool {
        let (Some(number), Some((study, run))) = (self.playing, self.kept.last_mut()) else { return false };
        let begin = now();
        let result = run.slice(|| now() - begin >= SLICE);
        let step = run.step();
        let is_moment = study.is_moment(step);
        let is_over = !matches!(result, Ok(true));
        if is_over || is_moment || now() - self.told >= TELL_EVERY {
            self.tell();
        }
        if is_over {
            self.playing = None;
            let told = match result {
                Ok(_) => Told::Finished { number, step },
                Err(_) => Told::Diverged { number, step },
            };
            self.post(&told);
        }
        !is_over
    }

    /// Sends what is new, with the weights.
    fn tell(&mut self) {
        self.told = now();
        let (Some(number), Some((_, run))) = (self.playing, self.kept.last_mut()) else { return };
        let told = Told::Progress { number, progress: run.progress() };
        let weights = js_sys::Float32Array::from(run.weights()).buffer();
        message::post(&self.scope, &told, Some(weights));
    }

    fn post(&self, told: &Told) {
        message::post(&self.scope, told, None);
    }
}
