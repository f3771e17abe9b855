//! Models, initialisation, optimisers, clipping, schedules, a session that runs in slices, checkpoints.

pub mod settings;
