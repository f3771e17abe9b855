//! What the modules of cells have in common, whichever library they are written for.

use super::Program;
use super::expression::{Dialect, Writer};
use super::names::Names;
use super::shared::{IN_MODULE, list, parameter_keys};
use crate::engine::syntax::{Cell, Time, with_intermediates};

/// The module's parameters under their names, and the states of the step before, which arrive as `from`. Gives the names of
/// those states.
pub(super) fn arrivals(program: &mut Program, names: &mut Names, cell: &Cell, from: &str) -> Vec<String> {
    for (parameter, key) in cell.parameters.iter().zip(parameter_keys(cell)) {
        program.line(format!("{} = self.{IN_MODULE}{key}", names.parameter(&parameter.name)));
    }
    let before: Vec<String> = cell.states.iter().map(|state| names.value(state, Time::Previous)).collect();
    program.line(format!("{} = {from}", list(&before)));
    before
}

/// The cell's equations, each below a comment that has it as it stands in the text.
pub(super) fn equations(program: &mut Program, names: &mut Names, cell: &Cell, dialect: &dyn Dialect) {
    for equation in with_intermediates(cell) {
        program.line(format!("# {equation}"));
        let right = Writer { dialect, names }.value(&equation.expr, "n_a");
        program.line(format!("{} = {right}", names.value(&equation.target.name, Time::Now)));
    }
}
