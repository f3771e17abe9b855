//! The naive reference: one expression at one step, term by term, as a person would work it out.
//!
//! It is slow and says nothing twice; the trainer runs a plan instead. Every other way of computing a cell is tested
//! against it. Sums run from the first row (or column) to the last.

use ndarray::{Array1, Array2, ArrayView2, Axis, Zip};
use thiserror::Error;

use super::kernels::Scalar;
use super::syntax::{BinaryOperator, Expr, Function, Symbol, Time, to_text};

/// What is added to a variance under the root, in `layernorm` and `batchnorm`.
pub const EPSILON: f64 = 1e-5;

/// Where an expression finds its values at one step.
pub trait Scope<S> {
    /// A value of this step or of the step before, n × B; gradients (`dΓ_f`) likewise. One column broadcasts.
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<S>>;
    /// A parameter with its own rows × columns.
    fn parameter(&self, name: &Symbol) -> Option<Array2<S>>;
    /// The gradient that reaches an inner term without a name, n × B.
    fn term_gradient(&self, term: &Expr) -> Option<Array2<S>>;
    /// For each of the B samples: true where the step is within its length.
    fn mask(&self) -> Vec<bool>;
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvaluateError {
    /// The scope has no such value.
    #[error("{name}{} has no value", if *.time == Time::Now { "<t>" } else { "<t-1>" })]
    NoValue {
        /// What was asked for.
        name: Symbol,
        /// At which step.
        time: Time,
    },
    /// The scope has no such parameter.
    #[error("the parameter {0} has no value")]
    NoParameter(Symbol),
    /// The scope has no gradient of this term.
    #[error("the gradient of {0} has no value")]
    NoTermGradient(String),
    /// Two shapes that do not fit, rows and columns each.
    #[error("{term}: {}×{} and {}×{} do not fit", .left.0, .left.1, .right.0, .right.1)]
    Shapes {
        /// The term, as text.
        term: String,
        /// Rows and columns of the left side.
        left: (usize, usize),
        /// Rows and columns of the right side.
        right: (usize, usize),
    },
}

/// The value of `expr`, in its own height and width: a number is 1 × 1, a parameter has its shape, a value is n × B.
///
/// Element by element, one row broadcasts over rows and one column over columns.
///
/// # Errors
/// A name that the scope does not know, or shapes that do not fit (a checked cell with weights of its shapes has none).
pub fn evaluate<S: Scalar>(expr: &Expr, scope: &dyn Scope<S>) -> Result<Array2<S>, EvaluateError> {
    Evaluator { scope, mask: scope.mask() }.of(expr)
}

/// The value of a right-hand side as a value: rows × B, what has one row or one column repeated.
///
/// # Errors
/// As for [`evaluate`], and where the expression is neither one row nor `rows` high.
pub fn evaluate_value<S: Scalar>(
    expr: &Expr,
    rows: usize,
    scope: &dyn Scope<S>,
) -> Result<Array2<S>, EvaluateError> {
    let found = evaluate(expr, scope)?;
    let wanted = (rows, scope.mask().len());
    match found.broadcast(wanted) {
        Some(value) => Ok(value.to_owned()),
        None => Err(EvaluateError::Shapes { term: to_text(expr), left: wanted, right: found.dim() }),
    }
}

struct Evaluator<'a, S> {
    scope: &'a dyn Scope<S>,
    mask: Vec<bool>,
}

