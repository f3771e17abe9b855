//! Matrix products against plain loops.

use proptest::prelude::*;
use unrolled::engine::kernels::{self, Packed, Scalar, Workspace};

use super::{check_close, numbers};

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
    let mut workspace = Workspace::with_capacity(n);
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

#[test]
fn a_row_of_a_product_has_the_same_bits_alone_and_among_others() {
    for (k, n) in [(7, 65), (64, 64), (33, 17)] {
        let a = numbers::<f32>(13 * k, 4);
        let mut packed = Packed::with_capacity(k, n);
        packed.pack(&numbers::<f32>(k * n, 5), k, n, n, 1);
        let mut together = vec![0.0; 13 * n];
        kernels::multiply(&mut together, n, &a, k, 13, &packed);
        for (row, expected) in a.chunks_exact(k).zip(together.chunks_exact(n)) {
            let mut alone = vec![0.0; n];
            kernels::multiply(&mut alone, n, row, k, 1, &packed);
            assert_eq!(alone, expected);
        }
    }
}

#[test]
fn weight_gradients_that_share_an_operand_have_the_bits_of_single_ones() {
    let (rows, m, n) = (300, 10, 21);
    let (a, b) = (numbers::<f32>(2 * rows * m, 6), numbers::<f32>(rows * n, 7));
    let (first, second) = a.split_at(rows * m);
    let mut workspace = Workspace::with_capacity(n);
    let mut single = [vec![0.5_f32; m * n], vec![0.25; m * n]];
    let mut shared = single.clone();
    for (c, a) in single.iter_mut().zip([first, second]) {
        kernels::transposed_multiply_add(c, n, a, m, &b, n, rows, m, n, &mut workspace);
    }
    let [c0, c1] = &mut shared;
    kernels::transposed_multiply_add_shared(
        &mut [(c0, first), (c1, second)],
        n,
        m,
        &b,
        n,
        rows,
        m,
        n,
        &mut workspace,
    );
    assert_eq!(shared, single);
}

#[test]
fn an_empty_sum_overwrites_with_zeros_and_adds_nothing() {
    let mut packed = Packed::<f32>::with_capacity(0, 3);
    packed.pack(&[], 0, 3, 3, 1);
    let mut c = [1.0; 6];
    kernels::multiply_add(&mut c, 3, &[], 0, 2, &packed);
    assert_eq!(c, [1.0; 6]);
    kernels::multiply(&mut c, 3, &[], 0, 2, &packed);
    assert_eq!(c, [0.0; 6]);
}
