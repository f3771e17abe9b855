//! The editor of a reader's own cell, as far as it knows no browser: what typed names become, what each line of the text
//! says, where an error stands.

mod complete;
mod gloss;
mod place;
mod start;

pub use complete::{Completion, complete, complete_word};
pub use gloss::{Gloss, Line, Look, Piece, read};
pub use place::{byte_of, unit_of};
pub use start::{EXAMPLE_IDS, Start, start, starts, title};
