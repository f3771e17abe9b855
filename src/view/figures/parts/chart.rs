//! Curves over updates, and norms on a logarithmic axis.

use super::{label, svg, tenth, tick_text};
use crate::view::chart::width_of;
use crate::view::chart::{Curve, Dash, Frame, ReachSeries, line_chart, reach_chart};
use crate::view::markup::{Element, Node, el};
use crate::view::role::Role;

/// Width and height of a chart in its own units. It is drawn larger where there is room (`style/figures.css`), and letters
/// are as large as on a phone where they decide how much room they take.
pub(super) const SIZE: (f64, f64) = (420.0, 190.0);
/// Letters of a phone: the sizes that `style/figures.css` gives to names and numbers there.
pub(super) const LETTERS: f64 = 14.0;

/// A curve with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Stands beside the curve.
    pub name: String,
    /// How it is drawn.
    pub dash: Dash,
    /// (updates, value), updates ascending.
    pub points: Vec<(u32, f32)>,
}

/// Curves over 0 … `steps` updates, with a dotted rule at a height.
pub fn chart(lines: &[Line], rule: Option<f64>, steps: u32) -> Node {
    marked_chart(lines, rule, steps, &[])
}

/// The same with moments marked: an update, and what stands beside its upright rule.
pub fn marked_chart(lines: &[Line], rule: Option<f64>, steps: u32, moments: &[(u32, String)]) -> Node {
    let mut frame = Frame::new(SIZE.0, SIZE.1);
    // A name stands behind the end of its curve.
    frame.right =
        lines.iter().map(|line| width_of(&line.name, LETTERS) + 12.0).fold(frame.right, f64::max).ceil();
    let curves: Vec<Curve<usize>> =
        lines.iter().enumerate().map(|(key, line)| Curve { key, points: line.points.clone() }).collect();
    let drawn = line_chart(&curves, rule, steps, frame);
    let right = frame.width - frame.right + 8.0;
    let base = frame.height - frame.bottom;
    let mut parts: Vec<Element> = Vec::new();
    for tick in &drawn.y_ticks {
        parts.push(path("grid", format!("M{} {}H{right}", frame.left, tenth(tick.place))));
        parts.push(tick_text(frame.left - 8.0, tick.place + 4.0, &tick.label, "end"));
    }
    parts.extend(drawn.x_ticks.iter().map(|tick| tick_text(tick.place, base + 20.0, &tick.label, "middle")));
    parts.extend(drawn.rule.map(|(y, _)| path("guess", format!("M{} {}H{right}", frame.left, tenth(y)))));
    let last = lines.iter().filter_map(|line| line.points.last()).map(|point| point.0).max().unwrap_or(0);
    let most = f64::from(steps.max(last).max(1));
    for (step, words) in moments {
        let x = frame.left + (frame.width - frame.right - frame.left) * f64::from(*step) / most;
        parts.push(path("guess", format!("M{} {}V{base}", tenth(x), frame.top - 8.0)));
        parts.push(tick_text(x + 6.0, frame.top + 2.0, words, "start"));
    }
    for (line, d) in lines.iter().zip(&drawn.paths).filter(|(_, d)| !d.is_empty()) {
        parts.push(path("curve", d.clone()).attr("stroke-dasharray", line.dash.svg()));
    }
    for place in &drawn.labels {
        if let Some(line) = lines.get(place.key) {
            let name = label(place.x, place.y, line.name.clone());
            parts.push(name.class("curve-name").attr("text-anchor", place.anchor.svg()));
        }
    }
    picture(frame.width, frame.height, parts)
}

/// Norms of a gradient for t = 1 … T, a dot a step on a logarithmic axis; the last step is at the right.
pub fn reach(series: &[ReachSeries], first: &str, last: &str) -> Node {
    let (width, height) = SIZE;
    let drawn = reach_chart(series, width, height);
    let frame = drawn.frame;
    let mut parts: Vec<Element> = Vec::new();
    for tick in &drawn.y_ticks {
        let right = width - frame.right;
        parts.push(path("grid", format!("M{} {}H{right}", frame.left, tenth(tick.place))));
        parts.push(tick_text(frame.left - 8.0, tick.place + 4.0, &tick.label, "end"));
    }
    for ((one, dots), place) in series.iter().zip(&drawn.dots).zip(&drawn.labels) {
        let role = Role::of(&one.name.as_str().into()).class();
        parts.push(el("g").class(format!("{role} dots")).children(dots.iter().map(|dot| {
            el("circle")
                .maybe("class", dot.outside.then_some("open"))
                .attr("cx", tenth(dot.x))
                .attr("cy", tenth(dot.y))
                .attr("r", 2.6)
        })));
        if let Some(place) = place {
            let name = label(place.x, place.y, one.name.clone());
            parts.push(name.class(format!("{role} reach-name")).attr("text-anchor", "middle"));
        }
    }
    parts.push(tick_text(frame.left, height - 6.0, first, "start"));
    parts.push(tick_text(width - frame.right, height - 6.0, last, "end"));
    picture(width, height, parts)
}

pub(in crate::view::figures) fn picture(width: f64, height: f64, parts: Vec<Element>) -> Node {
    el("div").class("chart fig-chart").child(svg(width, height, parts).attr("aria-hidden", "true")).into()
}

fn path(class: &str, d: String) -> Element {
    el("path").class(class).attr("d", d)
}
