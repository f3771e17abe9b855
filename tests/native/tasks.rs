//! The five wirings of a recurrent network: data, gradients against central differences, and that each is learnt.

use std::time::Instant;

use unrolled::language::tasks::TaskLanguage;
use unrolled::training::report::Refusal;
use unrolled::training::task::{
    Learner, Sample, StepInput, Task, TaskKind, TaskRun, TaskSettings, TaskWindow, Wiring,
};

const LANGUAGES: [TaskLanguage; 2] = [TaskLanguage::English, TaskLanguage::Chinese];
const CELLS: [&str; 4] = ["rnn", "gru-simplified", "gru", "lstm"];

fn run(kind: TaskKind, language: TaskLanguage, cell: &str, seed: u64) -> TaskRun {
    TaskRun::new(TaskSettings::usual(kind, language, cell, seed)).expect("the usual settings are good")
}

fn train(run: &mut TaskRun) {
    while run.slice(|| false).expect("the run is stable") {}
}

#[test]
fn a_wiring_says_which_steps_read_which_are_asked_and_where_the_second_stack_takes_over() {
    let wiring = |kind| Wiring::new(kind, 3, 2);
    let asked = |kind| wiring(kind).steps.iter().map(|step| step.output).collect::<Vec<_>>();
    assert_eq!(asked(TaskKind::OneToOne), [true]);
    assert_eq!(asked(TaskKind::OneToMany), [true, true]);
    assert_eq!(asked(TaskKind::ManyToOne), [false, false, true]);
    assert_eq!(asked(TaskKind::ManyToMany), [true, true, true]);
    assert_eq!(asked(TaskKind::EncoderDecoder), [false, false, false, true, true]);
    assert_eq!(wiring(TaskKind::OneToMany).steps[1].input, StepInput::FedBack);
    assert_eq!(wiring(TaskKind::EncoderDecoder).takes_over(), Some(3));
    // The decoder's first input is the zero vector, the next its label before.
    let (inputs, labels) = wiring(TaskKind::EncoderDecoder).ids(&[5, 6, 7], &[7, 8]);
    assert_eq!(inputs, [5, 6, 7, -1, 7]);
    assert_eq!(labels, [-1, -1, -1, 7, 8]);
    let (inputs, labels) = wiring(TaskKind::OneToMany).ids(&[5], &[6, 7]);
    assert_eq!((inputs, labels), (vec![5, 6], vec![6, 7]));
}

#[test]
fn data_depend_on_the_seed_only_and_held_out_samples_are_not_among_those_trained_on() {
    for (kind, language) in TaskKind::ALL.into_iter().flat_map(|kind| LANGUAGES.map(|at| (kind, at))) {
        let task = Task::new(kind, language, 3);
        assert_eq!(task.training, Task::new(kind, language, 3).training);
        assert!(task.training.len() >= 20, "{kind:?}: {}", task.training.len());
        if kind == TaskKind::OneToOne {
            assert!(task.held_out.is_empty());
            continue;
        }
        assert_ne!(task.training, Task::new(kind, language, 4).training);
        assert!(task.held_out.len() >= 30, "{kind:?}");
        assert!(task.held_out.iter().all(|sample| !task.training.contains(sample)), "{kind:?}");
        let ids = task.training.iter().flat_map(|sample| &sample.given);
        assert!(ids.copied().all(|id| id >= 0 && (id as usize) < task.vocabulary.len()));
        if matches!(kind, TaskKind::ManyToOne | TaskKind::ManyToMany) {
            let labels: Vec<i32> = task.training.iter().flat_map(|sample| sample.wanted.clone()).collect();
            let yes = labels.iter().sum::<i32>() as f64 / labels.len() as f64;
            assert!((0.1..0.65).contains(&yes), "{kind:?}: {yes} are yes");
        }
    }
}

