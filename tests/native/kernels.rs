//! Kernels against plain loops, double precision, and numbers worked by hand.

use proptest::prelude::*;
use unrolled::engine::kernels::{self, AdamStep, Packed, Scalar, Workspace};

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
    let mut workspace = Workspace::with_capacity(m, n);
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

/// Largest error of an `f32` function in units in the last place of the exact result, over many numbers of both signs
/// and of every magnitude, and over the range where the function bends.
#[track_caller]
fn check_accuracy(function: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64, allowed: f64) {
    let everywhere = (0..=u32::MAX).step_by(1_021).map(f32::from_bits).filter(|x| x.is_finite());
    let bend = (-110_000..110_000).map(|i| i as f32 * 1e-3 + 3e-4);
    let mut worst = (0.0, 0.0);
    for x in everywhere.chain(bend) {
        let (actual, exact) = (function(x), exact(f64::from(x)));
        if (exact as f32).is_infinite() {
            assert_eq!(actual, exact as f32, "at {x:e}");
            continue;
        }
        // One unit in the last place; below the normal numbers it no longer shrinks.
        let unit = 2.0_f64.powi(exact.abs().max(f64::from(f32::MIN_POSITIVE)).log2().floor() as i32 - 23);
        let error = (f64::from(actual) - exact).abs() / unit;
        assert!(error.is_finite(), "{actual:e} at {x:e}");
        if error > worst.0 {
            worst = (error, x);
        }
    }
    assert!(worst.0 <= allowed, "{:.2} units in the last place at {:e}, allowed {allowed}", worst.0, worst.1);
}

#[test]
fn exp_in_single_precision_is_within_two_units_in_the_last_place() {
    check_accuracy(Scalar::exp, libm::exp, 2.0);
}

#[test]
fn sigmoid_in_single_precision_is_within_three_units_in_the_last_place() {
    check_accuracy(Scalar::sigmoid, |x| 1.0 / (1.0 + libm::exp(-x)), 3.0);
}

#[test]
fn tanh_in_single_precision_is_within_three_units_in_the_last_place() {
    check_accuracy(Scalar::tanh, libm::tanh, 3.0);
}

#[test]
fn special_values_come_out_as_the_definitions_say() {
    fn check<S: Scalar>() {
        let of = S::from_f64;
        let (infinity, nan) = (of(f64::INFINITY), of(f64::NAN));
        assert_eq!([of(0.0).exp(), infinity.exp(), (-infinity).exp()], [of(1.0), infinity, of(0.0)]);
        assert_eq!([of(1e4).exp(), of(-1e4).exp()], [infinity, of(0.0)]);
        assert_eq!(
            [of(0.0).sigmoid(), infinity.sigmoid(), (-infinity).sigmoid()],
            [of(0.5), of(1.0), of(0.0)]
        );
        assert_eq!([of(1e4).sigmoid(), of(-1e4).sigmoid()], [of(1.0), of(0.0)]);
        assert_eq!([of(0.0).tanh(), infinity.tanh(), (-infinity).tanh()], [of(0.0), of(1.0), of(-1.0)]);
        assert_eq!(of(-0.0).tanh().to_f64().to_bits(), (-0.0_f64).to_bits());
        assert_eq!([of(1.0).ln(), infinity.ln(), of(0.0).ln()], [of(0.0), infinity, -infinity]);
        for result in [nan.exp(), nan.sigmoid(), nan.tanh(), nan.ln(), of(-1.0).ln()] {
            assert!(result.to_f64().is_nan());
        }
    }
    check::<f32>();
    check::<f64>();
}

#[test]
fn blocks_have_the_bits_of_the_single_functions() {
    fn check<S: Scalar>() {
        let x: Vec<S> = numbers::<S>(1_003, 8).into_iter().map(|x| x * S::from_f64(20.0)).collect();
        let mut y = x.clone();
        let mut check = |block: fn(&mut [S], &[S]), single: fn(S) -> S| {
            block(&mut y, &x);
            let expected: Vec<S> = x.iter().map(|&x| single(x)).collect();
            let bits = |values: &[S]| values.iter().map(|v| v.to_f64().to_bits()).collect::<Vec<_>>();
            // NaN (the logarithm of a negative number) has no promised bits.
            let clean =
                |v: &[S]| bits(&v.iter().map(|&v| if v == v { v } else { S::ZERO }).collect::<Vec<_>>());
            assert_eq!(clean(&y), clean(&expected));
        };
        check(kernels::exp, Scalar::exp);
        check(kernels::ln, Scalar::ln);
        check(kernels::tanh, Scalar::tanh);
        check(kernels::sigmoid, Scalar::sigmoid);
        check(kernels::swish, |x| x * x.sigmoid());
        check(|dst, a| kernels::powi(dst, a, 3), |x| x.powi(3));
        check(|dst, a| kernels::powi(dst, a, -2), |x| S::ONE / (x * x));
    }
    check::<f32>();
    check::<f64>();
}

