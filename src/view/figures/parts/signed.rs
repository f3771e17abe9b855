//! Bars to the left and to the right of zero: what a sum is made of, or how alike things are.

use super::{label, svg, tenth};
use crate::view::markup::{Element, Node, el};
use crate::view::number::fixed;

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// The class of its role.
    pub class: &'static str,
    /// Its value.
    pub value: f64,
    /// What it is, short.
    pub name: String,
}

const WIDTH: f64 = 330.0;
const LEFT: f64 = 96.0;
const RIGHT: f64 = 270.0;

/// The bars below each other, from a common zero in the middle; `full` is the value that reaches the edge.
pub fn signed(parts: &[Signed], full: f64) -> Node {
    let middle = (LEFT + RIGHT) / 2.0;
    let half = (RIGHT - LEFT) / 2.0;
    let height = parts.len() as f64 * 18.0 + 4.0;
    let mut all: Vec<Element> =
        vec![el("path").class("fig-axis").attr("d", format!("M{} 0V{}", tenth(middle), tenth(height)))];
    for (place, part) in parts.iter().enumerate() {
        let y = place as f64 * 18.0 + 3.0;
        let share = if full > 0.0 { (part.value / full).clamp(-1.0, 1.0) } else { 0.0 };
        let length = if share.is_nan() { 0.0 } else { share * half };
        let x = middle + length.min(0.0);
        all.push(
            label(LEFT - 10.0, y + 11.0, part.name.clone()).class("fig-mini").attr("text-anchor", "end"),
        );
        all.push(
            el("rect")
                .class(format!("fill-{}", part.class))
                .attr("x", tenth(x))
                .attr("y", tenth(y))
                .attr("width", tenth(length.abs()))
                .attr("height", 13)
                .attr("rx", 1.5),
        );
        all.push(
            label(WIDTH, y + 11.0, fixed(part.value, 3))
                .class("fig-digits fig-ink")
                .attr("text-anchor", "end"),
        );
    }
    svg(WIDTH, height, all).attr("aria-hidden", "true").into()
}
