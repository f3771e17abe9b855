//! Several samples as a ragged grid, with padding and mask.

use crate::view::figures::parts::{Cell, Grid, column, grid};
use crate::view::figures::pieces::{level_settings, shown, symbols};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};

/// Most lines that are drawn.
const MOST_LINES: usize = 8;
/// Most characters of all lines.
const LONGEST: usize = 400;

/// Each line a sample: `x(i)<t>` in row i and column t, short rows padded, and the mask of the same shape.
pub struct Batch;

impl Figure for Batch {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let mut settings = vec![Setting::lines("lines", LONGEST, 3, "")];
        settings.extend(level_settings(given.text("lines"), given));
        settings.push(Setting::switch("eos", true));
        let samples = samples(given);
        let longest = samples.iter().map(Vec::len).max().unwrap_or(0);
        settings.push(Setting::place("sample", samples.len(), 2));
        settings.push(Setting::place("step", longest, 4));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let samples = samples(now);
        let longest = samples.iter().map(Vec::len).max().unwrap_or(0);
        if longest == 0 {
            return Drawing::only(words.plain("empty"));
        }
        let (sample, step) = (now.whole("sample").max(1), now.whole("step").max(1));
        let body = [false, true].map(|is_mask| half(&samples, longest, (sample, step), is_mask, words));
        let real: usize = samples.iter().map(Vec::len).sum();
        let places = samples.len() * longest;
        let name = format!("x({sample})<{step}>");
        let what = match samples.get(sample - 1).and_then(|line| line.get(step - 1)) {
            Some(piece) => words.say("is-token", &[("symbol", &name), ("token", &shown(piece))]),
            None => words.say("is-padding", &[("symbol", &name), ("i", &sample)]),
        };
        let shape = words.count(
            "says",
            samples.len(),
            &[("steps", &longest), ("places", &places), ("padding", &(places - real))],
        );
        let mut table = Table::new([words.plain("sample"), words.plain("length"), words.plain("line")]);
        for (i, line) in samples.iter().enumerate() {
            let pieces: Vec<String> = line.iter().map(|piece| shown(piece)).collect();
            table.row([(i + 1).to_string(), line.len().to_string(), pieces.join(" | ")]);
        }
        let more = if now.text("lines").lines().filter(|line| !line.trim().is_empty()).count() > MOST_LINES {
            format!(" {}", words.say("only-lines", &[("n", &MOST_LINES)]))
        } else {
            String::new()
        };
        Drawing { body: vec![column(body)], sentence: format!("{shape} {what}{more}"), table }
    }
}

/// The samples: lines with something on them.
fn samples(now: &Values) -> Vec<Vec<String>> {
    let lines = now.text("lines").lines().map(|line| symbols(line, now)).filter(|line| !line.is_empty());
    lines.take(MOST_LINES).collect()
}

/// The grid of the symbols, or that of the mask.
fn half(
    samples: &[Vec<String>],
    longest: usize,
    chosen: (usize, usize),
    is_mask: bool,
    words: &Words,
) -> crate::view::markup::Node {
    let corner = words.plain(if is_mask { "mask" } else { "grid" });
    let mut heads = vec![Cell::new(corner.clone())];
    heads.extend((1..=longest).map(|t| Cell::new(format!("⟨{t}⟩")).class("fig-index")));
    heads.push(Cell::new(words.plain(if is_mask { "sum" } else { "length" })));
    let rows = samples.iter().enumerate().map(|(i, line)| {
        let cells = (0..longest).map(|t| {
            let place = (i + 1, t + 1);
            let piece = line.get(t);
            let padding = || words.plain("padding");
            let (shown, class) = match (is_mask, piece) {
                (true, Some(_)) => ("1".to_owned(), "mask-on"),
                (true, None) => ("0".to_owned(), "pad"),
                (false, Some(piece)) => (shown(piece), "x"),
                (false, None) => ("–".to_owned(), "pad"),
            };
            let said = if is_mask || piece.is_some() { shown.clone() } else { padding() };
            let name = words.say("cell", &[("i", &place.0), ("t", &place.1), ("token", &said)]);
            let cell = Cell::new(shown).class(class).name(name);
            let cell = if is_mask { cell } else { cell.symbol("x") };
            cell.sets(format!("sample={};step={}", place.0, place.1), place == chosen)
        });
        let mut cells: Vec<Cell> = cells.collect();
        cells.push(Cell::new(line.len().to_string()).class("fig-index"));
        (Cell::new(format!("({})", i + 1)).class("fig-index"), cells)
    });
    grid(Grid { name: corner, heads, rows: rows.collect(), class: "fig-batch" })
}
