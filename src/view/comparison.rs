//! One text, several cells: what each is trained with, and what came of it.

use crate::training::settings::{CellChoice, Options, RunSettings, Start};
use crate::view::run::History;

/// Updates that a comparison may take.
pub const STEPS: [u32; 3] = [200, 500, 1_000];

/// Losses are smoothed over this many updates, so that curves can be told apart.
const SMOOTHED: usize = 15;

/// The settings of one run of a comparison: those of the Lab, so that text, seed and sizes are the same for each, but for
/// the cell and what belongs to one cell only.
pub fn settings(lab: &RunSettings, cell: CellChoice, steps: u32) -> RunSettings {
    let mut run = lab.clone();
    run.model.cell = cell;
    run.model.options = Options::default();
    run.training.forget_bias = None;
    if run.training.start == Start::Identity {
        run.training.start = Start::default();
    }
    run.training.steps = steps;
    run.changes.clear();
    run.without_text()
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Updates done.
    pub step: u32,
    /// Mean of the last training losses, nats per symbol.
    pub training: Option<f64>,
    /// The last held-out loss, nats per symbol; none where the text is too short to hold anything out.
    pub held_out: Option<f64>,
}

/// What came of a run so far.
pub fn outcome(history: &History) -> Outcome {
    Outcome { step: history.step, training: history.loss(), held_out: history.held_out_loss() }
}

/// The training losses, each the mean of those about it.
pub fn smoothed(points: &[(u32, f32)]) -> Vec<(u32, f32)> {
    let around = |place: usize| {
        let from = place.saturating_sub(SMOOTHED / 2);
        let part = &points[from..(place + SMOOTHED / 2 + 1).min(points.len())];
        part.iter().map(|point| point.1).sum::<f32>() / part.len() as f32
    };
    points.iter().enumerate().map(|(place, point)| (point.0, around(place))).collect()
}

/// Which run is ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lead {
    /// The place of the lowest loss.
    pub place: usize,
    /// That loss, nats per symbol.
    pub least: f64,
    /// The second lowest's distance to it, nats per symbol.
    pub by: f64,
    /// Whether it is the loss of held-out text; else of training.
    pub is_held_out: bool,
}

/// The lowest loss: held out where every run has one, else of training. None with fewer than two runs.
pub fn lowest(outcomes: &[Outcome]) -> Option<Lead> {
    let of =
        |value: fn(&Outcome) -> Option<f64>| -> Option<Vec<f64>> { outcomes.iter().map(value).collect() };
    let held_out = of(|outcome| outcome.held_out);
    let is_held_out = held_out.is_some();
    let losses = held_out.or_else(|| of(|outcome| outcome.training))?;
    if losses.len() < 2 || losses.iter().any(|loss| !loss.is_finite()) {
        return None;
    }
    let mut place = 0;
    for (other, loss) in losses.iter().enumerate() {
        if losses.get(place).is_some_and(|least| loss < least) {
            place = other;
        }
    }
    let least = *losses.get(place)?;
    let second = losses.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, loss)| *loss);
    let second = second.fold(f64::INFINITY, f64::min);
    Some(Lead { place, least, by: second - least, is_held_out })
}
