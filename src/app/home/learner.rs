//! The small network of the home page: it learns one line in a worker of its own, which ends when the page is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use crate::app::browser::after;
use crate::app::trainer::{Bytes, Report, Trainer, WorkerState};
use crate::engine::model::Model;
use crate::language::vocabulary::Vocabulary;
use crate::language::{Reading, SamplingRules, Unit};
use crate::protocol::{Request, Response};
use crate::training::checkpoint::Checkpoint;
use crate::training::choice::architecture;
use crate::training::initial::usual_weights;
use crate::training::settings::{
    CellChoice, ModelSettings, RunSettings, TextSettings, TextSource, TrainingSettings,
};
use crate::view::run::History;
use crate::view::unrolled::{StepBox, boxes};

/// Hidden units.
pub const UNITS: usize = 16;
/// The longest line, symbols.
pub const LONGEST: usize = 36;
/// The line stands so often in the text, so that a batch has several.
const COPIES: usize = 8;
/// One update so often, milliseconds: so that the learning can be watched.
const UPDATE_EVERY: i32 = 22;
/// What it writes is asked for after so many updates.
const WRITE_EVERY: u32 = 8;
/// Updates until it has learnt its line.
const UPDATES: u32 = 500;

/// The learner. Signals for what is shown, and the worker behind them.
#[derive(Clone, Copy)]
pub struct Learner {
    /// The line, at most [`LONGEST`] symbols.
    pub line: RwSignal<String>,
    /// A box a step.
    pub boxes: RwSignal<Vec<StepBox>>,
    /// Updates done, and the loss in nats per symbol.
    pub progress: RwSignal<(u32, Option<f64>)>,
    /// What it writes.
    pub writes: RwSignal<String>,
    /// Whether it is training.
    pub is_running: RwSignal<bool>,
    /// Whether the line can be learnt at all.
    pub is_too_short: RwSignal<bool>,
    inner: StoredValue<Rc<Inner>, LocalStorage>,
}

struct Inner {
    trainer: RefCell<Option<Trainer>>,
    run: Cell<u32>,
    history: RefCell<History>,
    vocabulary: RefCell<Vocabulary>,
    checkpoint: RefCell<Option<(u32, Bytes)>>,
    is_done: Cell<bool>,
    /// Counts presses of the button: an update that was due before one is not made after it.
    turn: Cell<u32>,
}

impl Learner {
    /// A learner of a line, not yet training.
    pub fn new(line: &str) -> Learner {
        let inner = Inner {
            trainer: RefCell::new(None),
            run: Cell::new(0),
            history: RefCell::default(),
            vocabulary: RefCell::default(),
            checkpoint: RefCell::default(),
            is_done: Cell::new(false),
            turn: Cell::new(0),
        };
        Learner {
            line: RwSignal::new(line.to_owned()),
            boxes: RwSignal::new(Vec::new()),
            progress: RwSignal::new((0, None)),
            writes: RwSignal::new(String::new()),
            is_running: RwSignal::new(false),
            is_too_short: RwSignal::new(false),
            inner: StoredValue::new_local(Rc::new(inner)),
        }
    }

    fn inner(self) -> Option<Rc<Inner>> {
        self.inner.try_get_value()
    }

    /// The settings of the run.
    pub fn settings(self) -> RunSettings {
        RunSettings {
            text: TextSettings {
                source: TextSource::Own(String::new()),
                unit: Unit::Character,
                reading: Reading::Lines,
                vocabulary_limit: None,
            },
            model: ModelSettings {
                cell: CellChoice::Preset("lstm".into()),
                layers: 1,
                hidden: UNITS,
                ..ModelSettings::default()
            },
            training: TrainingSettings {
                learning_rate: 0.01,
                clip: Some(5.0),
                window: LONGEST + 1,
                batch: 1,
                steps: UPDATES,
                seed: 7,
                ..TrainingSettings::default()
            },
            changes: Vec::new(),
        }
    }

    /// The text of the run.
    pub fn text(self) -> String {
        format!("{}\n", self.line.get_untracked()).repeat(COPIES)
    }

    /// Updates that the last weights seen have had.
    pub fn step(self) -> u32 {
        let Some(inner) = self.inner() else { return 0 };
        let checkpoint = inner.checkpoint.borrow();
        checkpoint.as_ref().map_or(0, |(step, _)| *step)
    }

    /// Begins to learn the line from the start. The boxes are there at once, with the start weights.
    pub fn begin(self) {
        let Some(inner) = self.inner() else { return };
        let text = self.text();
        let rules = crate::language::corpus::ReadingRules {
            unit: Unit::Character,
            reading: Reading::Lines,
            vocabulary_limit: None,
        };
        let Ok(corpus) = crate::language::corpus::read(&text, &rules, None) else {
            self.is_too_short.set(true);
            self.is_running.set(false);
            self.send(Request::Stop { run: inner.run.get() }, &inner);
            return;
        };
        self.is_too_short.set(false);
        *inner.vocabulary.borrow_mut() = corpus.vocabulary;
        *inner.history.borrow_mut() = History::default();
        *inner.checkpoint.borrow_mut() = None;
        inner.is_done.set(false);
        self.progress.set((0, None));
        self.writes.set(String::new());
        self.show_start();
        if inner.run.get() > 0 {
            self.send(Request::Stop { run: inner.run.get() }, &inner);
        }
        inner.run.set(inner.run.get() + 1);
        self.is_running.set(true);
        self.start(&inner, None);
    }

