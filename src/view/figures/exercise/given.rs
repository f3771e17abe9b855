//! Numbers as they are given to a reader, and to the engine's equations.

use ndarray::Array2;

use crate::engine::evaluate::{Scope, evaluate};
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::view::figures::parts::named;
use crate::view::markup::{Element, Node, el};
use crate::view::number::fixed;
use crate::view::stepper::opening::Numbers;

/// A table; the first cell of each row is its head. Names such as `Γ_u<t>` are set as in formulas.
pub(super) fn table(heads: &[String], rows: &[Vec<String>]) -> Node {
    let head = |cell: &String, scope: &str| -> Element {
        // A corner without words is no heading of anything.
        if cell.is_empty() { el("td") } else { el("th").attr("scope", scope).children(named(cell)) }
    };
    let body = rows.iter().map(|cells| {
        el("tr").children(cells.iter().enumerate().map(|(at, cell)| {
            if at == 0 { head(cell, "row") } else { el("td").class("num").children(named(cell)) }
        }))
    });
    el("table")
        .class("fig-numbers")
        .child(el("thead").child(el("tr").children(heads.iter().map(|cell| head(cell, "col")))))
        .child(el("tbody").children(body))
        .into()
}

/// Numbers with a sign between them.
pub(super) fn list(values: &[f64], decimals: usize, between: &str) -> String {
    let mut text = String::new();
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            text.push_str(between);
        }
        text.push_str(&fixed(*value, decimals));
    }
    text
}

/// A row of a table: its head, then numbers.
pub(super) fn numbers(head: String, values: &[f64], decimals: usize) -> Vec<String> {
    let mut row = vec![head];
    row.extend(values.iter().map(|value| fixed(*value, decimals)));
    row
}

/// The heads of a table.
pub(super) fn heads(first: &str, rest: &[&str]) -> Vec<String> {
    let mut row = vec![first.to_owned()];
    row.extend(rest.iter().map(|head| (*head).to_owned()));
    row
}

/// Values of one step under their names, n × 1: what one of the engine's equations is evaluated with.
#[derive(Default)]
pub(super) struct Columns(Vec<(&'static str, Time, Array2<f64>)>);

impl Columns {
    /// With a column.
    pub(super) fn with(mut self, name: &'static str, time: Time, values: Array2<f64>) -> Columns {
        self.0.push((name, time, values));
        self
    }

    /// With a column of one row.
    pub(super) fn with_number(self, name: &'static str, time: Time, value: f64) -> Columns {
        self.with(name, time, Array2::from_elem((1, 1), value))
    }

    /// The first row of an expression.
    pub(super) fn number(&self, expr: &Expr) -> Option<f64> {
        self.of(expr)?.get((0, 0)).copied()
    }
}

impl Scope<f64> for Columns {
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<f64>> {
        let found = self.0.iter().find(|(known, at, _)| *known == name.0 && *at == time);
        found.map(|(_, _, values)| values.clone())
    }

    fn parameter(&self, _: &Symbol) -> Option<Array2<f64>> {
        None
    }

    fn term_gradient(&self, _: &Expr) -> Option<Array2<f64>> {
        None
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}

impl Numbers for Columns {
    fn of(&self, expr: &Expr) -> Option<Array2<f64>> {
        evaluate(expr, self).ok()
    }

    fn name_of(&self, _: &Expr) -> Option<Symbol> {
        None
    }
}
