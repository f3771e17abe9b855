//! Every shareable state as a link, and back.

mod network;
mod properties;
mod shown;

use base64::Engine;
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::Symbol;
use unrolled::training::settings::{
    CellChoice, Change, Changed, ModelSettings, Normalisation, Options, Start, TextSource,
};
use unrolled::view::link::{
    Allowed, Held, LONG, LeftOut, LinkError, MOST_WEIGHTS, Opened, Shared, Tool, WeightsFrom, held, read,
    write,
};
use unrolled::view::stepper::edits::{Edits, MOST_EDITS, Target};

fn opened(state: &Shared) -> Opened {
    let link = write(state);
    read(&link.query, &link.fragment)
}

#[track_caller]
fn check_round_trip(state: &Shared) {
    let opened = opened(state);
    assert_eq!(opened.errors, []);
    assert_eq!(&opened.state, state);
}

fn own_text() -> Shared {
    let mut state = Shared::default();
    state.run.text.source = TextSource::Own("一山二山三山高\nthe goat said oh 🐐\n".repeat(40));
    state.run.model.cell = CellChoice::Own("state a\na<t> = tanh(W_a [a<t-1>, x<t>] + b_a)".into());
    state.run.changes = vec![
        Change { step: 820, what: Changed::LearningRate(0.1 + 0.2) },
        Change { step: 900, what: Changed::Clip(None) },
        Change { step: 950, what: Changed::Clip(Some(1.5)) },
        Change { step: 990, what: Changed::Steps(4000) },
    ];
    state
}

#[test]
fn the_default_state_needs_no_link() {
    let link = write(&Shared::default());
    assert!(link.is_empty());
    check_round_trip(&Shared::default());
}

#[test]
fn options_can_be_read_in_the_address_and_a_wrong_one_is_named() {
    let mut state = Shared::default();
    state.run.model.layers = 2;
    state.run.model.options =
        Options { activation: None, normalisation: Some(Normalisation::Layer), residual: true };
    state.run.training.start = Start::Uniform(0.05);
    state.run.training.forget_bias = Some(-2.0);
    let link = write(&state);
    assert_eq!(link.query, "?v=1.57&layers=2&normalise=layer&residual=yes&start=uniform-0.05&forget=-2");
    check_round_trip(&state);
    for (query, key) in
        [("normalise=group", "normalise"), ("start=uniform-x", "start"), ("residual=1", "residual")]
    {
        let opened = read(query, "");
        assert_eq!(opened.state, Shared::default());
        assert!(matches!(opened.errors[..], [LinkError::WrongValue { key: named, .. }] if named == key));
    }
}

#[test]
fn what_was_changed_in_the_stepper_travels_and_comes_back_to_the_bit() {
    let mut state = Shared::default();
    let weight = |row| Target::Weight { layer: Some(0), name: "W_f".into(), row, column: 4 };
    for row in 0..MOST_EDITS {
        state.stepper.edits.put(weight(row), Some(0.1 * row as f64 + 1.0 / 3.0));
    }
    let held = Target::Held { layer: 0, name: "Γ_f".into(), unit: 1, step: Some(2) };
    state.stepper.edits.put(weight(0), None);
    state.stepper.edits.put(held.clone(), Some(0.0));
    check_round_trip(&state);
    // One alone leaves the link short enough to be pasted anywhere.
    state.stepper.edits = Edits::default();
    state.stepper.edits.put(held, Some(0.0));
    check_round_trip(&state);
    assert!(!write(&state).a_file_is_better());
    assert!(write(&state).len() < 150, "{}", write(&state).len());
}

#[test]
fn settings_can_be_read_in_the_address() {
    let mut state = Shared::default();
    state.run.model.cell = CellChoice::Preset("gru".into());
    state.run.training.learning_rate = 0.01;
    state.stepper.sentence = "cats & dogs".into();
    state.stepper.step = 5;
    let link = write(&state);
    assert_eq!(link.query, "?v=1.39&cell=gru&rate=0.01&sentence=cats+%26+dogs&step=5");
    assert_eq!(link.fragment, "");
    check_round_trip(&state);
}

#[test]
fn own_text_own_cell_changes_and_weights_travel_behind_the_hash() {
    let mut state = own_text();
    state.stepper.cell = CellChoice::Own("state c".into());
    state.stepper.weights = WeightsFrom::Given;
    state.weights = vec![0.1, -0.0, f32::MIN_POSITIVE, 3.4e38];
    check_round_trip(&state);
    assert_eq!(opened(&state).state.weights[1].to_bits(), (-0.0_f32).to_bits(), "to the bit");
}

