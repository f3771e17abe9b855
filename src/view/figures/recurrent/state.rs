//! The equation of the state, with the numbers of one step of the reader's sentence.

use ndarray::Array2;

use super::step::At;
use super::{SEED, SEEDS, block, line, open_block, sign, wish};
use crate::engine::presets::preset;
use crate::view::colour::full_scale;
use crate::view::figures::network::Network;
use crate::view::figures::numbers::{self, Shown};
use crate::view::figures::parts::{equation, paragraph};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::number::{MINUS, factor, fixed};

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence: with more, `W_ax` is too wide to be read.
const LONGEST: usize = 12;

/// `a<t> = g(W_aa a<t-1> + W_ax x<t> + b_a)` at a step.
pub struct State;

impl Figure for State {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let network = wish(given, HIDDEN).network();
        let steps = network.as_ref().map_or(1, Network::steps);
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::steps("step", steps, 2),
            Setting::steps("unit", HIDDEN, 1),
            Setting::steps("seed", SEEDS, SEED),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        wish(now, HIDDEN).numbers().map(|numbers| Numbers { shown: Shown::DrawnAndBelow, ..numbers })
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some("rnn")
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let empty = || Drawing::only(words.plain("empty"));
        let Some(network) = wish(now, HIDDEN).network() else { return empty() };
        let t = now.whole("step").clamp(1, network.steps());
        let unit = now.whole("unit").clamp(1, HIDDEN) - 1;
        let at = At { network: &network, step: t - 1 };
        let of = |text: &str| at.of(text);
        let found = (of("W_aa"), of("a<t-1>"), of("W_ax"), of("x<t>"), of("b_a"), of("z_a<t>"), of("a<t>"));
        let (Some(w_aa), Some(before), Some(w_ax), Some(x), Some(b), Some(z), Some(a)) = found else {
            return empty();
        };
        let weights = full_scale(w_aa.iter().chain(&w_ax).copied());
        let row = Some(unit);
        let mut body = Vec::new();
        if let Some(rnn) = preset("rnn").and_then(|preset| preset.cell.equations.first()) {
            body.push(equation(rnn));
        }
        let (now_name, before_name) = (format!("a<{t}>"), format!("a<{}>", t - 1));
        let open = |values: &Array2<f64>, name: &str, row| {
            open_block(values, name, weights, row, now, numbers::weight(Some(0), name))
        };
        // What the step before computed is not the reader's to change.
        let before_block = if t == 1 {
            open_block(&before, before_name, 1.0, None, now, numbers::initial("a"))
        } else {
            block(&before, before_name, 1.0, None)
        };
        body.push(line([
            open(&w_aa, "W_aa", row),
            before_block,
            sign("+"),
            open(&w_ax, "W_ax", row),
            open_block(&x, format!("x<{t}>"), 1.0, None, now, numbers::input(t - 1)),
            sign("+"),
            open(&b, "b_a", row),
            sign("="),
            block(&z, format!("z_a<{t}>"), 1.0, row),
            sign("→"),
            block(&a, now_name, 1.0, row),
        ]));
        let at_unit = |column: &Array2<f64>| column.get((unit, 0)).copied().unwrap_or(0.0);
        let mut terms = terms(&w_aa, &before, unit);
        terms.extend(self::terms(&w_ax, &x, unit));
        terms.push(fixed(at_unit(&b), 3));
        let n = unit + 1;
        // The terms are rounded, so that what they give may differ in the last digit.
        let (sum_here, state) = (at_unit(&z), at_unit(&a));
        body.push(paragraph(format!("z_a<{t}>[{n}] = {} ≈ {}", sum(&terms), fixed(sum_here, 2))));
        body.push(paragraph(format!("a<{t}>[{n}] = tanh({}) ≈ {}", fixed(sum_here, 3), fixed(state, 2))));
        let mut table = Table::new(["unit", "memory", "input", "bias", "z", "a"].map(|key| words.plain(key)));
        let (memory, reads) = (of("W_aa a<t-1>"), of("W_ax x<t>"));
        for unit in 0..HIDDEN {
            let number =
                |column: Option<&Array2<f64>>| column.and_then(|c| c.get((unit, 0))).map_or(0.0, |v| *v);
            let columns = [memory.as_ref(), reads.as_ref(), Some(&b), Some(&z), Some(&a)];
            let cells = columns.map(|column| fixed(number(column), 4));
            table.row(std::iter::once((unit + 1).to_string()).chain(cells));
        }
        let token = network.sequence.input(t - 1);
        let is_zero = |column: &Array2<f64>| column.iter().all(|value| *value == 0.0);
        let key = match token {
            _ if !network.reads_the_sentence(t - 1) => "says-changed",
            None if !is_zero(&before) || !is_zero(&b) => "says-first-changed",
            None => "says-first",
            Some(_) => "says",
        };
        let sentence = words.say(
            key,
            &[
                ("t", &t),
                ("before", &(t - 1)),
                ("token", &token.map(shown).unwrap_or_default()),
                ("unit", &n),
                ("value", &fixed(state, 2)),
            ],
        );
        Drawing { body, sentence, table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        wish(now, HIDDEN).opens(now.whole("step"), 1)
    }
}

/// The products of a row with a column, those with a zero left out; a lone zero where nothing is left.
fn terms(weights: &Array2<f64>, column: &Array2<f64>, row: usize) -> Vec<String> {
    let products = (0..weights.ncols()).filter_map(|at| {
        let (weight, value) = (weights.get((row, at))?, column.get((at, 0))?);
        (*value != 0.0).then(|| format!("{} · {}", fixed(*weight, 3), factor(*value, 3)))
    });
    let products: Vec<String> = products.collect();
    if products.is_empty() { vec!["0".to_owned()] } else { products }
}

/// Terms with signs between them.
fn sum(terms: &[String]) -> String {
    let mut text = String::new();
    for term in terms {
        match term.strip_prefix(MINUS) {
            Some(rest) if !text.is_empty() => text.push_str(&format!(" {MINUS} {rest}")),
            _ if text.is_empty() => text.push_str(term),
            _ => text.push_str(&format!(" + {term}")),
        }
    }
    text
}
