//! A derived backward equation, as the page shows it and the trainer runs it.

use super::syntax::Expr;

/// One local derivative: `targets = expr`, or `targets += expr`.
#[derive(Clone, Debug, PartialEq)]
pub struct BackwardEquation {
    /// What receives: `Value(dΓ_f, Now)`, `Value(dc, Previous)`, `Parameter(dW_f)`, `TermGradient(Γ_r<t> * c<t-1>)`.
    /// More than one where the rows of a stack are shared out: `[da<t-1>, dx<t>] += W_fᵀ dz_f<t>`.
    pub targets: Vec<Expr>,
    /// `+=` instead of `=`: something has already arrived there, or arrives from the next step.
    pub adds: bool,
    /// The right-hand side, in forward values, parameters and gradients.
    pub expr: Expr,
    /// The forward equation (its place in the cell) that this line is a derivative of.
    pub of: usize,
}
