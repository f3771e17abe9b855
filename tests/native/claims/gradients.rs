//! Chapter 6.

use ndarray::{Array1, Array2, s};
use unrolled::engine::model::Model;
use unrolled::engine::trace::LossAt;
use unrolled::language::random::Random;
use unrolled::training::optimiser::{Clip, clip};

use super::setup::*;

const SYMBOLS: usize = 6;

/// A random matrix that turns (all its eigenvalues have the absolute value 1), times a factor: that is its spectral
/// radius.
fn turning(size: usize, radius: f64, seed: u64) -> Array2<f64> {
    let mut random = Random::new(seed, 25);
    let mut matrix = Array2::eye(size);
    for _ in 0..4 {
        // A reflection in a random direction.
        let direction = Array1::from_shape_simple_fn(size, || random.normal());
        let length = direction.dot(&direction);
        let across = Array2::from_shape_fn((size, size), |(row, column)| direction[row] * direction[column]);
        matrix = (Array2::<f64>::eye(size) - across * (2.0 / length)).dot(&matrix);
    }
    matrix * radius
}

pub fn the_gradient_is_the_product_of_the_jacobians() {
    for seed in SEEDS {
        let model = untrained(preset("rnn"), 1, 5, SYMBOLS, seed);
        let traced = run(&model, &sentence(&ids(seed, 10, SYMBOLS), SYMBOLS, LossAt::LastStep));
        let gradient = traced.layers[0].gradient(&"a".into()).expect("a state");
        let mut expected = gradient.slice(s![9, .., 0]).to_owned();
        for t in (1..10).rev() {
            // Jᵀ = W_aaᵀ D_t
            let state = value(&traced, "a").slice(s![t, .., 0]).to_owned();
            let sloped = &expected * &state.mapv(|a| 1.0 - a * a);
            expected = weight(&model, 0, "W_aa").t().dot(&sloped);
            let found = gradient.slice(s![t - 1, .., 0]);
            assert!((&found - &expected).iter().all(|rest| rest.abs() < 1e-14));
        }
    }
}

/// What is left of the gradient after 30 steps back, where W_aa turns and has this spectral radius.
fn left(text: &str, radius: f64, scale_x: f64, seed: u64) -> f64 {
    let mut model = untrained(&cell(text), 1, 8, SYMBOLS, seed);
    weight_mut(&mut model, 0, "W_aa").assign(&turning(8, radius, seed));
    weight_mut(&mut model, 0, "W_ax").mapv_inplace(|number| number * scale_x);
    let traced = run(&model, &sentence(&ids(seed, 31, SYMBOLS), SYMBOLS, LossAt::LastStep));
    let reach = reach(&traced, 0, "a");
    reach[0] / reach[30]
}

pub fn a_spectral_radius_above_1_allows_growth_and_does_not_force_it() {
    const LINEAR: &str = "state a\na<t> = W_aa a<t-1> + W_ax x<t>";
    const TANH: &str = "state a\na<t> = tanh(W_aa a<t-1> + W_ax x<t>)";
    for seed in SEEDS {
        assert!((left(LINEAR, 0.9, 1.0, seed) / 0.9_f64.powi(30) - 1.0).abs() < 1e-9);
        assert!((left(LINEAR, 1.1, 1.0, seed) / 1.1_f64.powi(30) - 1.0).abs() < 1e-9);
        // Large inputs push tanh to where its slope is small.
        let shrunk = left(TANH, 1.1, 4.0, seed);
        assert!(shrunk < 0.1, "seed {seed}: {shrunk}");
    }
}

pub fn the_gradient_of_the_input_matrix_does_not_vanish_with_that_of_the_first_state() {
    for seed in SEEDS {
        let mut model = untrained(preset("rnn"), 1, 8, SYMBOLS, seed);
        weight_mut(&mut model, 0, "W_aa").mapv_inplace(|number| 0.3 * number);
        let traced = run(&model, &sentence(&ids(seed, 30, SYMBOLS), SYMBOLS, LossAt::LastStep));
        let reach = reach(&traced, 0, "a");
        let gradients = &traced.layers[0].weight_gradients;
        let input = &gradients.iter().find(|(name, _)| name.0 == "W_ax").expect("a weight").1;
        let norm = input.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
        assert!(reach[0] < 1e-9 * reach[29], "{}", reach[0] / reach[29]);
        assert!(norm > 0.1 * reach[29], "{norm}");
    }
}

