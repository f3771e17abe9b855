//! The memory of an LSTM over a whole sentence: what is kept, written, shown; a gate held open or shut, and what it does.

use super::about_cell::AboutCell;
use super::clamp::{Hold, held};
use super::learnt::Learnt;
use super::{UNITS, about, at, before, heat_row, input, joined, layer, step_heads};
use crate::engine::syntax::Symbol;
use crate::engine::trace::Trace;
use crate::language::visible::visible;
use crate::sorted::order;
use crate::view::colour::heat_class;
use crate::view::figures::parts::{Bar, Cell, Grid, bars, caption, grid, label, svg, tenth};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};
use crate::view::number::{brief, fixed};
use crate::view::stepper::model::StepperModel;

/// Most symbols whose probability is drawn.
const MOST_BARS: usize = 5;

/// Memory traces of an LSTM.
pub struct Memory;

fn gate(now: &Values) -> Option<&'static str> {
    match now.text("gate") {
        "f" => Some("Γ_f"),
        "u" => Some("Γ_u"),
        "o" => Some("Γ_o"),
        _ => None,
    }
}

/// The two runs, and where the reader stands.
struct Seen {
    model: StepperModel,
    trace: Trace<f64>,
    hold: Option<Hold>,
    /// Both from 0.
    unit: usize,
    step: usize,
}

impl Seen {
    fn of(model: StepperModel, now: &Values) -> Option<Seen> {
        let unit = now.whole("unit").clamp(1, UNITS) - 1;
        let step = now.whole("step").clamp(1, model.steps()) - 1;
        let holds = Memory::holds(&model, now);
        let trace = held(&model.model, &model.input(), &holds)?;
        Some(Seen { model, trace, hold: holds.into_iter().next(), unit, step })
    }
}

impl AboutCell for Memory {
    const CELL: &'static str = "lstm";
    const STEPS: u32 = 800;

    fn settings(model: Option<&StepperModel>, given: &Values) -> Vec<Setting> {
        let mut settings = vec![Setting::choice("gate", &["none", "f", "u", "o"])];
        if gate(given).is_some() {
            settings.push(Setting::choice("at", &["shut", "open"]));
            settings.push(Setting::switch("stay", false));
        }
        let steps = model.map_or(1, StepperModel::steps);
        settings.extend([Setting::place("unit", UNITS, 1), Setting::place("step", steps, 4)]);
        settings
    }

