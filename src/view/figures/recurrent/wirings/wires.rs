//! The model with its wires, and an example in it.

use super::super::{Name, name};
use crate::training::task::{Answer, AnswerStep, StepInput, WiringStep};
use crate::view::figures::Words;
use crate::view::figures::parts::{Cell, Grid, grid, label, svg, tenth};
use crate::view::figures::pieces::shown;
use crate::view::markup::{Element, Node, el};
use crate::view::number::fixed;

/// The likeliest outputs of an answer, each where the model is asked.
fn outputs(answer: &Answer) -> String {
    let said = answer.steps.iter().filter_map(spoken);
    said.collect::<Vec<_>>().join(" ")
}

fn spoken(step: &AnswerStep) -> Option<String> {
    let first = step.outputs.first()?;
    Some(if first.symbol.is_empty() { fixed(f64::from(first.probability), 2) } else { shown(&first.symbol) })
}

/// What goes in, what should come out, and what came and comes out.
pub(super) fn said(before: &Answer, now: &Answer, is_open: bool, words: &Words) -> Node {
    let steps = now.wiring.steps.iter().zip(&now.steps);
    let given =
        steps.filter(|(wired, _)| wired.input == StepInput::Given).map(|(_, step)| shown(&step.input));
    // What runs free may end too early: the longer of the two answers knows more of what was wanted.
    let longer = if before.steps.len() > now.steps.len() { before } else { now };
    let wanted = longer.steps.iter().filter(|step| !step.wanted.is_empty()).map(|step| shown(&step.wanted));
    let rows = [
        ("input", given.collect::<Vec<_>>().join(" ")),
        (if is_open { "possible" } else { "wanted" }, wanted.collect::<Vec<_>>().join(" ")),
        ("before", outputs(before)),
        ("now", outputs(now)),
    ];
    let rows = rows.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| {
        (Cell::new(words.plain(key)).class("fig-index"), vec![Cell::new(text).class("fig-said")])
    });
    grid(Grid {
        name: words.plain("examples"),
        heads: Vec::new(),
        rows: rows.collect(),
        class: "fig-answers",
    })
}

/// The model with its wires, and the example in it, a step of it marked. An open question has no wrong answers.
pub(super) fn wires(answer: &Answer, is_open: bool, here: Option<usize>) -> Node {
    let letters = |text: &str| -> f64 {
        text.chars().map(|letter| if u32::from(letter) < 0x2E80 { 8.6 } else { 16.0 }).sum()
    };
    let widest = answer
        .steps
        .iter()
        .flat_map(|step| [letters(&shown(&step.input)), spoken(step).map_or(0.0, |text| letters(&text))]);
    let step_width = widest.fold(64.0, |most: f64, width| most.max(width + 22.0));
    let places = answer.wiring.steps.iter().zip(&answer.steps).enumerate();
    let marked = here.filter(|here| *here < answer.steps.len()).map(|here| {
        el("rect")
            .class("fig-here")
            .attr("data-here", here)
            .attr("x", tenth(step_width * here as f64 + 7.0))
            .attr("y", 2)
            .attr("width", tenth(step_width - 2.0))
            .attr("height", 192)
            .attr("rx", 8)
    });
    // Without a step in focus the first answer is what is looked for: on a phone it may lie far to the right.
    let asked = match marked {
        Some(_) => None,
        None => answer.steps.iter().position(|step| spoken(step).is_some()),
    };
    let columns = places.map(|(at, (wired, step))| {
        let before = at.checked_sub(1).and_then(|before| answer.wiring.steps.get(before));
        let x = step_width * (at as f64 + 0.5) + 6.0;
        column((at, x, step_width), (wired, step), before, (is_open, &number(answer, at)))
            .maybe("data-here", asked.filter(|asked| *asked == at))
    });
    let parts: Vec<Element> = marked.into_iter().chain(columns).collect();
    let width = step_width * answer.steps.len() as f64 + 12.0;
    el("div")
        .class("fig-scroll fig-wide-svg")
        .child(svg(width, 196.0, parts).attr("aria-hidden", "true"))
        .into()
}

