//! What page and trainer say to each other: two closed enums, a protocol number in [`Response::Ready`].
//!
//! Every message of a run carries the run's number; the page drops late messages of a run that it has stopped.
//! Weights and checkpoints travel as bytes beside the message (a transferred buffer), never inside it.

use serde::{Deserialize, Serialize};

use crate::language::SamplingRules;
use crate::training::settings::{Changed, RunSettings};

/// Page and trainer of different builds never talk to each other: this number is compared first.
pub const PROTOCOL: u32 = 1;

/// From the page.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Begin a run on `text` (what `settings.text.source` stands for; it is not looked at here). A checkpoint (bytes
    /// beside the message) continues a run; `paused` prepares it without training; `until` pauses it after so many
    /// updates; `measures` false leaves out held-out loss, samples, gradient reach and snapshots (for benchmarks).
    Start {
        run: u32,
        settings: Box<RunSettings>,
        text: String,
        paused: bool,
        until: Option<u32>,
        measures: bool,
    },
    /// Stop after the update under way.
    Pause { run: u32 },
    /// Go on.
    Resume { run: u32 },
    /// One update, then pause.
    StepOnce { run: u32 },
    /// Change something while running; answered by `Changed` with the step from which it holds.
    Change { run: u32, what: Changed },
    /// Hand over the weights as they are now, without stopping.
    Snapshot { run: u32 },
    /// Continue a text with the weights as they are now.
    Sample { run: u32, prompt: String, length: usize, rules: SamplingRules, seed: u64 },
    /// Score whole sentences: nats of each.
    Score { run: u32, sentences: Vec<String> },
    /// The rate of multiply-adds in registers, which products are measured against; answered by `Peak`.
    MeasurePeak,
    /// Forget the run.
    Stop { run: u32 },
    /// Try a foreign request and `eval`; both must fail (a test of the Content-Security-Policy).
    TryForbidden { address: String },
    /// Panic on purpose (a test of what the page does then).
    Crash,
}

/// From the trainer.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// Sent once, first.
    Ready { protocol: u32 },
    /// The text is cut, the model is made.
    Prepared { run: u32, prepared: Prepared },
    /// After some updates, at most one a frame.
    Progress { run: u32, progress: Progress },
    /// Answer to `Snapshot`; the checkpoint's bytes travel beside it. Also sent by itself about once a second, to be kept.
    Snapshot { run: u32, step: u32, asked: bool },
    /// Answer to `Change`.
    Changed { run: u32, step: u32, what: Changed },
    /// Answer to `Sample`.
    Sampled { run: u32, text: String },
    /// Answer to `Score`: nats in all and symbols of each sentence.
    Scored { run: u32, scores: Vec<Score> },
    /// The run has paused.
    Paused { run: u32, step: u32 },
    /// All updates are done.
    Finished { run: u32, step: u32 },
    /// A number became infinite or not-a-number; the last good checkpoint travels beside it.
    Diverged { run: u32, step: u32, tensor: String, good_step: u32 },
    /// The run cannot begin, or a request cannot be answered.
    Refused { run: u32, refusal: Refusal },
    /// Floating point operations per second in registers, a product and a sum counted as two.
    Peak { flops: f64 },
    /// What was tried and what happened: true where it was blocked.
    Forbidden { fetch_blocked: bool, eval_blocked: bool },
}

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
}

/// How far a run is. Curves are sent piece by piece: each message holds only what is new.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Updates done.
    pub step: u32,
    /// (step, training loss in nats per symbol), new ones only.
    pub losses: Vec<(u32, f32)>,
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
    /// Per state of the top layer: its name and ‖∂L/∂state<t>‖ for t = 1 … T, when measured anew.
    pub gradient_reach: Vec<(String, Vec<f32>)>,
}

/// A scored sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// −log P in nats.
    pub nats: f64,
    /// Symbols counted.
    pub symbols: usize,
    /// How many of them were `<UNK>`.
    pub unknown: usize,
}

impl From<crate::language::text::TextError> for Refusal {
    fn from(error: crate::language::text::TextError) -> Self {
        use crate::language::text::TextError;
        match error {
            TextError::Empty => Refusal::EmptyText,
            TextError::TooLarge { bytes, limit } => Refusal::TextTooLarge { bytes, limit },
            TextError::TooShort { symbols, needed } => Refusal::TextTooShort { symbols, needed },
            TextError::VocabularyOfOne { symbol } => Refusal::VocabularyOfOne { symbol },
            TextError::NoDictionary => Refusal::NoDictionary,
        }
    }
}

/// Why something cannot be done; the page turns it into a sentence in the reader's language.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    /// No symbol at all.
    EmptyText,
    /// Fewer symbols than a window needs.
    TextTooShort { symbols: usize, needed: usize },
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
    /// The cell's text has an error: line (from 1), column in graphemes (from 1), and its message's code in words.
    CellError { line: usize, column: usize, message: String },
    /// The checkpoint does not fit the settings.
    CheckpointMismatch,
    /// There is no such run.
    NoSuchRun,
    /// No sample text of this id.
    NoSuchSample { id: String },
    /// A browser's own words.
    Failed { what: String },
}
