//! Where other people's cells differ from the one on the page in more than letters.

use crate::engine::derive::now;
use crate::engine::facts::Facts;
use crate::engine::role::Role;
use crate::engine::syntax::{BinaryOperator, Cell, Expr, Symbol};
use crate::view::formula::{Notation, Spelling, there};
use crate::view::role::value_of_gradient;
use crate::view::stepper::Part;
use crate::view::stepper::lines::Line;

/// A difference that matters at a line. The page has a sentence for each; letters are those of the other notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Their gate is 1 minus ours.
    Kept {
        /// Their gate.
        gate: String,
        /// Ours.
        own: String,
    },
    /// They multiply by the reset gate after the recurrent product, the cell before it.
    ResetAfter {
        /// The gate.
        gate: String,
        /// What is reset.
        state: String,
        /// The index of their matrices: `n` in `W_hn`.
        index: String,
    },
    /// They have two biases here, of which only the sum matters.
    TwoBiases {
        /// Theirs for the input.
        input: String,
        /// Theirs for the state.
        state: String,
        /// Ours.
        bias: String,
    },
    /// They have one letter for two names.
    OneLetter {
        /// The letter.
        letter: String,
        /// Our name for the result.
        first: String,
        /// Our name for what it is made of.
        second: String,
    },
}

/// What differs in a cell's equations, in their order, each once.
pub fn differences_of(cell: &Cell, facts: &Facts, notation: Notation) -> Vec<Difference> {
    let mut found = Vec::new();
    for (of, equation) in cell.equations.iter().enumerate() {
        let line = Line {
            part: Part::Layer(0),
            targets: vec![now(&equation.target.name)],
            adds: false,
            expr: equation.expr.clone(),
            of,
        };
        for difference in differences(facts, notation, &line) {
            if !found.contains(&difference) {
                found.push(difference);
            }
        }
    }
    found
}

/// What differs at a line, in the order in which it should be said.
pub fn differences(facts: &Facts, notation: Notation, line: &Line) -> Vec<Difference> {
    if notation == Notation::Notes {
        return Vec::new();
    }
    let spelled = |symbol: &Symbol| Spelling::of(symbol, notation, facts).plain();
    // Theirs, also where ours keeps its name.
    let theirs =
        |symbol: &Symbol| facts.of(symbol).and_then(|known| there(known, notation)).map(Symbol::from);
    let index = |symbol: &Symbol| theirs(symbol).and_then(|name| name.subscript().map(str::to_owned));
    let mut found = Vec::new();
    if let (Some(first), Expr::Value(second, _)) = (line.name(), &line.expr)
        && first != second
        && spelled(first) == spelled(second)
    {
        let own = |symbol: &Symbol| Spelling::of(symbol, Notation::Notes, facts).plain();
        found.push(Difference::OneLetter { letter: spelled(first), first: own(first), second: own(second) });
    }
    // What differs is said of a cell that they have as well.
    if facts.is_kin {
        return found;
    }
    let target = line.name().map(|name| value_of_gradient(name).unwrap_or_else(|| name.clone()));
    let is_flipped = |symbol: &Symbol| facts.of(symbol).is_some_and(|known| known.is_flipped);
    let gate = target.as_ref().filter(|name| is_flipped(name) && facts.role(name) != Role::Weight).cloned();
    if let Some(gate) = gate.or_else(|| complement(&line.expr, &is_flipped)) {
        let letter = theirs(&gate).map_or_else(String::new, |letter| letter.0);
        found.push(Difference::Kept { gate: letter, own: spelled(&gate) });
    }
    let reset = facts.reset_after_product_pytorch.then(|| reset_inside(&line.expr, facts)).flatten();
    if let (Some((gate, state)), Some(bias)) = (&reset, bias(&line.expr)) {
        found.push(Difference::ResetAfter {
            gate: spelled(gate),
            state: spelled(state),
            index: index(&bias).unwrap_or_default(),
        });
    } else if let (Some(bias), Notation::PyTorch) = (bias(&line.expr), notation)
        && facts.of(&bias).is_some()
        // Theirs in a GRU's candidate do not add up: one of them stands inside the product with the reset gate.
        && !(target.as_ref().is_some_and(|name| facts.role(name) == Role::Candidate)
            && facts.symbols.iter().any(|known| known.is_flipped))
    {
        // Theirs are named output–input as well: b_ii and b_hi, of a cell without gates b_ih and b_hh.
        let (input, state) = match index(&bias) {
            Some(index) => (format!("b_i{index}"), format!("b_h{index}")),
            None => ("b_ih".to_owned(), "b_hh".to_owned()),
        };
        found.push(Difference::TwoBiases { input, state, bias: spelled(&bias) });
    }
    found
}

/// The gate in a `1 - Γ` that some condition holds for.
fn complement(expr: &Expr, of: &dyn Fn(&Symbol) -> bool) -> Option<Symbol> {
    if let Expr::Binary(BinaryOperator::Subtract, left, right) = expr
        && let (Expr::Number(1.0), Expr::Value(name, _)) = (&**left, &**right)
        && of(name)
    {
        return Some(name.clone());
    }
    expr.parts().find_map(|part| complement(part, of))
}

/// The reset gate and the state it is multiplied with, where that stands under a matrix.
fn reset_inside(expr: &Expr, facts: &Facts) -> Option<(Symbol, Symbol)> {
    fn pair(expr: &Expr, facts: &Facts) -> Option<(Symbol, Symbol)> {
        if let Expr::Binary(BinaryOperator::Multiply, left, right) = expr
            && let (Expr::Value(gate, _), Expr::Value(state, _)) = (&**left, &**right)
            && facts.role(gate) == Role::Reset
        {
            return Some((gate.clone(), state.clone()));
        }
        expr.parts().find_map(|part| pair(part, facts))
    }
    match expr {
        Expr::Product(_, right) => pair(right, facts),
        _ => expr.parts().find_map(|part| reset_inside(part, facts)),
    }
}

/// The bias that is added to a product.
fn bias(expr: &Expr) -> Option<Symbol> {
    if let Expr::Binary(BinaryOperator::Add, _, right) = expr
        && let Expr::Parameter(name) = &**right
    {
        return Some(name.clone());
    }
    expr.parts().find_map(bias)
}
