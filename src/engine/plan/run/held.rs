//! Units that are held at a number, whatever their equation says.

use super::LayerRunner;
use crate::engine::kernels::Scalar;
use crate::engine::plan::Place;
use crate::engine::syntax::Symbol;

/// Units of a named value that are held, from one step to another.
#[derive(Clone, Debug)]
pub(super) struct Held<S> {
    /// The value's place among the plan's values.
    value: usize,
    /// The unit; none: all of them.
    unit: Option<usize>,
    from: usize,
    to: usize,
    number: S,
}

impl<S: Scalar> LayerRunner<S> {
    /// Holds a unit (none: all) of a named value at a number from step `from` to before step `to`, counted from 0. It
    /// takes a plan that keeps everything. Says whether there is such a value and unit.
    pub fn hold_unit(
        &mut self,
        name: &Symbol,
        unit: Option<usize>,
        (from, to): (usize, usize),
        number: S,
    ) -> bool {
        let Some(value) = self.plan.values.iter().position(|(known, ..)| known == name) else { return false };
        if unit.is_some_and(|unit| unit >= self.plan.sizes.hidden) {
            return false;
        }
        self.holds.push(Held { value, unit, from, to, number });
        true
    }

    /// The held units of a value take their numbers.
    pub(super) fn hold(&mut self, value: usize, step: usize) {
        let buffer = self.plan.values[value].1;
        self.write_held(value, buffer, step, None);
    }

    /// What has arrived at the held units of a value goes no further.
    pub(super) fn stop_at_held(&mut self, value: usize, step: usize) {
        let buffer = self.plan.values[value].2;
        self.write_held(value, buffer, step, Some(S::ZERO));
    }

    /// Writes a number, or what each is held at, into the held units of a block.
    fn write_held(&mut self, value: usize, buffer: usize, step: usize, number: Option<S>) {
        if self.holds.is_empty() {
            return;
        }
        let range = self.range(Place { buffer, previous: false }, step);
        let rows = self.plan.buffers[buffer].rows;
        for held in self.holds.iter().filter(|held| held.value == value) {
            if !(held.from..held.to).contains(&step) {
                continue;
            }
            for sample in self.numbers[range.clone()].chunks_exact_mut(rows) {
                let units = match held.unit {
                    Some(unit) => sample.get_mut(unit..=unit),
                    None => Some(sample),
                };
                if let Some(units) = units {
                    units.fill(number.unwrap_or(held.number));
                }
            }
        }
    }
}
