//! Five ways to wire one model, each trained in the page on a small task of its own, and stepped through.

mod five;
mod kept;
mod opened;
mod own;
mod walk;
mod wires;

use std::cell::RefCell;

use kept::{Heard, Kept};

use crate::language::tasks::TaskLanguage;
use crate::training::study::{Study, StudyProgress};
use crate::training::task::{Measured, Sample, TaskKind, TaskSettings};
use crate::view::chart::Dash;
use crate::view::figures::parts::{Line, caption, chart, column, paragraph, row};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Drawing, Figure, News, Setting, Table, Values, Words};
use crate::view::markup::Node;
use crate::view::number::{fixed, percent};
use crate::view::stepper::Direction;

/// The wirings, as the setting has them.
const KINDS: [(&str, TaskKind); 5] = [
    ("one-to-one", TaskKind::OneToOne),
    ("one-to-many", TaskKind::OneToMany),
    ("many-to-one", TaskKind::ManyToOne),
    ("many-to-many", TaskKind::ManyToMany),
    ("encoder-decoder", TaskKind::EncoderDecoder),
];
/// The cells that can be wired.
const CELLS: [&str; 2] = ["gru", "rnn"];
/// Examples that are shown.
const EXAMPLES: usize = 4;
/// Most characters of an input of the reader's own.
const LONGEST: usize = 60;
/// Seed of data, weights and order.
const SEED: u64 = 1;

/// One model, rewired: on examples or on the reader's own input, before, while and after it is trained.
#[derive(Default)]
pub struct Wirings {
    kept: RefCell<Option<Kept>>,
    heard: Heard,
}

fn settings_of(now: &Values) -> TaskSettings {
    let kind = KINDS.iter().find(|(name, _)| *name == now.text("wiring")).unwrap_or(&KINDS[0]).1;
    let language =
        if now.text("language") == "chinese" { TaskLanguage::Chinese } else { TaskLanguage::English };
    TaskSettings::usual(kind, language, cell(now), SEED)
}

fn cell(now: &Values) -> &'static str {
    CELLS.into_iter().find(|cell| *cell == now.text("cell")).unwrap_or(CELLS[0])
}

fn direction(now: &Values) -> Direction {
    if now.text("direction") == "backward" { Direction::Backward } else { Direction::Forward }
}

impl Wirings {
    /// Calls with task and model of the values, made where they are not the last ones.
    fn with<T>(&self, now: &Values, act: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let settings = settings_of(now);
        let mut kept = self.kept.borrow_mut();
        if kept.as_ref().is_none_or(|kept| kept.settings != settings) {
            *kept = Kept::new(settings);
        }
        kept.as_mut().map(act)
    }
}

impl Figure for Wirings {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let kinds: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        let mut settings = vec![
            Setting::drawn("wiring", &kinds),
            Setting::choice("language", &["english", "chinese"]),
            Setting::choice("cell", &CELLS),
            Setting::text("own", LONGEST, ""),
        ];
        if given.text("own").trim().is_empty() {
            settings.push(Setting::steps("example", EXAMPLES, 1));
        }
        settings.push(Setting::switch("equations", false));
        if given.is_on("equations") {
            let (steps, lines) =
                self.with(given, |kept| kept.walk_sizes(&self.heard, given)).unwrap_or((1, 1));
            settings.push(Setting::choice("direction", &["forward", "backward"]));
            settings.push(Setting::steps("step", steps, 1));
            settings.push(Setting::steps("line", lines, 1));
        }
        settings
    }

    fn above(&self, now: &Values, words: &Words) -> Vec<Node> {
        vec![five::five(now.text("wiring"), words)]
    }

    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        Some(cell(now))
    }

    fn shows_sums(&self, now: &Values) -> bool {
        now.is_on("equations")
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        self.with(now, |kept| draw(kept, &self.heard, now, words))
            .unwrap_or_else(|| Drawing::only(words.plain("empty")))
    }

    fn study(&self, now: &Values) -> Option<Study> {
        Some(Study::Task(settings_of(now)))
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Reset => self.heard = Heard::default(),
            News::Study(StudyProgress::Task(progress)) => {
                self.heard.losses.extend_from_slice(&progress.losses);
                self.heard.measured.extend_from_slice(&progress.measured);
            }
            News::StudyWeights(step, weights) => self.heard.weights = Some((step, weights.to_vec())),
            _ => {}
        }
    }
}

