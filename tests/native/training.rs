//! Sessions: the loss falls, a restart changes no bit, a run that diverges stops with its last good weights.

use unrolled::engine::presets::{EXAMPLES, presets};
use unrolled::protocol::Refusal;
use unrolled::training::checkpoint::{Checkpoint, CheckpointError};
use unrolled::training::initial::{start_weights, usual_weights};
use unrolled::training::report::MOST_UNSEEN;
use unrolled::training::session::{Session, architecture};
use unrolled::training::settings::{
    CellChoice, Change, Changed, ModelSettings, Reading, RunSettings, TrainingSettings, Unit,
};

const TEXT: &str = "one hill, two hills, three hills high, a goat and a boat went sailing by. ";

fn settings(cell: &str) -> RunSettings {
    let mut settings = RunSettings::default();
    settings.model.cell = CellChoice::Preset(cell.to_owned());
    settings.model.hidden = 16;
    settings.training.window = 12;
    settings.training.batch = 4;
    settings.training.steps = 60;
    settings.training.learning_rate = 0.01;
    settings
}

fn session(settings: &RunSettings) -> Session {
    Session::new(settings.clone(), &TEXT.repeat(8), None, None).expect("the text can be trained on")
}

fn losses(session: &mut Session, count: usize) -> Vec<u64> {
    (0..count).map(|_| session.update().expect("the run is stable").loss.to_bits()).collect()
}

#[test]
fn what_a_network_has_never_seen_of_a_prompt_is_named() {
    let whole = session(&settings("rnn"));
    assert_eq!(whole.unseen("one hill").symbols, [""; 0]);
    let unseen = whole.unseen("one 中文 hill, 中!");
    assert_eq!(
        (unseen.symbols.as_slice(), unseen.is_replaced),
        (["中", "文", "!"].map(str::to_owned).as_slice(), false)
    );
    let mut cut = settings("rnn");
    cut.text.vocabulary_limit = Some(5);
    let unseen = session(&cut).unseen("中");
    assert_eq!((unseen.symbols.as_slice(), unseen.is_replaced), (["中".to_owned()].as_slice(), true));
    let many: String = ('Ａ'..='Ｚ').collect();
    assert_eq!(whole.unseen(&many).symbols.len(), MOST_UNSEEN);
}

#[test]
fn the_loss_falls_for_every_preset() {
    for preset in unrolled::engine::presets::presets() {
        let mut settings = settings(preset.id);
        if preset.id.starts_with("rnn-") {
            // An unbounded state that is carried on and on may run away: here it starts anew at each line.
            settings.text.reading = Reading::Lines;
            settings.training.learning_rate = 0.003;
        }
        let text = format!("{}\n", TEXT.trim()).repeat(8);
        let mut session = Session::new(settings, &text, None, None).expect("the text can be trained on");
        let first = session.update().expect("the run is stable").loss;
        let mut last = first;
        for _ in 0..150 {
            last = session.update().expect("the run is stable").loss;
        }
        assert!(last < 0.9 * first, "{}: {first} → {last}", preset.id);
    }
}

#[test]
fn a_run_continued_from_a_checkpoint_gives_the_same_bits() {
    for (cell, reading) in [("lstm", Reading::Running), ("gru", Reading::Lines), ("rnn", Reading::Running)] {
        let mut settings = settings(cell);
        settings.text.reading = reading;
        let text = format!("{TEXT}\n").repeat(12);
        let mut whole = Session::new(settings.clone(), &text, None, None).expect("trainable");
        let mut first = Session::new(settings.clone(), &text, None, None).expect("trainable");
        losses(&mut first, 17);
        let checkpoint = Checkpoint::from_bytes(&first.checkpoint().to_bytes()).expect("our own bytes");
        let mut second = Session::new(settings, &text, None, Some(&checkpoint)).expect("its own checkpoint");
        losses(&mut whole, 17);
        assert_eq!(losses(&mut second, 30), losses(&mut whole, 30), "{cell}");
        assert_eq!(second.checkpoint().weights, whole.checkpoint().weights);
    }
}

#[test]
fn a_change_made_while_running_is_part_of_the_settings_and_can_be_replayed() {
    let start = settings("gru");
    let mut live = session(&start);
    losses(&mut live, 10);
    live.change(Changed::LearningRate(0.05)).expect("within range");
    live.change(Changed::Clip(None)).expect("clipping may be switched off");
    let rest = losses(&mut live, 10);
    let mut again = session(live.settings());
    losses(&mut again, 10);
    assert_eq!(losses(&mut again, 10), rest);
}

#[test]
fn a_run_that_diverges_stops_and_keeps_the_last_good_weights() {
    let mut settings = settings("rnn-relu");
    settings.training.clip = None;
    settings.training.learning_rate = 80.0;
    settings.training.rule = unrolled::training::settings::Rule::Sgd;
    let mut session = session(&settings);
    let diverged = (0..200).find_map(|_| session.update().err()).expect("such a rate diverges");
    assert!(!diverged.tensor.is_empty());
    assert!(diverged.good_step < diverged.step);
    assert!(session.good().weights.iter().all(|weight| weight.is_finite()));
    assert_eq!(session.step(), diverged.good_step);
    assert_eq!(session.checkpoint().weights, session.good().weights);
}

