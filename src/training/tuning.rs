//! Pre-training on statements, then fine-tuning on questions with their answers, over one vocabulary: the losses on
//! both texts through both stages, and the same questions answered at any moment.
//!
//! ```
//! use unrolled::language::tasks::TaskLanguage;
//! use unrolled::training::tuning::{Stage, TuningRun, TuningSettings};
//!
//! let mut settings = TuningSettings::usual(TaskLanguage::English, "lstm", 7);
//! (settings.general_steps, settings.tuning_steps) = (10, 10);
//! let mut run = TuningRun::new(settings)?;
//! assert_eq!(run.stage(), Stage::General);
//! while run.slice(|| false).expect("this run is stable") {}
//! assert_eq!(run.stage(), Stage::Tuning);
//! let answered = run.answer("what does the cat say?");
//! assert_eq!(answered.prompt, "Q: what does the cat say? A:"); // what the model really sees
//! let progress = run.progress(); // both losses, new points only
//! assert_eq!(progress.measured.last().map(|point| point.step), Some(20));
//! # Ok::<(), unrolled::training::report::Refusal>(())
//! ```

use serde::{Deserialize, Serialize};

use super::choice::{architecture, cell_error, cell_of};
use super::initial::usual_weights;
use super::measures::{HeldOut, masked_targets};
use super::optimiser::{Clip, Optimiser, RuleConstants};
use super::report::Refusal;
use super::settings::{CellChoice, ModelSettings, Rule};
use super::trainer::{Example, NotFinite, Reduction, Trainer, UpdateRules};
use super::writer::{Writer, WritingTask};
use crate::engine::architecture::Architecture;
use crate::language::batches::{Batches, Part, Window};
use crate::language::corpus::{Corpus, ReadingRules, read};
use crate::language::generate::{Asked, asked, pairs, prompt, statements};
use crate::language::tasks::TaskLanguage;
use crate::language::{Reading, SamplingRules, Unit};

/// Samples in a batch.
const BATCH: usize = 16;
/// Updates between two measurements.
const MEASURE_EVERY: u32 = 20;
/// Symbols of an answer, at most.
const LONGEST_ANSWER: usize = 24;

/// Everything that decides a run of two stages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningSettings {
    /// The language of both texts. English is cut into words, Chinese into characters.
    pub language: TaskLanguage,
    /// The cell.
    pub cell: CellChoice,
    /// Hidden units, `n_a`, 1 to 128.
    pub hidden: usize,
    /// Decides start weights and the order of the lines.
    pub seed: u64,
    /// Learning rate of Adam in both stages.
    pub learning_rate: f32,
    /// Updates on statements; 0 leaves the first stage out.
    pub general_steps: u32,
    /// Updates on question–answer pairs.
    pub tuning_steps: u32,
}

impl TuningSettings {
    /// Sizes and steps that show both stages within seconds. `cell` is the id of a preset.
    pub fn usual(language: TaskLanguage, cell: &str, seed: u64) -> Self {
        let cell = CellChoice::Preset(cell.to_owned());
        Self { language, cell, hidden: 48, seed, learning_rate: 0.01, general_steps: 300, tuning_steps: 250 }
    }
}

/// The two stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Pre-training on the general text.
    General,
    /// Fine-tuning on question–answer pairs.
    Tuning,
}

/// The held-out losses on both texts, in nats per symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BothLosses {
    /// Updates done in both stages together.
    pub step: u32,
    /// On statements.
    pub general: f32,
    /// On question–answer pairs.
    pub pairs: f32,
}

/// A question with what the model wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// What the model really sees.
    pub prompt: String,
    /// How it goes on, always with the likeliest symbol, until `<EOS>`.
    pub continuation: String,
}

/// How far a run is; each message holds only what is new.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TuningProgress {
    /// Updates done.
    pub step: u32,
    /// The update from which the second stage runs.
    pub second_from: u32,
    /// Updates in all.
    pub steps: u32,
    /// (step, training loss in nats per symbol) of the stage under way.
    pub losses: Vec<(u32, f32)>,
    /// Held-out losses on both texts.
    pub measured: Vec<BothLosses>,
}

/// One text of the two.
struct Text {
    batches: Batches,
    held_out: Option<HeldOut>,
}

/// A run of two stages: settings in, the same bits out.
pub struct TuningRun {
    settings: TuningSettings,
    corpus: Corpus,
    unit: Unit,
    architecture: Architecture,
    general: Text,
    pairs: Text,
    trainer: Trainer<f32>,
    writer: Writer,
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
        check(&settings)?;
        let unit = match settings.language {
            TaskLanguage::English => Unit::Word,
            TaskLanguage::Chinese => Unit::Character,
        };
        let rules = ReadingRules { unit, reading: Reading::Lines, vocabulary_limit: None };
        let corpus = read(&format!("{general}\n{pairs}"), &rules, None)?;
        // Lines keep their order: the first text's come first.
        let count = read(general, &rules, None)?.lines.len();
        let (lines, rest) = corpus.lines.split_at(count.min(corpus.lines.len()));
        let part = |lines: &[std::ops::Range<usize>]| Corpus { lines: lines.to_vec(), ..corpus.clone() };
        let (general, pairs) = (part(lines), part(rest));

