//! Input and labels: the same sequence, moved by one.

use crate::language::vocabulary::EOS;
use crate::view::figures::parts::{Cell, Grid, grid};
use crate::view::figures::pieces::{level_settings, shown, symbols};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};

/// Most characters of the sentence.
const LONGEST: usize = 80;

/// The row of inputs above the row of labels, for any sentence.
pub struct Shifted;

impl Figure for Shifted {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let sentence = given.text("sentence");
        let mut settings = vec![Setting::text("sentence", LONGEST, "")];
        settings.extend(level_settings(sentence, given));
        settings.push(Setting::switch("eos", true));
        settings.push(Setting::place("at", symbols(sentence, given).len(), 2));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let labels = symbols(now.text("sentence"), now);
        if labels.is_empty() {
            return Drawing::only(words.plain("empty"));
        }
        let at = now.whole("at").clamp(1, labels.len());
        let zero = words.plain("zero");
        let label = |t: usize| labels.get(t - 1).map(|piece| shown(piece)).unwrap_or_default();
        let input = |t: usize| if t == 1 { zero.clone() } else { label(t - 1) };
        let index = |words: String| Cell::new(words).class("fig-index");
        let heads = std::iter::once(index(words.plain("step")))
            .chain((1..=labels.len()).map(|t| index(t.to_string()).class(on("fig-index", t == at))));
        let row = |is_input: bool| {
            let cells = (1..=labels.len()).map(|t| {
                let said = if is_input { input(t) } else { label(t) };
                let name = format!("{}<{t}>", if is_input { "x" } else { "y" });
                let is_special = if is_input { t == 1 } else { labels.get(t - 1).is_some_and(|p| p == EOS) };
                // The label of the step before is what is read now.
                let is_source = !is_input && t + 1 == at;
                let class = format!(
                    "{}{}{}",
                    if is_input { "x" } else { "y" },
                    if is_special { " special" } else { "" },
                    if is_source { " source" } else { "" },
                );
                Cell::new(said.clone())
                    .class(class)
                    .name(words.say("cell", &[("symbol", &name), ("token", &said)]))
                    .symbol(if is_input { "x" } else { "y" })
                    .sets(format!("at={t}"), t == at)
            });
            (index(words.plain(if is_input { "input" } else { "label" })), cells.collect())
        };
        let drawing = grid(Grid {
            name: words.plain("rows"),
            heads: heads.collect(),
            rows: vec![row(true), row(false)],
            class: "fig-shifted",
        });
        let mut table = Table::new([words.plain("step"), words.plain("input"), words.plain("label")]);
        for t in 1..=labels.len() {
            table.row([t.to_string(), input(t), label(t)]);
        }
        let (read, next) = (input(at), label(at));
        let sentence = if at == 1 {
            words.say("says-first", &[("label", &next)])
        } else {
            words.say("says", &[("t", &at), ("before", &(at - 1)), ("input", &read), ("label", &next)])
        };
        Drawing { body: vec![drawing], sentence, table }
    }
}

fn on(class: &str, is_on: bool) -> String {
    format!("{class}{}", if is_on { " on" } else { "" })
}
