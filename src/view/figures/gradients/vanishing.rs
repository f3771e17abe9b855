//! The gradient of one loss, the last, by the state at every step before: four cells on the same text.

use super::setup::{Setup, change, norms, sequence};
use super::{LONGEST, SEED, SEEDS};
use crate::engine::analysis::with_spectral_radius;
use crate::engine::options::Options;
use crate::engine::syntax::Symbol;
use crate::engine::trace::{LossAt, trace};
use crate::training::settings::Start;
use crate::view::chart::Dash;
use crate::view::figures::parts::{Level, caption, levels, look_of};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words, letters};
use crate::view::number::brief;
use crate::view::stepper::model::input_of;
use crate::view::stepper::sequence::Sequence;

/// A cell, and the state that is looked at: first the one that carries its memory.
const CURVES: [(&str, &str); 5] =
    [("rnn", "a"), ("gru-simplified", "c"), ("gru", "c"), ("lstm", "c"), ("lstm", "a")];

/// Norms of the gradient on a logarithmic axis.
pub struct Vanishing;

impl Figure for Vanishing {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::slider("hidden", 4.0, 24.0, 4.0, 16.0),
            Setting::slider("radius", 0.1, 3.0, 0.1, 1.0),
            Setting::slider("keep", 0.0, 5.0, 0.5, 1.0),
            Setting::steps("seed", SEEDS, SEED),
        ]
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        // Of its symbols the slider's W_aa is the plain cell's; the curves are named below, each in its own cell's letters.
        Some("rnn")
    }

    fn shows_sums(&self, _: &Values) -> bool {
        false
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let Some(sequence) = sequence(now.text("sentence")) else {
            return Drawing::only(words.plain("empty"));
        };
        let found = curves(&sequence, now);
        let steps = sequence.steps();
        let all: Vec<Level> = CURVES
            .iter()
            .zip(&found)
            .enumerate()
            .map(|(place, ((cell, state), values))| {
                let (dash, class) = look_of(cell);
                // A cell's second state has its tone, dotted.
                let is_second = CURVES.iter().position(|(known, _)| known == cell) != Some(place);
                let dash = if is_second { Dash::Dotted } else { dash };
                let state = letters::plain(cell, state, now);
                let name = words.say(&format!("curve.{cell}"), &[("state", &state)]);
                Level { name, dash, class, values: values.clone() }
            })
            .collect();
        let mut table = Table::new(
            std::iter::once(words.plain("step")).chain(all.iter().map(|curve| curve.name.clone())),
        );
        for step in 0..steps {
            let numbers = found.iter().map(|norms| brief(norms.get(step).copied().unwrap_or(0.0), 3));
            table.row(std::iter::once((step + 1).to_string()).chain(numbers));
        }
        // What is left of the gradient at the last step; the LSTM's a<t> is only shown.
        let left = |curve: usize| brief(share(found.get(curve).map_or(&[], Vec::as_slice)), 2);
        let sentence = words.say(
            "says",
            &[
                ("steps", &steps),
                ("rnn", &left(0)),
                ("simple", &left(1)),
                ("gru", &left(2)),
                ("lstm", &left(3)),
            ],
        );
        let body = vec![
            caption(words.say("axis", &[("steps", &steps)])),
            levels(&all, "t = 1", &format!("t = {steps}")),
        ];
        Drawing { body, sentence, table }
    }
}

/// The norm at the first step as a share of that at the last.
pub(super) fn share(norms: &[f64]) -> f64 {
    match (norms.first(), norms.last()) {
        (Some(first), Some(last)) if *last > 0.0 => first / last,
        _ => 0.0,
    }
}

/// `‖∂L<T>/∂state<t>‖` for t = 1 … T, a list for each of the curves.
fn curves(sequence: &Sequence, now: &Values) -> Vec<Vec<f64>> {
    let mut input = input_of(sequence);
    input.loss_at = LossAt::Step(sequence.steps().saturating_sub(1));
    let mut last = None;
    CURVES
        .iter()
        .map(|(cell, state)| {
            if last.as_ref().is_none_or(|(known, _)| known != cell) {
                let setup = Setup {
                    cell,
                    options: Options::default(),
                    hidden: now.whole("hidden"),
                    layers: 1,
                    start: Start::Xavier,
                    seed: now.whole("seed") as u64,
                };
                let run = setup.model(sequence.vocabulary.len()).and_then(|mut model| {
                    change(&mut model, "W_aa", |matrix| with_spectral_radius(matrix, now.number("radius")));
                    // A forget gate stays open with a large bias; the GRU's update gate stays shut with a small one.
                    change(&mut model, "b_f", |bias| bias.mapv(|_| now.number("keep")));
                    if *cell != "lstm" {
                        change(&mut model, "b_u", |bias| bias.mapv(|_| -now.number("keep")));
                    }
                    trace(&model, &input).ok()
                });
                last = Some((*cell, run));
            }
            let run = last.as_ref().and_then(|(_, run)| run.as_ref());
            run.and_then(|run| run.layers.first())
                .map_or_else(Vec::new, |layer| norms(layer.gradient(&Symbol::from(*state))))
        })
        .collect()
}
