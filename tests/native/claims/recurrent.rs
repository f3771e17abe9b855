//! Chapters 1 to 3.

use ndarray::{Array2, Array3, concatenate, s};
use unrolled::engine::presets;
use unrolled::engine::trace::{Labels, LossAt, TraceInput};
use unrolled::language::random::Random;

use super::setup::*;

const HIDDEN: usize = 5;
const SYMBOLS: usize = 6;

pub fn where_the_mask_is_0_the_state_stands_still_and_nothing_is_learnt() {
    for preset in presets::presets() {
        for seed in SEEDS {
            let model = untrained(&preset.cell, 1, HIDDEN, SYMBOLS, seed);
            let (long, short) = (ids(seed, 7, SYMBOLS), ids(seed + 50, 3, SYMBOLS));
            let mut x = Array3::zeros((7, SYMBOLS, 2));
            let mut y = Array2::zeros((7, 2));
            for (sample, labels) in [&long, &short].into_iter().enumerate() {
                let alone = sentence(labels, SYMBOLS, LossAt::EveryStep).x;
                x.slice_mut(s![..labels.len(), .., sample]).assign(&alone.slice(s![.., .., 0]));
                // Past its end the short sample holds rubbish, which must not matter.
                x.slice_mut(s![labels.len().., .., sample]).fill(0.3);
                labels.iter().enumerate().for_each(|(t, label)| y[(t, sample)] = *label);
            }
            let lengths = vec![long.len(), short.len()];
            let grid = TraceInput {
                x,
                y: Labels::Ids(y),
                lengths,
                initial: Vec::new(),
                loss_at: LossAt::EveryStep,
                holds: Vec::new(),
            };
            let grid = run(&model, &grid);
            let [one, other] =
                [&long, &short].map(|labels| run(&model, &sentence(labels, SYMBOLS, LossAt::EveryStep)));
            let state = &preset.cell.states[0].0;
            let kept = value(&grid, state).slice(s![6, .., 1]).to_owned();
            assert_eq!(kept, value(&grid, state).slice(s![2, .., 1]));
            let pairs = one.layers[0].weight_gradients.iter().zip(&other.layers[0].weight_gradients);
            for ((name, gradient), ((_, one), (_, other))) in
                grid.layers[0].weight_gradients.iter().zip(pairs)
            {
                let worst = (gradient - one - other).iter().fold(0.0_f64, |most, rest| most.max(rest.abs()));
                assert!(worst < 1e-12, "{} {name}: {worst}", preset.id);
            }
        }
    }
}

pub fn only_columns_of_symbols_that_are_an_input_can_learn() {
    for preset in presets::presets() {
        for seed in SEEDS {
            let model = untrained(&preset.cell, 1, HIDDEN, SYMBOLS, seed);
            // The last label is never an input; symbol 5 stands only there.
            let mut labels = ids(seed, 6, 3);
            labels.push(5);
            let traced = run(&model, &sentence(&labels, SYMBOLS, LossAt::EveryStep));
            for (name, gradient) in &traced.layers[0].weight_gradients {
                let Some(first) = gradient.ncols().checked_sub(SYMBOLS) else { continue };
                for symbol in 0..SYMBOLS {
                    let is_input = labels[..6].contains(&symbol);
                    let column = gradient.column(first + symbol);
                    assert!(is_input || column.iter().all(|entry| *entry == 0.0), "{} {name}", preset.id);
                }
                let learns = gradient.slice(s![.., first..]).iter().any(|entry| *entry != 0.0);
                assert!(learns || preset.id == "rnn-relu", "{} {name}", preset.id);
            }
        }
    }
}

pub fn symbols_used_alike_get_similar_columns() {
    // Symbols 0 to 3 are always followed by one of 4 to 7, and these by one of 0 to 3.
    for seed in SEEDS {
        let mut random = Random::new(seed, 22);
        let row: Vec<usize> = (0..400).map(|at| 4 * (at % 2) + random.below(4)).collect();
        let mut learner = Learner::new(preset("rnn"), [8, 8, 8, 16], seed, ADAM);
        for _ in 0..150 {
            let (inputs, targets) = windows(&row, 8, 16, &mut random);
            learner.update(&inputs, &targets).expect("the run is stable");
        }
        let model = learner.model();
        let columns = weight(&model, 0, "W_ax");
        let cosine = |one: usize, other: usize| {
            let (one, other) = (columns.column(one), columns.column(other));
            one.dot(&other) / (one.dot(&one) * other.dot(&other)).sqrt()
        };
        let (mut alike, mut different) = (Vec::new(), Vec::new());
        for one in 0..8 {
            for other in 0..one {
                if one / 4 == other / 4 { &mut alike } else { &mut different }.push(cosine(one, other));
            }
        }
        let (alike, different) = (median(alike), median(different));
        assert!(alike > different + 0.5, "seed {seed}: {alike} {different}");
    }
}