/// Central differences with one Richardson step, so that the error is of order h⁴.
fn slope(mut at: impl FnMut(f64) -> f64) -> f64 {
    let h = 2e-4;
    let mut difference = |h: f64| (at(h) - at(-h)) / (2.0 * h);
    (4.0 * difference(h / 2.0) - difference(h)) / 3.0
}

/// A small task of this wiring: three symbols and `<EOS>`, samples of different lengths.
fn small(kind: TaskKind) -> Task {
    let ends = matches!(kind, TaskKind::OneToMany | TaskKind::EncoderDecoder);
    let mut task = Task::new(kind, TaskLanguage::English, 1);
    let labels = |count: usize| (0..count).map(|at| (at % 2) as i32).collect::<Vec<_>>();
    let sample = |given: &[i32]| Sample {
        given: given.to_vec(),
        wanted: match kind {
            TaskKind::OneToOne | TaskKind::ManyToOne => vec![1],
            TaskKind::OneToMany => vec![2, 0, 3],
            TaskKind::ManyToMany | TaskKind::Distractor => labels(given.len()),
            TaskKind::EncoderDecoder => given.iter().rev().copied().chain([3]).collect(),
        },
    };
    let many = !matches!(kind, TaskKind::OneToOne | TaskKind::OneToMany);
    let lengths: [&[i32]; 3] = if many { [&[0, 1, 2, 1], &[2, 2], &[1]] } else { [&[0], &[2], &[1]] };
    task.training = lengths.into_iter().map(sample).collect();
    task.held_out.clear();
    let counted = ["a", "b", "c"].map(|symbol| (symbol, 1));
    task.vocabulary = unrolled::language::vocabulary::Vocabulary::build(counted, None, true);
    assert!(!ends || task.vocabulary.end() == Some(3));
    task
}

#[test]
fn every_wiring_has_the_gradient_of_its_loss_through_both_stacks_and_past_unequal_lengths() {
    for (kind, cell) in TaskKind::ALL.into_iter().flat_map(|kind| CELLS.map(|cell| (kind, cell))) {
        let task = small(kind);
        let mut settings = TaskSettings::usual(kind, TaskLanguage::English, cell, 5);
        (settings.hidden, settings.batch) = (3, 3);
        let start = TaskRun::with(settings, task.clone()).expect("a small task");
        let architecture = start.architecture().clone();
        let weights: Vec<f64> = start.weights().iter().map(|weight| f64::from(*weight) + 0.03).collect();
        let mut window = TaskWindow::default();
        window.fill(&task, 3, task.training.iter());
        let mut learner = Learner::<f64>::new(&task, &architecture, 3, weights.clone());
        learner.differentiate(&window, 1.0);
        let gradients = learner.gradients().to_vec();
        assert!(gradients.iter().any(|gradient| gradient.abs() > 1e-3));
        for (place, found) in gradients.into_iter().enumerate() {
            let expected = slope(|h| {
                learner.weights_mut()[place] = weights[place] + h;
                learner.forward(&window)
            });
            learner.weights_mut()[place] = weights[place];
            assert!(
                (found - expected).abs() < 2e-7 * expected.abs().max(1.0),
                "{kind:?}, {cell}, weight {place}: derived {found}, differences {expected}"
            );
        }
    }
}

