//! A run that really diverges, and what each remedy does to it: curves of several runs on one chart.

use std::cell::RefCell;

use super::{SEED, SEEDS};
use crate::language::Reading;
use crate::language::corpus::read;
use crate::sorted::sort_by;
use crate::training::session::RUNAWAY_LOSS;
use crate::training::settings::{CellChoice, Rule, RunSettings, Start, TextSource};
use crate::view::chart::Dash;
use crate::view::figures::parts::{Cell, Grid, Line, caption, chart, grid};
use crate::view::figures::{Drawing, Figure, Job, News, Opens, Setting, Table, Values, Words};
use crate::view::link::Shared;
use crate::view::markup::Node;
use crate::view::number::{brief, count, fixed};

/// Most characters of the text.
const LONGEST: usize = 600;
/// Updates of a run.
const UPDATES: u32 = 150;
/// Earlier runs that stay on the chart.
const MOST_PAST: usize = 4;
/// Losses above this are not drawn; the table has them.
const HIGHEST: f32 = 10.0;
/// λ and θ where they are switched on.
const LAMBDA: f32 = 0.01;
const LIMIT: f32 = 1.0;

/// Runs, the last one under way or done.
#[derive(Default)]
pub struct Diverging {
    /// What the job that was asked for last is: it names the curves that come.
    asked: RefCell<(RunSettings, String)>,
    current: Option<Run>,
    past: Vec<Run>,
    /// Runs so far: each keeps its number.
    count: usize,
}

/// A run as far as it came.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    /// From 1, in the order in which they were first begun.
    number: usize,
    settings: RunSettings,
    text: String,
    losses: Vec<(u32, f32)>,
    /// Update and tensor of the first number that was not finite.
    diverged: Option<(u32, String)>,
    /// Update of the last good weights that were handed over.
    good: Option<u32>,
}

impl Figure for Diverging {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        let mut settings = vec![
            Setting::lines("text", LONGEST, 4, ""),
            Setting::choice("cell", &["rnn-relu", "rnn"]),
            Setting::slider("rate", 0.1, 5.0, 0.1, 2.0),
            Setting::switch("clip", false),
            Setting::switch("l2", false),
            Setting::choice("start", &["xavier", "small", "identity"]),
            Setting::steps("seed", SEEDS, SEED),
        ];
        if !self.past.is_empty() {
            settings.push(Setting::button("forget"));
        }
        settings
    }

    fn draw(&self, _: &Values, words: &Words) -> Drawing {
        let current = self.current.as_ref().filter(|run| !run.losses.is_empty());
        let runs: Vec<&Run> = self.past.iter().chain(current).collect();
        if runs.is_empty() {
            return Drawing::only(words.say("idle", &[("most", &MOST_PAST)]));
        }
        let lines: Vec<Line> = runs
            .iter()
            .map(|run| Line {
                name: words.say("run", &[("n", &run.number)]),
                // The run of these settings is the solid one.
                dash: if Some(*run) == current { Dash::Solid } else { Dash::of_run(run.number) },
                points: run.drawn(),
            })
            .collect();
        let mut table = Table::new([
            words.plain("which"),
            words.plain("settings"),
            words.plain("updates"),
            words.plain("first-loss"),
            words.plain("last-loss"),
            words.plain("end"),
        ]);
        let mut list = Vec::new();
        for run in &runs {
            let name = words.say("run", &[("n", &run.number)]);
            table.row([
                name.clone(),
                run.described(words),
                count(u64::from(run.losses.last().map_or(0, |point| point.0))),
                run.loss(0),
                run.loss(usize::MAX),
                run.ended(words),
            ]);
            list.push((Cell::new(name), vec![Cell::new(run.described(words)), Cell::new(run.ended(words))]));
        }
        let heads = vec![
            Cell::new(words.plain("which")),
            Cell::new(words.plain("settings")),
            Cell::new(words.plain("end")),
        ];
        let list = grid(Grid { name: words.plain("runs"), heads, rows: list, class: "fig-runs" });
        let body: Vec<Node> = vec![caption(words.plain("axis")), chart(&lines, None, UPDATES), list];
        let sentence = current.map_or_else(|| words.plain("waiting"), |run| run.said(words));
        Drawing { body, sentence, table }
    }

    fn press(&mut self, button: &str, _: &Values) -> Vec<(&'static str, String)> {
        if button == "forget" {
            self.past.clear();
        }
        Vec::new()
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let mut run = settings(now);
        run.text.source = TextSource::Own(now.text("text").to_owned());
        Some(Opens::Lab(Box::new(Shared { run, ..Shared::default() })))
    }

    fn job(&self, now: &Values) -> Option<Job> {
        let settings = settings(now);
        read(now.text("text"), &settings.text.rules(), None).ok()?;
        self.asked.replace((settings.clone(), now.text("text").to_owned()));
        Some(Job { settings, text: now.text("text").to_owned(), measures: true })
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Reset => {
                // The curve stays, to be compared with.
                if let Some(run) = self.current.take().filter(|run| run.losses.len() > 1) {
                    self.past.push(run);
                    sort_by(&mut self.past, |one, other| one.number.cmp(&other.number));
                    let surplus = self.past.len().saturating_sub(MOST_PAST);
                    self.past.drain(..surplus);
                }
            }
            News::Progress(progress) => {
                let run = self.run();
                // A piece of curve that was sent again after a stop is not drawn twice.
                let known = run.losses.last().map_or(0, |point| point.0);
                run.losses
                    .extend(progress.losses.iter().filter(|(step, loss)| *step > known && loss.is_finite()));
            }
            News::Weights { step, .. } => self.run().good = Some(step),
            News::Diverged(step, tensor) => self.run().diverged = Some((step, tensor.to_owned())),
            News::Prepared(_)
            | News::Study(_)
            | News::StudyWeights(..)
            | News::Finished(_)
            | News::Refused(_) => {}
        }
    }
}

