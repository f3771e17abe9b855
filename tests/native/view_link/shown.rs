//! Whether what is shown is still what a link asked for, or what was left.

use unrolled::training::settings::CellChoice;
use unrolled::view::formula::Notation;
use unrolled::view::link::{Beyond, Shared, StepperState, WeightsFrom, beyond};
use unrolled::view::stepper::edits::Target;
use unrolled::view::stepper::{Course, Direction, Section};

use super::own_text;

#[test]
fn a_place_beyond_the_end_of_the_sentence_is_said() {
    let course = Course {
        steps: 12,
        layers: vec![Section { forward: 6, backward: 20 }],
        head: Section { forward: 2, backward: 4 },
    };
    let check = |step: usize, equation: usize, direction: Direction, expected: &[Beyond]| {
        let state = StepperState { step, equation, direction, ..StepperState::default() };
        assert_eq!(beyond(&state, &state, &course), expected, "step {step}, equation {equation}");
    };
    check(12, 8, Direction::Forward, &[]);
    check(1, 24, Direction::Backward, &[]);
    check(40, 1, Direction::Forward, &[Beyond { key: "step", asked: 40, last: 12 }]);
    let equation = Beyond { key: "equation", asked: 24, last: 8 };
    check(13, 24, Direction::Forward, &[Beyond { key: "step", asked: 13, last: 12 }, equation]);
}

#[test]
fn what_the_reader_does_is_no_fault_of_the_link() {
    let section = Section { forward: 6, backward: 20 };
    let course = Course { steps: 3, layers: vec![section], head: Section { forward: 2, backward: 4 } };
    let link = StepperState { step: 11, ..StepperState::default() };
    let last = [Beyond { key: "step", asked: 11, last: 3 }];
    let other_letters = StepperState { notation: Notation::PyTorch, row: Some(2), ..link.clone() };
    assert_eq!(beyond(&link, &other_letters, &course), last);
    for now in [
        StepperState { sentence: "ab".into(), ..link.clone() },
        StepperState { weights: WeightsFrom::File, ..link.clone() },
        StepperState { cell: CellChoice::Preset("gru".into()), ..link.clone() },
        StepperState { hidden: 3, ..link.clone() },
        StepperState { step: 2, ..link.clone() },
        StepperState { direction: Direction::Backward, ..link.clone() },
    ] {
        assert_eq!(beyond(&link, &now, &course), [], "{now:?}");
    }
}

#[test]
fn the_same_numbers_are_shown_at_another_place_and_not_under_another_run() {
    let mut left = own_text();
    left.stepper.weights = WeightsFrom::Trained;
    left.trained = 40;
    let mut moved = left.clone();
    (moved.stepper.step, moved.stepper.equation, moved.stepper.row) = (4, 2, Some(3));
    (moved.stepper.direction, moved.stepper.notation) = (Direction::Backward, Notation::Keras);
    assert!(moved.shows_the_same_as(&left));
    moved.run = moved.run.without_text();
    assert!(moved.shows_the_same_as(&left), "a link may have had no room for the text");
    let others: [fn(&mut Shared); 7] = [
        |state| state.stepper.sentence += "s",
        |state| state.stepper.hidden += 1,
        |state| state.stepper.cell = CellChoice::Preset("rnn-relu".into()),
        |state| state.stepper.weights = WeightsFrom::Given,
        |state| state.run.training.seed += 1,
        |state| state.trained += 1,
        |state| state.weights = vec![1.0],
    ];
    for change in others {
        let mut other = left.clone();
        change(&mut other);
        assert!(!other.shows_the_same_as(&left), "{other:?}");
    }
    let mut changed = left.clone();
    changed.stepper.edits.put(Target::Input { step: 0, row: 0 }, Some(0.5));
    assert!(!changed.shows_the_same_as(&left));
}
