//! What the text says at this moment, as memos that everything on the page reads.

use std::sync::Arc;

use leptos::prelude::*;

use super::keep::OwnCell;
use crate::engine::facts::Facts;
use crate::engine::kin;
use crate::engine::syntax::{Cell, SyntaxError, parse_cell, shapes_so_far};
use crate::view::editor::{Line, read};
use crate::view::formula::{NoFacts, Notation, Typesetter};

/// A text that has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Its lines, each with what stands under it.
    pub lines: Vec<Line>,
    /// The cell, or everything that is wrong.
    pub cell: Result<Arc<Cell>, Vec<SyntaxError>>,
}

/// A cell with what is known of its symbols.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The cell.
    pub cell: Arc<Cell>,
    /// Its letters in other notations.
    pub facts: Option<&'static Facts>,
}

impl Known {
    /// How its formulas are written.
    pub fn letters(&self, notation: Notation) -> Typesetter<'static> {
        let facts = self.facts.map_or(&NoFacts as &'static dyn crate::view::formula::Facts, |facts| facts);
        Typesetter { notation, step: None, facts }
    }
}

/// The memos. They are handed around by copy.
#[derive(Clone, Copy)]
pub struct Reading {
    /// The text as it is.
    pub now: Memo<Read>,
    /// The last text that could be read: what is drawn while there are errors.
    pub last: Memo<Option<Known>>,
    /// Everything that is wrong with it.
    pub errors: Memo<Vec<SyntaxError>>,
    /// Whether the text as it is has errors.
    pub is_wrong: Memo<bool>,
    /// The line, from 0, in which the caret stands.
    pub caret_line: RwSignal<usize>,
    /// A place that the editor is asked to go to: line and column from 1, length, all in characters as a reader counts.
    pub wanted: RwSignal<Option<(usize, usize, usize)>>,
}

impl Reading {
    /// Reads the text whenever it changes.
    pub fn new(own: OwnCell) -> Reading {
        let now = Memo::new(move |_| own.text.with(|text| read_text(text)));
        let last = Memo::new(move |before: Option<&Option<Known>>| {
            let cell = now.with(|now| now.cell.as_ref().ok().cloned());
            match cell {
                Some(cell) => Some(Known { facts: kin::facts(&cell), cell }),
                None => before.cloned().flatten(),
            }
        });
        let errors = Memo::new(move |_| now.with(|now| now.cell.as_ref().err().cloned().unwrap_or_default()));
        let is_wrong = Memo::new(move |_| now.with(|now| now.cell.is_err()));
        Reading { now, last, errors, is_wrong, caret_line: RwSignal::new(0), wanted: RwSignal::new(None) }
    }
}

fn read_text(text: &str) -> Read {
    match parse_cell(text) {
        Ok(cell) => Read { lines: read(text, &[], &cell.parameters), cell: Ok(Arc::new(cell)) },
        Err(errors) => Read { lines: read(text, &errors, &shapes_so_far(text)), cell: Err(errors) },
    }
}
