//! Derived gradients against central differences: every weight, input and initial state, for the presets, the
//! example cells, and random cells written in the language.

use std::sync::Arc;

use ndarray::{Array2, Array3};
use proptest::prelude::*;
use unrolled::engine::analysis::LayerAtStep;
use unrolled::engine::evaluate::evaluate_value;
use unrolled::engine::model::{HeadWeights, Layer, Model};
use unrolled::engine::presets;
use unrolled::engine::syntax::{Cell, Expr, Function, parse_cell};
use unrolled::engine::trace::{Hold, Labels, LossAt, Trace, TraceError, TraceInput, trace};
use unrolled::language::random::Random;

use crate::common::ODD_CELLS;

const STEPS: usize = 4;
const BATCH: usize = 4;
const INPUT: usize = 3;
const HIDDEN: usize = 3;
const OUTPUT: usize = 4;

/// A model of this cell in `layers` layers with random weights, and a random input with two lengths.
pub(crate) fn example(cell: &Cell, layers: usize, seed: u64) -> (Model<f64>, TraceInput<f64>) {
    let cell = Arc::new(cell.clone());
    example_stack(&vec![cell; layers], seed)
}

/// The same for cells that differ, the lowest first.
pub(crate) fn example_stack(cells: &[Arc<Cell>], seed: u64) -> (Model<f64>, TraceInput<f64>) {
    let mut random = Random::new(seed, 9);
    let mut number = |scale: f64| (2.0 * random.uniform() - 1.0) * scale;
    let head = Arc::new(presets::softmax_head());
    let layers = cells.iter().enumerate().map(|(index, cell)| {
        let input = if index == 0 { INPUT } else { HIDDEN };
        let weights = cell.parameters.iter().map(|parameter| {
            let shape = (parameter.rows.size(HIDDEN, input, 0), parameter.columns.size(HIDDEN, input, 0));
            (parameter.name.clone(), Array2::from_shape_simple_fn(shape, || number(0.8)))
        });
        let weights = weights.collect();
        Layer { cell: cell.clone(), hidden: HIDDEN, weights }
    });
    let layers: Vec<_> = layers.collect();
    let weights = head.parameters.iter().map(|parameter| {
        let shape =
            (parameter.rows.size(HIDDEN, HIDDEN, OUTPUT), parameter.columns.size(HIDDEN, HIDDEN, OUTPUT));
        (parameter.name.clone(), Array2::from_shape_simple_fn(shape, || number(0.8)))
    });
    let weights = weights.collect();
    let initial = layers.iter().map(|layer| {
        let states = layer.cell.states.iter();
        states.map(|_| Array2::from_shape_simple_fn((HIDDEN, BATCH), || number(0.5))).collect()
    });
    let initial = initial.collect();
    let model = Model { head: HeadWeights { head, weights }, layers, input: INPUT, output: OUTPUT };
    let x = Array3::from_shape_simple_fn((STEPS, INPUT, BATCH), || number(1.0));
    let y = Array2::from_shape_fn((STEPS, BATCH), |(step, sample)| (step * 3 + sample) % OUTPUT);
    let lengths = vec![STEPS, STEPS - 1, STEPS, 2];
    (
        model,
        TraceInput { x, y: Labels::Ids(y), lengths, initial, loss_at: LossAt::EveryStep, holds: Vec::new() },
    )
}

fn loss(model: &Model<f64>, input: &TraceInput<f64>) -> f64 {
    trace(model, input).expect("the example fits its model").loss_sum
}

/// A difference across the kink of ReLU says nothing about the slope on either side.
fn is_away_from_kinks(traced: &Trace<f64>) -> bool {
    let named = traced.layers.iter().flat_map(|layer| &layer.values);
    let mut arguments = named.filter(|(name, _)| name.0.starts_with("z_"));
    arguments.all(|(_, values)| values.iter().all(|value| value.abs() > 2e-3))
}

