//! Sums of products and of values: what a product's box holds, and what is added to it outside.

use crate::engine::syntax::{BinaryOperator, Expr};

use super::graph::has_direct_product;

/// A sum without a function around it, taken apart: what has products, or no wire at all, and the values beside it.
pub(super) struct Apart {
    /// Whether the second part is added or taken away.
    pub operator: BinaryOperator,
    /// The part that comes first in the text.
    pub first: Expr,
    /// The other part.
    pub second: Expr,
}

/// Takes a sum apart; none where all of it belongs into one box. `o = a + W_ox x` is a box `W` of x, and a `+`: a box that
/// took a in as well would read as `W·(a, x)`.
pub(super) fn apart(expr: &Expr) -> Option<Apart> {
    let mut terms = Vec::new();
    flatten(expr, true, &mut terms);
    let is_in_box = |term: &Expr| has_direct_product(term) || !has_value(term);
    let (in_box, beside): (Vec<_>, Vec<_>) = terms.iter().cloned().partition(|(_, term)| is_in_box(term));
    if beside.is_empty() || !in_box.iter().any(|(_, term)| has_direct_product(term)) {
        return None;
    }
    let begins_in_box = terms.first().is_some_and(|(_, term)| is_in_box(term));
    let (first, second) = if begins_in_box { (in_box, beside) } else { (beside, in_box) };
    let is_added = second.first().is_some_and(|(is_added, _)| *is_added);
    let operator = if is_added { BinaryOperator::Add } else { BinaryOperator::Subtract };
    Some(Apart { operator, first: sum(first, true)?, second: sum(second, is_added)? })
}

/// The terms of a sum, each with whether it is added.
fn flatten(expr: &Expr, is_added: bool, terms: &mut Vec<(bool, Expr)>) {
    match expr {
        Expr::Binary(BinaryOperator::Add, left, right) => {
            flatten(left, is_added, terms);
            flatten(right, is_added, terms);
        }
        Expr::Binary(BinaryOperator::Subtract, left, right) => {
            flatten(left, is_added, terms);
            flatten(right, !is_added, terms);
        }
        Expr::Negate(inner) => flatten(inner, !is_added, terms),
        other => terms.push((is_added, other.clone())),
    }
}

/// The sum of terms that are themselves added or taken away as a whole.
fn sum(terms: Vec<(bool, Expr)>, as_a_whole: bool) -> Option<Expr> {
    let mut terms = terms.into_iter().map(|(is_added, term)| (is_added == as_a_whole, term));
    let first = match terms.next()? {
        (true, term) => term,
        (false, term) => Expr::Negate(Box::new(term)),
    };
    Some(terms.fold(first, |sum, (is_added, term)| {
        let operator = if is_added { BinaryOperator::Add } else { BinaryOperator::Subtract };
        Expr::Binary(operator, Box::new(sum), Box::new(term))
    }))
}

/// Whether something flows in it: a state, the input, or a value of this step.
fn has_value(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Parameter(_) | Expr::TermGradient(_) => false,
        Expr::Value(..) => true,
        Expr::Transpose(inner) | Expr::Negate(inner) | Expr::Power(inner, _) | Expr::Call(_, inner) => {
            has_value(inner)
        }
        Expr::Stack(parts) => parts.iter().any(has_value),
        Expr::Product(left, right) | Expr::Binary(_, left, right) => has_value(left) || has_value(right),
    }
}
