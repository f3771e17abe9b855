//! What a session says: what was prepared, what a sentence scores, why something cannot be done.

use serde::{Deserialize, Serialize};

use crate::engine::options::OptionError;
use crate::language::corpus::{ReadingRules, read};
use crate::language::sampling::SamplingError;
use crate::language::text::{TextError, WordCutter, each_symbol, normalised};

/// What is known once the text is cut and the model made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// Symbols in the whole text.
    pub symbols: usize,
    /// The vocabulary's symbols in order, `<UNK>` and `<EOS>` included where they are in it.
    pub vocabulary: Vec<String>,
    /// Share of symbols that became `<UNK>`, 0 to 1.
    pub unknown_share: f64,
    /// Trainable numbers.
    pub parameters: usize,
    /// Symbols held out.
    pub held_out: usize,
    /// Batch size in use: smaller than asked where the text is short.
    pub batch: usize,
    /// Window in use: shorter than asked where the text is short.
    pub window: usize,
    /// Updates in one pass through the text.
    pub updates_per_epoch: usize,
    /// Lines longer than the window, whose ends are never read; runs stored by older versions do not say.
    #[serde(default)]
    pub cut_lines: usize,
}

/// What a text comes to before a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// Symbols in the whole text.
    pub symbols: usize,
    /// Symbols of the vocabulary.
    pub vocabulary: usize,
    /// Share of symbols that become `<UNK>`, 0 to 1.
    pub unknown_share: f64,
}

/// Counts a text as a run would read it. A text too uniform to train on is counted too.
///
/// # Errors
/// When it is too large, or words of it need a dictionary and there is none.
pub fn count(text: &str, rules: &ReadingRules, cutter: Option<&dyn WordCutter>) -> Result<Counted, Refusal> {
    match read(text, rules, cutter) {
        Ok(corpus) => Ok(Counted {
            symbols: corpus.ids.len(),
            vocabulary: corpus.vocabulary.len(),
            unknown_share: corpus.unknown_share(),
        }),
        Err(TextError::Empty) => Ok(Counted::default()),
        Err(TextError::VocabularyOfOne { .. }) => {
            let mut symbols = 0;
            each_symbol(&normalised(text)?, rules.unit, cutter, |_| symbols += 1)?;
            Ok(Counted { symbols, vocabulary: 1, unknown_share: 0.0 })
        }
        Err(error) => Err(error.into()),
    }
}

/// The loss beside a curve is the mean of this many updates, so that it can be read while it moves.
pub const RECENT: usize = 20;

/// How far a run is. Curves are sent piece by piece: each message holds only what is new.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Updates done.
    pub step: u32,
    /// (step, training loss in nats per symbol), new ones only.
    pub losses: Vec<(u32, f32)>,
    /// Mean training loss of the last [`RECENT`] updates, nats per symbol. It does not depend on when messages are sent.
    pub recent_loss: Option<f32>,
    /// (step, held-out loss in nats per symbol), new ones only.
    pub held_out: Vec<(u32, f32)>,
    /// Symbols per second over the last second of training, 0 when not known yet.
    pub symbols_per_second: f64,
    /// Global norm of the last gradient before clipping.
    pub gradient_norm: f32,
    /// Share of the updates since the last message that were clipped.
    pub clipped_share: f32,
    /// (step, what it wrote), new ones only.
    pub samples: Vec<(u32, String)>,
    /// Per state of the top layer: its name and `‖∂L/∂state<t>‖` for t = 1 … T, when measured anew.
    pub gradient_reach: Vec<(String, Vec<f32>)>,
}

/// A scored sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// −log P in nats.
    pub nats: f64,
    /// Symbols that have a probability, `<UNK>` and `<EOS>` included.
    pub symbols: usize,
    /// How many of them were `<UNK>`.
    pub unknown: usize,
    /// Symbols that have none, since they are not in the vocabulary, which has no `<UNK>`.
    pub left_out: usize,
}

/// So many unseen symbols are named; more say no more.
pub const MOST_UNSEEN: usize = 12;

/// What of a text that is to be continued the network has never seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// The symbols, each once, in their order; at most [`MOST_UNSEEN`].
    pub symbols: Vec<String>,
    /// Whether the network reads `<UNK>` in their place; else it reads nothing there.
    pub is_replaced: bool,
}

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Refusal::EmptyText,
            TextError::TooLarge { bytes, limit } => Refusal::TextTooLarge { bytes, limit },
            TextError::VocabularyOfOne { symbol } => Refusal::VocabularyOfOne { symbol },
            TextError::NoDictionary => Refusal::NoDictionary,
        }
    }
}

impl From<SamplingError> for Refusal {
    fn from(error: SamplingError) -> Self {
        match error {
            SamplingError::NotFinite { .. } => Refusal::NotFinite,
            _ => Refusal::NothingToDraw,
        }
    }
}

impl From<OptionError> for Refusal {
    fn from(reason: OptionError) -> Self {
        Refusal::Option { reason }
    }
}

/// Why something cannot be done; the page turns it into a sentence in the reader's language.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    /// No symbol at all.
    EmptyText,
    /// Only one different symbol.
    VocabularyOfOne { symbol: String },
    /// Words of Chinese need the dictionary, and it could not be loaded.
    NoDictionary,
    /// Larger than the stated limit, in bytes.
    TextTooLarge { bytes: usize, limit: usize },
    /// The model would need more memory than is allowed; bytes.
    TooMuchMemory { bytes: u64, limit: u64 },
    /// A setting is outside its range: its name, its value, the range.
    SettingOutOfRange { setting: String, value: f64, least: f64, most: f64 },
    /// The cell's text has an error: line (from 1), column in graphemes (from 1), the engine's code, what it names.
    CellError { line: usize, column: usize, code: String, arguments: Vec<(String, String)> },
    /// An option does not go with the model.
    Option { reason: OptionError },
    /// The checkpoint does not fit the settings.
    CheckpointMismatch,
    /// There is no such run.
    NoSuchRun,
    /// No sample text of this id.
    NoSuchSample { id: String },
    /// No built-in cell of this id.
    NoSuchCell { id: String },
    /// Nothing can be drawn: the network's numbers are no longer finite.
    NotFinite,
    /// Nothing can be drawn: the rules leave no symbol.
    NothingToDraw,
}
