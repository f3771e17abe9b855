//! A figure's state in an address: `?figure=cut&sentence=…#figure-cut`, or `?embed=cut&…` for the figure alone.
//!
//! Only what the reader has changed is written, so a link follows the chapter's own values where those change.

use super::Values;
use crate::view::link::encoded;

/// A figure that an address names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addressed {
    /// The figure's id in the page, without `figure-`.
    pub id: String,
    /// Whether it is shown alone.
    pub embedded: bool,
    /// The values that the reader had changed.
    pub changed: Values,
}

/// Most characters of a figure's query; a longer text is left out of the link.
pub const LONGEST: usize = 4000;

/// The query, with its `?`.
pub fn write(addressed: &Addressed) -> String {
    let mut query =
        format!("?{}={}", if addressed.embedded { "embed" } else { "figure" }, encoded(&addressed.id));
    for (name, value) in addressed.changed.iter() {
        let pair = format!("&{}={}", encoded(name), encoded(value));
        if query.len() + pair.len() <= LONGEST {
            query.push_str(&pair);
        }
    }
    query
}

/// Reads a query, with or without its `?`; none where it names no figure.
pub fn read(query: &str) -> Option<Addressed> {
    let mut found = Addressed::default();
    let query = query.strip_prefix('?').unwrap_or(query);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (&*name, value.into_owned()) {
            ("figure", id) => found.id = id,
            ("embed", id) => (found.id, found.embedded) = (id, true),
            (name, value) => found.changed.set(name, value),
        }
    }
    (!found.id.is_empty()).then_some(found)
}
