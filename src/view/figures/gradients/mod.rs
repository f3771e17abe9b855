//! Chapter 6: vanishing and exploding gradients.

mod clipping;
mod diverging;
mod jacobians;
mod remedies;
mod setup;
mod vanishing;

pub use clipping::Clipping;
pub use diverging::Diverging;
pub use jacobians::Jacobians;
pub use remedies::Remedies;
pub use vanishing::Vanishing;

/// Most characters of a sentence.
const LONGEST: usize = 48;
/// Seed of the weights where the reader says nothing.
const SEED: usize = 7;
/// Most seeds that are offered.
const SEEDS: usize = 99;
