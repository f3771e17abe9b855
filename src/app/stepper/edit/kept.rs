//! What can be taken back outlives the page as it is drawn: in the other language it is drawn anew.

use leptos::prelude::*;

use crate::view::stepper::edits::{Edits, History};

/// The history, and the changes as it last left them.
#[derive(Clone, Copy)]
pub struct Kept {
    /// What can be taken back.
    pub history: RwSignal<History>,
    /// Changes that are others came from elsewhere, and there is nothing of them to take back.
    pub known: StoredValue<Edits>,
}

/// Provides it to every page.
pub fn provide_kept() {
    let (history, known) = (RwSignal::new(History::default()), StoredValue::new(Edits::default()));
    provide_context(Kept { history, known });
}