#[test]
fn element_wise_blocks_do_what_their_names_say() {
    let (a, b) = ([1.0, -2.0, 0.0, 4.0], [0.5, 0.25, -1.0, -2.0]);
    #[track_caller]
    fn check(block: impl Fn(&mut [f64]), expected: [f64; 4]) {
        let mut dst = [10.0; 4];
        block(&mut dst);
        assert_eq!(dst, expected);
    }
    check(|d| kernels::fill(d, 3.0), [3.0; 4]);
    check(|d| kernels::copy(d, &a), a);
    check(|d| kernels::add(d, &a, &b), [1.5, -1.75, -1.0, 2.0]);
    check(|d| kernels::sub(d, &a, &b), [0.5, -2.25, 1.0, 6.0]);
    check(|d| kernels::mul(d, &a, &b), [0.5, -0.5, 0.0, -8.0]);
    check(|d| kernels::div(d, &a, &b), [2.0, -8.0, 0.0, -2.0]);
    check(|d| kernels::neg(d, &a), [-1.0, 2.0, 0.0, -4.0]);
    check(|d| kernels::scale(d, &a, 2.0), [2.0, -4.0, 0.0, 8.0]);
    check(|d| kernels::add_scalar(d, &a, 2.0), [3.0, 0.0, 2.0, 6.0]);
    check(|d| kernels::sub_from_scalar(d, &a, 1.0), [0.0, 3.0, 1.0, -3.0]);
    check(|d| kernels::add_assign(d, &a), [11.0, 8.0, 10.0, 14.0]);
    check(|d| kernels::sub_assign(d, &a), [9.0, 12.0, 10.0, 6.0]);
    check(|d| kernels::mul_assign(d, &a), [10.0, -20.0, 0.0, 40.0]);
    check(|d| kernels::div_assign(d, &b), [20.0, 40.0, -10.0, -5.0]);
    check(kernels::neg_assign, [-10.0; 4]);
    check(|d| kernels::scale_assign(d, 0.5), [5.0; 4]);
    check(|d| kernels::add_scalar_assign(d, 0.5), [10.5; 4]);
    check(|d| kernels::scale_add_assign(d, &a, 2.0), [12.0, 6.0, 10.0, 18.0]);
    check(|d| kernels::mul_add_assign(d, &a, &b), [10.5, 9.5, 10.0, 2.0]);
    check(|d| kernels::mul_sub_assign(d, &a, &b), [9.5, 10.5, 10.0, 18.0]);
    check(|d| kernels::sqrt(d, &[4.0, 9.0, 0.0, 0.25]), [2.0, 3.0, 0.0, 0.5]);
    check(|d| kernels::relu(d, &a), [1.0, 0.0, 0.0, 4.0]);
    check(|d| kernels::leaky_relu(d, &a), [1.0, -0.02, 0.0, 4.0]);
    check(|d| kernels::relu_slope(d, &b, &a), [0.5, 0.0, 0.0, -2.0]);
    check(|d| kernels::relu_slope_assign(d, &b, &a), [10.5, 10.0, 10.0, 8.0]);
    check(|d| kernels::leaky_relu_slope(d, &b, &a), [0.5, 0.0025, -0.01, -2.0]);
    check(|d| kernels::leaky_relu_slope_assign(d, &b, &a), [10.5, 10.0025, 9.99, 8.0]);
    check(|d| kernels::sigmoid_slope(d, &b, &[0.5; 4]), [0.125, 0.0625, -0.25, -0.5]);
    check(|d| kernels::sigmoid_slope_assign(d, &b, &[0.5; 4]), [10.125, 10.0625, 9.75, 9.5]);
    check(|d| kernels::tanh_slope(d, &b, &[0.5; 4]), [0.375, 0.1875, -0.75, -1.5]);
    check(|d| kernels::tanh_slope_assign(d, &b, &[0.5; 4]), [10.375, 10.1875, 9.25, 8.5]);
    // At 0 the slope of swish is σ(0) = ½.
    check(|d| kernels::swish_slope(d, &b, &[0.0; 4]), [0.25, 0.125, -0.5, -1.0]);
    check(|d| kernels::swish_slope_assign(d, &b, &[0.0; 4]), [10.25, 10.125, 9.5, 9.0]);
}

