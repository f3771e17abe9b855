//! The sentence unrolled: the picture of a step, with what went in, what came out, and the states or gradients in
//! between.

use super::cells::outline;
use super::model::StepperModel;
use super::window::{Shown, window};
use super::{Direction, Observation, Part, observe_prediction};
use crate::engine::syntax::Symbol;
use crate::language::visible::visible;
use crate::view::colour::{full_scale, heat_class};
use crate::view::markup::{Element, Node, el};
use crate::view::number::fixed;
use crate::view::role::Role;

/// Height of a picture.
const ALL: f64 = 184.0;
/// Width of a box.
const BOX: f64 = 58.0;
/// Upper edge of a box.
const TOP: f64 = 60.0;
/// Height of a box.
const HEIGHT: f64 = 66.0;
/// Units shown in a box.
const UNITS: usize = 8;

/// What the pictures of all steps share: it stays while numbers change, but for the scales.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// CSS pixels from one step to the next.
    pitch: f64,
    /// A column a state, from left to right.
    columns: Vec<Column>,
    /// The wires from the step before.
    arriving: Vec<Node>,
    /// The wires to the next step.
    leaving: Vec<Node>,
}

/// The units of a state, one above the other.
#[derive(Clone, Debug, PartialEq)]
struct Column {
    /// The state, or the gradient that reaches it.
    name: Symbol,
    /// The magnitude at which its colours are full, over all steps.
    full: f64,
    /// The units shown, each with its outline as a path.
    units: Vec<(usize, String)>,
    gaps: Vec<Node>,
}

impl Frame {
    /// Of the top layer's states, or of the gradients that reach them.
    /// `pitch`: CSS pixels from one step to the next.
    pub fn of(model: &StepperModel, direction: Direction, pitch: f64) -> Frame {
        let top = model.model.layers.last();
        let states = top.map(|layer| layer.cell.states.as_slice()).unwrap_or_default();
        let count = states.len().max(1) as f64;
        let left = left(pitch);
        let width = (BOX - 18.0 - 4.0 * (count - 1.0)) / count;
        // A rail a state, as in the cell's own drawing: memory above, hidden state below.
        let columns = states.iter().rev().enumerate().map(|(place, state)| {
            let x = left + 9.0 + place as f64 * (width + 4.0);
            Column::of(model, state, direction, x, width)
        });
        let rails =
            || states.iter().enumerate().map(|(place, state)| (rail(place, states.len()), model.role(state)));
        Frame {
            pitch,
            columns: columns.collect(),
            arriving: rails().map(|(y, role)| arriving(role, y, left)).collect(),
            leaving: rails().flat_map(|(y, role)| leaving(role, y, direction, pitch)).collect(),
        }
    }

    /// The picture of a step (from 0). It is hidden from screen readers: the name of its button says what is in it.
    pub fn picture(&self, model: &StepperModel, at: usize) -> Node {
        let symbol = |place: usize| short_symbol(&visible(model.sequence.symbol(place)));
        let distribution = model.distribution(at).map(|values| values.to_vec()).unwrap_or_default();
        let share = distribution.iter().copied().fold(0.0, f64::max);
        let best = best(&distribution);
        let label = model.sequence.labels.get(at).copied().unwrap_or(0);
        let loss = fixed(model.loss(at).unwrap_or(f64::NAN), 2);
        let right = if best == Some(label) { "strip-label right" } else { "strip-label" };
        let input = model.sequence.input(at).map(|input| short_symbol(&visible(input)));
        // With a number changed it is no longer what the sentence says, nor zero.
        let is_changed = model.is_input_changed(at);
        let zero = if input.is_none() && !is_changed { "strip-input zero" } else { "strip-input" };
        let input = input.unwrap_or_else(|| "0".to_owned());
        let input = if is_changed { format!("≠ {input}") } else { input };
        let best = best.map_or_else(|| "·".to_owned(), symbol);
        let units = self.columns.iter().flat_map(|column| column.picture(model, at));
        let is_last = at + 1 == model.steps();
        let (pitch, left, middle) = (self.pitch, left(self.pitch), self.pitch / 2.0);
        el("svg")
            .attr("width", pitch)
            .attr("height", ALL)
            .attr("viewBox", format!("0 0 {pitch} {ALL}"))
            .attr("aria-hidden", "true")
            .child(words(right, (middle, 14.0)).say(symbol(label)).child(beside("strip-loss", 5, loss)))
            .child(bar("prob-bar", left, (BOX - 12.0) * share.clamp(0.0, 1.0)))
            .child(bar("prob-frame", left, BOX - 12.0))
            .child(words("strip-best", (middle, 46.0)).say(best).child(beside(
                "strip-share",
                4,
                fixed(share, 2),
            )))
            .child(path("stroke-y strip-stem", format!("M{middle} {}v-9", TOP - 1.0)))
            .children(if at > 0 { self.arriving.clone() } else { Vec::new() })
            .child(rectangle("strip-box", (left, TOP), (BOX, HEIGHT), 6))
            .child(el("g").class("heat-of-step").children(units))
            .child(path("stroke-x strip-stem", format!("M{middle} 148V{}", TOP + HEIGHT + 7.0)))
            .child(path("fill-x", format!("M{middle} {}l-4 7h8z", TOP + HEIGHT + 2.0)))
            .child(words(zero, (middle, 167.0)).say(input))
            .children(if is_last { Vec::new() } else { self.leaving.clone() })
            .into()
    }
}

