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

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(text, &mut html);
    html
}