#[test]
fn texts_and_settings_that_cannot_be_trained_on_are_refused_by_name() {
    let refusal = |settings: &RunSettings, text: &str| {
        Session::new(settings.clone(), text, None, None).err().expect("this is refused")
    };
    let usual = settings("lstm");
    assert_eq!(refusal(&usual, ""), Refusal::EmptyText);
    assert!(matches!(refusal(&usual, "x"), Refusal::VocabularyOfOne { .. }));
    assert_eq!(refusal(&usual, "aaaaaaaaaaaa"), Refusal::VocabularyOfOne { symbol: "a".to_owned() });
    let with = |change: fn(&mut RunSettings)| {
        let mut settings = usual.clone();
        change(&mut settings);
        refusal(&settings, TEXT)
    };
    let named = |refusal: Refusal| match refusal {
        Refusal::SettingOutOfRange { setting, .. } => setting,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(with(|settings| settings.training.learning_rate = 0.0)), "learning_rate");
    assert_eq!(named(with(|settings| settings.training.learning_rate = 1e9)), "learning_rate");
    assert_eq!(named(with(|settings| settings.training.learning_rate = f32::NAN)), "learning_rate");
    assert_eq!(named(with(|settings| settings.model.hidden = 0)), "hidden");
    assert_eq!(named(with(|settings| settings.training.batch = 100_000)), "batch");
    assert_eq!(named(with(|settings| settings.training.seed = 1 << 53)), "seed");
    let changed = [
        (Changed::LearningRate(1e30), "learning_rate"),
        (Changed::Clip(Some(0.0)), "clip"),
        (Changed::Steps(u32::MAX), "steps"),
    ];
    for (what, name) in changed {
        let mut settings = usual.clone();
        settings.changes.push(Change { step: 3, what });
        assert_eq!(named(refusal(&settings, TEXT)), name);
        assert_eq!(session(&usual).change(what).map_err(named), Err(name.to_owned()));
    }
    let mut changed = usual.clone();
    for (step, rate) in [(3, 0.02), (9, 0.5)] {
        changed.changes.push(Change { step, what: Changed::LearningRate(rate) });
    }
    let after = changed.after(5);
    assert_eq!(
        (after.training.learning_rate, after.changes.len()),
        (0.02, 0),
        "what comes later is not made"
    );
    // The limits themselves are taken, as they are written in single precision.
    for rate in [1e-6, 100.0] {
        assert!(session(&usual).change(Changed::LearningRate(rate)).is_ok(), "{rate}");
    }
    let huge = {
        let mut settings = usual.clone();
        settings.model.hidden = 1024;
        settings.model.layers = 4;
        settings.training.batch = 512;
        settings.training.window = 512;
        Session::new(settings, &TEXT.repeat(20_000), None, None).err()
    };
    assert!(matches!(huge, Some(Refusal::TooMuchMemory { .. })), "{huge:?}");
}

#[test]
fn damaged_foreign_and_newer_checkpoints_are_told_apart() {
    let bytes = session(&settings("gru-simplified")).checkpoint().to_bytes();
    assert!(Checkpoint::from_bytes(&bytes).is_ok());
    assert_eq!(Checkpoint::from_bytes(b"hello"), Err(CheckpointError::Foreign));
    assert_eq!(Checkpoint::from_bytes(&bytes[..bytes.len() - 4]), Err(CheckpointError::Damaged));
    assert_eq!(Checkpoint::from_bytes(&bytes[..7]), Err(CheckpointError::Damaged));
    let mut newer = bytes.clone();
    newer[4] = 9;
    assert_eq!(Checkpoint::from_bytes(&newer), Err(CheckpointError::Newer { version: 9 }));
    for place in [12, 30, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x40;
        assert_eq!(Checkpoint::from_bytes(&damaged), Err(CheckpointError::Damaged), "byte {place}");
    }
}

#[test]
fn measures_are_taken_at_the_beginning_and_the_end_and_a_sample_depends_on_the_seed_only() {
    let mut settings = settings("lstm");
    settings.text.unit = Unit::Character;
    let mut first = session(&settings);
    let measured = first.measures();
    assert!(measured.held_out.is_some_and(|loss| loss > 0.0));
    assert_eq!(measured.reach.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(measured.reach[0].1.len(), 12);
    assert!(measured.reach[0].1.iter().all(|norm| norm.is_finite()));
    let mut second = session(&settings);
    assert_eq!(measured.sample, second.measures().sample);
    first.update().expect("stable");
    assert_eq!(first.measures(), Default::default());
    while first.step() < first.steps() {
        first.update().expect("stable");
    }
    assert!(first.measures().sample.is_some());
}

#[test]
fn a_sentence_like_the_text_is_likelier_than_its_letters_in_disorder() {
    let mut session = session(&settings("gru"));
    losses(&mut session, 150);
    let scores = session.score(&["two hills, three hills".to_owned(), "wot sllih, eerht sllih".to_owned()]);
    assert_eq!(scores[0].symbols, 22);
    assert!(scores[0].nats < scores[1].nats);
}

#[test]
fn weights_drawn_without_a_run_are_those_of_a_run_that_asks_for_nothing_special() {
    let own = EXAMPLES.iter().map(|(_, text)| CellChoice::Own((*text).to_owned()));
    let choices = presets().iter().map(|preset| CellChoice::Preset(preset.id.to_owned())).chain(own);
    for cell in choices {
        let model = ModelSettings { cell, layers: 1, hidden: 5, ..ModelSettings::default() };
        let training = TrainingSettings { seed: 31, ..TrainingSettings::default() };
        // A residual cell fits only where input and state are equally large.
        let architecture = architecture(&model, 5).expect("a cell of the project");
        let of_a_run: Vec<f32> =
            start_weights(&architecture, &model, &training).expect("nothing is asked for");
        let drawn: Vec<f32> = usual_weights(&architecture, &model.cell, 31);
        assert_eq!(drawn, of_a_run, "{:?}", model.cell);
    }
}
