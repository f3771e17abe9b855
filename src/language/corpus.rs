//! A whole text, read once: its vocabulary, its ids, its split into a training and a held-out part.

use std::collections::HashMap;
use std::ops::Range;

use super::text::{TextError, WordCutter, each_symbol, normalised};
use super::vocabulary::Vocabulary;
use super::{Reading, Unit};

/// How a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadingRules {
    /// What one symbol is.
    pub unit: Unit,
    /// How the text becomes sequences.
    pub reading: Reading,
    /// Largest number of symbols kept, `<UNK>` and `<EOS>` not counted; none: all.
    pub vocabulary_limit: Option<usize>,
}

/// A text as ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corpus {
    /// The symbols.
    pub vocabulary: Vocabulary,
    /// How often each stands in the text, in the vocabulary's order; for `<EOS>` the number of lines.
    pub counts: Vec<usize>,
    /// The text, one id a symbol. Line ends are symbols when reading running text and left out when reading lines.
    pub ids: Vec<u32>,
    /// Each line's place in `ids` when reading lines (empty lines left out); empty when reading running text.
    pub lines: Vec<Range<usize>>,
    /// Symbols of the text that became `<UNK>`.
    pub unknown: usize,
    /// How it was read.
    pub reading: Reading,
}

/// Reads a text of any form (it is normalised here).
///
/// # Errors
/// Every [`TextError`]. A text is refused for a vocabulary of one where fewer than two different symbols are
/// left, `<EOS>` not counted.
pub fn read(text: &str, rules: &ReadingRules, cutter: Option<&dyn WordCutter>) -> Result<Corpus, TextError> {
    let text = normalised(text)?;
    let mut found = Found::default();
    let mut lines = Vec::new();
    match rules.reading {
        Reading::Running => each_symbol(&text, rules.unit, cutter, |symbol| found.add(symbol))?,
        Reading::Lines => {
            for line in text.split('\n').map(str::trim_end).filter(|line| !line.is_empty()) {
                let start = found.ids.len();
                each_symbol(line, rules.unit, cutter, |symbol| found.add(symbol))?;
                lines.push(start..found.ids.len());
            }
        }
    }
    let Found { mut ids, symbols, counts, .. } = found;
    if ids.is_empty() {
        return Err(TextError::Empty);
    }
    let ends = rules.reading == Reading::Lines;
    let counted = symbols.iter().copied().zip(counts.iter().copied());
    let vocabulary = Vocabulary::build(counted, rules.vocabulary_limit, ends);
    if vocabulary.len() - usize::from(ends) < 2 {
        let symbol = vocabulary.symbol(0).unwrap_or_default().to_owned();
        return Err(TextError::VocabularyOfOne { symbol });
    }

    // From numbers by first appearance to the vocabulary's own.
    let unknown_id = vocabulary.unknown().unwrap_or_default();
    let known: Vec<Option<usize>> = symbols.iter().map(|symbol| vocabulary.id(symbol)).collect();
    let mut in_order = vec![0; vocabulary.len()];
    for (id, count) in known.iter().map(|id| id.unwrap_or(unknown_id)).zip(&counts) {
        in_order[id] += count;
    }
    if let Some(end) = vocabulary.end() {
        in_order[end] = lines.len();
    }
    let renumbered: Vec<u32> = known.iter().map(|id| id.unwrap_or(unknown_id) as u32).collect();
    for id in &mut ids {
        *id = renumbered[*id as usize];
    }
    let unknown = vocabulary.unknown().map_or(0, |id| in_order[id]);
    Ok(Corpus { vocabulary, counts: in_order, ids, lines, unknown, reading: rules.reading })
}

impl Corpus {
    /// Share of the text's symbols that became `<UNK>`, 0 to 1.
    pub fn unknown_share(&self) -> f64 {
        if self.ids.is_empty() { 0.0 } else { self.unknown as f64 / self.ids.len() as f64 }
    }

    /// Where the held-out part begins: the last tenth, rounded down, of the symbols (running text) or of the
    /// lines. Below ten there is none.
    pub fn held_out_from(&self) -> usize {
        let all = if self.reading == Reading::Lines { self.lines.len() } else { self.ids.len() };
        all - all / 10
    }

    /// Symbols held out.
    pub fn held_out_symbols(&self) -> usize {
        match self.reading {
            Reading::Running => self.ids.len() - self.held_out_from(),
            Reading::Lines => {
                self.lines.get(self.held_out_from()..).unwrap_or_default().iter().map(Range::len).sum()
            }
        }
    }
}

/// Symbols numbered as they appear. The map is only asked, never walked through.
#[derive(Default)]
struct Found<'t> {
    ids: Vec<u32>,
    symbols: Vec<&'t str>,
    counts: Vec<usize>,
    number: HashMap<&'t str, u32>,
    /// Short cut for symbols of one ASCII byte: their number + 1, 0 for none yet.
    ascii: Vec<u32>,
}

impl<'t> Found<'t> {
    fn add(&mut self, symbol: &'t str) {
        if self.ascii.is_empty() {
            self.ascii = vec![0; 128];
        }
        let next = self.symbols.len() as u32;
        let number = match *symbol.as_bytes() {
            [byte] if byte < 128 => {
                let slot = &mut self.ascii[usize::from(byte)];
                if *slot == 0 {
                    *slot = next + 1;
                }
                *slot - 1
            }
            _ => *self.number.entry(symbol).or_insert(next),
        };
        if number == next {
            self.symbols.push(symbol);
            self.counts.push(0);
        }
        self.counts[number as usize] += 1;
        self.ids.push(number);
    }
}
