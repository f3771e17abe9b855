//! The vectorised kernels of WebAssembly against the single functions and plain loops.

use unrolled::engine::kernels::{self, Packed, Scalar};
use wasm_bindgen_test::wasm_bindgen_test;

/// Numbers between −8 and 8 without a generator: multiples of an irrational step, wrapped.
fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|i| ((i as f32 * 0.618_034).fract() - 0.5) * 16.0).collect()
}

#[wasm_bindgen_test]
fn blocks_have_the_bits_of_the_single_functions() {
    // Not a multiple of the lanes: the last few go another way.
    let x = numbers(1_003);
    let mut y = x.clone();
    let check = |y: &[f32], single: fn(f32) -> f32| {
        for (&y, &x) in y.iter().zip(&x) {
            assert_eq!(y.to_bits(), single(x).to_bits(), "at {x}");
        }
    };
    kernels::exp(&mut y, &x);
    check(&y, Scalar::exp);
    kernels::tanh(&mut y, &x);
    check(&y, Scalar::tanh);
    kernels::sigmoid(&mut y, &x);
    check(&y, Scalar::sigmoid);
}

#[wasm_bindgen_test]
fn functions_agree_with_double_precision() {
    for x in numbers(500) {
        let exact = libm::tanh(f64::from(x));
        assert!((f64::from(Scalar::tanh(x)) - exact).abs() < 3e-7, "tanh {x}");
        let exact = libm::exp(f64::from(x));
        assert!((f64::from(Scalar::exp(x)) - exact).abs() < 3e-7 * exact, "exp {x}");
    }
}

#[wasm_bindgen_test]
fn a_product_equals_plain_loops() {
    let (m, k, n) = (13, 37, 21);
    let (a, b) = (numbers(m * k), numbers(k * n));
    let mut packed = Packed::with_capacity(k, n);
    packed.pack(&b, k, n, n, 1);
    let mut c = vec![0.0_f32; m * n];
    kernels::multiply(&mut c, n, &a, k, m, &packed);
    for row in 0..m {
        for column in 0..n {
            let exact: f64 = (0..k).map(|i| f64::from(a[row * k + i]) * f64::from(b[i * n + column])).sum();
            assert!((f64::from(c[row * n + column]) - exact).abs() < 1e-3, "row {row}, column {column}");
        }
    }
}
