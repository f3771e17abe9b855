//! The rules side by side, on the same model with the same seed.

use super::strip::{Piece, pieces};
use super::{LONGEST_PROMPT, SEEDS};
use crate::language::SamplingRules;
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::parts::{caption, svg};
use crate::view::figures::reader::{Reader, Written};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};
use crate::view::number::{fixed, percent};

/// Most symbols that are drawn.
const LENGTH: usize = 24;
/// Texts that each rule writes.
const TEXTS: u64 = 3;

/// What each rule leaves of one distribution, and what it writes.
pub struct Rules;

impl AboutModel for Rules {
    const PLAN: Plan = super::PLAN;

    fn settings(_: &Values) -> Vec<Setting> {
        vec![
            Setting::text("prompt", LONGEST_PROMPT, ""),
            Setting::slider("temperature", 0.1, 3.0, 0.1, 0.5),
            Setting::slider("top-k", 1.0, 10.0, 1.0, 3.0),
            Setting::slider("top-p", 0.1, 1.0, 0.05, 0.8),
            Setting::steps("seed", SEEDS, 1),
        ]
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let Some(mut reader) = lesson.reader(now) else { return Drawing::only(words.plain("empty")) };
        let plain = SamplingRules::default();
        let k = now.whole("top-k").max(1);
        let rules = [
            ("allowed", SamplingRules { refuse_unknown: false, ..plain }),
            ("refused", plain),
            ("greedy", SamplingRules { greedy: true, ..plain }),
            ("hot", SamplingRules { temperature: now.number("temperature").max(0.1), ..plain }),
            ("cut", SamplingRules { top_k: Some(k), ..plain }),
            ("nucleus", SamplingRules { top_p: Some(now.number("top-p").clamp(0.05, 1.0)), ..plain }),
        ];
        let values: [(&str, &dyn ToString); 3] =
            [("t", &fixed(now.number("temperature"), 1)), ("k", &k), ("p", &fixed(now.number("top-p"), 2))];
        let seed = now.whole("seed") as u64;
        let mut table = Table::new([
            words.plain("rule"),
            words.plain("kept"),
            words.plain("likeliest"),
            words.plain("texts"),
        ]);
        let mut rows: Vec<Element> = Vec::new();
        let mut kept_by = Vec::new();
        let mut left_out = Vec::new();
        for (name, rules) in rules {
            // One seed a text, the same ones for every rule.
            let texts: Option<Vec<Written>> = (0..TEXTS)
                .map(|i| reader.write(now.text("prompt"), LENGTH, rules, seed.wrapping_mul(TEXTS) + i))
                .collect();
            let Some(texts) = texts else { return Drawing::only(words.plain("empty")) };
            let Some(first) = texts.first().and_then(|text| text.draws.first()) else {
                return Drawing::only(words.plain("empty"));
            };
            let probabilities = &first.distribution.probabilities;
            let kept = first.distribution.kept.len();
            let top = probabilities.iter().copied().fold(0.0, f64::max);
            let all: Vec<Piece> = probabilities
                .iter()
                .enumerate()
                .map(|(id, share)| Piece {
                    name: reader.shown(id),
                    share: *share,
                    on: *share == top,
                    special: Some(id) == reader.corpus.vocabulary.unknown(),
                })
                .collect();
            let title = words.say(name, &values);
            let strip = svg(300.0, 30.0, pieces(&all, 0.0, 300.0, 1.0, 28.0)).attr("aria-hidden", "true");
            let texts_shown: Vec<String> = texts.iter().map(|text| said(&text.text)).collect();
            kept_by.push(kept);
            table.row([title.clone(), kept.to_string(), percent(top, 1), texts_shown.join(" / ")]);
            rows.push(
                el("div")
                    .class("fig-rule")
                    .child(caption(title))
                    .child(el("div").class("fig-rule-strip").child(strip))
                    .child(el("div").class("fig-rule-texts").children(
                        texts_shown.into_iter().map(|text| el("span").class("fig-sample").say(text)),
                    )),
            );
            left_out = texts.into_iter().next().map(|text| text.left_out).unwrap_or_default();
        }
        let of = |at: usize| kept_by.get(at).copied().unwrap_or_default();
        let says = words.say(
            "says",
            &[
                ("all", &of(0)),
                ("refused", &of(1)),
                ("k", &of(4)),
                ("nucleus", &of(5)),
                ("p", &fixed(now.number("top-p"), 2)),
            ],
        );
        let sentence = says + &reader.standing(words) + &Reader::left_out(&left_out, words);
        let body = vec![Node::from(el("div").class("fig-rule-list").children(rows))];
        Drawing { body, sentence, table }
    }
}

/// A text as it is shown: one without a symbol ended at once.
fn said(text: &str) -> String {
    if text.is_empty() { crate::language::vocabulary::EOS.to_owned() } else { text.to_owned() }
}
