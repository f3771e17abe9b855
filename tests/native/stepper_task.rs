use std::sync::Arc;

use unrolled::engine::architecture::{Architecture, LayerShape};
use unrolled::engine::model::Model;
use unrolled::engine::presets::{logistic_head, presets};
use unrolled::language::Unit;
use unrolled::language::text::WordCutter;
use unrolled::language::vocabulary::Vocabulary;
use unrolled::training::choice::architecture;
use unrolled::training::initial::xavier;
use unrolled::training::settings::{CellChoice, ModelSettings};
use unrolled::view::stepper::edits::Edits;
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::sequence::{Sequence, own};
use unrolled::view::stepper::task::{
    NotTraced, OwnLayers, Task, Words, cut_here, is_cut_by_dictionary, with_numbers,
};

fn model(cell: &str, layers: usize, symbols: usize) -> (ModelSettings, Arc<Model<f64>>) {
    let settings = ModelSettings {
        cell: CellChoice::Preset(cell.into()),
        layers,
        hidden: 5,
        ..ModelSettings::default()
    };
    let architecture = architecture(&settings, symbols).unwrap();
    let weights = xavier::<f64>(&architecture, 11, |_| 0.5);
    (settings, Arc::new(Model::from_flat(&architecture, &weights)))
}

fn task(cell: &str, layers: usize, sequence: Sequence) -> (Task, Arc<Model<f64>>) {
    let (settings, model) = model(cell, layers, sequence.vocabulary.len());
    (Task { model: settings, own: None, words: Words::Cut(sequence), edits: Edits::default() }, model)
}

#[test]
fn a_task_gives_the_very_trace_that_the_page_would_compute() {
    let sequence = own("the cat sat", Unit::Character, None);
    for preset in presets() {
        for layers in [1, 2] {
            let (task, model) = task(preset.id, layers, sequence.clone());
            let (same, numbers) = task.perform(&model.to_flat(), None).unwrap();
            assert_eq!(same, sequence);
            let done = with_numbers(&task, &model, same, &numbers).unwrap();
            let mut here = StepperModel::new(model.as_ref().clone(), sequence.clone()).unwrap();
            // Gradients of the weights stay behind: the Stepper adds them up itself.
            here.trace.layers.iter_mut().for_each(|layer| layer.weight_gradients.clear());
            here.trace.head.weight_gradients.clear();
            assert_eq!(done.trace, here.trace, "{} {layers}", preset.id);
        }
    }
}

#[test]
fn layers_of_a_file_may_differ_and_have_a_loss_of_their_own() {
    let sequence = own("abca", Unit::Character, None);
    let text = |id: &str| presets().iter().find(|preset| preset.id == id).unwrap().cell.text.clone();
    let own = OwnLayers { layers: vec![(text("gru"), 4), (text("rnn-relu"), 3)], logistic: true };
    let symbols = sequence.vocabulary.len();
    let layer = |(text, hidden): &(String, usize)| {
        LayerShape::new(Arc::new(unrolled::engine::syntax::parse_cell(text).unwrap()), *hidden)
    };
    let architecture = Architecture {
        layers: own.layers.iter().map(layer).collect(),
        head: Arc::new(logistic_head()),
        input: symbols,
        output: symbols,
    };
    let weights = xavier::<f64>(&architecture, 3, |_| 0.0);
    let model = Arc::new(Model::from_flat(&architecture, &weights));
    let words = Words::Cut(sequence.clone());
    let task = Task { model: ModelSettings::default(), own: Some(own), words, edits: Edits::default() };
    let (same, numbers) = task.perform(&weights, None).unwrap();
    let done = with_numbers(&task, &model, same, &numbers).unwrap();
    let mut here = StepperModel::new(model.as_ref().clone(), sequence).unwrap();
    here.trace.layers.iter_mut().for_each(|layer| layer.weight_gradients.clear());
    here.trace.head.weight_gradients.clear();
    assert_eq!(done.trace, here.trace);
    // A text that nobody can read is told, whoever sent it.
    let own = OwnLayers { layers: vec![("a<t> = (".into(), 4)], logistic: false };
    assert!(matches!(Task { own: Some(own), ..task }.perform(&weights, None), Err(NotTraced::NoFit)));
}

#[test]
fn numbers_of_another_trace_are_refused() {
    let (task, model) = task("gru", 1, own("abc", Unit::Character, None));
    let (sequence, numbers) = task.perform(&model.to_flat(), None).unwrap();
    let longer = [numbers.as_slice(), &[0.0]].concat();
    for wrong in [&[][..], &numbers[1..], &longer] {
        assert!(matches!(with_numbers(&task, &model, sequence.clone(), wrong), Err(NotTraced::NoFit)));
    }
    assert!(matches!(task.perform(&[0.0; 7], None), Err(NotTraced::NoFit)));
}

/// Pairs of characters are words.
struct Pairs;

impl WordCutter for Pairs {
    fn cut(&self, text: &str) -> Vec<usize> {
        text.char_indices().map(|(at, _)| at).step_by(2).collect()
    }
}

#[test]
fn words_of_chinese_are_cut_by_the_dictionary_and_not_without_it() {
    let vocabulary = Vocabulary::from_symbols(vec!["今天".into(), "有风".into(), "<EOS>".into()]);
    assert!(is_cut_by_dictionary(Unit::ChineseWord, &vocabulary));
    assert!(!is_cut_by_dictionary(Unit::Character, &vocabulary));
    let (settings, model) = model("lstm", 1, 3);
    let words = Words::Whole { sentence: "今天有风".into(), vocabulary: vocabulary.symbols().to_vec() };
    let task = Task { model: settings, own: None, words, edits: Edits::default() };
    assert_eq!(task.perform(&model.to_flat(), None), Err(NotTraced::NoDictionary));
    let (sequence, _) = task.perform(&model.to_flat(), Some(&Pairs)).unwrap();
    assert_eq!(sequence.labels, [0, 1, 2]);
}

#[test]
fn words_without_scripts_that_need_it_are_cut_on_the_page() {
    let vocabulary = Vocabulary::from_symbols(vec!["the".into(), "cat".into()]);
    assert!(!is_cut_by_dictionary(Unit::ChineseWord, &vocabulary));
    assert_eq!(cut_here("the cat", Unit::ChineseWord, &vocabulary).labels, [0, 1]);
}
