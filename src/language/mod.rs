//! Cutting text, vocabularies, batches, sequence probability, sampling.

use serde::{Deserialize, Serialize};

/// How the next symbol is chosen. Order: temperature, then top-k, then top-p.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SamplingRules {
    /// Logits are divided by it.
    pub temperature: f64,
    /// Only the k most probable are kept.
    pub top_k: Option<usize>,
    /// The shortest prefix whose probabilities reach p is kept.
    pub top_p: Option<f64>,
    /// The largest logit is taken.
    pub greedy: bool,
    /// `<UNK>` is never drawn.
    pub refuse_unknown: bool,
}

impl Default for SamplingRules {
    fn default() -> Self {
        Self { temperature: 1.0, top_k: None, top_p: None, greedy: false, refuse_unknown: true }
    }
}
