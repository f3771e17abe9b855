//! Layers without a head, run over windows of T steps and B samples: what a network and an encoder have in common.

use std::ops::Range;

use super::architecture::{Architecture, Layout};
use super::kernels::Scalar;
use super::plan::{Input, Keep, LayerRunner, Mode, Sizes, plan};

/// The memory of a stack of layers. Weights stay outside, in one flat list that begins with the lowest layer's.
#[derive(Clone)]
pub struct Stack<S: Scalar> {
    layers: Vec<LayerRunner<S>>,
    ranges: Vec<Range<usize>>,
}

impl<S: Scalar> Stack<S> {
    /// Memory for windows of `steps` × `batch`. `one_hot`: the input will be ids. `input_gradient`: `dx<t>` is wanted.
    pub fn new(
        architecture: &Architecture,
        layout: &Layout,
        (steps, batch): (usize, usize),
        keep: Keep,
        one_hot: bool,
        input_gradient: bool,
    ) -> Self {
        let layers = architecture.layers.iter().enumerate().map(|(index, layer)| {
            let sizes = Sizes { hidden: layer.hidden, input: architecture.input_of(index), batch, steps };
            let plan = plan(&layer.cell, &layer.derived, sizes, keep, index > 0 || input_gradient);
            LayerRunner::new(plan, one_hot && index == 0)
        });
        let layers: Vec<_> = layers.collect();
        let ranges = (0..layers.len()).map(|layer| layout.range(Some(layer))).collect();
        Self { layers, ranges }
    }

    /// The layers, the lowest first.
    pub fn layers(&self) -> &[LayerRunner<S>] {
        &self.layers
    }

    /// The layers, to set initial states or running means.
    pub fn layers_mut(&mut self) -> &mut [LayerRunner<S>] {
        &mut self.layers
    }

    /// How many steps each sample has, 1 to T.
    pub fn set_lengths(&mut self, lengths: &[usize]) {
        self.layers.iter_mut().for_each(|layer| layer.set_lengths(lengths));
    }

    /// All initial states are zero.
    pub fn zero_initial(&mut self) {
        self.layers.iter_mut().for_each(LayerRunner::zero_initial);
    }

    /// The initial states are the final ones of another stack with equal cells and sizes.
    pub fn start_from(&mut self, before: &Self) {
        self.layers.iter_mut().zip(&before.layers).for_each(|(layer, before)| layer.start_from(before));
    }

    /// The gradients that a stack which [started from](Self::start_from) this one has found for its initial states
    /// reach the final states of this one, in the next pass backward and every later one.
    pub fn receive_from(&mut self, next: &Self) {
        self.layers.iter_mut().zip(&next.layers).for_each(|(layer, next)| layer.receive_from(next));
    }

    /// The states after the last step become those before the first.
    pub fn carry(&mut self) {
        self.layers.iter_mut().for_each(LayerRunner::carry);
    }

    /// Packs new weights (flat).
    pub fn load(&mut self, weights: &[S]) {
        for (layer, range) in self.layers.iter_mut().zip(&self.ranges) {
            layer.load(&weights[range.clone()]);
        }
    }

    /// One window forward, with the weights that were loaded.
    pub fn forward(&mut self, weights: &[S], input: Input<'_, S>, mode: Mode) {
        for index in 0..self.layers.len() {
            let (below, rest) = self.layers.split_at_mut(index);
            let input = below.last().map_or(input, |below| Input::Dense(below.output()));
            rest[0].forward(&weights[self.ranges[index].clone()], input, mode);
        }
    }

    /// One window backward, after [`Self::forward`]. `above`: what reaches the top layer's output, `T × B × n_a`.
    /// Adds to `gradients` (flat).
    pub fn backward(&mut self, weights: &[S], input: Input<'_, S>, above: &[S], gradients: &mut [S]) {
        for index in (0..self.layers.len()).rev() {
            let (lower, upper) = self.layers.split_at_mut(index + 1);
            let (below, layer) = lower.split_at_mut(index);
            let input = below.last().map_or(input, |below| Input::Dense(below.output()));
            let above = upper.first().map_or(above, LayerRunner::input_gradient);
            let range = self.ranges[index].clone();
            layer[0].backward(&weights[range.clone()], input, above, &mut gradients[range]);
        }
    }
}
