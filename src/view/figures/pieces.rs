//! A text in pieces, as the figures of the first chapters cut it: by characters, or by words with a list for Chinese.

use super::dictionary::Dictionary;
use super::{Setting, Values};
use crate::language::Unit;
use crate::language::text::{cut, normalised};
use crate::language::visible::visible;
use crate::language::vocabulary::EOS;

/// Word or character level, and for Chinese words the list that they are found with.
pub(super) fn level_settings(text: &str, given: &Values) -> Vec<Setting> {
    let mut settings = vec![Setting::choice("level", &["word", "character"])];
    let is_word = given.text("level") != "character";
    if is_word && text.chars().any(|letter| matches!(u32::from(letter), 0x3400..=0x9FFF)) {
        settings.push(Setting::text("dictionary", 200, ""));
    }
    settings
}

/// What one symbol is under the settings.
pub(super) fn unit(now: &Values) -> Unit {
    if now.text("level") == "character" { Unit::Character } else { Unit::ChineseWord }
}

/// A line's symbols under the settings, `<EOS>` appended where that is on.
pub(super) fn symbols(line: &str, now: &Values) -> Vec<String> {
    let Ok(line) = normalised(line.trim()) else { return Vec::new() };
    if line.is_empty() {
        return Vec::new();
    }
    // Names that are to be labelled are words as well.
    let names = if now.is_on("labels") { now.text("names") } else { "" };
    let dictionary = Dictionary::read(&format!("{} {names}", now.text("dictionary")));
    let cut = cut(&line, unit(now), Some(&dictionary)).unwrap_or_default();
    let end = now.is_on("eos").then_some(EOS);
    cut.into_iter().chain(end).map(str::to_owned).collect()
}

/// The symbols of all lines, one after the other, each with its `<EOS>` where that is on.
pub(super) fn symbols_of_lines(text: &str, now: &Values) -> Vec<String> {
    text.lines().flat_map(|line| symbols(line, now)).collect()
}

/// Each different symbol with how often it occurs, in the order of code points.
pub(super) fn counted(symbols: &[String]) -> Vec<(&str, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for symbol in symbols {
        *counts.entry(symbol.as_str()).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// A symbol as it is shown.
pub(super) fn shown(symbol: &str) -> String {
    visible(symbol).into_owned()
}
