//! What a reader has changed: numbers typed over those that came, and units that are held.

mod history;
mod moved;
mod text;
mod typed;

use std::collections::BTreeMap;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::engine::model::Model;
use crate::engine::syntax::Symbol;
use crate::engine::trace::{Hold, TraceInput};

pub use history::{Change, History, Step};
pub use text::NotAnEdit;
pub use typed::{LARGEST, NotTaken, dragged, for_a_field, nudged, reach, read_number};

/// Most numbers that are changed at a time; a link has room for them.
pub const MOST_EDITS: usize = 400;

/// What can be changed. Everything counts from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An entry of a weight, or of a bias (column 0).
    Weight {
        /// The layer; none: the head.
        layer: Option<usize>,
        /// `W_f`.
        name: Symbol,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// An entry of the lowest layer's `x<t>`.
    Input {
        /// The time step.
        step: usize,
        /// The entry.
        row: usize,
    },
    /// An entry of a state before the first step.
    Initial {
        /// The layer.
        layer: usize,
        /// The state: `c`.
        name: Symbol,
        /// The unit.
        row: usize,
    },
    /// A unit of a value that its equation computes: held at a number instead.
    Held {
        /// The layer.
        layer: usize,
        /// The value: `Γ_f`.
        name: Symbol,
        /// The unit.
        unit: usize,
        /// The time step; none: all of them. A hold of one step goes before one of all.
        step: Option<usize>,
    },
}

impl Target {
    /// Whether it is a unit that is held.
    pub fn is_held(&self) -> bool {
        matches!(self, Target::Held { .. })
    }
}

/// What a reader has changed, each with its number. What is not in it is as it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Edits(BTreeMap<Target, f64>);

impl Edits {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether everything is as it came.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of a kind.
    pub fn only(mut self, is_of_it: impl Fn(&Target) -> bool) -> Edits {
        self.0.retain(|target, _| is_of_it(target));
        self
    }

    /// The number that was put there; none: it is as it came.
    pub fn get(&self, target: &Target) -> Option<f64> {
        self.0.get(target).copied()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, f64)> {
        self.0.iter().map(|(target, value)| (target, *value))
    }

    /// Puts a number somewhere, or takes it away again; gives what was there. Nothing happens where the number is not
    /// finite, or where there are [`MOST_EDITS`] already.
    pub fn put(&mut self, target: Target, value: Option<f64>) -> Option<f64> {
        match value {
            None => self.0.remove(&target),
            Some(value) if !value.is_finite() => self.get(&target),
            Some(_) if self.len() >= MOST_EDITS && !self.0.contains_key(&target) => None,
            // Zero has one sign only, so that a link gives the same bits.
            Some(value) => self.0.insert(target, value + 0.0),
        }
    }

    /// What a unit is held at, at a step.
    pub fn held(&self, layer: usize, name: &Symbol, unit: usize, step: usize) -> Option<f64> {
        // Asked for every number that is drawn: most models have nothing held.
        if !self.holds_something() {
            return None;
        }
        let at = |step| self.get(&Target::Held { layer, name: name.clone(), unit, step });
        at(Some(step)).or_else(|| at(None))
    }

    /// Whether any unit is held.
    pub fn holds_something(&self) -> bool {
        // Holds are the last of the order.
        self.0.last_key_value().is_some_and(|(target, _)| target.is_held())
    }

    /// Changes a model and its input (B = 1).
    pub fn apply(&self, model: &mut Model<f64>, input: &mut TraceInput<f64>) -> Applied {
        let mut applied = Applied { edits: self.clone(), ..Applied::default() };
        for (target, value) in self.iter() {
            let came = number_at(model, input, target);
            if put(model, input, target, value).is_none() {
                applied.waiting += 1;
            } else if let Some(came) = came {
                applied.came.insert(target.clone(), came);
            }
        }
        applied
    }
}

/// Changes as they were made to one model and its input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// The changes.
    pub edits: Edits,
    /// The numbers that stood where others stand now.
    pub came: BTreeMap<Target, f64>,
    /// How many changes have no place in this model: with another cell or sentence, a matrix may be gone. They wait.
    pub waiting: usize,
}

/// The number that stands at a place of a model and its input without any change; none where there is none, and for
/// what an equation computes.
pub fn number_at(model: &Model<f64>, input: &TraceInput<f64>, target: &Target) -> Option<f64> {
    match target {
        Target::Weight { layer, name, row, column } => {
            model.weight(*layer, name)?.get((*row, *column)).copied()
        }
        Target::Input { step, row } => input.x.get((*step, *row, 0)).copied(),
        Target::Initial { layer, name, row } => {
            let layer_of = model.layers.get(*layer)?;
            let state = layer_of.cell.states.iter().position(|state| state == name)?;
            let given = input.initial.get(*layer).and_then(|states| states.get(state));
            let value = given.map_or(Some(0.0), |values| values.get((*row, 0)).copied());
            value.filter(|_| *row < layer_of.hidden)
        }
        Target::Held { .. } => None,
    }
}

fn weight<'m>(model: &'m mut Model<f64>, target: &Target) -> Option<&'m mut f64> {
    let Target::Weight { layer, name, row, column } = target else { return None };
    let weights = match layer {
        Some(layer) => &mut model.layers.get_mut(*layer)?.weights,
        None => &mut model.head.weights,
    };
    let (_, matrix) = weights.iter_mut().find(|(known, _)| known == name)?;
    matrix.get_mut((*row, *column))
}

fn put(model: &mut Model<f64>, input: &mut TraceInput<f64>, target: &Target, value: f64) -> Option<()> {
    match target {
        Target::Weight { .. } => *weight(model, target)? = value,
        Target::Input { step, row } => *input.x.get_mut((*step, *row, 0))? = value,
        Target::Initial { layer, name, row } => {
            let of = model.layers.get(*layer)?;
            let state = of.cell.states.iter().position(|state| state == name)?;
            // No numbers are zeros.
            input.initial.resize(model.layers.len(), Vec::new());
            let states = input.initial.get_mut(*layer)?;
            if states.is_empty() {
                *states = vec![Array2::zeros((of.hidden, 1)); of.cell.states.len()];
            }
            *states.get_mut(state)?.get_mut((*row, 0))? = value;
        }
        Target::Held { layer, name, unit, step } => {
            let steps = input.x.dim().0;
            let (from, to) = step.map_or((0, steps), |step| (step, step + 1));
            // Only what a line of the text defines: a name on the way to it is not shown as a result.
            let of = model.layers.get(*layer)?;
            let is_there = of.cell.equations.iter().any(|equation| equation.target.name == *name);
            if !is_there || *unit >= of.hidden || from >= steps {
                return None;
            }
            let (layer, name) = (*layer, name.clone());
            // In order: what is held at one step comes after what is held at all, and so goes before it.
            input.holds.push(Hold { layer, name, unit: Some(*unit), from, to, value });
        }
    }
    Some(())
}
