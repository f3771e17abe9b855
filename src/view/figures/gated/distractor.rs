//! Words in random order: what came before the space says nothing about the next word and only disturbs it. The
//! simplified and the full GRU learn to spell them, one after the other.

use ndarray::{Array2, Array3};

use super::runs::{Run, Runs};
use super::{heat_row, learnt};
use crate::engine::trace::{Labels, LossAt, TraceInput, trace};
use crate::language::random::Random;
use crate::language::visible::visible;
use crate::language::vocabulary::{EOS, Vocabulary};
use crate::training::settings::RunSettings;
use crate::view::chart::Dash;
use crate::view::figures::job::widened;
use crate::view::figures::parts::{Cell, Grid, Line, caption, chart, grid, paragraph};
use crate::view::figures::{Drawing, Figure, Job, News, Opens, Setting, Table, Values, Words};
use crate::view::link::Shared;
use crate::view::number::{count, fixed, percent};

const CELLS: [&str; 2] = ["gru-simplified", "gru"];
/// Hidden units.
const HIDDEN: usize = 8;
/// Updates.
const STEPS: u32 = 300;
/// The words, each of five of four letters.
const WORDS: usize = 12;
const LETTERS: usize = 5;
/// Words of a line, and lines of the text.
const LINE: usize = 4;
const LINES: usize = 800;
/// Lines that accuracy is counted on; the text does not hold them.
const FRESH: usize = 16;
/// Losses that differ by less are called equal, nats per symbol.
const EQUAL: f64 = 0.005;
/// Streams of random numbers.
const STREAM: u64 = 40;

/// Two cells on words in random order.
#[derive(Default)]
pub struct Distractor(Runs);

