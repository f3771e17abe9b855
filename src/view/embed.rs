//! A page as part of another one: the text to put there.

use crate::view::markup::escape;

/// The text of an `iframe`. Address and title are escaped; sizes are CSS pixels.
pub fn iframe(address: &str, title: &str, height: u32) -> String {
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" allow=\"fullscreen\"></iframe>",
        escaped(address),
        escaped(title)
    )
}

/// The first sentence of a text: what names a figure to whoever hears a page's frames listed.
pub fn first_sentence(text: &str) -> &str {
    let ends = text.char_indices().find(|(at, sign)| match sign {
        '。' | '？' | '！' => true,
        '.' | '?' | '!' => text.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')),
        _ => false,
    });
    ends.and_then(|(at, sign)| text.get(..at + sign.len_utf8())).unwrap_or(text)
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(text, &mut html);
    html
}
