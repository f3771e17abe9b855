//! A network in the letters of PyTorch's or Keras's formulas: its trees with other names, so that whatever is written from
//! them has those names too. The numbers stay.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::latex::Letters;
use crate::engine::facts::Facts;
use crate::engine::kin;
use crate::engine::letters::Elsewhere;
use crate::engine::model::Model;
use crate::engine::presets;
use crate::engine::syntax::{Cell, Equation, Expr, Head, Symbol};
use crate::engine::trace::TraceInput;

/// What a cell's symbols are called; those that are not in it keep their names.
pub(super) type Renamed = BTreeMap<Symbol, Symbol>;

/// What is known of a cell's letters: a reader's own has those of what it shares with a cell that comes with the project.
pub(super) fn facts_of(cell: &Cell) -> Option<&'static Facts> {
    presets::known(cell).map(|preset| &preset.facts).or_else(|| kin::facts(cell))
}

/// The model and its input in these letters; nothing where all keeps its names.
pub(super) fn in_letters(
    model: &Model<f64>,
    input: &TraceInput<f64>,
    letters: Letters,
) -> Option<(Model<f64>, TraceInput<f64>)> {
    let there = letters.elsewhere()?;
    let (mut model, mut input) = (model.clone(), input.clone());
    if let Some(top) = model.layers.last()
        && let Some(facts) = facts_of(&top.cell)
        && let Some(output) = of_cell(&top.cell, facts, there).remove(&top.cell.output)
    {
        let names = of_head(&model.head.head, facts, there, &top.cell.output, output);
        model.head.head = Arc::new(head(&model.head.head, &names));
        model.head.weights.iter_mut().for_each(|(name, _)| rename(name, &names));
    }
    for (index, layer) in model.layers.iter_mut().enumerate() {
        let Some(names) = facts_of(&layer.cell).map(|facts| of_cell(&layer.cell, facts, there)) else {
            continue;
        };
        layer.cell = Arc::new(cell(&layer.cell, &names));
        layer.weights.iter_mut().for_each(|(name, _)| rename(name, &names));
        let holds = input.holds.iter_mut().filter(|hold| hold.layer == index);
        holds.for_each(|hold| rename(&mut hold.name, &names));
    }
    Some((model, input))
}

/// The names of a cell's symbols. Where two have one letter there, as the GRU's state and output, the first one gets it.
fn of_cell(cell: &Cell, facts: &Facts, there: Elsewhere) -> Renamed {
    distinct(symbols(cell), facts, there)
}

/// The same with those that keep their names.
pub(super) fn all_of_cell(cell: &Cell, facts: &Facts, there: Elsewhere) -> Renamed {
    let own = symbols(cell).map(|own| (own.clone(), own.clone()));
    own.chain(of_cell(cell, facts, there)).collect()
}

fn symbols(cell: &Cell) -> impl Iterator<Item = &Symbol> {
    let values = cell.equations.iter().map(|equation| &equation.target.name);
    let parameters = cell.parameters.iter().map(|parameter| &parameter.name);
    cell.states.iter().chain(values).chain(parameters)
}

/// The same of a head, which reads the top layer's output under the name that this has.
fn of_head(head: &Head, facts: &Facts, there: Elsewhere, output: &Symbol, renamed: Symbol) -> Renamed {
    let mut names = distinct(head.parameters.iter().map(|parameter| &parameter.name), facts, there);
    names.insert(output.clone(), renamed);
    names
}

fn distinct<'s>(symbols: impl Iterator<Item = &'s Symbol>, facts: &Facts, there: Elsewhere) -> Renamed {
    let symbols: Vec<&Symbol> = symbols.collect();
    let mut names = Renamed::new();
    for own in &symbols {
        let Some(wanted) = facts.letters_elsewhere(own, there).map(Symbol).filter(|wanted| wanted != *own)
        else {
            continue;
        };
        let is_of_another = symbols.contains(&&wanted) && !names.contains_key(&wanted);
        if !is_of_another && !names.values().any(|taken| *taken == wanted) {
            names.insert((*own).clone(), wanted);
        }
    }
    names
}

fn cell(cell: &Cell, names: &Renamed) -> Cell {
    let mut cell = cell.clone();
    cell.states.iter_mut().for_each(|state| rename(state, names));
    rename(&mut cell.output, names);
    equations(&mut cell.equations, names);
    cell.parameters.iter_mut().for_each(|parameter| rename(&mut parameter.name, names));
    cell
}

fn head(head: &Head, names: &Renamed) -> Head {
    let mut head = head.clone();
    equations(&mut head.equations, names);
    head.parameters.iter_mut().for_each(|parameter| rename(&mut parameter.name, names));
    head
}

fn equations(equations: &mut [Equation], names: &Renamed) {
    for equation in equations {
        rename(&mut equation.target.name, names);
        equation.expr = equation.expr.map(&mut |part| match part {
            Expr::Value(name, time) => Some(Expr::Value(names.get(name)?.clone(), *time)),
            Expr::Parameter(name) => Some(Expr::Parameter(names.get(name)?.clone())),
            _ => None,
        });
    }
}

fn rename(name: &mut Symbol, names: &Renamed) {
    if let Some(other) = names.get(name) {
        name.clone_from(other);
    }
}
