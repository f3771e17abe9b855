//! What is drawn over the numbers that a reader has changed, so that they are known without colour: a corner where a
//! number was typed over, a bar at the foot where a unit is held.

use ndarray::Array2;

use super::Part;
use super::model::StepperModel;
use super::opening::{Block, Numbers, Standing};
use super::spell::Entry;
use super::subject::Subject;
use super::window::Places;

/// What happened to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was typed over.
    Changed,
    /// Its unit is held.
    Held,
}

impl Mark {
    /// The class that draws it.
    pub fn class(self) -> &'static str {
        match self {
            Mark::Changed => "mark-changed",
            Mark::Held => "mark-held",
        }
    }

    /// Its path in a cell.
    pub fn path(self, x: f64, y: f64, width: f64, height: f64) -> String {
        match self {
            Mark::Changed => {
                let size = (height / 3.0).clamp(4.5, 7.0).min(width).min((height - 1.0).max(3.0));
                format!("M{:.1} {y:.1}h{size:.1}v{size:.1}z", x + width - 1.0 - size)
            }
            Mark::Held => {
                let thick = (height / 5.0).clamp(1.5, 3.0);
                format!(
                    "M{x:.1} {:.1}h{:.1}v{thick:.1}h-{:.1}z",
                    y + height - 1.0 - thick,
                    width - 1.0,
                    width - 1.0
                )
            }
        }
    }
}

/// The marks of a block's entries: kind, left, top, width, height.
pub fn of(
    model: &StepperModel,
    rows: &Places,
    columns: &Places,
    subject_at: impl Fn(Entry) -> Option<Subject>,
) -> Vec<(Mark, f64, f64, f64, f64)> {
    let edits = &model.applied.edits;
    if edits.is_empty() {
        return Vec::new();
    }
    let mark = |subject: &Subject| match subject {
        Subject::Given(target) => edits.get(target).map(|_| Mark::Changed),
        Subject::Value { part: Part::Layer(layer), name, step, row } => {
            edits.held(*layer, name, *row, *step).map(|_| Mark::Held)
        }
        _ => None,
    };
    let mut marks = Vec::new();
    for (row, y, height) in &rows.entries {
        for (column, x, width) in &columns.entries {
            let found = subject_at(Entry { row: *row, column: *column });
            if let Some(mark) = found.as_ref().and_then(mark) {
                marks.push((mark, *x, *y, *width, *height));
            }
        }
    }
    marks
}

/// How far a block's numbers, of a line of this part at a step (from 0), are from those of the model before the changes;
/// none where the block is a part of a sum, which has no such number.
pub fn differences(before: &StepperModel, part: Part, step: usize, block: &Block) -> Option<Array2<f64>> {
    if matches!(block.standing, Standing::Before | Standing::Added) {
        return None;
    }
    let was = before.at(part, step).of(&block.label)?;
    (was.dim() == block.values.dim()).then(|| &block.values - &was)
}
