//! Dialogue as continuation: question–answer pairs as samples, a question as the prompt.

use crate::language::{SamplingRules, Unit};
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::parts::{Box, boxes, caption, column};
use crate::view::figures::reader::Reader;
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::number::{fixed, percent};

/// Most characters of a question.
const LONGEST: usize = 60;
/// Most words of an answer.
const LENGTH: usize = 14;
/// The model of the pairs.
const PAIRS: Plan = Plan { unit: Unit::Word, hidden: 48, updates: 700, rare: 0 };

/// A question, the prompt that the model really reads, and how it goes on.
pub struct Dialogue;

impl AboutModel for Dialogue {
    const PLAN: Plan = PAIRS;

    fn settings(_: &Values) -> Vec<Setting> {
        vec![Setting::text("question", LONGEST, ""), Setting::switch("form", true)]
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let Some(mut reader) = lesson.reader(now) else { return Drawing::only(words.plain("empty")) };
        let question = now.text("question").trim();
        if question.is_empty() {
            return Drawing::only(words.plain("ask"));
        }
        let prompt = if now.is_on("form") {
            words.say("prompt-form", &[("question", &question)])
        } else {
            question.to_owned()
        };
        let rules = SamplingRules { greedy: true, ..SamplingRules::default() };
        let Some(written) = reader.write(&prompt, LENGTH, rules, 1) else {
            return Drawing::only(words.plain("empty"));
        };
        let piece =
            |id: usize, class: &'static str| Box { inside: reader.shown(id), class, ..Box::default() };
        let read = written.prompt.iter().map(|id| piece(*id, "x")).collect();
        let answered = written.draws.iter().map(|draw| piece(draw.id, "y")).collect();
        let body = vec![
            column([caption(words.plain("reads")), boxes(read, None, "")]),
            column([caption(words.plain("writes")), boxes(answered, None, "")]),
        ];
        let mut table = Table::new([words.plain("step"), words.plain("token"), words.plain("probability")]);
        let mut least = 1.0_f64;
        for (i, draw) in written.draws.iter().enumerate() {
            let p = draw.whole.get(draw.id).copied().unwrap_or_default();
            least = least.min(p);
            table.row([(written.prompt.len() + i + 1).to_string(), reader.shown(draw.id), fixed(p, 4)]);
        }
        // What it reads of the prompt is what it goes on from: symbols that it does not know are not in it.
        let answer = written.text.strip_prefix(&written.read).unwrap_or(&written.text).trim();
        let text = now.text("text");
        let key = if Reader::knows(text, &written.text) {
            "says-line"
        } else if Reader::holds(text, &written.text) {
            "says-part"
        } else {
            "says-new"
        };
        let read = written.read.trim();
        let says = words.say(key, &[("prompt", &read), ("answer", &answer), ("p", &percent(least, 0))]);
        let sentence = says + &reader.standing(words) + &Reader::left_out(&written.left_out, words);
        Drawing { body, sentence, table }
    }
}
