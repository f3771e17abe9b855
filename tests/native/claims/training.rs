//! Chapters 6 and 7: what trainings do.

use unrolled::language::random::Random;
use unrolled::training::optimiser::{Clip, RuleConstants};
use unrolled::training::session::Session;
use unrolled::training::settings::{CellChoice, Rule, RunSettings};
use unrolled::training::trainer::{Example, Reduction, UpdateRules};

use super::setup::*;

const SYMBOLS: usize = 6;
const BATCH: usize = 16;

/// Windows in which the first symbol (one of four) must be named at the last step, after `delay` fillers. With `near`,
/// each step between must name the filler of the step before as well.
fn recall(delay: usize, near: bool, random: &mut Random) -> (Vec<i32>, Vec<i32>) {
    let steps = delay + 2;
    let (mut inputs, mut targets) = (vec![-1; steps * BATCH], vec![-1; steps * BATCH]);
    for sample in 0..BATCH {
        for t in 0..steps {
            let place = t * BATCH + sample;
            inputs[place] = match t {
                0 => random.below(4) as i32,
                _ if t == steps - 1 => 8,
                _ => 4 + random.below(4) as i32,
            };
            if t == steps - 1 {
                targets[place] = inputs[sample];
            } else if near && t > 1 {
                targets[place] = inputs[place - BATCH];
            }
        }
    }
    (inputs, targets)
}

/// A cell's training on [`recall`].
#[derive(Debug)]
struct Recalled {
    /// Mean loss of the steps between.
    near: f64,
    /// Mean loss of the last step.
    far: f64,
    /// ‖∂l/∂state<1>‖ / ‖∂l/∂state<T>‖ of the last step's loss, before and after training.
    reach: [f64; 2],
}

fn recalled(id: &str, delay: usize, near: bool, updates: usize, seed: u64) -> Recalled {
    let mut learner = Learner::new(preset(id), [16, 9, delay + 2, BATCH], seed, ADAM);
    let mut random = Random::new(seed, 26);
    let before = share_of_the_first(&learner, delay, &mut random);
    for _ in 0..updates {
        let (inputs, targets) = recall(delay, near, &mut random);
        learner.update(&inputs, &targets).expect("the run is stable");
    }
    let after = share_of_the_first(&learner, delay, &mut random);
    let (inputs, targets) = recall(delay, true, &mut random);
    let losses = learner.losses(&inputs, &targets);
    let (near, far) = losses.split_at(losses.len() - BATCH);
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    Recalled { near: mean(&near[2 * BATCH..]), far: mean(far), reach: [before, after] }
}

fn share_of_the_first(learner: &Learner, delay: usize, random: &mut Random) -> f64 {
    let mut trial = learner.trainer.clone();
    trial.network_mut().zero_initial();
    let (inputs, targets) = recall(delay, false, random);
    let rules = UpdateRules {
        constants: RuleConstants::usual(Rule::Sgd, 1e-6),
        clip: Clip::None,
        l2: 0.0,
        reduction: Reduction::Mean,
        loss_scale: 1.0,
    };
    trial.update(Example { inputs: &inputs, targets: &targets }, &rules).expect("the run is stable");
    let layer = &trial.network().layers()[0];
    let state = layer.plan().state_names().into_iter().last().expect("a state");
    let gradient = layer.gradient(&state).expect("kept for each step");
    let size = gradient.len() / (delay + 2);
    let norm = |step: &[f32]| step.iter().map(|number| f64::from(number * number)).sum::<f64>().sqrt();
    norm(&gradient[..size]) / norm(&gradient[gradient.len() - size..])
}

pub fn a_network_fits_what_is_near_and_misses_what_is_far_while_the_loss_goes_down() {
    for seed in FEW {
        let Recalled { near, far, reach } = recalled("rnn", 20, true, 400, seed);
        // Nothing is known of the far symbol: it is one of four.
        assert!(near < 0.05 && far > 0.9 * 4_f64.ln(), "seed {seed}: {near} {far}");
        assert!(reach[1] < 1e-3, "seed {seed}: {reach:?}");
    }
}

