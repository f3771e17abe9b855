//! A trace: every number of a run, forward and backward, kept.

mod flat;
mod running;

use ndarray::{Array2, Array3};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::kernels::Scalar;
use super::model::Model;
use super::syntax::{Expr, LossKind, Symbol};

use running::Running;

/// The labels.
#[derive(Clone, Debug, PartialEq)]
pub enum Labels<S> {
    /// `T × B` ids, for softmax with cross-entropy.
    Ids(Array2<usize>),
    /// `T × n_y × B` of 0 or 1, for the logistic loss.
    Binary(Array3<S>),
}

/// Which steps have a loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LossAt {
    /// Every step of a sample.
    #[default]
    EveryStep,
    /// Each sample's own last step.
    LastStep,
    /// One step alone, from 0: to see what its loss brings.
    Step(usize),
    /// No step: an encoder, whose states another stack goes on from.
    Never,
}

/// What is traced.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceInput<S> {
    /// `T × n_x × B`.
    pub x: Array3<S>,
    /// What the output should have been.
    pub y: Labels<S>,
    /// Steps of each sample, 1 to T.
    pub lengths: Vec<usize>,
    /// Initial states of each layer in the order of its `state` line, `n_a × B`; an empty list: zeros.
    pub initial: Vec<Vec<Array2<S>>>,
    /// Which steps have a loss.
    pub loss_at: LossAt,
    /// Units that are held at a number.
    pub holds: Vec<Hold>,
}

impl<S> TraceInput<S> {
    /// Whether a step of a sample has a loss, both from 0.
    pub fn has_loss(&self, step: usize, sample: usize) -> bool {
        let Some(&length) = self.lengths.get(sample) else { return false };
        match self.loss_at {
            LossAt::EveryStep => step < length,
            LossAt::LastStep => step + 1 == length,
            LossAt::Step(alone) => step == alone && step < length,
            LossAt::Never => false,
        }
    }
}

/// Units of a named value (a left-hand side or a named intermediate) that are held at a number, whatever their equation
/// says: it is what every later equation reads, and the gradient that arrives there goes no further (it is 0 in the
/// trace). Where several hold the same unit at the same step, the last one does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// The layer, from 0.
    pub layer: usize,
    /// The value: `Γ_u`.
    pub name: Symbol,
    /// The unit, from 0; none: all of them.
    pub unit: Option<usize>,
    /// The first step that it is held at, from 0.
    pub from: usize,
    /// One past the last; may lie behind the last step.
    pub to: usize,
    /// The number.
    pub value: f64,
}

/// What does not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TraceError {
    /// A shape is not the expected one.
    #[error("{what}: {found}, expected {expected}")]
    Shape {
        /// The tensor.
        what: String,
        /// Its shape.
        found: String,
        /// The shape that fits.
        expected: String,
    },
    /// A length is outside 1 to T.
    #[error("lengths[{sample}]: {length}, expected 1 to {steps}")]
    Length {
        /// The sample, from 0.
        sample: usize,
        /// Its length.
        length: usize,
        /// Steps of the input.
        steps: usize,
    },
    /// A label is no output.
    #[error("y[{step}][{sample}]: id {id}, expected 0 to {last}")]
    Label {
        /// The step, from 0.
        step: usize,
        /// The sample, from 0.
        sample: usize,
        /// The id.
        id: usize,
        /// The last id there is.
        last: usize,
    },
    /// There is nothing to hold under this name.
    #[error("layer {layer} has no {name}, or not so many units")]
    Hold {
        /// The layer, from 0.
        layer: usize,
        /// The name.
        name: String,
    },
    /// The labels are not those of the loss.
    #[error("y: labels do not fit the loss")]
    LabelKind,
}

/// One layer's numbers. All are `T × n × B`.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerTrace<S> {
    /// Every left-hand side and named intermediate in the order of the forward equations.
    pub values: Vec<(Symbol, Array3<S>)>,
    /// Their gradients, under the value's own name.
    pub gradients: Vec<(Symbol, Array3<S>)>,
    /// Gradients that reach unnamed terms.
    pub term_gradients: Vec<(Expr, Array3<S>)>,
    /// What the layer read.
    pub x: Array3<S>,
    /// Its gradient.
    pub x_gradient: Array3<S>,
    /// The states before the first step, `n_a × B`.
    pub initial: Vec<(Symbol, Array2<S>)>,
    /// Their gradients.
    pub initial_gradients: Vec<(Symbol, Array2<S>)>,
    /// The states after the last step.
    pub final_states: Vec<(Symbol, Array2<S>)>,
    /// Gradients of the weights.
    pub weight_gradients: Vec<(Symbol, Array2<S>)>,
}

