//! Chapters 4 and 5.

use unrolled::engine::presets;
use unrolled::engine::trace::LossAt;
use unrolled::language::SamplingRules;
use unrolled::language::generate::{agreement_en, answers_en};
use unrolled::language::probability::from_log_probabilities;
use unrolled::language::random::Random;
use unrolled::language::sampling::{choose, distribution};
use unrolled::training::session::Session;
use unrolled::training::settings::{CellChoice, Reading, RunSettings};

use super::setup::*;

pub fn an_untrained_network_starts_near_the_logarithm_of_v() {
    const SYMBOLS: usize = 27;
    for preset in presets::presets() {
        for seed in SEEDS {
            let model = untrained(&preset.cell, 1, 32, SYMBOLS, seed);
            let traced = run(&model, &sentence(&ids(seed, 60, SYMBOLS), SYMBOLS, LossAt::EveryStep));
            let relative = traced.mean_over_tokens() / (SYMBOLS as f64).ln();
            assert!((0.9..1.25).contains(&relative), "{} seed {seed}: {relative}", preset.id);
        }
    }
}

pub fn a_network_that_sees_its_label_learns_to_copy_it() {
    const SYMBOLS: usize = 6;
    for seed in SEEDS {
        let row = ids(seed, 4000, SYMBOLS);
        let mut random = Random::new(seed, 31);
        let mut learner = Learner::new(preset("rnn"), [16, SYMBOLS, 8, 16], seed, ADAM);
        for _ in 0..200 {
            let (_, targets) = windows(&row[..3000], 8, 16, &mut random);
            learner.update(&targets, &targets).expect("the run is stable");
        }
        // On symbols drawn by lot there is nothing to predict, but everything to copy.
        let (_, targets) = windows(&row[3000..], 8, 16, &mut random);
        let losses = learner.losses(&targets, &targets);
        let mean = losses.iter().sum::<f64>() / losses.len() as f64;
        assert!(mean < 0.1, "seed {seed}: {mean}");
        let (inputs, targets) = windows(&row[3000..], 8, 16, &mut random);
        let losses = learner.losses(&inputs, &targets);
        assert!(losses.iter().sum::<f64>() / losses.len() as f64 > (SYMBOLS as f64).ln());
    }
}

pub fn the_product_of_a_thousand_factors_is_too_small_and_the_sum_is_not() {
    let factors = vec![-1.2; 1000];
    let sequence = from_log_probabilities(&factors);
    assert_eq!(sequence.product, 0.0);
    assert!((sequence.log_product + 1200.0).abs() < 1e-6);
    assert!((sequence.perplexity - 1.2_f64.exp()).abs() < 1e-9);
}

fn mean_loss(learner: &Learner, row: &[usize], random: &Random) -> f64 {
    let (inputs, targets) = windows(row, 24, 16, &mut random.clone());
    let losses = learner.losses(&inputs, &targets);
    losses.iter().sum::<f64>() / losses.len() as f64
}

pub fn fine_tuning_needs_fewer_updates_and_forgets_what_is_no_longer_shown() {
    let general = agreement_en();
    let all = answers_en();
    let pairs: String = all.split_inclusive('\n').take(24).collect();
    let (rows, symbols) = characters(&[&general, &pairs]);
    for seed in FEW {
        let mut random = Random::new(seed, 32);
        let measured = Random::new(99, 33);
        let mut learner = Learner::new(preset("gru"), [32, symbols, 24, 16], seed, ADAM);
        let mut train = |learner: &mut Learner, row: &[usize], updates: usize| {
            for _ in 0..updates {
                let (inputs, targets) = windows(row, 24, 16, &mut random);
                learner.update(&inputs, &targets).expect("the run is stable");
            }
        };
        let mut fresh = Learner::new(preset("gru"), [32, symbols, 24, 16], seed, ADAM);
        train(&mut fresh, &rows[1], 60);
        train(&mut learner, &rows[0], 300);
        let before = [0, 1].map(|row| mean_loss(&learner, &rows[row], &measured));
        train(&mut learner, &rows[1], 60);
        let after = [0, 1].map(|row| mean_loss(&learner, &rows[row], &measured));
        let from_scratch = mean_loss(&fresh, &rows[1], &measured);
        assert!(after[1] < 0.7 * before[1], "the loss on the pairs falls");
        assert!(after[0] > before[0] + 0.2, "the loss on the general text rises again");
        assert!(after[1] < from_scratch - 0.1, "the second stage does not have to learn the language again");
    }
}

fn session(text: &str, seed: u64, steps: u32) -> Session {
    let mut settings = RunSettings::default();
    settings.model.cell = CellChoice::Preset("gru".to_owned());
    settings.model.hidden = 48;
    settings.text.reading = Reading::Lines;
    settings.training.seed = seed;
    settings.training.batch = 16;
    settings.training.window = 16;
    settings.training.steps = steps;
    settings.training.learning_rate = 0.01;
    Session::new(settings, text, None, None).expect("trainable")
}

fn names() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/samples/names-en.txt");
    std::fs::read_to_string(path).expect("a sample of the project")
}

