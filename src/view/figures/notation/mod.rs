//! Chapter 1: a sequence in pieces.

mod batch;
mod cut;
mod dictionary;

pub use batch::Batch;
pub use cut::Cut;

use self::dictionary::Dictionary;
use super::{Setting, Values};
use crate::language::Unit;
use crate::language::text::{cut, normalised};
use crate::language::visible::visible;
use crate::language::vocabulary::EOS;

/// Word or character level, and for Chinese words the list that they are found with.
fn level_settings(text: &str, given: &Values) -> Vec<Setting> {
    let mut settings = vec![Setting::choice("level", &["word", "character"])];
    let is_word = given.text("level") != "character";
    if is_word && text.chars().any(|letter| matches!(u32::from(letter), 0x3400..=0x9FFF)) {
        settings.push(Setting::text("dictionary", 200, ""));
    }
    settings
}

/// A line's symbols under the settings, `<EOS>` appended where that is on.
fn symbols(line: &str, now: &Values) -> Vec<String> {
    let Ok(line) = normalised(line.trim()) else { return Vec::new() };
    if line.is_empty() {
        return Vec::new();
    }
    let dictionary = Dictionary::read(now.text("dictionary"));
    let unit = if now.text("level") == "character" { Unit::Character } else { Unit::ChineseWord };
    let cut = cut(&line, unit, Some(&dictionary)).unwrap_or_default();
    let end = now.is_on("eos").then_some(EOS);
    cut.into_iter().chain(end).map(str::to_owned).collect()
}

/// A symbol as it is shown.
fn shown(symbol: &str) -> String {
    visible(symbol).into_owned()
}
