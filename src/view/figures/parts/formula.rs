//! Formulas from the engine's own equations.

use crate::engine::BackwardEquation;
use crate::engine::syntax::Equation;
use crate::view::formula::{NoFacts, Notation, SymbolId, Typesetter};
use crate::view::markup::{Node, el};

const LETTERS: Typesetter = Typesetter { notation: Notation::Notes, step: None, facts: &NoFacts };

/// A formula made elsewhere.
pub fn formula(node: &crate::view::formula::Node) -> Node {
    el("div").class("fig-formula").child(Node::from(node)).into()
}

/// An equation of a cell, in the book's letters.
pub fn equation(equation: &Equation) -> Node {
    formula(&LETTERS.equation(equation))
}

/// A backward equation.
pub fn gradient(equation: &BackwardEquation) -> Node {
    formula(&LETTERS.backward(equation))
}

/// A symbol by its name in the cell language: `W_ax`, `a<t>`, `c<t-1>`.
pub fn symbol(name: &str) -> Node {
    let SymbolId { name, time } = SymbolId::read(name);
    Node::from(&LETTERS.symbol(&name, time))
}