pub fn both_forms_of_the_equation_give_the_same_numbers() {
    for preset in presets::presets() {
        let Some(stacked) = &preset.stacked else { continue };
        for seed in SEEDS {
            let apart = untrained(&preset.cell, 1, HIDDEN, SYMBOLS, seed);
            let mut together = untrained(stacked, 1, HIDDEN, SYMBOLS, seed);
            let parts = [weight(&apart, 0, "W_aa").view(), weight(&apart, 0, "W_ax").view()];
            let side_by_side = concatenate(ndarray::Axis(1), &parts).expect("as many rows");
            weight_mut(&mut together, 0, "W_a").assign(&side_by_side);
            together.head = apart.head.clone();
            let input = sentence(&ids(seed, 9, SYMBOLS), SYMBOLS, LossAt::EveryStep);
            let difference = value(&run(&apart, &input), "a") - value(&run(&together, &input), "a");
            assert!(difference.iter().all(|rest| rest.abs() < 1e-13), "{}", preset.id);
        }
    }
}

pub fn without_a_bent_function_the_steps_are_one_linear_map() {
    let bends = |text: &str, seed: u64| {
        let model = untrained(&cell(text), 1, HIDDEN, SYMBOLS, seed);
        let last = |x: &Array3<f64>| {
            let mut input = sentence(&[0; 9], SYMBOLS, LossAt::EveryStep);
            input.x.assign(x);
            value(&run(&model, &input), "a").slice(s![8, .., 0]).to_owned()
        };
        let [one, other] = [0, 1].map(|at| {
            let mut random = Random::new(seed, 23 + at);
            Array3::from_shape_simple_fn((9, SYMBOLS, 1), || random.normal())
        });
        let rest = last(&(&one + &other)) - last(&one) - last(&other);
        rest.iter().map(|number: &f64| number * number).sum::<f64>().sqrt()
    };
    for seed in SEEDS {
        assert!(bends("state a\na<t> = W_aa a<t-1> + W_ax x<t>", seed) < 1e-12);
        assert!(bends("state a\na<t> = tanh(W_aa a<t-1> + W_ax x<t>)", seed) > 0.1);
    }
}

pub fn the_first_state_is_tanh_of_the_bias_whatever_the_sentence_is() {
    for seed in SEEDS {
        let mut model = untrained(preset("rnn"), 1, HIDDEN, SYMBOLS, seed);
        let mut random = Random::new(seed, 24);
        weight_mut(&mut model, 0, "b_a").mapv_inplace(|_| random.normal());
        for labels in [ids(seed, 5, SYMBOLS), ids(seed + 9, 8, SYMBOLS)] {
            let traced = run(&model, &sentence(&labels, SYMBOLS, LossAt::EveryStep));
            for (row, bias) in weight(&model, 0, "b_a").column(0).iter().enumerate() {
                assert!((value(&traced, "a")[(0, row, 0)] - bias.tanh()).abs() < 1e-15);
            }
        }
    }
}

pub fn losses_of_the_steps_add_up_and_the_gradient_of_the_logits_sums_to_0() {
    for preset in presets::presets() {
        for seed in SEEDS {
            let model = untrained(&preset.cell, 1, HIDDEN, SYMBOLS, seed);
            let labels = ids(seed, 9, SYMBOLS);
            let traced = run(&model, &sentence(&labels, SYMBOLS, LossAt::EveryStep));
            let mut sum = 0.0;
            for (t, label) in labels.iter().enumerate() {
                sum -= traced.head.yhat[(t, *label, 0)].ln();
                assert!(traced.head.dlogits.slice(s![t, .., 0]).sum().abs() < 1e-15);
            }
            assert!((traced.loss_sum - sum).abs() < 1e-12);
        }
    }
}

pub fn the_first_step_adds_nothing_to_the_recurrent_matrix() {
    for seed in SEEDS {
        let model = untrained(preset("rnn"), 1, HIDDEN, SYMBOLS, seed);
        let traced = run(&model, &sentence(&ids(seed, 1, SYMBOLS), SYMBOLS, LossAt::EveryStep));
        let gradients = &traced.layers[0].weight_gradients;
        let of = |name: &str| &gradients.iter().find(|(known, _)| known.0 == name).expect("a weight").1;
        assert!(of("W_aa").iter().all(|entry| *entry == 0.0));
        assert!(of("b_a").iter().any(|entry| *entry != 0.0));
    }
}
