//! Where the weights come from: drawn from a seed, trained in the Lab, or a small model that was trained for this.

use std::sync::{Arc, OnceLock};

use leptos::prelude::*;

use super::helper::Job;
use super::retrain::{self, Progress};
use super::stages::{Stage, use_stages};
use super::state::{Shared, Trouble};
use crate::app::files::{OpenedFile, use_files};
use crate::app::handover::{TrainedModel, use_handover};
use crate::engine::architecture::Architecture;
use crate::engine::facts::Facts;
use crate::engine::model::Model;
use crate::engine::syntax::LossKind;
use crate::language::Unit;
use crate::language::vocabulary::Vocabulary;
use crate::training::checkpoint::Checkpoint;
use crate::training::choice::{architecture, facts_of};
use crate::training::initial::usual_weights;
use crate::training::settings::{CellChoice, ModelSettings, RunSettings, TextSource};
use crate::view::link::{StepperState, WeightsFrom};
use crate::view::stepper::edits::Edits;
use crate::view::stepper::lines::Lines;
use crate::view::stepper::model::{MOST_ON_THE_PAGE, StepperModel, cost, lines_of};
use crate::view::stepper::sequence;
use crate::view::stepper::task::{
    MOST_IN_THE_WORKER, OwnLayers, Task, Words, cut_here, facts_beside, is_cut_by_dictionary,
};

pub use crate::view::stepper::MOST_HIDDEN;

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
    pub model: Arc<Model<f64>>,
    /// Cell and sizes.
    pub sizes: ModelSettings,
    /// The vocabulary in order.
    pub vocabulary: Vocabulary,
    /// What one symbol is.
    pub unit: Unit,
    /// Updates done.
    pub step: u32,
    /// What it was trained on.
    pub text: TextSource,
}

/// Weights and a sentence, as they came.
#[derive(Clone, Debug)]
pub struct Base {
    model: Arc<Model<f64>>,
    /// What is known of the cell's symbols.
    facts: Option<&'static Facts>,
    sizes: ModelSettings,
    /// The layers of a network from a file.
    own: Option<OwnLayers>,
    words: Words,
    /// The equations, once they are asked for: they stay while numbers change.
    lines: OnceLock<Arc<Lines>>,
}

impl PartialEq for Base {
    fn eq(&self, other: &Base) -> bool {
        Arc::ptr_eq(&self.model, &other.model) && self.sizes == other.sizes && self.words == other.words
    }
}

/// A model, or the job that makes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    /// There it is.
    Here(Shared),
    /// Too long for the page's thread.
    Elsewhere(Box<Job>),
}

/// The sources of weights on this page.
#[derive(Clone, Copy)]
pub struct Source {
    /// The model that the Lab or Home handed over.
    pub handed_over: Signal<Option<Arc<Trained>>>,
    /// The model that is trained for the stepper, because its link or the reader asks for it.
    pub retrained: Signal<Progress>,
    /// The network of the file that was opened.
    pub file: RwSignal<Option<Arc<OpenedFile>>>,
    /// The numbers that a link brought, in the order of the parameters.
    pub given: RwSignal<Vec<f32>>,
}

impl Source {
    /// The sources of this page.
    pub fn provide(state: RwSignal<StepperState>, run: (RunSettings, u32), given: Vec<f32>) -> Source {
        let handover = use_handover();
        let is_due = use_stages().reached(Stage::Weights);
        let handed_over = Memo::new(move |_| {
            let model = if is_due.get() { handover.get() } else { None };
            model.and_then(|model| trained(&model)).map(Arc::new)
        });
        let job = Memo::new(move |_| {
            state.with(|state| match state.weights {
                WeightsFrom::Trained if handover.with(Option::is_some) => None,
                _ => retrain::job(state, &run.0, run.1),
            })
        });
        Source {
            handed_over: handed_over.into(),
            retrained: retrain::provide(job).into(),
            file: use_files().opened,
            given: RwSignal::new(given),
        }
    }

    /// The trained model, handed over or trained for this; none while it is not there.
    pub fn trained(self) -> Option<Arc<Trained>> {
        self.handed_over.get().or_else(|| self.retrained.get().ok())
    }

    /// What one symbol is under these weights.
    pub fn unit(self, weights: &WeightsFrom) -> Unit {
        match weights {
            WeightsFrom::Random { .. } | WeightsFrom::Given => Unit::Character,
            WeightsFrom::File => {
                self.file.with(|file| file.as_ref().map_or(Unit::Character, |file| file.unit))
            }
            WeightsFrom::Preset(_) => self.retrained.get().map_or(Unit::Character, |trained| trained.unit),
            WeightsFrom::Trained => self.trained().map_or(Unit::Character, |trained| trained.unit),
        }
    }

