//! Chapters 7 and 8.

use unrolled::engine::model::Model;
use unrolled::engine::trace::{LossAt, TraceInput};

use super::setup::*;

const HIDDEN: usize = 6;
const SYMBOLS: usize = 5;

/// Shuts (−1000) or opens (1000) a gate for good: σ is 0 or 1 to the last digit there.
fn hold(model: &mut Model<f64>, gate: &str, at: f64) {
    weight_mut(model, 0, &format!("W_{gate}")).fill(0.0);
    weight_mut(model, 0, &format!("b_{gate}")).fill(at);
}

/// Shuts a gate at the steps where this symbol is the input.
fn shut_at_symbol(model: &mut Model<f64>, gate: &str, symbol: usize) {
    weight_mut(model, 0, &format!("W_{gate}")).column_mut(HIDDEN + symbol).fill(-1000.0);
}

fn example(id: &str, seed: u64) -> (Model<f64>, TraceInput<f64>) {
    let mut model = untrained(preset(id), 1, HIDDEN, SYMBOLS, seed);
    scale_matrices(&mut model, 2.0);
    (model, sentence(&ids(seed, 12, SYMBOLS), SYMBOLS, LossAt::EveryStep))
}

/// A sentence in which symbol 0 is the input of step 6 only.
fn marked(seed: u64, end: usize) -> TraceInput<f64> {
    let mut labels: Vec<usize> = ids(seed, 12, SYMBOLS - 1).iter().map(|id| id + 1).collect();
    labels[4] = 0;
    labels[1] = end;
    sentence(&labels, SYMBOLS, LossAt::EveryStep)
}

pub fn a_new_value_of_a_gru_lies_between_old_and_candidate() {
    for id in ["gru-simplified", "gru"] {
        for seed in SEEDS {
            let (model, input) = example(id, seed);
            let traced = run(&model, &input);
            let (new, candidate) = (value(&traced, "c"), value(&traced, "c~"));
            for ((t, row, sample), new) in new.indexed_iter() {
                let old = if t == 0 { 0.0 } else { value(&traced, "c")[(t - 1, row, sample)] };
                let candidate = candidate[(t, row, sample)];
                assert!(*new >= old.min(candidate) - 1e-12 && *new <= old.max(candidate) + 1e-12);
            }
        }
    }
}

pub fn a_gate_held_at_0_keeps_the_old_state_to_the_last_digit() {
    for id in ["gru-simplified", "gru"] {
        for seed in SEEDS {
            let (mut model, mut input) = example(id, seed);
            hold(&mut model, "u", -1000.0);
            let initial = ndarray::Array2::from_shape_fn((HIDDEN, 1), |(row, _)| 0.7 - 0.31 * row as f64);
            input.initial = vec![vec![initial.clone()]];
            let traced = run(&model, &input);
            let last = &traced.layers[0].final_states[0].1;
            assert_eq!(last, initial);
        }
    }
}

pub fn the_direct_way_multiplies_by_what_the_gate_leaves() {
    for id in ["gru-simplified", "gru"] {
        for gate in [0.05_f64, 0.5] {
            let mut model = untrained(preset(id), 1, HIDDEN, SYMBOLS, 1);
            // Only the direct way is left open: candidate and gate do not read the old state.
            weight_mut(&mut model, 0, "W_c").slice_mut(ndarray::s![.., ..HIDDEN]).fill(0.0);
            hold(&mut model, "u", (gate / (1.0 - gate)).ln());
            let traced = run(&model, &sentence(&ids(2, 21, SYMBOLS), SYMBOLS, LossAt::LastStep));
            let reach = reach(&traced, 0, "c");
            let share = reach[0] / reach[20];
            assert!((share / (1.0 - gate).powi(20) - 1.0).abs() < 1e-9, "{share}");
        }
    }
}

pub fn the_full_cell_with_an_open_reset_gate_is_the_simplified_one() {
    for seed in SEEDS {
        let (mut full, input) = example("gru", seed);
        hold(&mut full, "r", 1000.0);
        let (mut simplified, _) = example("gru-simplified", seed);
        for name in ["W_c", "b_c", "W_u", "b_u"] {
            weight_mut(&mut simplified, 0, name).assign(weight(&full, 0, name));
        }
        simplified.head = full.head.clone();
        let (full, simplified) = (run(&full, &input), run(&simplified, &input));
        assert_eq!(value(&full, "c"), value(&simplified, "c"));
        assert_eq!(full.loss_sum, simplified.loss_sum);
    }
}

pub fn with_the_reset_gate_shut_the_candidate_depends_on_the_input_only() {
    for seed in SEEDS {
        let (mut model, input) = example("gru", seed);
        let candidates = |model: &Model<f64>, start: f64| {
            let mut input = input.clone();
            input.initial = vec![vec![ndarray::Array2::from_elem((HIDDEN, 1), start)]];
            let traced = run(model, &input);
            (value(&traced, "c~").clone(), value(&traced, "c").clone())
        };
        assert_ne!(candidates(&model, 0.5).0, candidates(&model, -0.5).0);
        hold(&mut model, "r", -1000.0);
        let (one, other) = (candidates(&model, 0.5), candidates(&model, -0.5));
        assert_eq!(one.0, other.0);
        // The unit itself is not erased: the states still differ.
        assert!(norms(&(&one.1 - &other.1))[0] > 0.1);
    }
}

