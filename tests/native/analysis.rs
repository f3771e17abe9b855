//! What a reader asks of a trace: Jacobians, their products and sizes, the itemised gradient, the gradient check.

use ndarray::{Array2, array};
use proptest::prelude::*;
use unrolled::engine::analysis::{
    AnalysisError, CheckedWeight, GradientCheck, LayerAtStep, itemise, product_back_to, spectral_norm,
    spectral_radius, state_jacobian, with_spectral_radius,
};
use unrolled::engine::model::Model;
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::{Cell, Symbol, parse_cell};
use unrolled::engine::trace::{LossAt, TraceInput, trace};

use crate::gradients::example;

fn cells() -> Vec<(String, Cell)> {
    let presets = presets().iter().map(|preset| (preset.id.to_owned(), preset.cell.clone()));
    // A term without a name that two products share, a state that is not the output, and normalised gates.
    let own = [
        (
            "reset",
            "state c\noutput a\nΓ_r<t> = σ(W_r [c<t-1>, x<t>] + b_r)\nc<t> = tanh(W_c [Γ_r<t> * c<t-1>, x<t>] + V (Γ_r<t> * c<t-1>) + b_c)\na<t> = 2 * c<t>",
        ),
        ("normalised", "state a\na<t> = tanh(layernorm(W_a [a<t-1>, x<t>]) * g_a + b_a)"),
    ];
    let own = own.map(|(name, text)| (name.to_owned(), parse_cell(text).expect("a cell of this test")));
    presets.chain(own).collect()
}

/// Final states of the only layer and sample, stacked, for initial states given as one column.
fn final_states(model: &Model<f64>, input: &TraceInput<f64>, initial: &[f64]) -> Vec<f64> {
    let hidden = model.layers[0].hidden;
    let columns =
        initial.chunks(hidden).map(|state| Array2::from_shape_fn((hidden, 1), |(row, _)| state[row]));
    let input = TraceInput { initial: vec![columns.collect()], ..input.clone() };
    let found = trace(model, &input).expect("the example fits its model");
    found.layers[0].final_states.iter().flat_map(|(_, state)| state.iter().copied()).collect()
}

/// The first sample alone.
fn one_sample(input: &TraceInput<f64>) -> TraceInput<f64> {
    let first = ndarray::s![.., .., 0..1];
    let y = match &input.y {
        unrolled::engine::trace::Labels::Ids(ids) => ids.slice(ndarray::s![.., 0..1]).to_owned(),
        unrolled::engine::trace::Labels::Binary(_) => unreachable!("the example has ids"),
    };
    let initial = input
        .initial
        .iter()
        .map(|states| states.iter().map(|state| state.slice(ndarray::s![.., 0..1]).to_owned()).collect());
    TraceInput {
        x: input.x.slice(first).to_owned(),
        y: unrolled::engine::trace::Labels::Ids(y),
        lengths: input.lengths[..1].to_vec(),
        initial: initial.collect(),
        loss_at: LossAt::EveryStep,
        holds: Vec::new(),
    }
}

#[test]
fn the_product_of_the_jacobians_is_the_slope_of_the_last_state_by_the_first() {
    for (name, cell) in cells() {
        let (model, input) = example(&cell, 1, 5);
        let input = one_sample(&input);
        let traced = trace(&model, &input).expect("the example fits its model");
        let jacobians: Vec<Array2<f64>> = (0..input.lengths[0])
            .map(|step| {
                let at = LayerAtStep { layer: &model.layers[0], trace: &traced.layers[0], step, sample: 0 };
                state_jacobian(at).unwrap_or_else(|error| panic!("{name}: {error}"))
            })
            .collect();
        let products = product_back_to(&jacobians);
        let whole = &products[input.lengths[0]];
        let initial: Vec<f64> = input.initial[0].iter().flat_map(|state| state.iter().copied()).collect();
        for column in 0..initial.len() {
            let moved = |by: f64| {
                let mut initial = initial.clone();
                initial[column] += by;
                final_states(&model, &input, &initial)
            };
            let (up, down) = (moved(1e-6), moved(-1e-6));
            for row in 0..initial.len() {
                let slope = (up[row] - down[row]) / 2e-6;
                let found = whole[(row, column)];
                assert!((found - slope).abs() < 1e-8, "{name} ({row}, {column}): {found} and {slope}");
            }
        }
    }
}

