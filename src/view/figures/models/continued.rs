//! A beginning, continued: the distribution at each step, and what was taken from it.

use super::distribution_bars;
use crate::language::SamplingRules;
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::parts::{Box, boxes, caption, column};
use crate::view::figures::reader::Reader;
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::number::{fixed, percent};

/// Most characters of the prompt.
const LONGEST: usize = 24;
/// Most symbols that are added.
const LENGTH: usize = 30;
/// Seeds that can be chosen.
const SEEDS: usize = 99;

/// The prompt as it is read, then one symbol after the other.
pub struct Continued;

impl AboutModel for Continued {
    const PLAN: Plan = super::PLAN;

    fn settings(_: &Values) -> Vec<Setting> {
        vec![
            Setting::text("prompt", LONGEST, ""),
            Setting::choice("rule", &["draw", "greedy"]),
            Setting::steps("seed", SEEDS, 1),
            Setting::place("at", LONGEST + LENGTH + 1, 0),
        ]
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let Some(mut reader) = lesson.reader(now) else { return Drawing::only(words.plain("empty")) };
        let prompt = now.text("prompt");
        let rules = SamplingRules { greedy: now.text("rule") == "greedy", ..SamplingRules::default() };
        let Some(written) = reader.write(prompt, LENGTH, rules, now.whole("seed") as u64) else {
            return Drawing::only(words.plain("empty"));
        };
        let given = written.prompt.len();
        // What the model expected while it read the prompt.
        let expected = reader.expected(prompt);
        let steps: Vec<(usize, Vec<f64>, Option<f64>)> = written
            .prompt
            .iter()
            .zip(expected)
            .map(|(id, all)| (*id, all, None))
            .chain(written.draws.iter().map(|draw| (draw.id, draw.whole.clone(), Some(draw.u))))
            .collect();
        // The last symbol of the prompt is followed by the first one that was chosen.
        let at = match now.whole("at") {
            0 => (given + 1).min(steps.len()),
            at => at.min(steps.len()),
        };
        let row = steps.iter().enumerate().map(|(i, (id, _, drawn))| {
            let (t, token) = (i + 1, reader.shown(*id));
            let key = if drawn.is_some() { "box-written" } else { "box-given" };
            Box {
                name: words.say(key, &[("t", &t), ("token", &token)]),
                inside: token,
                class: if drawn.is_some() { "y" } else { "x" },
                ..Box::default()
            }
        });
        let row = boxes(row.collect(), Some(("at", at)), &words.plain("text-so-far"));
        let mut table = Table::new([
            words.plain("step"),
            words.plain("token"),
            words.plain("probability"),
            words.plain("from"),
        ]);
        for (i, (id, all, drawn)) in steps.iter().enumerate() {
            let p = all.get(*id).copied().unwrap_or_default();
            let from = words.plain(if drawn.is_some() { "from-model" } else { "from-prompt" });
            table.row([(i + 1).to_string(), reader.shown(*id), fixed(p, 4), from]);
        }
        let Some((id, all, drawn)) = at.checked_sub(1).and_then(|at| steps.get(at)) else {
            return Drawing::only(words.plain("empty"));
        };
        let before: String =
            steps.iter().take(at - 1).map(|(id, _, _)| reader.shown(*id)).collect::<Vec<_>>().concat();
        let title = if before.is_empty() {
            words.plain("after-nothing")
        } else {
            words.say("after", &[("text", &before)])
        };
        let bars = column([caption(title), distribution_bars(&reader, all, Some(*id), 8, words)]);
        let p = percent(all.get(*id).copied().unwrap_or_default(), 1);
        let token = reader.shown(*id);
        let key = if drawn.is_some() { "says" } else { "says-given" };
        let says = words.say(key, &[("token", &token), ("p", &p), ("text", &written.text)]);
        let end = words.plain(if written.ended { "ended" } else { "limit" });
        let sentence = format!("{says}{}{end}{}", words.plain("gap"), reader.standing(words))
            + &Reader::left_out(&written.left_out, words);
        Drawing { body: vec![row, bars], sentence, table }
    }
}
