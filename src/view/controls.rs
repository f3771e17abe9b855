//! What stands in the Lab's controls, against the run that is there.

use crate::training::settings::{Changed, RunSettings, TextSource, TrainingSettings};
use crate::view::saved::Status;

/// Updates that a run ends with, changes included. Fewer than were done when they were asked for end it there.
pub fn updates_of(run: &RunSettings) -> u32 {
    let changed = run.changes.iter().rev().find_map(|change| match change.what {
        Changed::Steps(steps) => Some(steps.max(change.step)),
        _ => None,
    });
    changed.unwrap_or(run.training.steps)
}

/// Whether the controls ask for another run than this one. What may change while a run goes on does not count, and a text of
/// the reader's is compared by whoever has both.
pub fn is_other(controls: &RunSettings, run: &RunSettings) -> bool {
    let same_source = match (&controls.text.source, &run.text.source) {
        (TextSource::Sample(one), TextSource::Sample(other)) => one == other,
        (TextSource::Own(_), TextSource::Own(_)) => true,
        _ => false,
    };
    let TrainingSettings { learning_rate, clip, steps, .. } = run.training;
    let training = TrainingSettings { learning_rate, clip, steps, ..controls.training.clone() };
    !same_source
        || controls.text.unit != run.text.unit
        || controls.text.reading != run.text.reading
        || controls.text.vocabulary_limit != run.text.vocabulary_limit
        || controls.model != run.model
        || training != run.training
}

/// What the controls hold that may change while a run goes on, and that the run does not have; its rate apart.
pub fn missed(controls: &TrainingSettings, run: &TrainingSettings) -> Vec<Changed> {
    let clip = (controls.clip != run.clip).then_some(Changed::Clip(controls.clip));
    let steps = (controls.steps != run.steps).then_some(Changed::Steps(controls.steps));
    clip.into_iter().chain(steps).collect()
}

/// Whether a change in the controls is meant for the run, which has done `step` updates, too. A finished run is over: it takes
/// what would have it go on, as long as it is what the controls ask for.
pub fn reaches(status: &Status, is_other: bool, step: u32, what: Changed) -> bool {
    match status {
        Status::Empty | Status::Preparing => false,
        Status::Running | Status::Paused => true,
        // The rate that it diverged with is known until it goes on, with the one that stands there then.
        Status::Diverged { .. } => !matches!(what, Changed::LearningRate(_)),
        Status::Finished => !is_other && !matches!(what, Changed::Steps(steps) if steps <= step),
    }
}