#[test]
fn the_slope_of_swish_equals_the_central_difference() {
    let swish = |x: f64| x * x.sigmoid();
    for x in [-3.0, -0.7, 0.2, 2.5] {
        let mut slope = [0.0];
        kernels::swish_slope(&mut slope, &[1.0], &[x]);
        let difference = (swish(x + 1e-5) - swish(x - 1e-5)) / 2e-5;
        assert!((slope[0] - difference).abs() < 1e-9, "{} against {difference}", slope[0]);
    }
}

#[test]
fn rows_are_added_summed_gathered_scattered_and_transposed() {
    let table = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]; // 3 × 2
    let mut rows = [10.0; 8];
    kernels::add_rows(&mut rows, &[1.0, 2.0]);
    assert_eq!(rows, [11.0, 12.0, 11.0, 12.0, 11.0, 12.0, 11.0, 12.0]);
    let mut sums = [1.0, 1.0];
    kernels::column_sums_add(&mut sums, &table);
    assert_eq!(sums, [10.0, 13.0]);
    kernels::gather_rows(&mut rows, &table, 2, &[2, -1, 0, 3]);
    assert_eq!(rows, [5.0, 6.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0]);
    kernels::gather_rows_add(&mut rows, &table, 2, &[0, 1, -1, 0]);
    assert_eq!(rows, [6.0, 8.0, 3.0, 4.0, 1.0, 2.0, 1.0, 2.0]);
    let mut gradient = [0.0; 6];
    kernels::scatter_add_rows(&mut gradient, 2, &[1, 1, -1, 0], &rows);
    assert_eq!(gradient, [1.0, 2.0, 9.0, 12.0, 0.0, 0.0]);
    let mut transposed = [0.0; 6];
    kernels::transpose(&mut transposed, 3, &table, 2, 3, 2);
    assert_eq!(transposed, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
    kernels::transpose_add(&mut transposed, 3, &table, 2, 3, 2);
    assert_eq!(transposed, [2.0, 6.0, 10.0, 4.0, 8.0, 12.0]);
}

#[test]
fn softmax_and_its_loss_come_from_the_logits_and_never_overflow() {
    // Row 1: ŷ = (1/6, 2/6, 3/6). Row 2: exp(1000) would overflow. Row 3: masked.
    let logits = [0.0, 2.0_f64.ln(), 3.0_f64.ln(), 1_000.0, 0.0, -1_000.0, 1.0, 1.0, 1.0];
    let (mut yhat, mut loss, mut dz) = ([0.0; 9], [9.0; 3], [9.0; 9]);
    kernels::softmax_cross_entropy(&logits, 3, &[2, 1, -1], 2.0, &mut yhat, &mut loss, &mut dz);
    let third = 1.0 / 3.0;
    check_close(&yhat, &[third / 2.0, third, 0.5, 1.0, 0.0, 0.0, third, third, third], 1e-15);
    check_close(&loss, &[2.0_f64.ln(), 1_000.0, 0.0], 1e-15);
    check_close(&dz, &[third, 2.0 * third, -1.0, 2.0, -2.0, 0.0, 0.0, 0.0, 0.0], 1e-15);
    let mut alone = [0.0; 9];
    kernels::softmax(&mut alone, &logits, 3);
    assert_eq!(alone, yhat);
}

#[test]
fn the_logistic_loss_comes_from_the_logits_and_never_overflows() {
    let logits = [0.0, 3.0_f64.ln(), -1_000.0, 1_000.0, 5.0, 5.0];
    let targets = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0];
    let (mut yhat, mut loss, mut dz) = ([0.0; 6], [9.0; 3], [9.0; 6]);
    let included = [true, true, false];
    kernels::logistic_cross_entropy(&logits, 2, &targets, &included, 2.0, &mut yhat, &mut loss, &mut dz);
    check_close(&yhat[..4], &[0.5, 0.75, 0.0, 1.0], 1e-15);
    // -ln ½ - ln ¼, and a certainty that was wrong.
    check_close(&loss, &[3.0 * 2.0_f64.ln(), 1_000.0, 0.0], 1e-15);
    check_close(&dz, &[-1.0, 1.5, -2.0, 0.0, 0.0, 0.0], 1e-15);
}

