//! The map from each distinct symbol to one index.
//!
//! **Order.** By code points, as in a dictionary (a, ab, abc, …, zulu), then `<UNK>`, then `<EOS>`, each only where it
//! is needed. The order does not depend on where a symbol stands in the text.
//!
//! **Limit.** Where a limit is set, the most frequent symbols are kept; of equally frequent ones those first in order.
//!
//! **`<UNK>`** is in a vocabulary exactly where the limit cut something off: only then is it trained. It is built from
//! the whole text, held-out part included, so nothing else can be unknown in training. A text that is typed later may
//! hold symbols that were never seen: they become `<UNK>` where there is one, else [`NO_SYMBOL`], the zero vector.
//!
//! **`<EOS>`** is in a vocabulary exactly where lines are samples ([`super::Reading::Lines`]).
//!
//! A saved model keeps the list of symbols; [`Vocabulary::from_symbols`] gives the same ids again.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::NO_SYMBOL;

/// Written for a symbol outside the vocabulary.
pub const UNK: &str = "<UNK>";
/// Written for the end of a sequence.
pub const EOS: &str = "<EOS>";

/// A list of `V` symbols and the way back from a symbol to its index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    symbols: Vec<String>,
    index: HashMap<String, usize>,
    unknown: Option<usize>,
    end: Option<usize>,
}

/// A text as ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// One id a symbol; [`NO_SYMBOL`] for an unknown one where there is no `<UNK>`.
    pub ids: Vec<i32>,
    /// The unknown symbols, in order.
    pub unknown: Vec<UnknownSymbol>,
}

/// A symbol that the vocabulary does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSymbol {
    /// Its place among the symbols, from 0.
    pub position: usize,
    /// The symbol itself.
    pub symbol: String,
}

impl Vocabulary {
    /// From counted symbols (each once). `limit`: the largest number kept, `<UNK>` and `<EOS>` not counted.
    /// `end`: whether `<EOS>` is needed.
    pub fn build<'s>(
        counted: impl IntoIterator<Item = (&'s str, usize)>,
        limit: Option<usize>,
        end: bool,
    ) -> Self {
        // Strings compare by their UTF-8 bytes, which is the order of code points. Heaps sort with the least code.
        let counted: BinaryHeap<_> = counted.into_iter().map(|(symbol, n)| (Reverse(n), symbol)).collect();
        let mut counted = counted.into_sorted_vec();
        let cut_off = limit.is_some_and(|limit| limit < counted.len());
        counted.truncate(limit.unwrap_or(usize::MAX));
        let kept: BinaryHeap<&str> = counted.into_iter().map(|(_, symbol)| symbol).collect();
        let mut symbols: Vec<String> = kept.into_sorted_vec().into_iter().map(str::to_owned).collect();
        let text_symbols = symbols.len();
        symbols.extend(cut_off.then(|| UNK.to_owned()));
        symbols.extend(end.then(|| EOS.to_owned()));
        let unknown = cut_off.then_some(text_symbols);
        let end = end.then_some(text_symbols + usize::from(cut_off));
        Self::with(symbols, unknown, end)
    }

    /// From a saved list: ids are the places in the list. The last `<UNK>` and `<EOS>` in it are the special ones.
    pub fn from_symbols(symbols: Vec<String>) -> Self {
        let unknown = symbols.iter().rposition(|symbol| symbol == UNK);
        let end = symbols.iter().rposition(|symbol| symbol == EOS);
        Self::with(symbols, unknown, end)
    }

    fn with(symbols: Vec<String>, unknown: Option<usize>, end: Option<usize>) -> Self {
        let mut index = HashMap::with_capacity(symbols.len());
        for (at, symbol) in symbols.iter().enumerate() {
            if Some(at) != unknown && Some(at) != end {
                index.entry(symbol.clone()).or_insert(at);
            }
        }
        Self { symbols, index, unknown, end }
    }

    /// `V`: symbols in all, `<UNK>` and `<EOS>` included.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// Whether there is no symbol at all.
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }

    /// All symbols in order.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The symbol of an id; none outside the vocabulary.
    pub fn symbol(&self, id: usize) -> Option<&str> {
        self.symbols.get(id).map(String::as_str)
    }

    /// The id of `<UNK>`.
    pub fn unknown(&self) -> Option<usize> {
        self.unknown
    }

    /// The id of `<EOS>`.
    pub fn end(&self) -> Option<usize> {
        self.end
    }

    /// The id of a symbol of a text, none where it is unknown. `<UNK>` and `<EOS>` written in a text are not the
    /// special ones.
    pub fn id(&self, symbol: &str) -> Option<usize> {
        self.index.get(symbol).copied()
    }

    /// The ids of symbols, and which of them are unknown.
    pub fn encode<'s>(&self, symbols: impl IntoIterator<Item = &'s str>) -> Encoded {
        let mut encoded = Encoded::default();
        for (position, symbol) in symbols.into_iter().enumerate() {
            let id = self.id(symbol);
            if id.is_none() {
                encoded.unknown.push(UnknownSymbol { position, symbol: symbol.to_owned() });
            }
            let id = id.or(self.unknown).and_then(|id| i32::try_from(id).ok());
            encoded.ids.push(id.unwrap_or(NO_SYMBOL));
        }
        encoded
    }

    /// The symbols of ids; ids outside the vocabulary are left out.
    pub fn decode(&self, ids: &[i32]) -> Vec<&str> {
        ids.iter().filter_map(|&id| usize::try_from(id).ok()).filter_map(|id| self.symbol(id)).collect()
    }
}
