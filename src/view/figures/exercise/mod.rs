//! Exercises: a question from real numbers, worked out in steps, checked step by step with a tolerance.
//!
//! An exercise makes a [`Task`] from a seed; the answer fields, the check, the feedback that names the first wrong step,
//! another question and the solution are the same for all of them. A calculation that a reader has made on paper is
//! checked in the same way.

mod answers;
mod chain;
mod column;
pub(super) mod digits;
mod draw;
mod gates;
mod given;
mod hand;
mod padding;
mod product;
mod remedies;
mod reshape;
mod shapes;
mod state;
mod worked;

pub use answers::{AnswerTask, LossTask};
pub use chain::{ChainTask, LikelierTask};
pub use column::ColumnTask;
pub use draw::DrawTask;
pub use gates::{MemoryTask, MixTask};
pub use hand::Hand;
pub use padding::PaddingTask;
pub use product::ProductTask;
pub use remedies::{ClipTask, StartTask};
pub use reshape::{TailTask, TemperatureTask};
pub use shapes::ShapesTask;
pub use state::StateTask;

use super::parts::paragraph;
use super::{Drawing, Figure, Opens, Setting, Table, Values, Words};
use crate::view::markup::{Node, el};
use crate::view::number::fixed;
use crate::view::typed::worked_out;

/// Names of the answer fields: as many steps as a task may have.
const ANSWERS: [&str; 12] = [
    "answer-1",
    "answer-2",
    "answer-3",
    "answer-4",
    "answer-5",
    "answer-6",
    "answer-7",
    "answer-8",
    "answer-9",
    "answer-10",
    "answer-11",
    "answer-12",
];

/// A question with everything that is needed to answer it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// The question.
    pub question: String,
    /// What is given.
    pub given: Vec<Node>,
    /// What is worked out, in order; at most twelve.
    pub steps: Vec<Step>,
    /// Which step is worked out from which: the places (from 0) of the earlier and of the later one.
    pub links: Vec<(usize, usize)>,
}

impl Task {
    /// How many later steps follow from one (its place from 0), straight or by way of others.
    pub fn followers(&self, place: usize) -> usize {
        let mut follows = vec![false; self.steps.len()];
        for later in place + 1..follows.len() {
            let is_reached = |(from, to): &(usize, usize)| {
                *to == later && (*from == place || follows.get(*from).copied().unwrap_or(false))
            };
            let reached = self.links.iter().any(is_reached);
            if let Some(one) = follows.get_mut(later) {
                *one = reached;
            }
        }
        follows.into_iter().filter(|follows| *follows).count()
    }
}

/// One number that is worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is, as a label: `z_a<2>`.
    pub name: String,
    /// The right number.
    pub value: f64,
    /// How far off an answer may be.
    pub tolerance: f64,
    /// How it comes about, with its numbers.
    pub why: String,
    /// Decimals of the number where the solution is shown.
    pub decimals: usize,
}

impl Step {
    /// The right number as the solution says it.
    pub fn printed(&self) -> String {
        fixed(self.value, self.decimals)
    }

    /// How far off an answer may be, so that 0 or ten times as much is never right: the tolerance, but no more than a
    /// quarter of a small number. Of the last two digits that are printed nobody can say so much.
    fn within(&self) -> f64 {
        let last = (0..self.decimals).fold(1.0, |unit, _| unit / 10.0);
        self.tolerance.min((self.value.abs() / 4.0).max(2.0 * last))
    }
}

/// A number with its tolerance, its decimals, and how it comes about: a step without its name.
type Found = (f64, f64, usize, String);

/// The steps of a task under the names of its fields; a name may be the key of a word, and a field without one has the
/// word `answer-<place>`.
fn steps(names: Vec<String>, found: Vec<Found>, words: &Words) -> Vec<Step> {
    let mut steps = Vec::with_capacity(found.len());
    for ((mut name, (value, tolerance, decimals, why)), place) in names.into_iter().zip(found).zip(1..) {
        if name.is_empty() {
            name = words.plain(&format!("answer-{place}"));
        } else if words.has(&name) {
            name = words.plain(&name);
        }
        steps.push(Step { name, value, tolerance, why, decimals });
    }
    steps
}

/// A kind of question.
pub trait Exercise {
    /// What a reader may change besides the answers.
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let _ = given;
        Vec::new()
    }

    /// The question for a seed; none where the settings leave nothing to ask.
    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task>;

    /// Labels of the steps, without words: the fields are made before anything is said. Each is a symbol, the key of a
    /// word, or empty for the word `answer-<place>`.
    fn names(&self, seed: u64, now: &Values) -> Vec<String>;

    /// As [`Figure::letters_of`].
    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        let _ = now;
        None
    }

    /// Where the same numbers can be opened.
    fn opens(&self, now: &Values) -> Option<Opens> {
        let _ = now;
        None
    }

    /// Whether there is another question for another seed.
    fn has_more(&self) -> bool {
        true
    }
}

/// An exercise as a figure. One for all of them: a copy of its code for each kind would be most of their weight.
pub struct Exam(pub &'static (dyn Exercise + Sync));

/// How an answer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was written.
    Empty,
    /// It is no number.
    NoNumber,
    /// Within the tolerance.
    Right,
    /// Not within it.
    Wrong,
}

