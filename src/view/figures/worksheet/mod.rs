//! Worksheets: exercises of the chapters on paper, with their answers on a page of their own.
//!
//! A sheet follows from its settings alone: the same number, chapter and counts make the same sheet again. It asks what
//! [`super::exercise`] asks; there is no second copy of a question.

mod known;
mod sheet;

pub use known::{KNOWN, Known};

use super::exercise::Task;
use super::{Drawing, Figure, Setting, Table, Values, Words};
use crate::view::address::CHAPTERS;
use crate::view::markup::el;

/// Largest number of a sheet, and of a question's seed.
const MOST: u64 = 9999;
/// Most questions of one kind.
const MOST_OF_A_KIND: usize = 4;
/// Most questions.
const MOST_QUESTIONS: usize = 40;
/// From the seed of a question to that of the next one of its kind: far enough not to meet the next sheet's.
const APART: u64 = 1009;
/// Most characters of the title.
const LONGEST: usize = 60;
/// The choice of a sheet over the whole book.
const ALL: &str = "all";

/// A sheet and its key.
pub struct Worksheet;

/// One question of a sheet.
pub struct Question {
    /// Its kind.
    pub known: &'static Known,
    /// The seed that it is made from: the same in its chapter.
    pub seed: u64,
    /// The question, and its steps with their answers.
    pub task: Task,
}

/// The questions of a sheet, in the order of the book.
pub fn questions(now: &Values, words: &Words) -> Vec<Question> {
    let sheet = (now.whole("seed") as u64).max(1);
    let mut all = Vec::new();
    for known in offered(now) {
        for place in 0..now.whole(known.name).min(MOST_OF_A_KIND) as u64 {
            let seed = (sheet - 1 + APART * place) % MOST + 1;
            let task = known.exercise.task(seed, &known.given(seed), &words.of(known.figure));
            all.extend(task.map(|task| Question { known, seed, task }));
        }
    }
    all.truncate(MOST_QUESTIONS);
    all
}

/// The kinds of the chosen chapter, or all.
fn offered(now: &Values) -> impl Iterator<Item = &'static Known> {
    let chapter = now.text("chapter").to_owned();
    KNOWN.iter().filter(move |known| chapter == known.chapter || !CHAPTERS.contains(&chapter.as_str()))
}

impl Figure for Worksheet {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let chapters: Vec<&str> = std::iter::once(ALL).chain(CHAPTERS).collect();
        let mut settings = vec![Setting::choice("chapter", &chapters)];
        let is_whole = !CHAPTERS.contains(&given.text("chapter"));
        let mut before = "";
        for known in offered(given) {
            // Of a chapter one of each kind; of the whole book the first kind of each chapter.
            let is_first = known.chapter != before;
            before = known.chapter;
            let count = if is_first || !is_whole { 1.0 } else { 0.0 };
            settings.push(Setting::slider(known.name, 0.0, MOST_OF_A_KIND as f64, 1.0, count));
        }
        settings.push(Setting::text("title", LONGEST, ""));
        settings.push(Setting::number("seed", 1.0, MOST as f64, 1.0));
        settings.push(Setting::button("another"));
        settings.push(Setting::switch("room", true));
        settings.push(Setting::switch("key", true));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let questions = questions(now, words);
        if questions.is_empty() {
            return Drawing::only(words.plain("empty"));
        }
        let mut table = Table::new([words.plain("question"), words.plain("kind"), words.plain("number-of")]);
        for (question, place) in questions.iter().zip(1..) {
            let kind = words.plain(question.known.name);
            table.row([place.to_string(), kind, question.seed.to_string()]);
        }
        let blanks: usize = questions.iter().map(|question| question.task.steps.len()).sum();
        let seed = now.whole("seed");
        let sentence = words.count("says", questions.len(), &[("blanks", &blanks), ("seed", &seed)]);
        let print = el("button")
            .attr("type", "button")
            .class("solid")
            .attr("data-do", "print")
            .say(words.plain("print"));
        let body = vec![
            el("p").class("sheet-print").child(print).into(),
            sheet::sheet(&questions, now, words).into(),
        ];
        Drawing { body, sentence, table }
    }

    fn press(&mut self, _: &str, now: &Values) -> Vec<(&'static str, String)> {
        let seed = now.whole("seed") as u64 % MOST + 1;
        vec![("seed", seed.to_string())]
    }
}
