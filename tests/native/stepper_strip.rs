//! The sentence unrolled: what stands in the picture of a step, and what stays while numbers change.

use unrolled::engine::model::Model;
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::{Cell, Symbol, parse_cell};
use unrolled::language::Unit;
use unrolled::training::initial::xavier;
use unrolled::view::colour::{full_scale, heat_class};
use unrolled::view::markup::{Element, Node};
use unrolled::view::stepper::edits::{Edits, Target};
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::sequence::own;
use unrolled::view::stepper::strip::Frame;
use unrolled::view::stepper::{Direction, Part};

use crate::common::stacked;

fn model(cell: &Cell, units: usize, bias: f64) -> StepperModel {
    scaled(cell, units, bias, 1.0)
}

/// The same with all weights that many times as large.
fn scaled(cell: &Cell, units: usize, bias: f64, by: f64) -> StepperModel {
    let sequence = own("the cat", Unit::Character, None);
    let architecture = stacked(cell, 1, units, sequence.vocabulary.len());
    let weights: Vec<f64> =
        xavier::<f64>(&architecture, 3, |_| bias).into_iter().map(|weight| weight * by).collect();
    StepperModel::edited(Model::from_flat(&architecture, &weights), sequence, &Edits::default())
        .expect("the sentence fits the model")
}

fn all(node: &Node, wanted: impl Fn(&Element) -> bool) -> Vec<Element> {
    let mut found = Vec::new();
    node.each(&mut |element| {
        if wanted(element) {
            found.push(element.clone());
        }
    });
    found
}

fn classes(node: &Node, beginning: &str) -> Vec<String> {
    let class = |element: &Element| element.attribute("class").unwrap_or_default().to_owned();
    all(node, |element| class(element).starts_with(beginning)).iter().map(class).collect()
}

