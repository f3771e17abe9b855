//! Figures that need neither the engine nor training stand in a small wasm file of their own, so that a visit to the
//! first chapters is a light one. The build reads this list too, which therefore holds nothing but names.

/// Their names.
pub const FIRST: [&str; 6] = ["cut", "batch", "vocabulary", "one-hot", "padding-task", "column-task"];
