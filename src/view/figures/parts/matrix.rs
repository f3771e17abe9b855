//! A matrix of numbers: a cell an entry, coloured by its value.

use ndarray::ArrayView2;

use super::{svg, tenth};
use crate::view::colour::{full_scale, heat_class};
use crate::view::markup::{Element, Node, el};
use crate::view::number::fixed;

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
        }
    }
}

/// The matrix, rows × columns as it is given.
pub fn matrix(values: ArrayView2<f64>, how: &Matrix) -> Node {
    let (width, height) = how.size;
    let full = how.full.unwrap_or_else(|| full_scale(values.iter().copied()));
    let mut parts: Vec<Element> = Vec::new();
    for ((row, column), value) in values.indexed_iter() {
        let (x, y) = (column as f64 * width + 1.0, row as f64 * height + 1.0);
        let class = heat_class(*value, full);
        let mut cell = el("g").maybe("class", how.pale.contains(&column).then_some("pale")).child(
            el("rect")
                .class(&class)
                .attr("x", tenth(x))
                .attr("y", tenth(y))
                .attr("width", tenth(width - 1.0))
                .attr("height", tenth(height - 1.0))
                .attr("rx", 2),
        );
        if let Some(decimals) = how.decimals {
            cell = cell.child(
                super::label(x + width / 2.0, y + height / 2.0 + 4.0, fixed(*value, decimals))
                    .class(format!("{class}-t fig-digits"))
                    .attr("text-anchor", "middle"),
            );
        }
        parts.push(cell);
    }
    let (rows, columns) = values.dim();
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
    let drawing =
        svg(columns as f64 * width + 1.0, rows as f64 * height + 1.0, parts).attr("aria-hidden", "true");
    let title = (!how.title.is_empty()).then(|| super::caption(&how.title));
    el("div")
        .class("fig-matrix")
        .maybe("data-symbol", (!how.symbol.is_empty()).then_some(how.symbol))
        .children(title)
        .child(drawing)
        .into()
}
