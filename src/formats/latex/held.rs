//! Units that are held, as LaTeX: `\\Gamma_{f,3}^{\\langle t\\rangle} := 0`. No equation says so; it is set after them.

use super::{Letters, Place, Setter, block, number_text};
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::syntax::{Cell, Symbol};
use crate::engine::trace::Hold;

/// One unit (from 0) of a value at a step (from 1) and what it is held at, as it stands in a formula's place.
pub fn held(cell: &Cell, name: &Symbol, unit: usize, step: usize, number: f64, letters: Letters) -> String {
    let step = step.to_string();
    let place = Place { step: Some(&step), unit: Some(unit), layer: None };
    format!("{} := {}", Setter::of(cell, letters).entry(name, &place), number_text(number))
}

/// What is set after the equations forward; nothing where nothing is held.
pub(super) fn forward<S: Scalar>(model: &Model<S>, holds: &[Hold], steps: usize, letters: Letters) -> String {
    all(model, holds, steps, letters, |hold| (hold.name.clone(), hold.value))
}

/// What is set after the equations backward.
pub(super) fn backward<S: Scalar>(
    model: &Model<S>,
    holds: &[Hold],
    steps: usize,
    letters: Letters,
) -> String {
    all(model, holds, steps, letters, |hold| (hold.name.gradient(), 0.0))
}

fn all<S: Scalar>(
    model: &Model<S>,
    holds: &[Hold],
    steps: usize,
    letters: Letters,
    set: impl Fn(&Hold) -> (Symbol, f64),
) -> String {
    let lines: Vec<String> = holds
        .iter()
        .filter_map(|hold| {
            let layer = model.layers.get(hold.layer)?;
            let (name, number) = set(hold);
            // Counted from 1, the last one included.
            let (first, last) = (hold.from + 1, hold.to.min(steps));
            let one = first.to_string();
            let (step, range) = if first == last {
                (one.as_str(), String::new())
            } else {
                ("t", format!(",\\quad t = {first}, \\dots, {last}"))
            };
            let several = (model.layers.len() > 1).then_some(hold.layer);
            let place = Place { step: Some(step), unit: hold.unit, layer: several };
            let left = Setter::of(&layer.cell, letters).entry(&name, &place);
            (first <= last).then(|| format!("{left} &:= {}{range}", number_text(number)))
        })
        .collect();
    if lines.is_empty() { String::new() } else { block(lines.into_iter()) }
}
