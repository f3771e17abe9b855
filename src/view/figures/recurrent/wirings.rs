//! Five ways to wire one model, each trained in the page on a small task of its own.
//!
//! A press of the button makes some updates: so few that the page waits for them no longer than a blink.

use std::cell::RefCell;

use super::{Name, name};
use crate::language::tasks::TaskLanguage;
use crate::training::task::{
    Answer, AnswerStep, Measured, StepInput, TaskKind, TaskRun, TaskSettings, WiringStep,
};
use crate::view::chart::Dash;
use crate::view::figures::parts::{Cell, Grid, Line, chart, grid, label, svg, tenth};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Drawing, Figure, News, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};
use crate::view::number::{fixed, percent};

/// The wirings, as the setting has them, in the order of [`TaskKind::ALL`].
const KINDS: [&str; 5] = ["one-to-one", "one-to-many", "many-to-one", "many-to-many", "encoder-decoder"];
/// The cells that can be wired.
const CELLS: [&str; 2] = ["gru", "rnn"];
/// Examples that are shown.
const EXAMPLES: usize = 4;
/// Updates of a press.
const UPDATES: u32 = 20;
/// Seed of data, weights and order.
const SEED: u64 = 1;

/// One model, rewired, with the run of each wiring that the reader has looked at.
#[derive(Default)]
pub struct Wirings {
    runs: RefCell<Vec<Kept>>,
}

/// A run, and what it has told.
struct Kept {
    /// What was asked for; the run may have made its batch smaller.
    asked: TaskSettings,
    run: TaskRun,
    losses: Vec<(u32, f32)>,
    measured: Vec<(u32, Measured)>,
    before: Vec<Answer>,
    now: Vec<Answer>,
}

impl Figure for Wirings {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![
            Setting::choice("wiring", &KINDS),
            Setting::choice("language", &["english", "chinese"]),
            Setting::choice("cell", &CELLS),
            Setting::steps("example", EXAMPLES, 1),
            Setting::button("updates"),
        ]
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let mut runs = self.runs.borrow_mut();
        let Some(kept) = of(&mut runs, now) else { return Drawing::only(words.plain("empty")) };
        let example = now.whole("example").clamp(1, EXAMPLES) - 1;
        let (Some(before), Some(answer)) = (kept.before.get(example), kept.now.get(example)) else {
            return Drawing::only(words.plain("empty"));
        };
        let kind = now.text("wiring");
        // Many names begin alike: another name is no mistake.
        let is_open = kind == KINDS[1];
        let body = vec![wires(answer, is_open), said(before, answer, is_open, words), kept.curves(words)];
        let (first, last) = (kept.measured.first().copied(), kept.measured.last().copied());
        let ((_, first), (_, last)) = (first.unwrap_or_default(), last.unwrap_or_default());
        let mut sentence = words.plain(&format!("task.{kind}"));
        sentence.push_str(&words.plain("space"));
        let seen = if kept.run.task().held_out.is_empty() { "seen" } else { "held-out" };
        let key = if kept.run.step() == 0 { "untrained" } else { seen };
        sentence.push_str(&words.count(
            key,
            kept.run.step() as usize,
            &[
                ("samples", &kept.run.task().measured().len()),
                ("before", &percent(f64::from(first.accuracy), 0)),
                ("accuracy", &percent(f64::from(last.accuracy), 0)),
                ("loss", &fixed(f64::from(last.loss), 3)),
            ],
        ));
        let mut table = Table::new(["updates-made", "loss", "accuracy", "whole"].map(|key| words.plain(key)));
        for (step, measured) in &kept.measured {
            table.row([
                step.to_string(),
                fixed(f64::from(measured.loss), 4),
                percent(f64::from(measured.accuracy), 1),
                percent(f64::from(measured.whole), 1),
            ]);
        }
        Drawing { body, sentence, table }
    }

    fn press(&mut self, _: &str, now: &Values) -> Vec<(&'static str, String)> {
        if let Some(kept) = of(&mut self.runs.borrow_mut(), now) {
            kept.train();
        }
        Vec::new()
    }

    fn hear(&mut self, news: News) {
        if matches!(news, News::Reset) {
            self.runs.borrow_mut().clear();
        }
    }
}