    /// Stops or goes on.
    pub fn toggle(self) {
        let Some(inner) = self.inner() else { return };
        let run = inner.run.get();
        let is_running = !self.is_running.get_untracked();
        if is_running && inner.is_done.get() {
            return self.begin();
        }
        self.is_running.set(is_running);
        inner.turn.set(inner.turn.get().wrapping_add(1));
        self.follow(&inner);
        if is_running {
            self.send(Request::StepOnce { run }, &inner);
        }
    }

    fn start(self, inner: &Rc<Inner>, bytes: Option<Bytes>) {
        if inner.trainer.borrow().is_none() {
            *inner.trainer.borrow_mut() = Some(Trainer::new(move |report| self.hear(report)));
        }
        let request = Request::Start {
            run: inner.run.get(),
            settings: Box::new(self.settings()),
            text: self.text(),
            // One update at a time, at the page's pace.
            paused: true,
            until: None,
            measures: true,
        };
        if let Some(trainer) = &*inner.trainer.borrow() {
            trainer.send(request, bytes);
        }
    }

    fn send(self, request: Request, inner: &Rc<Inner>) {
        if let Some(trainer) = &*inner.trainer.borrow() {
            trainer.send(request, None);
        }
    }

    fn follow(self, inner: &Rc<Inner>) {
        if let Some(trainer) = &*inner.trainer.borrow() {
            trainer.set_working(self.is_running.get_untracked());
        }
    }

    /// How the worker is, for a sentence when it does not answer.
    pub fn worker(self) -> Option<ArcRwSignal<WorkerState>> {
        self.inner()?.trainer.borrow().as_ref().map(|trainer| trainer.state.clone())
    }

    fn hear(self, report: Report) {
        let Some(inner) = self.inner() else { return };
        let run = inner.run.get();
        match report {
            Report::Died => {
                let bytes = inner.checkpoint.borrow().clone().map(|(_, bytes)| bytes);
                inner.run.set(run + 1);
                self.start(&inner, bytes);
            }
            Report::Response(Response::Prepared { run: of, .. }, _) if of == run => self.follow(&inner),
            Report::Response(Response::Progress { run: of, progress }, _) if of == run => {
                inner.history.borrow_mut().absorb(progress);
            }
            Report::Response(Response::Snapshot { run: of, step, .. }, Some(bytes)) if of == run => {
                self.show(&inner, &bytes);
                *inner.checkpoint.borrow_mut() = Some((step, bytes));
            }
            Report::Response(Response::Sampled { run: of, text, .. }, _) if of == run => {
                drop(self.writes.try_set(text))
            }
            // Paused: the run has begun, and waits for its first update.
            Report::Response(
                Response::Paused { run: of, step }
                | Response::Stepped { run: of, step }
                | Response::Finished { run: of, step },
                _,
            ) if of == run => self.after_update(&inner, step),
            _ => {}
        }
    }

    /// An update is done: shows the numbers, and asks for the next one in a moment.
    fn after_update(self, inner: &Rc<Inner>, step: u32) {
        let loss = inner.history.borrow().loss();
        self.progress.try_set((step, loss));
        let run = inner.run.get();
        let is_done = step >= UPDATES;
        if step > 0 && (step.is_multiple_of(WRITE_EVERY) || is_done) {
            let rules = SamplingRules { greedy: true, ..SamplingRules::default() };
            self.send(Request::Sample { run, prompt: String::new(), length: LONGEST, rules, seed: 1 }, inner);
        }
        if is_done {
            inner.is_done.set(true);
            self.is_running.try_set(false);
            self.follow(inner);
        } else if self.is_running.try_get_untracked() == Some(true) {
            let turn = inner.turn.get();
            after(UPDATE_EVERY, move || {
                if let Some(inner) = self.inner()
                    && (inner.run.get(), inner.turn.get()) == (run, turn)
                    && self.is_running.try_get_untracked() == Some(true)
                {
                    self.send(Request::StepOnce { run }, &inner);
                }
            });
        }
    }

    /// Runs the line through weights from the trainer.
    fn show(self, inner: &Rc<Inner>, bytes: &Bytes) {
        let Ok(checkpoint) = Checkpoint::from_bytes(bytes) else { return };
        self.run_line(inner, &checkpoint.weights);
    }

    /// Runs the line through the start weights.
    fn show_start(self) {
        let Some(inner) = self.inner() else { return };
        let settings = self.settings();
        let Ok(architecture) = architecture(&settings.model, inner.vocabulary.borrow().len()) else { return };
        let weights: Vec<f32> = usual_weights(&architecture, &settings.model.cell, settings.training.seed);
        self.run_line(&inner, &weights);
    }

    fn run_line(self, inner: &Rc<Inner>, weights: &[f32]) {
        let settings = self.settings();
        let vocabulary = inner.vocabulary.borrow();
        let Ok(architecture) = architecture(&settings.model, vocabulary.len()) else { return };
        if weights.len() != architecture.layout().len {
            return;
        }
        let model = Model::from_flat(&architecture, weights).convert::<f64>();
        let line = self.line.get_untracked();
        let symbols: Vec<&str> = line.graphemes(true).collect();
        if let Some(steps) = boxes(&model, &vocabulary, &symbols) {
            self.boxes.try_set(steps);
        }
    }
}
