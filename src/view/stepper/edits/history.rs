//! What was changed one after the other, to be taken back and done again.

use super::{Edits, Target};

/// Most steps that can be taken back.
const MOST: usize = 500;

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

/// Changes done and undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    done: Vec<Vec<Change>>,
    undone: Vec<Vec<Change>>,
    /// Whether the last step may still grow: the number is being dragged.
    is_open: bool,
}

impl History {
    /// Puts a number somewhere, or takes it away again. While a number is being dragged, its changes are one step.
    /// Says whether anything is different then.
    pub fn change(&mut self, edits: &mut Edits, target: Target, new: Option<f64>, is_dragged: bool) -> bool {
        let Some(change) = put(edits, target, new) else { return false };
        self.undone.clear();
        match self.done.last_mut().map(Vec::as_mut_slice) {
            Some([last]) if self.is_open && last.target == change.target => last.new = change.new,
            _ => self.push(vec![change]),
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
        self.push(changes);
        self.is_open = false;
        true
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
        self.push(changes);
        self.is_open = false;
    }

    /// The number is no longer being dragged: the next change is a step of its own.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    /// Takes the last step back; gives its changes the other way round.
    pub fn undo(&mut self, edits: &mut Edits) -> Option<Vec<Change>> {
        let step = self.done.pop()?;
        self.is_open = false;
        let back = step.iter().rev().map(|change| Change {
            target: change.target.clone(),
            old: change.new,
            new: change.old,
        });
        let back: Vec<Change> = back.collect();
        back.iter().for_each(|change| {
            edits.put(change.target.clone(), change.new);
        });
        self.undone.push(step);
        Some(back)
    }

    /// Does the last step that was taken back again; gives its changes.
    pub fn redo(&mut self, edits: &mut Edits) -> Option<Vec<Change>> {
        let step = self.undone.pop()?;
        self.is_open = false;
        step.iter().for_each(|change| {
            edits.put(change.target.clone(), change.new);
        });
        self.done.push(step.clone());
        Some(step)
    }

    /// Whether there is something to take back, and something to do again.
    pub fn has(&self) -> (bool, bool) {
        (!self.done.is_empty(), !self.undone.is_empty())
    }

    fn push(&mut self, step: Vec<Change>) {
        if self.done.len() == MOST {
            self.done.remove(0);
        }
        self.done.push(step);
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
