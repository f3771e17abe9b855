//! Weights that have to be trained before they can be stepped through: a link names the run, and the same run gives the
//! same weights again. The trainer's worker does it; the page says how far it is.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::weights::{MOST_HIDDEN, Trained, WeightsState, trained};
use crate::app::handover::TrainedModel;
use crate::app::lab::sample_text;
use crate::app::trainer::{Report, Trainer, WorkerState};
use crate::protocol::{Request, Response};
use crate::training::settings::{
    ModelSettings, Reading, RunSettings, TextSettings, TextSource, TrainingSettings,
};
use crate::view::link::{StepperState, WeightsFrom};

/// The sample text that the small model is trained on, which is also its name in links.
pub const SMALL: &str = "rhymes-en";
/// Updates of the small model.
const SMALL_STEPS: u32 = 600;
/// The run's number; the worker has no other.
const RUN: u32 = 1;

/// A run to train, and how far.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The run.
    pub settings: RunSettings,
    /// Updates.
    pub steps: u32,
}

/// What is trained, or how far it is.
pub type Progress = Result<Arc<Trained>, WeightsState>;

/// The job that a state needs; none where its weights are drawn or handed over.
pub fn job(state: &StepperState, run: &RunSettings, steps: u32) -> Option<Job> {
    match &state.weights {
        WeightsFrom::Preset(sample) => {
            let settings = RunSettings {
                text: TextSettings {
                    source: TextSource::Sample(sample.clone()),
                    reading: Reading::Running,
                    ..TextSettings::default()
                },
                model: ModelSettings {
                    cell: state.cell.clone(),
                    layers: 1,
                    hidden: state.hidden.clamp(1, MOST_HIDDEN),
                    ..ModelSettings::default()
                },
                training: TrainingSettings {
                    learning_rate: 0.02,
                    window: 24,
                    steps: SMALL_STEPS,
                    ..TrainingSettings::default()
                },
                changes: Vec::new(),
            };
            Some(Job { settings, steps: SMALL_STEPS })
        }
        WeightsFrom::Trained if steps > 0 => Some(Job { settings: run.clone(), steps }),
        _ => None,
    }
}

/// Trains what a signal asks for, one job at a time; a new job ends the one before.
pub fn provide(wanted: Memo<Option<Job>>) -> RwSignal<Progress> {
    let progress = RwSignal::new(Err(WeightsState::Missing));
    let worker = StoredValue::new_local(None::<Trainer>);
    Effect::new(move |_| {
        let Some(job) = wanted.get() else {
            worker.set_value(None);
            return;
        };
        progress.set(Err(WeightsState::Training(0, job.steps)));
        // What the worker's answers go to lives as long as this job, not only until the text is there.
        let owner = Owner::current().unwrap_or_default();
        spawn_local(async move {
            let text = match &job.settings.text.source {
                TextSource::Own(text) => Some(text.clone()),
                TextSource::Sample(id) => sample_text(id).await,
            };
            // The reader may have asked for something else meanwhile.
            if wanted.try_get_untracked().flatten().as_ref() != Some(&job) {
                return;
            }
            match text {
                Some(text) => owner.with(|| start(job, text, progress, worker)),
                None => {
                    progress.try_set(Err(WeightsState::Failed));
                }
            }
        });
    });
    progress
}

fn start(
    job: Job,
    text: String,
    progress: RwSignal<Progress>,
    worker: StoredValue<Option<Trainer>, LocalStorage>,
) {
    let vocabulary = StoredValue::new_local(Vec::new());
    let (settings, steps) = (job.settings.clone(), job.steps);
    let trainer = Trainer::new(move |report| match report {
        Report::Response(Response::Prepared { prepared, .. }, _) => vocabulary.set_value(prepared.vocabulary),
        Report::Response(Response::Progress { progress: far, .. }, _) => {
            progress.try_set(Err(WeightsState::Training(far.step, steps)));
        }
        Report::Response(Response::Paused { .. } | Response::Finished { .. }, _) => {
            worker.try_with_value(|worker| {
                if let Some(worker) = worker {
                    worker.send(Request::Snapshot { run: RUN }, None);
                }
            });
        }
        Report::Response(Response::Snapshot { asked: true, step, .. }, Some(checkpoint)) => {
            let model = TrainedModel {
                settings: settings.clone(),
                step,
                vocabulary: vocabulary.get_value(),
                checkpoint,
                sentence: String::new(),
                time_step: None,
            };
            progress.try_set(trained(&model).map(Arc::new).ok_or(WeightsState::Failed));
            worker.try_with_value(|worker| {
                if let Some(worker) = worker {
                    worker.set_working(false);
                }
            });
        }
        Report::Response(Response::Refused { .. } | Response::Diverged { .. }, _) | Report::Died => {
            progress.try_set(Err(WeightsState::Failed));
        }
        Report::Response(..) => {}
    });
    let state = trainer.state.clone();
    trainer.send(
        Request::Start {
            run: RUN,
            settings: Box::new(job.settings),
            text,
            paused: false,
            until: Some(job.steps),
            measures: true,
        },
        None,
    );
    trainer.set_working(true);
    Effect::new(move |_| {
        if matches!(state.get(), WorkerState::Silent | WorkerState::OtherBuild) {
            progress.try_set(Err(WeightsState::Failed));
        }
    });
    worker.try_set_value(Some(trainer));
}
