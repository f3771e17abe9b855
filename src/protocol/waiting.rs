//! Requests that wait for the dictionary.

use super::Request;
use crate::language::text::needs_dictionary;

/// A request, and the bytes beside it.
pub type Posted = (Request, Option<Vec<u8>>);

/// What waits, in order. At most one start, with what was asked of its run since, and one text to be counted.
#[derive(Default)]
pub struct Waiting(Vec<Posted>);

impl Waiting {
    /// Puts a request into the queue if it needs the dictionary or belongs to a run that waits for it; else it comes
    /// back. What the request makes pointless is dropped.
    pub fn keep(&mut self, (request, bytes): Posted, has_dictionary: bool) -> Option<Posted> {
        match &request {
            Request::Start { .. } => self.0.retain(|(kept, _)| matches!(kept, Request::Count { .. })),
            Request::Count { .. } => self.0.retain(|(kept, _)| !matches!(kept, Request::Count { .. })),
            Request::Stop { run } => self.0.retain(|(kept, _)| run_of(kept) != Some(*run)),
            _ => {}
        }
        let waits = match &request {
            Request::Start { settings, text, .. } => {
                !has_dictionary && needs_dictionary(text, settings.text.unit)
            }
            Request::Count { settings, text, .. } => !has_dictionary && needs_dictionary(text, settings.unit),
            other => {
                run_of(other).is_some_and(|run| self.0.iter().any(|(kept, _)| run_of(kept) == Some(run)))
            }
        };
        if waits {
            self.0.push((request, bytes));
            return None;
        }
        Some((request, bytes))
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything, in order.
    pub fn take(&mut self) -> Vec<Posted> {
        std::mem::take(&mut self.0)
    }
}

/// The run that a request is about.
pub fn run_of(request: &Request) -> Option<u32> {
    match request {
        Request::Start { run, .. }
        | Request::Pause { run }
        | Request::Resume { run }
        | Request::StepOnce { run }
        | Request::Snapshot { run }
        | Request::Change { run, .. }
        | Request::Sample { run, .. }
        | Request::Score { run, .. }
        | Request::Stop { run } => Some(*run),
        Request::Count { .. } | Request::MeasurePeak | Request::TryForbidden { .. } | Request::Crash => None,
    }
}
