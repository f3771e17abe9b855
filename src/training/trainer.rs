//! One update after the other: forward, backward, clip, update.

use thiserror::Error;

use super::optimiser::{Clip, GradientSize, Optimiser, RuleConstants, add_l2, clip};
use crate::engine::architecture::{Architecture, Layout};
use crate::engine::head::Targets;
use crate::engine::kernels::{self, Scalar};
use crate::engine::network::Network;
use crate::engine::plan::{Input, Keep, Mode};
use crate::engine::syntax::LossKind;

/// How losses of a window become the number that is minimised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Mean over the unmasked tokens.
    #[default]
    Mean,
    /// Sum over them.
    Sum,
}

/// What holds for every update until it is changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpdateRules {
    /// The update rule.
    pub constants: RuleConstants,
    /// Clipping.
    pub clip: Clip,
    /// λ of L2 regularisation, 0 for none.
    pub l2: f64,
    /// Mean or sum.
    pub reduction: Reduction,
    /// The loss is multiplied by this.
    pub loss_scale: f64,
}

/// What one update saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update {
    /// Mean loss in nats per token, before the update.
    pub loss: f64,
    /// The gradient before clipping.
    pub gradient: GradientSize,
}

/// A number became infinite or not-a-number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{tensor} is not finite")]
pub struct NotFinite {
    /// Where it was found first: `loss`, `gradients.layers[0].W_f`, `weights.output.b_y`.
    pub tensor: String,
}

/// One window of a training text: `T × B` ids, −1 in `inputs` is the zero vector, −1 in `targets` is masked.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    /// Inputs.
    pub inputs: &'a [i32],
    /// Targets.
    pub targets: &'a [i32],
}

/// A model in training.
#[derive(Clone)]
pub struct Trainer<S: Scalar> {
    network: Network<S>,
    weights: Vec<S>,
    gradients: Vec<S>,
    optimiser: Optimiser<S>,
    loss: LossKind,
    labels: Vec<S>,
    counts: Vec<bool>,
    outputs: usize,
}

impl<S: Scalar> Trainer<S> {
    /// A model with its start weights, for windows of `steps` × `batch`.
    pub fn new(
        architecture: &Architecture,
        weights: Vec<S>,
        optimiser: Optimiser<S>,
        steps: usize,
        batch: usize,
    ) -> Self {
        let network = Network::new(architecture, steps, batch, Keep::Training, true, false);
        let loss = architecture.loss();
        let (labels, counts) = match loss {
            LossKind::SoftmaxCrossEntropy => (0, 0),
            LossKind::Logistic => (steps * batch * architecture.output, steps * batch),
        };
        Self {
            gradients: vec![S::ZERO; weights.len()],
            network,
            weights,
            optimiser,
            loss,
            labels: vec![S::ZERO; labels],
            counts: vec![true; counts],
            outputs: architecture.output,
        }
    }

    /// The weights now, flat.
    pub fn weights(&self) -> &[S] {
        &self.weights
    }

    /// The last gradient (clipped), flat.
    pub fn gradients(&self) -> &[S] {
        &self.gradients
    }

    /// The update rule's memory.
    pub fn optimiser(&self) -> &Optimiser<S> {
        &self.optimiser
    }

    /// The network's memory: values and gradients of the last window.
    pub fn network(&self) -> &Network<S> {
        &self.network
    }

    /// The network, to carry or zero its states, to set lengths.
    pub fn network_mut(&mut self) -> &mut Network<S> {
        &mut self.network
    }

    /// Where the weights lie.
    pub fn layout(&self) -> &Layout {
        self.network.layout()
    }

    /// Takes over weights and the rule's memory of another moment.
    pub fn restore(&mut self, weights: &[S], optimiser: Optimiser<S>) {
        self.weights.copy_from_slice(weights);
        self.optimiser = optimiser;
    }

    /// One update on one window. The states start from what the network holds (zero or carried).
    ///
    /// # Errors
    /// When the loss, a gradient or a weight is not finite; the weights may then be unusable.
    pub fn update(&mut self, example: Example<'_>, rules: &UpdateRules) -> Result<Update, NotFinite> {
        let loss = self.accumulate(example, rules)?;
        let gradient = self.apply(rules)?;
        Ok(Update { loss, gradient })
    }

    /// Forward and backward: the gradient of the window's loss, without an update. Returns the mean loss in nats.
    fn accumulate(&mut self, example: Example<'_>, rules: &UpdateRules) -> Result<f64, NotFinite> {
        let tokens = example.targets.iter().filter(|target| **target >= 0).count().max(1);
        let scale = match rules.reduction {
            Reduction::Mean => rules.loss_scale / tokens as f64,
            Reduction::Sum => rules.loss_scale,
        };
        self.network.load(&self.weights);
        self.network.forward(&self.weights, Input::OneHot(example.inputs), Mode::Train);
        match self.loss {
            LossKind::SoftmaxCrossEntropy => {
                self.network.loss(Targets::Ids(example.targets), S::from_f64(scale))
            }
            LossKind::Logistic => {
                self.labels.fill(S::ZERO);
                let rows = self.labels.chunks_exact_mut(self.outputs).zip(&mut self.counts);
                for ((row, counts), target) in rows.zip(example.targets) {
                    let label = usize::try_from(*target).ok().and_then(|id| row.get_mut(id));
                    *counts = label.is_some();
                    if let Some(label) = label {
                        *label = S::ONE;
                    }
                }
                self.network.loss(Targets::Binary(&self.labels, &self.counts), S::from_f64(scale));
            }
        }
        let total: f64 = self.network.head().losses().iter().map(|loss| loss.to_f64()).sum();
        if !total.is_finite() {
            return Err(NotFinite { tensor: self.first_not_finite() });
        }
        self.gradients.fill(S::ZERO);
        self.network.backward(&self.weights, Input::OneHot(example.inputs), &mut self.gradients);
        Ok(total / tokens as f64)
    }

    fn apply(&mut self, rules: &UpdateRules) -> Result<GradientSize, NotFinite> {
        add_l2(self.network.layout(), &self.weights, &mut self.gradients, rules.l2);
        if !kernels::all_finite(&self.gradients) {
            return Err(self.not_finite("gradients", &self.gradients));
        }
        let size = clip(&mut self.gradients, rules.clip);
        self.optimiser.update(&rules.constants, &mut self.weights, &self.gradients);
        // A second moment that has run over would keep its weight from ever moving again.
        let Optimiser { first, second, .. } = &self.optimiser;
        for (what, numbers) in [("weights", &self.weights), ("momentum", first), ("squares", second)] {
            if !kernels::all_finite(numbers) {
                return Err(self.not_finite(what, numbers));
            }
        }
        Ok(size)
    }

    /// Where a forward pass left the finite numbers first: a value of a layer, the logits, or only their loss.
    fn first_not_finite(&self) -> String {
        for (index, layer) in self.network.layers().iter().enumerate() {
            let mut names = layer.plan().value_names();
            if let Some(name) =
                names.find(|name| layer.value(name).is_some_and(|value| !kernels::all_finite(value)))
            {
                return format!("layers[{index}].{name}");
            }
        }
        let logits = self.network.head().logits();
        if kernels::all_finite(logits) { "loss".to_owned() } else { "logits".to_owned() }
    }

    fn not_finite(&self, what: &str, numbers: &[S]) -> NotFinite {
        let place = numbers.iter().position(|number| !number.is_finite());
        let entry = place.and_then(|place| self.layout().entry_at(place));
        NotFinite {
            tensor: entry.map_or_else(|| what.to_owned(), |entry| format!("{what}.{}", entry.path())),
        }
    }
}
