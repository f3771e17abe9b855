//! Places that a link asks for and that are not there: only the network and its sentence say how far they go.

use super::StepperState;
use crate::view::stepper::{Course, Position};

/// A place beyond the last one, counted from 1; the last is shown instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beyond {
    /// The setting's key in the query.
    pub key: &'static str,
    /// What the link says.
    pub asked: usize,
    /// The last that there is.
    pub last: usize,
}

/// The places of a state that are beyond the walk's end.
pub fn beyond(state: &StepperState, course: &Course) -> Vec<Beyond> {
    let asked =
        Position { step: state.step, equation: state.equation.saturating_sub(1), direction: state.direction };
    let shown = course.clamp(asked);
    let places = [("step", state.step, shown.step), ("equation", state.equation, shown.equation + 1)];
    let found = places.into_iter().filter(|(_, asked, last)| asked > last);
    found.map(|(key, asked, last)| Beyond { key, asked, last }).collect()
}
