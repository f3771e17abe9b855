//! What page and file program hand each other: what is in view goes out and comes back, with what a reader has changed.

use unrolled::engine::presets;
use unrolled::engine::trace::trace;
use unrolled::formats::latex::Letters;
use unrolled::formats::parcel::{Export, Parcel, open};
use unrolled::formats::{csv, experiment};
use unrolled::view::stepper::edits::{Edits, MOST_EDITS, Target};
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::opened::opened;
use unrolled::view::stepper::sequence::Sequence;

use super::exported::network;
use super::python::run;

fn symbols() -> Vec<String> {
    ["a", "测", ",", "<EOS>"].map(str::to_owned).to_vec()
}

fn sentence() -> Sequence {
    Sequence {
        vocabulary: symbols(),
        inputs: vec![None, Some(0), Some(2)],
        labels: vec![0, 2, 3],
        symbols: 3,
        ..Sequence::default()
    }
}

fn lstm(edits: &Edits) -> StepperModel {
    let text = presets::preset("lstm").unwrap().cell.text.as_str();
    StepperModel::edited(network(&[text, text], 3, 4), sentence(), edits).unwrap()
}

fn parcel(model: &StepperModel) -> (Parcel, Vec<f64>) {
    let parcel = Parcel::of(&model.model, &model.sequence.vocabulary).with_input(&model.input());
    (parcel, model.model.to_flat())
}

/// A weight, inputs that are no symbols any more, and states before the first step.
fn changed() -> Edits {
    let mut edits = Edits::default();
    let weight = Target::Weight { layer: Some(1), name: "W_f".into(), row: 2, column: 4 };
    let state = |layer, name: &str, row| Target::Initial { layer, name: name.into(), row };
    for (target, value) in [
        (weight, 0.25),
        (Target::Input { step: 0, row: 1 }, -1.5),
        (Target::Input { step: 2, row: 0 }, 0.125),
        (state(0, "c", 1), 1.0 / 3.0),
        (state(1, "a", 0), -0.75),
    ] {
        edits.put(target, Some(value));
    }
    edits
}

#[test]
fn an_experiment_of_a_changed_sentence_comes_back_to_the_same_numbers() {
    let model = lstm(&changed());
    let (parcel, weights) = parcel(&model);
    let file = parcel.export(Export::Experiment, &weights, Letters::Notes).unwrap();
    let (back, weights, notes) = open("mine.json", &file).unwrap();
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(back.vocabulary, symbols());
    let network = back.model(&weights).unwrap();
    assert_eq!(network, model.model);
    let (inputs, edits) = opened(&back, &network).unwrap();
    assert_eq!(edits.len(), 5, "two columns of inputs and two states: {edits:?}");
    let sequence = Sequence { inputs, labels: back.labels.clone(), ..sentence() };
    let again = StepperModel::edited(network, sequence, &edits).unwrap();
    assert_eq!(again.trace, model.trace);
}

#[test]
fn a_plain_sentence_comes_back_without_a_change() {
    let model = lstm(&Edits::default());
    let (parcel, weights) = parcel(&model);
    let file = parcel.export(Export::Experiment, &weights, Letters::Notes).unwrap();
    let (back, weights, _) = open("mine.json", &file).unwrap();
    let (inputs, edits) = opened(&back, &back.model(&weights).unwrap()).unwrap();
    assert!(edits.is_empty());
    assert_eq!((inputs, back.labels), (sentence().inputs, sentence().labels));
}

#[test]
fn numpy_of_a_changed_sentence_prints_its_numbers() {
    let model = lstm(&changed());
    let (parcel, weights) = parcel(&model);
    let program = parcel.export(Export::NumPy, &weights, Letters::Notes).unwrap();
    let program = String::from_utf8(program).unwrap();
    let printed = run(&[("changed".to_owned(), program)], None, "numpy-changed").remove(0);
    let traced = trace(&model.model, &model.input()).unwrap();
    assert_eq!(traced, model.trace);
    let loss = printed["loss"][0];
    assert!((loss - traced.loss_sum).abs() <= 1e-10, "{loss} instead of {}", traced.loss_sum);
    let found = &printed["layer 2 c<3>"];
    let expected = traced.layers[1].value(&"c".into()).unwrap();
    assert!(found.iter().zip(expected.slice(ndarray::s![2, .., 0])).all(|(f, e)| (f - e).abs() <= 1e-10));
}

