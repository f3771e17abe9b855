//! Kernels against plain loops, double precision, and numbers worked by hand.

use proptest::prelude::*;
use unrolled::engine::kernels::{self, Packed, Scalar, Workspace};

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

fn check_products<S: Scalar>(m: usize, k: usize, n: usize, gap: usize, tolerance: f64) {
    let (lda, ldb, ldc) = (k + gap, n + gap, n + 2 * gap);
    let a = numbers::<S>(m * lda, 1);
    let b = numbers::<S>(k * ldb, 2);
    let start = numbers::<S>(m * ldc, 3);
    let expected = |keep: f64| -> Vec<f64> {
        let mut c: Vec<f64> = start.iter().map(|c| c.to_f64()).collect();
        for i in 0..m {
            for j in 0..n {
                let dot: f64 = (0..k).map(|p| a[i * lda + p].to_f64() * b[p * ldb + j].to_f64()).sum();
                c[i * ldc + j] = keep * c[i * ldc + j] + dot;
            }
        }
        c
    };
    let mut packed = Packed::with_capacity(k, n);
    packed.pack(&b, k, n, ldb, 1);
    assert_eq!(packed.shape(), (k, n));
    let mut c = start.clone();
    kernels::multiply_add(&mut c, ldc, &a, lda, m, &packed);
    check_close(&c, &expected(1.0), tolerance);
    let mut c = start.clone();
    kernels::multiply(&mut c, ldc, &a, lda, m, &packed);
    check_close(&c, &expected(0.0), tolerance);

    // The transposed right operand, packed from its own layout.
    let mut bt = vec![S::ZERO; n * (k + gap)];
    kernels::transpose(&mut bt, k + gap, &b, ldb, k, n);
    packed.pack(&bt, k, n, 1, k + gap);
    let mut again = start.clone();
    kernels::multiply(&mut again, ldc, &a, lda, m, &packed);
    assert_eq!(again, c);

    // Aᵀ·B, from the transposed left operand.
    let mut at = vec![S::ZERO; k * (m + gap)];
    kernels::transpose(&mut at, m + gap, &a, lda, m, k);
    let mut workspace = Workspace::with_capacity(m, n);
    let mut c = start.clone();
    kernels::transposed_multiply_add(&mut c, ldc, &at, m + gap, &b, ldb, k, m, n, &mut workspace);
    check_close(&c, &expected(1.0), tolerance);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn products_of_any_shape_equal_plain_loops(m in 1..70_usize, k in 1..70_usize, n in 1..70_usize, gap in 0..3_usize) {
        check_products::<f32>(m, k, n, gap, 2e-5);
        check_products::<f64>(m, k, n, gap, 1e-13);
    }
}

#[test]
fn products_longer_than_one_block_equal_plain_loops() {
    check_products::<f32>(5, 1_037, 19, 1, 2e-4);
    check_products::<f64>(33, 600, 65, 0, 1e-12);
}