#[test]
fn a_trace_of_one_sample_has_the_loss_and_the_gradients_that_training_uses() {
    for kind in TaskKind::ALL {
        let run = run(kind, TaskLanguage::Chinese, "lstm", 2);
        let task = run.task().clone();
        let sample = run.example(1).clone();
        let traced = run.trace(&sample).expect("a sample of its own");
        assert_eq!(traced.encoder.is_some(), kind == TaskKind::EncoderDecoder);
        let weights: Vec<f64> = run.weights().iter().map(|weight| f64::from(*weight)).collect();
        let mut learner = Learner::<f64>::new(&task, run.architecture(), 1, weights);
        let mut window = TaskWindow::default();
        window.fill(&task, 1, std::iter::once(&sample));
        let loss = learner.differentiate(&window, 1.0);
        assert!((loss - traced.stack.trace.loss_sum).abs() < 1e-12, "{kind:?}");
        let of = |stack: &unrolled::training::task::Stepped, head: bool| -> Vec<f64> {
            let layers = stack.trace.layers.iter().flat_map(|layer| &layer.weight_gradients);
            let head = stack.trace.head.weight_gradients.iter().filter(|_| head);
            layers.chain(head).flat_map(|(_, gradient)| gradient.iter().copied()).collect()
        };
        let encoder = traced.encoder.iter().flat_map(|encoder| of(encoder, false));
        let gradients: Vec<f64> = encoder.chain(of(&traced.stack, true)).collect();
        assert_eq!(gradients.len(), learner.gradients().len());
        for (one, other) in gradients.iter().zip(learner.gradients()) {
            assert!((one - other).abs() < 1e-12, "{kind:?}: {one} {other}");
        }
        if let Some(encoder) = &traced.encoder {
            let (handed, taken) = (&encoder.trace.layers[0], &traced.stack.trace.layers[0]);
            for ((_, last), (_, first)) in handed.final_states.iter().zip(&taken.initial) {
                assert_eq!(last, first);
            }
            assert!(traced.stack.input.x.index_axis(ndarray::Axis(0), 0).iter().all(|x| *x == 0.0));
        }
    }
}

#[test]
fn the_same_settings_give_the_same_bits_however_the_run_is_sliced() {
    let mut whole = run(TaskKind::EncoderDecoder, TaskLanguage::English, "gru", 3);
    let mut sliced = run(TaskKind::EncoderDecoder, TaskLanguage::English, "gru", 3);
    for _ in 0..60 {
        whole.update().expect("stable");
    }
    let mut count = 0;
    while sliced.step() < 60 {
        sliced.slice(|| true).expect("stable");
        sliced.progress(1);
        count += 1;
    }
    assert_eq!(count, 60);
    assert_eq!(whole.weights(), sliced.weights());
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let usual = TaskSettings::usual(TaskKind::ManyToOne, TaskLanguage::English, "gru", 1);
    let named = |settings: TaskSettings| match TaskRun::new(settings).err() {
        Some(Refusal::SettingOutOfRange { setting, .. }) => setting,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(TaskSettings { hidden: 1000, ..usual.clone() }), "hidden");
    assert_eq!(named(TaskSettings { learning_rate: f32::NAN, ..usual.clone() }), "learning_rate");
    assert_eq!(named(TaskSettings { batch: 0, ..usual.clone() }), "batch");
    let mut unknown = usual;
    unknown.cell = unrolled::training::settings::CellChoice::Preset("perceptron".into());
    assert!(matches!(TaskRun::new(unknown).err(), Some(Refusal::NoSuchCell { .. })));
}

/// Accuracy over seeds and languages after the usual run with a cell.
fn accuracies(kind: TaskKind, cell: &str) -> Vec<f32> {
    let runs = LANGUAGES.into_iter().flat_map(|language| [1, 2, 3].map(|seed| (language, seed)));
    runs.map(|(language, seed)| {
        let mut run = run(kind, language, cell, seed);
        let begin = Instant::now();
        let before = run.measure();
        train(&mut run);
        let after = run.measure();
        println!(
            "{kind:?} {language:?} {cell} seed {seed}: held-out loss {:.3} → {:.3}, accuracy {:.3} → {:.3}, \
             whole {:.3}, {:.2} s",
            before.loss,
            after.loss,
            before.accuracy,
            after.accuracy,
            after.whole,
            begin.elapsed().as_secs_f64()
        );
        after.accuracy
    })
    .collect()
}

#[test]
fn opposites_are_learnt_by_heart() {
    assert!(accuracies(TaskKind::OneToOne, "rnn").iter().all(|accuracy| *accuracy > 0.99));
}

