//! One cell with a loop, or a cell a step: the same drawing, folded and unrolled.

use ndarray::Array2;

use super::step::At;
use super::{Name, name, wish};
use crate::view::colour::heat_class;
use crate::view::figures::network::Network;
use crate::view::figures::parts::{label, svg, tenth};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::markup::{Element, el};
use crate::view::number::fixed;

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence.
const LONGEST: usize = 10;
/// From one cell to the next.
const STEP: f64 = 86.0;
/// Half the width of a cell.
const HALF: f64 = 23.0;
/// The middle of the first cell.
const FIRST: f64 = 84.0;
/// The middle of the folded cell: in sight on a narrow screen too.
const FOLDED: f64 = 130.0;

/// A recurrent network, folded or unrolled.
pub struct Unrolled;

impl Figure for Unrolled {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let steps = wish(given, HIDDEN).network().map_or(1, |network| network.steps());
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::choice("drawing", &["folded", "unrolled"]),
            Setting::steps("step", steps, 1),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        wish(now, HIDDEN).numbers()
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some("rnn")
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let Some(network) = wish(now, HIDDEN).network() else { return Drawing::only(words.plain("empty")) };
        let folded = now.text("drawing") == "folded";
        let step = now.whole("step").clamp(1, network.steps());
        let view = View { network: &network, folded, step };
        let drawing = svg(view.width(), 226.0, view.parts()).attr("aria-hidden", "true");
        let body = vec![el("div").class("fig-scroll fig-wide-svg").child(drawing).into()];
        let weights: usize = network.model.to_flat().len();
        let token = network.sequence.input(step - 1).map(shown);
        let before = step - 1;
        let mut sentence =
            words.count(now.text("drawing"), network.steps(), &[("weights", &weights), ("t", &step)]);
        sentence.push_str(&words.plain("space"));
        let is_changed = !network.reads_the_sentence(step - 1) || step == 1 && !network.begins_with_zeros();
        sentence.push_str(&match &token {
            _ if is_changed => words.say("reads-changed", &[("t", &step), ("before", &before)]),
            Some(token) => words.say("reads", &[("t", &step), ("token", token), ("before", &before)]),
            None => words.plain("reads-zero"),
        });
        let mut heads = vec![words.plain("step"), words.plain("input")];
        heads.extend((1..=HIDDEN).map(|unit| words.say("unit", &[("n", &unit)])));
        let mut table = Table::new(heads);
        for step in 0..network.steps() {
            let input = network.sequence.input(step).map_or_else(|| "0".to_owned(), shown);
            let state = At { network: &network, step }.of("a<t>").unwrap_or_default();
            let numbers =
                (0..HIDDEN).map(|unit| state.get((unit, 0)).map_or_else(String::new, |a| fixed(*a, 4)));
            table.row([(step + 1).to_string(), input].into_iter().chain(numbers));
        }
        Drawing { body, sentence, table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        wish(now, HIDDEN).opens(now.whole("step"), 1)
    }
}

struct View<'a> {
    network: &'a Network,
    folded: bool,
    /// From 1.
    step: usize,
}