    /// The weights and the sentence that are wanted, or why there are none.
    pub fn base(self, wanted: &Wanted) -> Result<Base, Trouble> {
        let trained = match &wanted.weights {
            WeightsFrom::Random { seed } => {
                // Drawn in single precision, as the Lab draws them: the same seed has the same weights in both places.
                return own(wanted, |architecture| Ok(usual_weights(architecture, &wanted.cell, *seed)));
            }
            WeightsFrom::Given => {
                let given = self.given.get();
                return own(wanted, |architecture| match architecture.layout().len {
                    needed if needed == given.len() => Ok(given),
                    needed => Err(Trouble::OtherCount { given: given.len(), needed }),
                });
            }
            WeightsFrom::File => {
                let file = self.file.get().ok_or(Trouble::NoFile)?;
                let words = match &file.sequence {
                    Some(sequence) if file.sentence == wanted.sentence => Words::Cut(sequence.clone()),
                    _ => words(&wanted.sentence, file.unit, &file.vocabulary),
                };
                let logistic = file.model.head.head.loss == LossKind::Logistic;
                let own = Some(OwnLayers { layers: file.parcel.layers.clone(), logistic });
                let facts = facts_beside(&file.sizes.cell, &file.model);
                return Ok(Base {
                    model: file.model.clone(),
                    facts,
                    sizes: file.sizes.clone(),
                    own,
                    words,
                    lines: OnceLock::new(),
                });
            }
            WeightsFrom::Preset(_) => self.retrained.get().map_err(Trouble::Weights)?,
            WeightsFrom::Trained => match self.handed_over.get() {
                Some(trained) => trained,
                None => self.retrained.get().map_err(Trouble::Weights)?,
            },
        };
        let words = words(&wanted.sentence, trained.unit, &trained.vocabulary);
        let facts = facts_of(&trained.sizes.cell);
        Ok(Base {
            model: trained.model.clone(),
            facts,
            sizes: trained.sizes.clone(),
            own: None,
            words,
            lines: OnceLock::new(),
        })
    }
}

/// The sentence under a vocabulary: cut here, or to be cut by the dictionary.
fn words(sentence: &str, unit: Unit, vocabulary: &Vocabulary) -> Words {
    if is_cut_by_dictionary(unit, vocabulary) {
        return Words::Whole { sentence: sentence.to_owned(), vocabulary: vocabulary.symbols().to_vec() };
    }
    Words::Cut(cut_here(sentence, unit, vocabulary))
}

/// The weights of a model that was handed over; none where the checkpoint cannot be read, or is another model's.
pub fn trained(model: &TrainedModel) -> Option<Trained> {
    let checkpoint = Checkpoint::from_bytes(&model.checkpoint).ok()?;
    let settings = &model.settings;
    let architecture = architecture(&settings.model, model.vocabulary.len()).ok()?;
    if architecture.layout().len != checkpoint.weights.len() {
        return None;
    }
    // One sample has no other samples to be normalised with: what was learned of them while training stands in the text.
    let of_layer = (checkpoint.statistics.len() / architecture.layers.len().max(1)).max(1);
    let statistics: Vec<Vec<f64>> = checkpoint
        .statistics
        .chunks(of_layer)
        .map(|layer| layer.iter().copied().map(f64::from).collect())
        .collect();
    Some(Trained {
        model: Arc::new(
            Model::from_flat(&architecture, &checkpoint.weights).convert().with_running_means(&statistics),
        ),
        sizes: settings.model.clone(),
        vocabulary: Vocabulary::from_symbols(model.vocabulary.clone()),
        unit: settings.text.unit,
        step: model.step,
        text: settings.text.source.clone(),
    })
}

/// A model of the reader's own choice under the symbols of the sentence, with weights for its architecture.
fn own(
    wanted: &Wanted,
    weights: impl FnOnce(&Architecture) -> Result<Vec<f32>, Trouble>,
) -> Result<Base, Trouble> {
    let sequence = sequence::own(&wanted.sentence, Unit::Character, None);
    let settings = ModelSettings {
        cell: wanted.cell.clone(),
        layers: 1,
        hidden: wanted.hidden.clamp(1, MOST_HIDDEN),
        ..ModelSettings::default()
    };
    let architecture = architecture(&settings, sequence.vocabulary.len()).map_err(Trouble::Cell)?;
    let weights = weights(&architecture)?;
    let model = Arc::new(Model::from_flat(&architecture, &weights).convert());
    let facts = facts_of(&settings.cell);
    Ok(Base { model, facts, sizes: settings, own: None, words: Words::Cut(sequence), lines: OnceLock::new() })
}

impl Base {
    /// The model with what the reader has changed: here, where it takes no longer than a frame or two; else by the helper.
    pub fn make(&self, edits: &Edits) -> Result<Made, Trouble> {
        let Base { model, facts, sizes, own, words, lines } = self;
        let steps = match words {
            Words::Cut(sequence) => sequence.steps(),
            Words::Whole { .. } => sequence::MOST_STEPS,
        };
        let cost = cost(model, steps);
        match words {
            Words::Cut(sequence) if cost <= MOST_ON_THE_PAGE => {
                let lines = lines.get_or_init(|| lines_of(model)).clone();
                StepperModel::edited_along(lines, model.as_ref().clone(), sequence.clone(), edits)
                    .map(|model| Made::Here(Shared(Arc::new(model.with_facts(*facts)))))
                    .map_err(|_| Trouble::NoFit)
            }
            _ if cost > MOST_IN_THE_WORKER => {
                let steps = (MOST_IN_THE_WORKER * steps as u64 / cost) as usize;
                Err(Trouble::TooLarge { cost: cost / 1_000_000, steps })
            }
            words => {
                let (model_settings, own, words) = (sizes.clone(), own.clone(), words.clone());
                let task = Task { model: model_settings, own, words, edits: edits.clone() };
                Ok(Made::Elsewhere(Box::new(Job { task, model: model.clone(), cost: cost / 1_000_000 })))
            }
        }
    }
}
