//! What the book's figures say to their helper: the figures' own program in a worker.
//!
//! Weights travel as bytes (single precision, in the machine's own order) beside a message. Every message about a run
//! carries its number.

use serde::{Deserialize, Serialize};

use crate::training::report::Refusal;
use crate::training::study::{Study, StudyProgress};

/// From the page.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Train: on from update `from` where the helper still has that run, else from the beginning. Another run is paused.
    Train { number: u32, study: Box<Study>, from: u32 },
    /// Stop after the update under way; the run is kept.
    Pause,
}

/// From the helper.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// Sent once, first.
    Ready,
    /// It goes on from this update.
    Begun { number: u32, step: u32 },
    /// After some updates, a few times a second; the weights are beside it.
    Progress { number: u32, progress: StudyProgress },
    /// All updates are done.
    Finished { number: u32, step: u32 },
    /// A number became infinite or not-a-number.
    Diverged { number: u32, step: u32 },
    /// It cannot begin.
    Refused { number: u32, refusal: Refusal },
}
