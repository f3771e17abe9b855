//! The pieces that drawings are made of. Each is a function from values to elements.
//!
//! What the page does with an element stands in its attributes, whoever made it:
//! - `data-set="name=value"` at a `button`: pressing it sets that setting; inside of `data-arrows` (a group with one
//!   stop for the Tab key) the arrow keys move to the next one and set it; with `data-point` pointing sets it too;
//! - `data-symbol="W_ax"`: pointing lights that symbol in prose and formulas, and the other way round;
//! - `data-drag="name"`: see [`handle`];
//! - `data-here`: in a [`scroller`], what is to be seen when it is somewhere else than before.

mod bars;
mod boxes;
mod chart;
mod diagram;
mod facts;
mod formula;
mod grid;
mod handle;
mod levels;
mod matrix;
mod names;
mod signed;
mod upright;

pub use bars::{Bar, bars};
pub use boxes::{Box, boxes};
pub(super) use chart::picture;
pub use chart::{Line, chart, marked_chart, reach};
pub use diagram::diagram;
pub use facts::facts;
pub use formula::{equation, formula, gradient, symbol};
pub use grid::{Cell, Grid, grid};
pub use handle::{Handle, handle};
pub use levels::{Level, levels, look_of};
pub use matrix::{Matrix, decimals, matrix};
pub use names::named;
pub use signed::{Signed, signed};
pub use upright::{Upright, upright};

use crate::view::markup::{Element, Node, el, text};

/// A paragraph; names such as `x<3>` and `W_ax` in it are set as in formulas.
pub fn paragraph(words: impl AsRef<str>) -> Node {
    el("p").class("fig-p").children(named(words.as_ref())).into()
}

/// A smaller heading above a part of the drawing.
pub fn caption(words: impl AsRef<str>) -> Node {
    el("p").class("fig-head").children(named(words.as_ref())).into()
}

/// Parts side by side; they stand below each other where there is no room.
pub fn row<N: Into<Node>>(parts: impl IntoIterator<Item = N>) -> Node {
    el("div").class("fig-row").children(parts).into()
}

/// Parts below each other, as one part of a [`row`].
pub fn column<N: Into<Node>>(parts: impl IntoIterator<Item = N>) -> Node {
    el("div").class("fig-pile").children(parts).into()
}

/// What may be too wide moves sideways in a frame of its own, which keyboard and screen reader reach by its name.
pub fn scroller(class: &'static str, name: &str, content: impl Into<Node>) -> Element {
    let class = if class.is_empty() { "fig-scroll".to_owned() } else { format!("fig-scroll {class}") };
    el("div")
        .class(class)
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", name)
        .child(content)
}

/// A drawing of a size in units of its own; it is scaled down where there is no room, never up. The sentence and the
/// table say what is in it, so it is hidden from screen readers, unless it holds a [`handle`].
pub fn svg<N: Into<Node>>(width: f64, height: f64, parts: impl IntoIterator<Item = N>) -> Element {
    el("svg")
        .class("fig-svg")
        .attr("viewBox", format!("0 0 {width} {height}"))
        .attr("width", width)
        .attr("height", height)
        .children(parts)
}

/// An SVG text.
pub fn label(x: f64, y: f64, words: impl Into<String>) -> Element {
    el("text").attr("x", tenth(x)).attr("y", tenth(y)).child(text(words))
}

/// A number or a word at an axis.
fn tick_text(x: f64, y: f64, words: &str, anchor: &str) -> Element {
    label(x, y, words).class("tick").attr("text-anchor", anchor)
}

/// A number for an attribute: one decimal is as fine as a screen shows.
pub fn tenth(value: f64) -> String {
    crate::view::chart::tenth(value)
}
