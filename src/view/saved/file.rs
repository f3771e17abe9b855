//! Kept work as one file: `unrolled-saved/1`, JSON, checkpoints in base64.
//!
//! A file comes from a stranger: it is bounded before it is read, each entry is checked as a run's settings are, an entry
//! that cannot be taken is named with its reason, and the others are taken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::entry::{Entry, Kind, Parts, Status, begins, clean_name, mark, weights_mark};
use crate::language::text::MAX_TEXT_BYTES;
use crate::training::checkpoint::{Checkpoint, CheckpointError};
use crate::training::choice::{architecture, cell_of};
use crate::training::limits::{self, MOST_CHANGES};
use crate::training::report::{Prepared, Refusal};
use crate::training::settings::{RunSettings, TextSource};
use crate::view::run::{History, clean_text};

/// What stands at the beginning of such a file, before its version.
pub const FORMAT: &str = "unrolled-saved/";
/// The version that is written.
const VERSION: u32 = 1;
/// Largest file, bytes.
pub const FILE_LIMIT: usize = 128 << 20;
/// Most entries in a file.
pub const MOST_ENTRIES: usize = 500;

/// Why a whole file is refused. The page has the sentences in both languages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Larger than [`FILE_LIMIT`].
    #[error("the file has {bytes} bytes, at most {FILE_LIMIT} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No JSON, or JSON of something else.
    #[error("this is no file of saved work")]
    Foreign,
    /// It begins as one and ends too early.
    #[error("the file ends too early")]
    CutOff,
    /// From a newer version of the page.
    #[error("the file is from a newer version ({version})")]
    Newer {
        /// That version.
        version: u32,
    },
    /// More than [`MOST_ENTRIES`].
    #[error("the file has {count} entries, at most {MOST_ENTRIES} are read")]
    TooMany {
        /// How many there are.
        count: usize,
    },
}

/// Why an entry is not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EntryError {
    /// A field is missing or is something else.
    #[error("the entry cannot be read")]
    Unreadable,
    /// It has neither a text nor a run.
    #[error("the entry is empty")]
    Empty,
    /// The text is larger than a text may be.
    #[error("the text has {bytes} bytes")]
    TextTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Its settings cannot be trained with.
    #[error("the settings are not possible: {0:?}")]
    Settings(Refusal),
    /// Its weights cannot be read.
    #[error("{0}")]
    Weights(CheckpointError),
    /// Its weights are not those of its settings.
    #[error("the weights do not fit the settings")]
    OtherWeights,
}

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// What can be taken: entries without an id.
    pub taken: Vec<(Entry, Parts)>,
    /// What cannot: its name, or the beginning of its text, and why.
    pub refused: Vec<(String, EntryError)>,
}

/// One entry in a file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Work {
    kind: Kind,
    name: String,
    saved: f64,
    settings: RunSettings,
    status: Status,
    text: String,
    history: History,
    prepared: Option<Prepared>,
    /// Base64.
    weights: String,
}

/// What a file begins with.
pub fn opening() -> String {
    format!("{{\"format\":\"{FORMAT}{VERSION}\",\"entries\":[")
}

/// What a file ends with.
pub const CLOSING: &str = "]}\n";

/// An entry as it stands in a file, after the comma that divides it from the one before.
pub fn piece(entry: &Entry, parts: &Parts, is_first: bool) -> String {
    let work = Work {
        kind: entry.kind,
        name: entry.name.clone(),
        saved: if entry.saved.is_finite() { entry.saved } else { 0.0 },
        settings: entry.settings.clone(),
        status: entry.status.clone(),
        text: parts.text.clone(),
        history: parts.history.storable(),
        prepared: parts.prepared.clone(),
        weights: STANDARD.encode(&parts.weights),
    };
    // Plain data with finite numbers: writing it cannot fail. An empty entry is refused when it is read.
    let json = serde_json::to_string(&work).unwrap_or_else(|_| "{}".to_owned());
    format!("{}{json}", if is_first { "" } else { "," })
}

/// Reads a file.
///
/// # Errors
/// When it is no such file, or too large to be looked at. What is wrong with an entry stands in [`Import::refused`].
pub fn read(text: &str) -> Result<Import, FileError> {
    #[derive(Deserialize)]
    struct File<'a> {
        format: String,
        #[serde(borrow, default)]
        entries: Vec<&'a RawValue>,
    }
    if text.len() > FILE_LIMIT {
        return Err(FileError::TooLarge { bytes: text.len() });
    }
    let text = text.trim_start_matches('\u{feff}');
    let file: File = serde_json::from_str(text).map_err(|error| {
        let begins = format!("{{\"format\":\"{FORMAT}");
        if error.is_eof() && text.starts_with(&begins) { FileError::CutOff } else { FileError::Foreign }
    })?;
    let version = file.format.strip_prefix(FORMAT).and_then(|version| version.parse::<u32>().ok());
    match version {
        None | Some(0) => return Err(FileError::Foreign),
        Some(version) if version > VERSION => return Err(FileError::Newer { version }),
        Some(_) => {}
    }
    if file.entries.len() > MOST_ENTRIES {
        return Err(FileError::TooMany { count: file.entries.len() });
    }
    let mut import = Import::default();
    for raw in file.entries {
        let Ok(work) = serde_json::from_str::<Work>(raw.get()) else {
            import.refused.push((name_in(raw.get()), EntryError::Unreadable));
            continue;
        };
        let name = clean_name(&work.name);
        let name = if name.is_empty() { begins(&work.text) } else { name };
        match check(work) {
            Ok(taken) => import.taken.push(taken),
            Err(error) => import.refused.push((name, error)),
        }
    }
    Ok(import)
}

