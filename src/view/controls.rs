//! What stands in the Lab's controls, against the run that is there.

use crate::training::choice::cell_of;
use crate::training::initial::usual_forget_bias;
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
    let mut training = TrainingSettings { learning_rate, clip, steps, ..controls.training.clone() };
    // A bias that is said, and one that is not said because it is the usual one, may be the same.
    let is_same_bias = |one: &RunSettings, other: &RunSettings| forget_bias(one) == forget_bias(other);
    if training.forget_bias != run.training.forget_bias && is_same_bias(controls, run) {
        training.forget_bias = run.training.forget_bias;
    }
    !same_source
        || controls.text.unit != run.text.unit
        || controls.text.reading != run.text.reading
        || controls.text.vocabulary_limit != run.text.vocabulary_limit
        || controls.model != run.model
        || training != run.training
}

/// Where the biases of a run's forget gates start.
fn forget_bias(run: &RunSettings) -> Option<f32> {
    let usual =
        || usual_forget_bias(&run.model.cell, &*cell_of(&run.model.cell).ok()?).map(|bias| bias as f32);
    run.training.forget_bias.or_else(usual)
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
