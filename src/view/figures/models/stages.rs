//! Pre-training, then fine-tuning: both run one after the other, and the same questions are asked before and after.

use std::cell::RefCell;
use std::cmp::Ordering;

use crate::language::generate::{Asked, asked, pairs, statements};
use crate::language::tasks::TaskLanguage;
use crate::language::vocabulary::EOS;
use crate::training::study::{Study, StudyProgress};
use crate::training::tuning::{Answered, Answerer, BothLosses, RightAnswers, TuningSettings, TuningTexts};
use crate::view::chart::Dash;
use crate::view::figures::parts::{Cell, Grid, Line, caption, column, grid, marked_chart, row};
use crate::view::figures::reader::Reader;
use crate::view::figures::{Drawing, Figure, News, Setting, Table, Values, Words};
use crate::view::markup::Node;
use crate::view::number::{count, fixed};

/// The cells that are offered.
const CELLS: [&str; 2] = ["lstm", "gru"];
/// Most characters of a text.
const LONGEST_TEXT: usize = 6000;
/// Most characters of a question.
const LONGEST: usize = 60;
/// Seeds that are offered.
const SEEDS: usize = 9;
/// A loss that changes by less has stayed, nats per symbol.
const SAME: f32 = 0.05;

/// Two trainings of one model, one after the other, and beside them one on the second text alone.
#[derive(Default)]
pub struct Stages {
    kept: RefCell<Option<Kept>>,
    measured: Vec<BothLosses>,
    right: Vec<RightAnswers>,
    alone: Alone,
    /// Weights at the moment of the switch.
    between: Option<Vec<f32>>,
    /// Updates done, and the weights after them.
    now: Option<(u32, Vec<f32>)>,
}

/// The training on the pairs alone, from the same random weights. Its updates are its own, from 0.
#[derive(Default)]
struct Alone {
    measured: Vec<BothLosses>,
    right: Vec<RightAnswers>,
    weights: Option<Vec<f32>>,
}

/// The texts of some values, and what was last asked of them.
struct Kept {
    settings: TuningSettings,
    /// General text and pairs, as they were typed.
    typed: (String, String),
    texts: TuningTexts,
    answerer: Answerer,
}

fn language(now: &Values) -> TaskLanguage {
    if now.text("language") == "chinese" { TaskLanguage::Chinese } else { TaskLanguage::English }
}

fn settings_of(now: &Values) -> TuningSettings {
    let cell = if CELLS.contains(&now.text("cell")) { now.text("cell") } else { CELLS[0] };
    TuningSettings::usual(language(now), cell, now.whole("seed").max(1) as u64)
}

impl Stages {
    /// Calls with the texts of the values; none where they cannot be trained on.
    fn with<T>(&self, now: &Values, act: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let settings = settings_of(now);
        let (general, pairs) = (now.text("general"), now.text("pairs"));
        let mut kept = self.kept.borrow_mut();
        let is_same =
            |kept: &Kept| kept.settings == settings && kept.typed.0 == general && kept.typed.1 == pairs;
        if !kept.as_ref().is_some_and(is_same) {
            *kept = Kept::new(settings, general, pairs);
        }
        kept.as_mut().map(act)
    }

    fn at(&self, step: u32) -> Option<&RightAnswers> {
        self.right.iter().find(|right| right.step == step)
    }
}

impl Kept {
    fn new(settings: TuningSettings, general: &str, pairs: &str) -> Option<Kept> {
        let texts = TuningTexts::read(&settings, general, pairs).ok()?;
        if texts.asked().is_empty() {
            return None;
        }
        let answerer = Answerer::new(&texts, settings.language);
        Some(Kept { answerer, texts, typed: (general.to_owned(), pairs.to_owned()), settings })
    }

    fn answer(&mut self, weights: &[f32], question: &str) -> Answered {
        self.answerer.answer(&self.texts, weights, question)
    }

    /// What is asked: the reader's question, one of the pairs, one that they leave out. Each with the answer that
    /// either text has.
    fn questions(&self, own: &str) -> Vec<(String, Option<String>)> {
        let (asked, left_out) = (self.texts.asked(), self.texts.left_out());
        let known = |question: &str| asked.iter().chain(left_out).find(|asked| asked.question == question);
        let mut all = Vec::new();
        if !own.is_empty() {
            all.push((own.to_owned(), known(own).map(|asked| asked.answer.clone())));
        }
        let examples = [asked.first(), left_out.first()].into_iter().flatten();
        for Asked { question, answer, .. } in examples {
            if question != own {
                all.push((question.clone(), Some(answer.clone())));
            }
        }
        all
    }
}

