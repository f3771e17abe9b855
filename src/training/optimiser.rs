//! Update rules with their memory, clipping, L2 regularisation.

use serde::{Deserialize, Serialize};

use super::settings::Rule;
use crate::engine::architecture::Layout;
use crate::engine::kernels::{self, AdamStep, Scalar};

/// An update rule with its constants. Constants that a rule has no use for are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleConstants {
    /// The rule.
    pub rule: Rule,
    /// Learning rate.
    pub learning_rate: f64,
    /// β of momentum, ρ of RMSprop.
    pub decay: f64,
    /// β₁ of Adam.
    pub beta1: f64,
    /// β₂ of Adam.
    pub beta2: f64,
    /// ε of RMSprop and Adam, outside the root.
    pub epsilon: f64,
}

impl RuleConstants {
    /// The usual constants: β = ρ = 0.9, β₁ = 0.9, β₂ = 0.999, ε = 1e-8 (Kingma and Ba 2015).
    pub fn usual(rule: Rule, learning_rate: f64) -> Self {
        Self { rule, learning_rate, decay: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    }
}

/// How a gradient is bounded before an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Clip {
    /// Not at all.
    #[default]
    None,
    /// The whole gradient is scaled down to this norm where it is longer (Pascanu et al. 2013).
    GlobalNorm(f64),
    /// Each entry is bounded.
    Value(f64),
}

/// What was measured of a gradient before it was clipped.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GradientSize {
    /// Euclidean norm over all weights.
    pub norm: f64,
    /// Largest absolute entry.
    pub largest: f64,
    /// Whether clipping changed it.
    pub clipped: bool,
}

/// Adds λw to the gradient of every matrix (biases are left alone).
pub fn add_l2<S: Scalar>(layout: &Layout, weights: &[S], gradients: &mut [S], lambda: f64) {
    if lambda == 0.0 {
        return;
    }
    for entry in layout.entries.iter().filter(|entry| entry.is_matrix) {
        kernels::add_l2(&mut gradients[entry.range()], &weights[entry.range()], lambda);
    }
}

/// Measures a gradient, then clips it.
pub fn clip<S: Scalar>(gradients: &mut [S], clip: Clip) -> GradientSize {
    let largest = kernels::max_abs(gradients).to_f64();
    let norm = norm(gradients, largest);
    let clipped = match clip {
        Clip::None => false,
        Clip::GlobalNorm(limit) if norm > limit => {
            kernels::scale_assign(gradients, S::from_f64(limit / norm));
            true
        }
        Clip::Value(limit) if largest > limit => {
            kernels::clamp_by_value(gradients, limit);
            true
        }
        Clip::GlobalNorm(_) | Clip::Value(_) => false,
    };
    GradientSize { norm, largest, clipped }
}

/// The Euclidean norm. Where squares would leave the range of doubles, they are taken of shares of the largest entry.
fn norm<S: Scalar>(gradients: &[S], largest: f64) -> f64 {
    let squares = kernels::sum_of_squares(gradients);
    if largest == 0.0 || (f64::MIN_POSITIVE / f64::EPSILON..f64::INFINITY).contains(&squares) {
        return squares.sqrt();
    }
    let shares = gradients.iter().map(|gradient| gradient.to_f64() / largest);
    shares.map(|share| share * share).sum::<f64>().sqrt() * largest
}

/// The memory of an update rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimiser<S> {
    /// Momentum, or Adam's first moment.
    pub first: Vec<S>,
    /// RMSprop's mean square, or Adam's second moment.
    pub second: Vec<S>,
    /// Updates done.
    pub updates: u64,
}

impl<S: Scalar> Optimiser<S> {
    /// No memory yet, for so many weights.
    pub fn new(rule: Rule, weights: usize) -> Self {
        let needs = |needed: bool| vec![S::ZERO; if needed { weights } else { 0 }];
        Self {
            first: needs(matches!(rule, Rule::Momentum | Rule::MomentumEma | Rule::Adam)),
            second: needs(matches!(rule, Rule::Rmsprop | Rule::Adam)),
            updates: 0,
        }
    }

    /// One update of all weights.
    pub fn update(&mut self, constants: &RuleConstants, weights: &mut [S], gradients: &[S]) {
        let RuleConstants { rule, learning_rate, decay, beta1, beta2, epsilon } = *constants;
        self.updates += 1;
        match rule {
            Rule::Sgd => kernels::sgd(weights, gradients, learning_rate),
            Rule::Momentum => kernels::momentum(weights, &mut self.first, gradients, learning_rate, decay),
            Rule::MomentumEma => {
                kernels::momentum_ema(weights, &mut self.first, gradients, learning_rate, decay)
            }
            Rule::Rmsprop => {
                kernels::rmsprop(weights, &mut self.second, gradients, learning_rate, decay, epsilon)
            }
            Rule::Adam => {
                let step = AdamStep::new(learning_rate, beta1, beta2, epsilon, self.updates);
                kernels::adam(weights, &mut self.first, &mut self.second, gradients, &step);
            }
        }
    }
}
