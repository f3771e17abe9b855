//! The figures of chapters 7 and 8: their numbers against the engine and against small calculations of their own.

use std::collections::BTreeMap;

use proptest::prelude::*;
use unrolled::engine::syntax::Symbol;
use unrolled::engine::trace::Trace;
use unrolled::training::report::Progress;
use unrolled::training::session::Session;
use unrolled::training::study::StudyRun;
use unrolled::view::figures::gated::{Hold, Learnt, UNITS, held};
use unrolled::view::figures::{Drawing, Figure, News, Values, Words, figure, resolve};
use unrolled::view::stepper::edits::Edits;
use unrolled::view::stepper::model::{StepperModel, input_of};

fn model(cell: &str, sentence: &str) -> StepperModel {
    Learnt::default().model(cell, UNITS, sentence, &Edits::default()).expect("a model")
}

fn value(trace: &Trace<f64>, name: &str, step: usize, unit: usize) -> f64 {
    trace.layers[0].value(&Symbol::from(name)).expect("a value")[(step, unit, 0)]
}

fn run(model: &StepperModel, holds: &[Hold]) -> Trace<f64> {
    held(&model.model, &input_of(&model.sequence), holds).expect("a trace")
}

fn all(gate: &'static str, value: f64) -> Hold {
    Hold { gate, unit: None, value, from: 0, to: 1000 }
}

/// A drawing with the words of English, missing ones shown as they are.
fn draw(name: &str, given: &[(&str, &str)]) -> Drawing {
    let figure = figure(name).expect("a figure");
    let given: Values = given.iter().copied().collect();
    let (_, now) = resolve(&*figure, &given);
    figure.draw(&now, &Words::new(BTreeMap::new()))
}

#[test]
fn an_update_gate_held_at_zero_keeps_the_old_state_to_the_last_bit() {
    let model = model("gru-simplified", "the cat sat");
    let hold = Hold { gate: "Γ_u", unit: Some(2), value: 0.0, from: 3, to: 9 };
    let trace = run(&model, &[hold]);
    for step in 3..9 {
        assert_eq!(value(&trace, "c", step, 2).to_bits(), value(&trace, "c", 2, 2).to_bits(), "step {step}");
    }
    assert_ne!(value(&trace, "c", 9, 2), value(&trace, "c", 8, 2), "afterwards it moves again");
    for step in 0..3 {
        assert_eq!(
            value(&trace, "c", step, 2),
            value(&model.trace, "c", step, 2),
            "before it nothing changes"
        );
    }
}

#[test]
fn a_gate_held_where_it_stands_changes_nothing() {
    let model = model("lstm", "hold on");
    let at = value(&model.trace, "Γ_f", 4, 1);
    let hold = Hold { gate: "Γ_f", unit: Some(1), value: at, from: 4, to: 5 };
    let trace = run(&model, &[hold]);
    assert_eq!(trace.head.yhat, model.trace.head.yhat);
    assert_eq!(trace.loss_sum, model.trace.loss_sum);
}

#[test]
fn with_every_reset_gate_open_the_full_cell_is_the_simplified_one() {
    for (gate, expected) in [("open", true), ("free", false)] {
        let model = model("gru", "the cat sat");
        let holds = if gate == "open" { vec![all("Γ_r", 1.0)] } else { Vec::new() };
        let trace = run(&model, &holds);
        // The simplified cell by hand, with the same matrices.
        let weight = |name: &str| model.model.weight(Some(0), &Symbol::from(name)).expect("a weight");
        let mut c = [0.0f64; UNITS];
        let mut apart = 0.0f64;
        for (step, input) in model.sequence.inputs.iter().enumerate() {
            let sum = |matrix: &str, bias: &str, unit: usize| {
                let past: f64 = (0..UNITS).map(|k| weight(matrix)[(unit, k)] * c[k]).sum();
                let news = input.map_or(0.0, |symbol| weight(matrix)[(unit, UNITS + symbol)]);
                past + news + weight(bias)[(unit, 0)]
            };
            let next: Vec<f64> = (0..UNITS)
                .map(|unit| {
                    let gate = 1.0 / (1.0 + (-sum("W_u", "b_u", unit)).exp());
                    gate * sum("W_c", "b_c", unit).tanh() + (1.0 - gate) * c[unit]
                })
                .collect();
            for (unit, next) in next.into_iter().enumerate() {
                apart = apart.max((value(&trace, "c", step, unit) - next).abs());
                c[unit] = next;
            }
        }
        assert_eq!(apart < 1e-12, expected, "{gate}: {apart}");
    }
}

#[test]
fn with_every_reset_gate_shut_a_symbol_has_one_candidate_wherever_it_stands() {
    let model = model("gru", "abcab");
    let trace = run(&model, &[all("Γ_r", 0.0)]);
    for unit in 0..UNITS {
        // Steps 2 and 5 read "a".
        assert_eq!(value(&trace, "c~", 1, unit), value(&trace, "c~", 4, unit));
        assert_ne!(value(&model.trace, "c~", 1, unit), value(&model.trace, "c~", 4, unit));
    }
}

