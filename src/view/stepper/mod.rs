//! The stepper's state as a pure function of where one stands: going back is as free as going on.

mod observation;
mod position;

pub use observation::{Observation, observe_gradient, observe_loss, observe_prediction, observe_value};
pub use position::{Course, Direction, Part, Position, Section};
