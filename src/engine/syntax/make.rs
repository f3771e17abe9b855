//! Expressions put together, in their simplest form.

use super::{BinaryOperator, Expr, Function};

impl Expr {
    /// Whether an expression has one row only (or is a number), which spreads over the rows of what it meets.
    pub fn is_one_row(&self) -> bool {
        match self {
            Expr::Number(_) => true,
            Expr::Value(..) | Expr::Parameter(_) | Expr::Product(..) => false,
            Expr::Stack(parts) => matches!(parts.as_slice(), [only] if only.is_one_row()),
            Expr::TermGradient(inner) | Expr::Negate(inner) | Expr::Power(inner, _) => inner.is_one_row(),
            Expr::Transpose(_) => false,
            Expr::Binary(_, left, right) => left.is_one_row() && right.is_one_row(),
            Expr::Call(Function::Sum | Function::Mean | Function::Deviation, _) => true,
            Expr::Call(_, argument) => argument.is_one_row(),
        }
    }
}

/// `left operator right`.
pub(crate) fn binary(operator: BinaryOperator, left: Expr, right: Expr) -> Expr {
    Expr::Binary(operator, Box::new(left), Box::new(right))
}

/// `left * right`, without factors of 1.
pub(crate) fn multiply(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (left, Expr::Number(1.0)) => left,
        (Expr::Number(1.0), right) => right,
        // A minus sign stands in front of a product, not inside it.
        (Expr::Negate(left), right) => negate(multiply(*left, right)),
        (left, right) => binary(BinaryOperator::Multiply, left, right),
    }
}

/// `-expr`, or what a minus sign already stands before.
pub(crate) fn negate(expr: Expr) -> Expr {
    match expr {
        Expr::Negate(inner) => *inner,
        expr => Expr::Negate(Box::new(expr)),
    }
}

/// `function(argument)`.
pub(crate) fn call(function: Function, argument: Expr) -> Expr {
    Expr::Call(function, Box::new(argument))
}
