//! The Lab's controls against the run that is there: which run the main button would train.

use unrolled::training::settings::{Change, Changed, Rule, RunSettings, Start, TextSource, TrainingSettings};
use unrolled::view::controls::{is_other, reaches, updates_of};
use unrolled::view::saved::Status;

fn run() -> RunSettings {
    let mut run = RunSettings::default();
    run.training.steps = 200;
    run
}

#[test]
fn more_updates_for_another_text_do_not_wake_a_finished_run() {
    let mut controls = run();
    controls.text.source = TextSource::Sample("sums".into());
    assert!(is_other(&controls, &run()));
    assert!(!reaches(&Status::Finished, true, 200, Changed::Steps(220)));
    assert!(reaches(&Status::Finished, false, 200, Changed::Steps(220)), "the same run can go on");
    assert!(!reaches(&Status::Finished, true, 200, Changed::LearningRate(0.1)));
}

#[test]
fn what_may_change_while_a_run_goes_on_asks_for_no_other_run() {
    let mut controls = run();
    controls.training.steps = 20;
    controls.training.learning_rate = 0.1;
    controls.training.clip = None;
    assert!(!is_other(&controls, &run()));
    for status in [Status::Running, Status::Paused] {
        assert!(reaches(&status, false, 100, Changed::Steps(50)), "{status:?}");
    }
    for status in [Status::Empty, Status::Preparing] {
        assert!(!reaches(&status, false, 0, Changed::Steps(50)), "{status:?}");
    }
}

#[test]
fn everything_else_in_the_training_settings_asks_for_another_run() {
    let changes: [fn(&mut TrainingSettings); 7] = [
        |training| training.rule = Rule::Sgd,
        |training| training.window += 1,
        |training| training.batch += 1,
        |training| training.seed += 1,
        |training| training.l2 = 0.1,
        |training| training.start = Start::He,
        |training| training.forget_bias = Some(2.0),
    ];
    let mut said = run();
    said.training.forget_bias = Some(1.0);
    assert!(!is_other(&said, &run()), "1 is where the LSTM's forget gate starts anyway");
    for (index, change) in changes.iter().enumerate() {
        let mut controls = run();
        change(&mut controls.training);
        assert!(is_other(&controls, &run()), "change {index}");
    }
}

#[test]
fn a_run_that_goes_back_knows_what_was_changed_since() {
    let mut run = run();
    run.record(40, Changed::Clip(None));
    run.record(90, Changed::Steps(300));
    run.record(95, Changed::LearningRate(0.5));
    run.record(97, Changed::Steps(400));
    assert_eq!(run.forget_after(90), [Changed::LearningRate(0.5), Changed::Steps(400)]);
    let whats: Vec<Changed> = run.changes.iter().map(|change| change.what).collect();
    assert_eq!(whats, [Changed::Clip(None), Changed::Steps(300)], "what was changed before stays");
    assert_eq!(run.forget_after(90), []);
}

#[test]
fn a_finished_run_keeps_its_own_total_when_fewer_updates_are_asked_for() {
    assert!(!reaches(&Status::Finished, false, 200, Changed::Steps(50)));
    assert_eq!(updates_of(&run()), 200);
    let mut shortened = run();
    shortened.changes.push(Change { step: 120, what: Changed::Steps(50) });
    assert_eq!(updates_of(&shortened), 120, "it ends where it was, not before");
    shortened.changes.push(Change { step: 120, what: Changed::Steps(300) });
    shortened.changes.push(Change { step: 130, what: Changed::LearningRate(0.1) });
    assert_eq!(updates_of(&shortened), 300);
}