impl Figure for Stages {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let language = language(given);
        let general = statements(language);
        let asks = pairs(language);
        // Until the reader asks something, the question is one of the texts' own language.
        let question = asked(language).into_iter().next().map(|asked| asked.question).unwrap_or_default();
        vec![
            Setting::text("question", LONGEST, &question),
            Setting::choice("language", &["english", "chinese"]),
            Setting::choice("cell", &CELLS),
            Setting::steps("seed", SEEDS, 1),
            Setting::lines("general", LONGEST_TEXT, 3, general.trim_end()),
            Setting::lines("pairs", LONGEST_TEXT, 3, asks.trim_end()),
        ]
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        self.with(now, |kept| self.drawing(kept, now, words))
            .unwrap_or_else(|| Drawing::only(words.plain("empty-stages")))
    }

    fn study(&self, now: &Values) -> Option<Study> {
        self.with(now, |kept| Study::Tuning {
            settings: kept.settings.clone(),
            general: kept.typed.0.clone(),
            pairs: kept.typed.1.clone(),
        })
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Reset => {
                let kept = RefCell::take(&self.kept);
                *self = Self { kept: RefCell::new(kept), ..Self::default() };
            }
            News::Study(StudyProgress::Tuning { before, progress }) => {
                let (measured, right) = match before {
                    0 => (&mut self.measured, &mut self.right),
                    _ => (&mut self.alone.measured, &mut self.alone.right),
                };
                measured.extend_from_slice(&progress.measured);
                right.extend_from_slice(&progress.right);
            }
            News::StudyWeights(step, weights) => {
                // Answers are counted at the start, at the switch and at the end.
                let is_at = |moment: usize| self.right.get(moment).map(|right| step.cmp(&right.step));
                if is_at(1) == Some(Ordering::Equal) {
                    self.between = Some(weights.to_vec());
                }
                if is_at(2) == Some(Ordering::Greater) {
                    self.alone.weights = Some(weights.to_vec());
                } else {
                    self.now = Some((step, weights.to_vec()));
                }
            }
            _ => {}
        }
    }
}

impl Stages {
    fn drawing(&self, kept: &mut Kept, now: &Values, words: &Words) -> Drawing {
        let (switch, steps) = (kept.settings.general_steps, kept.settings.steps());
        let length = kept.texts.architecture().layout().len;
        let fits = |weights: &&Vec<f32>| weights.len() == length;
        let start = kept.texts.start_weights(&kept.settings);
        let weights = self.now.as_ref().map(|(_, weights)| weights).filter(fits).unwrap_or(&start);
        let between = self.between.as_ref().filter(fits);
        let alone = self.alone.weights.as_ref().filter(fits);
        let curves = column([caption(words.plain("curves")), self.curves(switch, steps, words)]);
        let mut said = Vec::new();
        for (question, right) in kept.questions(now.text("question").trim()) {
            let [before, alone] =
                [between, alone].map(|weights| Some(kept.answer(weights?, &question).continuation));
            let answered = kept.answer(weights, &question);
            said.push(answers(&question, right.as_deref(), [before, alone], &answered, words));
        }
        let body = vec![row([curves, column(said)])];
        Drawing { body, sentence: self.says(kept, switch, words), table: self.table(switch, words) }
    }

    fn curves(&self, switch: u32, steps: u32, words: &Words) -> Node {
        let of = |value: fn(&BothLosses) -> f32| {
            self.measured.iter().map(|both| (both.step, value(both))).collect()
        };
        // What is compared is the same number of updates on the pairs.
        let alone = self.alone.measured.iter().map(|both| (switch + both.step, both.pairs)).collect();
        let lines = [
            Line { name: words.plain("alone-line"), dash: Dash::Dotted, points: alone },
            Line { name: words.plain("general-line"), dash: Dash::Dashed, points: of(|both| both.general) },
            Line { name: words.plain("pairs-line"), dash: Dash::Solid, points: of(|both| both.pairs) },
        ];
        let moments = [(0, words.plain("first-stage")), (switch, words.plain("second-stage"))];
        marked_chart(&lines, None, steps, &moments)
    }

