//! The five wirings side by side as small drawings, from which one is chosen.

use super::KINDS;
use crate::view::figures::Words;
use crate::view::figures::parts::{svg, tenth};
use crate::view::markup::{Element, Node, el};

/// Pixels from one step to the next, and from the edge to the first one.
const STEP: (f64, f64) = (22.0, 14.0);
/// Heights of outputs, cells and inputs.
const LEVELS: (f64, f64, f64) = (8.0, 28.0, 48.0);

/// A step of a small drawing.
#[derive(Clone, Copy)]
struct Step {
    reads: bool,
    answers: bool,
    /// What it answered is what the next step reads.
    is_fed_on: bool,
    /// It belongs to the second model, with weights of its own.
    is_second: bool,
}

fn steps(kind: &str) -> Vec<Step> {
    let step = |reads, answers| Step { reads, answers, is_fed_on: false, is_second: false };
    match kind {
        "one-to-one" => vec![step(true, true)],
        "one-to-many" => (0..4).map(|at| Step { is_fed_on: at < 3, ..step(at == 0, true) }).collect(),
        "many-to-one" => (0..4).map(|at| step(true, at == 3)).collect(),
        "many-to-many" => vec![step(true, true); 4],
        _ => (0..5)
            .map(|at| Step { is_fed_on: (2..4).contains(&at), is_second: at >= 2, ..step(at < 2, at >= 2) })
            .collect(),
    }
}

/// All five, one of them chosen; pressing or the arrow keys choose another.
pub(super) fn five(chosen: &str, words: &Words) -> Node {
    let one = |(name, _): &(&str, _)| {
        let is_on = *name == chosen;
        el("button")
            .attr("type", "button")
            .class(if is_on { "fig-kind on" } else { "fig-kind" })
            .attr("role", "radio")
            .attr("aria-checked", is_on)
            .attr("tabindex", if is_on { "0" } else { "-1" })
            .attr("data-set", format!("wiring={name}"))
            .child(small(&steps(name)))
            .child(el("span").say(words.plain(&format!("wiring.{name}"))))
    };
    el("div")
        .class("fig-kinds")
        .attr("role", "radiogroup")
        .attr("aria-label", words.plain("wiring"))
        .attr("data-arrows", "")
        .children(KINDS.iter().map(one))
        .into()
}

fn small(steps: &[Step]) -> Element {
    let (above, middle, below) = LEVELS;
    let arrow = |class: &str, d: String| el("path").class(class).attr("d", d);
    let dot = |class: &str, x: f64, y: f64| {
        el("circle").class(format!("fill-{class}")).attr("cx", tenth(x)).attr("cy", y).attr("r", 4)
    };
    let mut parts = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let x = STEP.1 + STEP.0 * at as f64;
        let next = x + STEP.0;
        if at + 1 < steps.len() {
            parts.push(arrow("fig-arrow", format!("M{} {middle}H{}", tenth(x + 6.0), tenth(next - 6.0))));
        }
        if step.is_fed_on {
            let d = format!(
                "M{} {above}C{} {above} {} {below} {} {}",
                tenth(x + 4.0),
                tenth(x + 16.0),
                tenth(x + 6.0),
                tenth(next),
                middle + 7.0
            );
            parts.push(arrow("fig-arrow fed", d));
        }
        if step.reads {
            parts.push(arrow("fig-arrow", format!("M{} {}V{}", tenth(x), below - 4.0, middle + 7.0)));
            parts.push(dot("x", x, below));
        }
        if step.answers {
            parts.push(arrow("fig-arrow", format!("M{} {}V{}", tenth(x), middle - 6.0, above + 4.0)));
            parts.push(dot("y", x, above));
        }
        let class = if step.is_second { "fig-cell-box second" } else { "fig-cell-box" };
        let cell = el("rect").class(class).attr("x", tenth(x - 6.0)).attr("y", middle - 6.0);
        parts.push(cell.attr("width", 12).attr("height", 12).attr("rx", 3));
    }
    let width = 2.0 * STEP.1 + STEP.0 * (steps.len().max(1) - 1) as f64;
    svg(width, below + 8.0, parts).attr("aria-hidden", "true")
}