/// The run that belongs to some values, made where there is none yet.
fn of<'a>(runs: &'a mut Vec<Kept>, now: &Values) -> Option<&'a mut Kept> {
    let kind = KINDS.iter().position(|kind| *kind == now.text("wiring")).unwrap_or(0);
    let kind = [
        TaskKind::OneToOne,
        TaskKind::OneToMany,
        TaskKind::ManyToOne,
        TaskKind::ManyToMany,
        TaskKind::EncoderDecoder,
    ]
    .get(kind)
    .copied()?;
    let language =
        if now.text("language") == "chinese" { TaskLanguage::Chinese } else { TaskLanguage::English };
    let settings = TaskSettings::usual(kind, language, now.text("cell"), SEED);
    let place = match runs.iter().position(|kept| kept.asked == settings) {
        Some(place) => place,
        None => {
            runs.push(Kept::new(settings.clone(), TaskRun::new(settings).ok()?));
            runs.len() - 1
        }
    };
    runs.get_mut(place)
}

impl Kept {
    fn new(asked: TaskSettings, mut run: TaskRun) -> Kept {
        let measured = vec![(0, run.measure())];
        let before = run.progress(EXAMPLES).answers;
        Kept { asked, run, losses: Vec::new(), measured, now: before.clone(), before }
    }

    /// Some updates, no more than the task has.
    fn train(&mut self) {
        let until = (self.run.step() + UPDATES).min(self.run.settings().steps);
        while self.run.step() < until {
            // A run whose numbers are no longer finite stays as it is.
            let Ok(loss) = self.run.update() else { return };
            self.losses.push((self.run.step(), loss as f32));
        }
        if self.measured.last().is_none_or(|(step, _)| *step < until) {
            let measured = self.run.measure();
            self.measured.push((until, measured));
            self.now = self.run.progress(EXAMPLES).answers;
        }
    }

    fn curves(&self, words: &Words) -> Node {
        let held_out = self.measured.iter().map(|(step, measured)| (*step, measured.loss)).collect();
        let lines = [
            Line { name: words.plain("training-loss"), dash: Dash::Solid, points: self.losses.clone() },
            Line { name: words.plain("held-out-loss"), dash: Dash::Dashed, points: held_out },
        ];
        chart(&lines, None, self.run.settings().steps)
    }
}

/// The likeliest outputs of an answer, each where the model is asked.
fn outputs(answer: &Answer) -> String {
    let said = answer.steps.iter().filter_map(spoken);
    said.collect::<Vec<_>>().join(" ")
}

fn spoken(step: &AnswerStep) -> Option<String> {
    let first = step.outputs.first()?;
    Some(if first.symbol.is_empty() { fixed(f64::from(first.probability), 2) } else { shown(&first.symbol) })
}

/// What goes in, what should come out, and what came and comes out.
fn said(before: &Answer, now: &Answer, is_open: bool, words: &Words) -> Node {
    let steps = now.wiring.steps.iter().zip(&now.steps);
    let given =
        steps.filter(|(wired, _)| wired.input == StepInput::Given).map(|(_, step)| shown(&step.input));
    // What runs free may end too early: the longer of the two answers knows more of what was wanted.
    let longer = if before.steps.len() > now.steps.len() { before } else { now };
    let wanted = longer.steps.iter().filter(|step| !step.wanted.is_empty()).map(|step| shown(&step.wanted));
    let rows = [
        ("input", given.collect::<Vec<_>>().join(" ")),
        (if is_open { "possible" } else { "wanted" }, wanted.collect::<Vec<_>>().join(" ")),
        ("before", outputs(before)),
        ("now", outputs(now)),
    ];
    let rows = rows.into_iter().map(|(key, text)| {
        (Cell::new(words.plain(key)).class("fig-index"), vec![Cell::new(text).class("fig-said")])
    });
    grid(Grid {
        name: words.plain("examples"),
        heads: Vec::new(),
        rows: rows.collect(),
        class: "fig-answers",
    })
}

/// The model with its wires, and the example in it. An open question has no wrong answers.
fn wires(answer: &Answer, is_open: bool) -> Node {
    let letters = |text: &str| -> f64 {
        text.chars().map(|letter| if u32::from(letter) < 0x2E80 { 8.6 } else { 16.0 }).sum()
    };
    let widest = answer
        .steps
        .iter()
        .flat_map(|step| [letters(&shown(&step.input)), spoken(step).map_or(0.0, |text| letters(&text))]);
    let step_width = widest.fold(64.0, |most: f64, width| most.max(width + 22.0));
    let places = answer.wiring.steps.iter().zip(&answer.steps).enumerate();
    let parts: Vec<Element> = places
        .map(|(at, (wired, step))| {
            let before = at.checked_sub(1).and_then(|before| answer.wiring.steps.get(before));
            let x = step_width * (at as f64 + 0.5) + 6.0;
            column((at, x, step_width), (wired, step), before, is_open)
        })
        .collect();
    let width = step_width * answer.steps.len() as f64 + 12.0;
    el("div")
        .class("fig-scroll fig-wide-svg")
        .child(svg(width, 196.0, parts).attr("aria-hidden", "true"))
        .into()
}

