//! The naive reference against numbers worked out by hand.

use ndarray::{Array2, array};
use unrolled::engine::evaluate::{EvaluateError, Scope, evaluate, evaluate_value};
use unrolled::engine::kernels::Scalar;
use unrolled::engine::presets::preset;
use unrolled::engine::syntax::{Expr, Function, Symbol, Time, parse_expression};

/// Two samples, the second past its end where `is_masked`.
struct Sample {
    is_masked: bool,
}

impl<S: Scalar> Scope<S> for Sample {
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<S>> {
        let value = match (name.0.as_str(), time) {
            ("a", Time::Previous) => array![[1.0, 2.0], [3.0, -4.0]],
            ("u", Time::Now) => array![[0.5, -1.0], [0.25, 2.0]],
            ("x", Time::Now) => array![[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]],
            _ => return None,
        };
        Some(value.mapv(S::from_f64))
    }

    fn parameter(&self, name: &Symbol) -> Option<Array2<S>> {
        let value = match name.0.as_str() {
            "W" => array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
            "b" => array![[10.0], [20.0]],
            _ => return None,
        };
        Some(value.mapv(S::from_f64))
    }

    fn term_gradient(&self, term: &Expr) -> Option<Array2<S>> {
        (term.to_string() == "u<t>").then(|| array![[7.0, 8.0], [9.0, 10.0]].mapv(S::from_f64))
    }

    fn mask(&self) -> Vec<bool> {
        vec![true, !self.is_masked]
    }
}

#[track_caller]
fn check_in(text: &str, scope: &Sample, expected: Array2<f64>) {
    let expr = parse_expression(text, &[]).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    close::<f64>(text, &expr, scope, &expected, 1e-14);
    close::<f32>(text, &expr, scope, &expected, 1e-5);
}

#[track_caller]
fn close<S: Scalar>(text: &str, expr: &Expr, scope: &Sample, expected: &Array2<f64>, tolerance: f64) {
    let found = evaluate::<S>(expr, scope).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(found.dim(), expected.dim(), "{text}");
    for (found, expected) in found.iter().zip(expected) {
        let found = found.to_f64();
        let difference = (found - expected).abs();
        assert!(difference <= tolerance * expected.abs().max(1.0), "{text}: {found} instead of {expected}");
    }
}

#[track_caller]
fn check(text: &str, expected: Array2<f64>) {
    check_in(text, &Sample { is_masked: false }, expected);
}

#[track_caller]
fn check_derived(expr: Expr, expected: Array2<f64>) {
    close::<f64>(&expr.to_string(), &expr, &Sample { is_masked: false }, &expected, 1e-14);
}

fn now(name: &str) -> Box<Expr> {
    Box::new(Expr::Value(Symbol::from(name), Time::Now))
}

#[test]
fn products_sums_and_stacks_are_those_of_matrices() {
    check("W x<t>", array![[7.0, -1.0], [16.0, -1.0]]);
    check("W x<t> + b", array![[17.0, 9.0], [36.0, 19.0]]);
    check("[a<t-1>, 1]", array![[1.0, 2.0], [3.0, -4.0], [1.0, 1.0]]);
    check("W [a<t-1>, 1]", array![[10.0, -3.0], [25.0, -6.0]]);
    check("[u<t>, b]", array![[0.5, -1.0], [0.25, 2.0], [10.0, 10.0], [20.0, 20.0]]);
    check("-a<t-1> * u<t> / 2", array![[-0.25, 1.0], [-0.375, 4.0]]);
    check("a<t-1>^3 - u<t>^-1", array![[-1.0, 9.0], [23.0, -64.5]]);
    check("2", array![[2.0]]);
}

#[test]
fn functions_of_a_column_work_column_by_column() {
    check("sum(a<t-1>)", array![[4.0, -2.0]]);
    check("a<t-1> * sum(u<t>)", array![[0.75, 2.0], [2.25, -4.0]]);
    // e / (e + e³) = 1 / (1 + e²); e² / (e² + e⁻⁴) = 1 / (1 + e⁻⁶)
    let (first, second) = (1.0 / (1.0 + 2f64.exp()), 1.0 / (1.0 + (-6f64).exp()));
    check("softmax(a<t-1>)", array![[first, second], [1.0 - first, 1.0 - second]]);
    check("softmax(1000 * a<t-1>)", array![[0.0, 1.0], [1.0, 0.0]]);
    check("log(exp(u<t>))", array![[0.5, -1.0], [0.25, 2.0]]);
    // Means 2 and -1, variances 1 and 9.
    let (one, three) = ((1.0f64 + 1e-5).sqrt(), (9.0f64 + 1e-5).sqrt());
    check("layernorm(a<t-1>)", array![[-1.0 / one, 3.0 / three], [1.0 / one, -3.0 / three]]);
}

