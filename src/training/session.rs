//! A run of the Lab: text and settings in; updates, measures and samples out, slice by slice.
//!
//! Everything that decides a number is in the settings, the text and the count of updates: a run that is stopped,
//! saved, continued or trained again gives the same bits.

mod stored;

use std::rc::Rc;

use super::checkpoint::Checkpoint;
use super::choice::cell_error;
pub use super::choice::{architecture, cell_of, start_values};
use super::initial::start_weights;
use super::limits;
use super::measures::{HeldOut, Reach, masked_targets};
use super::optimiser::{Clip, Optimiser, RuleConstants};
use super::settings::{Changed, RunSettings};
use super::trainer::{Example, NotFinite, Reduction, Trainer, Update, UpdateRules};
use super::writer::{Writer, WritingTask};
use crate::language::SamplingRules;
use crate::language::batches::{Batches, Part, Window};
use crate::language::corpus::{Corpus, read};
use crate::language::text::WordCutter;
use crate::training::report::{Prepared, Refusal, Score, Unseen};

/// Symbols of a sample that is written while training.
const SAMPLE_LENGTH: usize = 72;
/// Every so many updates the weights are known to be good and kept.
const GOOD_EVERY: u32 = 10;
/// A loss so many times that of a uniform guess has run away, finite or not.
const RUNAWAY: f64 = 50.0;

/// What was measured after an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Held-out loss, nats per symbol.
    pub held_out: Option<f32>,
    /// What the model wrote.
    pub sample: Option<String>,
    /// Per state of the top layer, `‖∂L/∂state<t>‖` for t = 1 … T.
    pub reach: Vec<(String, Vec<f32>)>,
}

/// What a run is ended by where every number is finite and the loss has run away all the same.
pub const RUNAWAY_LOSS: &str = "runaway loss";

/// A run that cannot go on: what stopped being finite, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// The update, from 1.
    pub step: u32,
    /// The tensor, or [`RUNAWAY_LOSS`].
    pub tensor: String,
    /// The updates that the last good weights had seen.
    pub good_step: u32,
}

/// A run.
pub struct Session {
    settings: RunSettings,
    corpus: Corpus,
    trainer: Trainer<f32>,
    batches: Batches,
    window: Window,
    targets: Vec<i32>,
    held_out: Option<HeldOut>,
    reach: Reach,
    writer: Writer,
    cutter: Option<Rc<dyn WordCutter>>,
    step: u32,
    loss: f32,
    good: Checkpoint,
}

impl Session {
    /// Cuts the text, makes the model; goes on from a checkpoint where one is given. The cutter cuts prompts and scored
    /// sentences too.
    ///
    /// # Errors
    /// When text or settings cannot be trained on.
    pub fn new(
        settings: RunSettings,
        text: &str,
        cutter: Option<Rc<dyn WordCutter>>,
        from: Option<&Checkpoint>,
    ) -> Result<Self, Refusal> {
        limits::check(&settings)?;
        let corpus = read(text, &settings.text.rules(), cutter.as_deref()).map_err(Refusal::from)?;
        let architecture = architecture(&settings.model, corpus.vocabulary.len())?;
        for (index, layer) in architecture.layers.iter().enumerate() {
            layer.cell.check_sizes(layer.hidden, architecture.input_of(index)).map_err(cell_error)?;
        }
        let training = &settings.training;
        let batches = Batches::new(&corpus, Part::Training, training.batch, training.window, training.seed)
            .ok_or(Refusal::EmptyText)?;
        let held_out = Batches::new(&corpus, Part::HeldOut, training.batch, training.window, training.seed);
        let of = |batches: &Batches| (batches.window(), batches.batch());
        let measuring = held_out.iter().map(of).chain([Reach::size(&batches)]);
        limits::check_memory(
            &architecture,
            &[of(&batches)].into_iter().chain(measuring).collect::<Vec<_>>(),
        )?;
        let held_out = held_out.map(|batches| HeldOut::new(&architecture, batches));

        let weights = start_weights(&architecture, &settings.model, training)?;
        let optimiser = Optimiser::new(training.rule, weights.len());
        let mut window = batches.buffer();
        batches.clone().next_window(&mut window);
        let mut session = Self {
            trainer: Trainer::new(&architecture, weights, optimiser, batches.window(), batches.batch()),
            reach: Reach::new(&architecture, &window, batches.batch()),
            writer: Writer::new(&architecture, settings.text.unit),
            good: Checkpoint::default(),
            cutter,
            settings,
            corpus,
            batches,
            window,
            targets: Vec::new(),
            held_out,
            step: 0,
            loss: 0.0,
        };
        if let Some(from) = from {
            session.restore(from)?;
        }
        session.good = session.checkpoint();
        Ok(session)
    }

    /// What the page shows before the first update.
    pub fn prepared(&self) -> Prepared {
        Prepared {
            symbols: self.corpus.ids.len(),
            vocabulary: self.corpus.vocabulary.symbols().to_vec(),
            unknown_share: self.corpus.unknown_share(),
            parameters: self.trainer.layout().len,
            held_out: self.corpus.held_out_symbols(),
            batch: self.batches.batch(),
            window: self.batches.window(),
            updates_per_epoch: self.batches.windows_per_epoch(),
            cut_lines: self.batches.cut_lines(),
        }
    }

    /// The settings, with the changes made so far.
    pub fn settings(&self) -> &RunSettings {
        &self.settings
    }

