//! The model behind a figure: random weights for the sentence's own symbols, or the weights of its job.

use super::UNITS;
use crate::engine::model::Model;
use crate::engine::presets::preset;
use crate::language::corpus::read;
use crate::language::vocabulary::Vocabulary;
use crate::language::{Reading, Unit};
use crate::training::settings::{
    CellChoice, ModelSettings, RunSettings, TextSettings, TextSource, TrainingSettings,
};
use crate::view::figures::job::{Job, News, widened};
use crate::view::figures::network::Wish;
use crate::view::figures::numbers::Numbers;
use crate::view::figures::{Opens, Values};
use crate::view::link::{Shared, StepperState, WeightsFrom};
use crate::view::stepper::edits::Edits;
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::sequence::{self, Sequence};

/// Seed of the random weights, and of the run, where a figure has none of its own (`seed`).
pub(super) const SEED: u64 = 7;

/// What a figure has heard of its job: the vocabulary and the last weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    vocabulary: Vec<String>,
    weights: Vec<f32>,
    step: u32,
    seed: u64,
}

impl Default for Learnt {
    fn default() -> Self {
        Learnt { vocabulary: Vec::new(), weights: Vec::new(), step: 0, seed: SEED }
    }
}

/// The seed of a figure.
pub(super) fn seed(now: &Values) -> u64 {
    if now.has("seed") { now.whole("seed") as u64 } else { SEED }
}

/// Settings of a run for a figure: one line of the text a sample, character by character.
pub fn run(cell: &str, hidden: usize, text: &str, steps: u32) -> RunSettings {
    let longest = text.lines().map(|line| line.chars().count() + 1).max().unwrap_or(1);
    RunSettings {
        text: TextSettings {
            source: TextSource::Own(text.to_owned()),
            unit: Unit::Character,
            reading: Reading::Lines,
            vocabulary_limit: None,
        },
        model: ModelSettings {
            cell: CellChoice::Preset(cell.to_owned()),
            layers: 1,
            hidden,
            ..ModelSettings::default()
        },
        training: TrainingSettings {
            learning_rate: 0.02,
            window: longest.clamp(2, 64),
            batch: 8,
            steps,
            seed: SEED,
            ..TrainingSettings::default()
        },
        changes: Vec::new(),
    }
}

/// A figure's job on the text of its setting; none where the text has nothing to learn.
pub(super) fn job(cell: &str, hidden: usize, steps: u32, now: &Values) -> Option<Job> {
    let text = now.text("text");
    let mut settings = run(cell, hidden, text, steps);
    settings.training.seed = seed(now);
    read(text, &settings.text.rules(), None).ok()?;
    Some(Job { settings, text: text.to_owned(), measures: true })
}

impl Learnt {
    /// What a run has learnt: the vocabulary of its text, its weights, and the updates that they have seen.
    pub(super) fn of(vocabulary: &[String], (step, weights): (u32, &[f32])) -> Learnt {
        Learnt { vocabulary: vocabulary.to_vec(), weights: weights.to_vec(), step, seed: SEED }
    }

    /// The same, its random weights drawn from another seed.
    pub(super) fn with_seed(self, seed: u64) -> Learnt {
        Learnt { seed, ..self }
    }

    /// Takes in what the job says.
    pub fn hear(&mut self, news: &News) {
        match news {
            News::Reset => *self = Learnt::default().with_seed(self.seed),
            News::Prepared(prepared) => self.vocabulary.clone_from(&prepared.vocabulary),
            News::Weights { step, weights, .. } => (self.step, self.weights) = (*step, weights.to_vec()),
            _ => {}
        }
    }

    /// Updates of the weights; 0: they are random.
    pub fn updates(&self) -> u32 {
        if self.weights.is_empty() { 0 } else { self.step }
    }

    /// The sentence through the cell: with the weights that were heard of, else with random ones, the very numbers
    /// that the Stepper draws from the same seed, each time with what the reader has changed.
    pub fn model(&self, cell: &str, hidden: usize, sentence: &str, edits: &Edits) -> Option<StepperModel> {
        let (model, sequence) = self.weights(cell, hidden, sentence)?;
        let facts = preset(cell).map(|preset| &preset.facts);
        StepperModel::edited(model, sequence, edits).ok().map(|model| model.with_facts(facts))
    }

    /// What of [`Learnt::model`] a reader may change; nothing is run.
    pub fn numbers(&self, cell: &str, hidden: usize, sentence: &str, edits: &Edits) -> Option<Numbers> {
        let (model, sequence) = self.weights(cell, hidden, sentence)?;
        Some(Numbers::of(model, &sequence, edits))
    }

    /// The weights as they came, and the sentence under their vocabulary.
    fn weights(&self, cell: &str, hidden: usize, sentence: &str) -> Option<(Model<f64>, Sequence)> {
        let settings = run(cell, hidden, "", 1);
        let trained = || {
            let model = widened(&settings, self.vocabulary.len(), &self.weights)?;
            let vocabulary = Vocabulary::from_symbols(self.vocabulary.clone());
            Some((model, sequence::under(sentence, Unit::Character, None, &vocabulary)))
        };
        let random = || Wish::of(cell, sentence, hidden, self.seed).model();
        trained().filter(|_| self.updates() > 0).or_else(random)
    }

    /// The same in the Stepper: the sentence and the step of the settings with what is changed, at an equation and a row
    /// (both from 1).
    pub(super) fn opens(
        &self,
        job: Option<Job>,
        cell: &str,
        (now, edits): (&Values, Edits),
        (equation, row): (usize, usize),
    ) -> Opens {
        let state = StepperState {
            sentence: now.text("sentence").to_owned(),
            step: now.whole("step"),
            equation,
            row: Some(row),
            edits,
            ..StepperState::default()
        };
        self.stepper(job, cell, UNITS, state)
    }

    /// The same in a state of the Stepper.
    pub(super) fn stepper(&self, job: Option<Job>, cell: &str, hidden: usize, state: StepperState) -> Opens {
        let trained = self.updates();
        let weights =
            if trained > 0 { WeightsFrom::Trained } else { WeightsFrom::Random { seed: self.seed } };
        let cell = CellChoice::Preset(cell.to_owned());
        let run = job.filter(|_| trained > 0).map(|job| job.settings).unwrap_or_default();
        let stepper = StepperState { cell, hidden, weights, ..state };
        Opens::Stepper(Box::new(Shared { run, trained, stepper, ..Shared::default() }))
    }
}
