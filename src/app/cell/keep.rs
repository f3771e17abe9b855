//! The reader's own cell: one text for Stepper, Lab and its own page. It outlives the pages and a reload.
//!
//! It is a few hundred bytes, so it is stored at every key, in `localStorage`. A text that comes from elsewhere (a link,
//! another cell to begin from) never takes its place without a way back: what stood there is kept beside it.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::start::in_words;
use crate::app::browser::{CELL_BEFORE_KEY, CELL_KEY, is_remembered, remember, remembered, window};
use crate::app::classroom::use_classroom;
use crate::engine::syntax::{MAX_LINE_LENGTH, MAX_LINES};
use crate::training::settings::CellChoice;
use crate::view::editor::{start, starts};
use crate::view::formula::Notation;
use crate::view::link::StepperState;

/// What a reader begins from who has written nothing.
const FIRST: &str = "lstm";

/// The own cell.
#[derive(Clone, Copy)]
pub struct OwnCell {
    /// The text.
    pub text: RwSignal<String>,
    /// Counts texts that came from outside of the editor, so that the editor takes them.
    pub revision: RwSignal<u32>,
    /// A text that the editor takes in place of its own, as if it were typed.
    pub wanted_text: RwSignal<Option<String>>,
    /// The text whose place this one took.
    pub before: RwSignal<Option<String>>,
    /// Whose letters its page writes formulas in.
    pub notation: RwSignal<Notation>,
    /// What the Stepper opens next.
    pub for_stepper: RwSignal<Option<StepperState>>,
    /// False once the browser has refused to store the text.
    pub is_kept: RwSignal<bool>,
    /// Whether the text may be stored: not while a link's is only looked at.
    may_store: StoredValue<bool>,
    /// A page inside another one changes nothing of what the reader has here.
    is_embedded: bool,
}

/// Provides it.
pub fn provide_own_cell() {
    let first = || start(FIRST).map(in_words).unwrap_or_default();
    let own = OwnCell {
        text: RwSignal::new(remembered(CELL_KEY).unwrap_or_else(first)),
        revision: RwSignal::new(0),
        wanted_text: RwSignal::new(None),
        before: RwSignal::new(remembered(CELL_BEFORE_KEY).filter(|text| !text.is_empty())),
        notation: RwSignal::new(Notation::default()),
        for_stepper: RwSignal::new(None),
        is_kept: RwSignal::new(true),
        may_store: StoredValue::new(true),
        is_embedded: use_classroom().lesson.with_untracked(|lesson| lesson.embed),
    };
    provide_context(own);
}

/// The own cell.
pub fn use_own_cell() -> OwnCell {
    expect_context()
}

impl OwnCell {
    /// It as a choice of Stepper and Lab.
    pub fn choice(self) -> CellChoice {
        CellChoice::Own(self.text.get_untracked())
    }

    /// The reader has typed. The link that the text may have come from is taken out of the address.
    pub fn typed(self, text: String) {
        if self.text.with_untracked(|old| *old == text) {
            return;
        }
        if self.is_embedded {
            self.text.set(text);
            return;
        }
        if !self.may_store.get_value() {
            self.may_store.set_value(true);
            let path = window().location().pathname().unwrap_or_default();
            if let Ok(history) = window().history() {
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
            }
            self.before.with_untracked(|before| {
                if let Some(before) = before {
                    remember(CELL_BEFORE_KEY, before);
                }
            });
        }
        self.is_kept.set(is_remembered(CELL_KEY, &text));
        self.text.set(text);
    }

    /// The editor takes another text in place of this one: it can be brought back.
    pub fn put_aside(self, new: &str) {
        // A link's text is in the link; the reader's own from before it stays what is brought back.
        if !self.may_store.get_value() && self.before.with_untracked(Option::is_some) {
            return;
        }
        let old = self.text.get_untracked();
        let is_given = old.trim().is_empty() || starts().iter().any(|start| start.is(&old));
        if old != new && !is_given {
            if self.may_store.get_value() && !self.is_embedded {
                remember(CELL_BEFORE_KEY, &old);
            }
            self.before.set(Some(old));
        }
    }

    /// Another page hands its cell over to be changed.
    pub fn edit(self, text: &str) {
        self.put_aside(text);
        self.typed(text.to_owned());
        self.revision.update(|revision| *revision = revision.wrapping_add(1));
    }

    /// A link's cell, stored only once the reader changes it.
    pub fn look(self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.put_aside(text);
        self.may_store.set_value(false);
        self.text.set(text.to_owned());
        self.revision.update(|revision| *revision = revision.wrapping_add(1));
    }

    /// Changes places with the text before.
    pub fn bring_back(self) {
        if let Some(before) = self.before.get_untracked() {
            self.edit(&before);
        }
    }
}

/// A text of which no more is kept than a cell may have, by bytes: what is pasted may be anything.
pub fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_LINES * MAX_LINE_LENGTH * 4)]
}
