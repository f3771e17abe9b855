//! Element-wise functions against double precision, and blocks against single numbers.

use unrolled::engine::kernels::{self, Scalar};

use super::numbers;

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
