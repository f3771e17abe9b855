//! The runs of a comparison, one after the other, in a worker of its own.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::app::browser::now;
use crate::app::lab::LabState;
use crate::app::trainer::{Report, Trainer};
use crate::protocol::{Refusal, Request, Response};
use crate::training::settings::{CellChoice, RunSettings};
use crate::view::comparison::settings;
use crate::view::run::History;

/// Curves are drawn at most this often, milliseconds.
const DRAW_EVERY: f64 = 160.0;

/// How far a run is.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Its turn comes.
    Waiting,
    /// Under way.
    Running,
    /// All updates are done.
    Done,
    /// A number stopped being finite, at this update.
    Diverged(u32),
    /// It could not begin.
    Refused(Refusal),
    /// Stopped by the reader, or its worker died.
    Stopped,
}

/// One cell of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What it is called.
    pub name: String,
    /// The cell.
    pub cell: CellChoice,
    /// How far it is.
    pub standing: Standing,
    /// Its losses.
    pub history: History,
    /// Trainable numbers, once known.
    pub parameters: Option<usize>,
    /// Symbols of the vocabulary, once known.
    pub symbols: Option<usize>,
}

struct Inner {
    trainer: Option<Trainer>,
    /// The number of the run under way; others' messages are late.
    number: u32,
    active: Option<usize>,
    lab: RunSettings,
    text: Rc<str>,
    steps: u32,
    drawn: f64,
    runs: Vec<Run>,
}

/// The comparison.
#[derive(Clone, Copy)]
pub struct Runs {
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    /// The runs as they were last drawn.
    pub shown: RwSignal<Vec<Run>>,
    /// Updates that each is to take.
    pub planned: RwSignal<u32>,
    /// The seed that they start from.
    pub seed: RwSignal<u64>,
    /// Whether one is under way.
    pub is_running: RwSignal<bool>,
}

impl Runs {
    /// None yet.
    pub fn new() -> Runs {
        let inner = Inner {
            trainer: None,
            number: 0,
            active: None,
            lab: RunSettings::default(),
            text: Rc::from(""),
            steps: 0,
            drawn: 0.0,
            runs: Vec::new(),
        };
        Runs {
            inner: StoredValue::new_local(Rc::new(RefCell::new(inner))),
            shown: RwSignal::new(Vec::new()),
            planned: RwSignal::new(0),
            seed: RwSignal::new(0),
            is_running: RwSignal::new(false),
        }
    }

    /// Trains each of these cells on the Lab's text.
    pub fn begin(self, lab: LabState, cells: Vec<(String, CellChoice)>, steps: u32, seed: u64) {
        self.stop();
        let Some(inner) = self.inner.try_get_value() else { return };
        {
            let mut inner = inner.borrow_mut();
            inner.lab = lab.settings.get_untracked();
            inner.lab.training.seed = seed;
            inner.text = lab.text();
            inner.steps = steps;
            inner.runs = cells
                .into_iter()
                .map(|(name, cell)| Run {
                    name,
                    cell,
                    standing: Standing::Waiting,
                    history: History::default(),
                    parameters: None,
                    symbols: None,
                })
                .collect();
        }
        self.planned.set(steps);
        self.seed.set(seed);
        self.is_running.set(true);
        self.next();
    }

    /// Ends what is under way; what was measured stays.
    pub fn stop(self) {
        let Some(inner) = self.inner.try_get_value() else { return };
        {
            let mut inner = inner.borrow_mut();
            if let Some(trainer) = &inner.trainer {
                trainer.set_working(false);
                trainer.send(Request::Stop { run: inner.number }, None);
            }
            inner.number += 1;
            inner.active = None;
            for run in &mut inner.runs {
                if matches!(run.standing, Standing::Running | Standing::Waiting) {
                    run.standing = Standing::Stopped;
                }
            }
        }
        self.is_running.set(false);
        self.draw();
    }

    /// Ends the worker.
    pub fn end(self) {
        if let Some(inner) = self.inner.try_get_value() {
            let trainer = inner.borrow_mut().trainer.take();
            drop(trainer);
        }
    }

    /// The first one that waits begins.
    fn next(self) {
        let Some(inner) = self.inner.try_get_value() else { return };
        let request = {
            let mut inner = inner.borrow_mut();
            inner.number += 1;
            inner.active = inner.runs.iter().position(|run| run.standing == Standing::Waiting);
            let active = inner.active;
            active.and_then(|place| {
                let (number, steps, text) = (inner.number, inner.steps, inner.text.to_string());
                let lab = inner.lab.clone();
                let run = inner.runs.get_mut(place)?;
                run.standing = Standing::Running;
                let settings = Box::new(settings(&lab, run.cell.clone(), steps));
                Some(Request::Start {
                    run: number,
                    settings,
                    text,
                    paused: false,
                    until: None,
                    measures: true,
                })
            })
        };
        match request {
            Some(request) => {
                let mut inner = inner.borrow_mut();
                let trainer =
                    inner.trainer.get_or_insert_with(|| Trainer::new(move |report| self.hear(report)));
                trainer.send(request, None);
                trainer.set_working(true);
            }
            None => {
                if let Some(trainer) = &inner.borrow().trainer {
                    trainer.set_working(false);
                }
                self.is_running.try_set(false);
            }
        }
        self.draw();
    }

    fn hear(self, report: Report) {
        let Some(inner) = self.inner.try_get_value() else { return };
        let response = match report {
            Report::Response(response, _) => response,
            Report::Died => return self.stop(),
        };
        let is_over = {
            let inner = &mut *inner.borrow_mut();
            let number = inner.number;
            let Some(run) = inner.active.and_then(|place| inner.runs.get_mut(place)) else { return };
            match response {
                Response::Prepared { run: of, prepared } if of == number => {
                    run.parameters = Some(prepared.parameters);
                    run.symbols = Some(prepared.vocabulary.len());
                    false
                }
                Response::Progress { run: of, progress } if of == number => {
                    run.history.absorb(progress);
                    false
                }
                Response::Finished { run: of, .. } if of == number => {
                    run.standing = Standing::Done;
                    true
                }
                Response::Diverged { run: of, step, .. } if of == number => {
                    run.standing = Standing::Diverged(step);
                    true
                }
                Response::Refused { run: of, refusal, .. } if of == number => {
                    run.standing = Standing::Refused(refusal);
                    true
                }
                _ => return,
            }
        };
        if is_over {
            self.next();
        } else if now() - inner.borrow().drawn > DRAW_EVERY {
            self.draw();
        }
    }

    fn draw(self) {
        let Some(inner) = self.inner.try_get_value() else { return };
        let runs = {
            let mut inner = inner.borrow_mut();
            inner.drawn = now();
            inner.runs.clone()
        };
        self.shown.try_set(runs);
    }
}
