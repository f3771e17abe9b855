//! Chapter 3: recurrent networks.

mod check;
mod itemised;

pub use check::Check;
pub use itemised::Itemised;

use super::network::Wish;
use super::{Setting, Values};
use crate::engine::model::Model;
use crate::engine::presets::preset;
use crate::engine::syntax::Symbol;

/// The cells that these figures offer, by the ids of their presets.
const CELLS: [&str; 4] = ["rnn", "gru-simplified", "gru", "lstm"];
/// Seed of the weights where the reader says nothing.
const SEED: usize = 7;
/// Most seeds that a slider offers.
const SEEDS: usize = 99;

/// Sentence, cell, seed, and one of the cell's weights.
fn weight_settings(longest: usize, given: &Values) -> Vec<Setting> {
    let mut settings = vec![
        Setting::text("sentence", longest, ""),
        Setting::choice("cell", &CELLS),
        Setting::choice("weight", &[]),
        Setting::steps("seed", SEEDS, SEED),
    ];
    let names =
        preset(cell(given)).map(|preset| preset.cell.parameters.iter().map(|each| each.name.0.clone()));
    let choices: Vec<(String, Option<String>)> =
        names.into_iter().flatten().map(|name| (name.clone(), Some(name))).collect();
    // The first one that carries the state on is the one to look at.
    let first = choices.iter().find(|(name, _)| name.starts_with("W_")).map(|(name, _)| name.clone());
    settings[2].default = first.unwrap_or_default();
    settings[2].kind = super::Kind::Choice(choices);
    settings
}

fn cell(given: &Values) -> &str {
    let cell = given.text("cell");
    if CELLS.contains(&cell) { cell } else { CELLS[0] }
}

fn wish<'a>(now: &'a Values, hidden: usize) -> Wish<'a> {
    Wish {
        cell: cell(now),
        sentence: now.text("sentence"),
        hidden,
        layers: 1,
        seed: now.whole("seed") as u64,
    }
}

/// Rows and columns of a weight of the only layer; 1 × 1 where there is none.
fn shape(model: &Model<f64>, weight: &Symbol) -> (usize, usize) {
    model.weight(Some(0), weight).map_or((1, 1), |matrix| matrix.dim())
}
