//! Which sentence is likelier: candidates ranked by a model, as a recogniser or a spelling corrector ranks them.

use crate::sorted::sort_by;
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::parts::{Bar, bars, caption, column};
use crate::view::figures::reader::{Followed, Reader};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::number::{brief, fixed, percent};

/// Most characters of all candidates.
const LONGEST: usize = 200;
/// Below it one sentence is hardly likelier than another.
const EVEN: f64 = 1.02;
/// Below it the logarithms of two probabilities differ by their rounding alone.
const EQUAL: f64 = 1e-9;
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
        let mut ranked: Vec<(String, Followed)> = Vec::new();
        let (mut is_repeated, mut unknown, mut seen) = (false, Vec::new(), Vec::new());
        for line in lines.clone().take(MOST) {
            // A line that stands there again is no other candidate.
            if seen.contains(&line) {
                is_repeated = true;
                continue;
            }
            seen.push(line);
            if let Some(followed) = reader.follow(line) {
                // What is ranked is what is read.
                let is_whole = followed.left_out.is_empty();
                let name =
                    if is_whole { line.to_owned() } else { format!("{line} → {}", reader.read(&followed)) };
                ranked.push((name, followed));
            } else {
                unknown.push(format!("“{line}”"));
            }
        }
        let is_whole = now.text("by") != "symbol";
        // What is the larger the likelier.
        let value = |one: &Followed| {
            if is_whole { one.chain.log_product } else { -one.chain.perplexity }
        };
        sort_by(&mut ranked, |(_, one), (_, other)| value(other).total_cmp(&value(one)));
        let Some(winner @ (best, first)) = ranked.first() else { return Drawing::only(words.plain("empty")) };
        let top = first.chain.log_product;
        let key = match ranked.get(1) {
            Some((_, second)) => verdict(first, second, is_whole),
            None if is_repeated => "says-same",
            None => "says-one",
        };
        let is_even = matches!(key, "says-equal" | "says-even" | "says-symbol-equal");
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
                (first.chain.perplexity / one.chain.perplexity, perplexity(one))
            };
            rows.push(Bar {
                name: line.clone(),
                value: length,
                text,
                class: "y",
                on: line == best && !is_even,
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
        let (other, second) = ranked.get(1).unwrap_or(winner);
        let mut sentence = words.say(
            key,
            &[
                ("best", best),
                ("other", other),
                ("times", &brief((top - second.chain.log_product).exp(), 3)),
                ("one", &perplexity(first)),
                ("next", &perplexity(second)),
                ("log", &fixed(top, 2)),
            ],
        );
        if is_repeated && ranked.len() > 1 {
            sentence += &(words.plain("gap") + &words.plain("repeated"));
        }
        let mut add = |more: String| sentence += &(words.plain("gap") + &more);
        if !unknown.is_empty() {
            add(words.say("unknown-lines", &[("lines", &unknown.join(" "))]));
        }
        if lines.count() > MOST {
            add(words.say("only-lines", &[("n", &MOST)]));
        }
        let mut left_out: Vec<String> = Vec::new();
        for symbol in ranked.iter().flat_map(|(_, one)| &one.left_out) {
            if !left_out.contains(symbol) {
                left_out.push(symbol.clone());
            }
        }
        sentence += &(reader.standing(words) + &Reader::left_out(&left_out, words));
        Drawing { body, sentence, table }
    }
}

/// The perplexity as it is shown.
fn perplexity(one: &Followed) -> String {
    fixed(one.chain.perplexity, 2)
}

/// The word for how the likelier of two candidates stands to the other: none is ahead of what is as likely.
fn verdict(first: &Followed, second: &Followed, is_whole: bool) -> &'static str {
    let apart = first.chain.log_product - second.chain.log_product;
    match is_whole {
        true if apart < EQUAL => "says-equal",
        true if apart.exp() < EVEN => "says-even",
        true => "says",
        // What reads the same is no lead.
        false if perplexity(first) == perplexity(second) => "says-symbol-equal",
        false => "says-symbol",
    }
}
