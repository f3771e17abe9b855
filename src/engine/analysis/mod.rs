//! What a reader asks of a finished trace: how a state depends on an earlier one, which step a gradient came from,
//! whether the derived gradients are right. Naive and on demand: nothing here runs while training.

mod check;
mod itemised;
mod jacobian;
mod kinks;
mod scope;
mod spectrum;

pub use check::{CheckedWeight, GradientCheck};
pub use itemised::{Itemised, ItemisedPart, itemise};
pub use jacobian::{AnalysisError, product_back_to, state_jacobian};
pub use scope::LayerAtStep;
pub use spectrum::{spectral_norm, spectral_radius, with_spectral_radius};
