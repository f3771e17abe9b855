//! Chapters 3, 4 and 7: what the tasks that the figures train come to.

use unrolled::language::tasks::TaskLanguage;
use unrolled::training::task::{Asker, Measured, TaskKind, TaskRun, TaskSettings};
use unrolled::training::tuning::{BothLosses, RightAnswers, Stage, TuningRun, TuningSettings};
use unrolled::view::figures::gated::Relevance;

use super::setup::*;

const LANGUAGES: [TaskLanguage; 2] = [TaskLanguage::English, TaskLanguage::Chinese];

fn trained(settings: TaskSettings) -> Measured {
    let mut run = TaskRun::new(settings).expect("good settings");
    while run.slice(|| false).expect("the run is stable") {}
    run.measure()
}

/// Seeds that the figure does not show.
const OTHERS: std::ops::Range<u64> = 11..16;

fn sums(cell: &str, hidden: usize, steps: u32) -> Vec<f64> {
    let of = |seed| {
        let usual = TaskSettings::usual(TaskKind::Distractor, TaskLanguage::English, cell, seed);
        f64::from(trained(TaskSettings { hidden, steps, ..usual }).accuracy)
    };
    OTHERS.map(of).collect()
}

pub fn on_running_sums_the_full_gru_is_ahead_also_of_a_simplified_one_with_as_many_weights() {
    let (full, simplified, wider) =
        (sums("gru", 12, 200), sums("gru-simplified", 12, 200), sums("gru-simplified", 15, 200));
    println!("full {full:?}\nsimplified {simplified:?}\nwider {wider:?}");
    let ahead = full.iter().zip(&simplified).filter(|(full, other)| full > other).count();
    assert!(ahead >= 4, "{ahead} of 5");
    let [full, simplified, wider] = [full, simplified, wider].map(median);
    assert!(full > simplified + 0.08 && full > wider + 0.03, "{full} {simplified} {wider}");
    assert!(wider > simplified, "part of the lead is size");
}

pub fn in_the_full_gru_reset_gates_are_lower_where_a_sum_begins_anew_and_the_cell_makes_use_of_it() {
    let (mut means, mut lost) = ([Vec::new(), Vec::new()], Vec::new());
    for seed in OTHERS {
        let settings = TaskSettings::usual(TaskKind::Distractor, TaskLanguage::English, "gru", seed);
        let mut run = TaskRun::new(settings.clone()).expect("good settings");
        while run.slice(|| false).expect("the run is stable") {}
        let asker = Asker::new(&settings).expect("good settings");
        let gates = Relevance::of(&asker, run.weights(), 128).expect("weights of this task");
        println!("{seed}: {gates:?}");
        let [anew, on] = gates.reset;
        assert!(anew < on - 0.03 && anew > 0.2, "lower, and not shut");
        assert!(gates.update[0] > gates.update[1]);
        let fewer = |at: usize| gates.right[at] - gates.open[at];
        assert!(fewer(0) > 0.0 && fewer(1) > 0.03);
        // There are more than twice as many of the other steps.
        lost.push(2.0 * fewer(1) - fewer(0));
        means[0].push(anew);
        means[1].push(on);
    }
    assert!(lost.iter().all(|lost| *lost > 0.0), "most of what is lost is lost at the steps that follow");
    let [anew, on] = means.map(median);
    assert!((anew - 1.0 / 3.0).abs() < 0.04 && (on - 0.4).abs() < 0.04, "{anew} {on}");
}

pub fn trained_for_longer_both_forms_of_the_gru_learn_running_sums() {
    for cell in ["gru", "gru-simplified"] {
        let accuracies = sums(cell, 12, 1500);
        println!("{cell}: {accuracies:?}");
        assert!(median(accuracies) > 0.95);
    }
}

pub fn the_plain_cell_stays_behind_where_a_sentence_is_judged_and_not_where_it_is_reversed() {
    for (language, seed) in LANGUAGES.into_iter().flat_map(|language| [1, 2].map(|seed| (language, seed))) {
        let loss = |kind, cell| trained(TaskSettings::usual(kind, language, cell, seed)).loss;
        let [judged, reversed] = [TaskKind::ManyToOne, TaskKind::EncoderDecoder]
            .map(|kind| (loss(kind, "gru"), loss(kind, "rnn")));
        println!("{language:?} {seed}: judged {judged:?}, reversed {reversed:?}");
        assert!(judged.1 > 3.0 * judged.0 && reversed.1 < reversed.0);
    }
}

/// Losses and right answers at the switch and at the end.
fn two_stages(language: TaskLanguage, seed: u64) -> [(BothLosses, RightAnswers); 2] {
    let mut run = TuningRun::new(TuningSettings::usual(language, "lstm", seed)).expect("usual settings");
    while run.stage() == Stage::General {
        run.slice(|| false).expect("the run is stable");
    }
    let between = (run.measure(), run.right());
    while run.slice(|| false).expect("the run is stable") {}
    [between, (run.measure(), run.right())]
}

pub fn the_same_questions_are_answered_after_the_fine_tuning_and_not_before() {
    for (language, seed) in LANGUAGES.into_iter().flat_map(|language| FEW.map(move |seed| (language, seed))) {
        let [(before, right_before), (after, right_after)] = two_stages(language, seed);
        println!("{language:?} {seed}: {before:?} {right_before:?}\n  {after:?} {right_after:?}");
        let share = |(right, of): (u16, u16)| f64::from(right) / f64::from(of);
        assert!(share(right_before.asked) < 0.1 && share(right_after.asked) > 0.6);
        assert!(after.pairs < 0.5 * before.pairs, "the loss on the pairs falls");
        assert!(after.general > before.general + 0.3, "the loss on the general text rises");
        // What no pair asks for is not carried over.
        assert!(right_after.left_out.1 == 14 && right_after.left_out.0 <= 1, "{right_after:?}");
    }
}

pub fn pre_training_saves_updates_on_the_pairs() {
    for (language, seed) in LANGUAGES.into_iter().flat_map(|language| FEW.map(move |seed| (language, seed))) {
        let usual = TuningSettings::usual(language, "lstm", seed);
        assert_eq!((usual.general_steps, usual.tuning_steps), (300, 250));
        let both = TuningSettings { tuning_steps: 180, ..usual.clone() };
        let loss = |settings: TuningSettings| {
            let mut run = TuningRun::new(settings).expect("usual settings");
            while run.slice(|| false).expect("the run is stable") {}
            run.measure().pairs
        };
        let (tuned, alone) = (loss(both), loss(TuningSettings { general_steps: 0, ..usual }));
        println!("{language:?} {seed}: after 180 updates {tuned}, alone after 250 {alone}");
        assert!(tuned < alone);
    }
}
