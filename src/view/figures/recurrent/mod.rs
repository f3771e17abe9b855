//! Chapter 3: recurrent networks.

mod answer;
mod backward;
mod check;
mod itemised;
mod losses;
mod shapes;
mod stacked;
mod state;
mod step;
mod unrolled;
mod wirings;

pub use answer::Answer;
pub use backward::Backward;
pub use check::Check;
pub use itemised::Itemised;
pub use losses::Losses;
pub use shapes::{Shapes, product};
pub use stacked::Stacked;
pub use state::State;
pub use unrolled::Unrolled;
pub use wirings::Wirings;

use std::sync::Arc;

use ndarray::{Array2, Array3};

use super::network::{Network, Wish};
use super::numbers::{Changeable, edits};
use super::parts::{Matrix, decimals, label, matrix};
use super::{Setting, Values};
use crate::engine::model::Model;
use crate::engine::presets::{FAMILIES, logistic_head, preset};
use crate::engine::syntax::Symbol;
use crate::engine::trace::{Labels, TraceInput, trace};
use crate::training::initial::usual_weights;
use crate::view::markup::{Element, Node, el};
use crate::view::stepper::edits::Target;

/// Seed of the weights where the reader says nothing.
const SEED: usize = 7;
/// Most seeds that a slider offers.
const SEEDS: usize = 99;

/// Sentence, cell, seed, and one of the cell's weights.
fn weight_settings(longest: usize, given: &Values) -> Vec<Setting> {
    let mut settings = vec![
        Setting::text("sentence", longest, ""),
        Setting::choice("cell", &FAMILIES),
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

/// The cell that the reader chose; the plain one where there is no choice.
pub(super) fn cell(given: &Values) -> &'static str {
    FAMILIES.into_iter().find(|cell| *cell == given.text("cell")).unwrap_or(FAMILIES[0])
}

fn wish<'a>(now: &'a Values, hidden: usize) -> Wish<'a> {
    let seed = if now.has("seed") { now.whole("seed") } else { SEED };
    Wish { edits: edits(now), ..Wish::of(cell(now), now.text("sentence"), hidden, seed as u64) }
}

/// Rows and columns of a weight of the only layer; 1 × 1 where there is none.
fn shape(model: &Model<f64>, weight: &Symbol) -> (usize, usize) {
    model.weight(Some(0), weight).map_or((1, 1), |matrix| matrix.dim())
}

/// The questions that an answer is given to, as a setting has them: the next symbol, or whether the sentence is over.
const QUESTIONS: [&str; 2] = ["softmax", "logistic"];

/// The wished network under the question that the reader chose. The cell has the same weights under both.
fn asked(now: &Values, hidden: usize) -> Option<Network> {
    let wish = wish(now, hidden);
    let network = wish.network()?;
    if now.text("question") != QUESTIONS[1] {
        return Some(network);
    }
    let mut architecture = network.model.architecture();
    architecture.head = Arc::new(logistic_head());
    architecture.output = 1;
    let weights = usual_weights::<f32>(&architecture, &wish.choice(), wish.seed);
    let mut model: Model<f64> = Model::from_flat(&architecture, &weights).convert();
    let last = network.steps() - 1;
    let labels = Array3::from_shape_fn((last + 1, 1, 1), |(step, ..)| f64::from(u8::from(step == last)));
    let mut input = TraceInput { y: Labels::Binary(labels), ..network.input };
    wish.edits.apply(&mut model, &mut input);
    let trace = trace(&model, &input).ok()?;
    Some(Network { model, input, trace, sequence: network.sequence })
}

/// A name in a drawing: its letter in the colour of a role, its index, its time.
struct Name<'a> {
    role: &'static str,
    letter: &'a str,
    below: &'a str,
    time: &'a str,
}

fn name(x: f64, y: f64, name: Name) -> Element {
    let index = |words: &str, dy: i32| el("tspan").class("fig-math-index").attr("dy", dy).say(words);
    let between = if name.below.is_empty() { "" } else { "_" };
    let mut element = label(x, y, name.letter)
        .class(format!("fig-math tone-{}", name.role))
        .attr("text-anchor", "middle")
        .attr("data-symbol", format!("{}{between}{}", name.letter, name.below));
    if !name.below.is_empty() {
        element = element.child(index(name.below, 4));
    }
    if !name.time.is_empty() {
        element = element.child(index(name.time, if name.below.is_empty() { -5 } else { -9 }));
    }
    element
}

/// Matrices and signs in a row, as an equation.
fn line(parts: impl IntoIterator<Item = Node>) -> Node {
    el("div").class("fig-eq").children(parts).into()
}

/// A sign between two matrices.
fn sign(sign: &str) -> Node {
    el("span").class("fig-op").attr("aria-hidden", "true").say(sign).into()
}

/// A matrix with its numbers and its name. `full` is the magnitude of the full colour, `row` a row with a frame.
fn block(values: &Array2<f64>, title: impl Into<String>, full: f64, row: Option<usize>) -> Node {
    matrix(values.view(), &Matrix { size: (36.0, 22.0), ..numbered(values, title, full, row) })
}

/// As [`block`], of numbers that the reader may change; `of` says what each is.
fn open_block(
    values: &Array2<f64>,
    title: impl Into<String>,
    full: f64,
    row: Option<usize>,
    now: &Values,
    of: impl Fn(usize, usize) -> Target,
) -> Node {
    let numbers = Some(Changeable::new(now, values.dim(), of));
    // As high as a finger's target must be.
    matrix(values.view(), &Matrix { size: (40.0, 25.0), numbers, ..numbered(values, title, full, row) })
}

fn numbered(values: &Array2<f64>, title: impl Into<String>, full: f64, row: Option<usize>) -> Matrix {
    Matrix {
        decimals: Some(decimals(values)),
        full: Some(full),
        row,
        title: title.into(),
        ..Matrix::default()
    }
}
