//! One network without a remedy and one with what the reader has switched on: the gradient through time, or by layer.

use super::setup::{Setup, norms, sequence, turned};
use super::vanishing::share;
use super::{LONGEST, SEED, SEEDS};
use crate::engine::options::{Activation, Normalisation, Options};
use crate::engine::syntax::Symbol;
use crate::engine::trace::{LossAt, trace};
use crate::training::settings::Start;
use crate::view::chart::Dash;
use crate::view::figures::parts::{Level, caption, levels};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};
use crate::view::number::brief;
use crate::view::stepper::sequence::Sequence;

/// Hidden units.
const HIDDEN: usize = 16;
/// Samples: batch normalisation takes its means over them.
const SAMPLES: usize = 8;

/// Before and after on one chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedies {
    in_depth: bool,
}

impl Remedies {
    /// One layer, the gradient step by step.
    pub const IN_TIME: Remedies = Remedies { in_depth: false };
    /// Stacked layers, the gradient layer by layer.
    pub const IN_DEPTH: Remedies = Remedies { in_depth: true };
}

impl Figure for Remedies {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        let mut settings = vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::choice("before", &["small", "xavier", "large"]),
            Setting::choice("start", &["same", "xavier", "he", "identity"]),
            Setting::choice("activation", &["tanh", "relu", "leaky-relu", "swish"]),
            Setting::choice("normalisation", &["none", "layer", "batch"]),
        ];
        if self.in_depth {
            settings.push(Setting::switch("residual", false));
            settings.push(Setting::slider("layers", 2.0, 8.0, 1.0, 6.0));
        }
        settings.push(Setting::steps("seed", SEEDS, SEED));
        settings
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some("rnn")
    }

    fn shows_sums(&self, _: &Values) -> bool {
        false
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let Some(sequence) = sequence(now.text("sentence")) else {
            return Drawing::only(words.plain("empty"));
        };
        let before = self.curve(&sequence, now, false);
        let after = self.curve(&sequence, now, true);
        let count = before.len();
        let mut table = Table::new([
            words.plain(if self.in_depth { "layer" } else { "step" }),
            words.plain("without"),
            words.plain("with"),
        ]);
        for (place, (one, other)) in before.iter().zip(&after).enumerate() {
            table.row([(place + 1).to_string(), brief(*one, 3), brief(*other, 3)]);
        }
        let (without, with) = (brief(share(&before), 2), brief(share(&after), 2));
        let remedies = chosen(now, words);
        let sentence = if remedies.is_empty() {
            words.say("says-none", &[("count", &count), ("without", &without)])
        } else {
            let remedies = remedies.join(&words.plain("and"));
            words.say(
                "says",
                &[("count", &count), ("without", &without), ("with", &with), ("remedies", &remedies)],
            )
        };
        let mut all =
            vec![Level { name: words.plain("without"), dash: Dash::Dashed, class: "z", values: before }];
        if after != all[0].values {
            all.push(Level { name: words.plain("with"), dash: Dash::Solid, class: "v", values: after });
        }
        let ends = if self.in_depth {
            (words.plain("lowest"), words.say("highest", &[("count", &count)]))
        } else {
            ("t = 1".to_owned(), format!("t = {count}"))
        };
        let body = vec![caption(words.plain("axis")), levels(&all, &ends.0, &ends.1)];
        Drawing { body, sentence, table }
    }
}

impl Remedies {
    /// The norms, from the first step or the lowest layer on.
    fn curve(self, sequence: &Sequence, now: &Values, remedied: bool) -> Vec<f64> {
        let before = match now.text("before") {
            "xavier" => Start::Xavier,
            "large" => Start::Uniform(1.0),
            _ => Start::Uniform(0.1),
        };
        let start = match now.text("start") {
            "xavier" => Start::Xavier,
            "he" => Start::He,
            "identity" => Start::Identity,
            _ => before,
        };
        let options = Options {
            activation: match now.text("activation") {
                "relu" => Some(Activation::Relu),
                "leaky-relu" => Some(Activation::LeakyRelu),
                "swish" => Some(Activation::Swish),
                _ => None,
            },
            normalisation: match now.text("normalisation") {
                "layer" => Some(Normalisation::Layer),
                "batch" => Some(Normalisation::Batch),
                _ => None,
            },
            residual: now.is_on("residual"),
        };
        let layers = if self.in_depth { now.whole("layers").clamp(2, 8) } else { 1 };
        let setup = Setup {
            cell: "rnn",
            options: if remedied { options } else { Options::default() },
            hidden: HIDDEN,
            layers,
            start: if remedied { start } else { before },
            seed: now.whole("seed") as u64,
        };
        let last = sequence.steps().saturating_sub(1);
        let input = turned(sequence, SAMPLES, LossAt::Step(last));
        let run = setup.model(sequence.vocabulary.len()).and_then(|model| trace(&model, &input).ok());
        let state = Symbol::from("a");
        let layers = run.map(|run| run.layers).unwrap_or_default();
        if self.in_depth {
            // At the last step itself, where the loss is: the way down alone.
            layers.iter().filter_map(|layer| norms(layer.gradient(&state)).last().copied()).collect()
        } else {
            layers.first().map_or_else(Vec::new, |layer| norms(layer.gradient(&state)))
        }
    }
}

/// What is switched on, in words.
fn chosen(now: &Values, words: &Words) -> Vec<String> {
    let changed = |name: &str, nothing: &str| {
        let value = now.text(name);
        (value != nothing).then(|| words.plain(&format!("{name}.{value}")))
    };
    let normalisation =
        changed("normalisation", "none").map(|kind| words.say("by-normalisation", &[("kind", &kind)]));
    // The start that the network has already is no remedy.
    let start = changed("start", "same").filter(|_| now.text("start") != now.text("before"));
    let start = start.map(|kind| words.say("by-start", &[("kind", &kind)]));
    let residual = now.is_on("residual").then(|| words.plain("residual"));
    [start, changed("activation", "tanh"), normalisation, residual].into_iter().flatten().collect()
}
