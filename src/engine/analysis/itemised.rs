//! The gradient of one weight, split by the step whose loss it came from and by the step where the weight was used.

use ndarray::{Array1, Array2};

use super::jacobian::AnalysisError;
use super::scope::LayerAtStep;
use crate::engine::derive;
use crate::engine::evaluate::evaluate;
use crate::engine::model::Model;
use crate::engine::syntax::{Expr, Symbol};
use crate::engine::trace::{LossAt, TraceInput, trace};

/// One part of a weight's gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemisedPart {
    /// The step whose loss it came from, from 0.
    pub loss_step: usize,
    /// The step at which the weight was used, from 0; never later than `loss_step`.
    pub use_step: usize,
    /// In the weight's own shape.
    pub gradient: Array2<f64>,
}

/// A weight's gradient and its parts, which add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Itemised {
    /// The gradient of the sum of all losses, in the weight's shape.
    pub total: Array2<f64>,
    /// By loss step, then by the step of use.
    pub parts: Vec<ItemisedPart>,
}

impl Itemised {
    /// What came from the loss of each step, summed over the steps of use: T numbers, one entry of the weight.
    pub fn by_loss(&self, row: usize, column: usize, steps: usize) -> Array1<f64> {
        self.sums(row, column, steps, |part| part.loss_step)
    }

    /// What came through each use of the weight, summed over the losses: T numbers, one entry of the weight.
    pub fn by_use(&self, row: usize, column: usize, steps: usize) -> Array1<f64> {
        self.sums(row, column, steps, |part| part.use_step)
    }

    fn sums(
        &self,
        row: usize,
        column: usize,
        steps: usize,
        of: impl Fn(&ItemisedPart) -> usize,
    ) -> Array1<f64> {
        let mut sums = Array1::zeros(steps);
        for part in &self.parts {
            if let (Some(sum), Some(entry)) = (sums.get_mut(of(part)), part.gradient.get((row, column))) {
                *sum += *entry;
            }
        }
        sums
    }
}

/// Splits the gradient of one weight of a layer, for an input of one sample with a loss at every step.
///
/// For each step the trace is made again with the loss of that step alone; the derived lines of the weight are then
/// evaluated at each step of use. So the parts come from the same equations as the total.
///
/// # Errors
/// The model and the input do not fit, there is no such weight, or the cell normalises over a batch.
pub fn itemise(
    model: &Model<f64>,
    input: &TraceInput<f64>,
    layer: usize,
    weight: &Symbol,
) -> Result<Itemised, AnalysisError> {
    let no_weight = || AnalysisError::NoWeight(weight.0.clone());
    let shown = model.layers.get(layer).ok_or_else(no_weight)?;
    let shape = model.weight(Some(layer), weight).ok_or_else(no_weight)?.dim();
    let target = Expr::Parameter(weight.gradient());
    let derived = derive::backward(&shown.cell);
    let lines = || derived.equations.iter().filter(|line| line.targets.first() == Some(&target));
    let whole = trace(model, &TraceInput { loss_at: LossAt::EveryStep, ..input.clone() })?;
    let total = &whole.layers[layer].weight_gradients;
    let (_, total) = total.iter().find(|(name, _)| name == weight).ok_or_else(no_weight)?;
    let steps = input.lengths.first().copied().unwrap_or(0);
    let mut parts = Vec::with_capacity(steps * (steps + 1) / 2);
    for loss_step in 0..steps {
        let alone = trace(model, &TraceInput { loss_at: LossAt::Step(loss_step), ..input.clone() })?;
        for use_step in 0..=loss_step {
            let at = LayerAtStep { layer: shown, trace: &alone.layers[layer], step: use_step, sample: 0 };
            let mut gradient = Array2::zeros(shape);
            for line in lines() {
                gradient = gradient + evaluate(&line.expr, &at)?;
            }
            parts.push(ItemisedPart { loss_step, use_step, gradient });
        }
    }
    Ok(Itemised { total: total.clone(), parts })
}
