//! A sentence as a matrix of one-hot columns.

use crate::language::vocabulary::{EOS, Vocabulary as Symbols};
use crate::view::figures::parts::{Cell, Grid, grid};
use crate::view::figures::pieces::{counted, level_settings, shown, symbols};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};

/// Most characters of the sentence.
const LONGEST: usize = 80;

/// One column a step, one row a symbol of the vocabulary, each column linked to its word.
pub struct OneHot;

impl Figure for OneHot {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let sentence = given.text("sentence");
        let mut settings = vec![Setting::text("sentence", LONGEST, "")];
        settings.extend(level_settings(sentence, given));
        settings.push(Setting::switch("eos", true));
        settings.push(Setting::place("at", symbols(sentence, given).len(), 1));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let pieces = symbols(now.text("sentence"), now);
        if pieces.is_empty() {
            return Drawing::only(words.plain("empty"));
        }
        let at = now.whole("at").max(1);
        let has_end = pieces.last().is_some_and(|last| last == EOS) && now.is_on("eos");
        let text = if has_end { pieces.get(..pieces.len() - 1).unwrap_or_default() } else { &pieces };
        let known = Symbols::build(counted(text), None, has_end);
        let id = |t: usize| {
            let is_end = has_end && t + 1 == pieces.len();
            if is_end { known.end() } else { pieces.get(t).and_then(|piece| known.id(piece)) }
        };
        let mut heads = vec![Cell::new(words.plain("row"))];
        heads.extend(pieces.iter().enumerate().map(|(t, piece)| {
            let class = if t + 1 == at { "fig-index on" } else { "fig-index" };
            Cell::new(format!("⟨{}⟩ {}", t + 1, shown(piece))).class(class)
        }));
        let rows = known.symbols().iter().enumerate().map(|(row, symbol)| {
            let symbol = shown(symbol);
            let cells = (0..pieces.len()).map(|t| {
                let is_one = id(t) == Some(row);
                let value = if is_one { "1" } else { "0" };
                let class = match (is_one, t + 1 == at) {
                    (true, _) => "x one",
                    (false, true) => "zero in",
                    (false, false) => "zero",
                };
                let name = words.say("cell", &[("symbol", &symbol), ("t", &(t + 1)), ("value", &value)]);
                let cell = Cell::new(value).class(class).name(name).symbol("x");
                cell.sets(format!("at={}", t + 1), is_one && t + 1 == at)
            });
            (Cell::new(format!("{} {symbol}", row + 1)).class("fig-index"), cells.collect())
        });
        let rows: Vec<(Cell, Vec<Cell>)> = rows.collect();
        let mut table = Table::new([words.plain("step"), words.plain("token"), words.plain("index")]);
        for (t, piece) in pieces.iter().enumerate() {
            table.row([(t + 1).to_string(), shown(piece), id(t).map_or(0, |id| id + 1).to_string()]);
        }
        let token = pieces.get(at - 1).map(|piece| shown(piece)).unwrap_or_default();
        let index = id(at - 1).map_or(0, |id| id + 1);
        let sentence = words.count(
            "says",
            known.len(),
            &[("t", &at), ("token", &token), ("index", &index), ("steps", &pieces.len())],
        );
        let drawing = grid(Grid { name: words.plain("matrix"), heads, rows, class: "fig-one-hot" });
        Drawing { body: vec![drawing], sentence, table }
    }
}
