//! A trace: every number of a run, forward and backward, kept.

mod flat;

use ndarray::{Array2, Array3, ArrayView3};
use thiserror::Error;

use super::head::Targets;
use super::kernels::Scalar;
use super::model::Model;
use super::network::Network;
use super::plan::{Input, Keep, Mode};
use super::syntax::{Expr, LossKind, Symbol};

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
    /// A value by its name.
    pub fn value(&self, name: &Symbol) -> Option<&Array3<S>> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A gradient by its value's name.
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
    let (steps, rows, batch) = input.x.dim();
    check(model, input)?;
    let architecture = model.architecture();
    let weights = model.to_flat();
    let mut network = Network::new(&architecture, steps, batch, Keep::Everything, false, true);
    network.set_lengths(&input.lengths);
    network.zero_initial();
    for (layer, initial) in network.layers_mut().iter_mut().zip(&input.initial) {
        for (index, state) in initial.iter().enumerate() {
            for (number, from) in layer.initial_mut(index).iter_mut().zip(state.t().iter()) {
                *number = *from;
            }
        }
    }
    let x = to_rows(input.x.view());
    let counts: Vec<bool> = (0..steps)
        .flat_map(|step| {
            input.lengths.iter().map(move |length| match input.loss_at {
                LossAt::EveryStep => step < *length,
                LossAt::LastStep => step + 1 == *length,
                LossAt::Step(alone) => step == alone && step < *length,
            })
        })
        .collect();
    network.load(&weights);
    network.forward(&weights, Input::Dense(&x), Mode::Train);
    match &input.y {
        Labels::Ids(ids) => {
            let ids: Vec<i32> = ids
                .iter()
                .zip(&counts)
                .map(|(id, counts)| if *counts { i32::try_from(*id).unwrap_or(-1) } else { -1 })
                .collect();
            network.loss(Targets::Ids(&ids), S::ONE);
        }
        Labels::Binary(labels) => network.loss(Targets::Binary(&to_rows(labels.view()), &counts), S::ONE),
    }
    let mut gradients = vec![S::ZERO; weights.len()];
    network.backward(&weights, Input::Dense(&x), &mut gradients);

    let gradients = Model::from_flat(&architecture, &gradients);
    let mut layers = Vec::with_capacity(model.layers.len());
    let mut x = input.x.clone();
    let mut x_rows = rows;
    for (layer, weight_gradients) in network.layers().iter().zip(gradients.layers) {
        let hidden = weight_gradients.hidden;
        let cube = |numbers: &[S]| from_rows(numbers, steps, hidden, batch);
        let names = || layer.plan().value_names();
        let states = layer.plan().state_names();
        let initial = |gradient: bool| {
            let each = states.iter().enumerate();
            each.map(|(index, name)| {
                let (value, slope) = layer.initial(index);
                let numbers = if gradient { slope } else { value };
                (
                    name.clone(),
                    Array2::from_shape_fn((hidden, batch), |(row, column)| numbers[column * hidden + row]),
                )
            })
            .collect::<Vec<_>>()
        };
        let values: Vec<_> =
            names().map(|name| (name.clone(), cube(layer.value(name).unwrap_or(&[])))).collect();
        let final_states = states
            .iter()
            .filter_map(|name| {
                let (_, value) = values.iter().find(|(known, _)| known == name)?;
                Some((name.clone(), value.index_axis(ndarray::Axis(0), steps - 1).to_owned()))
            })
            .collect();
        layers.push(LayerTrace {
            gradients: names()
                .map(|name| (name.clone(), cube(layer.gradient(name).unwrap_or(&[]))))
                .collect(),
            term_gradients: layer
                .term_gradients()
                .map(|(term, numbers)| {
                    (term.clone(), from_rows(numbers, steps, numbers.len() / (steps * batch), batch))
                })
                .collect(),
            x_gradient: from_rows(layer.input_gradient(), steps, x_rows, batch),
            initial: initial(false),
            initial_gradients: initial(true),
            final_states,
            weight_gradients: weight_gradients.weights,
            x,
            values,
        });
        x = cube(layer.output());
        x_rows = hidden;
    }
    let head = network.head();
    let loss_per_step =
        Array2::from_shape_fn((steps, batch), |(step, sample)| head.losses()[step * batch + sample]);
    Ok(Trace {
        layers,
        head: HeadTrace {
            logits: from_rows(head.logits(), steps, model.output, batch),
            yhat: from_rows(head.yhat(), steps, model.output, batch),
            dlogits: from_rows(head.dlogits(), steps, model.output, batch),
            below: from_rows(head.below(), steps, x_rows, batch),
            weight_gradients: gradients.head.weights,
            loss_per_step: loss_per_step.clone(),
        },
        loss_sum: loss_per_step.iter().fold(S::ZERO, |sum, loss| sum + *loss),
        tokens: counts.iter().filter(|counts| **counts).count(),
    })
}

fn check<S: Scalar>(model: &Model<S>, input: &TraceInput<S>) -> Result<(), TraceError> {
    let (steps, rows, batch) = input.x.dim();
    let shape = |what: &str, found: &[usize], expected: &[usize]| {
        if found == expected {
            return Ok(());
        }
        let text = |shape: &[usize]| shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ");
        Err(TraceError::Shape { what: what.to_owned(), found: text(found), expected: text(expected) })
    };
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

/// `T × n × B` to the engine's `T × B × n`.
fn to_rows<S: Scalar>(cube: ArrayView3<'_, S>) -> Vec<S> {
    cube.permuted_axes([0, 2, 1]).iter().copied().collect()
}

/// The engine's `T × B × n` to `T × n × B`.
fn from_rows<S: Scalar>(numbers: &[S], steps: usize, rows: usize, batch: usize) -> Array3<S> {
    Array3::from_shape_fn((steps, rows, batch), |(step, row, sample)| {
        numbers.get((step * batch + sample) * rows + row).copied().unwrap_or(S::ZERO)
    })
}
