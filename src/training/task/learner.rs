//! One update of a wired model: forward, backward, clip, update. One stack, or an encoder with its decoder.

use super::{Sample, Task};
use crate::engine::architecture::Architecture;
use crate::engine::head::Targets;
use crate::engine::kernels::{self, Scalar};
use crate::engine::network::Network;
use crate::engine::plan::{Input, Keep, Mode};
use crate::engine::stack::Stack;
use crate::engine::syntax::LossKind;
use crate::training::optimiser::{Clip, Optimiser, RuleConstants, clip};
use crate::training::settings::Rule;
use crate::training::trainer::NotFinite;

/// Samples side by side, padded. All ids are `T × B`; −1 is the zero vector or no label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskWindow {
    /// What the encoder reads; empty where there is one stack.
    pub encoded: Vec<i32>,
    /// Steps of each sample in the encoder.
    pub encoder_lengths: Vec<usize>,
    /// What the (second) stack reads.
    pub inputs: Vec<i32>,
    /// Labels.
    pub targets: Vec<i32>,
    /// Steps of each sample in the (second) stack.
    pub lengths: Vec<usize>,
}

impl TaskWindow {
    /// Fills the window with up to `batch` samples; places that stay free have no label.
    pub fn fill<'s>(&mut self, task: &Task, batch: usize, samples: impl Iterator<Item = &'s Sample>) {
        let (first, second) = task.longest();
        let (before, steps) = if second == 0 { (0, first) } else { (first, second) };
        let clear = |ids: &mut Vec<i32>, steps: usize| {
            ids.clear();
            ids.resize(steps * batch, -1);
        };
        clear(&mut self.encoded, before);
        clear(&mut self.inputs, steps);
        clear(&mut self.targets, steps);
        for lengths in [&mut self.encoder_lengths, &mut self.lengths] {
            lengths.clear();
            lengths.resize(batch, 1);
        }
        for (column, sample) in samples.take(batch).enumerate() {
            let wiring = task.wiring(sample);
            let (inputs, labels) = wiring.ids(&sample.given, &sample.wanted);
            let taken_over = wiring.takes_over().unwrap_or(0);
            for (step, (input, label)) in inputs.into_iter().zip(labels).enumerate() {
                match step.checked_sub(taken_over) {
                    None => self.encoded[step * batch + column] = input,
                    Some(step) => {
                        self.inputs[step * batch + column] = input;
                        self.targets[step * batch + column] = label;
                    }
                }
            }
            self.encoder_lengths[column] = taken_over.max(1);
            self.lengths[column] = wiring.steps.len() - taken_over;
        }
    }

    /// Labels that count.
    pub fn labels(&self) -> usize {
        self.targets.iter().filter(|target| **target >= 0).count()
    }
}

/// A wired model in training. Its weights are flat: the encoder's layers (where there is one), the layers, the head.
#[derive(Clone)]
pub struct Learner<S: Scalar> {
    encoder: Option<Stack<S>>,
    network: Network<S>,
    /// Numbers of the encoder in the flat list.
    before: usize,
    weights: Vec<S>,
    gradients: Vec<S>,
    optimiser: Optimiser<S>,
    /// Nothing reaches the encoder's outputs.
    silence: Vec<S>,
    loss: LossKind,
    labels: Vec<S>,
    counts: Vec<bool>,
}

impl<S: Scalar> Learner<S> {
    /// A model with its start weights, for windows as [`TaskWindow::fill`] makes them.
    pub fn new(task: &Task, architecture: &Architecture, batch: usize, weights: Vec<S>) -> Self {
        let (first, second) = task.longest();
        let (before, steps) = if second == 0 { (0, first) } else { (first, second) };
        let network = Network::new(architecture, steps, batch, Keep::Training, true, false);
        let encoder = (before > 0).then(|| {
            Stack::new(architecture, network.layout(), (before, batch), Keep::Training, true, false)
        });
        let labels = if task.loss == LossKind::Logistic { steps * batch } else { 0 };
        Self {
            before: weights.len() - network.layout().len,
            encoder,
            network,
            gradients: vec![S::ZERO; weights.len()],
            optimiser: Optimiser::new(Rule::Adam, weights.len()),
            weights,
            silence: vec![S::ZERO; before * batch * architecture.top()],
            loss: task.loss,
            labels: vec![S::ZERO; labels],
            counts: vec![false; labels],
        }
    }

