//! Every shareable state as a link, and back.
//!
//! Settings stand in the query, readable: `?v=1.31&cell=gru&rate=0.01&sentence=the+cat+sat&step=5`. What is long (a
//! reader's own text and cells, changes made while running, a few weights, a small network) is packed behind `#`. Only what differs
//! from the default is written. Both parts say how long they are, so that a link cut in half is noticed, and which
//! version wrote them, so that a newer one is.

mod beyond;
mod held;
mod lesson;
mod network;
mod packed;
mod query;
mod state;
mod values;

pub use beyond::{Beyond, beyond};
pub use held::{Held, held, trains_again};
pub use lesson::{Lesson, Part, Tool, holds_state};
pub use network::Network;
pub(crate) use query::encoded;
pub use state::{OPENING_STEP, Shared, StepperState, WeightsFrom};

/// The version written into links. Links of all older versions stay readable.
pub const VERSION: u32 = 1;

/// From this many characters on the page offers a file beside the link.
pub const LONG: usize = 2000;

/// Most bytes of a packed fragment before base64.
pub const MOST_PACKED: usize = 20 * 1024;

/// Most weights that travel in a link.
pub const MOST_WEIGHTS: usize = 1500;

/// A link's parts, to be put behind the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// With its `?`, or empty.
    pub query: String,
    /// With its `#`, or empty.
    pub fragment: String,
    /// What had no room.
    pub left_out: Vec<LeftOut>,
}

impl Link {
    /// Characters of both parts.
    pub fn len(&self) -> usize {
        self.query.len() + self.fragment.len()
    }

    /// Whether everything is as it is by default.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Says that all is as by default where the link would say nothing: a page may begin with something else.
    pub fn said(mut self) -> Link {
        if self.query.is_empty() {
            self.query = format!("?v={VERSION}.0");
        }
        self
    }

    /// Whether the page should offer a file instead: the link is long, or something had no room.
    pub fn a_file_is_better(&self) -> bool {
        self.len() > LONG || !self.left_out.is_empty()
    }
}

/// What did not fit into a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The reader's own text.
    Text,
    /// A reader's own cell.
    Cell,
    /// The weights: there are more than [`MOST_WEIGHTS`], or their network has more layers than a link holds.
    Weights,
    /// What was changed: numbers in the Stepper, settings while a run went on.
    Changes,
}

/// What was read from a link: always a usable state, and what was wrong with the link.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The state; what could not be read has its default.
    pub state: Shared,
    /// What was wrong; each has a sentence on the page.
    pub errors: Vec<LinkError>,
}

/// What can be wrong with a link. The page has the sentences in both languages.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkError {
    /// A setting has a value that it cannot have; its default is used.
    #[error("{key}: {value:?} is not possible")]
    WrongValue {
        /// The setting's key in the query.
        key: &'static str,
        /// What the link says, shortened to 40 characters.
        value: String,
        /// What would be possible.
        allowed: Allowed,
    },
    /// The link is shorter than it was when it was made.
    #[error("the link is cut short")]
    Cut,
    /// The link was made by a newer version of the page.
    #[error("the link is from a newer version ({version})")]
    Newer {
        /// That version.
        version: u32,
    },
    /// The link names something that it does not hold, because it had no room for it; the default is used.
    #[error("the link does not hold its {what:?}")]
    Missing {
        /// What is missing.
        what: LeftOut,
    },
    /// The part behind `#` was changed on its way.
    #[error("the part behind # is damaged")]
    Damaged,
    /// The part behind `#` unpacks to more than is allowed.
    #[error("the part behind # is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

/// What a setting may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Allowed {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number in a range.
    Whole {
        /// Smallest.
        least: u64,
        /// Largest.
        most: u64,
    },
    /// A number in a range.
    Number {
        /// Smallest.
        least: f32,
        /// Largest.
        most: f32,
    },
    /// A text of at most so many characters.
    Text {
        /// Most characters.
        most: usize,
    },
}

/// Writes a link.
pub fn write(state: &Shared) -> Link {
    let (fragment, left_out) = packed::write(state);
    let query = query::write(state, !fragment.is_empty(), left_out.contains(&LeftOut::Changes));
    Link { query, fragment, left_out }
}

/// Reads a link's query and fragment, each with or without its first sign. Unknown keys are ignored, wrong values are
/// reported, everything else is read; it never fails as a whole.
pub fn read(query: &str, fragment: &str) -> Opened {
    let mut opened = Opened { state: Shared::default(), errors: Vec::new() };
    let expects_fragment = query::read(query.strip_prefix('?').unwrap_or(query), &mut opened);
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    packed::read(fragment, expects_fragment, &mut opened);
    opened
}
