//! The program that reads and writes files, loaded when it is first needed.

use std::cell::Cell;

use js_sys::{Array, Float64Array, Function, Promise, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::app::browser::facts;
use crate::formats::parcel::{Export, Opened, Parcel, Said};

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileTrouble {
    /// The program could not be loaded.
    NotLoaded,
    /// The program stopped over this file.
    Died,
    /// What could not be written, in one line.
    Failed(String),
    /// The file cannot be taken: the key of the sentence.
    Said(Said),
}

thread_local! {
    /// Whether the program has stopped over a file: the next time it is loaded anew.
    static IS_DEAD: Cell<bool> = const { Cell::new(false) };
}

/// A file's bytes.
pub async fn write(
    what: Export,
    parcel: &Parcel,
    weights: &[f64],
    letters: &str,
) -> Result<Vec<u8>, FileTrouble> {
    let parcel = parcel.serialize(&serde_wasm_bindgen::Serializer::new());
    let parcel = parcel.map_err(|error| FileTrouble::Failed(error.to_string()))?;
    let weights = Float64Array::from(weights);
    let arguments = Array::of4(&what.id().into(), &parcel, &weights, &letters.into());
    call("write", &arguments).await.map(|bytes| Uint8Array::new(&bytes).to_vec())
}

/// What a file holds.
pub async fn read(name: &str, bytes: &Uint8Array) -> Result<Opened, FileTrouble> {
    let answer = Array::from(&call("read", &Array::of2(&name.into(), bytes)).await?);
    if answer.length() == 1 {
        return Err(FileTrouble::Said(plain(answer.get(0))?));
    }
    let weights = Float64Array::new(&answer.get(1)).to_vec();
    Ok((plain(answer.get(0))?, weights, plain(answer.get(2))?))
}

fn plain<T: DeserializeOwned>(value: JsValue) -> Result<T, FileTrouble> {
    serde_wasm_bindgen::from_value(value).map_err(|_| FileTrouble::Died)
}

async fn call(name: &str, arguments: &Array) -> Result<JsValue, FileTrouble> {
    let load: Function =
        facts("loadFiles").and_then(|load| load.dyn_into().ok()).ok_or(FileTrouble::NotLoaded)?;
    let promise = load.call1(&JsValue::NULL, &IS_DEAD.take().into()).map_err(|_| FileTrouble::NotLoaded)?;
    let promise: Promise = promise.dyn_into().map_err(|_| FileTrouble::NotLoaded)?;
    let program = JsFuture::from(promise).await.map_err(|_| FileTrouble::NotLoaded)?;
    let function = Reflect::get(&program, &name.into()).ok().and_then(|one| one.dyn_into::<Function>().ok());
    let function = function.ok_or(FileTrouble::NotLoaded)?;
    function.apply(&JsValue::NULL, arguments).map_err(|error| match error.as_string() {
        Some(line) => FileTrouble::Failed(line),
        None => {
            IS_DEAD.set(true);
            FileTrouble::Died
        }
    })
}