#[test]
fn with_every_output_gate_shut_the_prediction_is_that_of_the_bias_alone() {
    let trace = run(&model("lstm", "abcab"), &[all("Γ_o", 0.0)]);
    let yhat = &trace.head.yhat;
    for step in 0..yhat.dim().0 {
        for row in 0..yhat.dim().1 {
            // b_y starts at 0.
            assert!((yhat[(step, row, 0)] - 1.0 / yhat.dim().1 as f64).abs() < 1e-12);
        }
    }
}

#[test]
fn a_shut_forget_gate_passes_no_gradient_back_along_the_memory() {
    let model = model("lstm", "abcab");
    let shut = Hold { gate: "Γ_f", unit: Some(0), value: 0.0, from: 3, to: 4 };
    let deaf = Hold { gate: "Γ_o", unit: Some(0), value: 0.0, from: 0, to: 3 };
    let trace = run(&model, &[shut, deaf]);
    let gradient = trace.layers[0].gradient(&Symbol::from("c")).expect("a gradient");
    // Unit 1 shows nothing before step 4 and keeps nothing at it: its memory there has no way to any loss.
    assert_eq!(gradient[(2, 0, 0)], 0.0);
    assert_ne!(gradient[(3, 0, 0)], 0.0);
}

#[test]
fn the_mixing_shows_the_numbers_of_the_trace() {
    let drawing = draw("mixing", &[("sentence", "the cat sat"), ("step", "4")]);
    let model = model("gru-simplified", "the cat sat");
    for (unit, row) in drawing.table.rows.iter().enumerate() {
        let shown: Vec<f64> = row[1..].iter().map(|cell| cell.replace('−', "-").parse().unwrap()).collect();
        let [gate, candidate, old, new] = shown[..] else { panic!("{row:?}") };
        assert!((gate * candidate + (1.0 - gate) * old - new).abs() < 2e-4, "{row:?}");
        assert!((value(&model.trace, "c", 3, unit) - new).abs() < 1e-4, "{row:?}");
    }
}

#[test]
fn a_dragged_gate_moves_its_own_unit_alone() {
    let free = draw("mixing", &[("sentence", "the cat sat"), ("step", "4")]);
    let held = draw("mixing", &[("sentence", "the cat sat"), ("step", "4"), ("gate-3", "0")]);
    for (unit, (free, held)) in free.table.rows.iter().zip(&held.table.rows).enumerate() {
        assert_eq!(free == held, unit != 2, "unit {}", unit + 1);
    }
    assert_eq!(held.table.rows[2][3], held.table.rows[2][4], "old and new");
}

#[test]
fn the_two_parts_of_a_candidate_give_the_candidate() {
    for gate in ["free", "open", "shut"] {
        let drawing = draw("reset-gate", &[("sentence", "the cat sat"), ("step", "6"), ("gate", gate)]);
        for row in &drawing.table.rows {
            let shown: Vec<f64> =
                row[1..].iter().map(|cell| cell.replace('−', "-").parse().unwrap()).collect();
            let [_, _, past, news, candidate] = shown[..] else { panic!("{row:?}") };
            assert!(((past + news).tanh() - candidate).abs() < 2e-4, "{gate}: {row:?}");
            assert!(gate != "shut" || past == 0.0, "{row:?}");
        }
    }
}

#[test]
fn the_weights_are_counted_as_in_the_exercise() {
    let counts = |form| {
        let rows = draw("alike", &[("form", form)]).table.rows;
        [rows[0][3].clone(), rows[1][3].clone()]
    };
    assert_eq!(counts("gru-simplified"), ["32", "64"]);
    assert_eq!(counts("gru"), ["32", "96"]);
}

/// Trains a figure's job to its end and tells the figure; returns its last held-out loss.
fn train(figure: &mut dyn Figure, now: &Values) -> f64 {
    let job = figure.job(now).expect("a job");
    let mut session = Session::new(job.settings.clone(), &job.text, None, None).expect("a session");
    figure.hear(News::Reset);
    let prepared = session.prepared();
    figure.hear(News::Prepared(&prepared));
    let mut last = f64::NAN;
    for step in 1..=job.settings.training.steps {
        let update = session.update().expect("a stable run");
        let held_out = session.measures().held_out;
        last = held_out.map_or(last, f64::from);
        let progress = Progress {
            step,
            losses: vec![(step, update.loss as f32)],
            held_out: held_out.map(|loss| (step, loss)).into_iter().collect(),
            ..Progress::default()
        };
        figure.hear(News::Progress(&progress));
    }
    let checkpoint = session.checkpoint();
    figure.hear(News::Weights {
        step: job.settings.training.steps,
        settings: &job.settings,
        symbols: prepared.vocabulary.len(),
        weights: &checkpoint.weights,
    });
    last
}

