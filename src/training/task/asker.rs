//! A task without a run: its samples put to any weights of its model.

use super::answer::{Answer, Answerer};
use super::run::{architecture, check, start_weights};
use super::{Sample, Task, TaskSettings, TaskTrace, trace_sample};
use crate::engine::architecture::Architecture;
use crate::engine::trace::TraceError;
use crate::training::report::Refusal;

/// Task, model and start weights of some settings: what a run of them begins with.
pub struct Asker {
    task: Task,
    architecture: Architecture,
    start: Vec<f32>,
    answerer: Answerer,
}

impl Asker {
    /// Makes data and model.
    ///
    /// # Errors
    /// When a size is out of range, or the cell cannot be used.
    pub fn new(settings: &TaskSettings) -> Result<Self, Refusal> {
        check(settings)?;
        let task = Task::new(settings.kind, settings.language, settings.seed);
        let architecture = architecture(settings, &task)?;
        let start = start_weights(settings, &task, &architecture);
        Ok(Self { answerer: Answerer::new(&task, &architecture), task, architecture, start })
    }

    /// Symbols and samples.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// Cell and sizes (of each stack).
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The weights drawn from the seed.
    pub fn start_weights(&self) -> &[f32] {
        &self.start
    }

    /// The answer of a model with these weights (as [`super::TaskRun::weights`] has them) to a sample: outputs are fed
    /// back where the wiring says so, until `<EOS>`.
    pub fn answer(&mut self, weights: &[f32], sample: &Sample) -> Answer {
        self.answerer.answer(&self.task, weights, sample)
    }

    /// Every number of one sample, forward and backward, with these weights.
    ///
    /// # Errors
    /// When sample or weights do not fit the task.
    pub fn trace(&self, weights: &[f32], sample: &Sample) -> Result<TaskTrace, TraceError> {
        trace_sample(&self.task, &self.architecture, weights, sample)
    }
}
