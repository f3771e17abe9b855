//! What is too long for the page's own thread: a sentence cut by the dictionary, the trace of a large model. The page
//! hands it over as a task; the answer is the sentence as steps, and the trace as one list of numbers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::edits::Edits;
use super::model::{StepperModel, input_for};
use super::sequence::{MOST_STEPS, Sequence, under};
use crate::engine::architecture::{Architecture, LayerShape};
use crate::engine::facts::Facts;
use crate::engine::model::Model;
use crate::engine::presets::{self, logistic_head, softmax_head};
use crate::engine::syntax::parse_cell;
use crate::engine::trace::{Trace, trace};
use crate::language::Unit;
use crate::language::text::{ByRules, WordCutter, needs_dictionary};
use crate::language::vocabulary::Vocabulary;
use crate::training::choice::{architecture, facts_of};
use crate::training::settings::{CellChoice, ModelSettings};

/// Above this estimate of multiply-adds no trace is computed at all (some ten seconds).
pub const MOST_IN_THE_WORKER: u64 = 6_000_000_000;

/// The sentence of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Words {
    /// Cut already.
    Cut(Sequence),
    /// To be cut by the dictionary, under the vocabulary of a trained model.
    Whole {
        /// The sentence.
        sentence: String,
        /// The vocabulary's symbols in order.
        vocabulary: Vec<String>,
    },
}

/// A trace to be computed. The weights travel beside it, flat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Cell and sizes.
    pub model: ModelSettings,
    /// The layers of a network from a file, which may differ from each other; none: `model` says all.
    pub own: Option<OwnLayers>,
    /// The sentence.
    pub words: Words,
    /// What the reader has changed.
    pub edits: Edits,
}

/// Layers as a file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLayers {
    /// Text and hidden units of each, the lowest first.
    pub layers: Vec<(String, usize)>,
    /// σ for each output instead of softmax over all.
    pub logistic: bool,
}

impl OwnLayers {
    /// Cells and sizes over so many symbols; none where a text cannot be read.
    fn architecture(&self, symbols: usize) -> Option<Architecture> {
        let layer = |(text, hidden): &(String, usize)| {
            Some(LayerShape::new(Arc::new(parse_cell(text).ok()?), *hidden))
        };
        let layers = self.layers.iter().map(layer).collect::<Option<Vec<_>>>()?;
        let head = if self.logistic { logistic_head() } else { softmax_head() };
        Some(Architecture { layers, head: Arc::new(head), input: symbols, output: symbols })
    }
}

/// Why there is no trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotTraced {
    /// The dictionary could not be loaded.
    NoDictionary,
    /// Weights, sizes and sentence do not fit together.
    NoFit,
}

/// Whether the words of a trained model are cut by the dictionary: those of the text it was trained on were.
pub fn is_cut_by_dictionary(unit: Unit, vocabulary: &Vocabulary) -> bool {
    vocabulary.symbols().iter().any(|symbol| needs_dictionary(symbol, unit))
}

/// A sentence under a trained model's vocabulary, where no dictionary is needed.
pub fn cut_here(sentence: &str, unit: Unit, vocabulary: &Vocabulary) -> Sequence {
    under(sentence, unit, Some(&ByRules), vocabulary)
}

impl Task {
    /// Whether the dictionary is needed.
    pub fn needs_dictionary(&self) -> bool {
        matches!(self.words, Words::Whole { .. })
    }

    /// Does it: the sentence as steps, and the trace's numbers.
    ///
    /// # Errors
    /// When the dictionary is missing, or the weights are not those of such a model.
    pub fn perform(
        &self,
        weights: &[f64],
        cutter: Option<&dyn WordCutter>,
    ) -> Result<(Sequence, Vec<f64>), NotTraced> {
        let sequence = match &self.words {
            Words::Cut(sequence) => sequence.clone(),
            Words::Whole { sentence, vocabulary } => {
                let cutter = cutter.ok_or(NotTraced::NoDictionary)?;
                let vocabulary = Vocabulary::from_symbols(vocabulary.clone());
                under(sentence, Unit::ChineseWord, Some(cutter), &vocabulary)
            }
        };
        let symbols = sequence.vocabulary.len();
        let architecture = match &self.own {
            Some(own) => own.architecture(symbols).ok_or(NotTraced::NoFit)?,
            None => architecture(&self.model, symbols).map_err(|_| NotTraced::NoFit)?.with_running_means(),
        };
        if architecture.layout().len != weights.len() || sequence.steps() > MOST_STEPS {
            return Err(NotTraced::NoFit);
        }
        if sequence.steps() == 0 {
            return Ok((sequence, Vec::new()));
        }
        let mut model = Model::from_flat(&architecture, weights);
        let mut input = input_for(&model, &sequence);
        self.edits.apply(&mut model, &mut input);
        let trace = trace(&model, &input).map_err(|_| NotTraced::NoFit)?;
        Ok((sequence, trace.to_numbers()))
    }
}

/// The stepper's model from a task's answer; the model and the changes are those of the task.
///
/// # Errors
/// When the numbers are not those of such a trace.
pub fn with_numbers(
    task: &Task,
    model: &Arc<Model<f64>>,
    sequence: Sequence,
    numbers: &[f64],
) -> Result<StepperModel, NotTraced> {
    let steps = sequence.steps();
    let trace = Trace::from_numbers(&model.architecture(), steps, 1, numbers);
    let trace = trace.ok_or(NotTraced::NoFit)?;
    let mut model = model.as_ref().clone();
    let mut input = input_for(&model, &sequence);
    let applied = task.edits.apply(&mut model, &mut input);
    let facts = facts_beside(&task.model.cell, &model);
    Ok(StepperModel { applied, ..StepperModel::with_trace(model, sequence, trace) }.with_facts(facts))
}

/// What is known beside a cell's text: of the preset that was chosen, else of a cell with the very same equations.
pub fn facts_beside(cell: &CellChoice, model: &Model<f64>) -> Option<&'static Facts> {
    let same = || model.layers.first().and_then(|layer| presets::known(&layer.cell));
    facts_of(cell).or_else(|| same().map(|preset| &preset.facts))
}