    fn draw(model: StepperModel, learnt: &Learnt, now: &Values, words: &Words) -> Option<Drawing> {
        let seen = Seen::of(model, now)?;
        let (layer, free) = (layer(&seen.trace)?, layer(&seen.model.trace)?);
        let (model, unit, step) = (&seen.model, seen.unit, seen.step);
        let steps = model.steps();
        let full = (0..UNITS)
            .flat_map(|unit| (0..steps).map(move |step| at(layer, "c", step, unit).abs()))
            .fold(0.25, f64::max);
        let rows = (0..UNITS).map(|row| {
            let cells = (0..steps).map(|t| {
                let value = at(layer, "c", t, row);
                let name = words
                    .say("cell-name", &[("n", &(row + 1)), ("t", &(t + 1)), ("value", &fixed(value, 2))]);
                Cell::new(fixed(value, 2))
                    .class(heat_class(value, full))
                    .name(name)
                    .sets(format!("unit={};step={}", row + 1, t + 1), (row, t) == (unit, step))
            });
            (Cell::new(words.say("unit", &[("n", &(row + 1))])).class("fig-index"), cells.collect())
        });
        let memory = grid(Grid {
            name: words.plain("memory"),
            heads: step_heads(model, ""),
            rows: rows.collect(),
            class: "fig-heat",
        });
        let series = [
            ("kept", kept as Series),
            ("written", |layer, t, unit| at(layer, "Γ_u", t, unit) * at(layer, "c~", t, unit)),
            ("there", |layer, t, unit| at(layer, "c", t, unit)),
            ("shown", |layer, t, unit| at(layer, "a", t, unit)),
        ];
        let mut heads = vec![words.plain("step")];
        heads.extend(series.iter().map(|(key, _)| words.plain(key)));
        heads.extend([words.plain("gradient"), words.plain("change")]);
        let mut table = Table::new(heads);
        let changes: Vec<f64> = (0..steps).map(|t| change(&seen, t)).collect();
        let gradients: Vec<f64> = (0..steps).map(|t| gradient(&seen.trace, t, unit)).collect();
        for t in 0..steps {
            let mut cells = vec![(t + 1).to_string()];
            cells.extend(series.iter().map(|(_, of)| fixed(of(layer, t, unit), 4)));
            cells.extend([brief(gradients[t], 3), brief(changes[t], 3)]);
            table.row(cells);
        }
        let mut rows: Vec<(Cell, Vec<Cell>)> = series
            .iter()
            .map(|(key, of)| heat_row(words.plain(key), (0..steps).map(|t| of(layer, t, unit)), full, 2))
            .collect();
        let most = gradients.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        rows.push(heat_row(words.plain("gradient"), gradients.iter().copied(), most, 2));
        if seen.hold.is_some() {
            rows.push(heat_row(words.plain("change"), changes.iter().copied(), 1.0, 3));
        }
        let parts =
            grid(Grid { name: words.plain("parts"), heads: step_heads(model, ""), rows, class: "fig-heat" });
        let curve = |layer: &crate::engine::trace::LayerTrace<f64>| -> Vec<f64> {
            (0..steps).map(|t| at(layer, "c", t, unit)).collect()
        };
        let before = seen.hold.as_ref().map(|_| curve(free));
        let body = vec![
            memory,
            caption(words.say("unit-of", &[("n", &(unit + 1))])),
            trace_of(&curve(layer), before.as_deref(), full, step),
            parts,
            caption(words.say("prediction", &[("t", &(step + 1))])),
            bars(probabilities(&seen), 1.0, &words.plain("prediction-bars")),
        ];
        Some(Drawing { body, sentence: says(&seen, &changes, learnt, words), table })
    }

    fn holds(model: &StepperModel, now: &Values) -> Vec<Hold> {
        let from = now.whole("step").clamp(1, model.steps()) - 1;
        let hold = |gate| Hold {
            gate,
            unit: Some(now.whole("unit").clamp(1, UNITS) - 1),
            value: if now.text("at") == "open" { 1.0 } else { 0.0 },
            from,
            to: if now.is_on("stay") { model.steps() } else { from + 1 },
        };
        gate(now).map(hold).into_iter().collect()
    }

    fn opens(now: &Values) -> (usize, usize) {
        (5, now.whole("unit"))
    }
}

/// A number of a unit at a step.
type Series = fn(&crate::engine::trace::LayerTrace<f64>, usize, usize) -> f64;

fn kept(layer: &crate::engine::trace::LayerTrace<f64>, step: usize, unit: usize) -> f64 {
    at(layer, "Γ_f", step, unit) * before(layer, "c", step, unit)
}

/// `∂L/∂c<t>` of a unit.
fn gradient(trace: &Trace<f64>, step: usize, unit: usize) -> f64 {
    let gradient = layer(trace).and_then(|layer| layer.gradient(&Symbol::from("c")));
    gradient.and_then(|values| values.get((step, unit, 0))).copied().unwrap_or(f64::NAN)
}

/// The largest change of a probability at a step.
fn change(seen: &Seen, step: usize) -> f64 {
    let (free, own) = (&seen.model.trace.head.yhat, &seen.trace.head.yhat);
    (0..own.dim().1).map(|row| (own[(step, row, 0)] - free[(step, row, 0)]).abs()).fold(0.0, f64::max)
}

/// The likeliest symbols at the step, each with what it was without the hold.
fn probabilities(seen: &Seen) -> Vec<Bar> {
    let (free, own) = (&seen.model.trace.head.yhat, &seen.trace.head.yhat);
    let at = |place: usize| free[(seen.step, place, 0)];
    let places = order(own.dim().1, &|one, other| at(other).total_cmp(&at(one)));
    let bar = |place: usize| {
        let (before, now) = (free[(seen.step, place, 0)], own[(seen.step, place, 0)]);
        let text = match seen.hold {
            Some(_) => format!("{} → {}", fixed(before, 3), fixed(now, 3)),
            None => fixed(now, 3),
        };
        let name = visible(seen.model.sequence.symbol(place)).into_owned();
        Bar { name, value: now, text, class: "y", ..Bar::default() }
    };
    places.into_iter().take(MOST_BARS).map(bar).collect()
}

