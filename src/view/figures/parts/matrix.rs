//! A matrix of numbers: a cell an entry, coloured by its value.

use ndarray::ArrayView2;

use super::{svg, tenth};
use crate::view::colour::{full_scale, heat_class};
use crate::view::figures::numbers::{CHOSEN, Changeable, name_of};
use crate::view::markup::{Element, Node, el};
use crate::view::number::fixed;
use crate::view::stepper::edits::Target;

/// How a matrix is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Width and height of an entry.
    pub size: (f64, f64),
    /// Decimals of the numbers in the cells; none: no numbers.
    pub decimals: Option<usize>,
    /// The magnitude at which the colour is full; none: that of the values.
    pub full: Option<f64>,
    /// The symbol that it stands for; empty: none.
    pub symbol: &'static str,
    /// Columns drawn with a frame around them, from 0.
    pub framed: Vec<usize>,
    /// Columns drawn pale, from 0.
    pub pale: Vec<usize>,
    /// A row drawn with a frame around it, from 0.
    pub row: Option<usize>,
    /// What stands over it; empty: nothing.
    pub title: String,
    /// What its numbers are, where a reader may change them.
    pub numbers: Option<Changeable>,
}

impl Default for Matrix {
    fn default() -> Matrix {
        Matrix {
            size: (38.0, 24.0),
            decimals: Some(2),
            full: None,
            symbol: "",
            framed: Vec::new(),
            pale: Vec::new(),
            row: None,
            title: String::new(),
            numbers: None,
        }
    }
}

/// Decimals that a matrix is written with: none where it holds only zeros and ones, else two.
pub fn decimals<'a>(values: impl IntoIterator<Item = &'a f64>) -> usize {
    if values.into_iter().all(|value| *value == 0.0 || *value == 1.0) { 0 } else { 2 }
}

/// The matrix, rows × columns as it is given.
pub fn matrix(values: ArrayView2<f64>, how: &Matrix) -> Node {
    let (width, height) = how.size;
    // A number of many signs makes all cells wider, so that it touches none beside it.
    let signs = |decimals: usize| values.iter().map(|value| fixed(*value, decimals).chars().count()).max();
    let width =
        how.decimals.and_then(signs).map_or(width, |signs| width.max((7.2 * signs as f64 + 4.0).ceil()));
    let full = how.full.unwrap_or_else(|| full_scale(values.iter().copied()));
    let (rows, columns) = values.dim();
    // The Tab key stops at the chosen number, else at the first.
    let first = how.numbers.as_ref().map_or(0, |numbers| {
        numbers.targets.iter().position(|target| Some(target) == numbers.chosen.as_ref()).unwrap_or(0)
    });
    let mut parts: Vec<Element> = Vec::new();
    for ((row, column), value) in values.indexed_iter() {
        let (x, y) = (column as f64 * width + 1.0, row as f64 * height + 1.0);
        let class = heat_class(*value, full);
        let target =
            how.numbers.as_ref().and_then(|all| Some((all, all.targets.get(row * columns + column)?)));
        let is_chosen = target.is_some_and(|(all, target)| all.chosen.as_ref() == Some(target));
        let classes =
            [(how.pale.contains(&column), "pale"), (target.is_some(), "fig-number"), (is_chosen, "on")];
        let classes: Vec<&str> = classes.iter().filter(|(is, _)| *is).map(|(_, class)| *class).collect();
        let mut cell = el("g").maybe("class", (!classes.is_empty()).then(|| classes.join(" "))).child(
            el("rect")
                .class(&class)
                .attr("x", tenth(x))
                .attr("y", tenth(y))
                .attr("width", tenth(width - 1.0))
                .attr("height", tenth(height - 1.0))
                .attr("rx", 2),
        );
        // What is heard is what is seen.
        let digits = || fixed(*value, how.decimals.unwrap_or(2));
        if how.decimals.is_some() {
            cell = cell.child(
                super::label(x + width / 2.0, y + height / 2.0 + 4.0, digits())
                    .class(format!("{class}-t fig-digits"))
                    .attr("text-anchor", "middle"),
            );
        }
        if let Some((all, target)) = target {
            cell = changeable(cell, target, &digits(), is_chosen, row * columns + column == first);
            if all.edits.get(target).is_some() {
                let (right, below) = (tenth(x + width - 1.0), tenth(y + 8.0));
                cell = cell.child(
                    el("path")
                        .class("fig-changed")
                        .attr("d", format!("M{} {}H{right}V{below}z", tenth(x + width - 9.0), tenth(y))),
                );
            }
        }
        parts.push(cell);
    }
    for column in how.framed.iter().filter(|column| **column < columns) {
        parts.push(
            el("rect")
                .class("fig-frame")
                .attr("x", tenth(*column as f64 * width + 0.5))
                .attr("y", 0.5)
                .attr("width", tenth(width))
                .attr("height", tenth(rows as f64 * height)),
        );
    }
    if let Some(row) = how.row.filter(|row| *row < rows) {
        parts.push(
            el("rect")
                .class("fig-frame")
                .attr("x", 0.5)
                .attr("y", tenth(row as f64 * height + 0.5))
                .attr("width", tenth(columns as f64 * width))
                .attr("height", tenth(height)),
        );
    }
    let drawing = svg(columns as f64 * width + 1.0, rows as f64 * height + 1.0, parts);
    let drawing = if how.numbers.is_some() {
        drawing.attr("role", "group").attr("aria-label", &how.title).attr("data-arrows", columns)
    } else {
        drawing.attr("aria-hidden", "true")
    };
    let title = (!how.title.is_empty()).then(|| super::caption(&how.title));
    el("div")
        .class("fig-matrix")
        .maybe("data-symbol", (!how.symbol.is_empty()).then_some(how.symbol))
        .children(title)
        .child(drawing)
        .into()
}

/// An entry that is chosen by a press, or by the arrow keys from another one.
fn changeable(cell: Element, target: &Target, digits: &str, is_chosen: bool, is_stop: bool) -> Element {
    cell.attr("role", "button")
        .attr("tabindex", if is_stop { 0 } else { -1 })
        .attr("aria-pressed", if is_chosen { "true" } else { "false" })
        .attr("aria-label", format!("{} = {digits}", name_of(target)))
        .attr("data-set", format!("{CHOSEN}={target}"))
}