fn draw(kept: &mut Kept, heard: &Heard, now: &Values, words: &Words) -> Drawing {
    let Some(chosen) = kept.chosen(now) else {
        let said = [words.plain("own-unknown"), known(kept, words)];
        return Drawing::only(said.join(&words.plain("space")));
    };
    let kind = now.text("wiring");
    // Many names begin alike: another name is no mistake.
    let is_open = kept.settings.kind == TaskKind::OneToMany;
    let (step, before, answer) = kept.answers(heard, &chosen.sample);
    let walked = now.is_on("equations").then(|| kept.walk(heard, &chosen.sample, now)).flatten();
    let mut body = Vec::new();
    match &walked {
        Some(walked) => body.push(wires::wires(&walked.answer, is_open, Some(walked.step))),
        None => body.push(wires::wires(&answer, is_open, None)),
    }
    body.push(wires::said(&before, &answer, is_open, words));
    if !now.text("own").trim().is_empty() {
        body.push(paragraph(known(kept, words)));
    }
    let mut table = measures(&heard.measured, words);
    if let Some(walked) = &walked {
        let drawn = opened::draw(walked, kept, words);
        body.extend(drawn.nodes);
        table = drawn.table;
    }
    if !heard.losses.is_empty() {
        body.push(curves(heard, kept, words));
    }
    let mut said = vec![words.plain(&format!("task.{kind}")), standing(kept, heard, step, words)];
    if !chosen.left_out.is_empty() {
        said.push(words.say("left-out", &[("symbols", &chosen.left_out.join(" "))]));
    }
    if chosen.is_cut {
        let first = answer.steps.first().map(|step| shown(&step.input)).unwrap_or_default();
        said.push(words.count("own-cut", chosen.sample.given.len(), &[("first", &first)]));
    }
    if let Some(walked) = &walked {
        // Only what writes reads what was said before.
        let writes = matches!(kept.settings.kind, TaskKind::OneToMany | TaskKind::EncoderDecoder);
        match kept.has_label(&chosen.sample) {
            true if writes => said.push(words.plain("fed-labels")),
            true => {}
            false => said.push(words.plain("own-labels")),
        }
        said.push(opened::says(walked, words));
    }
    Drawing { body, sentence: said.join(&words.plain("space")), table }
}

/// How well it does, in a sentence.
fn standing(kept: &Kept, heard: &Heard, step: u32, words: &Words) -> String {
    let (Some((_, first)), Some((_, last))) = (heard.measured.first(), heard.measured.last()) else {
        return words.plain("untrained");
    };
    if step == 0 {
        return words.plain("untrained");
    }
    let key = if kept.task().held_out.is_empty() { "seen" } else { "held-out" };
    words.count(
        key,
        step as usize,
        &[
            ("samples", &kept.task().measured().len()),
            ("before", &percent(f64::from(first.accuracy), 0)),
            ("accuracy", &percent(f64::from(last.accuracy), 0)),
            ("loss", &fixed(f64::from(last.loss), 3)),
        ],
    )
}

/// The symbols that an own input may hold.
fn known(kept: &Kept, words: &Words) -> String {
    let task = kept.task();
    let end = task.vocabulary.end();
    let symbols = task.vocabulary.symbols().iter().enumerate().filter(|(id, _)| Some(*id) != end);
    let list: Vec<&str> = symbols.map(|(_, symbol)| symbol.as_str()).collect();
    words.say("knows", &[("symbols", &list.join(" "))])
}

/// Loss and accuracy over the updates, side by side.
fn curves(heard: &Heard, kept: &Kept, words: &Words) -> Node {
    let steps = kept.settings.steps;
    let measured = if kept.task().held_out.is_empty() { "all-loss" } else { "held-out-loss" };
    let of = |value: fn(&Measured) -> f32| -> Vec<(u32, f32)> {
        heard.measured.iter().map(|(step, measured)| (*step, value(measured))).collect()
    };
    let loss = [
        Line { name: words.plain("training-loss"), dash: Dash::Solid, points: heard.losses.clone() },
        Line { name: words.plain(measured), dash: Dash::Dashed, points: of(|measured| measured.loss) },
    ];
    let right = [
        Line { name: words.plain("of-answers"), dash: Dash::Dashed, points: of(|m| 100.0 * m.accuracy) },
        Line { name: words.plain("of-samples"), dash: Dash::Dotted, points: of(|m| 100.0 * m.whole) },
    ];
    row([
        column([caption(words.plain("loss-head")), chart(&loss, None, steps)]),
        column([caption(words.plain("accuracy-head")), chart(&right, None, steps)]),
    ])
}

fn measures(measured: &[(u32, Measured)], words: &Words) -> Table {
    let mut table = Table::new(["updates-made", "loss", "accuracy", "whole"].map(|key| words.plain(key)));
    for (step, measured) in measured {
        table.row([
            step.to_string(),
            fixed(f64::from(measured.loss), 4),
            percent(f64::from(measured.accuracy), 1),
            percent(f64::from(measured.whole), 1),
        ]);
    }
    if measured.is_empty() {
        table.row(["0", "–", "–", "–"]);
    }
    table
}

/// What is looked at: an example, or the reader's own input.
struct Chosen {
    sample: Sample,
    /// Pieces that the vocabulary does not have.
    left_out: Vec<String>,
    /// More was given than the wiring reads.
    is_cut: bool,
}