#[test]
fn a_cell_that_normalises_over_a_batch_has_no_jacobian_of_one_sample() {
    let cell = parse_cell("state a\na<t> = tanh(batchnorm(W_a [a<t-1>, x<t>]) + b_a)").expect("a cell");
    let (model, input) = example(&cell, 1, 5);
    let traced = trace(&model, &input).expect("the example fits its model");
    let at = LayerAtStep { layer: &model.layers[0], trace: &traced.layers[0], step: 1, sample: 0 };
    assert_eq!(state_jacobian(at), Err(AnalysisError::BatchNorm));
}

#[test]
fn the_spectral_radius_is_the_largest_absolute_eigenvalue() {
    let quarter_turn = array![[0.0, -0.5], [0.5, 0.0]];
    let jordan = array![[0.9, 1.0, 0.0], [0.0, 0.9, 1.0], [0.0, 0.0, 0.9]];
    let nilpotent = array![[0.0, 1.0], [0.0, 0.0]];
    let huge = array![[1e200, 0.0], [0.0, -3e200]];
    for (matrix, radius) in
        [(quarter_turn, 0.5), (jordan, 0.9), (nilpotent, 0.0), (huge, 3e200), (Array2::zeros((3, 3)), 0.0)]
    {
        let found = spectral_radius(&matrix);
        assert!((found - radius).abs() <= 1e-9 * radius, "{found} instead of {radius}");
    }
    assert!(spectral_radius(&array![[f64::INFINITY]]).is_nan());
    let stretch = array![[3.0, 0.0], [4.0, 0.0]];
    assert!((spectral_norm(&stretch) - 5.0).abs() < 1e-12);
}

proptest! {
    #[test]
    fn a_triangular_matrix_has_its_diagonal_for_eigenvalues(
        entries in prop::collection::vec(-2.0..2.0_f64, 36), radius in 0.1..3.0_f64
    ) {
        let matrix = Array2::from_shape_fn((6, 6), |(row, column)| {
            if column >= row { entries[row * 6 + column] } else { 0.0 }
        });
        let largest = matrix.diag().iter().fold(0.0, |most: f64, entry| most.max(entry.abs()));
        prop_assume!(largest > 0.01);
        prop_assert!((spectral_radius(&matrix) - largest).abs() < 1e-6 * largest);
        let scaled = with_spectral_radius(&matrix, radius);
        prop_assert!((spectral_radius(&scaled) - radius).abs() < 1e-6 * radius);
    }
}

#[test]
fn the_parts_of_an_itemised_gradient_add_up_to_the_whole() {
    for (name, cell) in cells() {
        let (model, input) = example(&cell, 2, 8);
        let input = one_sample(&input);
        let steps = input.lengths[0];
        for layer in 0..2 {
            for parameter in &cell.parameters {
                let found = itemise(&model, &input, layer, &parameter.name)
                    .unwrap_or_else(|error| panic!("{name} {}: {error}", parameter.name));
                assert_eq!(found.parts.len(), steps * (steps + 1) / 2);
                let mut sum = Array2::zeros(found.total.dim());
                for part in &found.parts {
                    sum += &part.gradient;
                }
                for (sum, total) in sum.iter().zip(&found.total) {
                    assert!((sum - total).abs() < 1e-12, "{name} {}: {sum} and {total}", parameter.name);
                }
                let alone = TraceInput { loss_at: LossAt::Step(2), ..input.clone() };
                let alone = trace(&model, &alone).expect("the example fits its model");
                let gradients = &alone.layers[layer].weight_gradients;
                let (_, of_step) = gradients
                    .iter()
                    .find(|(known, _)| *known == parameter.name)
                    .expect("a parameter of the cell");
                assert!((found.by_loss(0, 0, steps)[2] - of_step[(0, 0)]).abs() < 1e-12, "{name}");
                let by_use = found.by_use(0, 0, steps);
                assert!((by_use.sum() - found.total[(0, 0)]).abs() < 1e-12, "{name}");
            }
        }
        let missing = itemise(&model, &input, 0, &Symbol::from("W_none"));
        assert_eq!(missing, Err(AnalysisError::NoWeight("W_none".into())));
    }
}

