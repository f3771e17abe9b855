//! From the state to the answer: logits, then softmax or the sigmoid.

use super::step::At;
use super::{QUESTIONS, SEED, SEEDS, asked, block, line, open_block, sign, wish};
use crate::engine::presets::{logistic_head, softmax_head};
use crate::view::colour::full_scale;
use crate::view::figures::exercise::digits::leading_to;
use crate::view::figures::network::Network;
use crate::view::figures::numbers::{self, Shown};
use crate::view::figures::parts::{Bar, bars, caption, column, equation};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::number::fixed;

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence.
const LONGEST: usize = 12;

/// `ŷ<t> = g_y(W_ya a<t> + b_y)` at a step.
pub struct Answer;

impl Figure for Answer {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let network = asked(given, HIDDEN);
        let steps = network.as_ref().map_or(1, Network::steps);
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::choice("question", &QUESTIONS),
            Setting::steps("step", steps, 2),
            Setting::steps("seed", SEEDS, SEED),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        asked(now, HIDDEN).map(|network| Numbers { shown: Shown::DrawnAndBelow, ..network.into() })
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some("rnn")
    }

    fn shows_sums(&self, _: &Values) -> bool {
        // The output's sum has one bias everywhere.
        false
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let empty = || Drawing::only(words.plain("empty"));
        let Some(network) = asked(now, HIDDEN) else { return empty() };
        let is_softmax = now.text("question") == QUESTIONS[0];
        let t = now.whole("step").clamp(1, network.steps());
        let at = At { network: &network, step: t - 1 };
        let found =
            (at.of("W_ya"), at.of("a<t>"), at.of("b_y"), at.of("z_y<t>"), at.of("ŷ<t>"), at.of("y<t>"));
        let (Some(w), Some(a), Some(b), Some(z), Some(yhat), Some(y)) = found else { return empty() };
        let weights = full_scale(w.iter().copied());
        let head = if is_softmax { softmax_head() } else { logistic_head() };
        let mut body = Vec::new();
        body.extend(head.equations.first().map(equation));
        body.push(line([
            open_block(&w, "W_ya", weights, None, now, numbers::weight(None, "W_ya")),
            block(&a, format!("a<{t}>"), 1.0, None),
            sign("+"),
            open_block(&b, "b_y", weights, None, now, numbers::weight(None, "b_y")),
            sign("="),
            block(&z, format!("z_y<{t}>"), 1.0, None),
            sign("→"),
            block(&yhat, format!("ŷ<{t}>"), 1.0, None),
        ]));
        let loss = network.trace.head.loss_per_step.get((t - 1, 0)).copied().unwrap_or(0.0);
        let loss = fixed(loss, 3);
        // Whoever calculates from what is printed gets what is printed.
        let minus_log = |share: f64| -libm::log(share);
        let minus_log_rest = |share: f64| -libm::log(1.0 - share);
        let label = shown(network.sequence.label(t - 1));
        let first = |column: &ndarray::Array2<f64>| column.first().copied().unwrap_or(0.0);
        let (sentence, names): (String, Vec<String>) = if is_softmax {
            let right: f64 = yhat.iter().zip(&y).map(|(yhat, y)| yhat * y).sum();
            let sum: f64 = yhat.iter().sum();
            let says = words.count(
                "says-softmax",
                yhat.nrows(),
                &[
                    ("t", &t),
                    ("sum", &fixed(sum, 2)),
                    ("label", &label),
                    ("p", &leading_to(right, minus_log)),
                    ("loss", &loss),
                ],
            );
            (says, network.sequence.vocabulary.iter().map(|symbol| shown(symbol)).collect())
        } else {
            let is_yes = first(&y) > 0.5;
            let key = if is_yes { "says-yes" } else { "says-no" };
            let p = leading_to(first(&yhat), if is_yes { minus_log } else { minus_log_rest });
            let values: [(&str, &dyn ToString); 4] =
                [("t", &t), ("z", &fixed(first(&z), 5)), ("p", &p), ("loss", &loss)];
            (words.say(key, &values), vec![words.plain("over")])
        };
        let mut table = Table::new(["answer", "logit", "exp", "yhat", "label"].map(|key| words.plain(key)));
        let mut rows = Vec::new();
        for (row, name) in names.into_iter().enumerate() {
            let get = |column: &ndarray::Array2<f64>| column.get((row, 0)).copied().unwrap_or(0.0);
            table.row([
                name.clone(),
                fixed(get(&z), 4),
                fixed(libm::exp(get(&z)), 4),
                fixed(get(&yhat), 4),
                fixed(get(&y), 0),
            ]);
            let on = get(&y) > 0.5;
            rows.push(Bar {
                name,
                value: get(&yhat),
                text: fixed(get(&yhat), 3),
                class: "y",
                on,
                ..Bar::default()
            });
        }
        let title = words.plain(if is_softmax { "shares" } else { "yes" });
        body.push(column([caption(&title), bars(rows, 1.0, &title)]));
        Drawing { body, sentence, table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        // The Stepper asks for the next symbol.
        let is_softmax = now.text("question") == QUESTIONS[0];
        is_softmax.then(|| wish(now, HIDDEN).opens(now.whole("step"), 2)).flatten()
    }
}
