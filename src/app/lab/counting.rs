//! What the text in the box comes to: symbols, vocabulary, share of `<UNK>`.
//!
//! Counted here by the function that the trainer counts with; where words need the dictionary, the trainer does it.

use leptos::prelude::*;

use super::state::{Lab, TextFacts};
use crate::language::text::{ByRules, WordCutter, needs_dictionary};
use crate::protocol::{Counted, Dictionary, Refusal, Request};
use crate::training::report;
use crate::training::settings::{TextSettings, TextSource};

/// Texts up to this size are counted before a run, bytes; larger ones when the trainer cuts them.
const COUNT_LIMIT: usize = 48 * 1024;

/// Counts the text, if it is small enough.
pub fn count(lab: Lab) {
    let text = lab.text();
    let settings = lab.settings.get_untracked().text;
    let number = {
        let control = lab.control();
        let mut control = control.borrow_mut();
        // An answer about the text before is late from now on.
        control.count += 1;
        control.count
    };
    let mut facts = TextFacts { bytes: text.len(), ..TextFacts::default() };
    if text.len() <= COUNT_LIMIT {
        if needs_dictionary(&text, settings.unit) {
            facts.is_asked = true;
            let settings = Box::new(TextSettings { source: TextSource::Own(String::new()), ..settings });
            lab.send(Request::Count { number, settings, text: text.to_string() }, None);
        } else {
            let cutter: &dyn WordCutter = &ByRules;
            facts.take(report::count(&text, &settings.rules(), Some(cutter)));
        }
    }
    lab.facts.set(facts);
}

/// Takes the trainer's answer, unless the text has changed since.
pub fn take(lab: Lab, number: u32, counted: Result<Counted, Refusal>) {
    if lab.control().borrow().count == number {
        lab.facts.update(|facts| facts.take(counted));
    }
}

/// The worker that was to count is gone: the next one is asked.
pub fn ask_again(lab: Lab) {
    if lab.facts.with_untracked(|facts| facts.is_asked) {
        lab.dictionary.set(Dictionary::Unasked);
        count(lab);
    }
}

impl TextFacts {
    fn take(&mut self, counted: Result<Counted, Refusal>) {
        self.is_asked = false;
        if let Ok(counted) = counted {
            self.symbols = Some(counted.symbols);
            self.vocabulary = counted.vocabulary;
            self.unknown_share = counted.unknown_share;
        }
    }
}
