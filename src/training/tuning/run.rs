//! The two stages, update by update.

use super::{
    Answered, Answerer, BothLosses, RightAnswers, Stage, TuningProgress, TuningSettings, TuningTexts,
};
use crate::engine::architecture::Architecture;
use crate::language::Unit;
use crate::language::batches::{Batches, Window};
use crate::language::generate::{pairs, statements};
use crate::training::measures::{HeldOut, masked_targets};
use crate::training::optimiser::{Clip, Optimiser, RuleConstants};
use crate::training::report::Refusal;
use crate::training::settings::Rule;
use crate::training::trainer::{Example, NotFinite, Reduction, Trainer, UpdateRules};

/// Updates between two measurements.
const MEASURE_EVERY: u32 = 20;

/// One text of the two.
struct Text {
    batches: Batches,
    /// Measures the loss on its lines.
    measured: HeldOut,
}

/// A run of two stages: settings and texts in, the same bits out.
pub struct TuningRun {
    settings: TuningSettings,
    texts: TuningTexts,
    general: Text,
    pairs: Text,
    trainer: Trainer<f32>,
    answerer: Answerer,
    window: Window,
    targets: Vec<i32>,
    step: u32,
    progress: TuningProgress,
}

impl TuningRun {
    /// Reads both texts over one vocabulary and makes the model.
    ///
    /// # Errors
    /// When a size is out of range, or the cell cannot be used.
    pub fn new(settings: TuningSettings) -> Result<Self, Refusal> {
        let (first, second) = (statements(settings.language), pairs(settings.language));
        Self::with(settings, &first, &second)
    }

    /// The same with texts of one's own, one sample a line.
    ///
    /// # Errors
    /// As [`Self::new`], and when a text cannot be trained on.
    pub fn with(settings: TuningSettings, general: &str, pairs: &str) -> Result<Self, Refusal> {
        let texts = TuningTexts::read(&settings, general, pairs)?;
        let text = |batches: Batches| Text {
            measured: HeldOut::new(texts.architecture(), batches.clone()),
            batches,
        };
        let [general, pairs] = texts.batches(settings.seed)?.map(text);
        let first = if settings.general_steps == 0 { &pairs } else { &general };
        Ok(Self {
            trainer: trainer(texts.architecture(), texts.start_weights(&settings), &first.batches),
            answerer: Answerer::new(&texts, settings.language),
            window: first.batches.buffer(),
            targets: Vec::new(),
            settings,
            texts,
            general,
            pairs,
            step: 0,
            progress: TuningProgress::default(),
        })
    }

    /// The settings.
    pub fn settings(&self) -> &TuningSettings {
        &self.settings
    }

    /// Cell and sizes.
    pub fn architecture(&self) -> &Architecture {
        self.texts.architecture()
    }

    /// The vocabulary's symbols in order: that of both texts.
    pub fn symbols(&self) -> &[String] {
        self.texts.vocabulary().symbols()
    }

    /// What one symbol is.
    pub fn unit(&self) -> Unit {
        self.texts.unit()
    }

    /// The weights now.
    pub fn weights(&self) -> &[f32] {
        self.trainer.weights()
    }

    /// Updates done.
    pub fn step(&self) -> u32 {
        self.step
    }

    /// Updates of both stages.
    pub fn steps(&self) -> u32 {
        self.settings.steps()
    }

    /// The stage that the next update belongs to (after the last: the second).
    pub fn stage(&self) -> Stage {
        if self.step < self.settings.general_steps { Stage::General } else { Stage::Tuning }
    }

    /// One update. The second stage goes on with the weights of the first and a fresh memory of Adam.
    ///
    /// # Errors
    /// When a number is not finite; the run is over then.
    pub fn update(&mut self) -> Result<f64, NotFinite> {
        let stage = self.stage();
        if self.step == self.settings.general_steps && self.step > 0 {
            let weights = self.trainer.weights().to_vec();
            self.trainer = trainer(self.texts.architecture(), weights, &self.pairs.batches);
            self.window = self.pairs.batches.buffer();
        }
        let text = if stage == Stage::General { &mut self.general } else { &mut self.pairs };
        text.batches.next_window(&mut self.window);
        self.trainer.network_mut().zero_initial();
        self.trainer.network_mut().set_lengths(&self.window.lengths);
        masked_targets(&self.window, text.batches.batch(), &mut self.targets);
        let rules = UpdateRules {
            constants: RuleConstants::usual(Rule::Adam, f64::from(self.settings.learning_rate)),
            clip: Clip::GlobalNorm(1.0),
            l2: 0.0,
            reduction: Reduction::Mean,
            loss_scale: 1.0,
        };
        let example = Example { inputs: &self.window.inputs, targets: &self.targets };
        let update = self.trainer.update(example, &rules)?;
        self.step += 1;
        Ok(update.loss)
    }

    /// Trains until `is_over` says so or all updates are done, asked after each update; it also stops between the
    /// stages, so that the same questions can be asked before and after. Returns whether there is more to do.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn slice(&mut self, mut is_over: impl FnMut() -> bool) -> Result<bool, NotFinite> {
        if self.step == 0 && self.progress.measured.is_empty() {
            self.note(true);
        }
        while self.step < self.steps() {
            let loss = self.update()?;
            self.progress.losses.push((self.step, loss as f32));
            let is_between = self.step == self.settings.general_steps;
            let is_moment = is_between || self.step == self.steps();
            if is_moment || self.step.is_multiple_of(MEASURE_EVERY) {
                self.note(is_moment);
            }
            if is_between || is_over() {
                break;
            }
        }
        Ok(self.step < self.steps())
    }

    fn note(&mut self, asks: bool) {
        let measured = self.measure();
        self.progress.measured.push(measured);
        if asks {
            let right = self.right();
            self.progress.right.push(right);
        }
    }

    /// What is new since it was asked last.
    pub fn progress(&mut self) -> TuningProgress {
        let mut progress = std::mem::take(&mut self.progress);
        (progress.step, progress.steps) = (self.step, self.steps());
        progress.second_from = self.settings.general_steps;
        progress
    }

    /// The losses on both texts.
    pub fn measure(&mut self) -> BothLosses {
        let weights = self.trainer.weights();
        let general = self.general.measured.measure(weights, &[]);
        BothLosses { step: self.step, general, pairs: self.pairs.measured.measure(weights, &[]) }
    }

    /// Asks a question in the prompt's form and goes on with the likeliest symbols.
    pub fn answer(&mut self, question: &str) -> Answered {
        self.answerer.answer(&self.texts, self.trainer.weights(), question)
    }

    /// How many questions are answered word for word now.
    pub fn right(&mut self) -> RightAnswers {
        self.answerer.right(&self.texts, self.trainer.weights(), self.step)
    }
}

fn trainer(architecture: &Architecture, weights: Vec<f32>, batches: &Batches) -> Trainer<f32> {
    let optimiser = Optimiser::new(Rule::Adam, weights.len());
    Trainer::new(architecture, weights, optimiser, batches.window(), batches.batch())
}