#[test]
fn a_link_with_hand_set_weights_is_the_same_today_and_next_year() {
    let mut state = Shared::default();
    state.stepper.cell = CellChoice::Preset("rnn".into());
    state.stepper.sentence = "ab".into();
    state.stepper.hidden = 1;
    state.stepper.weights = WeightsFrom::Given;
    // W_aa, W_ax, b_a, W_ya, b_y: 1 + 3 + 1 + 3 + 3 numbers.
    state.weights = vec![0.5, 1.0, -1.0, 0.25, 0.125, 2.0, -2.0, 0.75, 0.0, 0.5, -0.5];
    let link = write(&state);
    assert_eq!(link.query, "?v=1.45&show=rnn&sentence=ab&units=1&weights=given&more=packed");
    assert_eq!(link.fragment, "#1.50.42cf678c.HYiBCQAgDMOCh6l_ieBn8zRTC2loG7C2NeCEku4OU67y_4nrAQ");
    check_round_trip(&state);
}

/// Numbers of a generator, which do not pack well.
fn generated() -> impl Iterator<Item = u64> {
    let next = |seed: &u64| Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    std::iter::successors(Some(7), next).skip(1)
}

/// Digits of a generator: 60,000 of them need about 25 KB.
fn noise(length: usize) -> String {
    generated().take(length).map(|number| char::from(b'0' + (number >> 33) as u8 % 10)).collect()
}

#[test]
fn a_text_without_room_is_said_to_be_left_out() {
    let mut state = Shared::default();
    state.run.text.source = TextSource::Own(noise(60_000));
    state.run.training.seed = 12;
    let link = write(&state);
    assert_eq!(link.left_out, [LeftOut::Text]);
    assert!(link.a_file_is_better());
    let opened = read(&link.query, &link.fragment);
    assert_eq!(opened.errors, [LinkError::Missing { what: LeftOut::Text }]);
    assert_eq!(opened.state.run.training.seed, 12, "everything else is there");
    assert_eq!(opened.state.run.text.source, Shared::default().run.text.source);
}

#[test]
fn too_many_weights_are_left_out_and_a_long_link_offers_a_file() {
    let mut state = Shared { weights: vec![0.5; MOST_WEIGHTS + 1], ..Shared::default() };
    assert_eq!(write(&state).left_out, [LeftOut::Weights]);
    state.weights = (0..MOST_WEIGHTS).map(|place| 1.0 / (place as f32 + 1.0)).collect();
    let link = write(&state);
    assert!(link.left_out.is_empty() && link.len() > LONG && link.a_file_is_better());
    check_round_trip(&state);
}

#[test]
fn changes_without_room_are_said_to_be_left_out_on_both_sides() {
    let mut state = Shared::default();
    let rate = |number: u64| Changed::LearningRate((number >> 40) as f32 / 2e7);
    state.run.changes =
        (0..9_000).zip(generated()).map(|(step, number)| Change { step, what: rate(number) }).collect();
    state.trained = 9_000;
    state.run.model.cell = CellChoice::Own("state a\na<t> = tanh(W_a [a<t-1>, x<t>] + b_a)".into());
    let link = write(&state);
    assert_eq!(link.left_out, [LeftOut::Changes], "the cell has room");
    let without = |held: &Held| matches!(held, Held::Changes(_) | Held::Trained(_));
    let holds = held(&state, &link, Tool::Lab);
    assert!(!holds.iter().any(without) && holds.contains(&Held::Cell), "{holds:?}");
    let opened = read(&link.query, &link.fragment);
    assert_eq!(opened.errors, [LinkError::Missing { what: LeftOut::Changes }]);
    assert_eq!((opened.state.trained, opened.state.run.model), (9_000, state.run.model.clone()));
    // With a cell that has no room either.
    state.run.model.cell = CellChoice::Own(noise(60_000));
    let link = write(&state);
    assert_eq!(link.left_out, [LeftOut::Changes, LeftOut::Cell]);
    let missing = |what| LinkError::Missing { what };
    let opened = read(&link.query, &link.fragment);
    assert_eq!(opened.errors, [missing(LeftOut::Changes), missing(LeftOut::Cell)]);
}

#[test]
fn a_change_of_the_same_kind_after_the_same_update_takes_the_place_of_the_one_before() {
    let mut run = Shared::default().run;
    run.record(3, Changed::LearningRate(0.1));
    run.record(3, Changed::Clip(None));
    run.record(3, Changed::LearningRate(0.2));
    run.record(4, Changed::LearningRate(0.3));
    let whats: Vec<(u32, Changed)> = run.changes.iter().map(|change| (change.step, change.what)).collect();
    let expected =
        [(3, Changed::Clip(None)), (3, Changed::LearningRate(0.2)), (4, Changed::LearningRate(0.3))];
    assert_eq!(whats, expected);
}

#[test]
fn every_preset_can_be_linked() {
    for preset in presets() {
        let mut state = Shared::default();
        state.run.model.cell = CellChoice::Preset(preset.id.into());
        state.stepper.cell = CellChoice::Preset(preset.id.into());
        check_round_trip(&state);
    }
}

#[test]
fn a_change_of_a_number_with_a_long_name_comes_back() {
    let mut state = Shared::default();
    let name = Symbol(format!("W_{}", "long".repeat(40)));
    let target = Target::Weight { layer: Some(0), name, row: 1, column: 2 };
    state.stepper.edits.put(target, Some(0.25));
    check_round_trip(&state);
}

