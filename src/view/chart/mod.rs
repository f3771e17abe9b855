//! The geometry of charts: lines over updates, dots on a logarithmic axis, small lines in a row of text.
//!
//! Curves of runs are told apart by dashes and by labels beside them, never by a colour. Every chart has its numbers
//! as table rows too.

mod line;
mod path;
mod reach;

pub use line::{Curve, Dash, Frame, Label, LineChart, TableRow, line_chart, sparkline, table};
pub(crate) use path::tenth;
pub use path::{MOST_POINTS, polyline, thin};
pub use reach::{Dot, DotLabel, ReachChart, ReachSeries, reach_chart, reach_table};

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins there.
    Start,
    /// The text's middle is there.
    Middle,
    /// The text ends there.
    End,
}

impl Anchor {
    /// The value of SVG's `text-anchor`.
    pub fn svg(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// About how wide a text becomes in a size of letters: room is kept for it before anything is measured.
pub fn width_of(words: &str, size: f64) -> f64 {
    let letter = |letter: char| match letter {
        '\u{2E80}'.. => 1.04,
        'A'..='Z' | '−' => 0.72,
        _ => 0.58,
    };
    size * words.chars().map(letter).sum::<f64>()
}