fn words_of_the_text() -> Vec<String> {
    let mut random = Random::new(5, STREAM);
    let mut words: Vec<String> = Vec::new();
    while words.len() < WORDS {
        let word: String = (0..LETTERS).map(|_| ['a', 'b', 'c', 'd'][random.below(4)]).collect();
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

fn lines(seed: u64, stream: u64, how_many: usize) -> Vec<String> {
    let words = words_of_the_text();
    let mut random = Random::new(seed, stream);
    let line = |random: &mut Random| {
        let words = (0..LINE).map(|_| words.get(random.below(WORDS)).map_or("", String::as_str));
        words.collect::<Vec<_>>().join(" ")
    };
    (0..how_many).map(|_| line(&mut random)).collect()
}

/// Lines that no run is trained on.
fn fresh() -> Vec<String> {
    lines(1, STREAM + 2, FRESH)
}

fn settings_of(cell: &str, seed: u64) -> (RunSettings, String) {
    let text = lines(seed, STREAM + 1, LINES).join("\n");
    let mut settings = learnt::run(cell, HIDDEN, &text, STEPS);
    settings.training.learning_rate = 0.01;
    settings.training.batch = 16;
    settings.training.seed = seed;
    (settings, text)
}

/// What cannot be known: which word comes, `ln 12` a word; shared out over the symbols of a line, nats per symbol.
fn floor() -> f64 {
    // A space after each word but the last, which <EOS> follows.
    let symbols = LINE * (LETTERS + 1);
    LINE as f64 * libm::log(WORDS as f64) / symbols as f64
}

fn seed(now: &Values) -> u64 {
    now.whole("seed").max(1) as u64
}

impl Figure for Distractor {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![Setting::choice("cell", &CELLS), Setting::steps("seed", 5, 1)]
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let chosen = now.text("cell");
        let runs: Vec<(&str, &Run)> = CELLS
            .into_iter()
            .filter_map(|cell| Some((cell, self.0.of(&settings_of(cell, seed(now)).0, cell == chosen)?)))
            .collect();
        let name = |cell: &str| words.plain(&format!("cell.{cell}"));
        let heads = ["cell-head", "updates", "loss", "accuracy"].map(|key| words.plain(key));
        let mut table = Table::new(heads);
        let fresh = fresh();
        let example = fresh.first().cloned().unwrap_or_default();
        let mut body = vec![
            paragraph(words.say("list", &[("words", &words_of_the_text().join(" "))])),
            caption(words.plain("spelling")),
        ];
        let mut rows = vec![(Cell::new(words.plain("known")).class("fig-index"), known_cells(&example))];
        let mut found: Vec<(&str, Option<f64>, Option<f64>)> = Vec::new();
        for cell in CELLS {
            let run = runs.iter().find(|(known, _)| *known == cell).map(|(_, run)| *run);
            let spelt = run.and_then(|run| spell(cell, seed(now), run, &fresh));
            if let Some(spelt) = &spelt {
                rows.push(heat_row(name(cell), spelt.example.iter().copied(), 1.0, 2));
            }
            let loss = run.and_then(|run| run.held_out.last());
            let accuracy = spelt.map(|spelt| spelt.accuracy);
            let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
            table.row([
                name(cell),
                shown(run.and_then(|run| run.losses.last()).map(|(step, _)| count(u64::from(*step)))),
                shown(loss.map(|(_, loss)| fixed(f64::from(*loss), 3))),
                shown(accuracy.map(|share| percent(share, 0))),
            ]);
            if run.is_some() {
                found.push((cell, loss.map(|(_, loss)| f64::from(*loss)), accuracy));
            }
        }
        let mut heads = vec![Cell::new("").class("fig-index")];
        heads.extend(
            symbols(&example).into_iter().map(|symbol| Cell::new(visible(&symbol)).class("fig-index")),
        );
        body.push(grid(Grid { name: words.plain("spelling"), heads, rows, class: "fig-heat" }));
        if !runs.is_empty() {
            let curve = |(cell, run): &(&str, &Run)| Line {
                name: name(cell),
                dash: Dash::of_run(CELLS.iter().position(|known| known == cell).unwrap_or(0)),
                points: run.held_out.clone(),
            };
            let curves: Vec<Line> = runs.iter().map(curve).collect();
            body.extend([caption(words.plain("curves")), chart(&curves, Some(floor()), STEPS)]);
        }
        Drawing { body, sentence: says(&found, words), table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let run = settings_of(now.text("cell"), seed(now)).0;
        Some(Opens::Lab(Box::new(Shared { run, ..Shared::default() })))
    }

    fn job(&self, now: &Values) -> Option<Job> {
        let (settings, text) = settings_of(now.text("cell"), seed(now));
        Some(Job { settings, text, measures: true })
    }

    fn hear(&mut self, news: News) {
        self.0.hear(&news);
    }
}

fn says(found: &[(&str, Option<f64>, Option<f64>)], words: &Words) -> String {
    if found.is_empty() {
        return words.say("untrained", &[("floor", &fixed(floor(), 3))]);
    }
    let mut said: Vec<String> = found
        .iter()
        .map(|(cell, loss, accuracy)| {
            let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
            words.say(
                "of-cell",
                &[
                    ("cell", &words.plain(&format!("cell.{cell}"))),
                    ("loss", &shown(loss.map(|loss| fixed(loss, 3)))),
                    ("accuracy", &shown(accuracy.map(|share| percent(share, 0)))),
                ],
            )
        })
        .collect();
    if let [(_, Some(simplified), _), (_, Some(full), _)] = found {
        let key = match simplified - full {
            difference if difference > EQUAL => "full-ahead",
            difference if difference < -EQUAL => "simplified-ahead",
            _ => "equal",
        };
        said.push(words.plain(key));
    } else {
        said.push(words.plain("other-too"));
    }
    said.push(words.say("floor", &[("floor", &fixed(floor(), 3))]));
    super::joined(&said, words)
}

/// The symbols of a line, `<EOS>` at the end.
fn symbols(line: &str) -> Vec<String> {
    line.chars().map(String::from).chain([EOS.to_owned()]).collect()
}

/// Whether each symbol of a line is certain from what of its word stands before it.
fn certain(line: &str) -> Vec<bool> {
    let words = words_of_the_text();
    let mut known = Vec::new();
    for (place, word) in line.split(' ').enumerate() {
        if place > 0 {
            known.push(true);
        }
        for end in 0..word.len() {
            let begun = word.get(..end).unwrap_or_default();
            let next = word.get(..=end).unwrap_or_default();
            let fits = words.iter().filter(|known| known.starts_with(begun));
            known.push(fits.clone().count() == fits.filter(|known| known.starts_with(next)).count());
        }
    }
    known.push(true);
    known
}

/// A row that says which symbols are certain.
fn known_cells(line: &str) -> Vec<Cell> {
    let cell = |is_known: bool| Cell::new(if is_known { "·" } else { "?" }).class("fig-cell");
    certain(line).into_iter().map(cell).collect()
}

/// How a run spells.
struct Spelt {
    /// The probability of each symbol of the first fresh line.
    example: Vec<f64>,
    /// Of all certain symbols of the fresh lines the share that is found likeliest.
    accuracy: f64,
}

fn spell(cell: &str, seed: u64, run: &Run, lines: &[String]) -> Option<Spelt> {
    let vocabulary = Vocabulary::from_symbols(run.vocabulary.clone());
    let (settings, _) = settings_of(cell, seed);
    let model = widened(&settings, vocabulary.len(), &run.weights.1)?;
    let ids: Option<Vec<Vec<usize>>> = lines
        .iter()
        .map(|line| {
            let ids = line.chars().map(|letter| vocabulary.id(&letter.to_string()));
            ids.chain([vocabulary.end()]).collect()
        })
        .collect();
    let ids = ids?;
    // All lines are of one length.
    let steps = ids.first()?.len();
    let mut x = Array3::zeros((steps, vocabulary.len(), ids.len()));
    let mut y = Array2::zeros((steps, ids.len()));
    for (sample, line) in ids.iter().enumerate() {
        for (step, id) in line.iter().enumerate() {
            *y.get_mut((step, sample))? = *id;
            if step + 1 < steps {
                *x.get_mut((step + 1, *id, sample))? = 1.0;
            }
        }
    }
    let lengths = vec![steps; ids.len()];
    let input = TraceInput {
        x,
        y: Labels::Ids(y),
        lengths,
        initial: Vec::new(),
        loss_at: LossAt::EveryStep,
        holds: Vec::new(),
    };
    let yhat = trace(&model, &input).ok()?.head.yhat;
    let (mut right, mut all) = (0usize, 0usize);
    for (sample, (line, ids)) in lines.iter().zip(&ids).enumerate() {
        for (step, (id, is_certain)) in ids.iter().zip(certain(line)).enumerate() {
            let own = yhat[(step, *id, sample)];
            let is_likeliest = (0..vocabulary.len()).all(|other| yhat[(step, other, sample)] <= own);
            all += usize::from(is_certain);
            right += usize::from(is_certain && is_likeliest);
        }
    }
    let example = ids.first()?.iter().enumerate().map(|(step, id)| yhat[(step, *id, 0)]).collect();
    Some(Spelt { example, accuracy: right as f64 / all.max(1) as f64 })
}
