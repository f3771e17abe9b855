//! What a teacher puts into a link beside the state: `present=1`, `embed=1`, `hide=cell,weights`.
//!
//! These stand in the query of any page, before the state and outside of its promised length: a page that knows none of them opens
//! all the same, and names of parts that it does not know are ignored.

use std::borrow::Cow;

use crate::sorted::sort_by;

/// Something that a lesson link can put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The way to other pages.
    Navigation,
    /// The choice of the cell.
    Cell,
    /// The sentence, or the text to train on.
    Text,
    /// Hidden units and layers.
    Size,
    /// Where the weights come from.
    Weights,
    /// Whose letters.
    Notation,
    /// Forward or backward; of an own cell, the derived equations.
    Direction,
    /// The numbers of the opened equation: to be worked out by hand.
    Numbers,
    /// Optimiser, learning rate and the rest of the training.
    Training,
    /// Options of the model.
    Options,
}

/// A page with controls that can be put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The Stepper.
    Stepper,
    /// The Lab.
    Lab,
    /// The page of the reader's own cell.
    Cell,
}

impl Part {
    /// All of them, in the order in which a link names them.
    pub const ALL: [Part; 10] = [
        Part::Navigation,
        Part::Cell,
        Part::Text,
        Part::Size,
        Part::Weights,
        Part::Notation,
        Part::Direction,
        Part::Numbers,
        Part::Training,
        Part::Options,
    ];

    /// Its name in a link, and in the page's `data-hide` and `data-part`.
    pub fn id(self) -> &'static str {
        match self {
            Part::Navigation => "navigation",
            Part::Cell => "cell",
            Part::Text => "text",
            Part::Size => "size",
            Part::Weights => "weights",
            Part::Notation => "notation",
            Part::Direction => "direction",
            Part::Numbers => "numbers",
            Part::Training => "training",
            Part::Options => "options",
        }
    }

    /// Whether a page has it.
    pub fn is_in(self, tool: Tool) -> bool {
        match self {
            Part::Navigation | Part::Cell => true,
            Part::Text | Part::Size => tool != Tool::Cell,
            Part::Notation | Part::Direction => tool != Tool::Lab,
            Part::Weights | Part::Numbers => tool == Tool::Stepper,
            Part::Training | Part::Options => tool == Tool::Lab,
        }
    }
}

/// How a page is shown: to a class, alone in a frame, with parts put away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// In large type, for the back row.
    pub present: bool,
    /// Without what stands around the page: it is part of another one.
    pub embed: bool,
    /// What is put away; each at most once, in the order of [`Part::ALL`].
    pub hide: Vec<Part>,
}

impl Lesson {
    /// Reads a query, with or without its `?`. What it does not know, it leaves out.
    pub fn read(query: &str) -> Lesson {
        let mut lesson = Lesson::default();
        for (key, value) in pairs(query) {
            match &*key {
                "present" => lesson.present = value == "1",
                "embed" => lesson.embed = value == "1",
                "hide" => {
                    let named = |part: &Part| value.split(',').any(|name| name.trim() == part.id());
                    lesson.hide = Part::ALL.into_iter().filter(named).collect();
                }
                _ => {}
            }
        }
        lesson
    }

    /// A query with this in it instead of what it said before; with its `?`, or empty. Everything else stays as it is.
    pub fn put(&self, query: &str) -> String {
        let rest = query.strip_prefix('?').unwrap_or(query);
        let mut kept: Vec<String> =
            rest.split('&').filter(|pair| !pair.is_empty() && !is_own(pair)).map(str::to_owned).collect();
        // Before the state, so that a link that is cut loses the state first, which is noticed.
        let at = usize::from(kept.first().is_some_and(|first| first.starts_with("v=")));
        kept.splice(at..at, self.pairs());
        if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
    }

    /// Puts a part away, or back.
    pub fn set(&mut self, part: Part, is_hidden: bool) {
        self.hide.retain(|hidden| *hidden != part);
        if is_hidden {
            self.hide.push(part);
            sort_by(&mut self.hide, Ord::cmp);
        }
    }

    /// As `key=value`, what is not as by default.
    pub(super) fn pairs(&self) -> Vec<String> {
        let mut pairs = Vec::new();
        if self.present {
            pairs.push("present=1".to_owned());
        }
        if self.embed {
            pairs.push("embed=1".to_owned());
        }
        if !self.hide.is_empty() {
            // Names are letters, and a comma may stand in a query as it is.
            pairs.push(format!("hide={}", self.hidden_names().replace(' ', ",")));
        }
        pairs
    }

    /// The names of what is put away, with spaces between them: the page's `data-hide`.
    pub fn hidden_names(&self) -> String {
        self.hide.iter().map(|part| part.id()).collect::<Vec<_>>().join(" ")
    }
}

/// Whether a key of a query belongs to this file. `embed` with a figure's name is the book's own.
pub(super) fn is_own_key(key: &str, value: &str) -> bool {
    matches!(key, "present" | "hide") || key == "embed" && matches!(value, "0" | "1")
}

/// Whether a query says anything besides how the page is shown.
pub fn holds_state(query: &str) -> bool {
    pairs(query).any(|(key, value)| !is_own_key(&key, &value))
}

fn is_own(pair: &str) -> bool {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    is_own_key(key, value)
}

fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(query.strip_prefix('?').unwrap_or(query).as_bytes())
}
