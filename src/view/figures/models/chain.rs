//! The chain rule: each factor a bar with its number, and what the product, the sum of logarithms and the perplexity
//! are up to a step.

use crate::language::probability::from_log_probabilities;
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::parts::{Upright, facts, upright};
use crate::view::figures::reader::Reader;
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::number::{brief, fixed};

/// Most characters of the sentence.
const LONGEST: usize = 39;

/// The factors of a sentence, scrubbed through.
pub struct Chain;

impl AboutModel for Chain {
    const PLAN: Plan = super::PLAN;

    fn settings(given: &Values) -> Vec<Setting> {
        let steps = given.text("sentence").trim().chars().count() + 1;
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::steps("at", steps.min(LONGEST + 1), LONGEST + 1),
        ]
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let reader = lesson.reader(now);
        let Some((reader, followed)) = reader.and_then(|mut reader| {
            let followed = reader.follow(now.text("sentence"))?;
            Some((reader, followed))
        }) else {
            return Drawing::only(words.plain("empty"));
        };
        let at = now.whole("at").clamp(1, followed.labels.len());
        let chain = &followed.chain;
        let so_far = from_log_probabilities(chain.log_probabilities.get(..at).unwrap_or_default());
        let mut table = Table::new([
            words.plain("step"),
            words.plain("token"),
            words.plain("factor"),
            words.plain("product"),
            words.plain("log-sum"),
        ]);
        let mut product = 1.0;
        let mut columns = Vec::new();
        for (t, (label, p)) in followed.labels.iter().zip(&chain.probabilities).enumerate() {
            product *= p;
            let (token, number) = (reader.shown(*label), factor(*p));
            let sum = chain.log_sums.get(t).copied().unwrap_or_default();
            table.row([(t + 1).to_string(), token.clone(), brief(*p, 4), brief(product, 4), fixed(sum, 3)]);
            columns.push(Upright {
                value: *p,
                name: words.say("bar", &[("t", &(t + 1)), ("token", &token), ("p", &number)]),
                below: token,
                above: number,
                class: if t < at { "y" } else { "y later" },
                sets: format!("at={}", t + 1),
                on: t + 1 == at,
            });
        }
        let body = vec![
            upright(columns, &words.plain("factors")),
            facts([
                (words.plain("product"), brief(so_far.product, 4)),
                (words.plain("log-sum"), fixed(so_far.log_product, 3)),
                (words.plain("perplexity"), fixed(so_far.perplexity, 2)),
            ]),
        ];
        let token = reader.shown(followed.labels.get(at - 1).copied().unwrap_or_default());
        let p = brief(so_far.probabilities.last().copied().unwrap_or_default(), 3);
        // Above V the model is no longer unsure among its symbols: it expected others.
        let size = reader.corpus.vocabulary.len();
        let key = if so_far.perplexity > size as f64 { "says-worse" } else { "says" };
        let says = words.count(
            key,
            at,
            &[
                ("token", &token),
                ("p", &p),
                ("product", &brief(so_far.product, 4)),
                ("perplexity", &fixed(so_far.perplexity, 2)),
                ("v", &size),
            ],
        );
        let sentence = says + &reader.standing(words) + &Reader::left_out(&followed.left_out, words);
        Drawing { body, sentence, table }
    }
}

/// A factor above its bar: two decimals, and one digit of what would be nothing then.
fn factor(p: f64) -> String {
    if p < 0.005 { brief(p, 1) } else { fixed(p, 2) }
}
