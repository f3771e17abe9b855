//! Whose letters the formulas are written in.

use leptos::prelude::*;

use super::state::use_stepper;
use super::words;
use crate::app::browser::{LETTERS_KEY, remember};
use crate::app::language::say;
use crate::app::parts::{Menu, MenuItem};
use crate::view::formula::Notation;

/// Whose letters: the numbers stay.
#[component]
pub fn Letters() -> impl IntoView {
    let stepper = use_stepper();
    let notation = stepper.notation;
    let value = Signal::derive(move || notation.get().id().to_owned());
    let label =
        Signal::derive(move || format!("{}: {}", say!(stepper.notation), words::library(notation.get())));
    let items = Signal::derive(move || {
        // A reader's own cell has the letters of what it shares with a cell of theirs, or none.
        let facts = stepper.model.with(|model| model.as_ref().map(|model| model.0.facts));
        let note = |notation| match (notation, facts) {
            (Notation::Notes, _) => say!(stepper.notation_notes_note),
            (_, Some(None)) => say!(stepper.notation_own_note),
            (_, Some(Some(facts))) if facts.is_kin => say!(stepper.notation_kin_note),
            _ => say!(stepper.notation_other_note),
        };
        let item = |notation: Notation| MenuItem {
            value: notation.id().into(),
            text: words::library(notation).into(),
            note: note(notation).into(),
        };
        Notation::ALL.map(item).to_vec()
    });
    let choose = Callback::new(move |chosen: String| {
        let notation = Notation::from_id(&chosen);
        remember(LETTERS_KEY, notation.id());
        stepper.state.update(|state| state.notation = notation);
    });
    view! { <Menu label items value on_choose=choose testid="stepper-notation"/> }
}