#[test]
fn the_gradient_check_goes_in_slices_and_finds_the_derived_gradients_right() {
    for (name, cell) in cells() {
        // A kink of ReLU between the two losses would say nothing; this seed has none near.
        let (model, input) = example(&cell, 1, 11);
        let mut check = GradientCheck::new(model, input).expect("the example fits its model");
        assert!(check.worst().is_none());
        let mut slices = 0;
        while !check.advance(7).expect("the model still fits") {
            slices += 1;
            assert_eq!(check.checked().len(), 7 * slices);
        }
        assert_eq!(check.checked().len(), check.total());
        let worst = check.worst().expect("a model has weights");
        assert!(worst.deviation() < 1e-6, "{name}: {worst:?}");
        assert_eq!(slices, (check.total() - 1) / 7);

        let (model, input) = example(&cell, 1, 11);
        let all: Vec<_> = check
            .checked()
            .iter()
            .filter(|one| one.layer.is_none() && one.name.0 == "W_ya")
            .cloned()
            .collect();
        let mut alone = GradientCheck::of_weight(model, input, None, &Symbol::from("W_ya"))
            .expect("a weight of the head");
        assert!(alone.advance(usize::MAX).expect("the model still fits"));
        assert_eq!(alone.checked(), all);

        let (model, input) = example(&cell, 1, 11);
        let mut some = GradientCheck::new(model, input).expect("the example fits its model").spread(9);
        assert!(some.advance(usize::MAX).expect("the model still fits"));
        assert_eq!(some.checked().len(), 9);
        assert!(
            some.checked().iter().all(|one| check.checked().contains(one)),
            "the same numbers, only fewer"
        );
        assert_eq!(some.checked().first().map(|one| one.layer), Some(Some(0)));
        assert_eq!(some.checked().last().map(|one| one.layer), Some(None));
    }
}

#[test]
fn a_wrong_gradient_deviates_and_a_tiny_one_is_measured_against_the_rounding() {
    let checked = |derived, difference| CheckedWeight {
        layer: None,
        name: Symbol::from("W_ya"),
        row: 0,
        column: 0,
        derived,
        difference,
        is_at_kink: false,
    };
    assert!((checked(1.0, 1.1).deviation() - 0.1 / 1.1).abs() < 1e-12);
    assert!(checked(0.5, -0.5).deviation() > 1.0);
    assert!(checked(1e-11, 0.0).deviation() < 1e-7);
}

#[test]
fn numbers_at_a_kink_are_told_apart_from_wrong_gradients() {
    let kinked = ["rnn-relu", "rnn-leaky-relu"];
    for (name, cell) in cells() {
        let architecture = crate::common::stacked(&cell, 1, 4, 5);
        let weights = unrolled::training::initial::xavier::<f64>(&architecture, 3, |_| 0.0);
        let model = Model::from_flat(&architecture, &weights);
        // The first input is the zero vector: without biases every argument is exactly 0 there.
        let input = crate::common::sentence(&[1, 2, 3, 4], 5, LossAt::EveryStep);
        let mut check = GradientCheck::new(model, input).expect("the example fits its model");
        assert!(check.advance(usize::MAX).expect("the model still fits"));
        let worst = check.worst().expect("not everything stands at a kink");
        assert!(worst.deviation() < 1e-6, "{name}: {worst:?}");
        let is_kinked = kinked.contains(&name.as_str());
        assert_eq!(check.at_kinks() > 0, is_kinked, "{name}: {}", check.at_kinks());
        for one in check.checked().iter().filter(|one| one.is_at_kink) {
            assert!(one.deviation() > 1e-6 && one.name.0.starts_with("b_"), "{name}: {one:?}");
        }
    }
}
