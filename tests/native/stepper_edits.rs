//! What a reader changes in the Stepper: numbers typed over, units held, taken back, carried in a link; and where each
//! number came from.

mod explained;
mod history;
mod moved;

use std::sync::Arc;

use ndarray::Array2;
use unrolled::engine::model::Model;
use unrolled::engine::presets::{preset, presets};
use unrolled::engine::syntax::{Cell, Symbol};
use unrolled::engine::trace::trace;
use unrolled::language::Unit;
use unrolled::training::choice::architecture;
use unrolled::training::initial::xavier;
use unrolled::training::settings::{CellChoice, ModelSettings};
use unrolled::view::stepper::Part;
use unrolled::view::stepper::edits::{Edits, Target};
use unrolled::view::stepper::model::{Held, StepperModel, input_of};
use unrolled::view::stepper::opening::Numbers;
use unrolled::view::stepper::sequence::{Sequence, own};
use unrolled::view::stepper::subject::place_of;
use unrolled::view::stepper::task::{Task, Words, with_numbers};
use unrolled::view::stepper::terms::origin;

use crate::common::stacked;

const NEAR: f64 = 1e-11;

fn sequence() -> Sequence {
    own("the cat", Unit::Character, None)
}

fn base(cell: &Cell, layers: usize) -> Model<f64> {
    let symbols = sequence().vocabulary.len();
    let architecture = stacked(cell, layers, 3, symbols);
    Model::from_flat(&architecture, &xavier::<f64>(&architecture, 3, |_| 0.25))
}

fn weight(layer: Option<usize>, name: &Symbol, row: usize, column: usize) -> Target {
    Target::Weight { layer, name: name.clone(), row, column }
}

fn held(name: &str, unit: usize, step: Option<usize>) -> Target {
    Target::Held { layer: 0, name: name.into(), unit, step }
}

fn edits(all: impl IntoIterator<Item = (Target, f64)>) -> Edits {
    let mut edits = Edits::default();
    all.into_iter().for_each(|(target, value)| {
        edits.put(target, Some(value));
    });
    edits
}

#[track_caller]
fn near(found: f64, expected: f64, what: &str) {
    let size = expected.abs().max(1.0);
    assert!((found - expected).abs() <= NEAR * size, "{what}: {found}, expected {expected}");
}

#[test]
fn a_trace_after_changes_is_the_trace_made_with_those_numbers_from_the_beginning() {
    for preset in presets() {
        for layers in [1, 2] {
            let model = base(&preset.cell, layers);
            let (mut by_hand, mut input) = (model.clone(), input_of(&sequence()));
            let mut all = Vec::new();
            for layer in 0..layers {
                for (number, (name, values)) in by_hand.layers[layer].weights.iter_mut().enumerate() {
                    let (row, column) = (number % values.nrows(), values.ncols() - 1);
                    values[(row, column)] = 0.3 * number as f64 - 0.7;
                    all.push((weight(Some(layer), name, row, column), values[(row, column)]));
                }
            }
            let (name, bias) = &mut by_hand.head.weights[1];
            bias[(2, 0)] = -1.5;
            all.push((weight(None, name, 2, 0), -1.5));
            input.x[(1, 0, 0)] = 0.5;
            all.push((Target::Input { step: 1, row: 0 }, 0.5));
            let states = preset.cell.states.clone();
            input.initial = vec![vec![Array2::zeros((3, 1)); states.len()]; layers];
            for (number, name) in states.into_iter().enumerate() {
                input.initial[layers - 1][number][(1, 0)] = 0.9;
                all.push((Target::Initial { layer: layers - 1, name, row: 1 }, 0.9));
            }
            let expected = trace(&by_hand, &input).unwrap();
            let found = StepperModel::edited(model.clone(), sequence(), &edits(all.clone())).unwrap();
            assert_eq!(found.trace, expected, "{} {layers}", preset.id);
            assert_eq!(found.applied.waiting, 0);
            let untouched = StepperModel::new(model, sequence()).unwrap();
            assert_ne!(found.trace.loss_sum, untouched.trace.loss_sum);
            for (target, value) in all {
                assert_eq!(found.number(&target), Some(value), "{target:?}");
                assert_eq!(found.came(&target), untouched.number(&target), "{target:?}");
            }
        }
    }
}