/// One step of the wiring: its place from 0, its middle, its width.
fn column(
    (at, x, step_width): (usize, f64, f64),
    (wired, step): (&WiringStep, &AnswerStep),
    before: Option<&WiringStep>,
    is_open: bool,
) -> Element {
    let time = format!("⟨{}⟩", at + 1);
    let arrow = |d: String| el("path").class("fig-arrow").attr("d", d);
    let text_box = |y: f64, words: String, class: &str| {
        let half = (step_width / 2.0 - 5.0).min(60.0);
        el("g")
            .child(
                el("rect")
                    .class("fig-fan-box")
                    .attr("x", tenth(x - half))
                    .attr("y", tenth(y))
                    .attr("width", tenth(2.0 * half))
                    .attr("height", 26)
                    .attr("rx", 7),
            )
            .child(label(x, y + 18.0, words).class(class).attr("text-anchor", "middle"))
    };
    let class = if wired.second { "fig-cell-box second" } else { "fig-cell-box" };
    let mut parts = vec![
        el("rect")
            .class(class)
            .attr("x", tenth(x - 21.0))
            .attr("y", 78)
            .attr("width", 42)
            .attr("height", 36)
            .attr("rx", 8),
        name(x, 101.0, Name { role: "a", letter: "a", below: "", time: &time }),
    ];
    if let Some(before) = before {
        // Where the second stack takes over, the state goes on all the same.
        let class = if before.second == wired.second { "fig-arrow" } else { "fig-arrow over" };
        let (from, to) = (x - step_width + 21.0, x - 22.0);
        let d = format!(
            "M{} 96H{}M{} 91.5L{} 96L{} 100.5",
            tenth(from),
            tenth(to),
            tenth(to - 6.0),
            tenth(to),
            tenth(to - 6.0)
        );
        parts.push(el("path").class(class).attr("d", d));
    }
    let input = match wired.input {
        StepInput::Zero => "0".to_owned(),
        _ if step.input.is_empty() => "0".to_owned(),
        _ => shown(&step.input),
    };
    parts.push(arrow(format!(
        "M{0} 140V115M{1} 121L{0} 115L{2} 121",
        tenth(x),
        tenth(x - 4.5),
        tenth(x + 4.5)
    )));
    let given = if wired.input == StepInput::Given { "fig-fan-in" } else { "fig-fan-in soft" };
    parts.push(text_box(140.0, input, given));
    parts.push(name(x, 184.0, Name { role: "x", letter: "x", below: "", time: &time }));
    if wired.input == StepInput::FedBack {
        let from = x - step_width;
        let d = format!(
            "M{} 58C{} 92 {} 128 {} 148",
            tenth(from + 14.0),
            tenth(from + step_width * 0.55),
            tenth(from + step_width * 0.45),
            tenth(x - (step_width / 2.0 - 5.0).min(60.0))
        );
        parts.push(el("path").class("fig-arrow back").attr("d", d));
    }
    if let Some(text) = spoken(step) {
        parts.push(arrow(format!(
            "M{0} 78V57M{1} 63L{0} 57L{2} 63",
            tenth(x),
            tenth(x - 4.5),
            tenth(x + 4.5)
        )));
        let is_right = is_open || step.wanted.is_empty() || is_right(step);
        parts.push(text_box(30.0, text, if is_right { "fig-fan-out" } else { "fig-fan-out wrong" }));
        parts.push(name(x, 20.0, Name { role: "y", letter: "ŷ", below: "", time: &time }));
    }
    el("g").children(parts)
}

/// Whether the likeliest output is the label, or ŷ on its side of ½.
fn is_right(step: &AnswerStep) -> bool {
    step.outputs.first().is_some_and(|first| match step.wanted.as_str() {
        "1" if first.symbol.is_empty() => first.probability > 0.5,
        "0" if first.symbol.is_empty() => first.probability <= 0.5,
        wanted => first.symbol == wanted,
    })
}
