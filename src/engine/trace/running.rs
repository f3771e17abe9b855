//! One stack on its way through a trace: forward, backward, every number read off.

use ndarray::{Array2, Array3, ArrayView3};

use super::{HeadTrace, Labels, LayerTrace, Trace, TraceError, TraceInput};
use crate::engine::architecture::Architecture;
use crate::engine::head::Targets;
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::network::Network;
use crate::engine::plan::{Input, Keep, Mode};

/// A network with what it reads. The input has been checked against the model.
pub struct Running<'a, S: Scalar> {
    pub network: Network<S>,
    model: &'a Model<S>,
    input: &'a TraceInput<S>,
    architecture: Architecture,
    weights: Vec<S>,
    gradients: Vec<S>,
    x: Vec<S>,
    counts: Vec<bool>,
}

impl<'a, S: Scalar> Running<'a, S> {
    /// # Errors
    /// Where something is to be held that is not there.
    pub fn new(model: &'a Model<S>, input: &'a TraceInput<S>) -> Result<Self, TraceError> {
        let (steps, _, batch) = input.x.dim();
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
        for hold in &input.holds {
            let held = network.layers_mut().get_mut(hold.layer).is_some_and(|layer| {
                layer.hold_unit(&hold.name, hold.unit, (hold.from, hold.to), S::from_f64(hold.value))
            });
            if !held {
                return Err(TraceError::Hold { layer: hold.layer, name: hold.name.0.clone() });
            }
        }
        let samples = input.lengths.len();
        let counts = (0..steps).flat_map(|step| (0..samples).map(move |sample| input.has_loss(step, sample)));
        let counts = counts.collect();
        network.load(&weights);
        let gradients = vec![S::ZERO; weights.len()];
        let x = to_rows(input.x.view());
        Ok(Self { network, model, input, architecture, gradients, x, counts, weights })
    }

    pub fn forward(&mut self) {
        self.network.forward(&self.weights, Input::Dense(&self.x), Mode::Train);
        match &self.input.y {
            Labels::Ids(ids) => {
                let ids: Vec<i32> = ids
                    .iter()
                    .zip(&self.counts)
                    .map(|(id, counts)| if *counts { i32::try_from(*id).unwrap_or(-1) } else { -1 })
                    .collect();
                self.network.loss(Targets::Ids(&ids), S::ONE);
            }
            Labels::Binary(labels) => {
                self.network.loss(Targets::Binary(&to_rows(labels.view()), &self.counts), S::ONE);
            }
        }
    }

    /// The sum of the losses of the run forward.
    pub fn loss(&self) -> S {
        self.network.head().losses().iter().fold(S::ZERO, |sum, one| sum + *one)
    }

    pub fn backward(&mut self) {
        self.network.backward(&self.weights, Input::Dense(&self.x), &mut self.gradients);
    }

    pub fn collect(self) -> Trace<S> {
        let Self { network, model, input, architecture, gradients, counts, .. } = self;
        let (steps, _, batch) = input.x.dim();
        let gradients = Model::from_flat(&architecture, &gradients);
        let mut layers = Vec::with_capacity(model.layers.len());
        let mut x = input.x.clone();
        let mut x_rows = x.dim().1;
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
                        Array2::from_shape_fn((hidden, batch), |(row, column)| {
                            numbers[column * hidden + row]
                        }),
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
        Trace {
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
        }
    }
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
