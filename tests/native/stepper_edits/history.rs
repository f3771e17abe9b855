//! Undo and redo, changes as text, numbers as people type and drag them.

use proptest::prelude::*;
use unrolled::engine::syntax::Symbol;
use unrolled::view::stepper::edits::{
    Edits, History, LARGEST, MOST_EDITS, NotTaken, Step, Target, dragged, for_a_field, nudged, reach,
    read_number,
};

use super::{edits, held, weight};

fn targets() -> impl Strategy<Value = Target> {
    let name = || "[A-Za-zΓŷ][~_a-z0-9]{0,5}".prop_map(Symbol);
    prop_oneof![
        (prop::option::of(0usize..3), name(), 0usize..90, 0usize..90)
            .prop_map(|(layer, name, row, column)| Target::Weight { layer, name, row, column }),
        (0usize..60, 0usize..90).prop_map(|(step, row)| Target::Input { step, row }),
        (0usize..3, name(), 0usize..90).prop_map(|(layer, name, row)| Target::Initial { layer, name, row }),
        (0usize..3, name(), 0usize..90, prop::option::of(0usize..60))
            .prop_map(|(layer, name, unit, step)| Target::Held { layer, name, unit, step }),
    ]
}

/// A change, the end of a drag, everything reset, undo, redo.
#[derive(Clone, Debug)]
enum Act {
    Change(Target, Option<f64>, bool),
    Close,
    Reset,
    Replace(f64),
    Undo,
    Redo,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    // Few targets, so that the same one is met again.
    let few = prop::sample::select(vec![
        Target::Input { step: 0, row: 0 },
        held("a", 0, None),
        weight(Some(0), &"W_aa".into(), 0, 1),
    ]);
    let act = prop_oneof![
        6 => (few, prop::option::of(-9.0f64..9.0), any::<bool>())
            .prop_map(|(target, value, is_dragged)| Act::Change(target, value, is_dragged)),
        1 => Just(Act::Close),
        1 => Just(Act::Reset),
        1 => (-9.0f64..9.0).prop_map(Act::Replace),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ];
    prop::collection::vec(act, 0..60)
}

proptest! {
    #[test]
    fn whatever_is_done_can_be_taken_back_and_done_again(acts in acts()) {
        // All that is shown are the changes.
        let (mut edits, mut history) = (Edits::default(), History::default());
        fn undo(history: &mut History<Edits>, edits: &mut Edits) -> bool {
            let now = edits.clone();
            let step = history.undo(edits, now);
            let is_there = step.is_some();
            if let Some(Step::Scene { other, .. }) = step {
                *edits = other;
            }
            is_there
        }
        fn redo(history: &mut History<Edits>, edits: &mut Edits) -> bool {
            let now = edits.clone();
            let step = history.redo(edits, now);
            let is_there = step.is_some();
            if let Some(Step::Scene { other, .. }) = step {
                *edits = other;
            }
            is_there
        }
        let replaced = acts.iter().filter(|act| matches!(act, Act::Replace(_))).count();
        for act in acts {
            let before = edits.clone();
            match act {
                Act::Change(target, value, is_dragged) => {
                    let is_different = history.change(&mut edits, target, value, is_dragged);
                    prop_assert_eq!(is_different, edits != before);
                }
                Act::Close => history.close(),
                Act::Reset => {
                    history.reset_all(&mut edits);
                    prop_assert!(edits.is_empty());
                }
                Act::Replace(number) => {
                    edits = super::edits([(held("c", 1, None), number)]);
                    history.replace(before, 0, false);
                }
                Act::Undo => {
                    if undo(&mut history, &mut edits) {
                        let undone = edits.clone();
                        redo(&mut history, &mut edits);
                        prop_assert_eq!(&edits, &before, "redo after undo");
                        undo(&mut history, &mut edits);
                        prop_assert_eq!(&edits, &undone);
                    }
                }
                Act::Redo => {
                    if redo(&mut history, &mut edits) {
                        let redone = edits.clone();
                        undo(&mut history, &mut edits);
                        prop_assert_eq!(&edits, &before, "undo after redo");
                        redo(&mut history, &mut edits);
                        prop_assert_eq!(&edits, &redone);
                    }
                }
            }
        }
        let last = edits.clone();
        let mut steps = 0;
        while undo(&mut history, &mut edits) {
            steps += 1;
        }
        // Of what was replaced as a whole, so much is kept; else everything is as it came.
        prop_assert!(edits.is_empty() || replaced > 8, "everything is as it came");
        for _ in 0..steps {
            redo(&mut history, &mut edits);
        }
        prop_assert_eq!(edits, last);
    }

    #[test]
    fn changes_come_back_from_their_text_to_the_last_bit(
        all in prop::collection::vec((targets(), -LARGEST..LARGEST), 0..30),
    ) {
        let edits = edits(all);
        let text = String::from(edits.clone());
        let again = Edits::try_from(text.clone());
        prop_assert_eq!(again.as_ref(), Ok(&edits), "{}", text);
    }

    #[test]
    fn no_text_of_changes_makes_the_reader_panic(text in ".{0,80}", item in "[wxsh][0-9y]?\\.[a-zΓ_.@=;0-9-]{0,30}") {
        let _ = Edits::try_from(text);
        let _ = Edits::try_from(item);
    }

    #[test]
    fn what_is_typed_never_gives_a_number_that_cannot_be_used(typed in ".{0,20}") {
        if let Ok(number) = read_number(&typed) {
            prop_assert!(number.abs() <= LARGEST);
        }
    }
}

