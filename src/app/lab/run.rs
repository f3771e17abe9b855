//! Starting and stopping a run, and what is asked of it.

use std::rc::Rc;

use leptos::prelude::*;

use super::progress::asks_for_another;
use super::state::{Lab, Notice, Status};
use super::{before, keep, texts};
use crate::app::browser::{after, now};
use crate::app::trainer::{Bytes, Trainer};
use crate::language::SamplingRules;
use crate::protocol::Request;
use crate::training::settings::{Changed, RunSettings};
use crate::view::controls::reaches;
use crate::view::run::{History, gentler};

/// Curves are drawn at most this often, milliseconds: numbers that change faster cannot be read.
const DRAW_EVERY: f64 = 110.0;

impl Lab {
    /// Starts a run with the settings in the controls.
    pub fn train(self) {
        // A press may follow a key at once: what is in the box counts.
        texts::read_now(self);
        keep::may_store(self);
        self.begin(self.settings.get_untracked(), self.text(), None, None);
        keep::enter_run(self);
    }

    /// Starts a run that pauses at a step: what a link asks for.
    pub fn train_until(self, step: u32) {
        self.begin(self.settings.get_untracked(), self.text(), None, Some(step));
    }

    /// Begins a run, from a checkpoint if there is one.
    fn begin(
        self,
        settings: RunSettings,
        text: Rc<str>,
        checkpoint: Option<(u32, Bytes)>,
        until: Option<u32>,
    ) {
        before::put_aside(self);
        keep::leave_run(self);
        self.refusal.set(None);
        self.notice.set(None);
        self.prepared.set(None);
        self.running.set(Some(settings.clone()));
        self.status.set(Status::Preparing);
        {
            let control = self.control();
            let mut control = control.borrow_mut();
            control.history = History::default();
            control.checkpoint = checkpoint.clone();
            control.run_text = Rc::clone(&text);
        }
        self.frame.update(|frame| *frame = frame.wrapping_add(1));
        self.load(&settings, &text, checkpoint.map(|(_, bytes)| bytes), false, until);
    }

    /// Takes the run out of the worker: what it still says of it is late.
    pub(super) fn unload(self) {
        let old = {
            let control = self.control();
            let mut control = control.borrow_mut();
            let old = std::mem::take(&mut control.is_loaded).then_some(control.run);
            control.run += 1;
            old
        };
        if let Some(run) = old {
            self.send(Request::Stop { run }, None);
        }
    }

    /// Hands a run to the worker under a new number.
    pub(super) fn load(
        self,
        settings: &RunSettings,
        text: &Rc<str>,
        bytes: Option<Bytes>,
        paused: bool,
        until: Option<u32>,
    ) {
        self.unload();
        let run = {
            let control = self.control();
            let mut control = control.borrow_mut();
            control.is_loaded = true;
            control.silent_pauses = u32::from(paused);
            control.run
        };
        let request = Request::Start {
            run,
            settings: Box::new(settings.clone().without_text()),
            text: text.to_string(),
            paused,
            until,
            measures: true,
        };
        self.send(request, bytes);
    }

    /// Sends a request; the trainer is made with the first one.
    pub(super) fn send(self, request: Request, bytes: Option<Bytes>) {
        let control = self.control();
        if control.borrow().trainer.is_none() {
            let trainer = Trainer::new(move |report| self.hear(report));
            control.borrow_mut().trainer = Some(trainer);
            self.has_trainer.set(true);
        }
        if let Some(trainer) = &control.borrow().trainer {
            trainer.send(request, bytes);
        }
    }

    /// Sends a request about the run; a run that only storage holds is loaded first.
    fn ask(self, request: impl FnOnce(u32) -> Request) {
        let is_loaded = self.control().borrow().is_loaded;
        if !is_loaded && let Some(settings) = self.running.get_untracked() {
            let (text, bytes) = {
                let control = self.control();
                let control = control.borrow();
                (Rc::clone(&control.run_text), control.checkpoint.clone().map(|(_, bytes)| bytes))
            };
            self.load(&settings, &text, bytes, true, None);
        }
        let run = self.control().borrow().run;
        self.send(request(run), None);
    }

    /// Stops after the update under way.
    pub fn pause(self) {
        self.ask(|run| Request::Pause { run });
    }

    /// Goes on.
    pub fn resume(self) {
        self.status.set(Status::Running);
        self.ask(|run| Request::Resume { run });
        self.follow_status();
    }

    /// One update; a run that is under way pauses there.
    pub fn step_once(self) {
        if self.status.get_untracked() == Status::Running {
            self.status.set(Status::Paused);
        }
        self.ask(|run| Request::StepOnce { run });
        self.follow_status();
    }