#[test]
fn activations_are_their_definitions() {
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let numbers = array![[0.5f64, -1.0], [0.25, 2.0]];
    check("tanh(u<t>)", numbers.mapv(f64::tanh));
    check("σ(u<t>)", numbers.mapv(sigmoid));
    check("swish(u<t>)", numbers.mapv(|z| z * sigmoid(z)));
    check("relu(u<t>)", array![[0.5, 0.0], [0.25, 2.0]]);
    check("leaky_relu(u<t>)", array![[0.5, -0.01], [0.25, 2.0]]);
    check_derived(Expr::Call(Function::ReluSlope, now("u")), array![[1.0, 0.0], [1.0, 1.0]]);
    check_derived(Expr::Call(Function::LeakyReluSlope, now("u")), array![[1.0, 0.01], [1.0, 1.0]]);
    check("σ(10000 * u<t>)", array![[1.0, 0.0], [1.0, 1.0]]);
}

#[test]
fn batch_statistics_leave_masked_samples_out() {
    // Rows (1, 2) and (3, -4): means 1.5 and -0.5, variances 0.25 and 12.25.
    let (half, large) = ((0.25f64 + 1e-5).sqrt(), (12.25f64 + 1e-5).sqrt());
    check("batchnorm(a<t-1>)", array![[-0.5 / half, 0.5 / half], [3.5 / large, -3.5 / large]]);
    // The first sample alone: means 1 and 3, variances 0; the masked one is measured by them.
    let small = 1e-5f64.sqrt();
    check_in(
        "batchnorm(a<t-1>)",
        &Sample { is_masked: true },
        array![[0.0, 1.0 / small], [0.0, -7.0 / small]],
    );
}

#[test]
fn derived_forms_transpose_and_look_up_gradients_of_terms() {
    let parameter = |name: &str| Box::new(Expr::Parameter(Symbol::from(name)));
    let transposed = |of: Box<Expr>| Box::new(Expr::Transpose(of));
    check_derived(
        Expr::Product(transposed(parameter("W")), now("u")),
        array![[1.5, 7.0], [2.25, 8.0], [3.0, 9.0]],
    );
    // The outer product adds up over the samples.
    check_derived(Expr::Product(now("u"), transposed(now("x"))), array![[0.5, -1.0, 2.0], [0.25, 2.0, -1.5]]);
    check_derived(Expr::TermGradient(now("u")), array![[7.0, 8.0], [9.0, 10.0]]);
    check_derived(Expr::Call(Function::Mean, now("u")), array![[0.375, 0.5]]);
    check_derived(Expr::Call(Function::BatchMean, now("u")), array![[-0.25], [1.125]]);
}

#[test]
fn what_is_missing_or_does_not_fit_is_an_error() {
    let error = |text: &str| {
        let expr = parse_expression(text, &[]).expect("reads");
        evaluate::<f64>(&expr, &Sample { is_masked: false }).expect_err(text)
    };
    let missing = EvaluateError::NoValue { name: Symbol::from("q"), time: Time::Previous };
    assert_eq!(error("q<t-1>"), missing);
    assert_eq!(error("W q"), EvaluateError::NoParameter(Symbol::from("q")));
    assert_eq!(error("W u<t>").to_string(), "W u<t>: 2×3 and 2×2 do not fit");
    assert_eq!(error("u<t> + x<t>").to_string(), "u<t> + x<t>: 2×2 and 3×2 do not fit");
}

#[test]
fn a_value_is_as_high_and_as_wide_as_its_cell_says() {
    let scope = Sample { is_masked: false };
    let bias = parse_expression("b", &[]).expect("reads");
    assert_eq!(evaluate_value::<f64>(&bias, 2, &scope), Ok(array![[10.0, 10.0], [20.0, 20.0]]));
    assert!(evaluate_value::<f64>(&bias, 3, &scope).is_err());
}

/// One unit, one input, one sample: a<t> = tanh(0.5·0.2 + 2·0.3 - 0.1) = tanh(0.6).
struct OneUnit;

impl Scope<f64> for OneUnit {
    fn value(&self, name: &Symbol, _: Time) -> Option<Array2<f64>> {
        Some(array![[if name.0 == "a" { 0.2 } else { 0.3 }]])
    }

    fn parameter(&self, name: &Symbol) -> Option<Array2<f64>> {
        Some(array![[match name.0.as_str() {
            "W_aa" => 0.5,
            "W_ax" => 2.0,
            _ => -0.1,
        }]])
    }

    fn term_gradient(&self, _: &Expr) -> Option<Array2<f64>> {
        None
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}

#[test]
fn one_unit_of_the_recurrent_network_by_hand() {
    let cell = &preset("rnn").expect("a preset").cell;
    let found = evaluate_value(&cell.equations[0].expr, 1, &OneUnit).expect("a value");
    assert!((found[[0, 0]] - 0.537_049_566_998_035_3).abs() < 1e-15);
}
