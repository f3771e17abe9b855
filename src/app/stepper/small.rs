//! A small model that is trained for the stepper in the reader's browser.

use std::sync::Arc;

use leptos::prelude::*;

use super::weights::{Trained, WeightsState};

/// What links call it.
pub const ID: &str = "small";

/// The small model, once it is trained.
pub fn provide() -> Signal<Result<Arc<Trained>, WeightsState>> {
    Signal::stored(Err(WeightsState::Missing))
}
