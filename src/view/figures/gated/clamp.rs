//! Gates held at a value, for one unit or all, from one step to another.

use super::UNITS;
use crate::engine::model::Model;
use crate::engine::trace::{self, Trace, TraceInput, trace};
use crate::view::stepper::edits::{Edits, Target};

/// A gate of the only layer that is held.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// The gate: `Γ_u`.
    pub gate: &'static str,
    /// The unit, from 0; none: all of them.
    pub unit: Option<usize>,
    /// The value.
    pub value: f64,
    /// The first step that it is held at, from 0.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

/// The trace of a model with gates held; none where the cell has no such gate.
pub fn held(model: &Model<f64>, input: &TraceInput<f64>, holds: &[Hold]) -> Option<Trace<f64>> {
    let holds = holds.iter().map(|hold| trace::Hold {
        layer: 0,
        name: hold.gate.into(),
        unit: hold.unit,
        from: hold.from,
        to: hold.to,
        value: hold.value,
    });
    trace(model, &TraceInput { holds: holds.collect(), ..input.clone() }).ok()
}

/// Puts the same holds among what the Stepper changes. What is held at all of so many steps is said once a unit.
pub(super) fn hand_over(holds: &[Hold], steps: usize, edits: &mut Edits) {
    for hold in holds {
        let units = hold.unit.map_or(0..UNITS, |unit| unit..unit + 1);
        for unit in units {
            let at = |step| Target::Held { layer: 0, name: hold.gate.into(), unit, step };
            if hold.from == 0 && hold.to == steps {
                edits.put(at(None), Some(hold.value));
                continue;
            }
            for step in hold.from..hold.to {
                edits.put(at(Some(step)), Some(hold.value));
            }
        }
    }
}
