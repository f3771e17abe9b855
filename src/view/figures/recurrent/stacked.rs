//! Two products made into one: the matrices slide side by side, the columns on top of each other.

use ndarray::Array2;

use super::step::At;
use super::{Name, SEED, SEEDS, block, line, name, wish};
use crate::engine::presets::preset;
use crate::view::colour::{full_scale, heat_class};
use crate::view::figures::parts::{column, equation, label, svg, tenth};
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::markup::{Element, el};
use crate::view::number::{brief, fixed};

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence: with more, `W_ax` is too wide.
const LONGEST: usize = 8;
/// Width and height of an entry.
const SIZE: (f64, f64) = (38.0, 21.0);
/// Room for a name above a block.
const TOP: f64 = 26.0;

/// `[W_aa : W_ax] = W_a`, with the numbers of both forms.
pub struct Stacked;

impl Figure for Stacked {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let steps = wish(given, HIDDEN).network().map_or(1, |network| network.steps());
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::slider("together", 0.0, 1.0, 0.02, 0.0),
            Setting::steps("step", steps, 2),
            Setting::steps("seed", SEEDS, SEED),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        wish(now, HIDDEN).numbers()
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some("rnn")
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let empty = || Drawing::only(words.plain("empty"));
        let Some(network) = wish(now, HIDDEN).network() else { return empty() };
        let t = now.whole("step").clamp(1, network.steps());
        let at = At { network: &network, step: t - 1 };
        let numbers = (at.of("W_aa"), at.of("W_ax"), at.of("a<t-1>"), at.of("x<t>"));
        let (Some(w_aa), Some(w_ax), Some(a), Some(x)) = numbers else { return empty() };
        let forms = (at.of("W_aa a<t-1> + W_ax x<t> + b_a"), at.of("W_a [a<t-1>, x<t>] + b_a"));
        let (Some(two), Some(one)) = forms else { return empty() };
        let sliding = Sliding { together: now.number("together").clamp(0.0, 1.0), t, symbols: w_ax.ncols() };
        let full = full_scale(w_aa.iter().chain(&w_ax).copied());
        let drawing = sliding.draw(&w_aa, &w_ax, &a, &x, full);
        let rnn = preset("rnn");
        let first = rnn.and_then(|preset| preset.cell.equations.first()).map(equation);
        let stacked = rnn.and_then(|preset| preset.stacked.as_ref()).and_then(|cell| cell.equations.first());
        let scale = full_scale(two.iter().copied());
        let part = |equation, values: &Array2<f64>| {
            let numbers = line([block(values, format!("z_a<{t}>"), scale, None)]);
            column([equation, Some(numbers)].into_iter().flatten())
        };
        let body = vec![
            el("div").class("fig-scroll fig-wide-svg").child(drawing).into(),
            el("div")
                .class("fig-row")
                .child(part(first, &two))
                .child(part(stacked.map(equation), &one))
                .into(),
        ];
        let apart = two.iter().zip(&one).fold(0.0, |most: f64, (two, one)| most.max((two - one).abs()));
        let mut table = Table::new(["unit", "two", "one", "apart"].map(|key| words.plain(key)));
        for (unit, (two, one)) in two.iter().zip(&one).enumerate() {
            let apart = brief((two - one).abs(), 2);
            table.row([(unit + 1).to_string(), fixed(*two, 12), fixed(*one, 12), apart]);
        }
        let columns = HIDDEN + w_ax.ncols();
        let values: [(&str, &dyn ToString); 4] =
            [("rows", &HIDDEN), ("columns", &columns), ("n_x", &w_ax.ncols()), ("apart", &brief(apart, 2))];
        let key = if apart == 0.0 { "says-same" } else { "says-nearly" };
        Drawing { body, sentence: words.say(key, &values), table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        wish(now, HIDDEN).opens(now.whole("step"), 1)
    }
}

/// Where the four blocks are.
struct Sliding {
    /// 0: two products; 1: one.
    together: f64,
    t: usize,
    /// n_x.
    symbols: usize,
}

