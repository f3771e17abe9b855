//! A task in training, slice by slice.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Answerer};
use super::{Learner, Sample, Task, TaskSettings, TaskTrace, TaskWindow, trace_sample};
use crate::engine::architecture::{Architecture, LayerShape};
use crate::engine::presets;
use crate::engine::syntax::LossKind;
use crate::engine::trace::TraceError;
use crate::language::random::Random;
use crate::sorted::sort_by;
use crate::training::choice::{cell_error, cell_of};
use crate::training::initial::usual_weights;
use crate::training::limits::in_ranges;
use crate::training::report::Refusal;
use crate::training::trainer::NotFinite;

/// The stream of random numbers that orders samples; the epoch's number is added.
const ORDER_STREAM: u64 = 2 << 32;
/// Updates between two measurements.
const MEASURE_EVERY: u32 = 20;

/// What was measured on held-out samples (on all, where none are held out), each fed with the labels before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Mean loss in nats per label.
    pub loss: f32,
    /// Share of labels that are the likeliest output (or on the right side of ½), 0 to 1.
    pub accuracy: f32,
    /// Share of samples with every label right.
    pub whole: f32,
}

/// How far a run is, piece by piece: each message holds only what is new.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskProgress {
    /// Updates done.
    pub step: u32,
    /// Updates until the run is finished.
    pub steps: u32,
    /// (step, training loss in nats per label).
    pub losses: Vec<(u32, f32)>,
    /// (step, what was measured).
    pub measured: Vec<(u32, Measured)>,
    /// Some samples that are not trained on, as the model answers them now.
    pub answers: Vec<Answer>,
}

/// A task's run: settings in, the same bits out.
pub struct TaskRun {
    settings: TaskSettings,
    task: Task,
    architecture: Architecture,
    learner: Learner<f32>,
    answerer: Answerer,
    window: TaskWindow,
    order: Vec<usize>,
    next: usize,
    epoch: u64,
    step: u32,
    progress: TaskProgress,
}

impl TaskRun {
    /// Makes data and model.
    ///
    /// # Errors
    /// When a size is out of range, or the cell cannot be used.
    pub fn new(settings: TaskSettings) -> Result<Self, Refusal> {
        let task = Task::new(settings.kind, settings.language, settings.seed);
        Self::with(settings, task)
    }