#[test]
fn a_wrong_value_is_named_and_everything_else_still_opens() {
    let opened = read("?cell=transformer&hidden=0&rate=fast&direction=up&seed=9&step=5&utm_source=x", "");
    let wrong = |key: &'static str| {
        opened.errors.iter().find_map(|error| match error {
            LinkError::WrongValue { key: wrong, value, allowed } if *wrong == key => {
                Some((value.as_str(), allowed))
            }
            _ => None,
        })
    };
    assert!(matches!(wrong("cell"), Some(("transformer", Allowed::OneOf(cells))) if cells.contains(&"lstm")));
    assert!(matches!(wrong("hidden"), Some(("0", Allowed::Whole { least: 1, .. }))));
    assert!(matches!(wrong("rate"), Some(("fast", Allowed::Number { .. }))));
    assert!(matches!(wrong("direction"), Some(("up", Allowed::OneOf(_)))));
    assert_eq!(opened.errors.len(), 4, "{:?}", opened.errors);
    assert_eq!((opened.state.run.training.seed, opened.state.stepper.step), (9, 5));
    assert_eq!(opened.state.run.model, ModelSettings::default());
}

#[test]
fn a_link_cut_anywhere_says_so() {
    let state = own_text();
    let link = write(&state);
    let whole = format!("{}{}", link.query, link.fragment);
    // From behind the length on: a shorter query than that is like a link that somebody wrote.
    let start = whole.find('&').expect("a pair");
    for end in start..whole.len() {
        let Some(cut) = whole.get(..end) else { continue };
        let (query, fragment) = cut.split_once('#').unwrap_or((cut, ""));
        let opened = read(query, fragment);
        assert!(opened.errors.contains(&LinkError::Cut), "cut at {end}: {:?}", opened.errors);
    }
}

#[test]
fn a_link_from_a_newer_version_says_so() {
    let opened = read("?v=9.9&cell=gru&flux=7", "");
    assert_eq!(opened.errors[0], LinkError::Newer { version: 9 });
    assert_eq!(opened.state.run.model.cell, CellChoice::Preset("gru".into()));
    assert_eq!(read("", "#7.3.abc").errors, [LinkError::Newer { version: 7 }]);
}

#[test]
fn a_changed_fragment_is_damaged_and_a_headings_name_is_none_of_ours() {
    let link = write(&own_text());
    let mut changed = link.fragment.clone().into_bytes();
    let last = changed.last_mut().expect("a byte");
    *last = if *last == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("ASCII");
    assert_eq!(read(&link.query, &changed).errors, [LinkError::Damaged]);
    assert_eq!(read("", "#the-forget-gate").errors, []);
    let with_tail = format!("{}.", link.fragment);
    assert_eq!(read(&link.query, &with_tail).errors, [], "a full stop behind a pasted link does no harm");
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let deflated = miniz_oxide::deflate::compress_to_vec(&vec![0; 50_000_000], 9);
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(deflated);
    let sum =
        text.bytes().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let errors = read("", &format!("#1.{}.{sum:08x}.{text}", text.len())).errors;
    assert!(matches!(errors[..], [LinkError::TooLarge { .. }]), "{errors:?}");
}

#[test]
fn a_link_speaks_of_the_run_whose_weights_are_shown() {
    let mut state = Shared::default();
    state.stepper.weights = WeightsFrom::Trained;
    state.run.training.seed = 3;
    state.trained = 600;
    let mut chosen = state.run.clone();
    chosen.training.seed = 4;
    chosen.model.hidden = 24;
    let shown = state.clone().with_shown_run(Some((&chosen, 1200)));
    assert_eq!((&shown.run, shown.trained), (&chosen, 1200));
    check_round_trip(&shown);
    let held = held(&shown, &write(&shown), Tool::Stepper);
    assert!(held.contains(&Held::Trained(1200)), "{held:?}");
    assert!(opened(&shown).state.is_of_run(&chosen, 1200));
    assert!(!opened(&shown).state.is_of_run(&state.run, 600) && !shown.is_of_run(&chosen, 1201));
    // Weights from elsewhere are of no run, and leave the one that the link had.
    assert_eq!(state.clone().with_shown_run(None), state);
    state.stepper.weights = WeightsFrom::Random { seed: 7 };
    assert_eq!(state.clone().with_shown_run(Some((&chosen, 1200))), state);
    assert!(!state.is_of_run(&state.run, 600));
}

#[test]
fn a_link_without_room_for_its_text_is_still_of_its_run() {
    let mut state = own_text();
    state.stepper.weights = WeightsFrom::Trained;
    state.trained = 40;
    let run = state.run.clone();
    state.run = state.run.without_text();
    assert!(state.is_of_run(&run, 40));
    state.run.training.seed += 1;
    assert!(!state.is_of_run(&run, 40));
}
