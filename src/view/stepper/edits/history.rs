//! What was changed one after the other, to be taken back and done again.

use super::{Edits, Target};

/// Most steps that can be taken back.
const MOST: usize = 500;
/// Most of them that are scenes: each may hold the network of a file.
const MOST_SCENES: usize = 8;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What.
    pub target: Target,
    /// What had been put there before; none: it was as it came.
    pub old: Option<f64>,
    /// What is there then; none: it is as it came again.
    pub new: Option<f64>,
}

/// A step that can be taken back.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<S> {
    /// Numbers that were changed together.
    Changes(Vec<Change>),
    /// All that the page shows was replaced: another sentence under changed inputs, a network from a file.
    Scene {
        /// What stands on the other side of the step.
        other: S,
        /// How many changes the step took away, because they had no meaning after it.
        dropped: usize,
    },
}

/// Changes done and undone; `S` is all that the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct History<S> {
    done: Vec<Step<S>>,
    undone: Vec<Step<S>>,
    /// Whether the last step may still grow: the number is being dragged, the sentence is being typed.
    is_open: bool,
}

impl<S> Default for History<S> {
    fn default() -> History<S> {
        History { done: Vec::new(), undone: Vec::new(), is_open: false }
    }
}

impl<S> History<S> {
    /// Puts a number somewhere, or takes it away again. While a number is being dragged, its changes are one step.
    /// Says whether anything is different then.
    pub fn change(&mut self, edits: &mut Edits, target: Target, new: Option<f64>, is_dragged: bool) -> bool {
        let Some(change) = put(edits, target, new) else { return false };
        self.undone.clear();
        match self.done.last_mut() {
            Some(Step::Changes(last))
                if self.is_open && last.len() == 1 && last[0].target == change.target =>
            {
                last[0].new = change.new;
            }
            _ => self.push(Step::Changes(vec![change])),
        }
        self.is_open = is_dragged;
        true
    }

    /// Puts several numbers, or takes them away again, in one step that can be taken back. Says whether anything is
    /// different then.
    pub fn change_together(&mut self, edits: &mut Edits, wanted: Vec<(Target, Option<f64>)>) -> bool {
        let changes: Vec<Change> =
            wanted.into_iter().filter_map(|(target, new)| put(edits, target, new)).collect();
        if changes.is_empty() {
            return false;
        }
        self.undone.clear();
        self.push(Step::Changes(changes));
        self.is_open = false;
        true
    }

    /// All that the page shows is replaced, in one step that can be taken back: this was there before. What is typed one
    /// letter after the other is one step.
    pub fn replace(&mut self, before: S, dropped: usize, is_typed: bool) {
        self.undone.clear();
        match self.done.last_mut() {
            Some(Step::Scene { dropped: so_far, .. }) if self.is_open && is_typed => *so_far += dropped,
            _ => self.push(Step::Scene { other: before, dropped }),
        }
        self.is_open = is_typed;
    }

    /// How many changes the last step took away, where it replaced all that the page shows.
    pub fn replaced(&self) -> Option<usize> {
        match self.done.last()? {
            Step::Scene { dropped, .. } => Some(*dropped),
            Step::Changes(_) => None,
        }
    }

    /// Takes all changes away, in one step that can be taken back.
    pub fn reset_all(&mut self, edits: &mut Edits) {
        let changes = edits.iter().map(|(target, value)| Change {
            target: target.clone(),
            old: Some(value),
            new: None,
        });
        let changes: Vec<Change> = changes.collect();
        if changes.is_empty() {
            return;
        }
        *edits = Edits::default();
        self.undone.clear();
        self.push(Step::Changes(changes));
        self.is_open = false;
    }

    /// The number is no longer being dragged: the next change is a step of its own.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    /// Takes the last step back; gives its changes the other way round, or what was there before all was replaced. What
    /// is there now is kept for [`History::redo`].
    pub fn undo(&mut self, edits: &mut Edits, now: S) -> Option<Step<S>> {
        self.is_open = false;
        match self.done.pop()? {
            Step::Scene { other, dropped } => {
                self.undone.push(Step::Scene { other: now, dropped });
                Some(Step::Scene { other, dropped })
            }
            Step::Changes(step) => {
                let back = step.iter().rev().map(|change| Change {
                    target: change.target.clone(),
                    old: change.new,
                    new: change.old,
                });
                let back: Vec<Change> = back.collect();
                put_all(edits, &back);
                self.undone.push(Step::Changes(step));
                Some(Step::Changes(back))
            }
        }
    }

    /// Does the last step that was taken back again; gives it as [`History::undo`] does.
    pub fn redo(&mut self, edits: &mut Edits, now: S) -> Option<Step<S>> {
        self.is_open = false;
        match self.undone.pop()? {
            Step::Scene { other, dropped } => {
                self.done.push(Step::Scene { other: now, dropped });
                Some(Step::Scene { other, dropped })
            }
            Step::Changes(step) => {
                put_all(edits, &step);
                self.done.push(Step::Changes(step.clone()));
                Some(Step::Changes(step))
            }
        }
    }

    /// Whether there is something to take back, and something to do again.
    pub fn has(&self) -> (bool, bool) {
        (!self.done.is_empty(), !self.undone.is_empty())
    }

    fn push(&mut self, step: Step<S>) {
        if self.done.len() == MOST {
            self.done.remove(0);
        }
        self.done.push(step);
        let is_scene = |step: &Step<S>| matches!(step, Step::Scene { .. });
        // The steps before a scene that is forgotten belong to what it held.
        if self.done.iter().filter(|step| is_scene(step)).count() > MOST_SCENES
            && let Some(oldest) = self.done.iter().position(is_scene)
        {
            self.done.drain(..=oldest);
        }
    }
}

fn put_all(edits: &mut Edits, changes: &[Change]) {
    for change in changes {
        edits.put(change.target.clone(), change.new);
    }
}

/// Puts a number somewhere, or takes it away; none where nothing is different then.
fn put(edits: &mut Edits, target: Target, new: Option<f64>) -> Option<Change> {
    let old = edits.get(&target);
    edits.put(target.clone(), new);
    // What could not be put is not there.
    let new = edits.get(&target);
    (new != old).then_some(Change { target, old, new })
}
