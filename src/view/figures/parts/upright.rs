//! Upright bars side by side, one a step, each with its number above and its name below.

use super::{svg, tenth};
use crate::view::markup::{Node, el};

/// A bar; full height is 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Upright {
    /// Its height, 0 to 1.
    pub value: f64,
    /// The number above it.
    pub above: String,
    /// What it stands for.
    pub below: String,
    /// All of it in words, for screen readers.
    pub name: String,
    /// The class of its role.
    pub class: &'static str,
    /// `name=value` that pressing it or pointing at it sets.
    pub sets: String,
    /// Whether it is the chosen one.
    pub on: bool,
}

/// Height of a bar of 1.
const HEIGHT: f64 = 96.0;

/// The bars, in a scroller of their own; one stop for the Tab key, arrow keys move.
pub fn upright(all: Vec<Upright>, name: &str) -> Node {
    let entries = all.into_iter().map(|bar| {
        let height = if bar.value.is_finite() { bar.value.clamp(0.0, 1.0) * HEIGHT } else { 0.0 };
        let fill = el("rect")
            .attr("x", 0)
            .attr("y", tenth(HEIGHT - height.max(1.0)))
            .attr("width", 20)
            .attr("height", tenth(height.max(1.0)));
        let drawing = svg(20.0, HEIGHT, [fill]).class("fig-bar-up").attr("aria-hidden", "true");
        el("button")
            .attr("type", "button")
            .class(format!("fig-upright {}{}", bar.class, if bar.on { " on" } else { "" }))
            .attr("data-set", &bar.sets)
            .attr("data-point", "")
            .attr("aria-pressed", bar.on)
            .maybe("data-here", bar.on.then_some(&bar.sets))
            .attr("tabindex", if bar.on { "0" } else { "-1" })
            .child(el("span").class("num").attr("aria-hidden", "true").say(bar.above))
            .child(drawing)
            .child(el("span").class("fig-bar-name").attr("aria-hidden", "true").say(bar.below))
            .child(el("span").class("sr-only").say(bar.name))
    });
    el("div")
        .class("fig-scroll fig-uprights")
        .attr("role", "group")
        .attr("aria-label", name)
        .attr("data-arrows", "")
        .children(entries)
        .into()
}