/// Central differences of second order with one Richardson step, so that the error is of order h⁴. A small h is for where
/// the loss bends sharply, as batch normalisation does where samples nearly agree, a larger one for where rounding would
/// decide: of both it is the one nearer to what is checked, and a wrong gradient agrees with neither.
fn slope(found: f64, mut at: impl FnMut(f64) -> f64) -> f64 {
    let mut difference = |h: f64| (at(h) - at(-h)) / (2.0 * h);
    let mut expected = |h: f64| (4.0 * difference(h / 2.0) - difference(h)) / 3.0;
    let (wide, narrow) = (expected(5e-5), expected(1e-5));
    if (found - wide).abs() <= (found - narrow).abs() { wide } else { narrow }
}

#[track_caller]
fn check_close(what: &str, found: f64, expected: f64, scale: f64) {
    assert!(
        (found - expected).abs() <= 2e-6 * scale.max(1e-3),
        "{what}: derived {found}, differences {expected}"
    );
}

#[track_caller]
fn check(cell: &Cell, layers: usize, seed: u64) {
    let cell = Arc::new(cell.clone());
    check_stack(&vec![cell; layers], seed);
}

/// A cell's text in one layer and in two.
#[track_caller]
fn check_text(text: &str) {
    let cell = parse_cell(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    check(&cell, 1, 6);
    check(&cell, 2, 7);
}

/// Every weight, input and initial state of a stack against central differences.
#[track_caller]
pub fn check_stack(cells: &[Arc<Cell>], seed: u64) {
    let (model, input, traced) = (seed..)
        .map(|seed| {
            let (model, input) = example_stack(cells, seed);
            let traced: Trace<f64> = trace(&model, &input).expect("the example fits its model");
            (model, input, traced)
        })
        .find(|(.., traced)| is_away_from_kinks(traced))
        .expect("seeds do not end");
    check_trace(&model, &input, &traced);
}

/// Every value of a trace against its equation, read term by term.
#[track_caller]
fn check_forward(model: &Model<f64>, input: &TraceInput<f64>, traced: &Trace<f64>) {
    for (layer, trace) in model.layers.iter().zip(&traced.layers) {
        let is_of_batch = |expr: &Expr| expr.any(&|part| matches!(part, Expr::Call(Function::BatchNorm, _)));
        // As they stand in the text, so that a name for an inner term changes nothing.
        for line in layer.cell.equations.iter().filter(|line| !is_of_batch(&line.expr)) {
            let values = trace.value(&line.target.name).expect("a traced value");
            for (sample, length) in input.lengths.iter().enumerate() {
                for step in 0..*length {
                    let scope = LayerAtStep { layer, trace, step, sample };
                    let expected =
                        evaluate_value(&line.expr, HIDDEN, &scope).expect("a value of the right shape");
                    for (row, expected) in expected.iter().enumerate() {
                        let found = values[(step, row, sample)];
                        assert!(
                            (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
                            "{}<{step}>[{row}] of sample {sample}: traced {found}, by its equation {expected}: {line}",
                            line.target.name
                        );
                    }
                }
            }
        }
    }
}

/// Every gradient of a trace against central differences.
#[track_caller]
fn check_trace(model: &Model<f64>, input: &TraceInput<f64>, traced: &Trace<f64>) {
    assert!(traced.loss_sum.is_finite());
    if input.holds.is_empty() {
        check_forward(model, input, traced);
    }
    for layer in 0..model.layers.len() {
        for (index, (name, gradient)) in traced.layers[layer].weight_gradients.iter().enumerate() {
            let scale = gradient.iter().fold(0.0_f64, |most, entry| most.max(entry.abs()));
            for (place, found) in gradient.indexed_iter() {
                let expected = slope(*found, |h| {
                    let mut moved = model.clone();
                    moved.layers[layer].weights[index].1[place] += h;
                    loss(&moved, input)
                });
                check_close(&format!("d{name}{place:?} of layer {layer}"), *found, expected, scale);
            }
        }
        for (index, (name, gradient)) in traced.layers[layer].initial_gradients.iter().enumerate() {
            for (place, found) in gradient.indexed_iter() {
                let expected = slope(*found, |h| {
                    let mut moved = input.clone();
                    moved.initial[layer][index][place] += h;
                    loss(model, &moved)
                });
                check_close(&format!("d{name}<0>{place:?}"), *found, expected, 1.0);
            }
        }
    }
    for (index, (name, gradient)) in traced.head.weight_gradients.iter().enumerate() {
        for (place, found) in gradient.indexed_iter() {
            let expected = slope(*found, |h| {
                let mut moved = model.clone();
                moved.head.weights[index].1[place] += h;
                loss(&moved, input)
            });
            check_close(&format!("d{name}{place:?}"), *found, expected, 1.0);
        }
    }
    for (place, found) in traced.layers[0].x_gradient.indexed_iter() {
        let expected = slope(*found, |h| {
            let mut moved = input.clone();
            moved.x[place] += h;
            loss(model, &moved)
        });
        check_close(&format!("dx{place:?}"), *found, expected, 1.0);
    }
    // Past a sample's length nothing reaches x.
    for (sample, length) in input.lengths.iter().enumerate() {
        let past = traced.layers[0].x_gradient.slice(ndarray::s![*length.., .., sample]);
        assert!(past.iter().all(|entry| *entry == 0.0));
    }
}

/// Holds one unit of one value after the other, and all units of it, and looks at the gradients of what is left.
#[track_caller]
fn check_held(cells: &[Arc<Cell>], seed: u64) {
    let (model, free) = example_stack(cells, seed);
    let top = cells.len() - 1;
    let names: Vec<_> =
        trace(&model, &free).unwrap().layers[top].values.iter().map(|(name, _)| name.clone()).collect();
    for (number, name) in names.iter().enumerate() {
        let unit = (number % 3 != 0).then_some(number % HIDDEN);
        let value = [0.0, 1.0, 0.5][number % 3];
        let hold = Hold { layer: top, name: name.clone(), unit, from: 1, to: 3, value };
        let input = TraceInput { holds: vec![hold], ..free.clone() };
        let traced = trace(&model, &input).expect("there is such a unit");
        let values = traced.layers[top].value(name).unwrap();
        let gradients = traced.layers[top].gradient(name).unwrap();
        for step in 1..3 {
            for held in (0..HIDDEN).filter(|held| unit.is_none_or(|unit| unit == *held)) {
                // The first sample has all its steps.
                assert_eq!(values[(step, held, 0)], value, "{name} is what it is held at");
                assert_eq!(gradients[(step, held, 0)], 0.0, "nothing flows on through {name}");
            }
        }
        if is_away_from_kinks(&traced) {
            check_trace(&model, &input, &traced);
        }
    }
}

#[test]
fn with_units_held_every_gradient_agrees_with_central_differences() {
    for preset in presets::presets() {
        let cell = Arc::new(preset.cell.clone());
        check_held(std::slice::from_ref(&cell), 8);
    }
    for text in [
        // Values that are read in several places, linear ones, ones whose terms have gradients of their own.
        "state a\na<t> = W_aa a<t-1> + W_ax x<t> + b_a",
        "state a, c\nq<t> = W_q [a<t-1>, x<t>]\nc<t> = q<t> * q<t> + U_c (q<t> * c<t-1>) + V_c (q<t> * c<t-1>)\n\
         a<t> = tanh(c<t>) + q<t>",
    ] {
        let cell = Arc::new(parse_cell(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}")));
        check_held(&[cell.clone(), cell], 9);
    }
}

#[test]
fn what_is_not_there_cannot_be_held() {
    let (model, free) = example(&presets::presets()[0].cell, 1, 3);
    let hold = |layer, name: &str, unit| Hold { layer, name: name.into(), unit, from: 0, to: 1, value: 0.0 };
    for wrong in [hold(1, "a", None), hold(0, "Γ_q", None), hold(0, "a", Some(HIDDEN))] {
        let input = TraceInput { holds: vec![wrong], ..free.clone() };
        assert!(matches!(trace(&model, &input), Err(TraceError::Hold { .. })));
    }
}

#[test]
fn every_preset_agrees_with_central_differences_in_one_layer_and_in_two() {
    for preset in presets::presets() {
        check(&preset.cell, 1, 3);
        check(&preset.cell, 2, 4);
    }
}

#[test]
fn the_example_cells_agree_with_central_differences() {
    for (_, text) in presets::EXAMPLES {
        // The residual cell's input has as many rows as its state: n_x = n_a here.
        check(&parse_cell(text).expect("the examples are cells"), 1, 5);
    }
}

#[test]
fn normalisations_softmax_and_quotients_agree_with_central_differences() {
    for text in [
        "state a\na<t> = tanh(layernorm(W_aa a<t-1> + W_ax x<t>) * g_a + b_a)",
        "state a\na<t> = tanh(batchnorm(W_aa a<t-1> + W_ax x<t>) * g_a + b_a)",
        "state a\na<t> = softmax(W_a [a<t-1>, x<t>] + b_a) - a<t-1> / (2 + a<t-1>^2)",
        "state a\nq<t> = exp(-a<t-1>) * log(3 + a<t-1>)\na<t> = tanh(W_a [q<t>, x<t>]) * sum(q<t> * p_q)",
        "state a\na<t> = W_aa a<t-1> + W_ax x<t> + b_a",
        "state a\na<t> = Γ_u * (W_ax x<t> + b_a) + (1 - Γ_u) * a<t-1>".replace("Γ_u", "k_u").as_str(),
        "state a\na<t> = tanh(W_a (W_b [a<t-1>, x<t>]) + U_a (a<t-1> * a<t-1>))",
        "state a, m\nm<t> = relu(W_m x<t>) - m<t-1>\na<t> = leaky_relu(W_a m<t> + p_a * a<t-1>^3)",
    ] {
        check_text(text);
    }
}

#[test]
fn stacks_anywhere_and_single_rows_agree_with_central_differences() {
    for text in ODD_CELLS {
        check_text(text);
    }
}

/// A random element-wise expression over the values known so far.
fn element_wise(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("a<t-1>".to_owned()),
        Just("c<t-1>".to_owned()),
        Just("q".to_owned()),
        Just("p_a".to_owned()),
        Just("0.5".to_owned()),
    ];
    leaf.prop_recursive(depth, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} + {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} - {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} * {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} / (2 + {right}^2))")),
            inner.clone().prop_map(|inner| format!("tanh({inner})")),
            inner.clone().prop_map(|inner| format!("σ({inner})")),
            inner.clone().prop_map(|inner| format!("swish({inner})")),
            inner.clone().prop_map(|inner| format!("exp(-({inner})^2)")),
            inner.clone().prop_map(|inner| format!("softmax({inner} * a<t-1>)")),
            inner.clone().prop_map(|inner| format!("sum({inner} * c<t-1>)")),
            inner.clone().prop_map(|inner| format!("sum({inner})")),
            inner.clone().prop_map(|inner| format!("sum(W_? {inner} + p_a)")),
            inner.clone().prop_map(|inner| format!("sum(tanh([{inner}, x<t>]))")),
            inner.clone().prop_map(|inner| format!("(W_? tanh([{inner}, x<t>]))")),
            inner.clone().prop_map(|inner| format!("(W_? ([x<t>, {inner}, a<t-1>] * 2))")),
            inner.clone().prop_map(|inner| format!("sum(tanh([x<t>, W_? {inner} - 1]))")),
            inner.clone().prop_map(|inner| format!("softmax(sum(W_? {inner}) * q)")),
            inner.prop_map(|inner| format!("(W_? (σ(W_? {inner} + a<t-1>) * q))")),
        ]
    })
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_cells_agree_with_central_differences(
        gate in element_wise(2),
        inner in element_wise(2),
        new in element_wise(3),
        shown in element_wise(2),
        seed in 0u64..1000,
    ) {
        let text = format!(
            "state a, c\nq<t> = tanh(W_q [a<t-1>, x<t>] + b_q)\nΓ_u<t> = σ(W_u [{inner}, x<t>, q] + {gate})\n\
             c<t> = Γ_u * tanh({new}) + (1 - Γ_u) * c<t-1>\na<t> = tanh(W_a c<t> + U_a x<t>) * σ({shown})"
        );
        // Each product has a matrix of its own.
        let mut pieces = text.split("W_?");
        let first = pieces.next().unwrap_or_default().to_owned();
        let text = pieces.enumerate().fold(first, |text, (number, piece)| format!("{text}W_n{number}{piece}"));
        match parse_cell(&text) {
            Ok(cell) => check(&cell, 1, seed),
            // A stack of a number has no rows to stack: the language refuses it.
            Err(_) => prop_assume!(false),
        }
    }
}
