//! What page and trainer say to each other: two closed enums, a protocol number in [`Response::Ready`].
//!
//! Every message of a run carries the run's number; the page drops late messages of a run that it has stopped.
//! Weights and checkpoints travel as bytes beside the message (a transferred buffer), never inside it.

pub mod helper;
pub mod study;
pub mod waiting;

use serde::{Deserialize, Serialize};

use crate::language::SamplingRules;
pub use crate::training::report::{Counted, Prepared, Progress, Refusal, Score, Unseen};
use crate::training::settings::{Changed, RunSettings, TextSettings};

/// Page and trainer of different builds never talk to each other: this number is compared first.
pub const PROTOCOL: u32 = 4;

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
    /// Count a text as a run with these settings would read it; answered by `Counted` with the same number.
    Count { number: u32, settings: Box<TextSettings>, text: String },
    /// Stop after the update under way.
    Pause { run: u32 },
    /// Go on.
    Resume { run: u32 },
    /// Pause, and one update; answered by `Stepped`, `Finished` or `Diverged`.
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
    /// Throw on purpose (a test of what the page does then).
    Crash,
}

/// What a refusal answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// [`Request::Start`].
    Start,
    /// [`Request::Sample`].
    Sample,
    /// [`Request::Score`].
    Score,
    /// Anything else of a run.
    Other,
}

impl Asked {
    /// What a request asks.
    pub fn of(request: &Request) -> Asked {
        match request {
            Request::Start { .. } => Asked::Start,
            Request::Sample { .. } => Asked::Sample,
            Request::Score { .. } => Asked::Score,
            _ => Asked::Other,
        }
    }
}

/// How far the dictionary for words is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dictionary {
    /// No text has needed it.
    #[default]
    Unasked,
    /// On its way.
    Loading,
    /// There.
    Ready,
    /// It could not be loaded; the next text that needs it tries again.
    Failed,
}

/// From the trainer.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// Sent once, first.
    Ready { protocol: u32 },
    /// The text is cut, the model is made.
    Prepared { run: u32, prepared: Prepared },
    /// Answer to `Count`.
    Counted { number: u32, counted: Result<Counted, Refusal> },
    /// How far the dictionary is that cuts words of Chinese. It is loaded when a text first needs it.
    Dictionary { state: Dictionary },
    /// After some updates, at most one a frame.
    Progress { run: u32, progress: Progress },
    /// Answer to `Snapshot`; the checkpoint's bytes travel beside it. Also sent by itself about once a second, to be kept.
    Snapshot { run: u32, step: u32, asked: bool },
    /// Answer to `Change`.
    Changed { run: u32, step: u32, what: Changed },
    /// Answer to `Sample`: the text, and what of its beginning the network has never seen.
    Sampled { run: u32, text: String, unseen: Unseen },
    /// Answer to `Score`: nats in all and symbols of each sentence.
    Scored { run: u32, scores: Vec<Score> },
    /// The run has paused.
    Paused { run: u32, step: u32 },
    /// Answer to `StepOnce`. It is no `Paused`, since the run may have been told to go on in the meantime.
    Stepped { run: u32, step: u32 },
    /// All updates are done.
    Finished { run: u32, step: u32 },
    /// A number became infinite or not-a-number; the last good checkpoint travels beside it.
    Diverged { run: u32, step: u32, tensor: String, good_step: u32 },
    /// The run cannot begin, or a request cannot be answered: what was asked, and why not.
    Refused { run: u32, asked: Asked, refusal: Refusal },
    /// Floating point operations per second in registers, a product and a sum counted as two.
    Peak { flops: f64 },
    /// What was tried and what happened: true where it was blocked.
    Forbidden { fetch_blocked: bool, eval_blocked: bool },
}
