//! What can be taken back outlives the page as it is drawn: in the other language it is drawn anew.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::files::OpenedFile;
use crate::view::link::StepperState;
use crate::view::stepper::edits::{Edits, History};

/// All that the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// What a link would hold.
    pub state: StepperState,
    /// The network of a file.
    pub file: Option<Arc<OpenedFile>>,
}

/// The history, and the changes as it last left them.
#[derive(Clone, Copy)]
pub struct Kept {
    /// What can be taken back.
    pub history: RwSignal<History<Scene>>,
    /// Changes that are others came from elsewhere, and there is nothing of them to take back.
    pub known: StoredValue<Edits>,
}

impl Kept {
    /// A file takes the place of what was there, in one step that can be taken back.
    pub fn replace(self, before: Scene, now: &StepperState) {
        self.history.update(|history| history.replace(before, 0, false));
        self.known.set_value(now.edits.clone());
    }
}

/// Provides it to every page.
pub fn provide_kept() {
    let (history, known) = (RwSignal::new(History::default()), StoredValue::new(Edits::default()));
    provide_context(Kept { history, known });
}

/// What can be taken back.
pub fn use_kept() -> Kept {
    expect_context()
}
