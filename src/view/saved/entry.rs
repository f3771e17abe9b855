//! One piece of kept work, as the list knows it, and the rules of the list.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::VERSION;
use crate::training::report::Prepared;
use crate::training::settings::RunSettings;
use crate::view::run::History;
use crate::view::words::shortened;

/// So many runs without a name of the reader's are kept, the newest.
pub const KEPT_RUNS: usize = 12;
/// Longest name, in what a reader sees as characters.
pub const NAME_LIMIT: usize = 80;
/// So much of a text's beginning stands for it where it has no name.
const BEGINS: usize = 40;

/// Where a run is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Status {
    /// None was started.
    #[default]
    Empty,
    /// The text is cut, the model is made.
    Preparing,
    /// Training.
    Running,
    /// Stopped between two updates.
    Paused,
    /// All updates are done.
    Finished,
    /// A number stopped being finite.
    Diverged {
        /// The update.
        step: u32,
        /// The tensor.
        tensor: String,
        /// The update of the last good weights, which are kept.
        good_step: u32,
    },
}

impl Status {
    /// Whether there is a model that can be asked.
    pub fn has_model(&self) -> bool {
        !matches!(self, Status::Empty | Status::Preparing)
    }
}

/// What an entry holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A run: settings, text, curves, weights.
    #[default]
    Run,
    /// A text of the reader's, with the settings in the controls.
    Text,
}

/// What the list says about a piece of work. What it holds lies beside it: [`Parts`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The version of this record.
    pub version: u32,
    /// Its id: never taken from a file.
    pub id: String,
    /// What it holds.
    pub kind: Kind,
    /// The reader's name for it; empty: none.
    pub name: String,
    /// Counts what was begun or opened, so that the list's order follows no clock.
    pub order: u64,
    /// When it was last saved, milliseconds since 1970; only to be shown.
    pub saved: f64,
    /// The settings; a text of the reader's is left out.
    pub settings: RunSettings,
    /// Where the run is.
    pub status: Status,
    /// Updates done.
    pub step: u32,
    /// Training loss, nats per symbol.
    pub loss: Option<f32>,
    /// Symbols of the vocabulary; 0: not known.
    pub vocabulary: usize,
    /// The text's first words.
    pub begins: String,
    /// Bytes of all its parts.
    pub bytes: u64,
    /// Tells texts apart.
    pub text_mark: String,
    /// Tells weights apart; empty: none.
    pub weights_mark: String,
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            version: VERSION,
            id: String::new(),
            kind: Kind::Run,
            name: String::new(),
            order: 0,
            saved: 0.0,
            settings: RunSettings::default(),
            status: Status::Empty,
            step: 0,
            loss: None,
            vocabulary: 0,
            begins: String::new(),
            bytes: 0,
            text_mark: String::new(),
            weights_mark: String::new(),
        }
    }
}

/// What an entry holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// The reader's own text; empty where a sample is used.
    pub text: String,
    /// Curves and samples.
    pub history: History,
    /// What was known when the run began.
    pub prepared: Option<Prepared>,
    /// The last checkpoint, as bytes; empty: none.
    pub weights: Vec<u8>,
}

/// Newest first.
pub fn sort(entries: &mut [Entry]) {
    entries.sort_by(|one, other| other.order.cmp(&one.order).then_with(|| one.id.cmp(&other.id)));
}

/// The order of the next entry that is begun or opened.
pub fn next_order(entries: &[Entry]) -> u64 {
    entries.iter().map(|entry| entry.order).max().map_or(1, |most| most.saturating_add(1))
}

/// What goes when a run is begun: runs without a name beyond the newest [`KEPT_RUNS`]. What a tab has open stays, and so
/// does whatever the reader has named, imported or kept as a text.
pub fn surplus(entries: &[Entry], open: &[String]) -> Vec<String> {
    let mut unnamed: Vec<Entry> =
        entries.iter().filter(|entry| entry.kind == Kind::Run && entry.name.is_empty()).cloned().collect();
    sort(&mut unnamed);
    let beyond = unnamed.into_iter().skip(KEPT_RUNS);
    beyond.map(|entry| entry.id).filter(|id| !open.contains(id)).collect()
}

/// A name as it is kept: one line, without what cannot be seen, at most [`NAME_LIMIT`] characters.
pub fn clean_name(name: &str) -> String {
    let seen: String = name.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    words.join(" ").graphemes(true).take(NAME_LIMIT).collect::<String>().trim_end().to_owned()
}

/// A text's first words.
pub fn begins(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    shortened(line, BEGINS)
}

/// Tells texts apart: FNV-1a (Fowler, Noll and Vo) and the length.
pub fn mark(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}-{:x}", text.len())
}

/// Whether an entry has this text.
pub fn has_text(entries: &[Entry], text: &str) -> bool {
    let text_mark = mark(text);
    entries.iter().any(|entry| entry.text_mark == text_mark)
}

/// Tells checkpoints apart: their own checksum and their length, without reading all of it.
pub fn weights_mark(weights: &[u8]) -> String {
    let Some(checksum) = weights.get(12..20) else { return String::new() };
    let hex: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}-{:x}", weights.len())
}

/// A piece of work that was deleted and can be put back.
#[derive(Clone, Debug, PartialEq)]
pub struct Deleted {
    /// What it was.
    pub entry: Entry,
    /// How many others held the same: putting it back makes one more.
    pub twins: usize,
}

impl Deleted {
    /// Of a list that may still have it.
    pub fn from(entries: &[Entry], entry: Entry) -> Deleted {
        let twins = twins(entries, &entry);
        Deleted { entry, twins }
    }

    /// Whether it still is missing: the same may have come back from a file.
    pub fn is_missing(&self, entries: &[Entry]) -> bool {
        twins(entries, &self.entry) <= self.twins
    }
}

/// How many others hold the same.
fn twins(entries: &[Entry], entry: &Entry) -> usize {
    entries.iter().filter(|other| other.id != entry.id && is_same(other, entry)).count()
}

/// Whether two entries hold the same, under the same name.
pub fn is_same(one: &Entry, other: &Entry) -> bool {
    (one.kind, &one.name, one.step) == (other.kind, &other.name, other.step)
        && (&one.text_mark, &one.weights_mark) == (&other.text_mark, &other.weights_mark)
        && one.settings == other.settings
}
