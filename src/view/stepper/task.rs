//! What is too long for the page's own thread: a sentence cut by the dictionary, the trace of a large model. The page
//! hands it over as a task; the answer is the sentence as steps, and the trace as one list of numbers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::edits::Edits;
use super::model::{StepperModel, input_of};
use super::sequence::{MOST_STEPS, Sequence, under};
use crate::engine::model::Model;
use crate::engine::trace::{Trace, trace};
use crate::language::Unit;
use crate::language::text::{ByRules, WordCutter, needs_dictionary};
use crate::language::vocabulary::Vocabulary;
use crate::training::choice::{architecture, facts_of};
use crate::training::settings::ModelSettings;

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
    /// The sentence.
    pub words: Words,
    /// What the reader has changed.
    pub edits: Edits,
}

/// Why there is no trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotTraced {
    /// The dictionary could not be loaded.
    NoDictionary,
    /// Weights, sizes and sentence do not fit together.
    NoFit(String),
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
        let no_fit = |what: String| NotTraced::NoFit(what);
        let architecture = architecture(&self.model, sequence.vocabulary.len());
        let architecture =
            architecture.map_err(|refusal| no_fit(format!("{refusal:?}")))?.with_running_means();
        if architecture.layout().len != weights.len() || sequence.steps() > MOST_STEPS {
            return Err(no_fit(format!("{} weights, {} steps", weights.len(), sequence.steps())));
        }
        if sequence.steps() == 0 {
            return Ok((sequence, Vec::new()));
        }
        let (mut model, mut input) = (Model::from_flat(&architecture, weights), input_of(&sequence));
        self.edits.apply(&mut model, &mut input);
        let trace = trace(&model, &input).map_err(|error| no_fit(error.to_string()))?;
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
    let trace = trace.ok_or_else(|| NotTraced::NoFit(format!("{} numbers", numbers.len())))?;
    let mut model = model.as_ref().clone();
    let applied = task.edits.apply(&mut model, &mut input_of(&sequence));
    let facts = facts_of(&task.model.cell);
    Ok(StepperModel { applied, ..StepperModel::with_trace(model, sequence, trace) }.with_facts(facts))
}
