//! Models, initialisation, optimisers, clipping, schedules, a session that runs in slices, checkpoints.

pub mod initial;
pub mod optimiser;
pub mod settings;
pub mod trainer;
