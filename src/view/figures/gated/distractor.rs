//! Running sums that begin anew, where part of the past only disturbs: the simplified and the full GRU are trained on
//! them with five seeds each, and every run is shown.

use std::cell::RefCell;

use super::layer;
use super::relevance::{GATES, Relevance, gate_row, means};
use super::spread::{Group, spread};
use crate::language::tasks::TaskLanguage;
use crate::language::visible::visible;
use crate::sorted::sort_by;
use crate::training::study::{Study, StudyProgress};
use crate::training::task::{Asker, Measured, Sample, TaskKind, TaskSettings};
use crate::view::colour::heat_class;
use crate::view::figures::parts::{Cell, Grid, Line, caption, chart, column, grid, look_of, paragraph, row};
use crate::view::figures::{Drawing, Figure, News, Setting, Table, Values, Words};
use crate::view::markup::Node;
use crate::view::number::percent;

/// The two that are compared, in the order in which they are trained.
const CELLS: [&str; 2] = ["gru-simplified", "gru"];
/// Runs of each.
const SEEDS: usize = 5;
/// Hidden units of both; of the simplified cell where both shall have about as many weights.
const HIDDEN: usize = 12;
const WIDER: usize = 15;
/// Sequences on which the gates are looked at: few enough for one frame or two.
const SEQUENCES: usize = 32;
/// Most steps of the reader's own sum.
const LONGEST: usize = 16;

/// Two cells, five runs each, on one task.
#[derive(Default)]
pub struct Distractor {
    /// What was measured, by the place of the run.
    measured: Vec<Vec<(u32, Measured)>>,
    /// Weights after so many updates of all runs together.
    weights: Vec<(u32, Vec<f32>)>,
    askers: RefCell<Vec<(TaskSettings, Asker)>>,
    /// What the gates of a run do, by its seed.
    gates: RefCell<Vec<(usize, Relevance)>>,
}

fn settings_of(cell: &str, seed: usize, now: &Values) -> TaskSettings {
    let usual = TaskSettings::usual(TaskKind::Distractor, TaskLanguage::English, cell, seed as u64);
    let is_wider = now.text("compare") == "weights" && cell == CELLS[0];
    TaskSettings { hidden: if is_wider { WIDER } else { HIDDEN }, ..usual }
}

/// All runs: both cells with the first seed, then both with the next.
fn runs(now: &Values) -> Vec<TaskSettings> {
    (1..=SEEDS).flat_map(|seed| CELLS.map(|cell| settings_of(cell, seed, now))).collect()
}

/// The place of a run.
fn place(cell: usize, seed: usize) -> usize {
    CELLS.len() * (seed - 1) + cell
}

impl Distractor {
    /// The last accuracy of a run that is finished.
    fn accuracy(&self, cell: usize, seed: usize, steps: u32) -> Option<f32> {
        let (step, measured) = self.measured.get(place(cell, seed))?.last()?;
        (*step >= steps).then_some(measured.accuracy)
    }

    /// The weights of a run that is finished.
    fn weights(&self, cell: usize, seed: usize, runs: &[TaskSettings]) -> Option<&[f32]> {
        let until: u32 = runs.iter().take(place(cell, seed) + 1).map(|run| run.steps).sum();
        self.weights.iter().find(|(step, _)| *step == until).map(|(_, weights)| weights.as_slice())
    }

    /// Calls with the task of a run, its weights, and the reader's sum. Before it is trained, its weights are those drawn
    /// from its seed.
    fn ask<T>(
        &self,
        cell: usize,
        (seed, given, runs): (usize, &[String], &[TaskSettings]),
        act: impl FnOnce(&mut Asker, &[f32], &Sample) -> Option<T>,
    ) -> Option<T> {
        let settings = runs.get(place(cell, seed))?;
        let mut askers = self.askers.borrow_mut();
        if !askers.iter().any(|(known, _)| known == settings) {
            if askers.len() >= CELLS.len() {
                askers.remove(0);
            }
            askers.push((settings.clone(), Asker::new(settings).ok()?));
        }
        let (_, asker) = askers.iter_mut().find(|(known, _)| known == settings)?;
        let sums = sums(given);
        let ids = |symbols: &[String]| symbols.iter().map(|symbol| asker.task().id(symbol)).collect();
        let sample = Sample { given: ids(given), wanted: ids(&sums) };
        let start = asker.start_weights().to_vec();
        let weights = self.weights(cell, seed, runs).filter(|weights| weights.len() == start.len());
        act(asker, weights.unwrap_or(&start), &sample)
    }

