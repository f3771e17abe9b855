//! Every number of one sample in a wired model, for a figure to step through.

use ndarray::{Array2, Array3};

use super::{Sample, Task, Wiring};
use crate::engine::architecture::Architecture;
use crate::engine::model::Model;
use crate::engine::syntax::LossKind;
use crate::engine::trace::{Labels, LossAt, Trace, TraceError, TraceInput, trace, trace_handed_over};

/// A stack with what it read and all its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Stepped {
    /// Its weights.
    pub model: Model<f64>,
    /// What it read, and its labels.
    pub input: TraceInput<f64>,
    /// Its numbers; gradients are those of all losses.
    pub trace: Trace<f64>,
}

/// One sample, forward and backward.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskTrace {
    /// The sample's wiring.
    pub wiring: Wiring,
    /// The encoder, where there is one. It has no output: the head in its model is the decoder's, and has no loss.
    pub encoder: Option<Stepped>,
    /// The (second) stack.
    pub stack: Stepped,
}

/// Traces a sample with given weights (as [`super::TaskRun::weights`] has them); while it runs every label before is fed
/// in, as in training.
///
/// # Errors
/// When the sample or the weights do not fit the task.
pub fn trace_sample(
    task: &Task,
    architecture: &Architecture,
    weights: &[f32],
    sample: &Sample,
) -> Result<TaskTrace, TraceError> {
    let wiring = task.wiring(sample);
    let layout = architecture.layout();
    let layers = layout.range(None).start;
    let before = if wiring.takes_over().is_some() { layers } else { 0 };
    if weights.len() != before + layout.len {
        let (found, expected) = (weights.len().to_string(), (before + layout.len).to_string());
        return Err(TraceError::Shape { what: "weights".to_owned(), found, expected });
    }
    let weights: Vec<f64> = weights.iter().map(|weight| f64::from(*weight)).collect();
    let (ids, labels) = wiring.ids(&sample.given, &sample.wanted);
    let at = wiring.takes_over().unwrap_or(0);
    let model = Model::from_flat(architecture, &weights[before..]);
    let loss_at = match task.kind {
        super::TaskKind::ManyToOne => LossAt::LastStep,
        _ => LossAt::EveryStep,
    };
    let input = trace_input(task, &ids[at..], &labels[at..], loss_at);
    if at == 0 {
        let trace = trace(&model, &input)?;
        return Ok(TaskTrace { wiring, encoder: None, stack: Stepped { model, input, trace } });
    }
    let head = &weights[before + layers..];
    let first = Model::from_flat(architecture, &[&weights[..before], head].concat());
    let read = trace_input(task, &ids[..at], &labels[..at], LossAt::Never);
    let (encoded, trace) = trace_handed_over((&first, &read), (&model, &input))?;
    let encoder = Some(Stepped { model: first, input: read, trace: encoded });
    Ok(TaskTrace { wiring, encoder, stack: Stepped { model, input, trace } })
}

fn trace_input(task: &Task, ids: &[i32], labels: &[i32], loss_at: LossAt) -> TraceInput<f64> {
    let symbols = task.vocabulary.len();
    let is = |id: i32, row: usize| if usize::try_from(id) == Ok(row) { 1.0 } else { 0.0 };
    let x = Array3::from_shape_fn((ids.len(), symbols, 1), |(step, row, _)| is(ids[step], row));
    let y = match task.loss {
        LossKind::SoftmaxCrossEntropy => Labels::Ids(Array2::from_shape_fn((ids.len(), 1), |(step, _)| {
            usize::try_from(labels[step]).unwrap_or_default()
        })),
        LossKind::Logistic => {
            Labels::Binary(Array3::from_shape_fn((ids.len(), 1, 1), |(step, ..)| is(labels[step], 1)))
        }
    };
    TraceInput { x, y, lengths: vec![ids.len()], initial: Vec::new(), loss_at, holds: Vec::new() }
}
