//! An expression taken apart into the terms of a sum, and one made of another.

use super::{BinaryOperator, Expr};

impl Expr {
    /// The terms of a sum in reading order, each with whether it is taken away; of anything else the one term that it is.
    pub fn terms(&self) -> Vec<(bool, &Expr)> {
        let mut terms = Vec::new();
        collect(self, false, &mut terms);
        terms
    }

    /// The same with what `change` puts in place of an expression; it sees outer ones first, in reading order, and what it
    /// puts there is not looked into.
    pub fn map(&self, change: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Expr {
        if let Some(changed) = change(self) {
            return changed;
        }
        let mut boxed = |inner: &Expr| Box::new(inner.map(change));
        match self {
            Expr::Number(_) | Expr::Value(..) | Expr::Parameter(_) => self.clone(),
            Expr::TermGradient(inner) => Expr::TermGradient(boxed(inner)),
            Expr::Transpose(inner) => Expr::Transpose(boxed(inner)),
            Expr::Negate(inner) => Expr::Negate(boxed(inner)),
            Expr::Power(inner, exponent) => Expr::Power(boxed(inner), *exponent),
            Expr::Call(function, inner) => Expr::Call(*function, boxed(inner)),
            Expr::Product(left, right) => Expr::Product(boxed(left), boxed(right)),
            Expr::Binary(operator, left, right) => Expr::Binary(*operator, boxed(left), boxed(right)),
            Expr::Stack(parts) => Expr::Stack(parts.iter().map(|part| part.map(change)).collect()),
        }
    }
}

fn collect<'e>(expr: &'e Expr, is_taken_away: bool, terms: &mut Vec<(bool, &'e Expr)>) {
    match expr {
        Expr::Binary(BinaryOperator::Add, left, right) => {
            collect(left, is_taken_away, terms);
            collect(right, is_taken_away, terms);
        }
        Expr::Binary(BinaryOperator::Subtract, left, right) => {
            collect(left, is_taken_away, terms);
            collect(right, !is_taken_away, terms);
        }
        Expr::Negate(inner) => collect(inner, !is_taken_away, terms),
        term => terms.push((is_taken_away, term)),
    }
}
