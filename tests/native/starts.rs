//! Start weights: what each start draws, and where the identity stands.

use ndarray::{Array2, s};
use unrolled::engine::model::Model;
use unrolled::engine::options::{Normalisation, Options};
use unrolled::engine::presets::EXAMPLES;
use unrolled::training::initial::{recurrent_matrix, start_weights, usual_forget_bias};
use unrolled::training::session::{architecture, cell_of};
use unrolled::training::settings::{CellChoice, ModelSettings, Start, TrainingSettings};

#[test]
fn starts_are_what_they_say() {
    let model =
        ModelSettings { cell: CellChoice::Preset("rnn-relu".into()), hidden: 4, ..ModelSettings::default() };
    let shape = architecture(&model, 5).expect("a preset");
    let start = |start| {
        let training = TrainingSettings { start, ..TrainingSettings::default() };
        Model::from_flat(&shape, &start_weights::<f64>(&shape, &model, &training).expect("an RNN"))
    };
    let weight =
        |model: &Model<f64>, name: &str| model.weight(Some(0), &name.into()).expect("a weight").clone();
    let (xavier, he) = (start(Start::Xavier), start(Start::He));
    // The same draws in other limits.
    let ratio = (6.0_f64 / 4.0).sqrt() / (6.0_f64 / 8.0).sqrt();
    let far = weight(&he, "W_aa") - weight(&xavier, "W_aa") * ratio;
    assert!(far.iter().all(|one| one.abs() < 1e-12));
    let identity = start(Start::Identity);
    assert_eq!(weight(&identity, "W_aa"), Array2::<f64>::eye(4));
    assert_eq!(weight(&identity, "W_ax"), weight(&xavier, "W_ax"));
    let small = start(Start::Uniform(0.01));
    let most = small.to_flat().into_iter().fold(0.0_f64, |most, one| most.max(one.abs()));
    assert!(most <= 0.01 && most > 0.005);

    let lstm = ModelSettings {
        hidden: 3,
        options: Options { normalisation: Some(Normalisation::Layer), ..Options::default() },
        ..ModelSettings::default()
    };
    let shape = architecture(&lstm, 5).expect("a preset");
    let columns = |forget_bias, name: &str| {
        let training = TrainingSettings { forget_bias, ..TrainingSettings::default() };
        let flat = start_weights::<f64>(&shape, &lstm, &training).expect("LSTM has a forget gate");
        weight(&Model::from_flat(&shape, &flat), name)[[2, 0]]
    };
    assert_eq!(["b_f", "b_u", "g_f", "g_c"].map(|name| columns(None, name)), [1.0, 0.0, 1.0, 1.0]);
    assert_eq!(["b_f", "b_u"].map(|name| columns(Some(-2.0), name)), [-2.0, 0.0]);
}

#[test]
fn the_identity_stands_in_the_columns_of_the_state_of_a_stacked_matrix() {
    for (rest, operand, first) in [
        ("", "x<t>, a<t-1>", 5),
        ("", "a<t-1>, x<t>", 0),
        ("g<t> = σ(W_g x<t>)\n", "x<t>, g<t>, a<t-1>", 8),
        ("", "x<t>, 1 - x<t>, a<t-1>", 10),
        ("c<t> = tanh(a<t>)\n", "x<t>, a<t-1>, c<t-1>", 5),
    ] {
        let states = if rest.starts_with('c') { "a, c\noutput a" } else { "a" };
        let (before, after) = if rest.starts_with('c') { ("", rest) } else { (rest, "") };
        let text =
            format!("activation g = relu\nstate {states}\n{before}a<t> = g(W_a [{operand}] + b_a)\n{after}");
        let model =
            ModelSettings { cell: CellChoice::Own(text.clone()), hidden: 3, ..ModelSettings::default() };
        let shape = architecture(&model, 5).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let start = |start| {
            let training = TrainingSettings { start, ..TrainingSettings::default() };
            let flat = start_weights::<f64>(&shape, &model, &training).expect("one recurrent matrix");
            Model::from_flat(&shape, &flat)
        };
        let (identity, drawn) = (start(Start::Identity), start(Start::Xavier));
        let matrix = |model: &Model<f64>| model.weight(Some(0), &"W_a".into()).expect("a weight").clone();
        let (found, mut expected) = (matrix(&identity), matrix(&drawn));
        expected.slice_mut(s![.., first..first + 3]).assign(&Array2::<f64>::eye(3));
        assert_eq!(found, expected, "{operand}");
        let others = |model: &Model<f64>| {
            let all = model.layers[0].weights.iter().filter(|(name, _)| name.0 != "W_a");
            all.cloned().collect::<Vec<_>>()
        };
        assert_eq!(others(&identity), others(&drawn), "{operand}: other weights stay");
    }
}

#[test]
fn the_identity_is_for_the_one_matrix_that_reads_the_state_itself() {
    let matrix = |text: &str| {
        let cell =
            cell_of(&CellChoice::Own(text.to_owned())).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        recurrent_matrix(&cell).map(|(name, _)| name.0)
    };
    assert_eq!(matrix("state a\na<t> = tanh(W_a [a<t-1>, x<t>] + b_a)").as_deref(), Some("W_a"));
    let gated = EXAMPLES.iter().find(|(id, _)| *id == "minimal-gated-unit").expect("an example").1;
    assert_eq!(matrix(gated), None, "the candidate's matrix reads a gated state");
    assert_eq!(matrix("state a\na<t> = tanh(W_a (2 * a<t-1>) + W_x x<t>)"), None);
    let twice = "state a\nf<t> = σ(W_a a<t-1>)\na<t> = f<t> * tanh(W_a a<t-1> + W_x x<t>)";
    assert_eq!(matrix(twice).as_deref(), Some("W_a"), "one matrix, though it is used twice");
}

#[test]
fn a_forget_gates_bias_starts_where_the_cell_has_it() {
    let usual = |choice: &CellChoice| usual_forget_bias(choice, &cell_of(choice).expect("a cell"));
    assert_eq!(usual(&CellChoice::Preset("lstm".into())), Some(1.0));
    assert_eq!(usual(&CellChoice::Preset("gru".into())), None);
    let example =
        |id: &str| EXAMPLES.iter().find(|(known, _)| *known == id).expect("an example").1.to_owned();
    for id in ["minimal-gated-unit", "peephole-lstm"] {
        let choice = CellChoice::Own(example(id));
        let model = ModelSettings { cell: choice.clone(), hidden: 3, ..ModelSettings::default() };
        let shape = architecture(&model, 5).expect("an example");
        let flat = start_weights::<f64>(&shape, &model, &TrainingSettings::default()).expect("no identity");
        let model = Model::from_flat(&shape, &flat);
        let bias = model.weight(Some(0), &"b_f".into()).expect("a weight")[[0, 0]];
        assert_eq!(usual(&choice), Some(bias), "{id}: what is shown is what it starts with");
    }
}
