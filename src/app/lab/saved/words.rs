//! What the list says.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::app::cell::words;
use crate::app::lab::refusal::sentence;
use crate::app::lab::state::{Lab, Status};
use crate::app::language::{language, say, say_with};
use crate::engine::presets::family_of;
use crate::language::text::MAX_TEXT_BYTES;
use crate::training::checkpoint::CheckpointError;
use crate::training::settings::{CellChoice, TextSource};
use crate::view::number::{count, data_size, data_sizes, fixed};
use crate::view::saved::file::{EntryError, FILE_LIMIT, FileError, MOST_ENTRIES};
use crate::view::saved::{Entry, Kind};

/// What an entry is called: the reader's name for it, the sample's title, or how its text begins.
pub fn name(lab: Lab, entry: &Entry) -> String {
    if !entry.name.is_empty() {
        return entry.name.clone();
    }
    let sample = match &entry.settings.text.source {
        TextSource::Sample(id) => {
            lab.samples.with(|samples| samples.iter().find(|sample| sample.id == *id).cloned())
        }
        TextSource::Own(_) => None,
    };
    match sample {
        Some(sample) => sample.title().to_owned(),
        None => say_with!(storage.begins; "text" => entry.begins),
    }
}

/// What it is, in a line.
pub fn facts(entry: &Entry) -> String {
    let mut facts = Vec::new();
    match entry.kind {
        Kind::Text => facts.push(say!(storage.a_text).to_owned()),
        Kind::Run => {
            let model = &entry.settings.model;
            facts.push(cell(&model.cell));
            facts.push(say_with!(storage.units; "n" => count(model.hidden as u64)));
            if model.layers > 1 {
                facts.push(say_with!(storage.layers; "n" => model.layers));
            }
            if entry.vocabulary > 0 {
                facts.push(format!("V = {}", count(entry.vocabulary as u64)));
            }
            facts.push(say_with!(storage.step; "n" => count(u64::from(entry.step))));
            facts
                .extend(entry.loss.map(|loss| say_with!(storage.loss; "value" => fixed(f64::from(loss), 3))));
            match entry.status {
                Status::Finished => facts.push(say!(storage.finished).to_owned()),
                Status::Diverged { .. } => facts.push(say!(storage.diverged).to_owned()),
                _ => {}
            }
        }
    }
    facts.push(data_size(entry.bytes));
    facts.push(date(entry.saved));
    facts.join(" · ")
}

fn cell(cell: &CellChoice) -> String {
    match cell {
        CellChoice::Own(_) => say!(storage.own_cell).to_owned(),
        CellChoice::Preset(id) => words(family_of(id)).0.to_owned(),
    }
}

/// Day and time, as the reader's language writes them.
fn date(milliseconds: f64) -> String {
    if milliseconds <= 0.0 {
        return "–".to_owned();
    }
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    let _ = js_sys::Reflect::set(&options, &"timeStyle".into(), &"short".into());
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds));
    date.to_locale_string(language().tag(), &options).into()
}

/// Why a whole file was refused.
pub fn file_error(error: &FileError) -> String {
    match error {
        FileError::TooLarge { bytes } => {
            let (size, limit) = data_sizes(*bytes as u64, FILE_LIMIT as u64);
            say_with!(storage.file_too_large; "size" => size, "limit" => limit)
        }
        FileError::Foreign => say!(storage.file_foreign).to_owned(),
        FileError::CutOff => say!(storage.file_cut_off).to_owned(),
        FileError::Newer { .. } => say!(storage.file_newer).to_owned(),
        FileError::TooMany { count: most } => {
            say_with!(storage.file_too_many; "n" => count(*most as u64), "limit" => count(MOST_ENTRIES as u64))
        }
    }
}

/// Why an entry was not taken.
pub fn entry_error(name: &str, error: &EntryError) -> String {
    let why = match error {
        EntryError::Unreadable => say!(storage.entry_unreadable).to_owned(),
        EntryError::Empty => say!(storage.entry_empty).to_owned(),
        EntryError::TextTooLarge { bytes } => {
            say_with!(storage.entry_text; "size" => data_sizes(*bytes as u64, MAX_TEXT_BYTES as u64).0)
        }
        EntryError::Settings(refusal) => sentence(refusal),
        EntryError::Weights(CheckpointError::Newer { .. }) => say!(storage.entry_newer).to_owned(),
        EntryError::Weights(_) => say!(storage.entry_damaged).to_owned(),
        EntryError::OtherWeights => say!(storage.entry_other_weights).to_owned(),
    };
    if name.is_empty() {
        say_with!(storage.not_taken_unnamed; "why" => why)
    } else {
        say_with!(storage.not_taken; "name" => name, "why" => why)
    }
}
