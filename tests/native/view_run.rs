use proptest::prelude::*;
use unrolled::engine::options::{Activation, Options};
use unrolled::protocol::Progress;
use unrolled::training::choice::architecture;
use unrolled::training::initial::start_weights;
use unrolled::training::settings::{CellChoice, ModelSettings, TrainingSettings};
use unrolled::view::link;
use unrolled::view::run::{
    ByHeart, History, clean_text, decades, gentler, looks_binary, nearest, preset_of, set_cell, tensor_place,
    write_number,
};

fn losses(from: u32, to: u32) -> Progress {
    Progress {
        step: to,
        losses: (from..=to).map(|step| (step, 1.0 / step as f32)).collect(),
        ..Progress::default()
    }
}

#[test]
fn steps_that_come_again_after_a_restart_replace_the_earlier_ones() {
    let mut history = History::default();
    history.absorb(losses(1, 50));
    history.absorb(losses(41, 60));
    let steps: Vec<u32> = history.losses.iter().map(|point| point.0).collect();
    assert_eq!(steps, (1..=60).collect::<Vec<_>>());
    assert_eq!(history.step, 60);
}

#[test]
fn after_a_run_has_diverged_its_numbers_are_those_of_the_weights_that_are_kept() {
    let mut history = History::default();
    let losses: Vec<(u32, f32)> =
        (1..=130).map(|step| (step, if step <= 100 { 2.0 } else { 90.0 })).collect();
    let held_out = vec![(0, 3.0), (100, 2.5), (125, 80.0)];
    // The trainer's last word is of the weights that it has put back, but for the mean of the last updates.
    history.absorb(Progress { step: 100, losses, held_out, recent_loss: Some(70.0), ..Progress::default() });
    history.stands_at(100);
    assert_eq!((history.loss(), history.held_out_loss()), (Some(2.0), Some(2.5)));
    assert_eq!(history.perplexity(), Some(libm::exp(2.5)));
    assert_eq!(history.losses.len(), 130, "the curve shows the way that led nowhere");
    // Gone on from there, and diverged again.
    history.back_to(100);
    assert_eq!(history.losses.len(), 100);
    history.absorb(Progress {
        step: 100,
        losses: vec![(101, 99.0)],
        recent_loss: Some(99.0),
        ..Progress::default()
    });
    history.stands_at(100);
    assert_eq!(history.loss(), Some(2.0));
}

#[test]
fn a_long_run_keeps_a_bounded_curve_with_its_first_and_last_point() {
    let mut history = History::default();
    for chunk in 0..400 {
        history.absorb(losses(chunk * 100 + 1, chunk * 100 + 100));
    }
    assert!(history.losses.len() <= 8_100, "{}", history.losses.len());
    assert_eq!(history.losses.first().map(|point| point.0), Some(1));
    assert_eq!(history.losses.last().map(|point| point.0), Some(40_000));
}

#[test]
fn the_samples_in_view_reach_from_the_first_to_the_last() {
    let samples: Vec<(u32, String)> = (0..23).map(|i| (i * 10, format!("sample {i}"))).collect();
    let mut history = History { samples, step: 220, ..History::default() };
    let steps: Vec<u32> = history.samples_over_time(5).iter().map(|sample| sample.0).collect();
    assert_eq!(steps, [0, 50, 110, 160, 220]);
    history.stands_at(105);
    let newest = history.samples_over_time(5).pop().expect("samples");
    assert_eq!(newest.0, 100, "not of weights that are gone");
    let few =
        History { samples: vec![(0, String::new()), (9, String::new())], step: 9, ..History::default() };
    assert_eq!(few.samples_over_time(5).len(), 2);
}

#[test]
fn the_time_left_comes_from_the_speed() {
    let history = History { step: 820, symbols_per_second: 51_200.0, ..History::default() };
    assert_eq!(history.seconds_left(2_000, 512), Some(11.8));
    assert_eq!(History::default().seconds_left(2_000, 512), None);
}

#[test]
fn perplexity_is_that_of_the_held_out_text() {
    let history = History { step: 1, losses: vec![(1, 1.0)], held_out: vec![(1, 0.0)], ..History::default() };
    assert_eq!(history.perplexity(), Some(1.0));
}

#[test]
fn the_slider_finds_its_own_places() {
    let places = decades(-5, 0);
    assert_eq!(places.len(), 21);
    for (i, place) in places.iter().enumerate() {
        assert_eq!(nearest(&places, *place), i);
    }
    assert_eq!(places[nearest(&places, 0.0031)], 0.003);
    assert_eq!(nearest(&places, 0.0), 0);
    assert_eq!(nearest(&places, 1e9), places.len() - 1);
}

