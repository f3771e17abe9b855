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
    let terms = expr.terms();
    let is_in_box = |term: &Expr| has_direct_product(term) || !has_value(term);
    let (in_box, beside): (Vec<_>, Vec<_>) = terms.iter().cloned().partition(|(_, term)| is_in_box(term));
    if beside.is_empty() || !in_box.iter().any(|(_, term)| has_direct_product(term)) {
        return None;
    }
    let begins_in_box = terms.first().is_some_and(|(_, term)| is_in_box(term));
    let (first, second) = if begins_in_box { (in_box, beside) } else { (beside, in_box) };
    let is_taken_away = second.first().is_some_and(|(is_taken_away, _)| *is_taken_away);
    let operator = if is_taken_away { BinaryOperator::Subtract } else { BinaryOperator::Add };
    Some(Apart { operator, first: sum(first, false)?, second: sum(second, is_taken_away)? })
}

/// The sum of terms that are themselves taken away, or not, as a whole.
fn sum(terms: Vec<(bool, &Expr)>, as_a_whole: bool) -> Option<Expr> {
    let mut terms =
        terms.into_iter().map(|(is_taken_away, term)| (is_taken_away != as_a_whole, term.clone()));
    let first = match terms.next()? {
        (false, term) => term,
        (true, term) => Expr::Negate(Box::new(term)),
    };
    Some(terms.fold(first, |sum, (is_taken_away, term)| {
        let operator = if is_taken_away { BinaryOperator::Subtract } else { BinaryOperator::Add };
        Expr::Binary(operator, Box::new(sum), Box::new(term))
    }))
}

/// Whether something flows in it: a state, the input, or a value of this step.
fn has_value(expr: &Expr) -> bool {
    expr.any(&|part| matches!(part, Expr::Value(..)))
}
