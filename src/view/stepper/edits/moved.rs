//! Changes under another sentence: what was changed of an input belongs to the symbol that goes in at its step.

use super::{Edits, Target};
use crate::view::stepper::sequence::Sequence;

impl Edits {
    /// The changes once the sentence is another one, and how many are left behind. A changed number of `x<t>` stays with
    /// its step as long as the same symbol goes in there, and with the symbol of its row, wherever the vocabulary has it
    /// now; at another symbol it would mean another input, so it goes. Everything else stays as it is.
    pub fn under(&self, before: &Sequence, now: &Sequence) -> (Edits, usize) {
        let (mut edits, mut left_behind) = (Edits::default(), 0);
        for (target, value) in self.iter() {
            match follow(target, before, now) {
                Some(target) => {
                    edits.put(target, Some(value));
                }
                None => left_behind += 1,
            }
        }
        (edits, left_behind)
    }
}

fn follow(target: &Target, before: &Sequence, now: &Sequence) -> Option<Target> {
    let Target::Input { step, row } = target else { return Some(target.clone()) };
    // What had no place before waits as it did.
    let Some(symbol) = before.vocabulary.get(*row).filter(|_| *step < before.steps()) else {
        return Some(target.clone());
    };
    let is_same = *step < now.steps() && before.input(*step) == now.input(*step);
    let row = now.vocabulary.iter().position(|known| known == symbol).filter(|_| is_same)?;
    Some(Target::Input { step: *step, row })
}
