//! What the trainer says, and what becomes of it.

use std::rc::Rc;

use leptos::prelude::*;

use super::state::{Lab, Notice, Status};
use super::{before, counting, keep};
use crate::app::trainer::{Bytes, Report};
use crate::protocol::{Asked, Refusal, Response};
use crate::training::settings::Changed;

impl Lab {
    pub(super) fn hear(self, report: Report) {
        match report {
            Report::Died => {
                counting::ask_again(self);
                self.restart();
            }
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
                self.control().borrow_mut().before = None;
                self.prepared.set(Some(prepared));
                if self.status.get_untracked() == Status::Preparing {
                    self.status.set(Status::Running);
                }
            }
            Response::Counted { number, counted } => {
                counting::take(self, number, counted);
                return;
            }
            Response::Dictionary { state } => {
                self.dictionary.set(state);
                return;
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
                        running.record(step, what);
                    }
                });
                // More updates than are done: a finished run can go on.
                if matches!(what, Changed::Steps(steps) if steps > step)
                    && self.status.get_untracked() == Status::Finished
                {
                    self.status.set(Status::Paused);
                }
            }
            Response::Sampled { run: of, text, unseen } if of == run => {
                self.sampled.set(Some(Ok((text, unseen))));
            }
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
            // The snapshot of this very step came just before.
            Response::Stepped { run: of, .. } if of == run => keep::save_checkpoint(self),
            Response::Finished { run: of, .. } if of == run => {
                self.status.set(Status::Finished);
                // The snapshot of this very step came just before.
                keep::save_checkpoint(self);
            }
            Response::Diverged { run: of, step, tensor, good_step } if of == run => {
                {
                    let control = self.control();
                    let mut control = control.borrow_mut();
                    control.history.stands_at(good_step);
                    if let Some(bytes) = bytes {
                        control.checkpoint = Some((good_step, bytes));
                    }
                }
                self.status.set(Status::Diverged { step, tensor, good_step });
                keep::save_checkpoint(self);
            }
            Response::Refused { run: of, asked, refusal } if of == run => self.refuse(asked, refusal),
            // Late messages of a run that was stopped.
            _ => return,
        }
        self.follow_status();
    }

    fn refuse(self, asked: Asked, refusal: Refusal) {
        match asked {
            Asked::Start => {
                self.refusal.set(Some(refusal));
                if before::bring_back(self) {
                    return;
                }
                self.status.set(Status::Empty);
                self.running.set(None);
                // Nothing of it is stored before its first checkpoint.
                self.entry.set(None);
                self.control().borrow_mut().run_lock = None;
                self.control().borrow_mut().is_loaded = false;
            }
            Asked::Sample => self.sampled.set(Some(Err(refusal))),
            Asked::Score => self.scored.set(Some(Err(refusal))),
            Asked::Other => self.refusal.set(Some(refusal)),
        }
    }
}
