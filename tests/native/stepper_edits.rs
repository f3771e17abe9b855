//! What a reader changes in the Stepper: numbers typed over, units held, taken back, carried in a link; and where each
//! number came from.

use std::sync::Arc;

use ndarray::Array2;
use proptest::prelude::*;
use unrolled::engine::architecture::{Architecture, LayerShape};
use unrolled::engine::model::Model;
use unrolled::engine::presets::{presets, softmax_head};
use unrolled::engine::syntax::{Cell, Expr, Symbol};
use unrolled::engine::trace::{Trace, trace};
use unrolled::language::Unit;
use unrolled::training::choice::architecture;
use unrolled::training::initial::xavier;
use unrolled::training::settings::{CellChoice, ModelSettings};
use unrolled::view::stepper::edits::{
    Edits, History, LARGEST, MOST_EDITS, NotTaken, Target, dragged, for_a_field, nudged, reach, read_number,
};
use unrolled::view::stepper::model::{StepperModel, input_of};
use unrolled::view::stepper::opening::{Numbers, Piece, Standing, open};
use unrolled::view::stepper::sequence::{Sequence, own};
use unrolled::view::stepper::shares::{by_loss, shares};
use unrolled::view::stepper::spell::Entry;
use unrolled::view::stepper::subject::{Subject, place_of, subject};
use unrolled::view::stepper::task::{Task, Words, with_numbers};
use unrolled::view::stepper::terms::{hold_of, origin};
use unrolled::view::stepper::{Direction, Part};

const NEAR: f64 = 1e-11;

fn sequence() -> Sequence {
    own("the cat", Unit::Character, None)
}

fn base(cell: &Cell, layers: usize) -> Model<f64> {
    let symbols = sequence().vocabulary.len();
    let architecture = Architecture {
        layers: (0..layers).map(|_| LayerShape::new(Arc::new(cell.clone()), 3)).collect(),
        head: Arc::new(softmax_head()),
        input: symbols,
        output: symbols,
    };
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
    assert_eq!(came.held, Some(1.0));
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
    let task = Task { model: settings, words: Words::Cut(sequence()), edits: changed.clone() };
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
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ];
    prop::collection::vec(act, 0..60)
}

proptest! {
    #[test]
    fn whatever_is_done_can_be_taken_back_and_done_again(acts in acts()) {
        let (mut edits, mut history) = (Edits::default(), History::default());
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
                Act::Undo => {
                    if history.undo(&mut edits).is_some() {
                        let undone = edits.clone();
                        history.redo(&mut edits);
                        prop_assert_eq!(&edits, &before, "redo after undo");
                        history.undo(&mut edits);
                        prop_assert_eq!(&edits, &undone);
                    }
                }
                Act::Redo => {
                    if history.redo(&mut edits).is_some() {
                        let redone = edits.clone();
                        history.undo(&mut edits);
                        prop_assert_eq!(&edits, &before, "undo after redo");
                        history.redo(&mut edits);
                        prop_assert_eq!(&edits, &redone);
                    }
                }
            }
        }
        let last = edits.clone();
        let mut steps = 0;
        while history.undo(&mut edits).is_some() {
            steps += 1;
        }
        prop_assert!(edits.is_empty(), "everything is as it came");
        for _ in 0..steps {
            history.redo(&mut edits);
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
    history.undo(&mut edits);
    assert_eq!(edits.get(&target), Some(0.3));
    let back = history.undo(&mut edits).unwrap();
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

/// A model of each preset with one and two layers, some of its numbers changed.
fn changed_models() -> impl Iterator<Item = (String, StepperModel)> {
    presets().iter().flat_map(|preset| {
        [1, 2].map(|layers| {
            let states = preset.cell.states.iter();
            let initial = states.map(|name| (Target::Initial { layer: 0, name: name.clone(), row: 2 }, 0.4));
            let changed = edits(initial.chain([(Target::Input { step: 0, row: 1 }, 0.7)]));
            let model = StepperModel::edited(base(&preset.cell, layers), sequence(), &changed);
            (format!("{} {layers}", preset.id), model.unwrap())
        })
    })
}

/// The number that a subject stands for, by the trace.
fn number(model: &StepperModel, subject: &Subject) -> Option<f64> {
    let entry = |part: &Part, name: &Symbol, step: usize, row: usize| {
        if name.0 == "l" {
            return model.loss(step);
        }
        model.column(*part, name, step)?.get((row, 0)).copied()
    };
    match subject {
        Subject::Given(target) => model.number(target),
        Subject::Value { part, name, step, row } => entry(part, name, *step, *row),
        Subject::Gradient { part, name, step, row } => match step.checked_sub(1) {
            Some(step) => entry(part, &name.gradient(), step, *row),
            None => {
                let Part::Layer(layer) = part else { return None };
                let states = &model.trace.layers[*layer].initial_gradients;
                states.iter().find(|(known, _)| known == name)?.1.get((*row, 0)).copied()
            }
        },
        Subject::WeightGradient { .. } => weight_gradient(&model.trace, subject),
    }
}

fn weight_gradient(trace: &Trace<f64>, subject: &Subject) -> Option<f64> {
    let Subject::WeightGradient { part, name, row, column } = subject else { return None };
    let gradients = match part {
        Part::Layer(layer) => &trace.layers[*layer].weight_gradients,
        Part::Head => &trace.head.weight_gradients,
    };
    gradients.iter().find(|(known, _)| known == name)?.1.get((*row, *column)).copied()
}

#[test]
fn every_number_of_an_opened_line_is_what_its_subject_says() {
    for (name, model) in changed_models() {
        let mut given = 0;
        for direction in [Direction::Forward, Direction::Backward] {
            for (number_of_line, line) in model.lines.along(direction).iter().enumerate() {
                for step in [0, model.steps() - 1] {
                    let pieces = open(&line.targets, &line.expr, &model.at_line(line, step)).unwrap();
                    for piece in &pieces {
                        let Piece::Block(block) = piece else { continue };
                        // What a backward line gives is a part of a gradient, not the whole.
                        let is_whole = block.standing == Standing::Read || direction == Direction::Forward;
                        for ((row, column), value) in block.values.indexed_iter() {
                            let what = format!(
                                "{name} {direction:?} {number_of_line} step {step}: {:?}",
                                block.label
                            );
                            let Some(found) = subject(&model, line.part, step, block, Entry { row, column })
                            else {
                                continue;
                            };
                            given += usize::from(matches!(found, Subject::Given(_)));
                            if is_whole && is_plain(&block.label) {
                                let expected = number(&model, &found);
                                near(*value, expected.unwrap_or_else(|| panic!("{what}: {found:?}")), &what);
                            }
                        }
                    }
                }
            }
        }
        assert!(given > 100, "{name}: {given} numbers that can be changed");
    }
}

/// Whether a block shows values as they are, not a function of them. A gradient that is still on its way is read too.
fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Value(..) | Expr::Parameter(_) => true,
        Expr::Transpose(inner) => is_plain(inner),
        Expr::Stack(parts) => parts.iter().all(is_plain),
        _ => false,
    }
}

