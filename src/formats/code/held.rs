//! Units that are held, in a program in NumPy: what a value is once its equation has given it, and a gradient that goes no
//! further.

use super::expression::values;
use super::names::Names;
use super::{Program, Subject, number};
use crate::engine::BackwardEquation;
use crate::engine::syntax::{Cell, Symbol, Time};
use crate::engine::trace::Hold;

/// The values of a cell of which units are held, in any layer that has it.
pub(super) struct Held {
    names: Vec<Symbol>,
}

impl Held {
    pub(super) fn of(subject: &Subject<'_>, cell: &Cell) -> Held {
        let mut names: Vec<Symbol> = Vec::new();
        for hold in &subject.input.holds {
            let is_here = subject.model.layers.get(hold.layer).is_some_and(|layer| layer.cell.is_same(cell));
            if is_here && !names.contains(&hold.name) {
                names.push(hold.name.clone());
            }
        }
        Held { names }
    }

    /// `, held` where a function of the cell takes it.
    pub(super) fn argument(&self) -> &'static str {
        if self.names.is_empty() { "" } else { ", held" }
    }

    /// `, held_1`: what a layer gives for it.
    pub(super) fn given(&self, layer: usize) -> String {
        if self.names.is_empty() { String::new() } else { format!(", held_{layer}") }
    }

    /// After a value's equation.
    pub(super) fn forward(&self, program: &mut Program, names: &mut Names, name: &Symbol) {
        if self.names.contains(name) {
            let value = names.value(name, Time::Now);
            program.line(format!("{value} = hold({value}, held.get(\"{name}\", []), t)"));
        }
    }

    /// Once its gradient is complete.
    pub(super) fn backward(&self, program: &mut Program, names: &mut Names, name: &Symbol) {
        let gradient = names.value(&name.gradient(), Time::Now);
        program.line(format!("{gradient} = hold({gradient}, held.get(\"{name}\", []), t, 0.0)"));
    }

    /// Those whose gradient is read by the line at a place, and by none before it.
    pub(super) fn read_first<'h>(
        &'h self,
        lines: &'h [BackwardEquation],
        place: usize,
    ) -> impl Iterator<Item = &'h Symbol> {
        self.names.iter().filter(move |name| {
            let gradient = (name.gradient(), Time::Now);
            let reads = |line: &BackwardEquation| {
                let mut read = Vec::new();
                values(&line.expr, &mut read);
                read.contains(&gradient)
            };
            lines.iter().position(reads) == Some(place)
        })
    }
}

/// `held_1 = {"Γ_f": [(unit, first step, step after the last, number)]}` of every layer whose cell has held units; units
/// and steps count from 0, as Python does.
pub(super) fn numbers(program: &mut Program, subject: &Subject<'_>) {
    for (index, layer) in subject.model.layers.iter().enumerate() {
        let held = Held::of(subject, &layer.cell);
        if held.names.is_empty() {
            continue;
        }
        let of_layer = |name: &Symbol| -> Vec<&Hold> {
            let holds = subject.input.holds.iter();
            holds.filter(|hold| hold.layer == index && hold.name == *name).collect()
        };
        let (steps, _, _) = subject.sizes();
        let entry = |hold: &Hold| {
            let unit = hold.unit.map_or_else(|| "slice(None)".to_owned(), |unit| unit.to_string());
            format!("({unit}, {}, {}, {})", hold.from, hold.to.min(steps), number(hold.value))
        };
        let lists = held.names.iter().filter_map(|name| {
            let holds: Vec<String> = of_layer(name).into_iter().map(entry).collect();
            (!holds.is_empty()).then(|| format!("\"{name}\": [{}]", holds.join(", ")))
        });
        let lists: Vec<String> = lists.collect();
        super::data::wrapped(program, &format!("held_{} = {{", index + 1), &lists, "}");
    }
}

/// The function that puts them there.
pub(super) fn definition(program: &mut Program, subject: &Subject<'_>) {
    if subject.input.holds.is_empty() {
        return;
    }
    program.define(
        "def hold(v, units, t, number=None):\n    v = np.array(v)\n    for unit, start, end, value in units:\n        \
         if start <= t < end:\n            v[unit] = value if number is None else number\n    return v",
    );
}
