//! What a figure asks to be trained, and what it hears of it.

use super::{Figure, Values};
use crate::engine::model::Model;
use crate::training::choice::architecture;
use crate::training::report::{Prepared, Progress, Refusal};
use crate::training::settings::RunSettings;
use crate::training::study::{Study, StudyProgress};

/// A run for a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Settings of the run; `training.steps` says when it is done.
    pub settings: RunSettings,
    /// The text.
    pub text: String,
    /// Whether held-out loss, samples and gradient reach are measured while it runs.
    pub measures: bool,
}

/// What a figure wants trained.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// A run of the Lab's kind.
    Run(Box<Job>),
    /// A run of another kind.
    Study(Box<Study>),
}

impl Wanted {
    /// What a figure wants under some values.
    pub fn of(figure: &dyn Figure, now: &Values) -> Option<Wanted> {
        let study = || figure.study(now).map(|study| Wanted::Study(Box::new(study)));
        figure.job(now).map(|job| Wanted::Run(Box::new(job))).or_else(study)
    }

    /// Updates until it is finished.
    pub fn steps(&self) -> u32 {
        match self {
            Wanted::Run(job) => job.settings.training.steps,
            Wanted::Study(study) => study.steps(),
        }
    }
}

/// What happened to a job.
pub enum News<'a> {
    /// It begins, or its settings have changed: what was heard before is void.
    Reset,
    /// The text is cut.
    Prepared(&'a Prepared),
    /// Some updates later: curves piece by piece.
    Progress(&'a Progress),
    /// The weights after so many updates.
    Weights {
        /// Updates done.
        step: u32,
        /// Settings of the run.
        settings: &'a RunSettings,
        /// `V` of its text.
        symbols: usize,
        /// All weights, flat, in single precision. [`widened`] makes a model of them.
        weights: &'a [f32],
    },
    /// Some updates later, of a run that is none of the Lab's: curves piece by piece.
    Study(&'a StudyProgress),
    /// The weights of such a run after so many updates, flat.
    StudyWeights(u32, &'a [f32]),
    /// All updates are done.
    Finished(u32),
    /// A number became infinite or not-a-number at this update, in this tensor.
    Diverged(u32, &'a str),
    /// It cannot begin.
    Refused(&'a Refusal),
}

/// How a job stands, for its controls.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Standing {
    /// Not asked for yet.
    #[default]
    Idle,
    /// Training, or about to.
    Running(u32),
    /// Stopped by the reader, or because another figure trains.
    Stopped(u32),
    /// Done.
    Finished(u32),
    /// Ended by a number that is not finite.
    Diverged(u32),
    /// It cannot begin, or the worker does not answer.
    Failed,
}

/// The model of a run's weights, each number widened exactly; none where they do not fit.
pub fn widened(settings: &RunSettings, symbols: usize, weights: &[f32]) -> Option<Model<f64>> {
    let architecture = architecture(&settings.model, symbols).ok()?;
    (weights.len() == architecture.layout().len)
        .then(|| Model::from_flat(&architecture, weights).convert::<f64>())
}
