//! A stack of layers with its head, run over windows of T steps and B samples.

use std::ops::Range;

use super::architecture::{Architecture, Layout};
use super::head::{HeadRunner, Targets};
use super::kernels::Scalar;
use super::plan::{Input, Keep, LayerRunner, Mode, Sizes, plan};
use super::stack::Stack;

/// The memory of a model for windows of given size. Weights stay outside, in one flat list (see [`Layout`]).
#[derive(Clone)]
pub struct Network<S: Scalar> {
    stack: Stack<S>,
    head: HeadRunner<S>,
    layout: Layout,
    head_range: Range<usize>,
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
        let layout = architecture.layout();
        let stack = Stack::new(architecture, &layout, (steps, batch), keep, one_hot, input_gradient);
        let head_range = layout.range(None);
        let head =
            HeadRunner::new(architecture.loss(), architecture.top(), architecture.output, steps * batch);
        Self { stack, head, layout, head_range }
    }

    /// Where the weights lie.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The layers without the head.
    pub fn stack(&self) -> &Stack<S> {
        &self.stack
    }

    /// The same, to hand states over.
    pub fn stack_mut(&mut self) -> &mut Stack<S> {
        &mut self.stack
    }

    /// The layers, the lowest first.
    pub fn layers(&self) -> &[LayerRunner<S>] {
        self.stack.layers()
    }

    /// The layers, to set initial states or running means.
    pub fn layers_mut(&mut self) -> &mut [LayerRunner<S>] {
        self.stack.layers_mut()
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
        self.stack.set_lengths(lengths);
    }

    /// All initial states are zero.
    pub fn zero_initial(&mut self) {
        self.stack.zero_initial();
    }

    /// The states after the last step become those before the first.
    pub fn carry(&mut self) {
        self.stack.carry();
    }

    /// Packs new weights (flat).
    pub fn load(&mut self, weights: &[S]) {
        self.stack.load(weights);
        self.head.load(&weights[self.head_range.clone()]);
    }

    /// One window forward, to the logits, with the weights that were loaded.
    pub fn forward(&mut self, weights: &[S], input: Input<'_, S>, mode: Mode) {
        self.stack.forward(weights, input, mode);
        if let Some(top) = self.stack.layers().last() {
            self.head.forward(&weights[self.head_range.clone()], top.output());
        }
    }

    /// Losses and the gradient of the logits, times `scale`.
    pub fn loss(&mut self, targets: Targets<'_, S>, scale: S) {
        self.head.loss(targets, scale);
    }

    /// One window backward, after [`Self::forward`] and [`Self::loss`]. Adds to `gradients` (flat).
    pub fn backward(&mut self, weights: &[S], input: Input<'_, S>, gradients: &mut [S]) {
        if let Some(top) = self.stack.layers().last() {
            self.head.backward(top.output(), &mut gradients[self.head_range.clone()]);
        }
        self.stack.backward(weights, input, self.head.below(), gradients);
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
