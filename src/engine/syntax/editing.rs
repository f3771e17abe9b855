//! What can be told of a text while it is still being written: its names with their places, and the shapes so far.

use super::lexer::{TokenKind, tokens};
use super::names::Resolved;
use super::read::resolve;
use super::shapes::Shapes;
use super::statements::Statements;
use super::{Dim, Parameter, Span, Symbol, Target};

/// The names of one line up to its comment or to what cannot be read, each with its place in bytes of the line.
/// The time behind a name belongs to its place: `Γ_f<t>`.
pub fn names_in(line: &str) -> Vec<(Span, Symbol)> {
    let (tokens, _) = tokens(line, 0);
    let mut names: Vec<(Span, Symbol)> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Name(name) => names.push((token.span, name)),
            TokenKind::Time(_) => {
                if let Some((span, _)) = names.last_mut().filter(|(span, _)| span.end == token.span.start) {
                    span.end = token.span.end;
                }
            }
            _ => {}
        }
    }
    names
}

/// The parameters of a text in the order of their first use, with the shapes that its lines tell so far, whatever else
/// is wrong with it. What nothing fixes has `n_a` rows, and a matrix of which no product is written yet no columns.
/// For a text without errors they are those of [`super::parse_cell`], but for a cell that only fits equal sizes.
pub fn shapes_so_far(text: &str) -> Vec<Parameter> {
    let statements = Statements::read(text);
    let states = statements.states.as_ref().map(|line| line.what.clone()).unwrap_or_default();
    let outside = [("x", Dim::INPUT)];
    let Resolved { exprs, parameters, .. } = resolve(&statements, &states, true, &outside, &["y", "ŷ", "l"]);
    let pairs = statements.equations.iter().zip(&exprs);
    let equations: Vec<(&Target, &super::node::Node)> =
        pairs.filter_map(|(equation, expr)| Some((&equation.target, expr.as_ref()?))).collect();
    let rows_of = |name: &Symbol| if name.0 == "x" { Dim::INPUT } else { Dim::HIDDEN };
    Shapes { rows_of: &rows_of, equations: &equations, used: &parameters }.learn()
}
