//! Words found with a short list, for scripts that are written without spaces.

use unicode_segmentation::UnicodeSegmentation;

use crate::language::text::WordCutter;
use crate::sorted::sort_by;

/// The list: at each place the longest word of it that stands there is taken, else what UAX #29 finds.
pub(super) struct Dictionary(Vec<String>);

impl Dictionary {
    /// Words between spaces, commas or slashes.
    pub(super) fn read(list: &str) -> Dictionary {
        let is_between = |letter: char| letter.is_whitespace() || ",，、/".contains(letter);
        let mut words: Vec<String> =
            list.split(is_between).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        sort_by(&mut words, |one, other| other.len().cmp(&one.len()));
        Dictionary(words)
    }
}

impl WordCutter for Dictionary {
    fn cut(&self, text: &str) -> Vec<usize> {
        let mut bounds = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let known = self.0.iter().find(|word| rest.starts_with(word.as_str())).map(String::len);
            let next = known.or_else(|| rest.split_word_bounds().next().map(str::len));
            at += next.unwrap_or(rest.len()).max(1);
            bounds.push(at);
        }
        bounds
    }
}