impl<S: Scalar> Evaluator<'_, S> {
    fn of(&self, expr: &Expr) -> Result<Array2<S>, EvaluateError> {
        match expr {
            Expr::Number(number) => Ok(Array2::from_elem((1, 1), S::from_f64(*number))),
            Expr::Value(name, time) => {
                let missing = || EvaluateError::NoValue { name: name.clone(), time: *time };
                self.scope.value(name, *time).ok_or_else(missing)
            }
            Expr::Parameter(name) => {
                self.scope.parameter(name).ok_or_else(|| EvaluateError::NoParameter(name.clone()))
            }
            Expr::TermGradient(term) => {
                let missing = || EvaluateError::NoTermGradient(to_text(term));
                self.scope.term_gradient(term).ok_or_else(missing)
            }
            // A value that has one column stands for B equal ones; a parameter does not.
            Expr::Transpose(of) if matches!(**of, Expr::Parameter(_)) => Ok(self.of(of)?.reversed_axes()),
            Expr::Transpose(of) => Ok(widen(self.of(of)?, self.mask.len()).reversed_axes()),
            Expr::Product(left, right) => self.product(expr, &self.of(left)?, &self.of(right)?),
            Expr::Binary(operator, left, right) => {
                let (left, right) = (self.of(left)?, self.of(right)?);
                self.combine(expr, &left, &right, |u, v| match operator {
                    BinaryOperator::Add => u + v,
                    BinaryOperator::Subtract => u - v,
                    BinaryOperator::Multiply => u * v,
                    BinaryOperator::Divide => u / v,
                })
            }
            Expr::Negate(of) => Ok(self.of(of)?.mapv(|u| -u)),
            Expr::Power(base, exponent) => Ok(self.of(base)?.mapv(|u| power(u, *exponent))),
            Expr::Stack(parts) => self.stack(expr, parts),
            Expr::Call(function, argument) => Ok(self.call(*function, self.of(argument)?)),
        }
    }

    /// Matrix product, (m × k)(k × n) → m × n; each entry a sum over k from the first to the last.
    fn product(&self, term: &Expr, left: &Array2<S>, right: &Array2<S>) -> Result<Array2<S>, EvaluateError> {
        let left = if left.ncols() == 1 { widen(left.clone(), right.nrows()) } else { left.clone() };
        if left.ncols() != right.nrows() {
            return Err(shapes(term, left.dim(), right.dim()));
        }
        let entry = |(row, column)| {
            let terms = Zip::from(left.row(row)).and(right.column(column));
            terms.fold(S::ZERO, |sum, u, v| sum + *u * *v)
        };
        Ok(Array2::from_shape_fn((left.nrows(), right.ncols()), entry))
    }

    fn combine(
        &self,
        term: &Expr,
        left: &Array2<S>,
        right: &Array2<S>,
        with: impl Fn(S, S) -> S,
    ) -> Result<Array2<S>, EvaluateError> {
        let dim = (left.nrows().max(right.nrows()), left.ncols().max(right.ncols()));
        let views = left.broadcast(dim).zip(right.broadcast(dim));
        let (left, right) = views.ok_or_else(|| shapes(term, left.dim(), right.dim()))?;
        Ok(Zip::from(left).and(right).map_collect(|u, v| with(*u, *v)))
    }

    fn stack(&self, term: &Expr, parts: &[Expr]) -> Result<Array2<S>, EvaluateError> {
        let parts = parts.iter().map(|part| self.of(part)).collect::<Result<Vec<_>, _>>()?;
        let columns = parts.iter().map(|part| part.ncols()).max().unwrap_or(1);
        let parts: Vec<Array2<S>> = parts.into_iter().map(|part| widen(part, columns)).collect();
        let views: Vec<ArrayView2<S>> = parts.iter().map(|part| part.view()).collect();
        ndarray::concatenate(Axis(0), &views).map_err(|_| {
            let narrow = parts.iter().find(|part| part.ncols() != columns).map_or((0, 0), |part| part.dim());
            shapes(term, (narrow.0, columns), narrow)
        })
    }

    fn call(&self, function: Function, u: Array2<S>) -> Array2<S> {
        let slope = S::from_f64(0.01);
        let sigmoid = |u: S| S::ONE / (S::ONE + (-u).exp());
        match function {
            Function::Sigmoid => u.mapv(sigmoid),
            Function::Tanh => u.mapv(Scalar::tanh),
            Function::Relu => u.mapv(|u| if u <= S::ZERO { S::ZERO } else { u }),
            Function::LeakyRelu => u.mapv(|u| if u > S::ZERO { u } else { u * slope }),
            Function::ReluSlope => u.mapv(|u| if u > S::ZERO { S::ONE } else { S::ZERO }),
            Function::LeakyReluSlope => u.mapv(|u| if u > S::ZERO { S::ONE } else { slope }),
            Function::Swish => u.mapv(|u| u * sigmoid(u)),
            Function::Exp => u.mapv(Scalar::exp),
            Function::Log => u.mapv(Scalar::ln),
            Function::Softmax => softmax(u),
            Function::Sum => row(in_order(&u, Axis(0))),
            Function::Mean => row(mean(&u, Axis(0))),
            Function::Deviation => row(deviation(&u, Axis(0))),
            Function::LayerNorm => normalised(&u, &row(mean(&u, Axis(0))), &row(deviation(&u, Axis(0)))),
            Function::BatchMean => column(mean(&self.unmasked(&u), Axis(1))),
            Function::BatchDeviation => column(deviation(&self.unmasked(&u), Axis(1))),
            Function::BatchNorm => {
                let counted = self.unmasked(&u);
                normalised(&u, &column(mean(&counted, Axis(1))), &column(deviation(&counted, Axis(1))))
            }
        }
    }

    /// The columns of the samples that this step belongs to.
    fn unmasked(&self, u: &Array2<S>) -> Array2<S> {
        if u.ncols() != self.mask.len() {
            return u.clone();
        }
        let places: Vec<usize> =
            self.mask.iter().enumerate().filter(|(_, is_on)| **is_on).map(|(place, _)| place).collect();
        u.select(Axis(1), &places)
    }
}

