//! Everything that decides a training run. The same settings give the same numbers, bit for bit.

use serde::{Deserialize, Serialize};

pub use crate::engine::options::{Activation, Normalisation, Options};
use crate::language::corpus::ReadingRules;
pub use crate::language::{Reading, Unit};

/// A whole run: text, model, training, and what was changed while it ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunSettings {
    /// The text and how it is cut.
    pub text: TextSettings,
    /// Cell, layers, sizes.
    pub model: ModelSettings,
    /// Optimiser, window, batch, seed.
    pub training: TrainingSettings,
    /// Changes made while running, in the order of their steps.
    pub changes: Vec<Change>,
}

impl RunSettings {
    /// Without a text of the reader's, which lies or travels beside them, once.
    #[must_use]
    pub fn without_text(mut self) -> Self {
        if let TextSource::Own(own) = &mut self.text.source {
            own.clear();
        }
        self
    }

    /// What is trained with after so many updates: the changes until then are made.
    pub fn training_after(&self, step: u32) -> TrainingSettings {
        let mut training = self.training.clone();
        for change in self.changes.iter().filter(|change| change.step <= step) {
            match change.what {
                Changed::LearningRate(rate) => training.learning_rate = rate,
                Changed::Clip(clip) => training.clip = clip,
                Changed::Steps(steps) => training.steps = steps,
            }
        }
        training
    }

    /// Writes down a change that holds from the update after `step` on; the same kind of change made there before is
    /// forgotten.
    pub fn record(&mut self, step: u32, what: Changed) {
        let is_same = |change: &Change| {
            change.step == step && std::mem::discriminant(&change.what) == std::mem::discriminant(&what)
        };
        self.changes.retain(|change| !is_same(change));
        self.changes.push(Change { step, what });
    }

    /// Forgets what was changed after so many updates; gives the last change of each kind among it.
    pub fn forget_after(&mut self, step: u32) -> Vec<Changed> {
        let (kept, dropped): (Vec<Change>, Vec<Change>) =
            self.changes.drain(..).partition(|change| change.step <= step);
        self.changes = kept;
        let mut last = RunSettings::default();
        dropped.into_iter().for_each(|change| last.record(0, change.what));
        last.changes.into_iter().map(|change| change.what).collect()
    }

    /// As they stand after so many updates, without changes to come.
    #[must_use]
    pub fn after(mut self, step: u32) -> Self {
        self.training = self.training_after(step);
        self.changes.clear();
        self
    }
}

/// Where the text comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextSource {
    /// One of the sample texts, by id (`rhymes-en`).
    Sample(String),
    /// The reader's own text.
    Own(String),
}

/// The text and how it is cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TextSettings {
    /// Where it comes from.
    pub source: TextSource,
    /// What one symbol is.
    pub unit: Unit,
    /// How it becomes sequences.
    pub reading: Reading,
    /// Largest number of symbols kept, `<UNK>` and `<EOS>` not counted; none: all.
    pub vocabulary_limit: Option<usize>,
}

impl TextSettings {
    /// How the text is read.
    pub fn rules(&self) -> ReadingRules {
        ReadingRules { unit: self.unit, reading: self.reading, vocabulary_limit: self.vocabulary_limit }
    }
}

impl Default for TextSettings {
    fn default() -> Self {
        Self {
            source: TextSource::Sample("rhymes-en".into()),
            unit: Unit::Character,
            reading: Reading::Running,
            vocabulary_limit: None,
        }
    }
}

/// A cell: a preset by id or a text in the cell language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CellChoice {
    /// `rnn`, `rnn-relu`, `rnn-leaky-relu`, `rnn-swish`, `gru-simplified`, `gru`, `lstm`.
    Preset(String),
    /// A reader's own equations.
    Own(String),
}

/// Cell, layers, sizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelSettings {
    /// The cell of every layer.
    pub cell: CellChoice,
    /// How many layers.
    pub layers: usize,
    /// Hidden units of each layer, `n_a`.
    pub hidden: usize,
    /// What is changed in the cell's text.
    pub options: Options,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self { cell: CellChoice::Preset("lstm".into()), layers: 1, hidden: 64, options: Options::default() }
    }
}

/// An update rule; [`crate::training::optimiser`] has the formulas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// `w -= lr·g`
    Sgd,
    /// `v = βv + g; w -= lr·v`
    Momentum,
    /// `v = βv + (1-β)g; w -= lr·v`
    MomentumEma,
    /// `s = ρs + (1-ρ)g²; w -= lr·g/(√s + ε)`
    Rmsprop,
    /// Bias-corrected, ε outside the root.
    #[default]
    Adam,
}

/// Where matrices start; every entry is drawn uniformly in ± a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// √(6 / (rows + columns)): Glorot and Bengio 2010.
    #[default]
    Xavier,
    /// √(6 / columns), variance 2 / columns: He et al. 2015.
    He,
    /// This limit, whatever the shape.
    Uniform(f32),
    /// The recurrent matrix is the identity (Le et al. 2015), everything else as in `Xavier`.
    Identity,
}

/// Optimiser, window, batch, seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingSettings {
    /// The update rule.
    pub rule: Rule,
    /// Learning rate.
    pub learning_rate: f32,
    /// Largest global norm of the gradient; none: no clipping.
    pub clip: Option<f32>,
    /// Steps of a window, `T`: how far back through time the gradient goes.
    pub window: usize,
    /// Samples in a batch, `B`.
    pub batch: usize,
    /// Updates until the run is finished.
    pub steps: u32,
    /// Seed of the start weights and of the samples drawn.
    pub seed: u64,
    /// L2 regularisation λ; 0: none.
    pub l2: f32,
    /// Where matrices start.
    pub start: Start,
    /// Where the biases of forget gates start; none: where the preset's facts say (1 for LSTM).
    pub forget_bias: Option<f32>,
}

impl Default for TrainingSettings {
    fn default() -> Self {
        Self {
            rule: Rule::Adam,
            learning_rate: 0.003,
            clip: Some(5.0),
            window: 32,
            batch: 16,
            steps: 2000,
            seed: 7,
            l2: 0.0,
            start: Start::default(),
            forget_bias: None,
        }
    }
}

/// A change made while running: it holds from the update with this number on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Updates done when the change was made.
    pub step: u32,
    /// What was changed.
    pub what: Changed,
}

/// What may change while a run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Changed {
    /// The learning rate.
    LearningRate(f32),
    /// The largest global norm.
    Clip(Option<f32>),
    /// The number of updates until the run is finished.
    Steps(u32),
}
