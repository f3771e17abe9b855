//! From a pasted text to symbols and back.
//!
//! **Normalising.** CR LF and CR become LF, NUL, U+FEFF and U+2060 are dropped (none of them can be seen; U+2060 is
//! needed as [`GLUE`]), the rest is brought to NFC. Everything else stays: ZWJ, bidi controls, U+FFFD.
//!
//! **Characters** are extended grapheme clusters (UAX #29), white space included. Joining is concatenation.
//!
//! **Words** are the pieces between UAX #29 word boundaries (or a dictionary's, for Chinese): words, numbers,
//! punctuation marks, white space. So that a sentence is `Cats`, `average`, `15`, … and not every other symbol a
//! space, one U+0020 that stands where a writer always puts one ([`implied_space`]) is left out of the symbols
//! and put back by joining. Where it should be there and is not, [`GLUE`] stands for its absence; where a space
//! stands elsewhere it is a symbol. Hence for every normalised text `join(cut(text)) == text`, in every unit.

use std::iter::once;

use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation;

use super::Unit;
use super::vocabulary::UNK;

/// The largest text that is read, in bytes.
pub const MAX_TEXT_BYTES: usize = 5_000_000;

/// The symbol "no space here, although one would be expected", U+2060. It joins to nothing.
pub const GLUE: &str = "\u{2060}";

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// No symbol at all.
    #[error("the text is empty")]
    Empty,
    /// Larger than [`MAX_TEXT_BYTES`].
    #[error("the text has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// Size of the text, bytes.
        bytes: usize,
        /// The limit, bytes.
        limit: usize,
    },
    /// Only one different symbol is left: there is nothing to predict.
    #[error("the text has only one different symbol: {symbol:?}")]
    VocabularyOfOne {
        /// That symbol.
        symbol: String,
    },
    /// Chinese words were asked for and no dictionary is there.
    #[error("words of Chinese need a dictionary, and none is loaded")]
    NoDictionary,
}

/// Cuts a text into words with a dictionary. The trainer plugs in the segmenter that it loads on demand.
pub trait WordCutter {
    /// Byte offsets of the word boundaries of `text`, ascending. 0 and the text's length may be left out; an offset
    /// inside a character is ignored.
    fn cut(&self, text: &str) -> Vec<usize>;
}

/// Cuts by the rules of UAX #29 alone: for texts that hold no script without spaces, where a dictionary is not asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByRules;

impl WordCutter for ByRules {
    fn cut(&self, text: &str) -> Vec<usize> {
        text.split_word_bound_indices().map(|(at, _)| at).collect()
    }
}

/// Whether a dictionary decides the words of this text: it holds a script that is written without spaces, and words
/// are to be cut by a dictionary.
pub fn needs_dictionary(text: &str, unit: Unit) -> bool {
    unit == Unit::ChineseWord && !text.is_ascii() && text.chars().any(without_spaces)
}

/// The text in the form in which it is cut: line ends LF, NFC, without NUL, U+FEFF and U+2060.
///
/// # Errors
/// [`TextError::TooLarge`] above [`MAX_TEXT_BYTES`], measured before.
pub fn normalised(text: &str) -> Result<String, TextError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(TextError::TooLarge { bytes: text.len(), limit: MAX_TEXT_BYTES });
    }
    let unwanted = |c: char| matches!(c, '\r' | '\0' | '\u{FEFF}' | '\u{2060}');
    if text.is_ascii() && !text.contains(unwanted) {
        return Ok(text.to_owned());
    }
    let mut clean = String::with_capacity(text.len());
    let mut after_return = false;
    for c in text.chars() {
        match c {
            '\0' | '\u{FEFF}' | '\u{2060}' => continue,
            '\r' => clean.push('\n'),
            '\n' if after_return => {}
            _ => clean.push(c),
        }
        after_return = c == '\r';
    }
    Ok(crate::unicode::nfc(&clean))
}

/// The symbols of a normalised text, in order.
///
/// # Errors
/// [`TextError::NoDictionary`] where `unit` is [`Unit::ChineseWord`] and `cutter` is none.
pub fn cut<'t>(
    text: &'t str,
    unit: Unit,
    cutter: Option<&dyn WordCutter>,
) -> Result<Vec<&'t str>, TextError> {
    let mut symbols = Vec::new();
    each_symbol(text, unit, cutter, |symbol| symbols.push(symbol))?;
    Ok(symbols)
}

