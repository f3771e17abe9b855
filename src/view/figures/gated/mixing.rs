//! The update gate of each unit, dragged: the new state slides between the old one and the candidate.

use super::about_cell::AboutCell;
use super::clamp::{Hold, held};
use super::learnt::Learnt;
use super::{UNITS, about, at, before, input, joined, layer};
use crate::engine::trace::Trace;
use crate::view::chart::width_of;
use crate::view::figures::parts::{Handle, column, handle, label, named, row, svg, tenth};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};
use crate::view::number::{brief, factor, fixed};
use crate::view::stepper::model::StepperModel;

const GATES: [&str; UNITS] = ["gate-1", "gate-2", "gate-3", "gate-4", "gate-5"];

/// The mixing line of the simplified GRU at one step, a row a unit.
pub struct Mixing;

/// What the figure draws: the run as it is, and as it is with the reader's gates.
struct Seen {
    model: StepperModel,
    /// From 0.
    step: usize,
    holds: Vec<Hold>,
    trace: Trace<f64>,
}

impl Seen {
    fn of(model: StepperModel, now: &Values) -> Option<Seen> {
        let step = now.whole("step").clamp(1, model.steps()) - 1;
        let holds = Mixing::holds(&model, now);
        let trace = held(&model.model, &model.input(), &holds)?;
        Some(Seen { model, step, holds, trace })
    }
}

impl AboutCell for Mixing {
    const CELL: &'static str = "gru-simplified";
    const STEPS: u32 = 600;

    fn settings(model: Option<&StepperModel>, given: &Values) -> Vec<Setting> {
        let steps = model.map_or(1, StepperModel::steps);
        let mut settings = vec![Setting::steps("step", steps, 4), Setting::switch("stay", false)];
        let step = if given.has("step") { given.whole("step") } else { 4 };
        let step = step.clamp(1, steps) - 1;
        let free = model.and_then(|model| layer(&model.trace));
        settings.extend(GATES.iter().enumerate().map(|(unit, name)| {
            let gate = free.map_or(0.5, |layer| at(layer, "Γ_u", step, unit));
            Setting::dragged(name, 0.0, 1.0, gate)
        }));
        settings
    }

    fn draw(model: StepperModel, learnt: &Learnt, now: &Values, words: &Words) -> Option<Drawing> {
        let seen = Seen::of(model, now)?;
        let layer = layer(&seen.trace)?;
        let mut rows: Vec<Node> = Vec::new();
        let heads = ["unit-head", "gate-head", "candidate", "old", "new"].map(|key| words.plain(key));
        let mut table = Table::new(heads);
        for (unit, setting) in GATES.iter().enumerate() {
            let gate = at(layer, "Γ_u", seen.step, unit);
            let (new, candidate) = (at(layer, "c", seen.step, unit), at(layer, "c~", seen.step, unit));
            let old = before(layer, "c", seen.step, unit);
            let is_held = seen.holds.iter().any(|hold| hold.unit == Some(unit));
            let drawing = track(setting, unit, gate, (old, candidate, new), words);
            rows.push(row([drawing, sum(gate, old, candidate, new, is_held)]));
            table.row([
                (unit + 1).to_string(),
                fixed(gate, 4),
                fixed(candidate, 4),
                fixed(old, 4),
                fixed(new, 4),
            ]);
        }
        rows.push(legend(words));
        Some(Drawing { body: vec![column(rows)], sentence: says(&seen, learnt, words), table })
    }

    fn holds(model: &StepperModel, now: &Values) -> Vec<Hold> {
        let step = now.whole("step").clamp(1, model.steps()) - 1;
        let Some(free) = layer(&model.trace) else { return Vec::new() };
        let to = if now.is_on("stay") { model.steps() } else { step + 1 };
        // A gate that stands where the cell puts it is not held.
        let moved = (0..UNITS).filter(|unit| now.number(GATES[*unit]) != at(free, "Γ_u", step, *unit));
        let hold = |unit: usize| Hold {
            gate: "Γ_u",
            unit: Some(unit),
            value: now.number(GATES[unit]),
            from: step,
            to,
        };
        moved.map(hold).collect()
    }

    fn opens(_: &Values) -> (usize, usize) {
        (3, 1)
    }
}

