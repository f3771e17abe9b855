//! The plain cell and the GRU, drawn alike, what is new lit.

use crate::engine::presets::preset;
use crate::engine::syntax::{Cell, Dim, Equation, Symbol};
use crate::view::figures::parts::{caption, diagram, equation, row};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};
use crate::view::markup::{Node, el};
use crate::view::number::count;

/// The plain cell beside the simplified or the full GRU.
pub struct Alike;

/// Sizes that weights are counted for: those of the chapter's exercise.
const SIZES: (usize, usize) = (4, 3);

impl Figure for Alike {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![
            Setting::choice("form", &["gru-simplified", "gru"]),
            Setting::choice("lit", &["new", "same", "mix"]),
        ]
    }

    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        preset(now.text("form")).map(|preset| preset.id)
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let (form, lit) = (now.text("form"), now.text("lit"));
        let cells = ["rnn", form].map(|id| {
            let preset = preset(id)?;
            Some((id, preset.stacked.as_ref().unwrap_or(&preset.cell)))
        });
        let mut body: Vec<Node> = Vec::new();
        let mut table = Table::new([
            words.plain("cell"),
            words.plain("equations"),
            words.plain("lit-equations"),
            words.plain("weights"),
        ]);
        for (id, cell) in cells.into_iter().flatten() {
            let places: Vec<usize> =
                (0..cell.equations.len()).filter(|place| is_lit(cell, *place, lit)).collect();
            let mut parts = vec![caption(words.plain(&format!("name-{id}"))), diagram(cell, &places)];
            parts.extend(cell.equations.iter().map(equation));
            // Each speaks of its own cell.
            body.push(el("div").class("fig-pile").attr("data-cell", id).children(parts).into());
            table.row([
                words.plain(&format!("name-{id}")),
                cell.equations.len().to_string(),
                places.len().to_string(),
                count(weights(cell) as u64),
            ]);
        }
        let sizes: Vec<usize> = cells.into_iter().flatten().map(|(_, cell)| weights(cell)).collect();
        let (of_rnn, of_gru) =
            (sizes.first().copied().unwrap_or_default(), sizes.get(1).copied().unwrap_or_default());
        let sentence = words.say(
            &format!("says-{lit}-{form}"),
            &[("rnn", &of_rnn), ("gru", &of_gru), ("a", &SIZES.0), ("x", &SIZES.1)],
        );
        Drawing { body: vec![row(body)], sentence, table }
    }
}

/// Whether an equation is lit: the gates and the mixing are new, the candidate is what the plain cell has as well.
fn is_lit(cell: &Cell, place: usize, lit: &str) -> bool {
    let Some(Equation { target, .. }) = cell.equations.get(place) else { return false };
    let name = target.name.0.as_str();
    let is_gate = target.name.letter() == "Γ";
    let is_plain = cell.states == [Symbol::from("a")];
    match lit {
        "same" => is_plain || name == "c~",
        "mix" => name == "c",
        _ => is_gate || name == "c",
    }
}

/// Weights and biases of a cell of [`SIZES`], without the output.
fn weights(cell: &Cell) -> usize {
    // No parameter of a cell has n_y in it.
    let size = |dim: Dim| dim.size(SIZES.0, SIZES.1, 1);
    cell.parameters.iter().map(|parameter| size(parameter.rows) * size(parameter.columns)).sum()
}
