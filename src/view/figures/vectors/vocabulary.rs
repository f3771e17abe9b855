//! The vocabulary of a text: one index for each different symbol, and what becomes of the rest.

use ndarray::Array2;

use crate::language::vocabulary::{EOS, UNK, Vocabulary as Symbols};
use crate::sorted::sort_by;
use crate::view::figures::parts::{Box, Matrix, boxes, caption, column, matrix, row};
use crate::view::figures::pieces::{counted, level_settings, shown, symbols_of_lines};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};
use crate::view::number::percent;

/// Most characters of the text.
const LONGEST: usize = 400;
/// Most symbols whose one-hot column is drawn.
const MOST_ROWS: usize = 48;

/// The list of symbols with their indices, the slider that limits it, and the text as it is then read.
pub struct Vocabulary;

impl Figure for Vocabulary {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let text = given.text("text");
        let pieces = symbols_of_lines(text, given);
        let different = counted(&pieces).len().max(1);
        let mut settings = vec![Setting::lines("text", LONGEST, 2, "")];
        settings.extend(level_settings(text, given));
        settings.push(Setting::slider("keep", 1.0, different as f64, 1.0, different as f64));
        settings.push(Setting::choice("order", &["index", "count"]));
        settings.push(Setting::place("at", kept(&pieces, given).len(), 1));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let pieces = symbols_of_lines(now.text("text"), now);
        if pieces.is_empty() {
            return Drawing::only(words.plain("empty"));
        }
        let known = kept(&pieces, now);
        let at = now.whole("at").clamp(1, known.len().max(1));
        let count = |index: usize| pieces.iter().filter(|piece| id(&known, piece) == Some(index)).count();
        let mut order: Vec<usize> = (0..known.len()).collect();
        if now.text("order") == "count" {
            sort_by(&mut order, |one, other| count(*other).cmp(&count(*one)));
        }

        let mut table = Table::new([words.plain("index"), words.plain("token"), words.plain("count")]);
        let mut all = Vec::new();
        let mut chosen = 1;
        for (place, index) in order.iter().enumerate() {
            let token = shown(known.symbol(*index).unwrap_or_default());
            let (number, times) = (index + 1, count(*index));
            if number == at {
                chosen = place + 1;
            }
            table.row([number.to_string(), token.clone(), times.to_string()]);
            all.push(Box {
                name: words.count("entry", times, &[("token", &token), ("index", &number)]),
                above: number.to_string(),
                inside: token,
                below: format!("×{times}"),
                class: if known.unknown() == Some(*index) { "special" } else { "" },
                sets: Some(format!("at={number}")),
                ..Box::default()
            });
        }
        let read = pieces.iter().map(|piece| {
            let index = id(&known, piece);
            let is_unknown = index.is_none() || index == known.unknown();
            let shown = if is_unknown { UNK.to_owned() } else { shown(piece) };
            let class = match (index.map(|index| index + 1) == Some(at), is_unknown) {
                (true, _) => "x on",
                (false, true) => "x special",
                (false, false) => "x",
            };
            Box { inside: shown, class, ..Box::default() }
        });
        let read = boxes(read.collect(), None, "");
        let mut side = Vec::new();
        if known.len() <= MOST_ROWS {
            let one_hot = Array2::from_shape_fn((known.len(), 1), |(row, _)| f64::from(row + 1 == at));
            let size = if known.len() > 16 { (26.0, 12.0) } else { (30.0, 20.0) };
            let decimals = (known.len() <= 16).then_some(0);
            let title = words.plain("one-hot");
            side.push(matrix(
                one_hot.view(),
                &Matrix { size, decimals, title, full: Some(1.0), ..Matrix::default() },
            ));
        }
        let list = boxes(all, Some(("at", chosen)), &words.plain("list"));
        let left = column([caption(words.plain("list")), list, caption(words.plain("read")), read]);
        side.insert(0, left);

        let unknown = pieces.iter().filter(|piece| known.id(piece).is_none()).count();
        let token = shown(known.symbol(at - 1).unwrap_or_default());
        let mut sentence =
            words.count("says", count(at - 1), &[("v", &known.len()), ("token", &token), ("index", &at)]);
        let share = percent(unknown as f64 / pieces.len() as f64, 0);
        let rest: [(&str, &dyn ToString); 2] = [("all", &pieces.len()), ("share", &share)];
        sentence.push_str(&words.plain("space"));
        sentence.push_str(&if unknown == 0 {
            words.plain("all-known")
        } else {
            words.count("unknown", unknown, &rest)
        });
        Drawing { body: vec![row(side)], sentence, table }
    }
}

/// The vocabulary: what the slider keeps, `<UNK>` where that leaves something out.
fn kept(pieces: &[String], now: &Values) -> Symbols {
    let pairs = counted(pieces);
    let keep = if now.has("keep") { now.whole("keep").max(1) } else { pairs.len() };
    let text: Vec<(&str, usize)> = pairs.into_iter().filter(|(symbol, _)| *symbol != EOS).collect();
    Symbols::build(text, Some(keep), false)
}

/// The index that a piece is read as, from 0.
fn id(known: &Symbols, piece: &str) -> Option<usize> {
    known.id(piece).or(known.unknown())
}