#[test]
fn two_steps_of_each_optimiser_equal_those_worked_by_hand() {
    let (g1, g2) = ([2.0], [-4.0]);
    let (mut w, mut v) = ([1.0], [0.0]);
    kernels::sgd(&mut w, &g1, 0.25);
    assert_eq!(w, [0.5]);

    // v = 2, w = 1 - 0.25·2 = 0.5; v = 0.5·2 - 4 = -3, w = 0.5 + 0.75.
    let mut w = [1.0];
    kernels::momentum(&mut w, &mut v, &g1, 0.25, 0.5);
    kernels::momentum(&mut w, &mut v, &g2, 0.25, 0.5);
    assert_eq!((w, v), ([1.25], [-3.0]));

    // v = 1, w = 0.75; v = 0.5 - 2 = -1.5, w = 0.75 + 0.375.
    let (mut w, mut v) = ([1.0], [0.0]);
    kernels::momentum_ema(&mut w, &mut v, &g1, 0.25, 0.5);
    kernels::momentum_ema(&mut w, &mut v, &g2, 0.25, 0.5);
    assert_eq!((w, v), ([1.125], [-1.5]));

    // s = 0.25·4 = 1, w = 1 - 0.25·2/(1 + 1) = 0.75; s = 0.75 + 4 = 4.75, w = 0.75 + 1/(√4.75 + 1).
    let (mut w, mut s) = ([1.0], [0.0]);
    kernels::rmsprop(&mut w, &mut s, &g1, 0.25, 0.75, 1.0);
    assert_eq!((w, s), ([0.75], [1.0]));
    kernels::rmsprop(&mut w, &mut s, &g2, 0.25, 0.75, 1.0);
    check_close(&w, &[0.75 + 1.0 / (4.75_f64.sqrt() + 1.0)], 1e-15);

    // m = 1, v = 1, m̂ = 2, v̂ = 4: w = 1 - 0.25·2/(2 + 1);
    // m = 0.5 - 2 = -1.5, m̂ = -1.5/0.75 = -2, v = 0.75 + 4 = 4.75, v̂ = 4.75/0.4375.
    let (mut w, mut m, mut v) = ([1.0], [0.0], [0.0]);
    kernels::adam(&mut w, &mut m, &mut v, &g1, &AdamStep::new(0.25, 0.5, 0.75, 1.0, 1));
    check_close(&w, &[1.0 - 0.5 / 3.0], 1e-15);
    kernels::adam(&mut w, &mut m, &mut v, &g2, &AdamStep::new(0.25, 0.5, 0.75, 1.0, 2));
    check_close(&w, &[1.0 - 0.5 / 3.0 + 0.5 / ((4.75_f64 / 0.4375).sqrt() + 1.0)], 1e-15);

    let mut g = [1.0, -1.0];
    kernels::add_l2(&mut g, &[2.0, 4.0], 0.5);
    assert_eq!(g, [2.0, 1.0]);
}

#[test]
fn a_gradient_is_measured_and_clipped() {
    let mut g = numbers::<f32>(1_000, 9);
    g[500] = -7.5;
    assert_eq!(kernels::max_abs(&g), 7.5);
    let exact: f64 = g.iter().map(|&g| f64::from(g) * f64::from(g)).sum();
    assert!((kernels::sum_of_squares(&g) - exact).abs() < 1e-10);
    let exact: f64 = g.iter().map(|&g| f64::from(g)).sum();
    assert!((f64::from(kernels::sum(&g)) - exact).abs() < 1e-3);
    kernels::clamp_by_value(&mut g, 0.5);
    assert_eq!(kernels::max_abs(&g), 0.5);
    assert_eq!(g[500], -0.5);
    // The squares of these overflow in single precision.
    assert_eq!(kernels::sum_of_squares(&[3e30_f32; 2]).log10().round(), 61.0);
}

#[test]
fn one_number_that_is_not_finite_is_found_anywhere() {
    for length in [1, 7, 8, 9, 64, 100] {
        let mut a = vec![f32::MAX; length];
        assert!(kernels::all_finite(&a));
        for place in 0..length {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                a[place] = bad;
                assert!(!kernels::all_finite(&a), "{bad} at {place} of {length}");
            }
            a[place] = 0.0;
        }
    }
    assert!(kernels::all_finite::<f64>(&[]));
}

#[test]
fn the_peak_counts_its_operations() {
    let (operations, sum) = kernels::multiply_add_peak::<f32>(160);
    assert_eq!(operations, 160.0 * 8.0 * 4.0 * 2.0);
    assert!(sum > 0.0);
}
