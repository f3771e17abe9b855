//! What is measured beside training: the held-out loss, and how far back the gradient reaches.

use crate::engine::architecture::Architecture;
use crate::engine::head::Targets;
use crate::engine::network::Network;
use crate::engine::plan::{Input, Keep, Mode};
use crate::language::batches::{Batches, Window};

/// Windows of the held-out part that are measured, at most: always the same ones, from its beginning.
const WINDOWS: usize = 4;
/// Samples whose gradient is followed back.
const REACH_SAMPLES: usize = 4;

/// Masks the targets of a window: −1 past each sample's length.
pub fn masked_targets(window: &Window, batch: usize, targets: &mut Vec<i32>) {
    targets.clear();
    targets.extend(window.targets.iter().enumerate().map(|(place, target)| {
        let (step, sample) = (place / batch, place % batch);
        if step < window.lengths[sample] { i32::try_from(*target).unwrap_or(-1) } else { -1 }
    }));
}

/// The loss on text that is not trained on.
#[derive(Clone)]
pub struct HeldOut {
    network: Network<f32>,
    batches: Batches,
    window: Window,
    targets: Vec<i32>,
}

impl HeldOut {
    /// Memory for windows over the held-out part.
    pub fn new(architecture: &Architecture, batches: Batches) -> Self {
        let network =
            Network::new(architecture, batches.window(), batches.batch(), Keep::Training, true, false);
        Self { network, window: batches.buffer(), targets: Vec::new(), batches }
    }

    /// Mean loss in nats per symbol over the first windows.
    pub fn measure(&mut self, weights: &[f32], statistics: &[Vec<f32>]) -> f32 {
        self.network.load(weights);
        for (layer, numbers) in self.network.layers_mut().iter_mut().zip(statistics) {
            layer.set_statistics(numbers);
        }
        self.batches.seek(Default::default());
        let (mut nats, mut symbols) = (0.0, 0);
        for _ in 0..WINDOWS.min(self.batches.windows_per_epoch()) {
            self.batches.next_window(&mut self.window);
            if self.window.from_zero {
                self.network.zero_initial();
            } else {
                self.network.carry();
            }
            self.network.set_lengths(&self.window.lengths);
            masked_targets(&self.window, self.batches.batch(), &mut self.targets);
            self.network.forward(weights, Input::OneHot(&self.window.inputs), Mode::Evaluate);
            self.network.loss(Targets::Ids(&self.targets), 0.0);
            nats += self.network.head().losses().iter().map(|loss| f64::from(*loss)).sum::<f64>();
            symbols += self.targets.iter().filter(|target| **target >= 0).count();
        }
        (nats / symbols.max(1) as f64) as f32
    }
}

/// How far back the gradient of one step's loss reaches.
#[derive(Clone)]
pub struct Reach {
    network: Network<f32>,
    inputs: Vec<i32>,
    targets: Vec<i32>,
    gradients: Vec<f32>,
    batch: usize,
}

impl Reach {
    /// Window and batch of its network.
    pub fn size(batches: &Batches) -> (usize, usize) {
        (batches.window(), batches.batch().min(REACH_SAMPLES))
    }

    /// Follows the first samples of a window, each from its own last step back.
    pub fn new(architecture: &Architecture, window: &Window, batch: usize) -> Self {
        let kept = batch.min(REACH_SAMPLES);
        let steps = window.inputs.len() / batch.max(1);
        let mut network = Network::new(architecture, steps, kept, Keep::Training, true, false);
        network.set_lengths(&window.lengths[..kept]);
        let pick = |step: usize, sample: usize| step * batch + sample;
        let places = || (0..steps).flat_map(|step| (0..kept).map(move |sample| (step, sample)));
        let inputs = places().map(|(step, sample)| window.inputs[pick(step, sample)]).collect();
        let targets = places().map(|(step, sample)| {
            let is_last = step + 1 == window.lengths[sample];
            if is_last { i32::try_from(window.targets[pick(step, sample)]).unwrap_or(-1) } else { -1 }
        });
        let targets = targets.collect();
        let gradients = vec![0.0; network.layout().len];
        Self { network, inputs, targets, gradients, batch: kept }
    }

    /// For each state of the top layer, `‖∂l/∂state<t>‖` for t = 1 … T, where l is the loss at the last step.
    pub fn measure(&mut self, weights: &[f32]) -> Vec<(String, Vec<f32>)> {
        self.network.load(weights);
        self.network.zero_initial();
        self.network.forward(weights, Input::OneHot(&self.inputs), Mode::Train);
        self.network.loss(Targets::Ids(&self.targets), 1.0 / self.batch as f32);
        self.gradients.fill(0.0);
        self.network.backward(weights, Input::OneHot(&self.inputs), &mut self.gradients);
        let Some(top) = self.network.layers().last() else { return Vec::new() };
        let states = top.plan().state_names();
        let steps = self.inputs.len() / self.batch;
        states
            .into_iter()
            .map(|name| {
                let gradient = top.gradient(&name).unwrap_or(&[]);
                let size = (gradient.len() / steps.max(1)).max(1);
                let norms = gradient.chunks_exact(size).map(|step| {
                    step.iter().map(|number| f64::from(*number) * f64::from(*number)).sum::<f64>().sqrt()
                        as f32
                });
                (name.0, norms.collect())
            })
            .collect()
    }
}
