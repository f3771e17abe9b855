//! Where the weights come from: drawn from a seed, trained in the Lab, or a small model that was trained for this.

use std::sync::Arc;

use leptos::prelude::*;

use super::retrain::{self, Progress};
use super::state::Trouble;
use crate::app::handover::{TrainedModel, use_handover};
use crate::engine::architecture::Architecture;
use crate::engine::model::Model;
use crate::engine::presets::preset;
use crate::language::Unit;
use crate::language::vocabulary::Vocabulary;
use crate::training::checkpoint::Checkpoint;
use crate::training::choice::{architecture, cell_of, start_values};
use crate::training::initial::xavier;
use crate::training::settings::{CellChoice, ModelSettings, RunSettings, TextSource};
use crate::view::link::{StepperState, WeightsFrom};
use crate::view::stepper::model::{MOST_ON_THE_PAGE, StepperModel, cost};
use crate::view::stepper::sequence::{self as sequence, Sequence};

/// Most hidden units that the page steps through with random weights.
pub const MOST_HIDDEN: usize = 64;

/// What decides the numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The cell, unless the weights bring their own.
    pub cell: CellChoice,
    /// The sentence.
    pub sentence: String,
    /// Hidden units, unless the weights bring their own.
    pub hidden: usize,
    /// The weights.
    pub weights: WeightsFrom,
}

/// How far weights are that are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightsState {
    /// Nothing has been trained yet.
    Missing,
    /// Being trained: updates done, of all.
    Training(u32, u32),
    /// Could not be trained.
    Failed,
}

/// Trained weights, ready to be stepped through.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The weights, widened exactly.
    pub model: Model<f64>,
    /// The vocabulary in order.
    pub vocabulary: Vocabulary,
    /// The cell of every layer.
    pub cell: CellChoice,
    /// What one symbol is.
    pub unit: Unit,
    /// Updates done.
    pub step: u32,
    /// What it was trained on.
    pub text: TextSource,
}

/// The sources of weights on this page.
#[derive(Clone, Copy)]
pub struct Source {
    /// The model that the Lab or Home handed over.
    pub handed_over: Signal<Option<Arc<Trained>>>,
    /// The model that is trained for the stepper, because its link or the reader asks for it.
    pub retrained: Signal<Progress>,
    /// The numbers that a link brought, in the order of the parameters.
    pub given: RwSignal<Vec<f32>>,
}

impl Source {
    /// The sources of this page.
    pub fn provide(state: RwSignal<StepperState>, run: (RunSettings, u32), given: Vec<f32>) -> Source {
        let handover = use_handover();
        let handed_over =
            Memo::new(move |_| handover.get().and_then(|model| trained(&model).ok()).map(Arc::new));
        let job = Memo::new(move |_| {
            state.with(|state| match state.weights {
                WeightsFrom::Trained if handover.with(Option::is_some) => None,
                _ => retrain::job(state, &run.0, run.1),
            })
        });
        Source {
            handed_over: handed_over.into(),
            retrained: retrain::provide(job).into(),
            given: RwSignal::new(given),
        }
    }

    /// The trained model, handed over or trained for this; none while it is not there.
    pub fn trained(self) -> Option<Arc<Trained>> {
        self.handed_over.get().or_else(|| self.retrained.get().ok())
    }

    /// The model for what is wanted, or why there is none.
    pub fn make(self, wanted: &Wanted) -> Result<StepperModel, Trouble> {
        let trained = match &wanted.weights {
            WeightsFrom::Random { seed } => {
                // Drawn in single precision, as the Lab draws them: the same seed has the same weights in both places.
                let start = start_values(&wanted.cell);
                return own(wanted, |architecture| Ok(xavier::<f32>(architecture, *seed, start)));
            }
            WeightsFrom::Given => {
                let given = self.given.get();
                return own(wanted, |architecture| match architecture.layout().len {
                    needed if needed == given.len() => Ok(given),
                    needed => Err(Trouble::OtherCount { given: given.len(), needed }),
                });
            }
            WeightsFrom::Preset(_) => self.retrained.get().map_err(Trouble::Weights)?,
            WeightsFrom::Trained => match self.handed_over.get() {
                Some(trained) => trained,
                None => self.retrained.get().map_err(Trouble::Weights)?,
            },
        };
        let sequence = sequence::under(&wanted.sentence, trained.unit, None, &trained.vocabulary);
        run(trained.model.clone(), sequence, &trained.cell)
    }
}

/// The weights of a model that was handed over.
///
/// # Errors
/// When the checkpoint cannot be read; what is wrong, in the engine's words.
pub fn trained(model: &TrainedModel) -> Result<Trained, String> {
    let checkpoint = Checkpoint::from_bytes(&model.checkpoint).map_err(|error| error.to_string())?;
    let settings = &model.settings;
    let cell = cell_of(&settings.model.cell).map_err(|refusal| format!("{refusal:?}"))?;
    let architecture = architecture(&settings.model, cell, model.vocabulary.len());
    if architecture.layout().len != checkpoint.weights.len() {
        return Err(format!("{} weights", checkpoint.weights.len()));
    }
    Ok(Trained {
        model: Model::from_flat(&architecture, &checkpoint.weights).convert(),
        vocabulary: Vocabulary::from_symbols(model.vocabulary.clone()),
        cell: settings.model.cell.clone(),
        unit: settings.text.unit,
        step: model.step,
        text: settings.text.source.clone(),
    })
}

/// A model of the reader's own choice under the symbols of the sentence, with weights for its architecture.
fn own(
    wanted: &Wanted,
    weights: impl FnOnce(&Architecture) -> Result<Vec<f32>, Trouble>,
) -> Result<StepperModel, Trouble> {
    let sequence = sequence::own(&wanted.sentence, Unit::Character, None);
    let cell = cell_of(&wanted.cell).map_err(|refusal| Trouble::Refused(format!("{refusal:?}")))?;
    let settings =
        ModelSettings { cell: wanted.cell.clone(), layers: 1, hidden: wanted.hidden.clamp(1, MOST_HIDDEN) };
    let architecture = architecture(&settings, cell, sequence.vocabulary.len());
    let weights = weights(&architecture)?;
    run(Model::from_flat(&architecture, &weights).convert(), sequence, &wanted.cell)
}

fn run(model: Model<f64>, sequence: Sequence, cell: &CellChoice) -> Result<StepperModel, Trouble> {
    let steps = sequence.steps();
    let cost = cost(&model, steps);
    if cost > MOST_ON_THE_PAGE {
        // The seam for the trainer: it will compute these traces, and `StepperModel::with_trace` takes them.
        let steps = (MOST_ON_THE_PAGE * steps as u64 / cost.max(1)) as usize;
        return Err(Trouble::TooLarge { cost: cost / 1_000_000, steps });
    }
    let facts = match cell {
        CellChoice::Preset(id) => preset(id).map(|preset| &preset.facts),
        CellChoice::Own(_) => None,
    };
    let model = StepperModel::new(model, sequence).map_err(|error| Trouble::Refused(error.to_string()))?;
    Ok(model.with_facts(facts))
}