impl Diverging {
    /// The run under way.
    fn run(&mut self) -> &mut Run {
        let Diverging { asked, current, past, count } = self;
        current.get_or_insert_with(|| {
            let (settings, text) = asked.borrow().clone();
            // Curves of another text cannot be compared with these.
            past.retain(|known| known.text == text);
            // A run that is looked at again, or trained once more, is the same one.
            let known = past.iter().position(|known| known.settings == settings);
            let number = known.map(|place| past.remove(place).number).unwrap_or_else(|| {
                *count += 1;
                *count
            });
            Run { number, settings, text, losses: Vec::new(), diverged: None, good: None }
        })
    }
}

impl Run {
    /// The curve up to the top of the chart: what is higher would leave no room for anything else.
    fn drawn(&self) -> Vec<(u32, f32)> {
        let end = self.losses.iter().position(|(_, loss)| *loss > HIGHEST);
        let seen = end.map_or(self.losses.as_slice(), |end| &self.losses[..=end]);
        seen.iter().map(|(step, loss)| (*step, loss.min(HIGHEST))).collect()
    }

    /// The loss at the n-th point, or at the last one there is.
    fn loss(&self, place: usize) -> String {
        let point = self.losses.get(place.min(self.losses.len().saturating_sub(1)));
        point.map_or_else(String::new, |(_, loss)| fixed(f64::from(*loss), 2))
    }

    /// What is set, in words.
    fn described(&self, words: &Words) -> String {
        let training = &self.settings.training;
        let mut parts = Vec::new();
        if let CellChoice::Preset(cell) = &self.settings.model.cell {
            parts.push(words.plain(&format!("cell.{cell}")));
        }
        parts.push(words.say("of-rate", &[("rate", &brief(f64::from(training.learning_rate), 3))]));
        parts.extend(training.clip.map(|_| words.plain("of-clip")));
        parts.extend((training.l2 > 0.0).then(|| words.plain("of-l2")));
        match training.start {
            Start::Uniform(_) => parts.push(words.plain("start.small")),
            Start::Identity => parts.push(words.plain("start.identity")),
            Start::Xavier | Start::He => {}
        }
        parts.push(words.say("of-seed", &[("seed", &training.seed)]));
        parts.join(&words.plain("and"))
    }

    /// What became of it, as a sentence.
    fn said(&self, words: &Words) -> String {
        let last = self.loss(usize::MAX);
        match &self.diverged {
            Some((step, tensor)) => words.say(
                if tensor == RUNAWAY_LOSS { "says-away" } else { "says-diverged" },
                &[
                    ("step", step),
                    ("tensor", &named(tensor)),
                    ("loss", &last),
                    ("good", &self.good.unwrap_or(0)),
                ],
            ),
            None => {
                let step = self.losses.last().map_or(0, |point| point.0);
                words.say("says", &[("step", &step), ("first", &self.loss(0)), ("loss", &last)])
            }
        }
    }

    fn ended(&self, words: &Words) -> String {
        match &self.diverged {
            Some((step, _)) => words.say("end-diverged", &[("step", step)]),
            None => words.say("end-loss", &[("loss", &self.loss(usize::MAX))]),
        }
    }
}

/// `weights.layers[0].W_aa` as a reader calls it: `W_aa`; the loss is the book's L.
fn named(tensor: &str) -> &str {
    if tensor == "loss" { "L" } else { tensor.rsplit('.').next().unwrap_or(tensor) }
}

fn settings(now: &Values) -> RunSettings {
    let mut run = RunSettings::default();
    run.text.source = TextSource::Own(String::new());
    run.text.reading = Reading::Running;
    run.model.cell =
        CellChoice::Preset(if now.text("cell") == "rnn" { "rnn" } else { "rnn-relu" }.to_owned());
    run.model.hidden = 24;
    run.training.rule = Rule::Sgd;
    run.training.learning_rate = now.number("rate") as f32;
    run.training.clip = now.is_on("clip").then_some(LIMIT);
    run.training.l2 = if now.is_on("l2") { LAMBDA } else { 0.0 };
    run.training.start = match now.text("start") {
        "small" => Start::Uniform(0.1),
        "identity" => Start::Identity,
        _ => Start::Xavier,
    };
    run.training.window = 24;
    run.training.batch = 8;
    run.training.steps = UPDATES;
    run.training.seed = now.whole("seed") as u64;
    run
}
