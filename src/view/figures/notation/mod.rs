//! Chapter 1: a sequence in pieces.

mod batch;
mod cut;

pub use batch::Batch;
pub use cut::Cut;
