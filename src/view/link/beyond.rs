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

/// The places of a link that are beyond the walk's end, as long as what is there now is what the link asks for: the same
/// network and sentence, and no move since.
pub fn beyond(link: &StepperState, now: &StepperState, course: &Course) -> Vec<Beyond> {
    let is_network = now.cell == link.cell && now.hidden == link.hidden && now.weights == link.weights;
    let is_place = (now.step, now.equation, now.direction) == (link.step, link.equation, link.direction);
    if !is_network || !is_place || now.sentence != link.sentence {
        return Vec::new();
    }
    let asked =
        Position { step: link.step, equation: link.equation.saturating_sub(1), direction: link.direction };
    let shown = course.clamp(asked);
    let places = [("step", link.step, shown.step), ("equation", link.equation, shown.equation + 1)];
    let found = places.into_iter().filter(|(_, asked, last)| asked > last);
    found.map(|(key, asked, last)| Beyond { key, asked, last }).collect()
}