impl Sliding {
    fn draw(
        &self,
        w_aa: &Array2<f64>,
        w_ax: &Array2<f64>,
        a: &Array2<f64>,
        x: &Array2<f64>,
        full: f64,
    ) -> Element {
        let (width, height) = SIZE;
        let n_a = HIDDEN as f64;
        let n_x = self.symbols as f64;
        let share = self.together;
        let between = |apart: f64, together: f64| apart + (together - apart) * share;
        let top = TOP + 24.0;
        let all = (n_a + n_x) * height;
        // In the middle of the columns, as a product is written.
        let middle = top + all / 2.0 - n_a * height / 2.0;
        let gap = 12.0;
        let apart_plus = n_a * width + gap + width + 22.0;
        let apart_ax = apart_plus + 22.0;
        let apart_x = apart_ax + n_x * width + gap;
        let together_column = (n_a + n_x) * width + 18.0;
        // The state's column goes over the matrix, not through it.
        let lift = 4.0 * share * (1.0 - share) * (middle - top + 12.0);
        // Its name has to stand in the drawing, too.
        let a_top = (between(middle, top) - lift).max(TOP);
        let a_place = (between(n_a * width + gap, together_column), a_top);
        let x_place = (
            between(apart_x, together_column),
            between(top + all / 2.0 - n_x * height / 2.0, top + n_a * height),
        );
        let time = format!("⟨{}⟩", self.t);
        let before = format!("⟨{}⟩", self.t - 1);
        let w = |below| Name { role: "w", letter: "W", below, time: "" };
        let symbol = |role, letter, time| Name { role, letter, below: "", time };
        let faded = |shown: f64| tenth(shown.clamp(0.0, 1.0));
        let parts = [
            numbers(w_aa, (0.0, middle), full).child(
                name(n_a * width / 2.0, middle - 8.0, w("aa")).attr("opacity", faded(1.0 - 2.0 * share)),
            ),
            numbers(w_ax, (between(apart_ax, n_a * width), middle), full).child(
                name(between(apart_ax, n_a * width) + n_x * width / 2.0, middle - 8.0, w("ax"))
                    .attr("opacity", faded(1.0 - 2.0 * share)),
            ),
            name((n_a + n_x) * width / 2.0, middle - 8.0, w("a")).attr("opacity", faded(2.0 * share - 1.0)),
            label(apart_plus, middle + n_a * height / 2.0 + 6.0, "+")
                .class("fig-plus")
                .attr("text-anchor", "middle")
                .attr("opacity", faded(1.0 - 3.0 * share)),
            numbers(x, x_place, 1.0).child(
                name(x_place.0 + width / 2.0, x_place.1 - 8.0, symbol("x", "x", &time))
                    .attr("opacity", faded(1.0 - 2.0 * share)),
            ),
            numbers(a, a_place, 1.0).child(name(
                a_place.0 + width / 2.0,
                a_place.1 - 8.0,
                symbol("a", "a", &before),
            )),
            // Which rows are whose, once they stand on top of each other.
            name(
                together_column + width + 18.0,
                top + (n_a + n_x / 2.0) * height + 5.0,
                symbol("x", "x", &time),
            )
            .attr("opacity", faded(2.0 * share - 1.0)),
        ];
        svg(apart_x + width + 10.0, top + all + 4.0, parts).attr("aria-hidden", "true")
    }
}

/// A matrix in the drawing.
fn numbers(values: &Array2<f64>, place: (f64, f64), full: f64) -> Element {
    let (width, height) = SIZE;
    let cells = values.indexed_iter().flat_map(|((row, column), value)| {
        let (x, y) = (place.0 + column as f64 * width, place.1 + row as f64 * height);
        let class = heat_class(*value, full);
        let digits = if *value == 0.0 || *value == 1.0 { 0 } else { 2 };
        [
            el("rect")
                .class(&class)
                .attr("x", tenth(x + 0.5))
                .attr("y", tenth(y + 0.5))
                .attr("width", tenth(width - 1.0))
                .attr("height", tenth(height - 1.0))
                .attr("rx", 2),
            label(x + width / 2.0, y + height / 2.0 + 4.0, fixed(*value, digits))
                .class(format!("{class}-t fig-digits"))
                .attr("text-anchor", "middle"),
        ]
    });
    let cells: Vec<Element> = cells.collect();
    el("g").children(cells)
}
