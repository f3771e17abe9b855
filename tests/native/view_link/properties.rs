//! Whatever a state or an address is.

use proptest::prelude::*;
use unrolled::training::settings::{
    Activation, CellChoice, Change, Changed, ModelSettings, Normalisation, Options, Reading, Rule,
    RunSettings, Start, TextSettings, TextSource, TrainingSettings, Unit,
};
use unrolled::view::formula::Notation;
use unrolled::view::link::{Shared, StepperState, WeightsFrom, read, write};
use unrolled::view::stepper::edits::Edits;
use unrolled::view::stepper::{Direction, MOST_HIDDEN};

use super::opened;

fn cells() -> impl Strategy<Value = CellChoice> {
    prop_oneof![
        prop::sample::select(vec!["rnn", "rnn-swish", "gru-simplified", "gru", "lstm"])
            .prop_map(|id| CellChoice::Preset(id.into())),
        "\\PC{0,80}".prop_map(CellChoice::Own),
    ]
}

fn runs() -> impl Strategy<Value = RunSettings> {
    let text = (
        prop_oneof!["[a-z-]{4,20}".prop_map(TextSource::Sample), any::<String>().prop_map(TextSource::Own)],
        prop::sample::select(vec![Unit::Character, Unit::Word, Unit::ChineseWord]),
        prop::sample::select(vec![Reading::Running, Reading::Lines]),
        prop::option::of(1usize..=100_000),
    )
        .prop_map(|(source, unit, reading, vocabulary_limit)| TextSettings {
            source,
            unit,
            reading,
            vocabulary_limit,
        });
    let activations = [Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Swish];
    let options = (
        prop::option::of(prop::sample::select(activations.to_vec())),
        prop::option::of(prop::sample::select(vec![Normalisation::Layer, Normalisation::Batch])),
        any::<bool>(),
    )
        .prop_map(|(activation, normalisation, residual)| Options {
            activation,
            normalisation,
            residual,
        });
    let model = (cells(), 1usize..=4, 1usize..=1024, options)
        .prop_map(|(cell, layers, hidden, options)| ModelSettings { cell, layers, hidden, options });
    let starts = prop_oneof![
        Just(Start::Xavier),
        Just(Start::He),
        Just(Start::Identity),
        (0f32..=10.0).prop_map(Start::Uniform)
    ];
    let rules = vec![Rule::Sgd, Rule::Momentum, Rule::MomentumEma, Rule::Rmsprop, Rule::Adam];
    let training = (
        (prop::sample::select(rules), 1e-6f32..=100.0, prop::option::of(1e-3f32..=1e6), 1usize..=512),
        (1usize..=512, 1u32..=1_000_000, 0u64..1 << 53, 0f32..=10.0),
        (starts, prop::option::of(-20f32..=20.0)),
    )
        .prop_map(
            |((rule, learning_rate, clip, window), (batch, steps, seed, l2), (start, forget_bias))| {
                TrainingSettings {
                    rule,
                    learning_rate,
                    clip,
                    window,
                    batch,
                    steps,
                    seed,
                    l2,
                    start,
                    forget_bias,
                }
            },
        );
    let what = prop_oneof![
        (0f32..1e9).prop_map(Changed::LearningRate),
        prop::option::of(0f32..1e9).prop_map(Changed::Clip),
        any::<u32>().prop_map(Changed::Steps),
    ];
    let changes =
        prop::collection::vec((any::<u32>(), what).prop_map(|(step, what)| Change { step, what }), 0..5);
    (text, model, training, changes).prop_map(|(text, model, training, changes)| RunSettings {
        text,
        model,
        training,
        changes,
    })
}

fn steppers() -> impl Strategy<Value = StepperState> {
    let weights = prop_oneof![
        (0u64..1 << 53).prop_map(|seed| WeightsFrom::Random { seed }),
        "[a-z-]{1,20}".prop_map(WeightsFrom::Preset),
        Just(WeightsFrom::Trained),
    ];
    let sentence = prop_oneof![any::<String>(), "[a-z &=%+#]{100,300}"];
    let place = (1usize..1000, 1usize..200, prop::bool::ANY, prop::option::of(1usize..500));
    let notation = prop::sample::select(vec![Notation::Notes, Notation::PyTorch, Notation::Keras]);
    (cells(), sentence, 1..=MOST_HIDDEN, weights, place, notation).prop_map(
        |(cell, sentence, hidden, weights, (step, equation, backward, row), notation)| StepperState {
            cell,
            sentence,
            hidden,
            weights,
            step,
            equation,
            direction: if backward { Direction::Backward } else { Direction::Forward },
            notation,
            row,
            edits: Edits::default(),
        },
    )
}

proptest! {
    #[test]
    fn every_state_comes_back_from_its_link(
        run in runs(), stepper in steppers(), trained in any::<u32>(), weights in prop::collection::vec(-1e9f32..1e9, 0..40),
    ) {
        let state = Shared { run, trained, stepper, weights, ..Shared::default() };
        let opened = opened(&state);
        prop_assert_eq!(&opened.errors, &[]);
        prop_assert_eq!(opened.state, state);
    }

    #[test]
    fn any_rubbish_opens_as_some_state(query in any::<String>(), fragment in any::<String>()) {
        let _ = read(&query, &fragment);
        let _ = read(&query, &format!("1.{}.{fragment}", fragment.len()));
    }

    #[test]
    fn a_link_changed_anywhere_still_opens(run in runs(), place in any::<prop::sample::Index>(), by in any::<char>()) {
        let link = write(&Shared { run, ..Shared::default() });
        let whole = format!("{}{}", link.query, link.fragment);
        let mut signs: Vec<char> = whole.chars().collect();
        if !signs.is_empty() {
            let place = place.index(signs.len());
            signs[place] = by;
        }
        let whole: String = signs.into_iter().collect();
        let (query, fragment) = whole.split_once('#').unwrap_or((&whole, ""));
        let _ = read(query, fragment);
    }
}