    fn says(&self, kept: &Kept, switch: u32, words: &Words) -> String {
        let steps = kept.settings.steps();
        let updates = |n: u32| count(u64::from(n));
        let step = self.now.as_ref().map_or(0, |(step, _)| *step);
        let (Some(last), true) = (self.measured.last(), step > 0) else {
            return words.say(
                "says-untrained",
                &[("general", &updates(switch)), ("pairs", &updates(steps - switch))],
            );
        };
        let loss = |value: f32| fixed(f64::from(value), 2);
        let (general, pairs) = (loss(last.general), loss(last.pairs));
        let Some(between) = self.measured.iter().find(|both| both.step == switch).filter(|_| step > switch)
        else {
            let key = if step < switch { "says-first" } else { "says-between" };
            return words.say(key, &[("step", &updates(step)), ("general", &general), ("pairs", &pairs)]);
        };
        let key = match last.general - between.general {
            change if change > SAME => "general-rose",
            change if change < -SAME => "general-fell",
            _ => "general-stayed",
        };
        let mut said = vec![
            words.say(
                "says-second",
                &[("step", &updates(step - switch)), ("from", &loss(between.pairs)), ("to", &pairs)],
            ),
            words.say(key, &[("from", &loss(between.general)), ("to", &general)]),
        ];
        if let (Some(before), Some(after)) = (self.at(switch), self.at(steps)) {
            let values: [(&str, &dyn ToString); 3] =
                [("of", &after.asked.1), ("before", &before.asked.0), ("after", &after.asked.0)];
            said.push(words.say("right", &values));
            if after.left_out.1 > 0 {
                let values: [(&str, &dyn ToString); 3] =
                    [("of", &after.left_out.1), ("before", &before.left_out.0), ("after", &after.left_out.0)];
                said.push(words.say("right-left-out", &values));
            }
        }
        if let Some(last) = self.alone.measured.last() {
            let tuned = self.measured.iter().find(|both| both.step == switch + last.step);
            let with = tuned.map_or(f32::NAN, |both| both.pairs);
            let values: [(&str, &dyn ToString); 3] =
                [("step", &updates(last.step)), ("loss", &loss(last.pairs)), ("with", &loss(with))];
            said.push(words.say("says-alone", &values));
        }
        if let (Some(alone), Some(with)) = (self.alone.right.get(1), self.at(steps)) {
            let values: [(&str, &dyn ToString); 3] =
                [("of", &alone.asked.1), ("right", &alone.asked.0), ("with", &with.asked.0)];
            said.push(words.say("right-alone", &values));
        }
        said.join(&words.plain("gap"))
    }

    fn table(&self, switch: u32, words: &Words) -> Table {
        let heads = ["updates", "general-loss", "pairs-loss", "right-asked", "right-other", "alone-loss"];
        let mut table = Table::new(heads.map(|key| words.plain(key)));
        let share = |(right, of): (u16, u16)| format!("{right} / {of}");
        for both in &self.measured {
            let right = self.at(both.step);
            let alone = self.alone.measured.iter().find(|alone| switch + alone.step == both.step);
            table.row([
                count(u64::from(both.step)),
                fixed(f64::from(both.general), 4),
                fixed(f64::from(both.pairs), 4),
                right.map_or_else(|| "–".to_owned(), |right| share(right.asked)),
                right.map_or_else(|| "–".to_owned(), |right| share(right.left_out)),
                alone.map_or_else(|| "–".to_owned(), |alone| fixed(f64::from(alone.pairs), 4)),
            ]);
        }
        if self.measured.is_empty() {
            table.row(["0", "–", "–", "–", "–", "–"]);
        }
        table
    }
}

/// A question, what the model really sees, and what it wrote before and now, and what the one wrote that knows the pairs
/// alone.
fn answers(
    question: &str,
    right: Option<&str>,
    [before, alone]: [Option<String>; 2],
    now: &Answered,
    words: &Words,
) -> Node {
    let judged = |text: &str| {
        // Nothing but the end was written.
        let shown = if text.is_empty() { EOS } else { text };
        match right {
            Some(right) if right == text => words.say("is-right", &[("text", &shown)]),
            Some(_) => words.say("is-wrong", &[("text", &shown)]),
            None => shown.to_owned(),
        }
    };
    let mut rows = vec![
        ("sees", now.prompt.clone() + &Reader::left_out(&now.left_out, words)),
        ("before", before.map_or_else(|| "–".to_owned(), |text| judged(&text))),
        ("now", judged(&now.continuation)),
    ];
    rows.extend(alone.map(|text| ("alone", judged(&text))));
    rows.extend(right.map(|right| ("wanted", right.to_owned())));
    let rows = rows.into_iter().map(|(key, text)| {
        (Cell::new(words.plain(key)).class("fig-index"), vec![Cell::new(text).class("fig-said")])
    });
    grid(Grid {
        name: words.say("asked", &[("question", &question)]),
        heads: Vec::new(),
        rows: rows.collect(),
        class: "fig-answers",
    })
}