#[test]
fn running_sums_show_every_run_and_the_full_cell_ahead_with_most_seeds() {
    for (compare, least) in [("units", 4), ("weights", 3)] {
        let mut figure = figure("running-sums").expect("a figure");
        let given: Values = [("sum", "=3+1+4=2"), ("compare", compare)].into_iter().collect();
        let (_, now) = resolve(&*figure, &given);
        let study = figure.study(&now).expect("a study");
        let mut run = StudyRun::new(&study).expect("good settings");
        figure.hear(News::Reset);
        let mut more = true;
        while more {
            more = run.slice(|| false).expect("stable");
            assert!(study.is_moment(run.step()), "it stops at the end of each run");
            figure.hear(News::Study(&run.progress()));
            figure.hear(News::StudyWeights(run.step(), run.weights()));
        }
        assert_eq!(run.step(), study.steps());
        let drawing = figure.draw(&now, &crate::figures::words("en", "gru").of("running-sums"));
        // What the gates do is said of the chosen seed, with the shares that the table of the runs has.
        assert!(
            drawing.sentence.contains("reset gates of the full cell with seed 1"),
            "{}",
            drawing.sentence
        );
        let share = |cell: &str| -> f64 {
            cell.trim_end_matches(|letter: char| !letter.is_ascii_digit()).parse().expect("a share")
        };
        let pairs: Vec<(f64, f64)> =
            drawing.table.rows.iter().map(|row| (share(&row[1]), share(&row[2]))).collect();
        println!("{compare}: {pairs:?}\n{}", drawing.sentence);
        let ahead = pairs.iter().filter(|(simplified, full)| full > simplified).count();
        assert!(pairs.len() == 5 && ahead >= least, "{compare}: {pairs:?}");
        assert!(drawing.sentence.contains(&format!("ahead in {ahead}")), "{}", drawing.sentence);
        let begins_small =
            |sentence: &str| sentence.trim_start().chars().next().is_some_and(char::is_lowercase);
        assert!(!drawing.sentence.split('.').any(begins_small), "{}", drawing.sentence);
    }
}

#[test]
fn runs_of_other_cells_stay_for_comparison_and_those_of_another_text_do_not() {
    let mut figure = figure("side-by-side").expect("a figure");
    let values = |cell: &str, text: &str| -> Values {
        [("sentence", "abc"), ("cell", cell), ("text", text)].into_iter().collect()
    };
    for cell in ["rnn", "lstm"] {
        let now = resolve(&*figure, &values(cell, "abcab\nbcabc\ncabca\nabc")).1;
        train(&mut *figure, &now);
    }
    let updates = |figure: &dyn Figure, given: &Values| -> Vec<String> {
        let drawing = figure.draw(&resolve(figure, given).1, &Words::new(BTreeMap::new()));
        drawing.table.rows.iter().map(|row| row[5].clone()).collect()
    };
    let same = values("gru", "abcab\nbcabc\ncabca\nabc");
    figure.hear(News::Reset);
    assert_eq!(updates(&*figure, &same), ["400", "–", "–", "400"]);
    assert_eq!(updates(&*figure, &values("gru", "abcab\nbcabc")), ["–"; 4]);
}

#[test]
fn trained_weights_take_the_place_of_random_ones() {
    let mut figure = figure("mixing").expect("a figure");
    let given: Values =
        [("sentence", "abca"), ("text", "abcab\nbcabc\ncabca"), ("step", "3")].into_iter().collect();
    let now = resolve(&*figure, &given).1;
    let words = Words::new(BTreeMap::new());
    let before = figure.draw(&now, &words).table;
    train(&mut *figure, &now);
    let now = resolve(&*figure, &given).1;
    let after = figure.draw(&now, &words).table;
    assert_ne!(before, after);
    figure.hear(News::Reset);
    let now = resolve(&*figure, &given).1;
    assert_eq!(figure.draw(&now, &words).table, before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_held_run_has_the_gradient_of_its_own_loss(
        unit in 0..UNITS, value in 0.0..1.0f64, from in 0..4usize, length in 1..4usize, entry in 0..30usize,
    ) {
        let model = model("lstm", "abcab");
        let hold = [Hold { gate: "Γ_u", unit: Some(unit), value, from, to: from + length }];
        let trace = run(&model, &hold);
        let loss = |change: f64| {
            let mut changed = model.clone();
            let (name, matrix) = &mut changed.model.layers[0].weights[0];
            assert_eq!(name.0, "W_c");
            let columns = matrix.ncols();
            matrix[(entry / columns % UNITS, entry % columns)] += change;
            run(&changed, &hold).loss_sum
        };
        let (_, gradient) = &trace.layers[0].weight_gradients.iter().find(|(name, _)| name.0 == "W_c").unwrap();
        let columns = model.model.layers[0].weights[0].1.ncols();
        let derived = gradient[(entry / columns % UNITS, entry % columns)];
        let difference = (loss(1e-5) - loss(-1e-5)) / 2e-5;
        prop_assert!((derived - difference).abs() < 1e-7, "{derived} {difference}");
    }
}