#[test]
fn a_sentence_with_more_numbers_of_its_own_than_can_be_changed_is_not_opened() {
    let text = presets::preset("rnn").unwrap().cell.text.as_str();
    let network = network(&[text], 2, 40);
    let parcel = Parcel {
        labels: vec![0; 12],
        x: (0..12 * 40).map(|place| f64::from(place) + 0.5).collect(),
        ..Parcel::of(&network, &[])
    };
    assert_eq!(opened(&parcel, &network), None);
    // As many as can be: 10 columns of 40.
    let parcel = Parcel { labels: vec![0; 10], x: vec![0.5; MOST_EDITS], ..parcel };
    assert_eq!(opened(&parcel, &network).map(|(_, edits)| edits.len()), Some(MOST_EDITS));
}

#[test]
fn of_a_held_unit_the_table_shows_what_follows_and_files_without_a_place_for_it_are_told() {
    let mut edits = Edits::default();
    edits.put(Target::Held { layer: 0, name: "Γ_f".into(), unit: 1, step: None }, Some(1.0));
    let model = lstm(&edits);
    assert_eq!(model.input().holds.len(), 1);
    let without: Vec<&str> =
        Export::ALL.into_iter().filter(|what| !what.has_holds()).map(Export::id).collect();
    assert_eq!(without, ["experiment", "trace", "pytorch", "keras"]);
    let (parcel, weights) = parcel(&model);
    let table = String::from_utf8(parcel.export(Export::Csv, &weights, Letters::Notes).unwrap()).unwrap();
    assert_eq!(table, csv::trace(&model.model, &model.trace));
    let free = lstm(&Edits::default());
    assert_ne!(table, csv::trace(&free.model, &free.trace));
    // What says which unit it is, says it.
    let text = |what| String::from_utf8(parcel.export(what, &weights, Letters::Notes).unwrap()).unwrap();
    assert!(text(Export::NumPy).contains("held_1 = {\"Γ_f\": [(1, 0, 3, 1)]}"), "{}", text(Export::NumPy));
    let line = "\\Gamma_{f,2}^{[1]\\langle t\\rangle} &:= 1,\\quad t = 1, \\dots, 3";
    assert!(text(Export::Latex).contains(line), "{}", text(Export::Latex));
}

#[test]
fn every_export_of_the_page_is_written() {
    let model = lstm(&changed());
    let (parcel, weights) = parcel(&model);
    for what in Export::ALL {
        let bytes = parcel.export(what, &weights, Letters::Keras).unwrap();
        assert!(bytes.len() > 400, "{}", what.id());
        assert_eq!(Export::from_id(what.id()), Some(what));
    }
    let file = parcel.export(Export::Experiment, &weights, Letters::Notes).unwrap();
    assert!(experiment::read::<f64>(&String::from_utf8(file).unwrap()).is_ok());
    // One weight too few, or not a number: a line, not a panic.
    assert!(parcel.export(Export::NumPy, &weights[1..], Letters::Notes).is_err());
    let broken: Vec<f64> = weights.iter().map(|_| f64::NAN).collect();
    for what in [Export::NumPy, Export::PyTorch, Export::Keras, Export::Experiment, Export::Safetensors] {
        assert!(parcel.export(what, &broken, Letters::Notes).is_err(), "{}", what.id());
    }
}

#[test]
fn a_matrix_as_a_table_reads_back_to_the_same_bits() {
    let matrix = ndarray::arr2(&[[1.0 / 3.0, -2.0], [1e-300, 0.0]]);
    let table = csv::matrix(matrix.view());
    let back: Vec<Vec<f64>> =
        table.lines().map(|line| line.split(',').map(|field| field.parse().unwrap()).collect()).collect();
    assert_eq!(back, [[1.0 / 3.0, -2.0], [1e-300, 0.0]]);
}