fn says(seen: &Seen, learnt: &Learnt, words: &Words) -> String {
    let step = seen.step + 1;
    let token = input(&seen.model, seen.step, words);
    let begin = words.say("reads", &[("t", &step), ("token", &token)]);
    let about = about(&seen.model, learnt, words);
    let shut: Vec<String> = seen
        .holds
        .iter()
        .filter(|hold| hold.value == 0.0)
        .filter_map(|hold| hold.unit)
        .map(|unit| (unit + 1).to_string())
        .collect();
    let mut sentences = vec![begin];
    if seen.holds.is_empty() {
        sentences.push(words.plain("free"));
    } else {
        sentences.push(words.count("held", seen.holds.len(), &[]));
        if !shut.is_empty() {
            sentences.push(words.say("kept", &[("units", &shut.join(&words.plain("list-comma")))]));
        }
        let (free, own) = (&seen.model.trace.head.yhat, &seen.trace.head.yhat);
        let later = (seen.step..seen.model.steps()).map(|step| {
            let differences = (0..own.dim().1).map(|row| (own[(step, row, 0)] - free[(step, row, 0)]).abs());
            (step, differences.fold(0.0, f64::max))
        });
        let largest = later.fold((seen.step, 0.0), |best, one| if one.1 > best.1 { one } else { best });
        sentences.push(words.say("later", &[("t", &(largest.0 + 1)), ("change", &brief(largest.1, 2))]));
    }
    sentences.push(about);
    joined(&sentences, words)
}

/// The gate's slider, and the line from −1 to 1 with the old state, the candidate and the new state.
fn track(setting: &str, unit: usize, gate: f64, values: (f64, f64, f64), words: &Words) -> Node {
    let name = words.say("unit", &[("n", &(unit + 1))]);
    // The knob stands clear of the name, whatever the language.
    let start = (width_of(&name, 13.0) + 14.0).max(62.0).ceil();
    let place = |value: f64| start + 174.0 + value.clamp(-1.0, 1.0) * 92.0;
    let (old, candidate, new) = values;
    let y = 16.0;
    let line = |class: &str, from: f64, to: f64| {
        el("path").class(class).attr("d", format!("M{} {y}H{}", tenth(from), tenth(to)))
    };
    let drag = handle(&Handle {
        setting,
        value: gate,
        range: (0.0, 1.0),
        step: 0.01,
        track: (start, start + 62.0),
        y,
        name: words.say("gate-of", &[("n", &(unit + 1))]),
        class: "u",
    });
    let parts: Vec<Element> = vec![
        label(0.0, y + 4.0, name).class("fig-mini"),
        drag,
        line("fig-axis", place(-1.0), place(1.0)),
        el("path").class("fig-axis").attr("d", format!("M{} {}V{}", place(0.0), y - 5.0, y + 5.0)),
        line("fig-move", place(old), place(new)),
        disc(place(old), y),
        diamond(place(candidate), y),
        ring(place(new), y),
    ];
    svg(start + 274.0, 32.0, parts).into()
}

fn disc(x: f64, y: f64) -> Element {
    el("circle").class("fill-c").attr("cx", tenth(x)).attr("cy", tenth(y)).attr("r", 5)
}

fn diamond(x: f64, y: f64) -> Element {
    let (left, top) = (tenth(x), tenth(y - 7.0));
    el("path").class("fill-cand").attr("d", format!("M{left} {top}l7 7l-7 7l-7 -7z"))
}

fn ring(x: f64, y: f64) -> Element {
    el("circle").class("fig-ring").attr("cx", tenth(x)).attr("cy", tenth(y)).attr("r", 6.5)
}

/// The mixing line with its numbers.
fn sum(gate: f64, old: f64, candidate: f64, new: f64, is_held: bool) -> Node {
    let two = |value: f64| fixed(value, 2);
    let share = el("span").class(if is_held { "fig-u fig-strong" } else { "fig-u" }).say(two(gate));
    el("p")
        .class("fig-sum num")
        .child(share)
        .say(format!(" · {} + {} · {} = ", factor(candidate, 2), two(1.0 - gate), factor(old, 2)))
        .child(el("b").say(two(new)))
        .into()
}

fn legend(words: &Words) -> Node {
    let entry = |mark: Element, key: &str| {
        el("span")
            .class("fig-key")
            .child(svg(16.0, 16.0, [mark]).attr("aria-hidden", "true"))
            .children(named(&words.plain(key)))
    };
    el("p")
        .class("fig-legend")
        .child(entry(disc(8.0, 8.0), "old"))
        .child(entry(diamond(8.0, 8.0), "candidate"))
        .child(entry(ring(8.0, 8.0), "new"))
        .into()
}