impl Column {
    fn of(model: &StepperModel, state: &Symbol, direction: Direction, x: f64, width: f64) -> Column {
        // What is shown of a state: itself, or the gradient that reaches it.
        let name = match direction {
            Direction::Forward => state.clone(),
            Direction::Backward => state.gradient(),
        };
        let layer = model.model.layers.len().saturating_sub(1);
        let all = model.values(Part::Layer(layer), &name);
        let own = all.map_or(1.0, |values| full_scale(values.iter().copied()));
        // The colours of states are full at 1, their bound, unless the states go beyond; gradients have no bound.
        let full = match direction {
            Direction::Forward => own.max(1.0),
            Direction::Backward => own,
        };
        let shown = window(model.hidden(layer), 0, UNITS);
        let pitch = (HEIGHT - 12.0) / shown.len().max(1) as f64;
        let height = (pitch - 1.0).max(1.0);
        let mut column = Column { name, full, units: Vec::new(), gaps: Vec::new() };
        for (place, shown) in shown.iter().enumerate() {
            let y = TOP + 6.0 + place as f64 * pitch;
            match shown {
                Shown::Entry(unit) => column.units.push((*unit, outline((x, y), (width, height), 1.0))),
                Shown::Gap(_) => {
                    let gap = el("circle").class("strip-gap").attr("cx", x + width / 2.0);
                    column.gaps.push(gap.attr("cy", y + pitch / 2.0).attr("r", 1.3).into());
                }
            }
        }
        column
    }

    fn picture(&self, model: &StepperModel, at: usize) -> impl Iterator<Item = Node> {
        let layer = model.model.layers.len().saturating_sub(1);
        let values = model.values(Part::Layer(layer), &self.name);
        let value = move |unit: usize| {
            values.as_ref().and_then(|values| values.get((at, unit, 0))).copied().unwrap_or(f64::NAN)
        };
        let units = self
            .units
            .iter()
            .map(move |(unit, outline)| path(&heat_class(value(*unit), self.full), outline.clone()).into());
        units.chain(self.gaps.iter().cloned())
    }
}

/// The likeliest symbol; none where all are as likely.
pub fn best(distribution: &[f64]) -> Option<usize> {
    match observe_prediction(1, distribution, None)? {
        Observation::Prediction { index, .. } => Some(index),
        _ => None,
    }
}

/// The last state of the list lies uppermost, as memory does over the hidden state.
fn rail(place: usize, count: usize) -> f64 {
    let from_top = count.saturating_sub(1).saturating_sub(place) as f64;
    TOP + HEIGHT * (from_top + 1.0) / (count as f64 + 1.0)
}

/// Left edge of the box inside its stretch.
fn left(pitch: f64) -> f64 {
    (pitch - BOX) / 2.0
}

fn arriving(role: Role, y: f64, left: f64) -> Node {
    path(&format!("strip-wire stroke-{}", role.class()), format!("M0 {y}H{left}")).into()
}

fn leaving(role: Role, y: f64, direction: Direction, pitch: f64) -> [Node; 2] {
    let (role, right) = (role.class(), left(pitch) + BOX);
    let arrow = match direction {
        Direction::Forward => format!("M{} {}l6 4l-6 4z", pitch - 9.0, y - 4.0),
        Direction::Backward => format!("M{} {}l-6 4l6 4z", right + 9.0, y - 4.0),
    };
    [
        path(&format!("strip-wire stroke-{role}"), format!("M{right} {y}H{pitch}")).into(),
        path(&format!("strip-arrow fill-{role}"), arrow).into(),
    ]
}

fn path(class: &str, d: String) -> Element {
    el("path").class(class).attr("d", d)
}

fn words(class: &str, (x, y): (f64, f64)) -> Element {
    el("text").class(class).attr("x", x).attr("y", y).attr("text-anchor", "middle")
}

/// A number after the words.
fn beside(class: &str, distance: u32, number: String) -> Element {
    el("tspan").class(class).attr("dx", distance).say(number)
}

fn bar(class: &str, left: f64, width: f64) -> Element {
    rectangle(class, (left + 6.0, 24.0), (width, 5.0), 2)
}

fn rectangle(class: &str, (x, y): (f64, f64), (width, height): (f64, f64), radius: u32) -> Element {
    let corner = el("rect").class(class).attr("x", x).attr("y", y);
    corner.attr("width", width).attr("height", height).attr("rx", radius)
}

/// At most six characters of a symbol: a word is cut with an ellipsis.
fn short_symbol(symbol: &str) -> String {
    if symbol.chars().count() <= 6 {
        symbol.to_owned()
    } else {
        symbol.chars().take(5).chain(['…']).collect()
    }
}