impl<S> LayerTrace<S> {
    /// A value by its name, `T × n × B`.
    pub fn value(&self, name: &Symbol) -> Option<&Array3<S>> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A gradient by its value's name, `T × n × B`.
    pub fn gradient(&self, name: &Symbol) -> Option<&Array3<S>> {
        self.gradients.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// The head's numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadTrace<S> {
    /// `T × n_y × B`.
    pub logits: Array3<S>,
    /// `T × n_y × B`.
    pub yhat: Array3<S>,
    /// `T × n_y × B`: `ŷ - y`, 0 where there is no loss.
    pub dlogits: Array3<S>,
    /// `T × n_a × B`: what reaches the top layer's output from the head.
    pub below: Array3<S>,
    /// `T × B` in nats.
    pub loss_per_step: Array2<S>,
    /// Gradients of `W_ya` and `b_y`.
    pub weight_gradients: Vec<(Symbol, Array2<S>)>,
}

/// Every number of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace<S> {
    /// Layers, the lowest first.
    pub layers: Vec<LayerTrace<S>>,
    /// The head.
    pub head: HeadTrace<S>,
    /// Sum of all losses in nats; the gradients are those of this sum.
    pub loss_sum: S,
    /// Losses counted.
    pub tokens: usize,
}

impl<S: Scalar> Trace<S> {
    /// Mean loss in nats per token.
    pub fn mean_over_tokens(&self) -> S {
        self.loss_sum / S::from_f64(self.tokens.max(1) as f64)
    }
}

/// Runs a model forward and backward and keeps everything.
///
/// # Errors
/// When shapes, lengths or labels do not fit the model.
pub fn trace<S: Scalar>(model: &Model<S>, input: &TraceInput<S>) -> Result<Trace<S>, TraceError> {
    check(model, input)?;
    let mut running = Running::new(model, input)?;
    running.forward();
    running.backward();
    Ok(running.collect())
}

/// The sum of the losses alone, in nats: the run forward, and none backward.
///
/// # Errors
/// As [`trace`].
pub fn loss<S: Scalar>(model: &Model<S>, input: &TraceInput<S>) -> Result<S, TraceError> {
    check(model, input)?;
    let mut running = Running::new(model, input)?;
    running.forward();
    Ok(running.loss())
}

/// Runs two stacks of equal cells and sizes one after the other: the second starts from the final states of the first
/// (its own `initial` is not looked at), and the gradient flows back through them. The first has no loss of its own
/// where its input says [`LossAt::Never`]. Returns the traces of both; the gradients of each are those of both losses.
///
/// # Errors
/// When shapes, lengths or labels do not fit the models, or the models each other.
pub fn trace_handed_over<S: Scalar>(
    first: (&Model<S>, &TraceInput<S>),
    second: (&Model<S>, &TraceInput<S>),
) -> Result<(Trace<S>, Trace<S>), TraceError> {
    check(first.0, first.1)?;
    check(second.0, second.1)?;
    let sizes = |(model, input): (&Model<S>, &TraceInput<S>)| -> Vec<usize> {
        let layers = model.layers.iter();
        let sizes = layers.flat_map(|layer| [layer.cell.states.len(), layer.hidden]);
        sizes.chain([input.x.dim().2]).collect()
    };
    shape("second stack", &sizes(second), &sizes(first))?;
    let (mut before, mut after) = (Running::new(first.0, first.1)?, Running::new(second.0, second.1)?);
    before.forward();
    after.network.stack_mut().start_from(before.network.stack());
    after.forward();
    after.backward();
    before.network.stack_mut().receive_from(after.network.stack());
    before.backward();
    Ok((before.collect(), after.collect()))
}

fn check<S: Scalar>(model: &Model<S>, input: &TraceInput<S>) -> Result<(), TraceError> {
    let (steps, rows, batch) = input.x.dim();
    shape("x", &[steps.max(1), rows, batch.max(1)], &[steps, model.input, batch])?;
    shape("lengths", &[input.lengths.len()], &[batch])?;
    for (sample, length) in input.lengths.iter().enumerate() {
        if *length == 0 || *length > steps {
            return Err(TraceError::Length { sample, length: *length, steps });
        }
    }
    match (&input.y, model.head.head.loss) {
        (Labels::Ids(ids), LossKind::SoftmaxCrossEntropy) => {
            shape("y", ids.shape(), &[steps, batch])?;
            if let Some(((step, sample), id)) = ids.indexed_iter().find(|(_, id)| **id >= model.output) {
                return Err(TraceError::Label { step, sample, id: *id, last: model.output - 1 });
            }
        }
        (Labels::Binary(labels), LossKind::Logistic) => {
            shape("y", labels.shape(), &[steps, model.output, batch])?
        }
        _ => return Err(TraceError::LabelKind),
    }
    for (index, (initial, layer)) in input.initial.iter().zip(&model.layers).enumerate() {
        if !initial.is_empty() {
            shape(&format!("initial[{index}]"), &[initial.len()], &[layer.cell.states.len()])?;
        }
        for (state, name) in initial.iter().zip(&layer.cell.states) {
            shape(&format!("initial[{index}].{name}"), state.shape(), &[layer.hidden, batch])?;
        }
    }
    Ok(())
}

fn shape(what: &str, found: &[usize], expected: &[usize]) -> Result<(), TraceError> {
    if found == expected {
        return Ok(());
    }
    let text = |shape: &[usize]| shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ");
    Err(TraceError::Shape { what: what.to_owned(), found: text(found), expected: text(expected) })
}
