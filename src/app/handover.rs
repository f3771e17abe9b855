//! What goes from one page to another without a link: the trained model that the Stepper opens.

use std::sync::Arc;

use leptos::prelude::*;

use crate::training::settings::RunSettings;
use crate::view::link::Shared;

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

/// What the Stepper showed when it was left, and the model that had been handed over then: who comes back finds it so,
/// unless another model has come.
#[derive(Clone)]
pub struct Left {
    /// Everything that a link would hold.
    pub state: Shared,
    /// The model.
    pub model: Option<Arc<TrainedModel>>,
}

#[derive(Clone, Copy)]
struct LastLeft(StoredValue<Option<Left>>);

/// Provides both.
pub fn provide_handover() {
    provide_context(Handover(RwSignal::new(None)));
    provide_context(LastLeft(StoredValue::new(None)));
}

/// What the Stepper showed when it was left; nothing before it was opened.
pub fn use_left() -> StoredValue<Option<Left>> {
    expect_context::<LastLeft>().0
}

/// The model to open.
pub fn use_handover() -> RwSignal<Option<Arc<TrainedModel>>> {
    expect_context::<Handover>().0
}
