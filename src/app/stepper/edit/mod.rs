//! Changing numbers: what every part of the page that does so shares. Each change is one of the shareable state, so that
//! all numbers follow from it as from everything else; it can be taken back, and it is announced.

mod bar;
mod drag;
mod given;
mod gradient;
mod hold;
mod kept;
mod keys;
mod names;
mod panel;
mod value;

use std::sync::Arc;

use leptos::prelude::*;

pub use self::bar::Bar;
pub use self::kept::{Kept, Scene, ToFollow, provide_kept, use_kept};
pub use self::names::target as called;
pub use self::panel::Panel;

use self::drag::Drag;
use super::state::Stepper;
use crate::app::browser::{after, cancel};
use crate::app::files::{OpenedFile, use_files};
use crate::app::handover::{TrainedModel, use_handover};
use crate::app::language::{say, say_with};
use crate::app::parts::{Announcer, use_announcer};
use crate::view::link::StepperState;
use crate::view::stepper::edits::{Change, Edits, History, MOST_EDITS, Step, Target};
use crate::view::stepper::subject::Subject;

/// Milliseconds without a change after which it is announced: a number that is dragged does not talk all the way.
const QUIET: i32 = 400;

/// What is shared. It is handed around by copy.
#[derive(Clone, Copy)]
pub struct Editing {
    stepper: Stepper,
    history: RwSignal<History<Scene>>,
    /// Changed inputs that are still to follow.
    to_follow: StoredValue<Option<ToFollow>>,
    /// The file in view.
    file: RwSignal<Option<Arc<OpenedFile>>>,
    /// The network that was handed over.
    handover: RwSignal<Option<Arc<TrainedModel>>>,
    drag: StoredValue<Option<Drag>>,
    /// The number where it is to be dragged or moved to next, before the next frame.
    waiting: StoredValue<Option<(Target, f64)>>,
    announcer: Announcer,
    timer: StoredValue<Option<i32>>,
    /// The control of the panel that gets the focus once it is there.
    focus: StoredValue<Option<&'static str>>,
    /// Where the number that was just opened stands in the window, from its upper to its lower edge, until it is sure to
    /// stay in view.
    seen: StoredValue<Option<(f64, f64)>>,
}

/// Provides it, listens to its keys and to what is dragged, for as long as the page is in view.
pub fn provide_editing(stepper: Stepper) {
    let Kept { history, to_follow } = use_kept();
    let editing = Editing {
        stepper,
        history,
        to_follow,
        file: use_files().opened,
        handover: use_handover(),
        drag: StoredValue::new(None),
        waiting: StoredValue::new(None),
        announcer: use_announcer(),
        timer: StoredValue::new(None),
        focus: StoredValue::new(None),
        seen: StoredValue::new(None),
    };
    provide_context(editing);
    Effect::new(move |_| {
        stepper.state.track();
        stepper.model.track();
        if stepper.trouble.with(Option::is_none) {
            editing.follow();
        }
    });
    drag::listen(editing);
    keys::listen(editing);
    on_cleanup(move || cancel(editing.timer.try_get_value().flatten()));
}

/// What is shared.
pub fn use_editing() -> Editing {
    expect_context()
}

impl Editing {
    /// What a number is at now in the reader's changes; none: as it came.
    pub fn put_there(self, target: &Target) -> Option<f64> {
        self.stepper.state.with(|state| state.edits.get(target))
    }

    /// Puts a number somewhere, or takes it away again.
    pub fn put(self, target: &Target, value: Option<f64>, is_dragged: bool) {
        let (is_put, had_room, old) = self.with_history(|history, edits| {
            let old = edits.get(target);
            let is_put = history.change(edits, target.clone(), value, is_dragged);
            (is_put, value.is_none() || edits.get(target).is_some() || edits.len() < MOST_EDITS, old)
        });
        if is_put {
            let change = Change { target: target.clone(), old, new: value };
            self.announce(move |editing| names::change(editing, &change));
        } else if !had_room {
            self.announce(|_| say_with!(edit.too_many; "most" => MOST_EDITS));
        }
    }

    /// Moves a number from one place to another, in one step that can be taken back.
    pub fn shift(self, from: &Target, to: &Target, value: f64) {
        self.close_step();
        let changes = vec![(from.clone(), None), (to.clone(), Some(value))];
        if self.with_history(|history, edits| history.change_together(edits, changes)) {
            let change = Change { target: to.clone(), old: None, new: Some(value) };
            self.announce(move |editing| names::change(editing, &change));
        }
    }

    /// The same as [`Editing::put`] once before the next frame, however often it is asked for: pointers move more often than that.
    pub fn put_soon(self, target: &Target, value: f64) {
        let is_due = self.waiting.with_value(Option::is_some);
        self.waiting.set_value(Some((target.clone(), value)));
        if is_due {
            return;
        }
        request_animation_frame(move || self.put_waiting());
    }

    /// Does what waits for the next frame now.
    fn put_waiting(self) {
        if let Some((target, value)) = self.waiting.try_update_value(Option::take).flatten() {
            self.put(&target, Some(value), true);
        }
    }

    /// The number or the sentence is no longer being dragged or typed.
    pub fn close_step(self) {
        self.put_waiting();
        self.to_follow.update_value(|to_follow| {
            if let Some(to_follow) = to_follow {
                to_follow.is_typed = false;
            }
        });
        self.history.update(History::close);
    }

