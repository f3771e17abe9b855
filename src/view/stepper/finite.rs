//! Where numbers of a model stop being finite.

use super::lines::Line;
use super::model::StepperModel;
use super::opening::Numbers;
use super::position::{Direction, Position};

/// The first equation of the first step that gives a number which is not finite; none where all of the loss is.
pub fn first_not_finite(model: &StepperModel) -> Option<Position> {
    if model.trace.loss_sum.is_finite() {
        return None;
    }
    let lines = model.lines.along(Direction::Forward);
    (0..model.steps()).find_map(|step| {
        let is_broken = |line: &Line| {
            let scope = model.at_line(line, step);
            let values = line.targets.iter().filter_map(|target| scope.of(target));
            values.into_iter().any(|values| values.iter().any(|value| !value.is_finite()))
        };
        let equation = lines.iter().position(is_broken)?;
        Some(Position { step: step + 1, equation, direction: Direction::Forward })
    })
}
