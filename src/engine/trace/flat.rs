//! A trace as one list of numbers, so that one thread can compute it for another.
//!
//! The order is that of [`LayerTrace`]'s and [`HeadTrace`]'s fields. Gradients of the weights, which are as many as the
//! weights themselves, are left out.

use ndarray::{Array2, Array3};

use super::{HeadTrace, LayerTrace, Trace};
use crate::engine::architecture::Architecture;
use crate::engine::kernels::Scalar;
use crate::engine::plan::{Keep, Sizes, plan};

impl<S: Scalar> Trace<S> {
    /// Every number but the gradients of the weights.
    pub fn to_numbers(&self) -> Vec<S> {
        let mut numbers = Vec::new();
        for layer in &self.layers {
            let named = layer.values.iter().chain(&layer.gradients).map(|(_, cube)| cube);
            let terms = layer.term_gradients.iter().map(|(_, cube)| cube);
            for cube in named.chain(terms).chain([&layer.x, &layer.x_gradient]) {
                numbers.extend(cube.iter().copied());
            }
            let states = layer.initial.iter().chain(&layer.initial_gradients).chain(&layer.final_states);
            states.for_each(|(_, matrix)| numbers.extend(matrix.iter().copied()));
        }
        let head = &self.head;
        for cube in [&head.logits, &head.yhat, &head.dlogits, &head.below] {
            numbers.extend(cube.iter().copied());
        }
        numbers.extend(head.loss_per_step.iter().copied());
        numbers.extend([self.loss_sum, S::from_f64(self.tokens as f64)]);
        numbers
    }

    /// The trace of a model over T = `steps` and B = `batch` from such a list; nothing where the list has another length.
    /// The gradients of the weights are empty lists.
    pub fn from_numbers(
        architecture: &Architecture,
        steps: usize,
        batch: usize,
        numbers: &[S],
    ) -> Option<Self> {
        let mut rest = Rest { numbers, steps, batch };
        let mut layers = Vec::with_capacity(architecture.layers.len());
        for (index, layer) in architecture.layers.iter().enumerate() {
            let (hidden, input) = (layer.hidden, architecture.input_of(index));
            let sizes = Sizes { hidden, input, batch, steps };
            let plan = plan(&layer.cell, &layer.derived, sizes, Keep::Everything, true);
            let mut named = || -> Option<Vec<_>> {
                plan.value_names().map(|name| Some((name.clone(), rest.cube(hidden)?))).collect()
            };
            let (values, gradients) = (named()?, named()?);
            let terms = plan.term_rows().map(|(term, rows)| Some((term.clone(), rest.cube(rows)?)));
            let term_gradients = terms.collect::<Option<Vec<_>>>()?;
            let (x, x_gradient) = (rest.cube(input)?, rest.cube(input)?);
            let names = plan.state_names();
            let mut states = || -> Option<Vec<_>> {
                names.iter().map(|name| Some((name.clone(), rest.matrix(hidden)?))).collect()
            };
            layers.push(LayerTrace {
                values,
                gradients,
                term_gradients,
                x,
                x_gradient,
                initial: states()?,
                initial_gradients: states()?,
                final_states: states()?,
                weight_gradients: Vec::new(),
            });
        }
        let output = architecture.output;
        let head = HeadTrace {
            logits: rest.cube(output)?,
            yhat: rest.cube(output)?,
            dlogits: rest.cube(output)?,
            below: rest.cube(architecture.top())?,
            loss_per_step: Array2::from_shape_vec((steps, batch), rest.take(steps * batch)?).ok()?,
            weight_gradients: Vec::new(),
        };
        let [loss_sum, tokens] = *rest.numbers else { return None };
        Some(Self { layers, head, loss_sum, tokens: tokens.to_f64() as usize })
    }
}

/// What has not been read yet.
struct Rest<'n, S> {
    numbers: &'n [S],
    steps: usize,
    batch: usize,
}

impl<S: Scalar> Rest<'_, S> {
    fn take(&mut self, count: usize) -> Option<Vec<S>> {
        let (these, rest) = self.numbers.split_at_checked(count)?;
        self.numbers = rest;
        Some(these.to_vec())
    }

    /// `T × n × B`.
    fn cube(&mut self, rows: usize) -> Option<Array3<S>> {
        let shape = (self.steps, rows, self.batch);
        Array3::from_shape_vec(shape, self.take(self.steps * rows * self.batch)?).ok()
    }

    /// `n × B`.
    fn matrix(&mut self, rows: usize) -> Option<Array2<S>> {
        Array2::from_shape_vec((rows, self.batch), self.take(rows * self.batch)?).ok()
    }
}