        let cell = cell_of(&settings.cell)?;
        cell.check_sizes(settings.hidden, corpus.vocabulary.len()).map_err(cell_error)?;
        let model = ModelSettings {
            cell: settings.cell.clone(),
            layers: 1,
            hidden: settings.hidden,
            ..ModelSettings::default()
        };
        let architecture = architecture(&model, corpus.vocabulary.len())?;
        let longest = corpus.lines.iter().map(|line| line.len() + 1).max().unwrap_or(1).min(64);
        let text = |part: &Corpus| -> Result<Text, Refusal> {
            let batches = |which| Batches::new(part, which, BATCH, longest, settings.seed);
            let held_out = batches(Part::HeldOut).map(|batches| HeldOut::new(&architecture, batches));
            Ok(Text { batches: batches(Part::Training).ok_or(Refusal::EmptyText)?, held_out })
        };
        let (general, pairs) = (text(&general)?, text(&pairs)?);
        let weights = usual_weights(&architecture, &settings.cell, settings.seed);
        let first = if settings.general_steps == 0 { &pairs } else { &general };
        Ok(Self {
            trainer: trainer(&architecture, weights, &first.batches),
            writer: Writer::new(&architecture, unit),
            window: first.batches.buffer(),
            targets: Vec::new(),
            settings,
            corpus,
            unit,
            architecture,
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
        &self.architecture
    }

    /// The vocabulary's symbols in order: that of both texts.
    pub fn symbols(&self) -> &[String] {
        self.corpus.vocabulary.symbols()
    }

    /// What one symbol is.
    pub fn unit(&self) -> Unit {
        self.unit
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
        self.settings.general_steps + self.settings.tuning_steps
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
            self.trainer = trainer(&self.architecture, weights, &self.pairs.batches);
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
            self.note();
        }
        while self.step < self.steps() {
            let loss = self.update()?;
            self.progress.losses.push((self.step, loss as f32));
            let is_between = self.step == self.settings.general_steps;
            if self.step.is_multiple_of(MEASURE_EVERY) || is_between || self.step == self.steps() {
                self.note();
            }
            if is_between || is_over() {
                break;
            }
        }
        Ok(self.step < self.steps())
    }

    fn note(&mut self) {
        let measured = self.measure();
        self.progress.measured.push(measured);
    }

    /// What is new since it was asked last.
    pub fn progress(&mut self) -> TuningProgress {
        let mut progress = std::mem::take(&mut self.progress);
        (progress.step, progress.steps) = (self.step, self.steps());
        progress.second_from = self.settings.general_steps;
        progress
    }

    /// The held-out losses on both texts.
    pub fn measure(&mut self) -> BothLosses {
        let weights = self.trainer.weights();
        let statistics: Vec<Vec<f32>> =
            self.trainer.network().layers().iter().map(|layer| layer.statistics()).collect();
        let loss = |text: &mut Text| {
            text.held_out.as_mut().map_or(0.0, |held_out| held_out.measure(weights, &statistics))
        };
        BothLosses { step: self.step, general: loss(&mut self.general), pairs: loss(&mut self.pairs) }
    }

    /// Asks a question in the prompt's form and goes on with the likeliest symbols.
    pub fn answer(&mut self, question: &str) -> Answered {
        let prompt = prompt(self.settings.language, question);
        let statistics: Vec<Vec<f32>> =
            self.trainer.network().layers().iter().map(|layer| layer.statistics()).collect();
        self.writer.load(self.trainer.weights(), &statistics);
        let rules = SamplingRules { greedy: true, ..SamplingRules::default() };
        let task = WritingTask { prompt: &prompt, length: LONGEST_ANSWER, rules, seed: 0 };
        let written = self.writer.write(self.trainer.weights(), &self.corpus.vocabulary, &task, None);
        let written = written.unwrap_or_default();
        let continuation = written.strip_prefix(&prompt).unwrap_or(&written).trim().to_owned();
        Answered { prompt, continuation }
    }

    /// Shares of questions answered word for word: of those that the pairs hold, and of those that they don't.
    pub fn right(&mut self) -> (f32, f32) {
        let all = asked(self.settings.language);
        let mut right = [0_u16; 2];
        let mut count = [0_u16; 2];
        for Asked { question, answer, trained } in all {
            let place = usize::from(!trained);
            count[place] += 1;
            right[place] += u16::from(self.answer(&question).continuation == answer);
        }
        let share = |at: usize| f32::from(right[at]) / f32::from(count[at].max(1));
        (share(0), share(1))
    }
}

fn trainer(architecture: &Architecture, weights: Vec<f32>, batches: &Batches) -> Trainer<f32> {
    let optimiser = Optimiser::new(Rule::Adam, weights.len());
    Trainer::new(architecture, weights, optimiser, batches.window(), batches.batch())
}

fn check(settings: &TuningSettings) -> Result<(), Refusal> {
    let steps = f64::from(settings.general_steps) + f64::from(settings.tuning_steps);
    let values = [
        ("hidden", settings.hidden as f64, 1.0, 128.0),
        ("steps", steps, 1.0, 20_000.0),
        ("learning_rate", f64::from(settings.learning_rate), 1e-6, 10.0),
    ];
    super::limits::in_ranges(&values)
}