/// What reaches the lowest of ten layers at one step, as a share of what reaches the top one.
fn share_of_the_lowest(text: &str, factor: f64, seed: u64) -> f64 {
    let mut model = untrained(&cell(text), 10, 8, 8, seed);
    scale_matrices(&mut model, factor);
    let mut input = sentence(&ids(seed, 1, 8), 8, LossAt::EveryStep);
    let mut random = Random::new(seed, 27);
    input.x.mapv_inplace(|_| random.normal());
    let traced = run(&model, &input);
    reach(&traced, 0, "a")[0] / reach(&traced, 9, "a")[0]
}

const PLAIN: &str = "state a\na<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)";
const RESIDUAL: &str = "state a\noutput o\na<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)\no<t> = a<t> + x<t>";

pub fn in_depth_the_gradient_vanishes_and_a_residual_connection_keeps_it() {
    for seed in SEEDS {
        let (plain, residual) =
            (share_of_the_lowest(PLAIN, 0.5, seed), share_of_the_lowest(RESIDUAL, 0.5, seed));
        assert!(plain < 0.01, "seed {seed}: {plain}");
        assert!(residual > 0.3, "seed {seed}: {residual}");
    }
}

pub fn clipping_keeps_the_direction_and_shortens() {
    let mut random = Random::new(1, 28);
    for _ in 0..50 {
        let before: Vec<f64> = (0..20).map(|_| 3.0 * random.normal()).collect();
        let norm = before.iter().map(|number| number * number).sum::<f64>().sqrt();
        let mut after = before.clone();
        clip(&mut after, Clip::GlobalNorm(5.0));
        let factor = (5.0 / norm).min(1.0);
        assert!(before.iter().zip(&after).all(|(before, after)| (before * factor - after).abs() < 1e-12));
        let mut cut = before.clone();
        clip(&mut cut, Clip::Value(1.0));
        let cosine = before.iter().zip(&cut).map(|(before, cut)| before * cut).sum::<f64>()
            / (norm * cut.iter().map(|number| number * number).sum::<f64>().sqrt());
        assert!(cosine < 0.999, "cutting each number by itself turns the column");
    }
}

/// Gradient of the bias of a unit whose logit is always negative.
fn negative_unit(id: &str, seed: u64) -> f64 {
    let mut model = untrained(preset(id), 1, 6, SYMBOLS, seed);
    weight_mut(&mut model, 0, "b_a")[(0, 0)] = -50.0;
    let traced = run(&model, &sentence(&ids(seed, 12, SYMBOLS), SYMBOLS, LossAt::EveryStep));
    let gradients = &traced.layers[0].weight_gradients;
    gradients.iter().find(|(name, _)| name.0 == "b_a").expect("a weight").1[(0, 0)]
}

pub fn a_relu_unit_that_is_always_negative_learns_nothing_and_a_leaky_one_does() {
    for seed in SEEDS {
        assert_eq!(negative_unit("rnn-relu", seed), 0.0);
        assert_ne!(negative_unit("rnn-leaky-relu", seed), 0.0);
    }
}

pub fn tanh_bounds_the_state_and_the_others_do_not() {
    for id in ["rnn", "rnn-relu", "rnn-leaky-relu", "rnn-swish"] {
        for seed in SEEDS {
            let mut model = untrained(preset(id), 1, 6, SYMBOLS, seed);
            weight_mut(&mut model, 0, "W_aa").assign(&(Array2::eye(6) * 1.2));
            weight_mut(&mut model, 0, "W_ax").mapv_inplace(f64::abs);
            let traced = run(&model, &sentence(&ids(seed, 40, SYMBOLS), SYMBOLS, LossAt::EveryStep));
            let largest = value(&traced, "a").iter().fold(0.0_f64, |most, number| most.max(number.abs()));
            assert_eq!(largest <= 1.0, id == "rnn", "{id}: {largest}");
        }
    }
}

