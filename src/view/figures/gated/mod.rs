//! Chapters 7 and 8: cells with gates, on the reader's sentence, with random weights or with trained ones.

mod about_cell;
mod alike;
mod beside;
mod clamp;
mod distractor;
mod gates;
mod learnt;
mod memory;
mod mixing;
mod relevance;
mod reset;
mod roles;
mod runs;
mod spread;
mod walk;

pub use about_cell::Learns;
pub use alike::Alike;
pub use beside::Beside;
pub use clamp::{Hold, held};
pub use distractor::Distractor;
pub use gates::Gates;
pub use learnt::Learnt;
pub use memory::Memory;
pub use mixing::Mixing;
pub use relevance::Relevance;
pub use reset::Reset;
pub use roles::Roles;
pub use walk::Walk;

use ndarray::{Array2, s};

use super::parts::{Cell, named, scroller};
use super::{Setting, Values, Words};
use crate::engine::syntax::Symbol;
use crate::engine::trace::{LayerTrace, Trace};
use crate::language::visible::visible;
use crate::view::colour::heat_class;
use crate::view::markup::{Node, el};
use crate::view::number::fixed;
use crate::view::stepper::model::StepperModel;

/// Hidden units of these figures' cells, `n_a`: few enough for a row each.
pub const UNITS: usize = 5;
/// Most characters of the sentence.
const LONGEST: usize = 40;
/// Most characters of the text that is trained on.
const LONGEST_TEXT: usize = 2000;

/// The sentence.
fn sentence() -> Setting {
    Setting::text("sentence", LONGEST, "the cat sat")
}

/// The text that a figure's model can be trained on.
fn training_text() -> Setting {
    Setting::lines("text", LONGEST_TEXT, 2, "")
}

/// Whether there is nothing to read.
fn is_blank(now: &Values) -> bool {
    now.text("sentence").trim().is_empty()
}

/// A value of the layer at a step (from 0) in a unit (from 0); not-a-number where there is none.
fn at(layer: &LayerTrace<f64>, name: &str, step: usize, unit: usize) -> f64 {
    let value = layer.value(&Symbol::from(name));
    value.and_then(|value| value.get((step, unit, 0))).copied().unwrap_or(f64::NAN)
}

/// A state at the step before a step (from 0).
fn before(layer: &LayerTrace<f64>, name: &str, step: usize, unit: usize) -> f64 {
    let first = || {
        let (_, state) = layer.initial.iter().find(|(known, _)| known.0 == name)?;
        state.get((unit, 0)).copied()
    };
    if step == 0 { first().unwrap_or(0.0) } else { at(layer, name, step - 1, unit) }
}

/// What `x<t>` adds to a row of a matrix over `[a<t-1>, x<t>]`.
fn news(matrix: &Array2<f64>, layer: &LayerTrace<f64>, step: usize, row: usize) -> f64 {
    let x = layer.x.slice(s![step, .., 0]);
    x.iter().enumerate().map(|(entry, x)| matrix.get((row, UNITS + entry)).map_or(0.0, |w| w * x)).sum()
}

/// The only layer of a trace.
fn layer(trace: &Trace<f64>) -> Option<&LayerTrace<f64>> {
    trace.layers.first()
}

/// The heads of a grid with a column a step: what is read at each.
fn step_heads(model: &StepperModel, corner: &str) -> Vec<Cell> {
    let symbols = (0..model.steps()).map(|step| {
        let symbol = model.sequence.input(step).map(|symbol| visible(symbol).into_owned());
        Cell::new(symbol.unwrap_or_else(|| "0".to_owned())).class("fig-index")
    });
    std::iter::once(Cell::new(corner).class("fig-index")).chain(symbols).collect()
}

/// A row of a heat map that is only looked at.
fn heat_row(
    name: String,
    values: impl IntoIterator<Item = f64>,
    full: f64,
    decimals: usize,
) -> (Cell, Vec<Cell>) {
    let cell =
        |value| Cell::new(fixed(value, decimals)).class(format!("{} fig-cell", heat_class(value, full)));
    (Cell::new(name).class("fig-index"), values.into_iter().map(cell).collect())
}

/// Sentences one after the other, as the language sets them.
fn joined(sentences: &[String], words: &Words) -> String {
    let pair = |one: String, other: &String| words.say("then", &[("one", &one), ("other", other)]);
    match sentences.split_first() {
        Some((first, rest)) => rest.iter().fold(first.clone(), pair),
        None => String::new(),
    }
}

/// The symbol that goes in at a step (from 0), as it is shown.
fn input(model: &StepperModel, step: usize, words: &Words) -> String {
    match model.sequence.input(step) {
        Some(symbol) => words.say("quoted", &[("token", &visible(symbol))]),
        None => words.plain("zero-vector"),
    }
}

/// Where the weights come from, and what of the sentence they do not know.
fn about(model: &StepperModel, learnt: &Learnt, words: &Words) -> String {
    let weights = match learnt.updates() {
        0 => words.plain("weights-random"),
        updates => words.count("weights-trained", updates as usize, &[]),
    };
    if model.sequence.left_out.is_empty() {
        return weights;
    }
    let left_out: Vec<_> = model.sequence.left_out.iter().map(|symbol| visible(symbol)).collect();
    joined(&[weights, words.say("left-out", &[("symbols", &left_out.join(" "))])], words)
}

/// Numbers in columns whose heads are symbols by their names in the cell language (`c~<t>`), each row with its name.
fn numbers(heads: &[String], rows: &[(String, Vec<f64>)], words: &Words) -> Node {
    let cell = |value: &f64| el("td").class("num").say(fixed(*value, 3));
    let head = |name: &String| el("th").attr("scope", "col").children(named(name));
    let body = rows.iter().map(|(name, values)| {
        let name = el("th").attr("scope", "row").say(name.clone());
        el("tr").child(name).children(values.iter().map(cell))
    });
    scroller(
        "",
        &words.plain("numbers"),
        el("table")
            .class("fig-numbers")
            .child(el("thead").child(el("tr").child(el("td")).children(heads.iter().map(head))))
            .child(el("tbody").children(body)),
    )
    .into()
}