pub fn a_model_that_learns_by_heart_gets_worse_on_what_it_has_not_seen() {
    let few: String = names().split_inclusive('\n').take(80).collect();
    for seed in FEW {
        let mut session = session(&few, seed, 400);
        let (mut held_out, mut last) = (Vec::new(), f64::NAN);
        for _ in 0..400 {
            last = session.update().expect("the run is stable").loss;
            held_out.extend(session.measures().held_out);
        }
        let best = held_out.iter().copied().fold(f32::INFINITY, f32::min);
        let end = held_out.last().copied().expect("measured at the end");
        assert!(last < 0.9 && end > best + 0.3, "seed {seed}: {last} {best} {end}");
    }
}

/// Shares of pairs of letters and of whole names in a sample that stand in the text.
fn known(sample: &str, text: &str) -> [f64; 2] {
    let symbols: Vec<char> = sample.chars().collect();
    let pairs: Vec<String> = symbols.windows(2).map(|pair| pair.iter().collect()).collect();
    let lines: Vec<&str> = sample.lines().filter(|line| !line.is_empty()).collect();
    let share = |known: usize, all: usize| known as f64 / all.max(1) as f64;
    [
        share(pairs.iter().filter(|pair| text.contains(pair.as_str())).count(), pairs.len()),
        share(lines.iter().filter(|line| text.lines().any(|name| name == **line)).count(), lines.len()),
    ]
}

pub fn samples_improve_from_the_near_to_the_far() {
    let text = names();
    for seed in FEW {
        let mut session = session(&text, seed, 1200);
        let written = |updates: u32, session: &mut Session| {
            while session.step() < updates {
                session.update().expect("the run is stable");
            }
            let mut sample = String::new();
            for draw in 0..40 {
                let rules = SamplingRules::default();
                sample += session.write("", 20, &rules, draw).expect("usual rules").trim_end();
                sample.push('\n');
            }
            known(&sample, &text)
        };
        let [start, early, late] = [0, 60, 1200].map(|updates| written(updates, &mut session));
        assert!(early[0] > start[0] + 0.1, "pairs of letters come early");
        assert!(late[1] > early[1] + 0.2, "whole names come late");
        assert!(early[1] < 0.3 && late[0] >= early[0]);
    }
}

fn entropy(probabilities: &[f64]) -> f64 {
    -probabilities.iter().filter(|p| **p > 0.0).map(|p| p * p.ln()).sum::<f64>()
}

fn logits(seed: u64, spread: f64) -> Vec<f64> {
    let mut random = Random::new(seed, 34);
    (0..12).map(|_| spread * random.normal()).collect()
}

pub fn temperature_keeps_the_order_and_a_larger_one_levels() {
    for seed in SEEDS {
        let logits = logits(seed, 1.5);
        let mut before = -1.0;
        for temperature in [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 100.0] {
            let rules = SamplingRules { temperature, ..SamplingRules::default() };
            let found = distribution(&logits, &rules, None).expect("usual rules").probabilities;
            for one in 0..logits.len() {
                for other in 0..logits.len() {
                    assert!(logits[one] <= logits[other] || found[one] >= found[other]);
                }
            }
            assert!(entropy(&found) > before);
            before = entropy(&found);
        }
        assert!((before - 12_f64.ln()).abs() < 1e-3);
    }
}

pub fn the_nucleus_is_small_where_the_model_is_sure() {
    for seed in SEEDS {
        let kept = |spread: f64| {
            let rules = SamplingRules { top_p: Some(0.9), ..SamplingRules::default() };
            distribution(&logits(seed, spread), &rules, None).expect("usual rules").kept.len()
        };
        assert!(kept(4.0) < kept(1.0) && kept(1.0) < kept(0.2) + 1, "seed {seed}");
        assert!(kept(0.2) >= 9 && kept(4.0) <= 4);
    }
}

pub fn a_symbol_of_probability_one_fifth_comes_in_one_of_five_draws() {
    for seed in SEEDS {
        let logits = [0.5_f64, 0.2, 0.3].map(f64::ln);
        let found = distribution(&logits, &SamplingRules::default(), None).expect("usual rules");
        let mut random = Random::new(seed, 35);
        let hits = (0..5000).filter(|_| choose(&found, random.uniform()) == 1).count();
        assert!((920..1080).contains(&hits), "seed {seed}: {hits} of 5000");
    }
}

pub fn the_most_probable_symbol_gives_the_same_text_every_time_and_a_seed_its_own() {
    let text = names();
    let mut session = session(&text, 1, 100);
    for _ in 0..60 {
        session.update().expect("the run is stable");
    }
    let mut write = |greedy: bool, seed: u64| {
        let rules = SamplingRules { greedy, ..SamplingRules::default() };
        session.write("", 30, &rules, seed).expect("usual rules")
    };
    assert_eq!(write(true, 1), write(true, 2));
    assert_eq!(write(false, 1), write(false, 1));
    let drawn: Vec<String> = (0..5).map(|seed| write(false, seed)).collect();
    assert!(drawn.iter().any(|text| *text != drawn[0]));
}