impl View<'_> {
    fn width(&self) -> f64 {
        (FIRST + STEP * self.network.steps() as f64).max(300.0)
    }

    /// The middle of a step's cell; folded, all are in the same place.
    fn middle(&self, step: usize) -> f64 {
        if self.folded { FOLDED } else { FIRST + STEP * step as f64 }
    }

    /// The same elements for both drawings, so that the page moves each from one place to the other.
    fn parts(&self) -> Vec<Element> {
        let steps = self.network.steps();
        let mut parts: Vec<Element> = (0..steps).map(|step| self.line(step)).collect();
        parts.push(self.weights());
        let zeros = Array2::zeros((HIDDEN, 1));
        let first = note(&zeros, FIRST - STEP / 2.0 - 4.0, 0).attr("opacity", seen(!self.folded));
        parts.push(first);
        parts.extend((0..steps).map(|step| self.cell(step)));
        parts
    }

    /// The middle of the weights.
    fn source(&self) -> f64 {
        if self.folded { FOLDED } else { self.width() / 2.0 }
    }

    /// The one set of weights.
    fn weights(&self) -> Element {
        let names = ["W_aa", "W_ax", "b_a", "W_ya", "b_y"];
        let left = -104.0;
        let rectangle = el("rect")
            .class("fig-fan-box whole")
            .attr("x", tenth(left))
            .attr("y", 4)
            .attr("width", 208)
            .attr("height", 30)
            .attr("rx", 7);
        let places = [22.0, 66.0, 106.0, 146.0, 187.0];
        let names = names.into_iter().zip(places).map(|(text, x)| {
            let (letter, below) = text.split_once('_').unwrap_or((text, ""));
            name(left + x, 24.0, Name { role: "w", letter, below, time: "" })
        });
        let place = format!("translate({} 0)", tenth(self.source()));
        el("g").attr("transform", place).child(rectangle).children(names)
    }

    /// From the weights to a use of them.
    fn line(&self, step: usize) -> Element {
        // It runs sideways between the weights and the answers, and comes down beside the answer of its own step.
        let to = self.middle(step) - 11.0;
        // Folded, it comes straight down.
        let from = if self.folded { to } else { self.source() };
        el("path")
            .class("fig-fan")
            .attr("d", format!("M{} 34C{1} 52 {2} 36 {2} 58V96", tenth(from), tenth(from), tenth(to)))
            .attr("opacity", if self.is_seen(step) { "0.5" } else { "0" })
    }

    fn is_seen(&self, step: usize) -> bool {
        !self.folded || step + 1 == self.step
    }

    fn cell(&self, step: usize) -> Element {
        let t = step + 1;
        let on = t == self.step;
        let time = format!("⟨{t}⟩");
        let state = At { network: self.network, step }.of("a<t>").unwrap_or_default();
        let input = self.network.sequence.input(step).map_or_else(|| "0".to_owned(), shown);
        let arrow = |d: &str| el("path").class("fig-arrow").attr("d", d);
        let box_of = |class: &str, place: (f64, f64), size: (f64, f64)| {
            el("rect")
                .class(class)
                .attr("x", tenth(place.0))
                .attr("y", tenth(place.1))
                .attr("width", tenth(size.0))
                .attr("height", tenth(size.1))
                .attr("rx", 8)
        };
        // Folded, the note goes round the loop, back into the cell it came from.
        let shift = if self.folded { 22.0 } else { 0.0 };
        let last = t == self.network.steps();
        let way_on = if last { "M23 116H38" } else { "M23 116H38M48 116H62M56 111.5L62 116L56 120.5" };
        let group = el("g")
            .class(if on { "fig-cell on" } else { "fig-cell" })
            .maybe("data-here", on.then_some(t))
            .attr("transform", format!("translate({} 0)", tenth(self.middle(step))))
            .attr("opacity", seen(self.is_seen(step)))
            .child(box_of("fig-cell-box", (-HALF, 96.0), (2.0 * HALF, 40.0)))
            .child(
                arrow("M24 104C80 86 80 146 25 128M32.5 126L25 128L30 134")
                    .attr("opacity", seen(self.folded)),
            )
            .child(arrow(way_on).attr("opacity", seen(!self.folded)))
            .child(
                arrow(if step == 0 { "M-42 116H-24M-30 111.5L-24 116L-30 120.5" } else { "" })
                    .attr("opacity", seen(!self.folded)),
            )
            .child(
                el("g")
                    .attr("transform", format!("translate({} 0)", tenth(shift)))
                    .child(note(&state, 43.0, t)),
            )
            .child(arrow("M11 96V80M6.5 86L11 80L15.5 86"))
            .child(name(13.0, 72.0, Name { role: "y", letter: "ŷ", below: "", time: &time }))
            .child(arrow("M0 166V137M-4.5 143L0 137L4.5 143"))
            .child(name(0.0, 184.0, Name { role: "x", letter: "x", below: "", time: &time }))
            .child(box_of("fig-fan-box", (-20.0, 192.0), (40.0, 28.0)))
            .child(label(0.0, 211.0, input).class("fig-fan-in").attr("text-anchor", "middle"));
        if self.folded { group } else { group.attr("data-set", format!("step={t}")).attr("data-point", "") }
    }
}

fn seen(is_seen: bool) -> u8 {
    u8::from(is_seen)
}

/// A state as a small column of colours, its name above it.
fn note(state: &Array2<f64>, x: f64, t: usize) -> Element {
    let time = format!("⟨{t}⟩");
    let squares = state.iter().enumerate().map(|(unit, value)| {
        el("rect")
            .class(format!("fig-note {}", heat_class(*value, 1.0)))
            .attr("x", tenth(x - 5.0))
            .attr("y", tenth(101.0 + 10.0 * unit as f64))
            .attr("width", 10)
            .attr("height", 10)
    });
    let squares: Vec<Element> = squares.collect();
    el("g").children(squares).child(name(x, 93.0, Name { role: "a", letter: "a", below: "", time: &time }))
}