    /// So many updates more, after a run has finished.
    pub fn train_on(self, updates: u32) {
        let step = self.control().borrow().history.step;
        self.change(Changed::Steps(step.saturating_add(updates)));
        self.resume();
    }

    /// Goes on from the last good weights after a run has diverged, with a third of its learning rate.
    pub fn go_back(self) {
        let Some(mut settings) = self.running.get_untracked() else { return };
        let (text, checkpoint) = {
            let control = self.control();
            let control = control.borrow();
            (Rc::clone(&control.run_text), control.checkpoint.clone())
        };
        let Some((step, bytes)) = checkpoint else { return };
        let now = settings.training_after(u32::MAX).learning_rate;
        let dropped = settings.forget_after(step);
        self.running.set(Some(settings.clone()));
        self.control().borrow_mut().history.back_to(step);
        self.load(&settings, &text, Some(bytes), true, None);
        self.status.set(Status::Paused);
        // What was changed after those weights were kept holds all the same; the rate is another matter.
        for what in dropped.into_iter().filter(|what| !matches!(what, Changed::LearningRate(_))) {
            self.change(what);
        }
        // A smaller one that the reader has chosen since is taken as it is.
        let chosen = self.settings.with_untracked(|settings| settings.training.learning_rate);
        self.set_learning_rate(if chosen < now { chosen } else { gentler(now) });
        self.resume();
    }

    /// The rate of the field, and of the run that goes on with it.
    pub fn set_learning_rate(self, rate: f32) {
        self.settings.update(|settings| settings.training.learning_rate = rate);
        self.hand_on(Changed::LearningRate(rate));
        keep::edited(self);
    }

    /// Hands a change in the controls on to the run, if it is meant for it.
    pub fn hand_on(self, what: Changed) {
        // What was typed a moment before may ask for another run already.
        texts::read_now(self);
        let is_other = self.running.with_untracked(|run| {
            run.as_ref().is_none_or(|run| {
                self.settings.with_untracked(|settings| asks_for_another(self, settings, run))
            })
        });
        let step = self.control().borrow().history.step;
        if self.status.with_untracked(|status| reaches(status, is_other, step, what)) {
            self.change(what);
        }
    }

    /// Changes something while the run goes on.
    pub fn change(self, what: Changed) {
        if self.status.get_untracked().has_model() {
            self.ask(|run| Request::Change { run, what });
        }
    }

    /// Asks for a continuation of a text.
    pub fn sample(self, prompt: String, length: usize, rules: SamplingRules, seed: u64) {
        self.sampled.set(None);
        self.ask(|run| Request::Sample { run, prompt, length, rules, seed });
    }

    /// Asks for the probabilities of sentences.
    pub fn score(self, sentences: Vec<String>) {
        self.scored.set(None);
        self.ask(|run| Request::Score { run, sentences });
    }

    /// Asks for the weights as they are now; the run goes on.
    pub fn snapshot(self, then: impl FnOnce(u32, Bytes) + 'static) {
        self.control().borrow_mut().on_snapshot = Some(Box::new(then));
        self.ask(|run| Request::Snapshot { run });
    }

    /// Takes up a run that storage holds: one that was training goes on.
    pub fn take_up(self, was_running: bool) {
        let step = self.control().borrow().history.step;
        if was_running {
            self.notice.set(Some(Notice::Continued(step)));
            self.resume();
        }
    }

    /// Forgets the run, as if none had been begun.
    pub fn clear_run(self) {
        self.unload();
        {
            let control = self.control();
            let mut control = control.borrow_mut();
            control.history = History::default();
            control.checkpoint = None;
            control.run_lock = None;
            control.stored = None;
            control.before = None;
        }
        self.entry.set(None);
        self.running.set(None);
        self.prepared.set(None);
        self.status.set(Status::Empty);
        self.follow_status();
    }

    /// Tells the trainer whether silence would mean something, and draws the last state of a run that stopped.
    pub(super) fn follow_status(self) {
        let is_running = self.status.get_untracked() == Status::Running;
        if let Some(trainer) = &self.control().borrow().trainer {
            trainer.set_working(is_running);
        }
        if !is_running {
            self.draw();
        }
    }

    fn draw(self) {
        let control = self.control();
        {
            let mut control = control.borrow_mut();
            control.is_due = false;
            control.drawn = now();
        }
        self.frame.update(|frame| *frame = frame.wrapping_add(1));
    }

    pub(super) fn draw_soon(self) {
        let wait = {
            let control = self.control();
            let mut control = control.borrow_mut();
            if control.is_due {
                return;
            }
            control.is_due = true;
            (control.drawn + DRAW_EVERY - now()).max(0.0)
        };
        after(wait as i32, move || {
            // Within a frame of its own: never two drawings for one picture on the screen.
            request_animation_frame(move || self.draw());
        });
    }
}
