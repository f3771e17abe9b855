use std::sync::Arc;

use unrolled::engine::model::Model;
use unrolled::engine::presets::presets;
use unrolled::language::Unit;
use unrolled::language::text::WordCutter;
use unrolled::language::vocabulary::Vocabulary;
use unrolled::training::choice::architecture;
use unrolled::training::initial::xavier;
use unrolled::training::settings::{CellChoice, ModelSettings};
use unrolled::view::stepper::edits::Edits;
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::sequence::{Sequence, own};
use unrolled::view::stepper::task::{NotTraced, Task, Words, cut_here, is_cut_by_dictionary, with_numbers};

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
    (Task { model: settings, words: Words::Cut(sequence), edits: Edits::default() }, model)
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
fn numbers_of_another_trace_are_refused() {
    let (task, model) = task("gru", 1, own("abc", Unit::Character, None));
    let (sequence, numbers) = task.perform(&model.to_flat(), None).unwrap();
    let longer = [numbers.as_slice(), &[0.0]].concat();
    for wrong in [&[][..], &numbers[1..], &longer] {
        assert!(matches!(with_numbers(&task, &model, sequence.clone(), wrong), Err(NotTraced::NoFit(_))));
    }
    assert!(matches!(task.perform(&[0.0; 7], None), Err(NotTraced::NoFit(_))));
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
    let task = Task { model: settings, words, edits: Edits::default() };
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