/// `u^n` by n - 1 products in order; 1 over it for a negative n.
fn power<S: Scalar>(u: S, exponent: i32) -> S {
    let size = (0..exponent.unsigned_abs()).fold(S::ONE, |product, _| product * u);
    if exponent < 0 { S::ONE / size } else { size }
}

/// `exp(u - max u)` over its sum, each column by itself.
fn softmax<S: Scalar>(mut u: Array2<S>) -> Array2<S> {
    for mut column in u.columns_mut() {
        let Some(first) = column.first().copied() else { continue };
        let largest = column.iter().fold(first, |best, u| if *u > best { *u } else { best });
        column.mapv_inplace(|u| (u - largest).exp());
        let sum = column.iter().fold(S::ZERO, |sum, u| sum + *u);
        column.mapv_inplace(|u| u / sum);
    }
    u
}

fn normalised<S: Scalar>(u: &Array2<S>, mean: &Array2<S>, deviation: &Array2<S>) -> Array2<S> {
    let spread = |of: &Array2<S>| of.broadcast(u.dim()).map(|view| view.to_owned());
    match (spread(mean), spread(deviation)) {
        (Some(mean), Some(deviation)) => (u - &mean) / &deviation,
        // Not reached: a mean has the length of the axis it is not taken over.
        _ => u.clone(),
    }
}

/// Sum along an axis, from the first to the last.
fn in_order<S: Scalar>(u: &Array2<S>, axis: Axis) -> Array1<S> {
    u.map_axis(axis, |lane| lane.iter().fold(S::ZERO, |sum, u| sum + *u))
}

/// Mean along an axis; 0 of nothing.
fn mean<S: Scalar>(u: &Array2<S>, axis: Axis) -> Array1<S> {
    let count = S::from_f64(u.len_of(axis).max(1) as f64);
    in_order(u, axis).mapv(|sum| sum / count)
}

/// `√(variance + ε)` along an axis, the variance a mean of squares.
fn deviation<S: Scalar>(u: &Array2<S>, axis: Axis) -> Array1<S> {
    let mean_of = mean(u, axis).insert_axis(axis);
    let squares = match mean_of.broadcast(u.dim()) {
        Some(mean_of) => (u - &mean_of).mapv(|difference| difference * difference),
        None => u.clone(),
    };
    mean(&squares, axis).mapv(|variance| (variance + S::from_f64(EPSILON)).sqrt())
}

fn row<S: Scalar>(values: Array1<S>) -> Array2<S> {
    values.insert_axis(Axis(0))
}

fn column<S: Scalar>(values: Array1<S>) -> Array2<S> {
    values.insert_axis(Axis(1))
}

/// One column repeated; anything else as it is.
fn widen<S: Scalar>(u: Array2<S>, columns: usize) -> Array2<S> {
    if u.ncols() != 1 || columns == 1 {
        return u;
    }
    u.broadcast((u.nrows(), columns)).map_or_else(|| u.clone(), |wide| wide.to_owned())
}

fn shapes(term: &Expr, left: (usize, usize), right: (usize, usize)) -> EvaluateError {
    EvaluateError::Shapes { term: to_text(term), left, right }
}
