//! Kernels against plain loops, double precision, and numbers worked by hand.

mod functions;
mod products;
mod training;

use unrolled::engine::kernels::Scalar;

/// Numbers in -1 … 1 that look random and are the same each time.
fn numbers<S: Scalar>(count: usize, seed: u64) -> Vec<S> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            S::from_f64((state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0)
        })
        .collect()
}

/// Largest difference, in units of `S`'s rounding.
#[track_caller]
fn check_close<S: Scalar>(actual: &[S], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len());
    let worst = actual
        .iter()
        .zip(expected)
        .map(|(a, e)| (a.to_f64() - e).abs() / e.abs().max(1.0))
        .fold(0.0, |most: f64, d| if d > most || d.is_nan() { d } else { most });
    assert!(worst <= tolerance, "largest difference {worst:e}, allowed {tolerance:e}");
}