/// Mean square of the outputs of the lowest and of the top of ten layers at one step.
fn through_layers(activation: &str, limit: impl Fn(f64) -> f64, seed: u64) -> f64 {
    const SIZE: usize = 32;
    let text = format!("state a\na<t> = {activation}(W_aa a<t-1> + W_ax x<t> + b_a)");
    let mut model = untrained(&cell(&text), 10, SIZE, SIZE, seed);
    let mut random = Random::new(seed, 30);
    let limit = limit(SIZE as f64);
    for layer in 0..10 {
        weight_mut(&mut model, layer, "W_ax").mapv_inplace(|_| (2.0 * random.uniform() - 1.0) * limit);
    }
    let mut input = sentence(&ids(seed, 1, SIZE), SIZE, LossAt::EveryStep);
    input.x.mapv_inplace(|_| random.normal());
    let traced = run(&model, &input);
    let square = |layer: usize| norms(traced.layers[layer].value(&"a".into()).expect("a state"))[0].powi(2);
    square(9) / square(0)
}

pub fn xavier_and_he_keep_the_size_of_signals_and_other_sizes_lose_it() {
    let xavier = |n: f64| (6.0 / (n + n)).sqrt();
    let he = |n: f64| (6.0 / n).sqrt();
    let kept = |activation: &str, limit: &dyn Fn(f64) -> f64| {
        median(SEEDS.map(|seed| through_layers(activation, limit, seed)).collect())
    };
    let (tanh, small) = (kept("tanh", &xavier), kept("tanh", &|n| 0.3 * xavier(n)));
    let (relu_he, relu_xavier) = (kept("relu", &he), kept("relu", &xavier));
    assert!(tanh > 0.05 && small < 1e-6);
    assert!((0.1..10.0).contains(&relu_he) && relu_xavier < 0.02);
}

/// Mean slope of tanh over a sentence.
fn slope(model: &Model<f64>, seed: u64) -> f64 {
    let traced = run(model, &sentence(&ids(seed, 20, SYMBOLS), SYMBOLS, LossAt::EveryStep));
    value(&traced, "a").mapv(|a| 1.0 - a * a).mean().unwrap_or_default()
}

pub fn large_weights_saturate_tanh_and_normalisation_gives_the_slope_back() {
    let normalised = cell("state a\na<t> = tanh(layernorm(W_aa a<t-1> + W_ax x<t>) * g_a + b_a)");
    for seed in SEEDS {
        let start = untrained(preset("rnn"), 1, 16, SYMBOLS, seed);
        let mut large = start.clone();
        scale_matrices(&mut large, 12.0);
        let mut normalised = untrained(&normalised, 1, 16, SYMBOLS, seed);
        scale_matrices(&mut normalised, 12.0);
        let (start, large, normalised) = (slope(&start, seed), slope(&large, seed), slope(&normalised, seed));
        assert!(start > 0.5 && large < 0.2 && normalised > 0.45, "{start} {large} {normalised}");
    }
}

pub fn batch_normalisation_has_nothing_to_go_by_with_one_sample() {
    let text =
        |name: &str| cell(&format!("state a\na<t> = tanh({name}(W_aa a<t-1> + W_ax x<t>) * g_a + b_a)"));
    for seed in SEEDS {
        let states = |name: &str| {
            let model = untrained(&text(name), 1, 6, SYMBOLS, seed);
            value(&run(&model, &sentence(&ids(seed, 9, SYMBOLS), SYMBOLS, LossAt::EveryStep)), "a").clone()
        };
        assert!(states("batchnorm").iter().all(|number| *number == 0.0), "one sample is its own mean");
        assert!(states("layernorm").iter().any(|number| number.abs() > 0.1));
    }
}