#[test]
fn names_are_continued_better_than_by_the_commonest_letter() {
    for language in LANGUAGES {
        for seed in [1, 2, 3] {
            let mut run = run(TaskKind::OneToMany, language, "gru", seed);
            // The best that a model without memory and input can do: always the commonest label.
            let task = run.task().clone();
            let labels = || task.held_out.iter().flat_map(|sample| &sample.wanted);
            let count = |id: usize| labels().filter(|label| **label as usize == id).count();
            let most = (0..task.vocabulary.len()).map(count).max().unwrap_or(0) as f32;
            let commonest = most / labels().count() as f32;
            train(&mut run);
            let after = run.measure();
            println!("names {language:?} seed {seed}: {after:?}, commonest {commonest}");
            assert!(after.accuracy > commonest + 0.08, "{after:?}, commonest {commonest}");
        }
    }
}

#[test]
fn sentences_are_judged_and_negation_turns_them() {
    for cell in ["rnn", "gru"] {
        assert!(accuracies(TaskKind::ManyToOne, cell).iter().all(|accuracy| *accuracy > 0.93));
    }
    let mut run = run(TaskKind::ManyToOne, TaskLanguage::English, "gru", 1);
    train(&mut run);
    let mut well = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        let answer = run.answer(&words);
        answer.steps.last().expect("a step a word").outputs[0].probability
    };
    assert!(well("the film was good") > 0.8);
    assert!(well("the film was not good") < 0.2);
    assert!(well("the film was not bad") > 0.8);
}

#[test]
fn names_are_told_from_nouns_by_what_stands_before_them() {
    assert!(accuracies(TaskKind::ManyToMany, "gru").iter().all(|accuracy| *accuracy > 0.97));
    let mut run = run(TaskKind::ManyToMany, TaskLanguage::English, "gru", 1);
    train(&mut run);
    let answer = run.answer(&["rose", "saw", "the", "rose"]);
    let yhat: Vec<f32> = answer.steps.iter().map(|step| step.outputs[0].probability).collect();
    assert!(yhat[0] > 0.8 && yhat[3] < 0.2, "{yhat:?}");
}

#[test]
fn a_decoder_writes_backwards_what_an_encoder_has_read() {
    assert!(accuracies(TaskKind::EncoderDecoder, "gru").iter().all(|accuracy| *accuracy > 0.9));
    let mut run = run(TaskKind::EncoderDecoder, TaskLanguage::English, "gru", 1);
    train(&mut run);
    let answer = run.answer(&["a", "c", "b"]);
    let written: Vec<&str> = answer.steps[3..].iter().map(|step| step.outputs[0].symbol.as_str()).collect();
    assert_eq!(written, ["b", "c", "a", "<EOS>"]);
    assert_eq!(answer.wiring.takes_over(), Some(3));
}

#[test]
fn where_part_of_the_past_disturbs_the_full_gru_is_ahead_of_the_simplified_one() {
    // Once with equal sizes, once with about equal numbers of weights.
    let accuracies = |cell: &str, hidden: usize| {
        let mut accuracies = [1, 2, 3, 4, 5].map(|seed| {
            let usual = TaskSettings::usual(TaskKind::Distractor, TaskLanguage::English, cell, seed);
            let mut run = TaskRun::new(TaskSettings { hidden, ..usual }).expect("good settings");
            train(&mut run);
            run.measure().accuracy
        });
        accuracies.sort_by(f32::total_cmp);
        println!("distractor {cell} n_a {hidden}: {accuracies:?}");
        accuracies
    };
    let (full, simplified, wider) =
        (accuracies("gru", 12), accuracies("gru-simplified", 12), accuracies("gru-simplified", 15));
    assert!(full[2] > simplified[2] + 0.08, "medians: {full:?} {simplified:?}");
    assert!(full[2] > wider[2] + 0.05, "medians: {full:?} {wider:?}");
}