/// Looks at an answer: what [`worked_out`] understands. A percent sign behind it is the task's own, or means hundredths.
pub fn judge(answer: &str, step: &Step) -> Verdict {
    let text = answer.trim().trim_end_matches(['%', '％']);
    if text.trim().is_empty() {
        return Verdict::Empty;
    }
    let has_percent = text.len() < answer.trim().len();
    // A last digit that only the way of writing has rounded does not count.
    let is_right = |value: f64| (value - step.value).abs() <= step.within() + 1e-9;
    match worked_out(text) {
        Some(value) if is_right(value) || has_percent && is_right(value / 100.0) => Verdict::Right,
        Some(_) => Verdict::Wrong,
        None => Verdict::NoNumber,
    }
}

/// No answer, and nothing said of one.
fn unanswered() -> impl Iterator<Item = (&'static str, String)> {
    let answers = ANSWERS.iter().map(|answer| (*answer, String::new()));
    [("checked", "0".to_owned()), ("solution", "off".to_owned())].into_iter().chain(answers)
}

impl Figure for Exam {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let mut settings = self.0.settings(given);
        settings.push(Setting::place("seed", 9999, 1));
        settings.push(Setting::place("checked", 1, 0));
        let names = self.0.names(seed(given), given);
        settings.extend(ANSWERS.iter().zip(names).map(|(answer, name)| Setting::answer(answer, name)));
        settings.push(Setting::button("check"));
        if self.0.has_more() {
            settings.push(Setting::button("another"));
        }
        settings.push(Setting::switch("solution", false));
        settings
    }

    fn above(&self, now: &Values, words: &Words) -> Vec<Node> {
        match self.0.task(seed(now), now, words) {
            Some(task) => std::iter::once(paragraph(&task.question)).chain(task.given).collect(),
            None => Vec::new(),
        }
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let Some(task) = self.0.task(seed(now), now, words) else {
            return Drawing::only(words.plain("empty"));
        };
        let answers: Vec<&str> = ANSWERS.iter().map(|answer| now.text(answer)).collect();
        let verdicts: Vec<Verdict> =
            task.steps.iter().zip(&answers).map(|(step, answer)| judge(answer, step)).collect();
        let is_checked = now.whole("checked") == 1;
        let mut table = Table::new([words.plain("number"), words.plain("yours"), words.plain("verdict")]);
        for ((step, answer), verdict) in task.steps.iter().zip(&answers).zip(&verdicts) {
            let verdict = if is_checked { words.plain(verdict.key()) } else { "–".to_owned() };
            table.row([step.name.clone(), (*answer).to_owned(), verdict]);
        }
        let sentence =
            if is_checked { feedback(&task, &answers, &verdicts, words) } else { words.plain("do-it") };
        let solution =
            task.steps.iter().map(|step| el("li").children(super::parts::named(&solved(step, words))));
        let body = if now.is_on("solution") {
            vec![el("ol").class("fig-solution").children(solution).into()]
        } else {
            Vec::new()
        };
        Drawing { body, sentence, table }
    }

    fn press(&mut self, button: &str, now: &Values) -> Vec<(&'static str, String)> {
        if button == "check" {
            return vec![("checked", "1".to_owned())];
        }
        let next = (now.whole("seed") % 9999 + 1).to_string();
        std::iter::once(("seed", next)).chain(unanswered()).collect()
    }

    fn follow(&self, setting: &str) -> Vec<(&'static str, String)> {
        // Another task: what was answered was not asked by it.
        let is_answer = ["checked", "solution"].contains(&setting) || ANSWERS.contains(&setting);
        if is_answer { Vec::new() } else { unanswered().collect() }
    }

    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        self.0.letters_of(now)
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        self.0.opens(now)
    }
}

impl Verdict {
    fn key(self) -> &'static str {
        match self {
            Verdict::Empty => "verdict-empty",
            Verdict::NoNumber => "verdict-no-number",
            Verdict::Right => "verdict-right",
            Verdict::Wrong => "verdict-wrong",
        }
    }
}

/// The line of a solution: a number, and how it comes about.
pub fn solved(step: &Step, words: &Words) -> String {
    let value = step.printed();
    words.say("step-solution", &[("name", &step.name), ("value", &value), ("why", &step.why)])
}

/// What is said about the answers: the first that is not right, why, and whether later ones follow from it.
fn feedback(task: &Task, answers: &[&str], verdicts: &[Verdict], words: &Words) -> String {
    let found = verdicts.iter().position(|verdict| *verdict != Verdict::Right);
    let Some((place, step)) = found.and_then(|place| Some((place, task.steps.get(place)?))) else {
        return words.count("all-right", task.steps.len(), &[]);
    };
    let yours = answers.get(place).copied().unwrap_or_default();
    match verdicts.get(place) {
        // Before the first nothing was right yet.
        Some(Verdict::Empty) => {
            words.say(if place == 0 { "first-empty" } else { "is-empty" }, &[("name", &step.name)])
        }
        Some(Verdict::NoNumber) => words.say("no-number", &[("name", &step.name), ("yours", &yours)]),
        _ => {
            let value = step.printed();
            let values: [(&str, &dyn ToString); 4] =
                [("name", &step.name), ("yours", &yours), ("value", &value), ("why", &step.why)];
            let wrong = words.say("first-wrong", &values);
            match task.followers(place) {
                0 => wrong,
                later => {
                    let follows = words.count("followers", later, &[]);
                    words.say("then", &[("one", &wrong), ("other", &follows)])
                }
            }
        }
    }
}

fn seed(now: &Values) -> u64 {
    if now.has("seed") { now.whole("seed") as u64 } else { 1 }
}
