//! The parts of a gradient: from which backward lines at which steps it came, and from which step's loss. Both add up.

use super::Part;
use super::model::{MOST_ON_THE_PAGE, StepperModel, cost};
use super::subject::{Subject, layer_of};
use super::sums::{Spot, of_value, of_weight};
use crate::engine::syntax::Symbol;
use crate::engine::trace::{LossAt, Trace, TraceInput, trace};

/// One part of a gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The backward line that brought it, and its step; the line of a share that several lines brought is the last one.
    pub from: Spot,
    /// What it brought.
    pub value: f64,
}

/// The parts of a gradient by the line and step that brought them, in the order of the walk: a weight's one a step, a
/// value's one a line. None for what is no gradient.
pub fn shares(model: &StepperModel, subject: &Subject) -> Option<Vec<Share>> {
    match subject {
        Subject::Gradient { part, name, step, row } => {
            let found = of_value(model, *part, name, *step);
            let share = |(from, values): &(Spot, ndarray::Array2<f64>)| {
                Some(Share { from: *from, value: *values.get((*row, 0))? })
            };
            found.iter().map(share).collect()
        }
        Subject::WeightGradient { part, name, row, column } => {
            let mut shares: Vec<Share> = Vec::new();
            for (from, values) in of_weight(model, *part, name) {
                let value = *values.get((*row, *column))?;
                match shares.last_mut().filter(|share| share.from.step == from.step) {
                    Some(share) => *share = Share { from, value: share.value + value },
                    None => shares.push(Share { from, value }),
                }
            }
            Some(shares)
        }
        _ => None,
    }
}

/// Whether the parts by loss are worked out at once: each takes a trace of its own.
pub fn is_light(model: &StepperModel) -> bool {
    let steps = model.steps();
    cost(&model.model, steps).saturating_mul(steps as u64) <= 2 * MOST_ON_THE_PAGE
}

/// The parts of a gradient by the step whose loss they came from: T numbers. None for what is no gradient, and where a
/// trace cannot be made.
pub fn by_loss(model: &StepperModel, subject: &Subject) -> Option<Vec<f64>> {
    let input = model.input();
    let of = |loss_step: usize| {
        let alone = TraceInput { loss_at: LossAt::Step(loss_step), ..input.clone() };
        entry(&trace(&model.model, &alone).ok()?, subject)
    };
    (0..model.steps()).map(of).collect()
}

/// The gradient itself.
fn entry(trace: &Trace<f64>, subject: &Subject) -> Option<f64> {
    match subject {
        Subject::Gradient { part, name, step, row } => {
            let Part::Layer(layer) = part else { return head_entry(trace, name, step.checked_sub(1)?, *row) };
            let layer = trace.layers.get(*layer)?;
            match step.checked_sub(1) {
                Some(step) if name.0 == "x" => layer.x_gradient.get((step, *row, 0)).copied(),
                Some(step) => layer.gradient(name)?.get((step, *row, 0)).copied(),
                None => {
                    let (_, values) = layer.initial_gradients.iter().find(|(known, _)| known == name)?;
                    values.get((*row, 0)).copied()
                }
            }
        }
        Subject::WeightGradient { part, name, row, column } => {
            let gradients = match layer_of(*part) {
                Some(layer) => &trace.layers.get(layer)?.weight_gradients,
                None => &trace.head.weight_gradients,
            };
            let (_, values) = gradients.iter().find(|(known, _)| known == name)?;
            values.get((*row, *column)).copied()
        }
        _ => None,
    }
}

fn head_entry(trace: &Trace<f64>, name: &Symbol, step: usize, row: usize) -> Option<f64> {
    (name.0 == "z_y").then(|| trace.head.dlogits.get((step, row, 0)).copied()).flatten()
}