    /// The weights now.
    pub fn weights(&self) -> &[S] {
        &self.weights
    }

    /// The weights, to change them.
    pub fn weights_mut(&mut self) -> &mut [S] {
        &mut self.weights
    }

    /// The last gradient.
    pub fn gradients(&self) -> &[S] {
        &self.gradients
    }

    /// The network: its head holds ŷ of the last window.
    pub fn network(&self) -> &Network<S> {
        &self.network
    }

    /// Forward only: the sum of the window's losses in nats.
    pub fn forward(&mut self, window: &TaskWindow) -> f64 {
        self.run(window, S::ONE, Mode::Evaluate)
    }

    /// Forward and backward: the sum of the losses in nats; the gradient is that of their sum times `scale`.
    pub fn differentiate(&mut self, window: &TaskWindow, scale: f64) -> f64 {
        let loss = self.run(window, S::from_f64(scale), Mode::Train);
        self.gradients.fill(S::ZERO);
        let (first, second) = self.gradients.split_at_mut(self.before);
        let (encoder_weights, weights) = self.weights.split_at(self.before);
        self.network.backward(weights, Input::OneHot(&window.inputs), second);
        if let Some(encoder) = &mut self.encoder {
            encoder.receive_from(self.network.stack());
            encoder.backward(encoder_weights, Input::OneHot(&window.encoded), &self.silence, first);
        }
        loss
    }

    /// One update by Adam on the mean loss of a window, its gradient no longer than 1. Returns that loss, before the
    /// update.
    ///
    /// # Errors
    /// When the loss, a gradient or a weight is not finite.
    pub fn update(&mut self, window: &TaskWindow, learning_rate: f64) -> Result<f64, NotFinite> {
        let labels = window.labels().max(1) as f64;
        let loss = self.differentiate(window, 1.0 / labels) / labels;
        let not_finite = |tensor: &str| NotFinite { tensor: tensor.to_owned() };
        if !loss.is_finite() {
            return Err(not_finite("loss"));
        }
        if !kernels::all_finite(&self.gradients) {
            return Err(not_finite("gradients"));
        }
        clip(&mut self.gradients, Clip::GlobalNorm(1.0));
        let rule = RuleConstants::usual(Rule::Adam, learning_rate);
        self.optimiser.update(&rule, &mut self.weights, &self.gradients);
        if !kernels::all_finite(&self.weights) {
            return Err(not_finite("weights"));
        }
        Ok(loss)
    }

    fn run(&mut self, window: &TaskWindow, scale: S, mode: Mode) -> f64 {
        let (encoder_weights, weights) = self.weights.split_at(self.before);
        self.network.load(weights);
        self.network.set_lengths(&window.lengths);
        match &mut self.encoder {
            Some(encoder) => {
                encoder.load(encoder_weights);
                encoder.set_lengths(&window.encoder_lengths);
                encoder.zero_initial();
                encoder.forward(encoder_weights, Input::OneHot(&window.encoded), mode);
                self.network.stack_mut().start_from(encoder);
            }
            None => self.network.zero_initial(),
        }
        self.network.forward(weights, Input::OneHot(&window.inputs), mode);
        match self.loss {
            LossKind::SoftmaxCrossEntropy => self.network.loss(Targets::Ids(&window.targets), scale),
            LossKind::Logistic => {
                for ((label, counts), target) in
                    self.labels.iter_mut().zip(&mut self.counts).zip(&window.targets)
                {
                    *counts = *target >= 0;
                    *label = if *target == 1 { S::ONE } else { S::ZERO };
                }
                self.network.loss(Targets::Binary(&self.labels, &self.counts), scale);
            }
        }
        self.network.head().losses().iter().map(|loss| loss.to_f64()).sum()
    }
}
