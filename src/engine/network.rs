//! A stack of layers with its head, run over windows of T steps and B samples.

use super::architecture::{Architecture, Layout};
use super::head::{HeadRunner, Targets};
use super::kernels::Scalar;
use super::plan::{Input, Keep, LayerRunner, Mode, Sizes, plan};

/// The memory of a model for windows of given size. Weights stay outside, in one flat list (see [`Layout`]).
#[derive(Clone)]
pub struct Network<S: Scalar> {
    layers: Vec<LayerRunner<S>>,
    head: HeadRunner<S>,
    layout: Layout,
    ranges: Vec<std::ops::Range<usize>>,
}

impl<S: Scalar> Network<S> {
    /// Memory for windows of `steps` × `batch`. `one_hot`: the input will be ids. `input_gradient`: `dx<t>` is wanted.
    pub fn new(
        architecture: &Architecture,
        steps: usize,
        batch: usize,
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
        let layout = architecture.layout();
        let ranges = (0..layers.len()).map(Some).chain([None]).map(|layer| layout.range(layer)).collect();
        let head =
            HeadRunner::new(architecture.loss(), architecture.top(), architecture.output, steps * batch);
        Self { layers, head, layout, ranges }
    }

    /// Where the weights lie.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The layers, the lowest first.
    pub fn layers(&self) -> &[LayerRunner<S>] {
        &self.layers
    }

    /// The layers, to set initial states or running means.
    pub fn layers_mut(&mut self) -> &mut [LayerRunner<S>] {
        &mut self.layers
    }

    /// The head.
    pub fn head(&self) -> &HeadRunner<S> {
        &self.head
    }

    /// The head, to ask it for predictions.
    pub fn head_mut(&mut self) -> &mut HeadRunner<S> {
        &mut self.head
    }

    /// How many steps each sample has, 1 to T.
    pub fn set_lengths(&mut self, lengths: &[usize]) {
        self.layers.iter_mut().for_each(|layer| layer.set_lengths(lengths));
    }

    /// All initial states are zero.
    pub fn zero_initial(&mut self) {
        self.layers.iter_mut().for_each(LayerRunner::zero_initial);
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
        self.head.load(&weights[self.ranges[self.layers.len()].clone()]);
    }

    /// One window forward, to the logits, with the weights that were loaded.
    pub fn forward(&mut self, weights: &[S], input: Input<'_, S>, mode: Mode) {
        for index in 0..self.layers.len() {
            let (below, rest) = self.layers.split_at_mut(index);
            let input = below.last().map_or(input, |below| Input::Dense(below.output()));
            rest[0].forward(&weights[self.ranges[index].clone()], input, mode);
        }
        let weights = &weights[self.ranges[self.layers.len()].clone()];
        if let Some(top) = self.layers.last() {
            self.head.forward(weights, top.output());
        }
    }

    /// Losses and the gradient of the logits, times `scale`.
    pub fn loss(&mut self, targets: Targets<'_, S>, scale: S) {
        self.head.loss(targets, scale);
    }

    /// One window backward, after [`Self::forward`] and [`Self::loss`]. Adds to `gradients` (flat).
    pub fn backward(&mut self, weights: &[S], input: Input<'_, S>, gradients: &mut [S]) {
        let count = self.layers.len();
        if let Some(top) = self.layers.last() {
            self.head.backward(top.output(), &mut gradients[self.ranges[count].clone()]);
        }
        for index in (0..count).rev() {
            let (lower, upper) = self.layers.split_at_mut(index + 1);
            let (below, layer) = lower.split_at_mut(index);
            let input = below.last().map_or(input, |below| Input::Dense(below.output()));
            let above = upper.first().map_or(self.head.below(), LayerRunner::input_gradient);
            let range = self.ranges[index].clone();
            layer[0].backward(&weights[range.clone()], input, above, &mut gradients[range]);
        }
    }

    /// Bytes that a network of these sizes takes, weights and their optimiser not counted.
    pub fn bytes(architecture: &Architecture, steps: usize, batch: usize) -> u64 {
        let mut numbers = 0u64;
        for (index, layer) in architecture.layers.iter().enumerate() {
            // A plan for one step and one sample shows how many blocks there are; they scale with T·B.
            let sizes =
                Sizes { hidden: layer.hidden, input: architecture.input_of(index), batch: 1, steps: 1 };
            let one = plan(&layer.cell, &layer.derived, sizes, Keep::Training, index > 0).numbers() as u64;
            numbers = numbers.saturating_add(one.saturating_mul(steps as u64).saturating_mul(batch as u64));
        }
        let head = (3 * architecture.output + architecture.top()) as u64;
        numbers = numbers.saturating_add(head.saturating_mul(steps as u64).saturating_mul(batch as u64));
        numbers.saturating_mul(size_of::<S>() as u64)
    }
}