/// Calls `act` with each symbol of a normalised text, in order, without keeping them: for large texts.
///
/// # Errors
/// As [`cut`].
pub fn each_symbol<'t>(
    text: &'t str,
    unit: Unit,
    cutter: Option<&dyn WordCutter>,
    act: impl FnMut(&'t str),
) -> Result<(), TextError> {
    match (unit, cutter) {
        (Unit::Character, _) => each_character(text, act),
        (Unit::Word, _) => each_word(text.split_word_bounds(), act),
        (Unit::ChineseWord, Some(cutter)) => {
            let bounds = cutter.cut(text);
            each_word(between(text, &bounds), act);
        }
        (Unit::ChineseWord, None) => return Err(TextError::NoDictionary),
    }
    Ok(())
}

/// The text that the symbols were cut from.
pub fn join<'s>(symbols: impl IntoIterator<Item = &'s str>, unit: Unit) -> String {
    let mut joined = Joined::new(unit);
    for symbol in symbols {
        joined.push(symbol);
    }
    joined.text
}

/// A text that grows symbol by symbol, as when a model writes.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// What has been written so far.
    pub text: String,
    unit: Unit,
    last: Option<char>,
}

impl Joined {
    /// Nothing written yet.
    pub fn new(unit: Unit) -> Self {
        Self { text: String::new(), unit, last: None }
    }

    /// Adds one symbol, with the space before it where one is implied.
    pub fn push(&mut self, symbol: &str) {
        if self.unit == Unit::Character {
            self.text.push_str(symbol);
            return;
        }
        if let (Some(last), Some(first)) = (self.last, first_of(symbol))
            && implied_between(last, first)
        {
            self.text.push(' ');
        }
        if symbol != GLUE {
            self.text.push_str(symbol);
        }
        self.last = last_of(symbol).or(self.last);
    }
}

/// Whether a space is implied between two words: after a letter, a digit or a closing mark such as `,` or `.`,
/// before a letter, a digit or an opening bracket or curly quotation mark. Never beside scripts that are written
/// without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese).
pub fn implied_space(left: &str, right: &str) -> bool {
    match (last_of(left), first_of(right)) {
        (Some(last), Some(first)) => implied_between(last, first),
        _ => false,
    }
}

/// The first character, for spacing: `<UNK>` stands for a word and is spaced like one.
fn first_of(symbol: &str) -> Option<char> {
    if symbol == UNK { Some('U') } else { symbol.chars().next() }
}

/// The last character, for spacing.
fn last_of(symbol: &str) -> Option<char> {
    if symbol == UNK { Some('K') } else { symbol.chars().next_back() }
}

fn implied_between(last: char, first: char) -> bool {
    let ends = spaced(last)
        || matches!(last, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '”' | '’' | '»' | '…');
    let begins = spaced(first) || matches!(first, '(' | '[' | '{' | '“' | '‘' | '«');
    ends && begins
}

/// A letter or digit of a script that puts spaces between words.
fn spaced(c: char) -> bool {
    c.is_alphanumeric() && !without_spaces(c)
}

/// A character of a script that is written without spaces between words.
fn without_spaces(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF        // Thai, Lao
        | 0x1000..=0x109F      // Burmese
        | 0x1780..=0x17FF      // Khmer
        | 0x2E80..=0x31FF      // CJK radicals, kana, bopomofo
        | 0x3400..=0x9FFF      // Han
        | 0xF900..=0xFAFF      // Han, compatibility
        | 0xFF00..=0xFFEF      // full-width forms
        | 0x1B000..=0x1B16F    // kana, supplements
        | 0x20000..=0x3FFFF)
}

fn each_character<'t>(text: &'t str, mut act: impl FnMut(&'t str)) {
    // In ASCII (where CR LF is already LF) every byte is a cluster of its own.
    if text.is_ascii() {
        (0..text.len()).filter_map(|at| text.get(at..at + 1)).for_each(act);
    } else {
        text.graphemes(true).for_each(&mut act);
    }
}

/// Leaves out implied spaces and puts [`GLUE`] where one is missing.
fn each_word<'t>(pieces: impl Iterator<Item = &'t str>, mut act: impl FnMut(&'t str)) {
    let mut left: Option<&str> = None;
    let mut space: Option<&str> = None;
    for piece in pieces {
        if piece == " " && left.is_some() && space.is_none() {
            space = Some(piece);
            continue;
        }
        if let Some(left) = left {
            match (implied_space(left, piece), space) {
                (true, Some(_)) | (false, None) => {}
                (true, None) => act(GLUE),
                (false, Some(space)) => act(space),
            }
        }
        act(piece);
        (left, space) = (Some(piece), None);
    }
    if let Some(space) = space {
        act(space);
    }
}

/// The pieces between the boundaries, whatever a cutter answered.
fn between<'t>(text: &'t str, bounds: &[usize]) -> impl Iterator<Item = &'t str> {
    let mut start = 0;
    bounds.iter().copied().chain(once(text.len())).filter_map(move |end| {
        let piece = text.get(start..end).filter(|piece| !piece.is_empty())?;
        start = end;
        Some(piece)
    })
}
