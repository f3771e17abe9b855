//! Sentences with values in them, and lines that are cut short.

use unicode_segmentation::UnicodeSegmentation;

use super::address::Language;

/// What stands between two sentences: a Chinese full stop brings its own room.
pub fn gap(language: Language) -> &'static str {
    match language {
        Language::En => " ",
        Language::Zh => "",
    }
}

/// Puts values into the places of a sentence: `step {n} of {total}`. A place without a value stays as it is, a value
/// without a place is not used; a test compares the places of both languages.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let place = rest.find('}').map(|end| (&rest[1..end], end + 1));
        let value = place.and_then(|(name, end)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, end))
        });
        match value {
            Some((value, end)) => {
                filled.push_str(value);
                rest = &rest[end..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The first `most` characters of a line; an ellipsis says that there are more.
pub fn shortened(line: &str, most: usize) -> String {
    let cut: String = line.graphemes(true).take(most).collect();
    if cut.len() < line.len() { format!("{}…", cut.trim_end()) } else { cut }
}