    /// Takes the last change back.
    pub fn undo(self) {
        self.go(History::undo, |changes| say_with!(edit.undone; "changes" => changes));
    }

    /// Does what was taken back again.
    pub fn redo(self) {
        self.go(History::redo, |changes| say_with!(edit.redone; "changes" => changes));
    }

    /// Puts everything back as it came.
    pub fn reset_all(self) {
        self.close_step();
        self.with_history(|history, edits| history.reset_all(edits));
        self.announce(|_| say!(edit.all_reset).to_owned());
    }

    fn go(
        self,
        step: fn(&mut History<Scene>, &mut Edits, Scene) -> Option<Step<Scene>>,
        said: fn(String) -> String,
    ) {
        self.close_step();
        let now = self.scene();
        match self.with_history(|history, edits| step(history, edits, now)) {
            Some(Step::Changes(changes)) => {
                self.announce(move |editing| said(names::changes(editing, &changes)));
            }
            Some(Step::Scene { other, .. }) => {
                self.to_follow.set_value(None);
                self.stepper.subject.set(None);
                self.file.set(other.file);
                // The same one again would be read anew.
                if self.handover.with_untracked(|now| *now != other.model) {
                    self.handover.set(other.model);
                }
                // Whose letters are read is no part of what was replaced.
                self.stepper.state.update(|state| {
                    *state = StepperState { notation: state.notation, ..other.state };
                });
                self.announce(|_| say!(edit.scene_back).to_owned());
            }
            None => {}
        }
    }

    /// All that the page shows now.
    fn scene(self) -> Scene {
        Scene {
            state: self.stepper.state.get_untracked(),
            file: self.file.get_untracked(),
            model: self.handover.get_untracked(),
        }
    }

    /// The sentence is about to become another one, letter by letter where it is typed, or the vocabulary that it is read
    /// under: changed inputs follow once its symbols are known.
    pub fn before_other_symbols(self, is_typed: bool) {
        if !is_typed {
            self.close_step();
        }
        let has_inputs = self.stepper.state.with_untracked(|state| {
            state.edits.iter().any(|(target, _)| matches!(target, Target::Input { .. }))
        });
        if has_inputs
            && self.to_follow.with_value(Option::is_none)
            && let Some(model) = self.stepper.model.get_untracked()
        {
            let sequence = model.0.sequence.clone();
            self.to_follow.set_value(Some(ToFollow { sequence, before: self.scene(), is_typed }));
        }
    }

    /// Lets changed inputs follow the symbols that go in, in a step that can be taken back.
    fn follow(self) {
        let Some(ToFollow { sequence, mut before, is_typed }) =
            self.to_follow.try_update_value(Option::take).flatten()
        else {
            return;
        };
        let under =
            |edits: &Edits| self.stepper.with_model(|model| edits.under(&sequence, &model.0.sequence));
        let now = self.stepper.state.with_untracked(|state| state.edits.clone());
        let Some((edits, dropped)) = untrack(|| under(&now)).filter(|(edits, _)| *edits != now) else {
            return;
        };
        // What was changed since, while the numbers were on their way, has a step of its own before this one.
        before.state.edits = now;
        self.history.update(|history| history.replace(before, dropped, is_typed));
        self.stepper.state.update(|state| state.edits = edits);
        if dropped > 0 {
            self.announce(move |_| say_with!(edit.left_behind; "count" => dropped));
        }
    }

    /// Looks at a number that stands at this height of the window, from its upper to its lower edge.
    pub fn open_beside(self, subject: Subject, seen: Option<(f64, f64)>) {
        self.seen.set_value(seen);
        self.open(subject);
    }

    /// Where the number that was just opened stands; asked for once.
    pub fn just_opened(self) -> Option<(f64, f64)> {
        self.seen.try_update_value(Option::take).flatten()
    }

    /// Looks at a number.
    pub fn open(self, subject: Subject) {
        self.focus.set_value(Some("edit-number"));
        self.stepper.subject.set(Some(subject));
    }

    /// Looks at another number of the same kind, the focus stays where it is.
    fn move_to(self, subject: Subject, control: &'static str) {
        self.close_step();
        self.focus.set_value(Some(control));
        self.stepper.subject.set(Some(subject));
    }

    /// Looks at no number any more; the focus goes back to the rows that it came from.
    pub fn leave(self) {
        self.close_step();
        self.stepper.subject.set(None);
        panel::focus("stepper-rows");
    }

    /// Changes the numbers together with what can be taken back.
    fn with_history<T>(self, change: impl FnOnce(&mut History<Scene>, &mut Edits) -> T) -> T {
        let mut edits = self.stepper.state.with_untracked(|state| state.edits.clone());
        let outcome = change(&mut self.history.write(), &mut edits);
        if self.stepper.state.with_untracked(|state| state.edits != edits) {
            self.stepper.state.update(|state| state.edits = edits);
        }
        outcome
    }

    fn announce(self, sentence: impl Fn(Editing) -> String + 'static) {
        cancel(self.timer.get_value());
        self.timer.set_value(after(QUIET, move || {
            if !self.stepper.state.is_disposed() {
                self.announcer.say(untrack(|| sentence(self)));
            }
        }));
    }
}
