//! A reader's sentence as the steps of a sequence: `x<1>` is the zero vector, `x<t> = y<t-1>`, the last label is `<EOS>`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::language::Unit;
use crate::language::text::{self, WordCutter};
use crate::language::vocabulary::{EOS, UNK, Vocabulary};

/// The longest sentence that is stepped through, in steps.
pub const MOST_STEPS: usize = 60;

/// The steps of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sequence {
    /// The vocabulary that the rows of `x` and `ŷ` stand for, in order.
    pub vocabulary: Vec<String>,
    /// T inputs: the symbol's place in the vocabulary, none for the zero vector.
    pub inputs: Vec<Option<usize>>,
    /// T labels: places in the vocabulary.
    pub labels: Vec<usize>,
    /// Symbols of the sentence that are read as `<UNK>`, each once, in order of appearance.
    pub unknown: Vec<String>,
    /// Symbols that are left out because the vocabulary has no place for them, each once.
    pub left_out: Vec<String>,
    /// Symbols cut off at the end because the sentence is too long.
    pub cut_off: usize,
    /// Symbols of the whole sentence.
    pub symbols: usize,
}

impl Sequence {
    /// T.
    pub fn steps(&self) -> usize {
        self.labels.len()
    }

    /// What stands in the vocabulary at a place.
    pub fn symbol(&self, place: usize) -> &str {
        self.vocabulary.get(place).map_or("", String::as_str)
    }

    /// The symbol that goes in at a step, none for the zero vector.
    pub fn input(&self, step: usize) -> Option<&str> {
        self.inputs.get(step).copied().flatten().map(|place| self.symbol(place))
    }

    /// The symbol that should come out at a step.
    pub fn label(&self, step: usize) -> &str {
        self.labels.get(step).map_or("", |place| self.symbol(*place))
    }
}

/// A sentence with the vocabulary of its own symbols and `<EOS>`.
pub fn own(sentence: &str, unit: Unit, cutter: Option<&dyn WordCutter>) -> Sequence {
    let mut symbols = cut(sentence, unit, cutter);
    let all = symbols.len();
    // Only what is stepped through: the rows of a matrix should be those that the reader can meet.
    symbols.truncate(MOST_STEPS - 1);
    let mut counted = BTreeMap::new();
    for symbol in &symbols {
        *counted.entry(symbol.as_str()).or_insert(0) += 1;
    }
    let vocabulary = Vocabulary::build(counted, None, true);
    let mut sequence = read(&symbols, &vocabulary);
    sequence.cut_off = all - symbols.len();
    sequence.symbols = all;
    sequence
}

/// A sentence under the vocabulary of a trained model. Where that has no `<EOS>`, the last symbol is only a label.
pub fn under(
    sentence: &str,
    unit: Unit,
    cutter: Option<&dyn WordCutter>,
    vocabulary: &Vocabulary,
) -> Sequence {
    read(&cut(sentence, unit, cutter), vocabulary)
}

fn cut(sentence: &str, unit: Unit, cutter: Option<&dyn WordCutter>) -> Vec<String> {
    let Ok(sentence) = text::normalised(sentence) else { return Vec::new() };
    let symbols = text::cut(&sentence, unit, cutter).unwrap_or_default();
    symbols.into_iter().map(str::to_owned).collect()
}

fn read(symbols: &[String], vocabulary: &Vocabulary) -> Sequence {
    let mut sequence =
        Sequence { vocabulary: vocabulary.symbols().to_vec(), symbols: symbols.len(), ..Default::default() };
    let mut ids = Vec::new();
    for symbol in symbols {
        let id = vocabulary.id(symbol).or_else(|| {
            let said =
                if vocabulary.unknown().is_some() { &mut sequence.unknown } else { &mut sequence.left_out };
            if !said.contains(symbol) {
                said.push(symbol.clone());
            }
            vocabulary.unknown()
        });
        ids.extend(id);
    }
    let ends = usize::from(vocabulary.end().is_some());
    let kept = ids.len().min(MOST_STEPS - ends);
    sequence.cut_off = ids.len() - kept;
    ids.truncate(kept);
    ids.extend(vocabulary.end());
    sequence.inputs = std::iter::once(None).chain(ids.iter().copied().map(Some)).take(ids.len()).collect();
    sequence.labels = ids;
    sequence
}

/// Whether spaces stand among the symbols of a vocabulary that is cut into words: those that stand where none is
/// expected, and the sign of one that is missing. Among characters a space is one of them like any other.
pub fn has_spaces_among_words(vocabulary: &[String], unit: Unit) -> bool {
    unit != Unit::Character && vocabulary.iter().any(|symbol| symbol == text::GLUE || is_blank(symbol))
}

fn is_blank(symbol: &str) -> bool {
    !symbol.is_empty() && symbol.bytes().all(|byte| byte == b' ')
}

/// Whether a symbol is one of the two special ones.
pub fn is_special(symbol: &str) -> bool {
    symbol == EOS || symbol == UNK
}
