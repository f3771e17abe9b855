//! What a reader may begin from: the cells that come with the project, and cells of other people.

use crate::engine::presets::{EXAMPLES, FAMILIES, preset};
use crate::view::words::shortened;

/// Examples that any layer can hold; each has a sentence on the page that says why it is of interest.
pub const EXAMPLE_IDS: [&str; 5] =
    ["peephole-lstm", "minimal-gated-unit", "coupled-gate-lstm", "residual-cell", "layernorm-lstm"];

/// A text to begin from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Its id, as in links: `lstm`, `peephole-lstm`.
    pub id: &'static str,
    /// The text.
    pub text: &'static str,
}

impl Start {
    /// The text under another title, where it begins with one.
    pub fn called(self, title: &str) -> String {
        match (self.text.starts_with('#'), self.text.split_once('\n')) {
            (true, Some((_, rest))) => format!("# {title}\n{rest}"),
            _ => self.text.to_owned(),
        }
    }

    /// Whether a text is this one, whatever its title.
    pub fn is(self, text: &str) -> bool {
        let without_title = |text: &str| match (text.starts_with('#'), text.split_once('\n')) {
            (true, Some((_, rest))) => rest.to_owned(),
            _ => text.to_owned(),
        };
        without_title(self.text) == without_title(text)
    }
}

/// Every text to begin from: the four cells first, then the examples.
pub fn starts() -> Vec<Start> {
    FAMILIES.into_iter().chain(EXAMPLE_IDS).filter_map(start).collect()
}

/// The text of an id.
pub fn start(id: &str) -> Option<Start> {
    let own = || preset(id).map(|preset| Start { id: preset.id, text: preset.cell.text.as_str() });
    let example = || {
        let found = EXAMPLES.into_iter().find(|(known, _)| *known == id && EXAMPLE_IDS.contains(known));
        found.map(|(id, text)| Start { id, text })
    };
    own().or_else(example)
}

/// What a text calls itself: its first comment, shortened to 60 characters; none where it begins without one.
pub fn title(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let title = line.strip_prefix('#')?.trim();
    (!title.is_empty()).then(|| shortened(title, 60))
}
