//! What can be taken back outlives the page as it is drawn: in the other language it is drawn anew.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::files::OpenedFile;
use crate::app::handover::TrainedModel;
use crate::view::link::StepperState;
use crate::view::stepper::edits::History;
use crate::view::stepper::sequence::Sequence;

/// All that the page shows. The numbers and the run of a link are no part of it: the history ends with the link.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// What a link would hold.
    pub state: StepperState,
    /// The network of a file.
    pub file: Option<Arc<OpenedFile>>,
    /// The network that was handed over.
    pub model: Option<Arc<TrainedModel>>,
}

/// What stood there before the sentence or its vocabulary became another: changed inputs are still to follow.
#[derive(Clone, Debug)]
pub struct ToFollow {
    /// Symbol by symbol.
    pub sequence: Sequence,
    /// As a whole.
    pub before: Scene,
    /// Whether the sentence is still being typed.
    pub is_typed: bool,
}

/// The history, and what is about to become a step of it.
#[derive(Clone, Copy)]
pub struct Kept {
    /// What can be taken back.
    pub history: RwSignal<History<Scene>>,
    /// None: every changed input is where its symbol is.
    pub to_follow: StoredValue<Option<ToFollow>>,
}

impl Kept {
    /// A file takes the place of what was there, in one step that can be taken back. It brought its own changes.
    pub fn replace(self, before: Scene) {
        self.to_follow.set_value(None);
        self.history.update(|history| history.replace(before, 0, false));
    }

    /// Something else came from elsewhere: there is nothing of it to take back.
    pub fn forget(self) {
        self.to_follow.set_value(None);
        self.history.set(History::default());
    }
}

/// Provides it to every page.
pub fn provide_kept() {
    provide_context(Kept { history: RwSignal::new(History::default()), to_follow: StoredValue::new(None) });
}

/// What can be taken back.
pub fn use_kept() -> Kept {
    expect_context()
}
