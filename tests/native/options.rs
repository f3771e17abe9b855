//! Model options: what they make of a text, what they refuse, their gradients, and that they train.

use std::sync::Arc;

use ndarray::{Array2, Axis, s};
use proptest::prelude::*;
use unrolled::engine::evaluate::{Scope, evaluate_value};
use unrolled::engine::model::Model;
use unrolled::engine::network::Network;
use unrolled::engine::options::{
    Activation, Normalisation, OptionError, Options, layers, with_activation, with_normalisation,
    with_residual, with_running_means,
};
use unrolled::engine::plan::{Input, Keep, Mode};
use unrolled::engine::presets::{EXAMPLES, preset, presets};
use unrolled::engine::syntax::{Cell, Expr, Symbol, Time, parse_cell, with_intermediates};
use unrolled::engine::trace::{Labels, LossAt, TraceInput, trace};
use unrolled::protocol::Refusal;
use unrolled::training::initial::start_weights;
use unrolled::training::session::{Session, architecture};
use unrolled::training::settings::{
    CellChoice, ModelSettings, Reading, RunSettings, Start, TrainingSettings,
};

use super::gradients::check_stack;

fn cell(text: &str) -> Arc<Cell> {
    Arc::new(parse_cell(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}")))
}

fn preset_cell(id: &str) -> Arc<Cell> {
    Arc::new(preset(id).expect("a preset").cell.clone())
}

#[test]
fn every_option_is_a_text_that_can_be_read() {
    let lstm = preset_cell("lstm");
    let normalised = with_normalisation(&lstm, Normalisation::Layer).expect("LSTM has gates");
    assert_eq!(
        normalised.text,
        "state a, c\n\
         c~<t> = tanh(layernorm(W_c [a<t-1>, x<t>]) * g_c + b_c)\n\
         Γ_f<t> = σ(layernorm(W_f [a<t-1>, x<t>]) * g_f + b_f)\n\
         Γ_u<t> = σ(layernorm(W_u [a<t-1>, x<t>]) * g_u + b_u)\n\
         Γ_o<t> = σ(layernorm(W_o [a<t-1>, x<t>]) * g_o + b_o)\n\
         c<t> = Γ_u<t> * c~<t> + Γ_f<t> * c<t-1>\n\
         a<t> = Γ_o<t> * tanh(c<t>)\n"
    );
    let rnn = preset_cell("rnn");
    assert_eq!(
        with_activation(&rnn, Activation::Relu),
        Ok(preset("rnn-relu").expect("a preset").cell.clone())
    );
    let residual = with_residual(&rnn).expect("an RNN may have one");
    let known = EXAMPLES.iter().find(|(id, _)| *id == "residual-rnn").expect("an example").1;
    let known = cell(known);
    assert_eq!(residual.output, known.output);
    assert!(residual.equations.iter().map(|e| &e.expr).eq(known.equations.iter().map(|e| &e.expr)));
    assert!(residual.check_sizes(4, 4).is_ok() && residual.check_sizes(4, 5).is_err());
    // What holds no product stays outside, and a name that is taken is not taken again.
    let peephole = cell("state a\ng_a<t> = a<t-1>\na<t> = tanh(b_a - W_a [g_a, x<t>] + p_a * a<t-1>)");
    let normalised = with_normalisation(&peephole, Normalisation::Batch).expect("it has a product");
    assert!(
        normalised.text.ends_with("tanh(batchnorm(-W_a [g_a<t>, x<t>]) * g_a2 + b_a + p_a * a<t-1>)\n"),
        "{}",
        normalised.text
    );
}

#[test]
fn what_does_not_go_with_a_cell_is_refused_with_its_reason() {
    let (lstm, rnn) = (preset_cell("lstm"), preset_cell("rnn"));
    let options = |activation, normalisation, residual| Options { activation, normalisation, residual };
    let relu = options(Some(Activation::Relu), None, false);
    assert_eq!(layers(&lstm, &relu, 2), Err(OptionError::NoActivation));
    let residual = options(None, None, true);
    assert_eq!(layers(&lstm, &residual, 1), Err(OptionError::ResidualNeedsTwoLayers));
    let known = cell("state a\noutput o\na<t> = tanh(W_a [a<t-1>, x<t>])\no<t> = a<t> + x<t>");
    assert_eq!(layers(&known, &residual, 2), Err(OptionError::AlreadyResidual));
    let layer = options(None, Some(Normalisation::Layer), false);
    let normal = Arc::new(with_normalisation(&rnn, Normalisation::Batch).expect("it has a product"));
    assert_eq!(layers(&normal, &layer, 1), Err(OptionError::AlreadyNormalised));
    let linear = cell("state a\na<t> = W_a [a<t-1>, x<t>] + b_a");
    assert_eq!(layers(&linear, &layer, 1), Err(OptionError::NothingToNormalise));
    let long = cell(&format!("state a\na<t> = tanh({}W_a [a<t-1>, x<t>])", "b_a + ".repeat(26)));
    assert_eq!(layers(&long, &layer, 1), Err(OptionError::TooLong));

    let mut model = ModelSettings { hidden: 4, ..ModelSettings::default() };
    let mut training = TrainingSettings { start: Start::Identity, ..TrainingSettings::default() };
    let start = |model: &ModelSettings, training: &TrainingSettings| {
        let architecture = architecture(model, 5).expect("a preset");
        start_weights::<f32>(&architecture, model, training)
    };
    assert_eq!(start(&model, &training), Err(OptionError::IdentityNeedsOneMatrix));
    model.cell = CellChoice::Preset("gru".into());
    training = TrainingSettings { forget_bias: Some(1.0), ..TrainingSettings::default() };
    assert_eq!(start(&model, &training), Err(OptionError::NoForgetBias));

    let mut settings = RunSettings::default();
    settings.model.options.residual = true;
    let refused = Session::new(settings, &"one two three ".repeat(20), None, None).err();
    assert_eq!(refused, Some(Refusal::Option { reason: OptionError::ResidualNeedsTwoLayers }));
}

#[test]
fn the_lowest_layer_keeps_its_text_and_those_above_add_their_input() {
    let lstm = preset_cell("lstm");
    let stack = layers(&lstm, &Options { residual: true, ..Options::default() }, 3).expect("three layers");
    assert_eq!(stack[0], lstm);
    assert!(stack[1].text.ends_with("o<t> = a<t> + x<t>\n"));
    assert_eq!(stack[1], stack[2]);
    let plain = layers(&lstm, &Options::default(), 2).expect("nothing is changed");
    assert_eq!(plain, [lstm.clone(), lstm]);
}

fn some_options() -> impl Strategy<Value = (Arc<Cell>, Options, usize)> {
    let texts: Vec<&str> = presets()
        .iter()
        .map(|preset| preset.cell.text.as_str())
        .chain(
            EXAMPLES
                .iter()
                .filter(|(id, _)| !id.starts_with("layernorm") && !id.starts_with("residual"))
                .map(|(_, text)| *text),
        )
        .collect();
    let activations = [Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Swish];
    (
        prop::sample::select(texts),
        prop::option::of(prop::sample::select(activations.to_vec())),
        prop::option::of(prop::sample::select(vec![Normalisation::Layer, Normalisation::Batch])),
        any::<bool>(),
        1usize..=3,
    )
        .prop_map(|(text, activation, normalisation, residual, count)| {
            let cell = cell(text);
            let activation = activation.filter(|_| cell.activation.is_some());
            (cell, Options { activation, normalisation, residual: residual && count > 1 }, count)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn any_combination_agrees_with_central_differences((cell, options, count) in some_options(), seed in 0u64..1000) {
        let stack = layers(&cell, &options, count).expect("the options go with the cell");
        check_stack(&stack, seed);
    }

    #[test]
    fn any_combination_runs_as_the_naive_reference_says((cell, options, count) in some_options(), seed in 0u64..1000) {
        let stack = layers(&cell, &options, count).expect("the options go with the cell");
        check_values(&stack, seed);
    }
}

#[test]
fn each_option_alone_agrees_with_central_differences() {
    for id in ["rnn", "gru", "lstm"] {
        for normalisation in [Normalisation::Layer, Normalisation::Batch] {
            let options = Options { normalisation: Some(normalisation), ..Options::default() };
            check_stack(&layers(&preset_cell(id), &options, 2).expect("it has products"), 11);
        }
        let options = Options { residual: true, ..Options::default() };
        check_stack(&layers(&preset_cell(id), &options, 3).expect("three layers"), 12);
    }
    for activation in [Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Swish] {
        let options = Options { activation: Some(activation), ..Options::default() };
        check_stack(&layers(&preset_cell("rnn"), &options, 2).expect("an RNN"), 13);
    }
}

/// One step of a traced layer.
struct Step<'a> {
    trace: &'a unrolled::engine::trace::LayerTrace<f64>,
    weights: &'a [(Symbol, Array2<f64>)],
    step: usize,
    lengths: &'a [usize],
}

impl Scope<f64> for Step<'_> {
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<f64>> {
        if name.0 == "x" {
            return Some(self.trace.x.index_axis(Axis(0), self.step).to_owned());
        }
        match (time, self.step) {
            (Time::Previous, 0) => {
                self.trace.initial.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
            }
            (Time::Previous, step) => Some(self.trace.value(name)?.index_axis(Axis(0), step - 1).to_owned()),
            (Time::Now, step) => Some(self.trace.value(name)?.index_axis(Axis(0), step).to_owned()),
        }
    }
    fn parameter(&self, name: &Symbol) -> Option<Array2<f64>> {
        self.weights.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
    fn term_gradient(&self, _: &Expr) -> Option<Array2<f64>> {
        None
    }
    fn mask(&self) -> Vec<bool> {
        self.lengths.iter().map(|length| self.step < *length).collect()
    }
}

/// Every value of every layer and step, of the samples that are still there, against [`evaluate_value`].
#[track_caller]
fn check_values(cells: &[Arc<Cell>], seed: u64) {
    let (model, input) = super::gradients::example_stack(cells, seed);
    let traced = trace(&model, &input).expect("the example fits its model");
    for (layer, trace) in model.layers.iter().zip(&traced.layers) {
        for step in 0..input.x.dim().0 {
            let scope = Step { trace, weights: &layer.weights, step, lengths: &input.lengths };
            for equation in with_intermediates(&layer.cell) {
                let expected =
                    evaluate_value(&equation.expr, layer.hidden, &scope).expect("every name is known");
                let found = trace.value(&equation.target.name).expect("it is traced");
                for (sample, length) in input.lengths.iter().enumerate().filter(|(_, length)| step < **length)
                {
                    let (found, expected) = (found.slice(s![step, .., sample]), expected.column(sample));
                    let far = (&found - &expected).iter().fold(0.0_f64, |most, one| most.max(one.abs()));
                    assert!(far < 1e-12, "{} at {step} of {length}: {far}", equation.target.name);
                }
            }
        }
    }
}

#[test]
fn after_training_batch_normalisation_is_a_text_with_its_running_means_in_it() {
    let options = Options { normalisation: Some(Normalisation::Batch), residual: true, ..Options::default() };
    let settings = ModelSettings { layers: 2, hidden: 3, options, ..ModelSettings::default() };
    let shape = architecture(&settings, 4).expect("two layers");
    let weights: Vec<f64> = start_weights(&shape, &settings, &TrainingSettings::default()).expect("a preset");
    let mut network = Network::<f64>::new(&shape, 4, 3, Keep::Everything, true, false);
    let ids = [0, 1, 2, 3, 3, 1, 0, 2, 1, 2, 0, 3];
    network.load(&weights);
    for _ in 0..30 {
        network.forward(&weights, Input::OneHot(&ids), Mode::Train);
    }
    network.forward(&weights, Input::OneHot(&ids), Mode::Evaluate);
    let expected = network.head().logits().to_vec();

    let statistics: Vec<Vec<f64>> = network.layers().iter().map(|layer| layer.statistics()).collect();
    let model = Model::from_flat(&shape, &weights).with_running_means(&statistics);
    assert!(model.layers.iter().all(|layer| !layer.cell.text.contains("batchnorm")));
    assert!(model.layers[1].cell.text.contains("/ s_f * g_f + b_f"), "{}", model.layers[1].cell.text);
    let x = ndarray::Array3::from_shape_fn((4, 4, 3), |(step, row, sample)| {
        if ids[step * 3 + sample] == row as i32 { 1.0 } else { 0.0 }
    });
    let input = TraceInput {
        x,
        y: Labels::Ids(Array2::zeros((4, 3))),
        lengths: vec![4; 3],
        initial: Vec::new(),
        loss_at: LossAt::EveryStep,
        holds: Vec::new(),
    };
    let traced = trace(&model, &input).expect("it fits");
    for (place, expected) in expected.iter().enumerate() {
        let found = traced.head.logits[[place / 12, place % 4, place / 4 % 3]];
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }
    assert_eq!(with_running_means(&preset_cell("lstm")), None);
}

#[test]
fn steps_past_the_end_of_every_sample_leave_the_running_means_alone() {
    let options = Options { normalisation: Some(Normalisation::Batch), ..Options::default() };
    let settings = ModelSettings { hidden: 3, options, ..ModelSettings::default() };
    let shape = architecture(&settings, 4).expect("a preset");
    let weights: Vec<f32> = start_weights(&shape, &settings, &TrainingSettings::default()).expect("a preset");
    let run = |steps: usize| {
        let mut network = Network::<f32>::new(&shape, steps, 2, Keep::Training, true, false);
        network.set_lengths(&[2, 1]);
        network.load(&weights);
        let ids: Vec<i32> = (0..2 * steps).map(|place| (place % 3) as i32).collect();
        network.forward(&weights, Input::OneHot(&ids), Mode::Train);
        network.layers()[0].statistics()
    };
    assert_eq!(run(2), run(5));
}

const TEXT: &str = "one hill, two hills, three hills high, a goat and a boat went sailing by. ";

#[test]
fn the_loss_falls_with_every_option() {
    let run = |cell: &str, change: &dyn Fn(&mut RunSettings)| {
        let mut settings = RunSettings::default();
        settings.model.cell = CellChoice::Preset(cell.to_owned());
        settings.model.hidden = 16;
        settings.model.layers = 2;
        settings.text.reading = Reading::Lines;
        settings.training.window = 24;
        settings.training.batch = 4;
        settings.training.learning_rate = 0.005;
        change(&mut settings);
        let text = format!("{}\n", TEXT.trim()).repeat(8);
        let mut session =
            Session::new(settings.clone(), &text, None, None).expect("the text can be trained on");
        let first = session.update().expect("the run is stable").loss;
        for _ in 0..60 {
            session.update().expect("the run is stable");
        }
        // The mean of a few updates: their windows differ.
        let last = (0..8).map(|_| session.update().expect("the run is stable").loss / 8.0).sum::<f64>();
        assert!(last < 0.93 * first, "{settings:?}: {first} → {last}");
    };
    for cell in ["rnn", "gru-simplified", "gru", "lstm"] {
        run(cell, &|settings| settings.model.options.normalisation = Some(Normalisation::Layer));
        run(cell, &|settings| settings.model.options.normalisation = Some(Normalisation::Batch));
        run(cell, &|settings| settings.model.options.residual = true);
        run(cell, &|settings| settings.training.start = Start::He);
        run(cell, &|settings| settings.training.start = Start::Uniform(0.1));
    }
    for activation in [Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Swish] {
        run("rnn", &|settings| settings.model.options.activation = Some(activation));
    }
    run("rnn-relu", &|settings| settings.training.start = Start::Identity);
    run("lstm", &|settings| settings.training.forget_bias = Some(0.0));
}

#[test]
fn a_run_with_options_goes_on_from_its_checkpoint_with_the_same_bits() {
    let model = ModelSettings {
        layers: 2,
        hidden: 8,
        options: Options { normalisation: Some(Normalisation::Batch), residual: true, ..Options::default() },
        ..ModelSettings::default()
    };
    let mut settings = RunSettings { model, ..RunSettings::default() };
    settings.training.window = 12;
    settings.training.batch = 4;
    let text = TEXT.repeat(8);
    let losses = |session: &mut Session| -> Vec<u64> {
        (0..12).map(|_| session.update().expect("the run is stable").loss.to_bits()).collect()
    };
    let mut whole = Session::new(settings.clone(), &text, None, None).expect("trainable");
    losses(&mut whole);
    let checkpoint = whole.checkpoint();
    assert_eq!(checkpoint.header.settings.model, settings.model);
    let mut again = Session::new(settings, &text, None, Some(&checkpoint)).expect("its own checkpoint");
    assert_eq!(losses(&mut again), losses(&mut whole));
    assert_eq!(again.checkpoint().statistics, whole.checkpoint().statistics);
}