/// The name of an entry of which the rest cannot be read.
fn name_in(json: &str) -> String {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Named {
        name: String,
    }
    serde_json::from_str::<Named>(json).map(|named| clean_name(&named.name)).unwrap_or_default()
}

fn check(work: Work) -> Result<(Entry, Parts), EntryError> {
    if work.text.len() > MAX_TEXT_BYTES {
        return Err(EntryError::TextTooLarge { bytes: work.text.len() });
    }
    let text = clean_text(&work.text);
    let mut settings = work.settings;
    if settings.changes.len() > MOST_CHANGES {
        return Err(EntryError::Unreadable);
    }
    limits::check(&settings).map_err(EntryError::Settings)?;
    match &mut settings.text.source {
        TextSource::Own(own) => own.clear(),
        // An id becomes a file's name: only what can be one is taken.
        TextSource::Sample(id) if !is_file_name(id) => return Err(EntryError::Unreadable),
        TextSource::Sample(_) => {}
    }
    let is_own = matches!(settings.text.source, TextSource::Own(_));
    let weights =
        STANDARD.decode(&work.weights).map_err(|_| EntryError::Weights(CheckpointError::Damaged))?;
    let is_empty = match work.kind {
        Kind::Text => text.is_empty(),
        Kind::Run => weights.is_empty() || is_own && text.is_empty(),
    };
    if is_empty {
        return Err(EntryError::Empty);
    }
    // A text is kept with the settings in the controls, which may be half written: a cell's text, for example.
    if work.kind == Kind::Text {
        let entry = Entry {
            kind: Kind::Text,
            name: clean_name(&work.name),
            saved: work.saved,
            begins: begins(&text),
            bytes: text.len() as u64,
            text_mark: mark(&text),
            settings,
            ..Entry::default()
        };
        return Ok((entry, Parts { text, ..Parts::default() }));
    }
    cell_of(&settings.model.cell).map_err(EntryError::Settings)?;
    let checkpoint = Checkpoint::from_bytes(&weights).map_err(EntryError::Weights)?;
    let vocabulary = checkpoint.header.vocabulary.len();
    let architecture = architecture(&settings.model, vocabulary).map_err(EntryError::Settings)?;
    if vocabulary == 0 || architecture.layout().len != checkpoint.weights.len() {
        return Err(EntryError::OtherWeights);
    }
    if !checkpoint.weights.iter().all(|weight| weight.is_finite()) {
        return Err(EntryError::Weights(CheckpointError::Damaged));
    }
    let step = checkpoint.header.step;
    let mut history = work.history.storable();
    history.back_to(step);
    history.step = step;
    let entry = Entry {
        kind: Kind::Run,
        name: clean_name(&work.name),
        saved: work.saved,
        status: match work.status {
            Status::Finished => Status::Finished,
            // What it stopped at is not known any more; its last good weights are those in the file.
            _ => Status::Paused,
        },
        step,
        // As the list has it of a run that was trained here; a single update's loss says less.
        loss: Some(history.loss().map_or(checkpoint.header.loss, |loss| loss as f32))
            .filter(|loss| loss.is_finite()),
        vocabulary,
        begins: begins(&text),
        bytes: (text.len() + weights.len()) as u64,
        text_mark: mark(&text),
        weights_mark: weights_mark(&weights),
        settings,
        ..Entry::default()
    };
    let prepared = work.prepared.filter(|prepared| prepared.vocabulary == checkpoint.header.vocabulary);
    Ok((entry, Parts { text, history, prepared, weights }))
}

/// Letters of a piece of work's name that its file is called by.
const NAME_LETTERS: usize = 40;

/// What a file is called: by the name of the only piece of work in it, else by the day alone. Of a name, letters and digits of
/// any script stay.
pub fn file_name(name: &str, day: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let short: String =
        words.collect::<Vec<_>>().join("-").to_lowercase().chars().take(NAME_LETTERS).collect();
    match short.trim_end_matches('-') {
        "" => format!("unrolled-saved-{day}.json"),
        short => format!("unrolled-saved-{short}-{day}.json"),
    }
}

/// Whether an id can be a file's name: letters, digits and `-`, at most 64.
pub fn is_file_name(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
