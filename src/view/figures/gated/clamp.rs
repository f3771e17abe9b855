//! Gates held at a value, for one unit or all, from one step to another.
//!
//! Nothing is computed by hand: the cell's text is rewritten, `Γ<t> = (…) * (1 - K x<t>) + H x<t>`, and the input gets
//! one more row for each hold, 1 where it holds and 0 elsewhere. So the engine runs and differentiates it like any cell.

use std::sync::Arc;

use ndarray::{Array2, Array3, s};

use crate::engine::model::{HeadWeights, Layer, Model};
use crate::engine::syntax::{Dim, Symbol, parse_cell};
use crate::engine::trace::{Trace, TraceInput, trace};

/// A gate that is held.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// The gate: `Γ_u`.
    pub gate: &'static str,
    /// The unit, from 0; none: all of them. Two holds of one gate must not meet at a unit and step.
    pub unit: Option<usize>,
    /// The value.
    pub value: f64,
    /// The first step that it is held at, from 0.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

/// The trace of a model of one layer with gates held; none where the cell has no such gate.
pub fn held(model: &Model<f64>, input: &TraceInput<f64>, holds: &[Hold]) -> Option<Trace<f64>> {
    if holds.is_empty() {
        return trace(model, input).ok();
    }
    let [layer] = model.layers.as_slice() else { return None };
    let (n, rows, more) = (layer.hidden, model.input, holds.len());
    let cell = Arc::new(parse_cell(&rewritten(&layer.cell.text, holds)?).ok()?);
    let held_at = |name: &str, is_value: bool| {
        let mut matrix = Array2::zeros((n, rows + more));
        for (place, hold) in holds.iter().enumerate().filter(|(_, hold)| index(hold.gate) == name) {
            let units = (0..n).filter(|unit| hold.unit.is_none_or(|only| only == *unit));
            units.for_each(|unit| matrix[(unit, rows + place)] = if is_value { hold.value } else { 1.0 });
        }
        matrix
    };
    let weights = cell.parameters.iter().map(|parameter| {
        let name = parameter.name.clone();
        if let Some(gate) = name.0.strip_prefix("K_").filter(|_| is_ours(&name, holds)) {
            return Some((name.clone(), held_at(gate, false)));
        }
        if let Some(gate) = name.0.strip_prefix("H_").filter(|_| is_ours(&name, holds)) {
            return Some((name.clone(), held_at(gate, true)));
        }
        let (_, known) = layer.weights.iter().find(|(known, _)| *known == name)?;
        // Where a matrix reads x, x stands last.
        let extra = if parameter.columns == Dim::ONE { 0 } else { parameter.columns.input * more };
        let mut wider = Array2::zeros((known.nrows(), known.ncols() + extra));
        wider.slice_mut(s![.., ..known.ncols()]).assign(known);
        Some((name, wider))
    });
    let weights: Vec<(Symbol, Array2<f64>)> = weights.collect::<Option<_>>()?;
    let head = HeadWeights { head: model.head.head.clone(), weights: model.head.weights.clone() };
    let held_model = Model {
        layers: vec![Layer { cell, hidden: n, weights }],
        head,
        input: rows + more,
        output: model.output,
    };
    let (steps, _, batch) = input.x.dim();
    let mut x = Array3::zeros((steps, rows + more, batch));
    x.slice_mut(s![.., ..rows, ..]).assign(&input.x);
    for (place, hold) in holds.iter().enumerate() {
        let (from, to) = (hold.from.min(steps), hold.to.min(steps));
        x.slice_mut(s![from..to.max(from), rows + place, ..]).fill(1.0);
    }
    trace(&held_model, &TraceInput { x, ..input.clone() }).ok()
}

/// `u` of `Γ_u`.
fn index(gate: &str) -> &str {
    gate.split_once('_').map_or(gate, |(_, index)| index)
}

fn is_ours(name: &Symbol, holds: &[Hold]) -> bool {
    name.subscript().is_some_and(|subscript| holds.iter().any(|hold| index(hold.gate) == subscript))
}

/// The cell's text with its held gates written as a mixture of what they are and what they are held at.
fn rewritten(text: &str, holds: &[Hold]) -> Option<String> {
    let mut found = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let Some((left, right)) = line.split_once('=') else { return line.to_owned() };
            let target = left.trim().trim_end_matches("<t>");
            let Some(hold) = holds.iter().find(|hold| hold.gate == target) else { return line.to_owned() };
            found += 1;
            let gate = index(hold.gate);
            format!("{left}= ({}) * (1 - K_{gate} x<t>) + H_{gate} x<t>", right.trim())
        })
        .collect();
    let mut gates: Vec<&str> = holds.iter().map(|hold| hold.gate).collect();
    gates.sort_unstable();
    gates.dedup();
    (found == gates.len()).then(|| lines.join("\n"))
}
