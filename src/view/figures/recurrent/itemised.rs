//! One entry of a weight's gradient, split by the step whose loss it came from and by the step where it was used.

use super::{Name, cell, name, shape, weight_settings, wish};
use crate::engine::analysis::{Itemised as Parts, itemise};
use crate::engine::syntax::Symbol;
use crate::view::colour::{full_scale, heat_class};
use crate::view::figures::network::Network;
use crate::view::figures::parts::{Cell, Grid, grid, label, scroller, svg, tenth};
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};
use crate::view::stepper::digits::Digits;

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence: a triangle of more steps is no longer read.
const LONGEST: usize = 9;

/// The triangle of parts, with its sums.
pub struct Itemised;

impl Figure for Itemised {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let mut settings = weight_settings(LONGEST, given);
        let network = wish(given, HIDDEN).network();
        let (rows, columns, steps) = network.map_or((1, 1, 1), |network| {
            let (rows, columns) = shape(&network.model, &Symbol::from(given.text("weight")));
            (rows, columns, network.steps())
        });
        settings.push(Setting::steps("row", rows, 1));
        settings.push(Setting::steps("column", columns, 1));
        settings.push(Setting::place("loss", steps, 0));
        settings.push(Setting::place("use", steps, 0));
        settings
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        wish(now, HIDDEN).numbers()
    }

    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        Some(cell(now))
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let weight = Symbol::from(now.text("weight"));
        let found = wish(now, HIDDEN).network().and_then(|network| {
            let parts = itemise(&network.model, &network.input, 0, &weight).ok()?;
            Some((network, parts))
        });
        let Some((network, parts)) = found else { return Drawing::only(words.plain("empty")) };
        let entry = (now.whole("row").max(1) - 1, now.whole("column").max(1) - 1);
        let view = View { network: &network, parts: &parts, weight: &weight, entry, now, words };
        Drawing { body: vec![view.fan(), view.triangle()], sentence: view.sentence(), table: view.table() }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        wish(now, HIDDEN).opens(1, 1)
    }
}

struct View<'a> {
    network: &'a Network,
    parts: &'a Parts,
    weight: &'a Symbol,
    entry: (usize, usize),
    now: &'a Values,
    words: &'a Words,
}

