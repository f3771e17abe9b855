//! What the news and the context add to each gate: the two parts of every sum in an LSTM.

use super::about_cell::AboutCell;
use super::learnt::Learnt;
use super::{UNITS, about, at, before, input, joined, layer, news, step_heads};
use crate::engine::syntax::Symbol;
use crate::engine::trace::LayerTrace;
use crate::view::colour::heat_class;
use crate::view::figures::parts::{Cell, Grid, Signed, caption, column, grid, row, signed};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::markup::Node;
use crate::view::number::{fixed, percent};
use crate::view::stepper::model::StepperModel;

/// The four sums of an LSTM: what they make, their matrix, their bias.
const SUMS: [(&str, &str, &str); 4] =
    [("c~", "W_c", "b_c"), ("Γ_f", "W_f", "b_f"), ("Γ_u", "W_u", "b_u"), ("Γ_o", "W_o", "b_o")];

/// Each sum of a unit in three parts, and over the sentence the share of the news.
pub struct Roles;

impl AboutCell for Roles {
    const CELL: &'static str = "lstm";
    const STEPS: u32 = 800;

    fn settings(model: Option<&StepperModel>, _: &Values) -> Vec<Setting> {
        let steps = model.map_or(1, StepperModel::steps);
        vec![Setting::steps("unit", UNITS, 1), Setting::place("step", steps, 4)]
    }

    fn draw(model: StepperModel, learnt: &Learnt, now: &Values, words: &Words) -> Option<Drawing> {
        let layer = layer(&model.trace)?;
        let unit = now.whole("unit").clamp(1, UNITS) - 1;
        let step = now.whole("step").clamp(1, model.steps()) - 1;
        let made = SUMS.map(|sum| parts(&model, layer, sum, step, unit));
        let full = made.iter().flatten().fold(0.0, |most: f64, part| most.max(part.abs()));
        let heads = ["made", "context", "news", "bias", "sum", "value"].map(|key| words.plain(key));
        let mut table = Table::new(heads);
        let bars = SUMS.iter().zip(&made).map(|((name, _, _), [context, news, bias])| {
            let value = at(layer, name, step, unit);
            let part = |class, value: &f64, key| Signed { class, value: *value, name: words.plain(key) };
            table.row([
                format!("{name}<t>"),
                fixed(*context, 4),
                fixed(*news, 4),
                fixed(*bias, 4),
                fixed(context + news + bias, 4),
                fixed(value, 4),
            ]);
            let title = words.say("made-of", &[("name", name), ("value", &fixed(value, 3))]);
            column([
                caption(title),
                signed(
                    &[part("a", context, "context"), part("x", news, "news"), part("w", bias, "bias")],
                    full,
                ),
            ])
        });
        let bars: Vec<Node> = bars.collect();
        let shares = SUMS.map(|sum| {
            let cells = (0..model.steps()).map(|t| {
                let share = share(&model, layer, &[sum], t);
                let shown = share.map_or_else(|| "–".to_owned(), |share| fixed(share * 100.0, 0));
                let name = words.say("share-name", &[("name", &sum.0), ("t", &(t + 1)), ("share", &shown)]);
                Cell::new(shown)
                    .class(heat_class(share.unwrap_or(0.0), 1.0))
                    .name(name)
                    .sets(format!("step={}", t + 1), t == step)
            });
            (Cell::new(format!("{}<t>", sum.0)).class("fig-index"), cells.collect())
        });
        let strip = grid(Grid {
            name: words.plain("shares"),
            heads: step_heads(&model, ""),
            rows: shares.into(),
            class: "fig-heat",
        });
        let said = words.say("reads", &[("t", &(step + 1)), ("token", &input(&model, step, words))]);
        let total = match share(&model, layer, &SUMS, step) {
            Some(news) => {
                words.say("says", &[("news", &percent(news, 0)), ("context", &percent(1.0 - news, 0))])
            }
            None => words.plain("says-nothing"),
        };
        let sentence = joined(&[said, total, about(&model, learnt, words)], words);
        let body = vec![row(bars), caption(words.plain("shares")), strip];
        Some(Drawing { body, sentence, table })
    }

    fn opens(now: &Values) -> (usize, usize) {
        (2, now.whole("unit"))
    }
}

/// Of one unit's sum: from `a<t-1>`, from `x<t>`, the bias.
fn parts(
    model: &StepperModel,
    layer: &LayerTrace<f64>,
    (_, matrix, bias): (&str, &str, &str),
    step: usize,
    unit: usize,
) -> [f64; 3] {
    let weight = |name: &str| model.model.weight(Some(0), &Symbol::from(name));
    let (Some(matrix), Some(bias)) = (weight(matrix), weight(bias)) else { return [f64::NAN; 3] };
    let context = (0..UNITS).map(|other| matrix[(unit, other)] * before(layer, "a", step, other)).sum();
    [context, news(matrix, layer, step, unit), bias[(unit, 0)]]
}

/// The share of `x<t>` in the magnitudes that `x<t>` and `a<t-1>` add to some sums, over all units; none where both add
/// nothing, as at the first step.
fn share(
    model: &StepperModel,
    layer: &LayerTrace<f64>,
    sums: &[(&str, &str, &str)],
    step: usize,
) -> Option<f64> {
    let (mut of_context, mut of_news) = (0.0, 0.0);
    for sum in sums {
        for unit in 0..UNITS {
            let [context, news, _] = parts(model, layer, *sum, step, unit);
            of_context += context.abs();
            of_news += news.abs();
        }
    }
    let all = of_context + of_news;
    (all > 0.0).then(|| of_news / all)
}
