//! What a link holds, for a sentence about it.

use super::{LeftOut, Link, Shared, Tool, WeightsFrom};
use crate::training::settings::{CellChoice, TextSource};

/// Something that a link holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The settings of a run, its seed included.
    Settings,
    /// A sample, by its name.
    Sample,
    /// The reader's own text, in bytes.
    Text(usize),
    /// A reader's own cell.
    Cell,
    /// Changes made while the run went on.
    Changes(usize),
    /// The updates that opening the link makes again, to the same digits.
    Trained(u32),
    /// The sentence, its place and the letters.
    Place,
    /// Numbers that the reader has changed in the Stepper.
    Edits(usize),
    /// The seed of random weights.
    Seed,
    /// Weights themselves.
    Weights(usize),
}

/// What the link to a page's state holds, in the order in which it is said.
pub fn held(state: &Shared, link: &Link, tool: Tool) -> Vec<Held> {
    let has = |part: LeftOut| !link.left_out.contains(&part);
    let is_of_run =
        tool == Tool::Lab || tool == Tool::Stepper && state.stepper.weights == WeightsFrom::Trained;
    let mut found = Vec::new();
    let cell = if is_of_run { &state.run.model.cell } else { &state.stepper.cell };
    if tool == Tool::Stepper {
        found.push(Held::Place);
    }
    if is_of_run {
        found.push(Held::Settings);
        match &state.run.text.source {
            TextSource::Sample(_) => found.push(Held::Sample),
            TextSource::Own(text) if has(LeftOut::Text) => found.push(Held::Text(text.len())),
            TextSource::Own(_) => {}
        }
        if !state.run.changes.is_empty() && has(LeftOut::Changes) {
            found.push(Held::Changes(state.run.changes.len()));
        }
        // Without the changes it is not the same digits.
        if state.trained > 0 && has(LeftOut::Changes) {
            found.push(Held::Trained(state.trained));
        }
    }
    if matches!(cell, CellChoice::Own(_)) && has(LeftOut::Cell) {
        found.push(Held::Cell);
    }
    if tool == Tool::Stepper {
        match state.stepper.weights {
            WeightsFrom::Random { .. } | WeightsFrom::Preset(_) => found.push(Held::Seed),
            WeightsFrom::Given if has(LeftOut::Weights) => found.push(Held::Weights(state.weights.len())),
            WeightsFrom::File if has(LeftOut::Weights) => {
                let count = |network: &super::Network| Held::Weights(network.weights.len());
                found.extend(state.network.as_ref().map(count));
            }
            WeightsFrom::Given | WeightsFrom::Trained | WeightsFrom::File => {}
        }
        if !state.stepper.edits.is_empty() && has(LeftOut::Changes) {
            found.push(Held::Edits(state.stepper.edits.len()));
        }
    }
    found
}

/// Whether the weights in view were trained in the Lab: they do not travel, whoever opens the link trains them again.
pub fn trains_again(state: &Shared) -> bool {
    state.stepper.weights == WeightsFrom::Trained
}
