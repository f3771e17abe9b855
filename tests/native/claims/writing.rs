//! Chapters 2 and 5: what a trained model writes, and what its loss hides.

use unrolled::language::generate::answers_en;
use unrolled::language::random::Random;
use unrolled::language::{Reading, SamplingRules, Unit};
use unrolled::training::session::Session;
use unrolled::training::settings::{CellChoice, RunSettings};

use super::setup::*;

fn sample(name: &str) -> String {
    let path = format!("{}/public/samples/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn session(text: &str, seed: u64, change: impl FnOnce(&mut RunSettings)) -> Session {
    let mut settings = RunSettings::default();
    settings.model.cell = CellChoice::Preset("gru".to_owned());
    settings.model.hidden = 48;
    settings.training.seed = seed;
    settings.training.learning_rate = 0.01;
    settings.training.batch = 16;
    settings.training.window = 24;
    settings.training.steps = 2000;
    change(&mut settings);
    Session::new(settings, text, None, None).expect("trainable")
}

/// The last held-out loss after so many updates.
fn held_out(session: &mut Session, updates: u32) -> f32 {
    let mut last = f32::NAN;
    while session.step() < updates {
        session.update().expect("the run is stable");
        last = session.measures().held_out.unwrap_or(last);
    }
    last
}

pub fn a_small_vocabulary_has_a_low_loss_and_says_little() {
    let text = answers_en();
    for seed in FEW {
        let of = |limit: Option<usize>| {
            let mut session = session(&text, seed, |settings| {
                settings.text.unit = Unit::Word;
                settings.text.reading = Reading::Lines;
                settings.text.vocabulary_limit = limit;
            });
            let loss = held_out(&mut session, 200);
            (loss, session.prepared().unknown_share)
        };
        let ((all, none), (few, share)) = (of(None), of(Some(5)));
        println!("seed {seed}: {all} with all words, {few} with five, {share} unknown");
        assert!(few < 0.6 * all && none == 0.0 && share > 0.3);
    }
}

pub fn the_most_probable_symbols_go_round_in_circles() {
    let text = sample("rhymes-en");
    let mut circles = 0;
    for seed in SEEDS {
        let mut session = session(&text, seed, |_| {});
        held_out(&mut session, 250);
        let rules = SamplingRules { greedy: true, ..SamplingRules::default() };
        let written: Vec<char> = session.write("", 400, &rules, 1).expect("usual rules").chars().collect();
        // The last 40 symbols have stood there before, apart from these.
        let end = &written[written.len() - 40..];
        let is_circle = written[..written.len() - 40].windows(40).any(|piece| piece == end);
        println!("seed {seed}: {is_circle} {}", end.iter().collect::<String>());
        circles += usize::from(is_circle);
    }
    assert!(circles >= 4, "{circles} of 5");
}

pub fn after_a_slip_the_next_guesses_are_worse() {
    let (rows, symbols) = characters(&[&sample("names-en")]);
    for seed in FEW {
        let mut random = Random::new(seed, 36);
        let mut learner = Learner::new(preset("gru"), [32, symbols, 16, 16], seed, ADAM);
        for _ in 0..400 {
            let (inputs, targets) = windows(&rows[0], 16, 16, &mut random);
            learner.update(&inputs, &targets).expect("the run is stable");
        }
        let (inputs, targets) = windows(&rows[0], 16, 16, &mut random);
        let mut slipped = inputs.clone();
        for input in &mut slipped[8 * 16..9 * 16] {
            *input = (*input + 1 + random.below(symbols - 1) as i32) % symbols as i32;
        }
        // The three guesses after the slip.
        let mean = |inputs: &[i32]| {
            let losses = learner.losses(inputs, &targets);
            losses[8 * 16..11 * 16].iter().sum::<f64>() / 48.0
        };
        let (true_past, own_past) = (mean(&inputs), mean(&slipped));
        println!("seed {seed}: {true_past} {own_past}");
        assert!(own_past > true_past + 0.3);
    }
}
