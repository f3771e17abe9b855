//! One update of a weight tensor, and what is measured on a gradient.
//!
//! Rates and decays are `f64`, as the reader sets them; each is rounded once to the weights' type. `ε` stands outside
//! the root. `w`, state and `g` have equal length.

use super::elementwise::generic as blocks;
use super::scalar::Scalar;

pub(super) fn sgd<S: Scalar>(w: &mut [S], g: &[S], learning_rate: f64) {
    debug_assert_eq!(w.len(), g.len());
    let rate = S::from_f64(learning_rate);
    for (w, &g) in w.iter_mut().zip(g) {
        *w -= rate * g;
    }
}

pub(super) fn momentum<S: Scalar>(w: &mut [S], v: &mut [S], g: &[S], learning_rate: f64, beta: f64) {
    momentum_with(w, v, g, learning_rate, beta, 1.0);
}

pub(super) fn momentum_ema<S: Scalar>(w: &mut [S], v: &mut [S], g: &[S], learning_rate: f64, beta: f64) {
    momentum_with(w, v, g, learning_rate, beta, 1.0 - beta);
}

fn momentum_with<S: Scalar>(w: &mut [S], v: &mut [S], g: &[S], learning_rate: f64, beta: f64, weight: f64) {
    debug_assert!(w.len() == g.len() && v.len() == g.len());
    let (rate, beta, weight) = (S::from_f64(learning_rate), S::from_f64(beta), S::from_f64(weight));
    for ((w, v), &g) in w.iter_mut().zip(v).zip(g) {
        *v = beta * *v + weight * g;
        *w -= rate * *v;
    }
}

pub(super) fn rmsprop<S: Scalar>(
    w: &mut [S],
    s: &mut [S],
    g: &[S],
    learning_rate: f64,
    rho: f64,
    epsilon: f64,
) {
    debug_assert!(w.len() == g.len() && s.len() == g.len());
    let (rate, epsilon) = (S::from_f64(learning_rate), S::from_f64(epsilon));
    let (rho, rest) = (S::from_f64(rho), S::from_f64(1.0 - rho));
    for ((w, s), &g) in w.iter_mut().zip(s).zip(g) {
        *s = rho * *s + rest * (g * g);
        *w -= rate * g / (s.sqrt() + epsilon);
    }
}

/// The numbers of one Adam step, the same for all tensors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep {
    learning_rate: f64,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    /// 1 - β₁ᵗ.
    correction1: f64,
    /// 1 - β₂ᵗ.
    correction2: f64,
}

impl AdamStep {
    /// The step number `t`, counted from 1.
    pub fn new(learning_rate: f64, beta1: f64, beta2: f64, epsilon: f64, t: u64) -> Self {
        Self {
            learning_rate,
            beta1,
            beta2,
            epsilon,
            correction1: 1.0 - libm::pow(beta1, t as f64),
            correction2: 1.0 - libm::pow(beta2, t as f64),
        }
    }
}

pub(super) fn adam<S: Scalar>(w: &mut [S], m: &mut [S], v: &mut [S], g: &[S], step: &AdamStep) {
    debug_assert!(w.len() == g.len() && m.len() == g.len() && v.len() == g.len());
    let (beta1, rest1) = (S::from_f64(step.beta1), S::from_f64(1.0 - step.beta1));
    let (beta2, rest2) = (S::from_f64(step.beta2), S::from_f64(1.0 - step.beta2));
    // One division an element less: lr/(1-β₁ᵗ) and √(1/(1-β₂ᵗ)) are the same for all.
    let rate = S::from_f64(step.learning_rate / step.correction1);
    let root = S::from_f64(1.0 / step.correction2);
    let epsilon = S::from_f64(step.epsilon);
    for (((w, m), v), &g) in w.iter_mut().zip(m).zip(v).zip(g) {
        *m = beta1 * *m + rest1 * g;
        *v = beta2 * *v + rest2 * (g * g);
        *w -= rate * *m / ((*v * root).sqrt() + epsilon);
    }
}

pub(super) fn add_l2<S: Scalar>(g: &mut [S], w: &[S], lambda: f64) {
    blocks::scale_add_assign(g, w, S::from_f64(lambda));
}

pub(super) fn clamp_by_value<S: Scalar>(g: &mut [S], limit: f64) {
    let limit = S::from_f64(limit);
    for g in g {
        let low = if *g < -limit { -limit } else { *g };
        *g = if low > limit { limit } else { low };
    }
}

/// Numbers added side by side, so that sums become vector instructions; the order is fixed by the length alone.
const PARTIAL: usize = 8;

/// Adds the partial sums in pairs.
#[inline]
fn add_pairwise<S: Scalar>(p: [S; PARTIAL]) -> S {
    ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]))
}

#[inline]
pub(super) fn sum<S: Scalar>(a: &[S]) -> S {
    let mut partial = [S::ZERO; PARTIAL];
    let (chunks, rest) = a.as_chunks::<PARTIAL>();
    for chunk in chunks {
        for (p, &a) in partial.iter_mut().zip(chunk) {
            *p += a;
        }
    }
    for (p, &a) in partial.iter_mut().zip(rest) {
        *p += a;
    }
    add_pairwise(partial)
}

pub(super) fn sum_of_squares<S: Scalar>(a: &[S]) -> f64 {
    let mut partial = [0.0; PARTIAL];
    let (chunks, rest) = a.as_chunks::<PARTIAL>();
    for chunk in chunks {
        for (p, &a) in partial.iter_mut().zip(chunk) {
            *p += a.to_f64() * a.to_f64();
        }
    }
    for (p, &a) in partial.iter_mut().zip(rest) {
        *p += a.to_f64() * a.to_f64();
    }
    add_pairwise(partial)
}

pub(super) fn max_abs<S: Scalar>(a: &[S]) -> S {
    let mut partial = [S::ZERO; PARTIAL];
    let (chunks, rest) = a.as_chunks::<PARTIAL>();
    for chunk in chunks {
        for (p, &a) in partial.iter_mut().zip(chunk) {
            *p = if a.abs() > *p { a.abs() } else { *p };
        }
    }
    for (p, &a) in partial.iter_mut().zip(rest) {
        *p = if a.abs() > *p { a.abs() } else { *p };
    }
    partial.into_iter().fold(S::ZERO, |most, p| if p > most { p } else { most })
}

/// Largest entry, −∞ for an empty slice; NaN entries are passed over.
pub(super) fn largest<S: Scalar>(a: &[S]) -> S {
    let mut partial = [S::from_f64(f64::NEG_INFINITY); PARTIAL];
    let (chunks, rest) = a.as_chunks::<PARTIAL>();
    for chunk in chunks {
        for (p, &a) in partial.iter_mut().zip(chunk) {
            *p = if a > *p { a } else { *p };
        }
    }
    for (p, &a) in partial.iter_mut().zip(rest) {
        *p = if a > *p { a } else { *p };
    }
    partial.into_iter().reduce(|most, p| if p > most { p } else { most }).unwrap_or(S::ZERO)
}

pub(super) fn all_finite<S: Scalar>(a: &[S]) -> bool {
    // 0·a is 0 for finite numbers and NaN for the others, and a sum with NaN stays NaN.
    let mut partial = [S::ZERO; PARTIAL];
    let (chunks, rest) = a.as_chunks::<PARTIAL>();
    for chunk in chunks {
        for (p, &a) in partial.iter_mut().zip(chunk) {
            *p += a * S::ZERO;
        }
    }
    for (p, &a) in partial.iter_mut().zip(rest) {
        *p += a * S::ZERO;
    }
    add_pairwise(partial) == S::ZERO
}
