//! Models, initialisation, optimisers, clipping, schedules, a session that runs in slices, checkpoints.

pub mod checkpoint;
pub mod choice;
pub mod initial;
pub mod limits;
pub mod measures;
pub mod optimiser;
pub mod report;
pub mod session;
pub mod settings;
pub mod study;
pub mod task;
pub mod trainer;
pub mod tuning;
pub mod writer;
