//! What the settings choose: the cell, the sizes of the model, the start values of its columns.

use std::sync::Arc;

use super::report::Refusal;
use super::settings::{CellChoice, ModelSettings};
use crate::engine::architecture::{Architecture, LayerShape};
use crate::engine::facts::Facts;
use crate::engine::kin;
use crate::engine::options;
use crate::engine::presets;
use crate::engine::syntax::{Cell, SyntaxError, parse_cell};

/// The cells and sizes of a model for a vocabulary of `symbols`, options included.
///
/// # Errors
/// When the cell cannot be read, or an option does not go with it.
pub fn architecture(model: &ModelSettings, symbols: usize) -> Result<Architecture, Refusal> {
    let mut shapes: Vec<LayerShape> = Vec::with_capacity(model.layers);
    for cell in options::layers(&cell_of(&model.cell)?, &model.options, model.layers)? {
        // Layers of the same text share what is derived from it.
        let shape = match shapes.last() {
            Some(below) if Arc::ptr_eq(&below.cell, &cell) => below.clone(),
            _ => LayerShape::new(cell, model.hidden),
        };
        shapes.push(shape);
    }
    let head = Arc::new(presets::softmax_head());
    Ok(Architecture { layers: shapes, head, input: symbols, output: symbols })
}

/// The cell that was chosen.
///
/// # Errors
/// When there is no such preset, or the text has an error.
pub fn cell_of(choice: &CellChoice) -> Result<Arc<Cell>, Refusal> {
    match choice {
        CellChoice::Preset(id) => presets::preset(id)
            .map(|preset| Arc::new(preset.cell.clone()))
            .ok_or_else(|| Refusal::NoSuchCell { id: id.clone() }),
        CellChoice::Own(text) => parse_cell(text).map(Arc::new).map_err(|errors| {
            let first = errors.into_iter().next();
            first.as_ref().map_or(Refusal::EmptyText, cell_error)
        }),
    }
}

/// What is known of a cell's symbols. Of the reader's own it is what [`kin::facts`] finds.
pub fn facts_of(choice: &CellChoice) -> Option<&'static Facts> {
    match choice {
        CellChoice::Preset(id) => presets::preset(id).map(|preset| &preset.facts),
        CellChoice::Own(text) => parse_cell(text).ok().as_ref().and_then(kin::facts),
    }
}

/// Start values of columns, where a preset's facts give one (forget bias 1), else 0.
pub fn start_values(choice: &CellChoice) -> impl Fn(&str) -> f64 + use<> {
    let facts = facts_of(choice);
    move |name| {
        let known = facts.and_then(|facts| facts.symbols.iter().find(|symbol| symbol.name.0 == name));
        known.and_then(|symbol| symbol.start).unwrap_or(0.0)
    }
}

/// An error in a cell's text, as the page is told of it.
pub(super) fn cell_error(error: &SyntaxError) -> Refusal {
    let arguments = error.kind.arguments().into_iter().map(|(name, value)| (name.to_owned(), value));
    Refusal::CellError {
        line: error.line,
        column: error.column,
        code: error.kind.code().to_owned(),
        arguments: arguments.collect(),
    }
}
