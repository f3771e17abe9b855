//! How many rows an expression has.

use super::{Cell, Dim, Expr, Function, Parameter, Time};

impl Cell {
    /// Rows of an expression of this cell: all values but x have n_a of them.
    pub fn rows(&self, expr: &Expr) -> Dim {
        let input = if self.only_if_square.is_some() { Dim::HIDDEN } else { Dim::INPUT };
        rows(expr, &self.parameters, input)
    }
}

/// The same with these parameters, where x has `input` rows.
pub(super) fn rows(expr: &Expr, parameters: &[Parameter], input: Dim) -> Dim {
    let of = |inner: &Expr| rows(inner, parameters, input);
    match expr {
        Expr::Number(_) | Expr::Call(Function::Sum | Function::Mean | Function::Deviation, _) => Dim::ONE,
        Expr::Value(name, Time::Now) if name.0 == "x" => input,
        Expr::Value(..) => Dim::HIDDEN,
        Expr::Parameter(name) => {
            let known = parameters.iter().find(|parameter| parameter.name == *name);
            known.map_or(Dim::HIDDEN, |parameter| parameter.rows)
        }
        Expr::Product(inner, _)
        | Expr::TermGradient(inner)
        | Expr::Transpose(inner)
        | Expr::Negate(inner)
        | Expr::Power(inner, _)
        | Expr::Call(_, inner) => of(inner),
        // One row spreads over the other side's.
        Expr::Binary(_, left, right) => match of(left) {
            Dim::ONE => of(right),
            left => left,
        },
        Expr::Stack(parts) => parts.iter().fold(Dim::default(), |sum, part| sum + of(part)),
    }
}
