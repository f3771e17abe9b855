//! The losses of the steps, each beginning where the one before ends: together they are L.

use super::step::At;
use super::{QUESTIONS, SEED, SEEDS, asked, wish};
use crate::view::figures::exercise::digits::leading_to;
use crate::view::figures::parts::{Bar, bars};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::number::fixed;

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence.
const LONGEST: usize = 14;

/// The losses as bars that add up.
pub struct Losses;

impl Figure for Losses {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let steps = wish(given, HIDDEN).network().map_or(1, |network| network.steps());
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::choice("question", &QUESTIONS),
            Setting::place("at", steps, 1),
            Setting::steps("seed", SEEDS, SEED),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        asked(now, HIDDEN).map(Numbers::from)
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let Some(network) = asked(now, HIDDEN) else { return Drawing::only(words.plain("empty")) };
        let is_softmax = now.text("question") == QUESTIONS[0];
        let steps = network.steps();
        let total = network.trace.loss_sum;
        let chosen = now.whole("at").clamp(1, steps);
        let mut table = Table::new(["step", "wanted", "given", "loss", "so-far"].map(|key| words.plain(key)));
        let mut rows = Vec::new();
        let mut sentence = String::new();
        let mut before = 0.0;
        for step in 0..steps {
            let at = At { network: &network, step };
            let (yhat, y) = (at.of("ŷ<t>").unwrap_or_default(), at.of("y<t>").unwrap_or_default());
            let loss = network.trace.head.loss_per_step.get((step, 0)).copied().unwrap_or(0.0);
            let is_yes = y.first().copied().unwrap_or(0.0) > 0.5;
            let wanted = match (is_softmax, is_yes) {
                (true, _) => shown(network.sequence.label(step)),
                (false, true) => "1".to_owned(),
                (false, false) => "0".to_owned(),
            };
            // What was given to the right answer.
            let given: f64 = if is_softmax || is_yes {
                yhat.iter().zip(&y).map(|(yhat, y)| yhat * y).sum()
            } else {
                1.0 - yhat.first().copied().unwrap_or(0.0)
            };
            let t = step + 1;
            if t == chosen {
                let key = match (is_softmax, is_yes) {
                    (true, _) => "says-softmax",
                    (false, true) => "says-yes",
                    (false, false) => "says-no",
                };
                // Whoever calculates from what is printed gets what is printed.
                let yhat = leading_to(yhat.first().copied().unwrap_or(0.0), |share| -libm::log(1.0 - share));
                let p = leading_to(given, |share| -libm::log(share));
                let yhat = if is_yes { &p } else { &yhat };
                sentence = words.count(
                    key,
                    steps,
                    &[
                        ("t", &t),
                        ("wanted", &wanted),
                        ("p", &p),
                        ("yhat", yhat),
                        ("loss", &fixed(loss, 3)),
                        ("total", &fixed(total, 3)),
                    ],
                );
            }
            rows.push(Bar {
                name: format!("{t}  {wanted}"),
                value: loss,
                from: before,
                text: fixed(loss, 3),
                class: "y",
                sets: Some(format!("at={t}")),
                on: t == chosen,
            });
            before += loss;
            table.row([t.to_string(), wanted, fixed(given, 4), fixed(loss, 4), fixed(before, 4)]);
        }
        rows.push(Bar { name: "L".to_owned(), value: total, text: fixed(total, 3), ..Bar::default() });
        Drawing { body: vec![bars(rows, total, &words.plain("bars"))], sentence, table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        // The Stepper asks for the next symbol.
        let is_softmax = now.text("question") == QUESTIONS[0];
        is_softmax.then(|| wish(now, HIDDEN).opens(now.whole("at"), 3)).flatten()
    }
}