    /// What the gates of a finished run of the full cell do.
    fn gates(&self, seed: usize, runs: &[TaskSettings]) -> Option<Relevance> {
        self.weights(1, seed, runs)?;
        let known = self.gates.borrow().iter().find(|(known, _)| *known == seed).map(|(_, gates)| *gates);
        known.or_else(|| {
            let gates =
                self.ask(1, (seed, &[], runs), |asker, weights, _| Relevance::of(asker, weights, SEQUENCES))?;
            self.gates.borrow_mut().push((seed, gates));
            Some(gates)
        })
    }
}

/// What a letter is of a step: a sign, or a digit from 0 to 4.
fn part(letter: char) -> Option<char> {
    match letter {
        '+' | '＋' => Some('+'),
        '=' | '＝' => Some('='),
        '0'..='4' => Some(letter),
        _ => None,
    }
}

/// The reader's steps: `+2` adds, `=3` begins anew, the first one always. Digits go from 0 to 4.
fn steps(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut sign = '+';
    for letter in text.chars().filter_map(part) {
        match letter {
            '+' | '=' => sign = letter,
            _ if found.len() < LONGEST => {
                let sign = if found.is_empty() { '=' } else { sign };
                found.push(format!("{sign}{letter}"));
            }
            _ => {}
        }
    }
    found
}

/// What of a text is no step, each symbol once.
fn no_steps(text: &str) -> Vec<char> {
    let mut found: Vec<char> = Vec::new();
    for letter in text.chars() {
        let is_used = letter.is_whitespace() || part(letter).is_some();
        if !is_used && !found.contains(&letter) {
            found.push(letter);
        }
    }
    found
}

/// What has been done to the text of the reader's steps, so that it could be read.
fn changes(text: &str, words: &Words) -> Vec<Node> {
    let mut said = Vec::new();
    let unused = no_steps(text);
    if !unused.is_empty() {
        let quoted: Vec<String> =
            unused.iter().map(|one| words.say("quoted", &[("token", &visible(&one.to_string()))])).collect();
        said.push(words.say("not-used", &[("symbols", &quoted.join(" "))]));
    }
    let digits = text.chars().filter(|letter| ('0'..='4').contains(letter)).count();
    if digits > LONGEST {
        said.push(words.say("too-many", &[("most", &LONGEST)]));
    }
    if text.trim_start().starts_with(['+', '＋']) && digits > 0 {
        said.push(words.plain("first-begins"));
    }
    said.into_iter().map(paragraph).collect()
}

/// The sum after each step, modulo 5.
fn sums(steps: &[String]) -> Vec<String> {
    let mut sum = 0;
    let add = |step: &String| {
        let number = step.chars().nth(1).and_then(|digit| digit.to_digit(10)).unwrap_or(0);
        sum = if step.starts_with('=') { number } else { (sum + number) % 5 };
        sum.to_string()
    };
    steps.iter().map(add).collect()
}

impl Figure for Distractor {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![
            Setting::text("sum", 2 * LONGEST, ""),
            Setting::choice("compare", &["units", "weights"]),
            Setting::steps("seed", SEEDS, 1),
        ]
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let (runs, seed) = (runs(now), now.whole("seed").clamp(1, SEEDS));
        let steps_of_run = runs.first().map_or(1, |run| run.steps);
        let given = steps(now.text("sum"));
        let name = |cell: usize| words.plain(&format!("cell.{}", CELLS[cell]));
        let groups: Vec<Group> = (0..CELLS.len())
            .map(|cell| {
                let of = |seed| Some((seed, f64::from(self.accuracy(cell, seed, steps_of_run)?)));
                Group { name: name(cell), shares: (1..=SEEDS).filter_map(of).collect() }
            })
            .collect();
        let mut table = Table::new(["seed", "simplified-head", "full-head"].map(|key| words.plain(key)));
        for seed in 1..=SEEDS {
            let of = |cell| {
                let share = self.accuracy(cell, seed, steps_of_run);
                share.map_or_else(|| "–".to_owned(), |share| percent(f64::from(share), 1))
            };
            table.row([seed.to_string(), of(0), of(1)]);
        }
        let mut body = changes(now.text("sum"), words);
        if !given.is_empty() {
            body.extend([
                caption(words.say("example", &[("seed", &seed)])),
                self.example(&given, seed, &runs, words),
            ]);
        }
        if self.measured.iter().any(|run| run.len() > 1) {
            let lines: Vec<Line> = (0..CELLS.len()).map(|cell| self.middle(cell, name(cell))).collect();
            body.push(row([
                column([caption(words.plain("spread-head")), spread(&groups)]),
                column([caption(words.plain("curves")), chart(&lines, None, steps_of_run)]),
            ]));
        }
        let mut sentence = says(&groups, words);
        if let Some(gates) = self.gates(seed, &runs) {
            body.extend([
                caption(words.say("gates-head", &[("seed", &seed), ("n", &SEQUENCES)])),
                gates.shown(words),
            ]);
            sentence = super::joined(&[sentence, gates.says(seed, words)], words);
        }
        Drawing { body, sentence, table }
    }

    fn study(&self, now: &Values) -> Option<Study> {
        Some(Study::Tasks(runs(now)))
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Reset => {
                self.measured.clear();
                self.weights.clear();
                self.gates.take();
            }
            News::Study(StudyProgress::Tasks { place, progress, .. }) => {
                if self.measured.len() <= *place {
                    self.measured.resize(*place + 1, Vec::new());
                }
                if let Some(run) = self.measured.get_mut(*place) {
                    run.extend_from_slice(&progress.measured);
                }
            }
            News::StudyWeights(step, weights) => self.weights.push((step, weights.to_vec())),
            _ => {}
        }
    }
}

