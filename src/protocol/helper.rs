//! What the Stepper and its helper say to each other: the helper is the page's own program in a worker.
//!
//! Numbers travel as doubles beside a message: the weights of a task, the trace of an answer.

use serde::{Deserialize, Serialize};

use crate::view::stepper::sequence::Sequence;
use crate::view::stepper::task::{NotTraced, Task};

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The page's number for it.
    pub number: u32,
    /// What is to be done; the weights are beside it.
    pub task: Task,
}

/// From the helper.
#[allow(missing_docs, reason = "fields are named after what they hold")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Sent once, first.
    Ready,
    /// The dictionary that a task needs is on its way.
    Loading { number: u32 },
    /// Done; the trace's numbers are beside it.
    Done { number: u32, sequence: Box<Sequence> },
    /// It cannot be done.
    Not { number: u32, why: NotTraced },
}