    /// The same with a task of one's own.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with(settings: TaskSettings, task: Task) -> Result<Self, Refusal> {
        check(&settings)?;
        let architecture = architecture(&settings, &task)?;
        let weights = start_weights(&settings, &task, &architecture);
        let batch = settings.batch.min(task.training.len()).max(1);
        Ok(Self {
            learner: Learner::new(&task, &architecture, batch, weights),
            answerer: Answerer::new(&task, &architecture),
            settings: TaskSettings { batch, ..settings },
            order: (0..task.training.len()).collect(),
            task,
            architecture,
            window: TaskWindow::default(),
            next: usize::MAX,
            epoch: 0,
            step: 0,
            progress: TaskProgress::default(),
        })
    }

    /// The settings.
    pub fn settings(&self) -> &TaskSettings {
        &self.settings
    }

    /// Symbols and samples.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// Cell and sizes (of each stack).
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Updates done.
    pub fn step(&self) -> u32 {
        self.step
    }

    /// The weights now: the encoder's layers where there is an encoder, then layers and head.
    pub fn weights(&self) -> &[f32] {
        self.learner.weights()
    }

    /// One update. Returns the mean loss in nats per label before it.
    ///
    /// # Errors
    /// When a number is not finite; the run is over then.
    pub fn update(&mut self) -> Result<f64, NotFinite> {
        let batch = self.settings.batch;
        if self.next.saturating_add(batch) > self.order.len() {
            // Each epoch has an order of its own, which does not depend on the one before.
            sort_by(&mut self.order, Ord::cmp);
            Random::new(self.settings.seed, ORDER_STREAM + self.epoch).shuffle(&mut self.order);
            self.epoch += 1;
            self.next = 0;
        }
        let chosen = &self.order[self.next..self.next + batch];
        self.window.fill(&self.task, batch, chosen.iter().map(|at| &self.task.training[*at]));
        self.next += batch;
        let loss = self.learner.update(&self.window, f64::from(self.settings.learning_rate))?;
        self.step += 1;
        Ok(loss)
    }

    /// Trains until `is_over` says so or all updates are done, asked after each update; then [`Self::progress`] tells.
    /// Returns whether there is more to do.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn slice(&mut self, mut is_over: impl FnMut() -> bool) -> Result<bool, NotFinite> {
        if self.step == 0 && self.progress.measured.is_empty() {
            let measured = self.measure();
            self.progress.measured.push((0, measured));
        }
        while self.step < self.settings.steps {
            let loss = self.update()?;
            self.progress.losses.push((self.step, loss as f32));
            if self.step.is_multiple_of(MEASURE_EVERY) || self.step == self.settings.steps {
                let measured = self.measure();
                self.progress.measured.push((self.step, measured));
            }
            if is_over() {
                break;
            }
        }
        Ok(self.step < self.settings.steps)
    }

    /// What is new since it was asked last, with `answers` samples answered.
    pub fn progress(&mut self, answers: usize) -> TaskProgress {
        let mut progress = std::mem::take(&mut self.progress);
        (progress.step, progress.steps) = (self.step, self.settings.steps);
        let count = self.task.measured().len();
        let samples: Vec<Sample> = self.task.measured()[..answers.min(count)].to_vec();
        progress.answers = samples.iter().map(|sample| self.answer_sample(sample)).collect();
        progress
    }

    /// Loss and accuracy on what is held out.
    pub fn measure(&mut self) -> Measured {
        let Self { task, learner, window, settings, .. } = self;
        let (mut loss, mut labels, mut right, mut whole) = (0.0, 0, 0, 0);
        let outputs = task.outputs();
        for samples in task.measured().chunks(settings.batch) {
            window.fill(task, settings.batch, samples.iter());
            loss += learner.forward(window);
            labels += window.labels();
            let mut all_right = vec![true; samples.len()];
            let yhat = learner.network().head().yhat().chunks_exact(outputs);
            for (place, (yhat, target)) in yhat.zip(&window.targets).enumerate() {
                let is_right = *target < 0 || choice(task.loss, yhat) == *target;
                right += usize::from(is_right && *target >= 0);
                if let Some(all_right) = all_right.get_mut(place % settings.batch) {
                    *all_right &= is_right;
                }
            }
            whole += all_right.iter().filter(|right| **right).count();
        }
        let share = |count: usize, all: usize| count as f32 / all.max(1) as f32;
        Measured {
            loss: (loss / labels.max(1) as f64) as f32,
            accuracy: share(right, labels),
            whole: share(whole, task.measured().len()),
        }
    }

    /// A held-out sample (around again past the last).
    pub fn example(&self, index: usize) -> &Sample {
        let samples = self.task.measured();
        &samples[index % samples.len()]
    }

    /// Answers symbols with the weights as they are now: outputs are fed back where the wiring says so, until `<EOS>`.
    /// Unknown symbols are the zero vector.
    pub fn answer(&mut self, given: &[&str]) -> Answer {
        let sample =
            Sample { given: given.iter().map(|symbol| self.task.id(symbol)).collect(), wanted: Vec::new() };
        self.answer_sample(&sample)
    }

    fn answer_sample(&mut self, sample: &Sample) -> Answer {
        self.answerer.answer(&self.task, self.learner.weights(), sample)
    }

    /// Every number of one sample, forward and backward.
    ///
    /// # Errors
    /// When the sample does not fit the task.
    pub fn trace(&self, sample: &Sample) -> Result<TaskTrace, TraceError> {
        trace_sample(&self.task, &self.architecture, self.learner.weights(), sample)
    }
}

/// The likeliest output, or 1 where ŷ is more than ½.
pub(super) fn choice(loss: LossKind, yhat: &[f32]) -> i32 {
    match loss {
        LossKind::Logistic => yhat.first().map_or(0, |yhat| i32::from(*yhat > 0.5)),
        LossKind::SoftmaxCrossEntropy => {
            let best = yhat.iter().enumerate().fold((0, f32::NEG_INFINITY), |best, (at, yhat)| {
                if *yhat > best.1 { (at, *yhat) } else { best }
            });
            i32::try_from(best.0).unwrap_or(0)
        }
    }
}

pub(super) fn check(settings: &TaskSettings) -> Result<(), Refusal> {
    let values = [
        ("hidden", settings.hidden as f64, 1.0, 64.0),
        ("batch", settings.batch as f64, 1.0, 128.0),
        ("steps", f64::from(settings.steps), 1.0, 20_000.0),
        ("learning_rate", f64::from(settings.learning_rate), 1e-6, 10.0),
    ];
    in_ranges(&values)
}

pub(super) fn architecture(settings: &TaskSettings, task: &Task) -> Result<Architecture, Refusal> {
    let cell = cell_of(&settings.cell)?;
    let input = task.vocabulary.len();
    cell.check_sizes(settings.hidden, input).map_err(cell_error)?;
    let head = match task.loss {
        LossKind::Logistic => presets::logistic_head(),
        LossKind::SoftmaxCrossEntropy => presets::softmax_head(),
    };
    Ok(Architecture {
        layers: vec![LayerShape::new(cell, settings.hidden)],
        head: Arc::new(head),
        input,
        output: task.outputs(),
    })
}

/// Xavier for each stack, the encoder's from a seed of its own.
pub(super) fn start_weights(settings: &TaskSettings, task: &Task, architecture: &Architecture) -> Vec<f32> {
    let mut weights = Vec::new();
    if task.longest().1 > 0 {
        let before = architecture.layout().range(Some(0)).len();
        weights = usual_weights(architecture, &settings.cell, !settings.seed);
        weights.truncate(before);
    }
    weights.extend(usual_weights::<f32>(architecture, &settings.cell, settings.seed));
    weights
}
