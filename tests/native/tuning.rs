//! Pre-training, then fine-tuning: both losses through both stages, the same questions before and after.

use unrolled::language::generate::{asked, pairs, statements};
use unrolled::language::tasks::TaskLanguage;
use unrolled::training::study::{Study, StudyProgress, StudyRun};
use unrolled::training::tuning::{Stage, TuningRun, TuningSettings};

const LANGUAGES: [TaskLanguage; 2] = [TaskLanguage::English, TaskLanguage::Chinese];

#[test]
fn a_question_that_the_pairs_leave_out_has_its_answer_among_the_statements_only() {
    for language in LANGUAGES {
        let (general, pairs) = (statements(language), pairs(language));
        let left_out: Vec<_> = asked(language).into_iter().filter(|asked| !asked.trained).collect();
        assert_eq!(left_out.len(), 14);
        for asked in left_out {
            assert!(general.contains(&asked.answer));
            assert!(!pairs.contains(&asked.question) && !pairs.contains(&asked.answer), "{asked:?}");
        }
    }
}

#[test]
fn pre_training_lowers_the_loss_on_statements_and_fine_tuning_teaches_to_answer() {
    for (language, seed) in LANGUAGES.into_iter().flat_map(|language| [1, 2].map(|seed| (language, seed))) {
        let mut run = TuningRun::new(TuningSettings::usual(language, "lstm", seed)).expect("usual settings");
        let start = run.measure();
        while run.stage() == Stage::General {
            run.slice(|| false).expect("stable");
        }
        let (between, before) = (run.measure(), run.right());
        while run.slice(|| false).expect("stable") {}
        let (end, after) = (run.measure(), run.right());
        println!("{language:?} seed {seed}: {start:?} {between:?} {end:?} right {before:?} → {after:?}");
        assert!(between.general < 0.5 * start.general);
        assert!(end.pairs < 0.5 * between.pairs);
        assert_eq!((before.asked.1, before.left_out.1), (28, 14));
        assert!(before.asked.0 < 3 && after.asked.0 > 17, "{before:?} {after:?}");
        let progress = run.progress();
        let asked: Vec<u32> = progress.right.iter().map(|right| right.step).collect();
        assert_eq!(asked, [0, 300, 550]);
        assert_eq!(progress.right[1..], [before, after]);
        let points = progress.measured;
        assert_eq!(points.first().map(|point| point.step), Some(0));
        assert!(points.iter().any(|point| point.step == run.settings().general_steps));
        assert!(points.windows(2).all(|pair| pair[0].step < pair[1].step));
    }
}

#[test]
fn two_runs_with_the_same_settings_have_the_same_bits() {
    let mut settings = TuningSettings::usual(TaskLanguage::Chinese, "gru", 3);
    (settings.general_steps, settings.tuning_steps) = (15, 15);
    let (mut one, mut other) =
        (TuningRun::new(settings.clone()).expect("good"), TuningRun::new(settings).expect("good"));
    while one.slice(|| false).expect("stable") {}
    while other.slice(|| true).expect("stable") {}
    assert_eq!(one.weights(), other.weights());
    assert_eq!(one.answer("猫怎么叫？").prompt, "问：猫怎么叫？答：");
    // A letter and its accent apart are one symbol, which it does not know; no piece of the prompt is in the answer.
    let answered = one.answer("e\u{301}");
    assert_eq!(answered.left_out, ["é"]);
    assert!(!answered.continuation.contains('问'), "{answered:?}");
}

#[test]
fn after_both_stages_the_pairs_are_trained_on_alone_from_the_same_weights() {
    let usual = TuningSettings::usual(TaskLanguage::English, "gru", 2);
    let settings = TuningSettings { general_steps: 10, tuning_steps: 15, ..usual };
    let (general, pairs) = (statements(settings.language), pairs(settings.language));
    let study = Study::Tuning { settings: settings.clone(), general: general.clone(), pairs: pairs.clone() };
    let mut run = StudyRun::new(&study).expect("good settings");
    let mut ends = Vec::new();
    while run.slice(|| false).expect("stable") {
        ends.push((run.step(), study.is_moment(run.step())));
        run.progress();
    }
    assert_eq!(ends, [(10, true), (25, true)], "it stops at the switch and at the end of both");
    assert_eq!((run.step(), study.steps()), (40, 40));
    let StudyProgress::Tuning { before, progress } = run.progress() else { panic!("another study") };
    assert_eq!((before, progress.step, progress.measured.first().map(|both| both.step)), (25, 15, Some(0)));
    let alone = TuningSettings { general_steps: 0, ..settings };
    let mut own = TuningRun::with(alone, &general, &pairs).expect("good settings");
    while own.slice(|| false).expect("stable") {}
    assert_eq!(run.weights(), own.weights());
}