pub fn a_gated_cell_learns_to_reach_further_than_a_plain_one() {
    let all = |id: &str| -> Vec<Recalled> { SEEDS.map(|seed| recalled(id, 30, false, 500, seed)).collect() };
    let solved = |all: &[Recalled]| all.iter().filter(|one| one.far < 0.1).count();
    let reach = |all: &[Recalled], at: usize| median(all.iter().map(|one| one.reach[at]).collect());
    let plain = all("rnn");
    assert!(solved(&plain) <= 1 && reach(&plain, 1) < 1e-3, "{plain:?}");
    for id in ["gru-simplified", "gru"] {
        let gated = all(id);
        assert_eq!(solved(&gated), gated.len(), "{id}: {gated:?}");
        assert!(gated.iter().all(|one| one.reach[1] > 0.05), "{id}: {gated:?}");
        // A gate is no magic: while it is half open, as at the start, a plain cell reaches further.
        assert!(reach(&gated, 0) < reach(&plain, 0), "{id}: {gated:?}");
    }
}

/// The run of the chapter's link, with another seed, clipping and rate: first and last loss, or when it stopped.
fn linked(seed: u64, clip: Option<f32>, rate: f32, updates: usize) -> Result<[f64; 2], u32> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/samples/rhymes-en.txt");
    let text = std::fs::read_to_string(path).expect("a sample of the project");
    let mut settings = RunSettings::default();
    settings.model.cell = CellChoice::Preset("rnn-relu".to_owned());
    settings.training.rule = Rule::Sgd;
    settings.training.learning_rate = rate;
    settings.training.clip = clip;
    settings.training.seed = seed;
    let mut session = Session::new(settings, &text, None, None).expect("trainable");
    let mut losses = Vec::new();
    for _ in 0..updates {
        match session.update() {
            Ok(update) => losses.push(update.loss),
            Err(diverged) => {
                assert!(diverged.good_step < diverged.step && !diverged.tensor.is_empty());
                assert!(session.checkpoint().weights.iter().all(|weight| weight.is_finite()));
                return Err(diverged.step);
            }
        }
    }
    Ok([losses[0], losses[losses.len() - 1]])
}

pub fn the_linked_run_explodes_and_is_stable_with_clipping_and_a_lower_rate() {
    for seed in SEEDS {
        let stopped = linked(seed, None, 5.0, 50).expect_err("the learning rate is far too large");
        assert!(stopped < 20, "seed {seed}: {stopped}");
        let [first, last] = linked(seed, Some(5.0), 0.1, 150).expect("the run is stable");
        assert!(last < 0.85 * first, "seed {seed}: {first} {last}");
    }
}

pub fn clipping_alone_prevents_the_explosion_at_the_same_rate() {
    for seed in SEEDS {
        assert!(linked(seed, None, 1.0, 150).is_err(), "seed {seed}");
        let [first, last] = linked(seed, Some(0.25), 1.0, 150).expect("the run is stable");
        assert!(last < 0.75 * first, "seed {seed}: {first} {last}");
    }
}

pub fn l2_pulls_the_weights_towards_0() {
    for seed in SEEDS {
        let length = |l2: f64| {
            let mut learner = Learner::new(preset("rnn"), [12, SYMBOLS, 10, 8], seed, Way { l2, ..ADAM });
            let row = ids(seed, 300, SYMBOLS);
            let mut random = Random::new(seed, 29);
            for _ in 0..200 {
                let (inputs, targets) = windows(&row, 10, 8, &mut random);
                learner.update(&inputs, &targets).expect("the run is stable");
            }
            let layout = learner.trainer.layout();
            let matrices = layout.entries.iter().filter(|entry| entry.is_matrix);
            let numbers = matrices.flat_map(|entry| &learner.trainer.weights()[entry.range()]);
            numbers.map(|number| f64::from(number * number)).sum::<f64>().sqrt()
        };
        let (without, with) = (length(0.0), length(0.01));
        assert!(with < 0.7 * without, "seed {seed}: {without} {with}");
    }
}