#[test]
fn a_unit_is_held_at_exactly_the_number_at_one_step_or_at_all() {
    let model = base(&presets().iter().find(|preset| preset.id == "lstm").unwrap().cell, 1);
    let free = StepperModel::new(model.clone(), sequence()).unwrap();
    let changed =
        edits([(held("Γ_f", 1, None), 0.0), (held("Γ_f", 1, Some(2)), 1.0), (held("a", 0, Some(4)), -2.5)]);
    let found = StepperModel::edited(model, sequence(), &changed).unwrap();
    let of = |model: &StepperModel, name: &str| model.trace.layers[0].value(&name.into()).unwrap().clone();
    let gradient = found.trace.layers[0].gradient(&"Γ_f".into()).unwrap();
    let (gates, shown, before) = (of(&found, "Γ_f"), of(&found, "a"), of(&free, "Γ_f"));
    for step in 0..found.steps() {
        assert_eq!(gates[(step, 1, 0)], f64::from(step == 2), "the hold of one step goes before that of all");
        assert_eq!(gradient[(step, 1, 0)], 0.0);
        // There is nothing to forget at the first step, so the second is the first whose memory is another.
        let is_upstream = step < 2;
        assert_eq!(
            gates[(step, 0, 0)] == before[(step, 0, 0)],
            is_upstream,
            "other units follow what is upstream"
        );
    }
    assert_eq!(shown[(4, 0, 0)], -2.5);
    // The equation opened shows what is held.
    let line = &found.lines.forward[place_of(&found, Part::Layer(0), &"Γ_f".into(), 0).unwrap().equation];
    let opened = found.at_line(line, 2).of(&line.expr).unwrap();
    assert_eq!((opened[(1, 0)], opened[(0, 0)]), (1.0, gates[(2, 0, 0)]));
    let came = origin(&found, Part::Layer(0), &"Γ_f".into(), 2, 1).unwrap();
    assert_eq!(came.held, Some(Held::At(1.0)));
    assert!(came.computed > 0.0 && came.computed < 1.0, "what the equation would give: {}", came.computed);
}

#[test]
fn what_has_no_place_in_a_model_waits_and_changes_nothing() {
    let model = base(&presets()[0].cell, 1);
    let changed = edits([
        (weight(Some(0), &"W_q".into(), 0, 0), 1.0),
        (weight(Some(3), &"W_aa".into(), 0, 0), 1.0),
        (weight(None, &"W_ya".into(), 99, 0), 1.0),
        (Target::Input { step: 90, row: 0 }, 1.0),
        (Target::Initial { layer: 0, name: "c".into(), row: 0 }, 1.0),
        (held("Γ_f", 0, None), 1.0),
        (held("a", 7, None), 1.0),
        (held("a", 0, Some(90)), 1.0),
        // A name on the way is no line of the text.
        (held("z_a", 0, None), 1.0),
    ]);
    let found = StepperModel::edited(model.clone(), sequence(), &changed).unwrap();
    assert_eq!(found.applied.waiting, changed.len());
    assert_eq!(found.trace, StepperModel::new(model, sequence()).unwrap().trace);
}

#[test]
fn a_first_state_that_is_not_said_is_changed_from_zeros() {
    let cell = &preset("lstm").unwrap().cell;
    let mut model = base(cell, 2);
    let mut input = input_of(&sequence());
    input.initial = vec![Vec::new(), Vec::new()];
    let target = Target::Initial { layer: 1, name: "c".into(), row: 2 };
    let applied = edits([(target, 0.5)]).apply(&mut model, &mut input);
    assert_eq!(applied.waiting, 0);
    assert!(input.initial[0].is_empty(), "what is not changed stays as it is");
    assert_eq!(input.initial[1][1][[2, 0]], 0.5);
}

#[test]
fn the_worker_gives_the_very_model_that_the_page_would() {
    let settings =
        ModelSettings { cell: CellChoice::Preset("gru".into()), hidden: 3, ..ModelSettings::default() };
    let architecture = architecture(&settings, sequence().vocabulary.len()).unwrap();
    let model = Arc::new(Model::from_flat(&architecture, &xavier::<f64>(&architecture, 3, |_| 0.25)));
    let changed = edits([
        (Target::Input { step: 0, row: 2 }, 1.0),
        (weight(None, &"b_y".into(), 0, 0), 0.1 + 0.2),
        (held("Γ_u", 2, Some(1)), 0.0),
    ]);
    let task = Task { model: settings, own: None, words: Words::Cut(sequence()), edits: changed.clone() };
    // As it travels.
    let task: Task = serde_json::from_str(&serde_json::to_string(&task).unwrap()).unwrap();
    let (same, numbers) = task.perform(&model.to_flat(), None).unwrap();
    let done = with_numbers(&task, &model, same, &numbers).unwrap();
    let mut here = StepperModel::edited(model.as_ref().clone(), sequence(), &changed).unwrap();
    here.trace.layers.iter_mut().for_each(|layer| layer.weight_gradients.clear());
    here.trace.head.weight_gradients.clear();
    assert_eq!(done.trace, here.trace);
    assert_eq!((done.model, done.applied), (here.model, here.applied));
}
