//! Back-propagation through time, step by step from the last to the first.

use ndarray::{Array2, s};

use super::step::At;
use super::{SEED, SEEDS, block, line, sign, wish};
use crate::engine::syntax::Symbol;
use crate::view::colour::full_scale;
use crate::view::figures::network::Network;
use crate::view::figures::parts::{Matrix, caption, matrix};
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::number::fixed;
use crate::view::stepper::Direction;
use crate::view::stepper::digits::Digits;

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence.
const LONGEST: usize = 10;

/// `da<t>`, `dz_a<t>` and what the step adds to `dW_aa`, walked backward.
pub struct Backward;

impl Figure for Backward {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let steps = wish(given, HIDDEN).network().map_or(1, |network| network.steps());
        vec![
            Setting::text("sentence", LONGEST, ""),
            // The walk begins at the end.
            Setting::steps("step", steps, steps),
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
        let steps = network.steps();
        let t = now.whole("step").clamp(1, steps);
        let at = At { network: &network, step: t - 1 };
        let Some(here) = Here::of(at) else { return empty() };
        let Some(all) =
            network.trace.layers.first().and_then(|layer| layer.gradient(&Symbol("a".to_owned())))
        else {
            return empty();
        };
        let all = all.slice(s![.., .., 0]).t().to_owned();
        let strip = matrix(
            all.view(),
            &Matrix {
                size: (44.0, 22.0),
                framed: vec![t - 1],
                pale: (0..t - 1).collect(),
                title: words.say("so-far", &[("t", &t)]),
                ..Matrix::default()
            },
        );
        let full = full_scale(here.answer.iter().chain(&here.later).chain(&here.da).copied());
        let small = full_scale(here.added.iter().chain(&here.sum).copied());
        let (name, time) = (|letter: &str, t: usize| format!("{letter}<{t}>"), t);
        // After the last step there is none that anything could come from.
        let later = if t == steps { "from-nowhere" } else { "from-later" };
        let sum = if t == steps { "sum-last" } else { "sum" };
        let body = vec![
            strip,
            caption(words.plain("arrives")),
            line([
                block(&here.answer, words.say("from-answer", &[("t", &t)]), full, None),
                sign("+"),
                block(&here.later, words.say(later, &[("next", &(t + 1))]), full, None),
                sign("="),
                block(&here.da, name("da", time), full, None),
                sign("∗"),
                block(&here.slope, format!("1 − a<{t}> ∗ a<{t}>"), 1.0, None),
                sign("="),
                block(&here.dz, name("dz_a", time), full, None),
            ]),
            caption(words.plain("adds")),
            line([
                block(&here.dz, name("dz_a", time), full, None),
                sign("·"),
                block(&here.before, format!("(a<{}>)ᵀ", t - 1), 1.0, None),
                sign("="),
                block(&here.added, words.plain("own-share"), small, None),
                sign("→"),
                block(&here.sum, words.say(sum, &[("t", &t), ("last", &steps)]), small, None),
            ]),
        ];
        let size = |values: &Array2<f64>| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let digits = Digits::of(&here.da);
        let key = match t {
            1 if network.begins_with_zeros() => "says-first",
            1 => "says-first-changed",
            t if t == steps => "says-last",
            _ => "says",
        };
        let sentence = words.say(
            key,
            &[
                ("t", &t),
                ("next", &(t + 1)),
                ("answer", &digits.show(size(&here.answer))),
                ("later", &digits.show(size(&here.later))),
            ],
        );
        Drawing { body, sentence, table: table(&network, words) }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let opens = wish(now, HIDDEN).opens(now.whole("step"), 5);
        opens.map(|opens| match opens {
            Opens::Stepper(mut shared) => {
                shared.stepper.direction = Direction::Backward;
                Opens::Stepper(shared)
            }
            other => other,
        })
    }
}

/// The numbers of a step on the way back.
struct Here {
    /// `W_yaᵀ dz_y<t>`, n_a × 1.
    answer: Array2<f64>,
    /// `W_aaᵀ dz_a<t+1>`, n_a × 1; zeros at the last step.
    later: Array2<f64>,
    /// `da<t>`.
    da: Array2<f64>,
    /// `1 − a<t> ∗ a<t>`.
    slope: Array2<f64>,
    /// `dz_a<t>`.
    dz: Array2<f64>,
    /// `a<t-1>`, as a row.
    before: Array2<f64>,
    /// What this step adds to `dW_aa`.
    added: Array2<f64>,
    /// What the last step to this one have added.
    sum: Array2<f64>,
}

impl Here {
    fn of(at: At) -> Option<Here> {
        let answer = at.turned("W_ya", "dz_y")?;
        let later = match at.next() {
            Some(next) => next.turned("W_aa", "dz_a")?,
            None => Array2::zeros(answer.raw_dim()),
        };
        let mut sum = Array2::zeros((answer.nrows(), answer.nrows()));
        for step in (at.step..at.network.steps()).rev() {
            sum += &added(At { step, ..at })?;
        }
        Some(Here {
            da: at.of("da<t>")?,
            slope: at.of("1 - a<t> * a<t>")?,
            dz: at.of("dz_a<t>")?,
            before: at.of("a<t-1>")?.t().to_owned(),
            added: added(at)?,
            answer,
            later,
            sum,
        })
    }
}

/// What a step adds to `dW_aa`: `dz_a<t> (a<t-1>)ᵀ`, n_a × n_a.
fn added(at: At) -> Option<Array2<f64>> {
    Some(at.of("dz_a<t>")?.dot(&at.of("a<t-1>")?.t()))
}

fn table(network: &Network, words: &Words) -> Table {
    let mut heads = vec![words.plain("step")];
    for key in ["da", "dz_a"] {
        heads.extend((1..=HIDDEN).map(|unit| format!("{key}[{unit}]")));
    }
    heads.extend((1..=HIDDEN).map(|column| words.say("added-to", &[("n", &column)])));
    let mut table = Table::new(heads);
    for step in (0..network.steps()).rev() {
        let at = At { network, step };
        let Some(here) = Here::of(at) else { continue };
        let numbers = here.da.iter().chain(&here.dz).chain(here.added.row(0)).map(|value| fixed(*value, 4));
        table.row(std::iter::once((step + 1).to_string()).chain(numbers));
    }
    table
}
