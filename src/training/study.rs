//! The runs of the book's figures that are none of the Lab's: a wired model on its task, and a training in two stages.
//! Asked for, carried on in slices and told of alike.

use serde::{Deserialize, Serialize};

use super::report::Refusal;
use super::task::{TaskProgress, TaskRun, TaskSettings};
use super::trainer::NotFinite;
use super::tuning::{TuningProgress, TuningRun, TuningSettings};

/// Everything that decides a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Study {
    /// One of the wirings, on its task.
    Task(TaskSettings),
    /// Several, one after the other, to be compared.
    Tasks(Vec<TaskSettings>),
    /// Pre-training, then fine-tuning; then, to be compared, the second text alone, from the same random weights, for as many
    /// updates as the fine-tuning.
    Tuning {
        /// Settings.
        settings: TuningSettings,
        /// The text of the first stage, one sample a line.
        general: String,
        /// The text of the second stage, one question with its answer a line.
        pairs: String,
    },
}

impl Study {
    /// Updates until it is finished.
    pub fn steps(&self) -> u32 {
        match self {
            Study::Task(settings) => settings.steps,
            Study::Tasks(all) => all.iter().map(|settings| settings.steps).sum(),
            Study::Tuning { settings, .. } => settings.steps() + settings.tuning_steps,
        }
    }

    /// Whether the weights after this update are worth keeping beside the last ones: at the switch from one text to the
    /// other, at the end of both, at the end of one of several.
    pub fn is_moment(&self, step: u32) -> bool {
        match self {
            Study::Task(_) => false,
            Study::Tasks(all) => {
                let mut ends = all.iter().scan(0, |sum, settings| {
                    *sum += settings.steps;
                    Some(*sum)
                });
                ends.any(|end: u32| end == step)
            }
            Study::Tuning { settings, .. } => [settings.general_steps, settings.steps()].contains(&step),
        }
    }
}

/// How far a run is; each message holds only what is new.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StudyProgress {
    /// Of a task.
    Task(TaskProgress),
    /// Of one of several.
    Tasks {
        /// Which, from 0.
        place: usize,
        /// Updates of those before it.
        before: u32,
        /// Its own progress.
        progress: TaskProgress,
    },
    /// Of two stages, or of the second text alone.
    Tuning {
        /// Updates of both stages, while the second text is trained on alone; 0 before.
        before: u32,
        /// Its own progress.
        progress: TuningProgress,
    },
}

impl StudyProgress {
    /// Updates done.
    pub fn step(&self) -> u32 {
        match self {
            StudyProgress::Task(progress) => progress.step,
            StudyProgress::Tasks { before, progress, .. } => before + progress.step,
            StudyProgress::Tuning { before, progress } => before + progress.step,
        }
    }
}

/// A run under way.
pub enum StudyRun {
    /// Of a task.
    Task(Box<TaskRun>),
    /// Of several: the one under way, and those that are still to come, the next one last.
    Tasks {
        /// Which of them is under way, from 0.
        place: usize,
        /// Updates of those before it.
        before: u32,
        /// The one under way.
        run: Box<TaskRun>,
        /// The next one last.
        to_come: Vec<TaskRun>,
    },
    /// Of two stages.
    Tuning {
        /// As in [`StudyProgress::Tuning`].
        before: u32,
        /// The one under way.
        run: Box<TuningRun>,
        /// On the second text alone, while it is still to come.
        alone: Option<Box<TuningRun>>,
    },
}

impl StudyRun {
    /// Makes data and model.
    ///
    /// # Errors
    /// When a setting is out of range, the cell cannot be used, or a text cannot be trained on.
    pub fn new(study: &Study) -> Result<Self, Refusal> {
        Ok(match study {
            Study::Task(settings) => Self::Task(Box::new(TaskRun::new(settings.clone())?)),
            Study::Tasks(all) => {
                let runs: Result<Vec<TaskRun>, Refusal> =
                    all.iter().rev().map(|settings| TaskRun::new(settings.clone())).collect();
                let mut to_come = runs?;
                let run = Box::new(to_come.pop().ok_or(Refusal::NoSuchRun)?);
                Self::Tasks { place: 0, before: 0, run, to_come }
            }
            Study::Tuning { settings, general, pairs } => {
                let run = |settings| TuningRun::with(settings, general, pairs).map(Box::new);
                let alone = TuningSettings { general_steps: 0, ..settings.clone() };
                Self::Tuning { before: 0, run: run(settings.clone())?, alone: Some(run(alone)?) }
            }
        })
    }

    /// Trains until `is_over` says so, asked after each update, or all updates are done; it also stops where
    /// [`Study::is_moment`] says that the weights are worth keeping. Returns whether there is more to do.
    ///
    /// # Errors
    /// When a number is not finite; the run is over then.
    pub fn slice(&mut self, is_over: impl FnMut() -> bool) -> Result<bool, NotFinite> {
        match self {
            Self::Task(run) => run.slice(is_over),
            Self::Tasks { place, before, run, to_come } => {
                if run.step() >= run.settings().steps
                    && let Some(next) = to_come.pop()
                {
                    *place += 1;
                    *before += run.step();
                    **run = next;
                }
                Ok(run.slice(is_over)? || !to_come.is_empty())
            }
            Self::Tuning { before, run, alone } => {
                if run.step() >= run.steps()
                    && let Some(next) = alone.take()
                {
                    *before = run.step();
                    *run = next;
                }
                Ok(run.slice(is_over)? || alone.is_some())
            }
        }
    }

    /// What is new since it was asked last.
    pub fn progress(&mut self) -> StudyProgress {
        match self {
            Self::Task(run) => StudyProgress::Task(run.progress(0)),
            Self::Tasks { place, before, run, .. } => {
                StudyProgress::Tasks { place: *place, before: *before, progress: run.progress(0) }
            }
            Self::Tuning { before, run, .. } => {
                StudyProgress::Tuning { before: *before, progress: run.progress() }
            }
        }
    }

    /// Updates done.
    pub fn step(&self) -> u32 {
        match self {
            Self::Task(run) => run.step(),
            Self::Tasks { before, run, .. } => before + run.step(),
            Self::Tuning { before, run, .. } => before + run.step(),
        }
    }

    /// The weights now, flat.
    pub fn weights(&self) -> &[f32] {
        match self {
            Self::Task(run) | Self::Tasks { run, .. } => run.weights(),
            Self::Tuning { run, .. } => run.weights(),
        }
    }
}
