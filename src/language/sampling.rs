//! From logits to a choice: temperature, then top-k, then top-p on what is left, then one random number.
//!
//! The rules are those of the draw files: ties go to the lower index, the token that crosses p is kept, what is kept
//! is made to sum to 1 again.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use thiserror::Error;

use super::SamplingRules;

/// What is drawn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// One probability a symbol (V), 0 where it was not kept.
    pub probabilities: Vec<f64>,
    /// Indices that were kept, ascending.
    pub kept: Vec<usize>,
}

/// Why there is no distribution.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum SamplingError {
    /// Temperature must be a finite number above 0.
    #[error("temperature: {0}, expected a finite number above 0")]
    Temperature(f64),
    /// At least one symbol must be kept.
    #[error("top_k: 0, expected at least 1")]
    TopK,
    /// p must lie above 0 and not above 1.
    #[error("top_p: {0}, expected a number above 0 and at most 1")]
    TopP(f64),
    /// No logit.
    #[error("logits: empty")]
    NoLogits,
    /// A logit is not a finite number.
    #[error("logits[{index}]: {value}, expected a finite number")]
    NotFinite {
        /// Its index.
        index: usize,
        /// What it is.
        value: f64,
    },
    /// `<UNK>` is refused and there is nothing else.
    #[error("every symbol is refused")]
    NothingLeft,
}

/// Checks the rules alone, as when a slider moves.
///
/// # Errors
/// The first rule that is outside its range.
pub fn check(rules: &SamplingRules) -> Result<(), SamplingError> {
    if !(rules.temperature.is_finite() && rules.temperature > 0.0) {
        return Err(SamplingError::Temperature(rules.temperature));
    }
    if rules.top_k == Some(0) {
        return Err(SamplingError::TopK);
    }
    match rules.top_p {
        Some(p) if !(p > 0.0 && p <= 1.0) => Err(SamplingError::TopP(p)),
        _ => Ok(()),
    }
}

/// The distribution that `rules` make of logits (V, f32 or f64; the arithmetic is f64 with libm's `exp`).
///
/// `unknown` is the id of `<UNK>`, left out first where the rules refuse it. Greedy puts probability 1 on the largest
/// logit, the lowest index on a tie.
///
/// # Errors
/// As [`check`], and where the logits are empty or not finite, or every symbol is refused.
pub fn distribution<S: Copy + Into<f64>>(
    logits: &[S],
    rules: &SamplingRules,
    unknown: Option<usize>,
) -> Result<Distribution, SamplingError> {
    check(rules)?;
    if logits.is_empty() {
        return Err(SamplingError::NoLogits);
    }
    let logits: Vec<f64> = logits.iter().map(|&logit| logit.into()).collect();
    if let Some((index, &value)) = logits.iter().enumerate().find(|(_, logit)| !logit.is_finite()) {
        return Err(SamplingError::NotFinite { index, value });
    }
    let refused = if rules.refuse_unknown { unknown } else { None };
    // Most probable first. A heap sorts with less code than a sort, which counts in the trainer.
    let candidates = logits.iter().enumerate().filter(|&(index, _)| Some(index) != refused);
    let candidates: BinaryHeap<_> = candidates.map(|(index, &logit)| Candidate { logit, index }).collect();
    let mut order: Vec<usize> =
        candidates.into_sorted_vec().iter().map(|candidate| candidate.index).collect();
    let Some(&best) = order.first() else { return Err(SamplingError::NothingLeft) };
    if rules.greedy {
        order.truncate(1);
    }
    order.truncate(rules.top_k.unwrap_or(usize::MAX));

    let scaled = |index: usize| libm::exp((logits[index] - logits[best]) / rules.temperature);
    let mut probabilities = vec![0.0; logits.len()];
    renormalise(&mut probabilities, &order, scaled);
    if let Some(p) = rules.top_p.filter(|&p| p < 1.0) {
        order.truncate(prefix(&probabilities, &order, p));
        let before = std::mem::replace(&mut probabilities, vec![0.0; logits.len()]);
        renormalise(&mut probabilities, &order, |index| before[index]);
    }
    let mut is_kept = vec![false; logits.len()];
    order.iter().for_each(|&index| is_kept[index] = true);
    let kept = (0..logits.len()).filter(|&index| is_kept[index]).collect();
    Ok(Distribution { probabilities, kept })
}

/// A symbol that may be drawn: before others where its logit is larger, or equal and its index smaller.
struct Candidate {
    logit: f64,
    index: usize,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        // Logits are finite here, so they compare.
        let by_logit = other.logit.partial_cmp(&self.logit).unwrap_or(Ordering::Equal);
        by_logit.then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

/// The first index whose cumulative probability exceeds `u` (in [0, 1)). Where rounding leaves the whole sum at or
/// below `u`: the last index that has a probability above 0.
pub fn choose(distribution: &Distribution, u: f64) -> usize {
    let mut cumulative = 0.0;
    let mut last = distribution.kept.first().copied().unwrap_or_default();
    for &index in &distribution.kept {
        let probability = distribution.probabilities.get(index).copied().unwrap_or_default();
        cumulative += probability;
        if cumulative > u {
            return index;
        }
        if probability > 0.0 {
            last = index;
        }
    }
    last
}

/// Divides the weights of the kept indices by their sum, taken in the order of probability.
fn renormalise(probabilities: &mut [f64], kept: &[usize], weight: impl Fn(usize) -> f64) {
    let sum: f64 = kept.iter().map(|&index| weight(index)).sum();
    for &index in kept {
        probabilities[index] = weight(index) / sum;
    }
}

/// Length of the shortest prefix of `order` whose probabilities reach p. It is never 0.
fn prefix(probabilities: &[f64], order: &[usize], p: f64) -> usize {
    let mut sum = 0.0;
    for (at, &index) in order.iter().enumerate() {
        sum += probabilities[index];
        if sum >= p {
            return at + 1;
        }
    }
    order.len()
}