#[test]
fn learning_by_heart_is_said_once_held_out_rises_and_training_falls() {
    let run = |losses: &[f32], held_out: &[f32]| {
        let numbered = |curve: &[f32]| (0..).step_by(50).zip(curve.iter().copied()).collect();
        History { step: 150, losses: numbered(losses), held_out: numbered(held_out), ..History::default() }
    };
    let memorised = run(&[3.8, 2.0, 0.5, 0.4], &[3.8, 2.2, 2.3, 2.9]).by_heart();
    assert_eq!(memorised, Some(ByHeart { since: 50, lowest: 2.2 }));
    let both_fall = run(&[3.8, 2.0, 1.5], &[3.8, 2.2, 1.9]).by_heart();
    let barely_risen = run(&[3.8, 2.0, 0.5], &[3.8, 2.2, 2.3]).by_heart();
    let both_rise = run(&[3.8, 5.0, 9.0], &[3.8, 5.0, 9.0]).by_heart();
    assert_eq!((both_fall, barely_risen, both_rise), (None, None, None));
    assert_eq!(run(&[3.8], &[]).by_heart(), None);
}

#[test]
fn a_text_loses_what_only_files_have() {
    assert_eq!(clean_text("\u{feff}a\r\nb\rc\0d"), "a\nb\ncd", "as the trainer reads it");
    assert!(looks_binary(&[0x7f, b'E', b'L', b'F', 0, 1]));
    assert!(!looks_binary("猫平均每天睡十五个小时".as_bytes()));
}

proptest! {
    #[test]
    fn a_written_setting_is_read_back(value in prop_oneof![1e-6..1.0_f64, 1.0..1e6_f64]) {
        prop_assert_eq!(unrolled::view::typed::decimal(&write_number(value)), Some(value));
    }
}

#[test]
fn an_activation_that_a_link_says_is_the_preset_that_is_shown_with_the_same_text_and_the_same_numbers() {
    for (word, activation, preset) in [
        ("tanh", Activation::Tanh, "rnn"),
        ("relu", Activation::Relu, "rnn-relu"),
        ("leaky-relu", Activation::LeakyRelu, "rnn-leaky-relu"),
        ("swish", Activation::Swish, "rnn-swish"),
    ] {
        let opened = link::read(&format!("?cell=rnn&activation={word}"), "");
        let linked = opened.state.run.model;
        assert_eq!(linked.options.activation, Some(activation));
        assert_eq!(preset_of(&linked), Some(preset));
        let chosen = ModelSettings {
            cell: CellChoice::Preset(preset.into()),
            options: Options::default(),
            ..linked.clone()
        };
        let made = |model: &ModelSettings| architecture(model, 5).expect("a good model");
        let equations = |model: &ModelSettings| {
            let cell = made(model).layers[0].cell.clone();
            cell.equations.iter().map(|equation| equation.expr.clone()).collect::<Vec<_>>()
        };
        assert_eq!(equations(&linked), equations(&chosen));
        let weights = |model: &ModelSettings| {
            start_weights::<f32>(&made(model), model, &TrainingSettings::default()).expect("usual settings")
        };
        assert_eq!(weights(&linked), weights(&chosen));
    }
}

#[test]
fn another_cell_is_chosen_without_the_activation_of_the_one_before() {
    let options = Options { activation: Some(Activation::Relu), ..Options::default() };
    let mut model =
        ModelSettings { cell: CellChoice::Preset("rnn".into()), options, ..ModelSettings::default() };
    set_cell(&mut model, CellChoice::Preset("lstm".into()));
    assert_eq!((preset_of(&model), model.options), (Some("lstm"), Options::default()));
    assert!(architecture(&model, 5).is_ok());
    model.cell = CellChoice::Own("state a".into());
    assert_eq!(preset_of(&model), None);
}

#[test]
fn a_run_that_stays_far_above_a_guess_is_told_from_one_that_begins() {
    let at = |loss: f32, steps: u32| {
        let mut history = History::default();
        let losses = (1..=steps).map(|step| (step, loss)).collect();
        history.absorb(Progress { step: steps, losses, ..Progress::default() });
        history
    };
    let guess = 11.0_f32.ln();
    assert_eq!(at(4.0 * guess, 20).worse_than_guessing(11), None, "it may still come down");
    assert_eq!(at(1.1 * guess, 300).worse_than_guessing(11), None, "hardly worse than a guess");
    let loss = at(4.0 * guess, 300).worse_than_guessing(11).expect("far above a guess for long");
    assert!((loss - f64::from(4.0 * guess)).abs() < 1e-4, "{loss}");
    let mut recovered = at(4.0 * guess, 300);
    recovered.absorb(Progress { step: 301, losses: vec![(301, 0.5)], ..Progress::default() });
    assert_eq!(recovered.worse_than_guessing(11), None);
    assert_eq!(History::default().worse_than_guessing(0), None);
}

#[test]
fn a_value_of_a_layer_is_told_by_its_layer_and_its_name() {
    assert_eq!(tensor_place("layers[1].z_a"), Some((1, "z_a")));
    assert_eq!([gentler(100.0), gentler(0.003)], [33.3, 0.001]);
    assert_eq!(tensor_place("gradients.layers[0].W_f"), Some((0, "W_f")));
    assert_eq!(tensor_place("loss"), None);
    assert_eq!(tensor_place("layers[x].z"), None);
}