impl Distractor {
    /// The reader's sum with the probability that either cell gives to what is right at each step.
    fn example(&self, given: &[String], seed: usize, runs: &[TaskSettings], words: &Words) -> Node {
        let sums = sums(given);
        let plain = |text: &String| Cell::new(text.clone()).class("fig-cell");
        let mut rows = vec![(
            Cell::new(words.plain("right-sum")).class("fig-index"),
            sums.iter().map(plain).collect::<Vec<_>>(),
        )];
        for (cell, id) in CELLS.iter().enumerate() {
            let ask = (seed, given, runs);
            let answer = self.ask(cell, ask, |asker, weights, sample| Some(asker.answer(weights, sample)));
            let Some(answer) = answer else { continue };
            let cells = answer.steps.iter().zip(&sums).map(|(step, sum)| {
                let first = step.outputs.first().cloned().unwrap_or_default();
                let is_right = first.symbol == *sum;
                let share = f64::from(first.probability);
                let class = if is_right { heat_class(share, 1.0) } else { "wrong".to_owned() };
                let sign = if is_right { "" } else { " ✗" };
                Cell::new(format!("{}{sign}", first.symbol)).class(format!("{class} fig-cell"))
            });
            rows.push((Cell::new(words.plain(&format!("cell.{id}"))).class("fig-index"), cells.collect()));
        }
        let of_gates = self.ask(1, (seed, given, runs), |asker, weights, sample| {
            let stepped = asker.trace(weights, sample).ok()?.stack;
            let layer = layer(&stepped.trace)?;
            Some(GATES.map(|gate| gate_row(gate, means(layer, gate), words)))
        });
        rows.extend(of_gates.into_iter().flatten());
        let mut heads = vec![Cell::new(words.plain("steps-head")).class("fig-index")];
        heads.extend(given.iter().map(|step| Cell::new(step.clone()).class("fig-index")));
        grid(Grid { name: words.say("example", &[("seed", &seed)]), heads, rows, class: "fig-heat" })
    }

    /// The middle one of a cell's runs at each measurement, in per cent.
    fn middle(&self, cell: usize, name: String) -> Line {
        let runs: Vec<&Vec<(u32, Measured)>> =
            (1..=SEEDS).filter_map(|seed| self.measured.get(place(cell, seed))).collect();
        let most = runs.iter().map(|run| run.len()).max().unwrap_or(0);
        let points = (0..most).filter_map(|at| {
            let mut shares: Vec<f32> =
                runs.iter().filter_map(|run| run.get(at)).map(|(_, measured)| measured.accuracy).collect();
            sort_by(&mut shares, f32::total_cmp);
            let step = runs.iter().find_map(|run| run.get(at))?.0;
            Some((step, 100.0 * *shares.get(shares.len() / 2)?))
        });
        Line { name, dash: look_of(CELLS[cell]).0, points: points.collect() }
    }
}

fn says(groups: &[Group], words: &Words) -> String {
    let [simplified, full] = groups else { return words.plain("untrained") };
    let both: Vec<(f64, f64)> = simplified
        .shares
        .iter()
        .filter_map(|(seed, share)| {
            let (_, other) = full.shares.iter().find(|(known, _)| known == seed)?;
            Some((*share, *other))
        })
        .collect();
    if both.is_empty() {
        return words.plain("untrained");
    }
    let mut said: Vec<String> = Vec::new();
    for group in groups {
        let mut shares: Vec<f64> = group.shares.iter().map(|(_, share)| *share).collect();
        sort_by(&mut shares, f64::total_cmp);
        let at = |place: usize| percent(shares.get(place).copied().unwrap_or_default(), 0);
        let (least, middle, most) = (at(0), at(shares.len() / 2), at(shares.len().saturating_sub(1)));
        let values: [(&str, &dyn ToString); 4] =
            [("cell", &group.name), ("least", &least), ("middle", &middle), ("most", &most)];
        said.push(words.say("of-cell", &values));
    }
    let ahead = both.iter().filter(|(simplified, full)| full > simplified).count();
    said.push(words.count("ahead", both.len(), &[("ahead", &ahead)]));
    super::joined(&said, words)
}
