//! Starting, stopping and following a run.

use std::rc::Rc;

use leptos::prelude::*;

use super::keep;
use super::state::{Lab, Notice, Status};
use crate::app::browser::{after, now};
use crate::app::trainer::{Bytes, Report, Trainer};
use crate::language::SamplingRules;
use crate::protocol::{Refusal, Request, Response};
use crate::training::settings::{Change, Changed, RunSettings, TextSource};
use crate::view::run::History;

/// Curves are drawn at most this often, milliseconds: numbers that change faster cannot be read.
const DRAW_EVERY: f64 = 110.0;

impl Lab {
    /// Starts a run with the settings in the controls.
    pub fn train(self) {
        keep::may_store(self);
        self.begin(self.settings.get_untracked(), self.text(), None, None);
        keep::save_run_text(self);
        keep::save_soon(self);
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

    /// Hands a run to the worker under a new number.
    fn load(
        self,
        settings: &RunSettings,
        text: &Rc<str>,
        bytes: Option<Bytes>,
        paused: bool,
        until: Option<u32>,
    ) {
        let mut settings = settings.clone();
        if let TextSource::Own(own) = &mut settings.text.source {
            // The text travels beside the settings, once.
            own.clear();
        }
        let old = {
            let control = self.control();
            let mut control = control.borrow_mut();
            let old = control.is_loaded.then_some(control.run);
            control.run += 1;
            control.is_loaded = true;
            control.silent_pauses = u32::from(paused);
            if control.trainer.is_none() {
                control.trainer = Some(Trainer::new(move |report| self.hear(report)));
            }
            old
        };
        if let Some(run) = old {
            self.send(Request::Stop { run }, None);
        }
        let run = self.control().borrow().run;
        let request = Request::Start {
            run,
            settings: Box::new(settings),
            text: text.to_string(),
            paused,
            until,
            measures: true,
        };
        self.send(request, bytes);
    }

    fn send(self, request: Request, bytes: Option<Bytes>) {
        let control = self.control();
        let control = control.borrow();
        if let Some(trainer) = &control.trainer {
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

    /// One update.
    pub fn step_once(self) {
        self.ask(|run| Request::StepOnce { run });
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
        let rate = settings.training.learning_rate;
        let now = settings.changes.iter().rev().find_map(|change| match change.what {
            Changed::LearningRate(rate) => Some(rate),
            _ => None,
        });
        settings.changes.retain(|change| change.step <= step);
        self.running.set(Some(settings.clone()));
        self.control().borrow_mut().history.back_to(step);
        self.load(&settings, &text, Some(bytes), true, None);
        self.change(Changed::LearningRate(now.unwrap_or(rate) / 3.0));
        self.resume();
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

    fn hear(self, report: Report) {
        match report {
            Report::Died => self.restart(),
            Report::Response(response, bytes) => self.answer(response, bytes),
        }
    }

    /// The worker died: a new one goes on from the last checkpoint.
    fn restart(self) {
        let (text, checkpoint) = {
            let control = self.control();
            let mut control = control.borrow_mut();
            control.is_loaded = false;
            let checkpoint = control.checkpoint.clone();
            let step = checkpoint.as_ref().map_or(0, |(step, _)| *step);
            control.history.back_to(step);
            (Rc::clone(&control.run_text), checkpoint)
        };
        let Some(settings) = self.running.get_untracked() else { return };
        let status = self.status.get_untracked();
        if status == Status::Empty {
            return;
        }
        let step = checkpoint.as_ref().map_or(0, |(step, _)| *step);
        self.notice.set(Some(Notice::Restarted(step)));
        let paused = !matches!(status, Status::Running | Status::Preparing);
        self.prepared.set(None);
        self.load(&settings, &text, checkpoint.map(|(_, bytes)| bytes), paused, None);
    }

    fn answer(self, response: Response, bytes: Option<Bytes>) {
        let run = self.control().borrow().run;
        match response {
            Response::Prepared { run: of, prepared } if of == run => {
                self.prepared.set(Some(prepared));
                if self.status.get_untracked() == Status::Preparing {
                    self.status.set(Status::Running);
                }
            }
            Response::Progress { run: of, progress } if of == run => {
                self.control().borrow_mut().history.absorb(progress);
                self.draw_soon();
            }
            Response::Snapshot { run: of, step, .. } if of == run => {
                if let Some(bytes) = bytes {
                    let then = {
                        let control = self.control();
                        let mut control = control.borrow_mut();
                        control.checkpoint = Some((step, Bytes::clone(&bytes)));
                        control.on_snapshot.take()
                    };
                    if let Some(then) = then {
                        then(step, bytes);
                    }
                    keep::save_checkpoint(self);
                }
            }
            Response::Changed { run: of, step, what } if of == run => {
                self.running.update(|running| {
                    if let Some(running) = running {
                        running.changes.push(Change { step, what });
                    }
                });
                // More updates than are done: a finished run can go on.
                if matches!(what, Changed::Steps(steps) if steps > step)
                    && self.status.get_untracked() == Status::Finished
                {
                    self.status.set(Status::Paused);
                }
            }
            Response::Sampled { run: of, text } if of == run => self.sampled.set(Some(Ok(text))),
            Response::Scored { run: of, scores } if of == run => self.scored.set(Some(Ok(scores))),
            Response::Paused { run: of, .. } if of == run => {
                let is_silent = {
                    let control = self.control();
                    let mut control = control.borrow_mut();
                    let is_silent = control.silent_pauses > 0;
                    control.silent_pauses = control.silent_pauses.saturating_sub(1);
                    is_silent
                };
                if !is_silent
                    && !matches!(self.status.get_untracked(), Status::Finished | Status::Diverged { .. })
                {
                    self.status.set(Status::Paused);
                }
                // The snapshot of this very step came just before.
                keep::save_checkpoint(self);
            }
            Response::Finished { run: of, .. } if of == run => {
                self.status.set(Status::Finished);
                // The snapshot of this very step came just before.
                keep::save_checkpoint(self);
            }
            Response::Diverged { run: of, step, tensor, good_step } if of == run => {
                if let Some(bytes) = bytes {
                    self.control().borrow_mut().checkpoint = Some((good_step, bytes));
                }
                self.status.set(Status::Diverged { step, tensor, good_step });
                keep::save_checkpoint(self);
            }
            Response::Refused { run: of, refusal } if of == run => self.refuse(refusal),
            // Late messages of a run that was stopped.
            _ => return,
        }
        self.follow_status();
    }

    fn refuse(self, refusal: Refusal) {
        // The trainer is asked one thing at a time: a start, or something about a run.
        let is_about_start = !matches!(refusal, Refusal::NoSuchRun | Refusal::Failed { .. });
        if self.status.get_untracked() == Status::Preparing
            || is_about_start && self.prepared.get_untracked().is_none()
        {
            self.status.set(Status::Empty);
            self.running.set(None);
            self.control().borrow_mut().is_loaded = false;
            self.refusal.set(Some(refusal));
        } else if self.sampled.get_untracked().is_none() {
            self.sampled.set(Some(Err(refusal)));
        } else if self.scored.get_untracked().is_none() {
            self.scored.set(Some(Err(refusal)));
        } else {
            self.refusal.set(Some(refusal));
        }
    }

    /// Tells the trainer whether silence would mean something, and draws the last state of a run that stopped.
    fn follow_status(self) {
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

    fn draw_soon(self) {
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
