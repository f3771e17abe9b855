//! Dialogue as continuation: question–answer pairs as samples, a question as the prompt.

use crate::language::{SamplingRules, Unit};
use crate::view::figures::lesson::{AboutModel, Lesson, Plan, Reader};
use crate::view::figures::parts::{Box, boxes, caption, column};
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
        let answer = written.text.get(written.text.len().min(prompt_end(&written.text, &prompt))..);
        let answer = answer.unwrap_or_default().trim();
        let is_known = Reader::knows(now.text("text"), &written.text);
        let key = if is_known { "says-line" } else { "says-new" };
        let says = words.say(key, &[("prompt", &prompt), ("answer", &answer), ("p", &percent(least, 0))]);
        let sentence = says + &reader.standing(words) + &Reader::left_out(&written.left_out, words);
        Drawing { body, sentence, table }
    }
}

/// Where the continuation begins: after what text and prompt have in common.
fn prompt_end(text: &str, prompt: &str) -> usize {
    let same = text.chars().zip(prompt.chars()).take_while(|(one, other)| one == other);
    same.map(|(letter, _)| letter.len_utf8()).sum()
}