pub fn an_lstm_can_count_and_a_gru_cannot() {
    for seed in SEEDS {
        let (mut lstm, input) = example("lstm", seed);
        for gate in ["f", "u"] {
            hold(&mut lstm, gate, 1000.0);
        }
        weight_mut(&mut lstm, 0, "W_c").fill(0.0);
        weight_mut(&mut lstm, 0, "b_c").fill(0.5_f64.atanh());
        let traced = run(&lstm, &input);
        for ((t, ..), count) in value(&traced, "c").indexed_iter() {
            assert!((count - 0.5 * (t + 1) as f64).abs() < 1e-12);
        }
        for id in ["gru-simplified", "gru"] {
            let (mut gru, input) = example(id, seed);
            scale_matrices(&mut gru, 20.0);
            assert!(value(&run(&gru, &input), "c").iter().all(|number| number.abs() <= 1.0));
        }
    }
}

pub fn shut_output_gates_hide_the_memory_and_keep_it() {
    for seed in SEEDS {
        let (open, _) = example("lstm", seed);
        let mut shut = open.clone();
        shut_at_symbol(&mut shut, "o", 0);
        let step = |model: &Model<f64>, end: usize| {
            let traced = run(model, &marked(seed, end));
            let at = |name: &str| value(&traced, name).slice(ndarray::s![5, .., 0]).to_owned();
            (traced.head.yhat.slice(ndarray::s![5, .., 0]).to_owned(), at("c"))
        };
        let ((one, memory), (other, _)) = (step(&shut, 1), step(&shut, 2));
        let bias = &shut.head.weights[1].1;
        let total: f64 = bias.iter().map(|bias| bias.exp()).sum();
        for (row, probability) in one.iter().enumerate() {
            assert!((probability - bias[(row, 0)].exp() / total).abs() < 1e-12);
        }
        assert_eq!(one, other, "the same for any sentence");
        assert_ne!(step(&open, 1).0, step(&open, 2).0);
        assert_eq!(memory, step(&open, 1).1, "the memory is what it was");
    }
}

pub fn a_shut_forget_gate_loses_the_past_and_a_shut_update_gate_is_deaf() {
    for seed in SEEDS {
        let (open, _) = example("lstm", seed);
        let at = |model: &Model<f64>, input: &TraceInput<f64>, name: &str, t: usize| {
            value(&run(model, input), name).slice(ndarray::s![t, .., 0]).to_owned()
        };
        // With no way through a<t-1>, a forget gate shut at step 6 leaves nothing of step 3.
        let mut forgets = open.clone();
        for name in ["W_c", "W_f", "W_u", "W_o"] {
            weight_mut(&mut forgets, 0, name).slice_mut(ndarray::s![.., ..HIDDEN]).fill(0.0);
        }
        let (one, other) = (marked(seed, 1), marked(seed, 2));
        assert_ne!(at(&forgets, &one, "c", 7), at(&forgets, &other, "c", 7));
        shut_at_symbol(&mut forgets, "f", 0);
        for t in 5..12 {
            assert_eq!(at(&forgets, &one, "c", t), at(&forgets, &other, "c", t));
        }
        // A shut update gate: the memory takes nothing of the candidate.
        let mut deaf = open.clone();
        shut_at_symbol(&mut deaf, "u", 0);
        let kept = at(&deaf, &one, "Γ_f", 5) * at(&deaf, &one, "c", 4);
        assert_eq!(at(&deaf, &one, "c", 5), kept);
    }
}

pub fn along_the_memory_the_gradient_is_multiplied_by_forget_gates_and_cannot_explode() {
    for seed in SEEDS {
        let (mut model, _) = example("lstm", seed);
        scale_matrices(&mut model, 3.0);
        for name in ["W_c", "W_f", "W_u", "W_o"] {
            weight_mut(&mut model, 0, name).slice_mut(ndarray::s![.., ..HIDDEN]).fill(0.0);
        }
        let traced = run(&model, &sentence(&ids(seed, 16, SYMBOLS), SYMBOLS, LossAt::LastStep));
        let gradient = traced.layers[0].gradient(&"c".into()).expect("a state");
        let gates = value(&traced, "Γ_f");
        for row in 0..HIDDEN {
            for t in 0..15 {
                let expected = gradient[(t + 1, row, 0)] * gates[(t + 1, row, 0)];
                assert!((gradient[(t, row, 0)] - expected).abs() <= 1e-12 * expected.abs());
                assert!(gradient[(t, row, 0)].abs() <= gradient[(t + 1, row, 0)].abs());
            }
        }
    }
}

pub fn a_forget_bias_of_1_makes_an_untrained_memory_last_longer() {
    for seed in SEEDS {
        let share = |bias: f64| {
            let mut model = untrained(preset("lstm"), 1, 16, SYMBOLS, seed);
            weight_mut(&mut model, 0, "b_f").fill(bias);
            let traced = run(&model, &sentence(&ids(seed, 24, SYMBOLS), SYMBOLS, LossAt::LastStep));
            let reach = reach(&traced, 0, "c");
            reach[3] / reach[23]
        };
        let (with, without) = (share(1.0), share(0.0));
        assert!(with > 10.0 * without, "{with} {without}");
    }
}
