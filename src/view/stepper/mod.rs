//! The stepper without its page: what there is to walk along, where one stands, which numbers belong there.

pub mod blocks;
pub mod cells;
mod compared;
pub mod differences;
pub mod digits;
pub mod edits;
pub mod finite;
mod fit;
pub mod lines;
pub mod marks;
pub mod matrix;
pub mod model;
mod observation;
pub mod opened;
pub mod opened_line;
pub mod opening;
mod outer;
mod position;
pub mod room;
mod scope;
pub mod sequence;
pub mod shares;
pub mod spell;
pub mod strip;
pub mod subject;
pub mod sums;
pub mod task;
pub mod terms;
pub mod window;

pub use observation::{Observation, observe_gradient, observe_loss, observe_prediction, observe_value};
pub use position::{Course, Direction, Part, Position, Section};
pub use scope::AtStep;

/// Most hidden units that the page steps through with random weights.
pub const MOST_HIDDEN: usize = 64;
