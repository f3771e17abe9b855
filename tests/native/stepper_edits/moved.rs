//! Changed inputs under another sentence.

use unrolled::language::Unit;
use unrolled::view::stepper::edits::{Edits, Target};
use unrolled::view::stepper::sequence::{Sequence, own};

use super::{edits, held, weight};

fn sentence(text: &str) -> Sequence {
    own(text, Unit::Character, None)
}

/// The entry of a symbol in the input of a step (from 0).
fn entry(of: &Sequence, step: usize, symbol: &str) -> Target {
    let row = of.vocabulary.iter().position(|known| known == symbol);
    Target::Input { step, row: row.expect("a symbol of the vocabulary") }
}

#[track_caller]
fn check(before: &str, now: &str, changed: &[(usize, &str)], kept: &[(usize, &str)]) {
    let (before, now) = (sentence(before), sentence(now));
    let list = |of: &Sequence, places: &[(usize, &str)]| {
        edits(places.iter().map(|(step, symbol)| (entry(of, *step, symbol), 0.5)))
    };
    let (found, left_behind) = list(&before, changed).under(&before, &now);
    assert_eq!(found, list(&now, kept));
    assert_eq!(left_behind, changed.len() - kept.len());
}

#[test]
fn a_changed_input_stays_with_its_step_and_its_symbol_as_long_as_that_goes_in_there() {
    // `x<3>` is `h`. The vocabulary of the longer sentence has its rows elsewhere.
    check("the cat", "the cat sat", &[(2, "c"), (0, "e")], &[(2, "c"), (0, "e")]);
    check("the cat", "the bat", &[(2, "a"), (5, "a"), (6, "a")], &[(2, "a"), (6, "a")]);
}

#[test]
fn a_changed_input_goes_with_its_symbol() {
    check("the cat", "a cat", &[(2, "c")], &[]);
    // The row's own symbol is gone.
    check("the cat", "the hat", &[(1, "c"), (1, "t")], &[(1, "t")]);
    // The step is gone: the next sentence of that length has another symbol there.
    check("the cat", "the", &[(6, "a"), (1, "h")], &[(1, "h")]);
    check("the cat", "", &[(1, "h")], &[]);
}

#[test]
fn what_is_no_input_stays_and_so_does_what_had_no_place_before() {
    let (before, now) = (sentence("the cat"), sentence("a dog"));
    let others = edits([
        (weight(Some(0), &"W_aa".into(), 0, 1), 2.0),
        (held("a", 1, Some(4)), 0.0),
        (Target::Initial { layer: 0, name: "a".into(), row: 2 }, 1.0),
        (Target::Input { step: 40, row: 1 }, 3.0),
        (Target::Input { step: 2, row: 80 }, 3.0),
    ]);
    assert_eq!(others.under(&before, &now), (others.clone(), 0));
    assert_eq!(Edits::default().under(&before, &now), (Edits::default(), 0));
}