#[test]
fn the_terms_of_every_value_add_up_to_it_and_each_leads_to_its_number() {
    for (what, model) in changed_models() {
        for line in &model.lines.forward {
            for step in 0..model.steps() {
                let name = line.name().unwrap();
                let rows = model.at(line.part, step).of(&line.expr).unwrap().nrows();
                for row in 0..rows {
                    let came = origin(&model, line.part, name, step, row).unwrap();
                    let what = format!("{what}: {name} step {step} row {row}");
                    near(came.terms.iter().map(|term| term.value).sum(), came.sum, &what);
                    near(came.computed, model.at(line.part, step).of(&line.expr).unwrap()[(row, 0)], &what);
                    for term in &came.terms {
                        let product: f64 = term.factors.iter().map(|factor| factor.value).product();
                        near(product, term.value.abs() * product.signum(), &what);
                        for factor in &term.factors {
                            let is_plain = matches!(factor.label, Expr::Value(..) | Expr::Parameter(_));
                            if let Some(subject) = factor.subject.as_ref().filter(|_| is_plain) {
                                let there =
                                    number(&model, subject).unwrap_or_else(|| panic!("{what}: {subject:?}"));
                                near(factor.value, there, &what);
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_parts_of_every_gradient_add_up_by_line_and_by_loss() {
    for (what, model) in changed_models() {
        let mut subjects = Vec::new();
        for (layer, traced) in model.trace.layers.iter().enumerate() {
            let part = Part::Layer(layer);
            for (name, _) in &traced.values {
                for step in [1, 3, model.steps()] {
                    subjects.push(Subject::Gradient { part, name: name.clone(), step, row: 1 });
                }
            }
            for (name, _) in &traced.initial {
                subjects.push(Subject::Gradient { part, name: name.clone(), step: 0, row: 2 });
            }
            for (name, values) in &traced.weight_gradients {
                let column = values.ncols() - 1;
                subjects.push(Subject::WeightGradient { part, name: name.clone(), row: 0, column });
            }
        }
        subjects.push(Subject::Gradient { part: Part::Layer(0), name: "x".into(), step: 2, row: 1 });
        subjects.push(Subject::Gradient { part: Part::Head, name: "z_y".into(), step: 2, row: 1 });
        subjects.push(Subject::WeightGradient { part: Part::Head, name: "W_ya".into(), row: 1, column: 2 });
        for subject in subjects {
            let what = format!("{what}: {subject:?}");
            let whole = match &subject {
                Subject::Gradient { part: Part::Layer(0), name, step, row } if name.0 == "x" => {
                    model.trace.layers[0].x_gradient[(step - 1, *row, 0)]
                }
                subject => number(&model, subject).unwrap_or_else(|| panic!("{what}")),
            };
            let parts = shares(&model, &subject).unwrap_or_else(|| panic!("{what}"));
            near(parts.iter().map(|part| part.value).sum(), whole, &format!("{what}, by line"));
            let losses = by_loss(&model, &subject).unwrap_or_else(|| panic!("{what}"));
            assert_eq!(losses.len(), model.steps());
            near(losses.iter().sum(), whole, &format!("{what}, by loss"));
        }
    }
}

#[test]
fn what_an_equation_computes_can_be_held_and_what_is_given_cannot() {
    let model = StepperModel::new(base(&presets()[0].cell, 1), sequence()).unwrap();
    let value = |part, name: &str| Subject::Value { part, name: name.into(), step: 2, row: 1 };
    assert_eq!(hold_of(&model, &value(Part::Layer(0), "a"), false), Some(held("a", 1, Some(2))));
    assert_eq!(hold_of(&model, &value(Part::Layer(0), "a"), true), Some(held("a", 1, None)));
    assert_eq!(hold_of(&model, &value(Part::Layer(0), "z_a"), true), None);
    assert_eq!(hold_of(&model, &value(Part::Head, "ŷ"), true), None);
    assert_eq!(hold_of(&model, &Subject::Given(Target::Input { step: 0, row: 0 }), true), None);
}
