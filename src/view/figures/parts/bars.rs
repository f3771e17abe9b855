//! Bars in a column, each with its name and its number.

use super::{svg, tenth};
use crate::view::markup::{Node, el};

/// A bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// Its length.
    pub value: f64,
    /// Where it begins, in the unit of its length; 0: at the left.
    pub from: f64,
    /// The number behind it, as text.
    pub text: String,
    /// The class of its role.
    pub class: &'static str,
    /// `name=value` that pressing it sets.
    pub sets: Option<String>,
    /// Whether it is the chosen one.
    pub on: bool,
}

/// The bars; `full` is the value of the longest possible one. They are said by the drawing's table.
pub fn bars(all: Vec<Bar>, full: f64, name: &str) -> Node {
    let can_choose = all.iter().any(|bar| bar.sets.is_some());
    let rows = all.into_iter().map(|bar| {
        let percent = |value: f64| {
            let share = if full > 0.0 { (value / full).clamp(0.0, 1.0) } else { 0.0 };
            if share.is_nan() { 0.0 } else { share * 100.0 }
        };
        let (begin, end) = (percent(bar.from), percent(bar.from + bar.value));
        let length = end - begin;
        let fill =
            el("rect").attr("x", tenth(begin)).attr("y", 1).attr("width", tenth(length)).attr("height", 10);
        let drawing = svg(100.0, 12.0, [fill])
            .class(format!("fig-bar {}", bar.class))
            .attr("preserveAspectRatio", "none")
            .attr("aria-hidden", "true");
        let class = if bar.on { "fig-bar-row on" } else { "fig-bar-row" };
        let row = match bar.sets {
            Some(pair) => el("button")
                .attr("type", "button")
                .attr("data-set", pair)
                .attr("aria-pressed", bar.on)
                .attr("tabindex", if bar.on { "0" } else { "-1" }),
            None => el("div"),
        };
        row.class(class)
            .child(el("span").class("fig-bar-name").say(bar.name))
            .child(drawing)
            .child(el("span").class("fig-bar-text num").say(bar.text))
    });
    let list = el("div").class("fig-bars");
    let list = if can_choose {
        list.attr("role", "group").attr("aria-label", name).attr("data-arrows", 1)
    } else {
        list
    };
    list.children(rows).into()
}
