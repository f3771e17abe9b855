//! What goes from one page to another without a link: the trained model that the Stepper opens.

use std::sync::Arc;

use leptos::prelude::*;

use crate::training::settings::RunSettings;

/// A model as it was at one update. The run it came from may still go on.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedModel {
    /// The settings that it was trained with.
    pub settings: RunSettings,
    /// Updates done.
    pub step: u32,
    /// The vocabulary's symbols in order.
    pub vocabulary: Vec<String>,
    /// The trainer's checkpoint.
    pub checkpoint: Arc<Vec<u8>>,
    /// The sentence to walk through first.
    pub sentence: String,
    /// The time step to open, from 1; none: the first.
    pub time_step: Option<usize>,
}

/// The model to open; it stays until another one comes.
#[derive(Clone, Copy)]
pub struct Handover(pub RwSignal<Option<Arc<TrainedModel>>>);

/// Provides it.
pub fn provide_handover() {
    provide_context(Handover(RwSignal::new(None)));
}

/// The model to open.
pub fn use_handover() -> RwSignal<Option<Arc<TrainedModel>>> {
    expect_context::<Handover>().0
}
