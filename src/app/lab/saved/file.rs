//! All of it as one file, and back.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::words;
use crate::app::browser::fresh_id;
use crate::app::lab::shelf;
use crate::app::lab::state::Lab;
use crate::app::save::save_parts;
use crate::app::storage::{Storage, tabs};
use crate::view::saved::file::{CLOSING, EntryError, FILE_LIMIT, FileError, file_name, opening, piece, read};
use crate::view::saved::{Entry, is_same, next_order};

/// Hands entries out as one file, which is called after the only one in it. Each is read and written by itself, so that no text of all of them is made.
pub async fn export(storage: Storage, entries: &[Entry], name: &str) -> bool {
    let pieces = Array::of1(&opening().into());
    for (place, entry) in entries.iter().enumerate() {
        let parts = shelf::parts(storage, &entry.id).await;
        pieces.push(&piece(entry, &parts, place == 0).into());
    }
    pieces.push(&CLOSING.into());
    download(&pieces, name)
}

/// Hands the run under way out, as it was last kept.
pub async fn export_current(lab: Lab) -> bool {
    let Some(current) = lab.entry.get_untracked() else { return false };
    let entries = shelf::entries(lab.storage).await;
    match entries.iter().find(|entry| entry.id == current.id) {
        Some(entry) => export(lab.storage, std::slice::from_ref(entry), &words::name(lab, entry)).await,
        None => false,
    }
}

fn download(pieces: &Array, name: &str) -> bool {
    let day = js_sys::Date::new_0().to_iso_string().as_string().unwrap_or_default();
    save_parts(&file_name(name, day.get(..10).unwrap_or("work")), "application/json", pieces)
}

/// What became of a file that was handed in.
pub struct Taken {
    /// Entries that are now in the list.
    pub taken: usize,
    /// Entries that were there already, the same under the same name.
    pub same: usize,
    /// What was not taken, and why.
    pub refused: Vec<(String, EntryError)>,
}

/// Takes a file in. What is there already is never written over: each entry is a new one.
///
/// # Errors
/// When it is no such file.
pub async fn import(storage: Storage, file: &File) -> Result<Taken, FileError> {
    let size = file.size() as usize;
    if size > FILE_LIMIT {
        return Err(FileError::TooLarge { bytes: size });
    }
    let text = JsFuture::from(file.text()).await.ok().as_ref().and_then(JsValue::as_string);
    let import = read(&text.ok_or(FileError::Foreign)?)?;
    let mut known = shelf::entries(storage).await;
    let mut taken = Taken { taken: 0, same: 0, refused: import.refused };
    for (mut entry, parts) in import.taken {
        if known.iter().any(|other| is_same(other, &entry)) {
            taken.same += 1;
            continue;
        }
        entry.id = fresh_id();
        entry.order = next_order(&known);
        storage.write(shelf::records(&entry, &parts));
        known.push(entry);
        taken.taken += 1;
    }
    tabs::tell();
    Ok(taken)
}