    /// Updates done.
    pub fn step(&self) -> u32 {
        self.step
    }

    /// Updates after which the run is finished.
    pub fn steps(&self) -> u32 {
        self.settings.training_after(self.step).steps
    }

    /// Symbols that one update sees.
    pub fn symbols_per_update(&self) -> usize {
        self.targets.iter().filter(|target| **target >= 0).count()
    }

    /// Changes something from the next update on, and writes it down.
    ///
    /// # Errors
    /// When the new value is out of range; nothing is changed then.
    pub fn change(&mut self, what: Changed) -> Result<u32, Refusal> {
        limits::check_change(what)?;
        self.settings.record(self.step, what);
        Ok(self.step)
    }

    /// One update.
    ///
    /// # Errors
    /// When a number is not finite, or the loss has run away; the last good weights are then in place again.
    pub fn update(&mut self) -> Result<Update, Diverged> {
        if self.step.is_multiple_of(GOOD_EVERY) && self.step > self.good.header.step {
            self.keep_good();
        }
        self.batches.next_window(&mut self.window);
        if self.window.from_zero {
            self.trainer.network_mut().zero_initial();
        } else {
            self.trainer.network_mut().carry();
        }
        self.trainer.network_mut().set_lengths(&self.window.lengths);
        masked_targets(&self.window, self.batches.batch(), &mut self.targets);
        let rules = self.rules();
        let example = Example { inputs: &self.window.inputs, targets: &self.targets };
        let uniform = (self.corpus.vocabulary.len() as f64).ln();
        let update = self.trainer.update(example, &rules).and_then(|update| {
            if update.loss > RUNAWAY * uniform {
                return Err(NotFinite { tensor: RUNAWAY_LOSS.to_owned() });
            }
            Ok(update)
        });
        match update {
            Ok(update) => {
                self.step += 1;
                self.loss = update.loss as f32;
                Ok(update)
            }
            Err(NotFinite { tensor }) => {
                let diverged = Diverged { step: self.step + 1, tensor, good_step: self.good.header.step };
                let good = self.good.clone();
                // The good weights came from this very run, so they fit.
                let _ = self.restore(&good);
                Err(diverged)
            }
        }
    }

    /// Measures that are due after the update just done: every 10 to 250 updates, and at its
    /// beginning and end; about forty times where that lies between.
    pub fn measures(&mut self) -> Measures {
        let every = (self.steps() / 40).clamp(10, 250);
        if !self.step.is_multiple_of(every) && self.step != self.steps() {
            return Measures::default();
        }
        let statistics = self.statistics();
        let weights = self.trainer.weights();
        let held_out = self.held_out.as_mut().map(|held_out| held_out.measure(weights, &statistics));
        let reach = self.reach.measure(weights);
        let sample = self.write("", SAMPLE_LENGTH, &SamplingRules::default(), u64::from(self.step)).ok();
        Measures { held_out, sample, reach }
    }

    /// Continues a text with the weights as they are now. The seed of the run and `seed` decide the draws.
    ///
    /// # Errors
    /// When the rules are out of range.
    pub fn write(
        &mut self,
        prompt: &str,
        length: usize,
        rules: &SamplingRules,
        seed: u64,
    ) -> Result<String, Refusal> {
        let statistics = self.statistics();
        self.writer.load(self.trainer.weights(), &statistics);
        let seed = self.settings.training.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(seed);
        let (weights, vocabulary) = (self.trainer.weights(), &self.corpus.vocabulary);
        let task = WritingTask { prompt, length, rules: *rules, seed };
        Ok(self.writer.write(weights, vocabulary, &task, self.cutter.as_deref())?)
    }

    /// What of a text that is to be continued is not in the vocabulary.
    pub fn unseen(&self, prompt: &str) -> Unseen {
        self.writer.unseen(&self.corpus.vocabulary, prompt, self.cutter.as_deref())
    }

    /// −log P of each sentence.
    pub fn score(&mut self, sentences: &[String]) -> Vec<Score> {
        let statistics = self.statistics();
        self.writer.load(self.trainer.weights(), &statistics);
        let (weights, vocabulary) = (self.trainer.weights(), &self.corpus.vocabulary);
        let (writer, cutter) = (&mut self.writer, self.cutter.as_deref());
        sentences.iter().map(|sentence| writer.score(weights, vocabulary, sentence, cutter)).collect()
    }

    /// The run at this moment.
    pub fn checkpoint(&self) -> Checkpoint {
        let mut checkpoint = self.empty_checkpoint();
        self.write_into(&mut checkpoint);
        checkpoint.header.vocabulary = self.corpus.vocabulary.symbols().to_vec();
        checkpoint
    }

    /// The last weights that are known to be good.
    pub fn good(&self) -> &Checkpoint {
        &self.good
    }

    fn statistics(&self) -> Vec<Vec<f32>> {
        self.trainer.network().layers().iter().map(|layer| layer.statistics()).collect()
    }

    fn rules(&self) -> UpdateRules {
        let training = self.settings.training_after(self.step);
        UpdateRules {
            constants: RuleConstants::usual(training.rule, f64::from(training.learning_rate)),
            clip: training.clip.map_or(Clip::None, |norm| Clip::GlobalNorm(f64::from(norm))),
            l2: f64::from(training.l2),
            reduction: Reduction::Mean,
            loss_scale: 1.0,
        }
    }
}