/// The memory of the unit as a curve, dashed without the hold.
fn trace_of(values: &[f64], before: Option<&[f64]>, full: f64, step: usize) -> Node {
    let (width, height, left) = (440.0, 120.0, 44.0);
    let spacing = (width - left - 10.0) / values.len().max(2).saturating_sub(1) as f64;
    let x = |place: usize| left + place as f64 * spacing;
    let y = |value: f64| height / 2.0 - value / full * (height / 2.0 - 10.0);
    let path = |values: &[f64]| {
        let points = values.iter().enumerate();
        let words = points.map(|(place, value)| {
            format!("{}{} {}", if place == 0 { "M" } else { "L" }, tenth(x(place)), tenth(y(*value)))
        });
        words.collect::<String>()
    };
    let mut parts: Vec<Element> = vec![
        el("path").class("fig-axis").attr("d", format!("M{left} {}H{}", tenth(y(0.0)), width - 10.0)),
        label(left - 8.0, y(0.0) + 4.0, "0").class("fig-mini").attr("text-anchor", "end"),
        label(left - 8.0, 14.0, brief(full, 2)).class("fig-mini").attr("text-anchor", "end"),
        label(left - 8.0, height - 4.0, brief(-full, 2)).class("fig-mini").attr("text-anchor", "end"),
        el("path").class("fig-axis").attr("d", format!("M{} 6V{}", tenth(x(step)), height - 6.0)),
    ];
    if let Some(before) = before {
        parts.push(el("path").class("fig-trace fig-before stroke-c").attr("d", path(before)));
    }
    parts.push(el("path").class("fig-trace stroke-c").attr("d", path(values)));
    parts.extend(values.iter().enumerate().map(|(place, value)| {
        let radius = if place == step { 5.0 } else { 2.6 };
        el("circle")
            .class("fill-c")
            .attr("cx", tenth(x(place)))
            .attr("cy", tenth(y(*value)))
            .attr("r", radius)
    }));
    svg(width, height, parts).attr("aria-hidden", "true").into()
}

fn says(seen: &Seen, changes: &[f64], learnt: &Learnt, words: &Words) -> String {
    let Some(layer) = layer(&seen.trace) else { return String::new() };
    let (unit, step) = (seen.unit, seen.step);
    let number = |value: f64| fixed(value, 3);
    let mut said = vec![
        words.say("reads", &[("t", &(step + 1)), ("token", &input(&seen.model, step, words))]),
        words.say(
            "says",
            &[
                ("n", &(unit + 1)),
                ("kept", &number(kept(layer, step, unit))),
                ("written", &number(at(layer, "Γ_u", step, unit) * at(layer, "c~", step, unit))),
                ("memory", &number(at(layer, "c", step, unit))),
                ("shown", &number(at(layer, "a", step, unit))),
            ],
        ),
    ];
    if let Some(hold) = &seen.hold {
        let largest = changes.iter().copied().enumerate();
        let largest = largest.fold((0, 0.0), |best, one| if one.1 > best.1 { one } else { best });
        let key = match largest {
            (_, 0.0) => "says-held-idle",
            (at, _) if at == step => "says-held-here",
            _ => "says-held",
        };
        said.push(words.say(
            key,
            &[
                ("gate", &hold.gate),
                ("value", &brief(hold.value, 1)),
                ("here", &brief(changes.get(step).copied().unwrap_or(0.0), 2)),
                ("most", &brief(largest.1, 2)),
                ("t", &(largest.0 + 1)),
                ("loss", &fixed(seen.trace.loss_sum, 3)),
                ("before", &fixed(seen.model.trace.loss_sum, 3)),
            ],
        ));
    }
    said.push(about(&seen.model, learnt, words));
    joined(&said, words)
}