impl View<'_> {
    fn steps(&self) -> usize {
        self.network.steps()
    }

    fn total(&self) -> f64 {
        self.parts.total.get(self.entry).copied().unwrap_or(0.0)
    }

    /// The part of a loss (from 0) and a use (from 0).
    fn part(&self, loss: usize, used: usize) -> Option<f64> {
        let part = self.parts.parts.iter().find(|part| (part.loss_step, part.use_step) == (loss, used))?;
        part.gradient.get(self.entry).copied()
    }

    fn by_use(&self) -> Vec<f64> {
        self.parts.by_use(self.entry.0, self.entry.1, self.steps()).to_vec()
    }

    fn by_loss(&self) -> Vec<f64> {
        self.parts.by_loss(self.entry.0, self.entry.1, self.steps()).to_vec()
    }

    fn digits(&self) -> Digits {
        let all = self.parts.parts.iter().filter_map(|part| part.gradient.get(self.entry));
        Digits::of(all)
    }

    fn input(&self, step: usize) -> String {
        self.network
            .sequence
            .input(step)
            .map_or_else(|| "0".to_owned(), |symbol| crate::language::visible::visible(symbol).into_owned())
    }

    /// The weight once, with a line to each of its uses.
    fn fan(&self) -> Node {
        const STEP: f64 = 62.0;
        let width = STEP * self.steps() as f64;
        let by_use = self.by_use();
        let largest = by_use.iter().fold(0.0, |most: f64, sum| most.max(sum.abs()));
        let digits = Digits::of(&by_use);
        let mut parts: Vec<Element> = Vec::new();
        for (step, sum) in by_use.iter().enumerate() {
            let x = STEP * (step as f64 + 0.5);
            let share = if largest > 0.0 { sum.abs() / largest } else { 0.0 };
            let middle = width / 2.0;
            parts.push(
                el("path")
                    .class("fig-fan")
                    .attr(
                        "d",
                        format!("M{} 34C{} 56 {} 48 {} 74", tenth(middle), tenth(middle), tenth(x), tenth(x)),
                    )
                    .attr("stroke-width", tenth(0.8 + 4.2 * share)),
            );
            parts.push(
                el("rect")
                    .class("fig-fan-box")
                    .attr("x", tenth(x - 24.0))
                    .attr("y", 74)
                    .attr("width", 48)
                    .attr("height", 44)
                    .attr("rx", 7),
            );
            parts.push(label(x, 92.0, self.input(step)).class("fig-fan-in").attr("text-anchor", "middle"));
            parts.push(
                label(x, 111.0, digits.show(*sum)).class("fig-digits fig-ink").attr("text-anchor", "middle"),
            );
        }
        let place = format!("[{}, {}]", self.entry.0 + 1, self.entry.1 + 1);
        let (letter, below) = self.weight.0.split_once('_').unwrap_or((&self.weight.0, ""));
        let half = 62.0;
        parts.push(
            el("rect")
                .class("fig-fan-box whole")
                .attr("data-here", "weight")
                .attr("x", tenth(width / 2.0 - half))
                .attr("y", 6)
                .attr("width", tenth(2.0 * half))
                .attr("height", 28)
                .attr("rx", 7),
        );
        let letter = format!("d{letter}");
        parts.push(name(width / 2.0 - 28.0, 25.0, Name { role: "w", letter: &letter, below, time: "" }));
        parts.push(label(width / 2.0 - 2.0, 25.0, place).class("fig-fan-name"));
        // On a phone it moves sideways: drawn smaller its numbers could not be read.
        let drawing = svg(width, 120.0, parts).attr("aria-hidden", "true");
        scroller("fig-wide-svg", &self.words.plain("weight"), drawing).into()
    }

    fn triangle(&self) -> Node {
        let steps = self.steps();
        let digits = self.digits();
        let full =
            full_scale(self.parts.parts.iter().filter_map(|part| part.gradient.get(self.entry).copied()));
        let chosen = (self.now.whole("loss"), self.now.whole("use"));
        let head = |words: String| Cell::new(words).class("fig-index");
        let used = |t: usize| self.words.say("used-at", &[("t", &t)]);
        let heads = std::iter::once(head(String::new()))
            .chain((1..=steps).map(|t| head(used(t))))
            .chain([head(self.words.plain("sum"))]);
        let sum = |value: f64| Cell::new(digits.show(value)).class("fig-sum");
        let by_loss = self.by_loss();
        let mut rows: Vec<(Cell, Vec<Cell>)> = Vec::new();
        for loss in 0..steps {
            let cells = (0..steps).map(|step| match self.part(loss, step) {
                Some(value) => {
                    let pair = format!("loss={};use={}", loss + 1, step + 1);
                    let place = (loss + 1, step + 1);
                    let value_text = digits.show(value);
                    let name = self
                        .words
                        .say("part", &[("loss", &place.0), ("use", &place.1), ("value", &value_text)]);
                    Cell::new(value_text)
                        .class(format!("heat {}", heat_class(value, full)))
                        .sets(pair, place == chosen)
                        .name(name)
                }
                None => Cell::new(String::new()),
            });
            let cells = cells.chain([sum(by_loss.get(loss).copied().unwrap_or(0.0))]).collect();
            rows.push((head(self.words.say("loss-of", &[("t", &(loss + 1))])), cells));
        }
        let sums =
            self.by_use().into_iter().map(sum).chain([sum(self.total()).class("fig-sum whole")]).collect();
        rows.push((head(self.words.plain("sum")), sums));
        grid(Grid { name: self.words.plain("triangle"), heads: heads.collect(), rows, class: "tight" })
    }

    fn sentence(&self) -> String {
        let digits = self.digits();
        let name = format!("d{}[{}, {}]", self.weight, self.entry.0 + 1, self.entry.1 + 1);
        let (loss, used) = (self.now.whole("loss"), self.now.whole("use"));
        let chosen =
            loss.checked_sub(1).zip(used.checked_sub(1)).and_then(|(loss, used)| self.part(loss, used));
        let total = digits.show(self.total());
        match chosen {
            Some(value) => {
                let key = if loss == used { "says-part-same" } else { "says-part" };
                self.words.count(
                    key,
                    loss - used,
                    &[
                        ("name", &name),
                        ("loss", &loss),
                        ("use", &used),
                        ("value", &digits.show(value)),
                        ("total", &total),
                    ],
                )
            }
            None => {
                let parts = self.parts.parts.len();
                self.words.count("says", parts, &[("name", &name), ("total", &total)])
            }
        }
    }

    fn table(&self) -> Table {
        let digits = self.digits();
        let mut table = Table::new([
            self.words.plain("loss-step"),
            self.words.plain("use-step"),
            self.words.plain("value"),
        ]);
        for part in &self.parts.parts {
            let value = part.gradient.get(self.entry).copied().unwrap_or(0.0);
            table.row([
                (part.loss_step + 1).to_string(),
                (part.use_step + 1).to_string(),
                digits.show(value),
            ]);
        }
        table
    }
}