#[test]
fn a_drag_is_one_step_back() {
    let (mut edits, mut history) = (Edits::default(), History::default());
    let target = held("a", 0, None);
    for value in [0.1, 0.2, 0.3] {
        assert!(history.change(&mut edits, target.clone(), Some(value), true));
    }
    history.close();
    assert!(history.change(&mut edits, target.clone(), Some(0.5), false));
    history.undo(&mut edits, ());
    assert_eq!(edits.get(&target), Some(0.3));
    let Some(Step::Changes(back)) = history.undo(&mut edits, ()) else { panic!("a step of changes") };
    assert_eq!((back[0].old, back[0].new), (Some(0.3), None));
    assert_eq!((edits.get(&target), history.has()), (None, (false, true)));
}

#[test]
fn a_text_of_changes_counts_from_one_and_a_wrong_one_is_named() {
    let all = [
        (weight(Some(0), &"W_f".into(), 1, 4), 0.5),
        (weight(None, &"b_y".into(), 0, 0), -1.0),
        (Target::Input { step: 2, row: 0 }, 1.0),
        (Target::Initial { layer: 0, name: "c".into(), row: 1 }, 0.3),
        (held("Γ_f", 1, Some(2)), 0.0),
        (held("Γ_f", 1, None), 1e-7),
    ];
    let text = String::from(edits(all));
    assert_eq!(text, "wy.b_y.1.1=-1.0;w1.W_f.2.5=0.5;x.3.1=1.0;s1.c.2=0.3;h1.Γ_f.2=1e-7;h1.Γ_f.2@3=0.0");
    for wrong in [
        "w1.W_f.2=0.5",
        "x.0.1=1",
        "h1.Γ_f.2@0=1",
        "x.1.1=nan",
        "x.1.1=1e9",
        "x.1.1",
        "y.1.1=1",
        "s1.c.2.3=1",
        "s1..2=1",
    ] {
        assert!(Edits::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
}

#[test]
fn only_so_many_changes_are_kept_and_only_numbers() {
    let mut all = Edits::default();
    for row in 0..MOST_EDITS + 5 {
        all.put(Target::Input { step: 0, row }, Some(1.0));
    }
    assert_eq!(all.len(), MOST_EDITS);
    all.put(Target::Input { step: 0, row: 0 }, Some(f64::NAN));
    assert_eq!(all.get(&Target::Input { step: 0, row: 0 }), Some(1.0));
    all.put(Target::Input { step: 0, row: 0 }, Some(-0.0));
    assert_eq!(all.get(&Target::Input { step: 0, row: 0 }).map(f64::to_bits), Some(0));
}

#[test]
fn numbers_are_read_as_people_type_them() {
    for (typed, expected) in [
        ("0.5", 0.5),
        (" −0,25 ", -0.25),
        ("-.5", -0.5),
        ("1e-3", 0.001),
        ("+2", 2.0),
        ("–1", -1.0),
        ("1000", 1000.0),
    ] {
        assert_eq!(read_number(typed), Ok(expected), "{typed}");
    }
    for typed in ["", "  "] {
        assert_eq!(read_number(typed), Err(NotTaken::Empty));
    }
    for typed in ["abc", "1.2.3", "inf", "NaN", "0x10", "1 2", "--1"] {
        assert_eq!(read_number(typed), Err(NotTaken::NoNumber), "{typed}");
    }
    for typed in ["1000.1", "-1e300", "1e999"] {
        assert_eq!(read_number(typed), Err(NotTaken::TooLarge), "{typed}");
    }
    assert_eq!(read_number("-0").map(f64::to_bits), Ok(0));
}

#[test]
fn a_nudge_moves_to_a_round_number_and_a_slider_reaches_what_it_shows() {
    assert_eq!(nudged(0.1, 1.0, false), 0.15);
    assert_eq!(nudged(0.1, -2.0, false), 0.0);
    assert_eq!(nudged(0.123_456_789, 1.0, true), 0.6235);
    assert_eq!(nudged(999.9, 1.0, true), LARGEST);
    assert_eq!(nudged(0.05, -1.0, false).to_bits(), 0);
    assert_eq!(dragged(0.5, 12.4, false), 0.62);
    assert_eq!(dragged(0.5, -5.0, true), 0.0);
    for (number, shown) in [
        (0.5, "0.5"),
        (-1.25, "-1.25"),
        (2.0, "2"),
        (1.0 / 3.0, "0.333333"),
        (-0.0, "0"),
        (1.5e-9, "1.5e-9"),
        (100.0, "100"),
    ] {
        assert_eq!(for_a_field(number), shown);
        assert!((read_number(shown).unwrap() - number).abs() < 1e-6, "what is shown can be typed");
    }
    assert_eq!(reach([0.1, -0.2]), 1.0);
    assert_eq!(reach([0.1, -1.2]), 3.0);
    assert_eq!(reach([f64::NAN, 900.0]), LARGEST);
}

#[test]
fn numbers_that_change_together_are_one_step_back_and_one_again() {
    let held = |step| Target::Held { layer: 0, name: "Γ_f".into(), unit: 1, step };
    let (here, everywhere) = (held(Some(3)), held(None));
    let (mut edits, mut history) = (Edits::default(), History::default());
    assert!(history.change(&mut edits, here.clone(), Some(1.0), false));
    let moved = vec![(here.clone(), None), (everywhere.clone(), Some(1.0))];
    assert!(history.change_together(&mut edits, moved.clone()));
    assert!(!history.change_together(&mut edits, moved), "nothing is different");
    assert_eq!((edits.get(&here), edits.get(&everywhere)), (None, Some(1.0)));
    history.undo(&mut edits, ()).expect("a step");
    assert_eq!((edits.get(&here), edits.get(&everywhere)), (Some(1.0), None));
    history.redo(&mut edits, ()).expect("a step");
    assert_eq!((edits.get(&here), edits.get(&everywhere)), (None, Some(1.0)));
    history.undo(&mut edits, ()).expect("a step");
    history.undo(&mut edits, ()).expect("the hold itself");
    assert!(edits.is_empty() && history.has() == (false, true));
}

#[test]
fn a_sentence_typed_letter_by_letter_is_one_step_and_a_file_is_another() {
    let (mut edits, mut history) = (Edits::default(), History::default());
    history.replace("th", 1, true);
    history.replace("the", 2, true);
    assert_eq!(history.replaced(), Some(3));
    history.replace("the cat", 0, false);
    assert_eq!(history.replaced(), Some(0));
    assert_eq!(history.undo(&mut edits, "file"), Some(Step::Scene { other: "the cat", dropped: 0 }));
    assert_eq!(history.undo(&mut edits, "the cat"), Some(Step::Scene { other: "th", dropped: 3 }));
    assert_eq!(history.undo(&mut edits, "th"), None);
    assert_eq!(history.redo(&mut edits, "th"), Some(Step::Scene { other: "the cat", dropped: 3 }));
    assert_eq!(history.redo(&mut edits, "the cat"), Some(Step::Scene { other: "file", dropped: 0 }));
}

#[test]
fn a_sentence_typed_later_and_other_weights_are_steps_of_their_own() {
    let (mut edits, mut history) = (Edits::default(), History::default());
    history.replace("th", 1, true);
    history.close();
    history.replace("the", 2, true);
    assert_eq!(history.replaced(), Some(2));
    // Other weights, and a sentence after them.
    history.replace("the cat", 0, false);
    history.replace("the cat under other weights", 1, true);
    for (now, other) in [("the hat", "the cat under other weights"), ("", "the cat"), ("", "the"), ("", "th")]
    {
        let Some(Step::Scene { other: back, .. }) = history.undo(&mut edits, now) else {
            panic!("a step to {other}")
        };
        assert_eq!(back, other);
    }
    assert!(!history.has().0);
}

#[test]
fn the_oldest_of_many_files_are_forgotten_with_what_came_before_them() {
    let (mut edits, mut history) = (Edits::default(), History::default());
    history.change(&mut edits, held("a", 0, None), Some(1.0), false);
    for file in 0..10 {
        history.replace(file, 0, false);
    }
    let mut last = None;
    while let Some(Step::Scene { other, .. }) = history.undo(&mut edits, 99) {
        last = Some(other);
    }
    assert_eq!(last, Some(2));
}
