//! Which of the cells that come with the project a reader's own cell is kin to. Nothing is computed by it: only letters in
//! other notations and start values, which no text holds, are taken over.

use std::sync::LazyLock;

use super::facts::Facts;
use super::presets::{preset, presets};
use super::syntax::Cell;

/// What is known of an own cell's symbols. Where its equations are those of a preset, everything that is known of that
/// one. Else, where it has the states of one (`a`; `c`; `a, c`), the letters of the symbols that both have and the start
/// values, but no places in other people's files, and no letter of theirs that means the opposite of ours.
pub fn facts(cell: &Cell) -> Option<&'static Facts> {
    let same = presets().iter().find(|preset| {
        preset.cell.is_same(cell) || preset.stacked.as_ref().is_some_and(|stacked| stacked.is_same(cell))
    });
    if let Some(same) = same {
        return Some(&same.facts);
    }
    FAMILIES.iter().find(|(states, _)| is_named(cell, states)).map(|(_, facts)| facts)
}

/// The states of each family, and what its cells share.
static FAMILIES: LazyLock<Vec<(&'static [&'static str], Facts)>> = LazyLock::new(|| {
    let families: [(&[&str], &str); 3] = [(&["a"], "rnn"), (&["c"], "gru"), (&["a", "c"], "lstm")];
    let letters = |id: &str| preset(id).map(|preset| letters_of(&preset.facts)).unwrap_or_default();
    families.into_iter().map(|(states, id)| (states, letters(id))).collect()
});

fn is_named(cell: &Cell, states: &[&str]) -> bool {
    cell.states.len() == states.len() && cell.states.iter().zip(states).all(|(state, name)| state.0 == *name)
}

fn letters_of(facts: &Facts) -> Facts {
    let known = facts.symbols.iter().filter(|symbol| !symbol.is_flipped).cloned();
    let symbols = known.map(|mut symbol| {
        (symbol.pytorch_gate, symbol.keras_gate) = (None, None);
        symbol
    });
    Facts { symbols: symbols.collect(), is_kin: true, ..Facts::default() }
}