#[test]
fn every_unit_of_every_state_has_the_colour_of_its_number() {
    let cells = presets();
    let lstm = cells.iter().find(|preset| preset.id == "lstm").expect("a preset");
    let model = model(&lstm.cell, 6, 0.25);
    let frame = Frame::of(&model, Direction::Forward, 92.0);
    for step in 0..model.steps() {
        let picture = frame.picture(&model, step);
        // Memory on the left, the hidden state on the right; both are bounded by 1 here.
        let expected: Vec<String> = ["c", "a"]
            .iter()
            .flat_map(|state| {
                let values = model.column(Part::Layer(0), &Symbol::from(*state), step).expect("a state");
                values.iter().map(|value| heat_class(*value, 1.0)).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(classes(&picture, "h-"), expected, "step {step}");
    }
}

#[test]
fn wires_come_from_a_step_before_and_lead_to_a_step_after() {
    for preset in presets() {
        let model = model(&preset.cell, 4, 0.25);
        let states = preset.cell.states.len();
        let last = model.steps() - 1;
        for direction in [Direction::Forward, Direction::Backward] {
            let frame = Frame::of(&model, direction, 92.0);
            let wires = |step: usize| classes(&frame.picture(&model, step), "strip-wire").len();
            assert_eq!((wires(0), wires(1), wires(last)), (states, 2 * states, states), "{}", preset.id);
        }
    }
}

#[test]
fn many_units_are_shown_through_a_window_with_a_gap() {
    let model = model(&presets()[0].cell, 40, 0.25);
    let picture = Frame::of(&model, Direction::Forward, 92.0).picture(&model, 2);
    assert_eq!(classes(&picture, "strip-gap").len(), 1);
    assert!(classes(&picture, "h-").len() < 10);
}

#[test]
fn a_change_of_numbers_changes_no_element_of_a_picture() {
    fn tags(node: &Node) -> Vec<&'static str> {
        all(node, |_| true).iter().map(|element| element.tag).collect()
    }
    let cell = &presets()[0].cell;
    let (before, after) = (model(cell, 6, 0.25), model(cell, 6, -0.5));
    let frames = [&before, &after].map(|model| Frame::of(model, Direction::Forward, 92.0));
    assert_eq!(frames[0], frames[1], "states are bounded by 1: their scale stays");
    for step in 0..before.steps() {
        let pictures = [frames[0].picture(&before, step), frames[1].picture(&after, step)];
        assert_ne!(pictures[0], pictures[1], "step {step}");
        assert_eq!(tags(&pictures[0]), tags(&pictures[1]), "step {step}");
    }
}

#[test]
fn in_a_wider_pitch_the_box_stays_in_the_middle() {
    let model = model(&presets()[0].cell, 4, 0.25);
    for pitch in [92.0, 122.0] {
        let picture = Frame::of(&model, Direction::Forward, pitch).picture(&model, 1);
        let number = |element: &Element, name: &str| element.attribute(name)?.parse::<f64>().ok();
        let outline = &all(&picture, |element| element.attribute("class") == Some("strip-box"))[0];
        let (x, width) = (number(outline, "x").expect("x"), number(outline, "width").expect("width"));
        assert_eq!(2.0 * x + width, pitch);
    }
}

#[test]
fn an_input_whose_number_was_changed_is_no_longer_said_to_be_zero_or_its_symbol() {
    let cell = &presets()[0].cell;
    let sequence = own("the cat", Unit::Character, None);
    let architecture = stacked(cell, 1, 4, sequence.vocabulary.len());
    let weights = Model::from_flat(&architecture, &xavier::<f64>(&architecture, 3, |_| 0.25));
    let shown = |edits: &Edits, step: usize| {
        let model = StepperModel::edited(weights.clone(), sequence.clone(), edits).expect("it fits");
        let picture = Frame::of(&model, Direction::Forward, 92.0).picture(&model, step);
        let is_input =
            |one: &Element| one.attribute("class").is_some_and(|class| class.starts_with("strip-input"));
        let input = all(&picture, is_input).remove(0);
        (input.attribute("class").map(str::to_owned), Node::from(input).plain())
    };
    let plain = |class: &str| Some(class.to_owned());
    let mut edits = Edits::default();
    assert_eq!(shown(&edits, 0), (plain("strip-input zero"), "0".to_owned()));
    assert_eq!(shown(&edits, 1), (plain("strip-input"), "t".to_owned()));
    edits.put(Target::Input { step: 0, row: 0 }, Some(5.0));
    assert_eq!(shown(&edits, 0), (plain("strip-input"), "≠ 0".to_owned()));
    assert_eq!(shown(&edits, 1).1, "t", "another step's input stays");
    edits.put(Target::Input { step: 0, row: 0 }, Some(0.0));
    assert_eq!(shown(&edits, 0).1, "0", "a number that is what it was changes nothing");
}

#[test]
fn gradients_have_a_scale_of_their_own_whatever_a_state_is_called() {
    let text = "state mem\noutput mem\nmem<t> = tanh(W_m [mem<t-1>, x<t>] + b_m)";
    let cell = parse_cell(text).expect("a cell");
    // Small weights have small gradients.
    let model = scaled(&cell, 6, 0.25, 0.2);
    let gradients = model.values(Part::Layer(0), &Symbol::from("dmem")).expect("its gradient");
    let largest =
        gradients.iter().copied().reduce(|most, one| if one.abs() > most.abs() { one } else { most });
    let largest = largest.expect("there are gradients");
    let own = heat_class(largest, full_scale(gradients.iter().copied()));
    assert_ne!(own, heat_class(largest, 1.0), "{largest}: with the bound of states its colour is another");
    let frame = Frame::of(&model, Direction::Backward, 92.0);
    let drawn: Vec<String> =
        (0..model.steps()).flat_map(|step| classes(&frame.picture(&model, step), "h-")).collect();
    assert!(drawn.contains(&own), "{own} in {drawn:?}");
}
