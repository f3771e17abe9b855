//! What the page says where PyTorch's or Keras's cell is another one.

use std::sync::Arc;

use unrolled::engine::presets::{preset, softmax_head};
use unrolled::view::formula::Notation;
use unrolled::view::stepper::Direction;
use unrolled::view::stepper::differences::{Difference, differences};
use unrolled::view::stepper::lines::{Line, Lines};

/// What is said along a cell's lines, with the number of the line, from 1.
fn said(cell: &str, notation: Notation, direction: Direction) -> Vec<(usize, Difference)> {
    let preset = preset(cell).expect("a preset");
    let lines = Lines::of(&[Arc::new(preset.cell.clone())], &softmax_head());
    let at = |(number, line): (usize, &Line)| {
        differences(&preset.facts, notation, line).into_iter().map(move |found| (number + 1, found))
    };
    lines.along(direction).iter().enumerate().flat_map(at).collect::<Vec<_>>()
}

fn kept() -> Difference {
    Difference::Kept { gate: "z".into(), own: "Γ_u".into() }
}

fn biases(index: &str, bias: &str) -> Difference {
    Difference::TwoBiases { input: format!("b_i{index}"), state: format!("b_h{index}"), bias: bias.into() }
}

#[test]
fn in_these_notes_nothing_differs() {
    for cell in ["rnn", "gru-simplified", "gru", "lstm"] {
        assert_eq!(said(cell, Notation::Notes, Direction::Forward), []);
    }
}

#[test]
fn pytorch_has_two_biases_wherever_a_cell_has_one() {
    assert_eq!(said("rnn", Notation::PyTorch, Direction::Forward), [(1, biases("h", "b"))]);
    let gates = [("g", 1), ("f", 2), ("i", 3), ("o", 4)];
    let expected = gates.map(|(gate, line)| (line, biases(gate, &format!("b_{gate}"))));
    assert_eq!(said("lstm", Notation::PyTorch, Direction::Forward), expected);
    assert_eq!(said("lstm", Notation::Keras, Direction::Forward), []);
}

#[test]
fn a_gru_says_where_the_reset_stands_and_what_the_update_gate_means() {
    let reset = Difference::ResetAfter { gate: "r".into(), state: "h".into(), index: "n".into() };
    let letter = Difference::OneLetter { letter: "h".into(), first: "a".into(), second: "c".into() };
    assert_eq!(
        said("gru", Notation::PyTorch, Direction::Forward),
        [(1, biases("r", "b_r")), (2, reset), (3, kept()), (3, biases("z", "b_u")), (4, kept()), (5, letter),]
    );
}

#[test]
fn backward_the_update_gate_is_spoken_of_where_it_stands() {
    let found = said("gru", Notation::Keras, Direction::Backward);
    assert!(!found.is_empty());
    assert!(found.iter().filter(|(_, found)| *found == kept()).count() >= 2, "{found:?}");
}

#[test]
fn the_two_biases_of_a_gru_s_candidate_are_never_said_to_add_up() {
    assert_eq!(
        said("gru-simplified", Notation::PyTorch, Direction::Forward)
            .into_iter()
            .filter(|(_, found)| matches!(found, Difference::TwoBiases { .. }))
            .collect::<Vec<_>>(),
        [(2, biases("z", "b_u"))]
    );
}
