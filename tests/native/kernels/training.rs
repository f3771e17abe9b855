//! Rows, losses and optimisers against numbers worked by hand.

use unrolled::engine::kernels::{self, AdamStep};

use super::{check_close, numbers};

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
