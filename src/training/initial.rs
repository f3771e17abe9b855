//! Start weights.

use crate::engine::architecture::Architecture;
use crate::engine::kernels::Scalar;
use crate::language::random::Random;

/// The stream of random numbers that start weights are drawn from.
const STREAM: u64 = 1;

/// Start weights by Glorot and Bengio 2010 ("Xavier"): every matrix entry uniform in ±√(6 / (rows + columns)), drawn
/// row by row in the layout's order; columns (biases) start at `start` of their name, 0 for most, 1 for a forget bias.
pub fn xavier<S: Scalar>(architecture: &Architecture, seed: u64, start: impl Fn(&str) -> f64) -> Vec<S> {
    let layout = architecture.layout();
    let mut random = Random::new(seed, STREAM);
    let mut weights = Vec::with_capacity(layout.len);
    for entry in &layout.entries {
        let count = entry.rows * entry.columns;
        if entry.is_matrix {
            let limit = (6.0 / (entry.rows + entry.columns) as f64).sqrt();
            weights.extend((0..count).map(|_| S::from_f64((2.0 * random.uniform() - 1.0) * limit)));
        } else {
            let value = S::from_f64(start(&entry.name.0));
            weights.extend((0..count).map(|_| value));
        }
    }
    weights
}