/// The number of the answer that is given at a step: answers are counted by themselves, from 1 to T_y, and one alone needs
/// no number.
fn number(answer: &Answer, at: usize) -> String {
    let given = |steps: &[AnswerStep]| steps.iter().filter(|step| spoken(step).is_some()).count();
    if given(&answer.steps) == 1 {
        return String::new();
    }
    format!("⟨{}⟩", answer.steps.get(..=at).map_or(0, given))
}

/// One step of the wiring: its place from 0, its middle, its width.
fn column(
    (at, x, step_width): (usize, f64, f64),
    (wired, step): (&WiringStep, &AnswerStep),
    before: Option<&WiringStep>,
    (is_open, number): (bool, &str),
) -> Element {
    let time = format!("⟨{}⟩", at + 1);
    let arrow = |d: String| el("path").class("fig-arrow").attr("d", d);
    let text_box = |y: f64, words: String, class: &str| {
        let half = (step_width / 2.0 - 5.0).min(60.0);
        el("g")
            .child(
                el("rect")
                    .class("fig-fan-box")
                    .attr("x", tenth(x - half))
                    .attr("y", tenth(y))
                    .attr("width", tenth(2.0 * half))
                    .attr("height", 26)
                    .attr("rx", 7),
            )
            .child(label(x, y + 18.0, words).class(class).attr("text-anchor", "middle"))
    };
    let class = if wired.second { "fig-cell-box second" } else { "fig-cell-box" };
    let mut parts = vec![
        el("rect")
            .class(class)
            .attr("x", tenth(x - 21.0))
            .attr("y", 78)
            .attr("width", 42)
            .attr("height", 36)
            .attr("rx", 8),
        name(x, 101.0, Name { role: "a", letter: "a", below: "", time: &time }),
    ];
    if let Some(before) = before {
        // Where the second stack takes over, the state goes on all the same.
        let class = if before.second == wired.second { "fig-arrow" } else { "fig-arrow over" };
        let (from, to) = (x - step_width + 21.0, x - 22.0);
        let d = format!(
            "M{} 96H{}M{} 91.5L{} 96L{} 100.5",
            tenth(from),
            tenth(to),
            tenth(to - 6.0),
            tenth(to),
            tenth(to - 6.0)
        );
        parts.push(el("path").class(class).attr("d", d));
    }
    let input = match wired.input {
        StepInput::Zero => "0".to_owned(),
        _ if step.input.is_empty() => "0".to_owned(),
        _ => shown(&step.input),
    };
    parts.push(arrow(format!(
        "M{0} 140V115M{1} 121L{0} 115L{2} 121",
        tenth(x),
        tenth(x - 4.5),
        tenth(x + 4.5)
    )));
    let given = if wired.input == StepInput::Given { "fig-fan-in" } else { "fig-fan-in soft" };
    parts.push(text_box(140.0, input, given));
    parts.push(name(x, 184.0, Name { role: "x", letter: "x", below: "", time: &time }));
    if wired.input == StepInput::FedBack {
        let from = x - step_width;
        let d = format!(
            "M{} 58C{} 92 {} 128 {} 148",
            tenth(from + 14.0),
            tenth(from + step_width * 0.55),
            tenth(from + step_width * 0.45),
            tenth(x - (step_width / 2.0 - 5.0).min(60.0))
        );
        parts.push(el("path").class("fig-arrow back").attr("d", d));
    }
    if let Some(text) = spoken(step) {
        parts.push(arrow(format!(
            "M{0} 78V57M{1} 63L{0} 57L{2} 63",
            tenth(x),
            tenth(x - 4.5),
            tenth(x + 4.5)
        )));
        let is_right = is_open || step.wanted.is_empty() || is_right(step);
        parts.push(text_box(30.0, text, if is_right { "fig-fan-out" } else { "fig-fan-out wrong" }));
        parts.push(name(x, 20.0, Name { role: "y", letter: "ŷ", below: "", time: number }));
    }
    el("g").children(parts)
}

/// Whether the likeliest output is the label, or ŷ on its side of ½.
fn is_right(step: &AnswerStep) -> bool {
    step.outputs.first().is_some_and(|first| match step.wanted.as_str() {
        "1" if first.symbol.is_empty() => first.probability > 0.5,
        "0" if first.symbol.is_empty() => first.probability <= 0.5,
        wanted => first.symbol == wanted,
    })
}
