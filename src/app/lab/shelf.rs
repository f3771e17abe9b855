//! What is kept, as records of the storage: entries, what they hold, desks.

use js_sys::Uint8Array;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

use crate::app::storage::Storage;
use crate::training::report::Prepared;
use crate::view::run::History;
use crate::view::saved::desk::Desk;
use crate::view::saved::{Entry, Parts, VERSION, sort};

const ENTRIES: &str = "entry/";
const DESKS: &str = "desk/";

/// The key of a desk.
pub fn desk_key(id: &str) -> String {
    format!("{DESKS}{id}")
}

/// The key of a desk's text.
pub fn desk_text_key(id: &str) -> String {
    format!("desk-text/{id}")
}

fn entry_key(id: &str) -> String {
    format!("{ENTRIES}{id}")
}

fn text_key(id: &str) -> String {
    format!("part/{id}/text")
}

fn run_key(id: &str) -> String {
    format!("part/{id}/run")
}

fn weights_key(id: &str) -> String {
    format!("part/{id}/weights")
}

/// Curves, and what was known when the run began.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Run {
    history: History,
    prepared: Option<Prepared>,
}

fn json(value: &impl Serialize) -> JsValue {
    // Plain data with finite numbers can be written. What could not is read back as nothing.
    JsValue::from_str(&serde_json::to_string(value).unwrap_or_default())
}

fn read<T: DeserializeOwned>(value: Option<&JsValue>) -> Option<T> {
    serde_json::from_str(&value?.as_string()?).ok()
}

/// An entry's record.
pub fn entry_record(entry: &Entry) -> (String, JsValue) {
    (entry_key(&entry.id), json(entry))
}

/// The record of a run's curves, which are as [`History::storable`] gives them.
pub fn run_record(id: &str, history: History, prepared: Option<Prepared>) -> (String, JsValue) {
    (run_key(id), json(&Run { history, prepared }))
}

/// The record of a checkpoint.
pub fn weights_record(id: &str, bytes: &[u8]) -> (String, JsValue) {
    (weights_key(id), Uint8Array::from(bytes).into())
}

/// The record of a text.
pub fn text_record(id: &str, text: &str) -> (String, JsValue) {
    (text_key(id), JsValue::from_str(text))
}

/// All records of an entry.
pub fn records(entry: &Entry, parts: &Parts) -> Vec<(String, JsValue)> {
    let mut records = vec![entry_record(entry)];
    if !parts.text.is_empty() {
        records.push(text_record(&entry.id, &parts.text));
    }
    if !parts.weights.is_empty() {
        records.push(run_record(&entry.id, parts.history.storable(), parts.prepared.clone()));
        records.push(weights_record(&entry.id, &parts.weights));
    }
    records
}

/// All entries, newest first. Those of a newer version are left alone.
pub async fn entries(storage: Storage) -> Vec<Entry> {
    let all = storage.all(ENTRIES).await;
    let read = all.iter().filter_map(|(_, value)| read::<Entry>(Some(value)));
    let mut entries: Vec<Entry> =
        read.filter(|entry| entry.version == VERSION && !entry.id.is_empty()).collect();
    sort(&mut entries);
    entries
}

/// An entry.
pub async fn entry(storage: Storage, id: &str) -> Option<Entry> {
    let values = storage.read(&[entry_key(id)]).await;
    read::<Entry>(values.first()?.as_ref()).filter(|entry| entry.version == VERSION)
}

/// What an entry holds.
pub async fn parts(storage: Storage, id: &str) -> Parts {
    let values = storage.read(&[text_key(id), run_key(id), weights_key(id)]).await;
    let value = |place: usize| values.get(place).and_then(Option::as_ref);
    let run: Run = read(value(1)).unwrap_or_default();
    Parts {
        text: value(0).and_then(JsValue::as_string).unwrap_or_default(),
        history: run.history,
        prepared: run.prepared,
        weights: value(2)
            .and_then(|bytes| bytes.dyn_ref::<Uint8Array>())
            .map(Uint8Array::to_vec)
            .unwrap_or_default(),
    }
}

fn keys(id: &str) -> [String; 4] {
    [entry_key(id), text_key(id), run_key(id), weights_key(id)]
}

/// An entry's records as they are, to be put back.
pub async fn raw(storage: Storage, id: &str) -> Vec<(String, JsValue)> {
    let keys = keys(id);
    let values = storage.read(&keys).await;
    keys.into_iter().zip(values).filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Takes an entry away.
pub fn remove(storage: Storage, id: &str) {
    storage.write(keys(id).map(|key| (key, JsValue::NULL)));
}

/// All desks.
pub async fn desks(storage: Storage) -> Vec<Desk> {
    let all = storage.all(DESKS).await;
    let read = all.iter().filter_map(|(_, value)| read::<Desk>(Some(value)));
    read.filter(|desk| desk.version == VERSION && !desk.id.is_empty()).collect()
}

/// The text of a desk.
pub async fn desk_text(storage: Storage, id: &str) -> Option<String> {
    storage.read(&[desk_text_key(id)]).await.first()?.as_ref()?.as_string()
}
