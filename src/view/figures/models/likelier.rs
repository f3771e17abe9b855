//! Which sentence is likelier: candidates ranked by a model, as a recogniser or a spelling corrector ranks them.

use crate::view::figures::lesson::{AboutModel, Followed, Lesson, Plan, Reader};
use crate::view::figures::parts::{Bar, bars, caption, column};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::number::{brief, fixed, percent};

/// Most characters of all candidates.
const LONGEST: usize = 200;
/// Below it one sentence is hardly likelier than another.
const EVEN: f64 = 1.02;
/// Most candidates.
const MOST: usize = 5;

/// Candidates, one a line, with the probability that each has among them.
pub struct Likelier;

impl AboutModel for Likelier {
    const PLAN: Plan = super::PLAN;

    fn settings(_: &Values) -> Vec<Setting> {
        vec![Setting::lines("candidates", LONGEST, 3, ""), Setting::choice("by", &["whole", "symbol"])]
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let Some(mut reader) = lesson.reader(now) else { return Drawing::only(words.plain("empty")) };
        let lines = now.text("candidates").lines().map(str::trim).filter(|line| !line.is_empty());
        let mut ranked: Vec<(String, Followed)> =
            lines.take(MOST).filter_map(|line| Some((line.to_owned(), reader.follow(line)?))).collect();
        let is_whole = now.text("by") != "symbol";
        // What is the larger the likelier.
        let value = |one: &Followed| {
            if is_whole { one.chain.log_product } else { -one.chain.perplexity }
        };
        ranked.sort_by(|(_, one), (_, other)| value(other).total_cmp(&value(one)));
        let Some((best, first)) = ranked.first() else { return Drawing::only(words.plain("empty")) };
        let top = first.chain.log_product;
        let all: f64 = ranked.iter().map(|(_, one)| (one.chain.log_product - top).exp()).sum();
        let mut table = Table::new([
            words.plain("sentence"),
            words.plain("log-p"),
            words.plain("symbols"),
            words.plain("perplexity"),
        ]);
        let mut rows = Vec::new();
        for (line, one) in &ranked {
            let share = (one.chain.log_product - top).exp() / all;
            let (length, text) = if is_whole {
                (share, percent(share, 1))
            } else {
                (first.chain.perplexity / one.chain.perplexity, fixed(one.chain.perplexity, 2))
            };
            rows.push(Bar {
                name: line.clone(),
                value: length,
                text,
                class: "y",
                on: line == best,
                ..Bar::default()
            });
            table.row([
                line.clone(),
                fixed(one.chain.log_product, 3),
                one.labels.len().to_string(),
                fixed(one.chain.perplexity, 3),
            ]);
        }
        let title = words.plain(if is_whole { "shares" } else { "perplexity" });
        let body = vec![column([caption(title), bars(rows, 1.0, "")])];
        let says = match ranked.get(1) {
            Some((second_line, second)) if is_whole => {
                let times = (top - second.chain.log_product).exp();
                let key = if times < EVEN { "says-even" } else { "says" };
                words.say(key, &[("best", best), ("other", &second_line), ("times", &brief(times, 3))])
            }
            Some((_, second)) => {
                let (one, other) = (fixed(first.chain.perplexity, 2), fixed(second.chain.perplexity, 2));
                words.say("says-symbol", &[("best", best), ("one", &one), ("other", &other)])
            }
            None => words.say("says-one", &[("best", best), ("log", &fixed(top, 2))]),
        };
        let mut left_out: Vec<String> = Vec::new();
        for symbol in ranked.iter().flat_map(|(_, one)| &one.left_out) {
            if !left_out.contains(symbol) {
                left_out.push(symbol.clone());
            }
        }
        let sentence = says + &reader.standing(words) + &Reader::left_out(&left_out, words);
        Drawing { body, sentence, table }
    }
}
