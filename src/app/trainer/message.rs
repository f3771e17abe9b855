//! Messages as the browser carries them: `{ message, bytes }`, the bytes transferred, never copied through JSON.

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Worker;

use crate::protocol::{Request, Response};

/// Bytes beside a message: a checkpoint.
pub type Bytes = std::sync::Arc<Vec<u8>>;

/// No run has this number: a request for it asks whether the worker is alive.
const NO_RUN: u32 = u32::MAX;

/// Sends a request.
pub fn post(worker: &Worker, request: &Request, bytes: Option<Bytes>) {
    let envelope = Object::new();
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(false);
    let Ok(message) = request.serialize(&serializer) else { return };
    let _ = Reflect::set(&envelope, &"message".into(), &message);
    let transfer = Array::new();
    if let Some(bytes) = bytes {
        let buffer = Uint8Array::from(bytes.as_slice()).buffer();
        let _ = Reflect::set(&envelope, &"bytes".into(), &buffer);
        transfer.push(&buffer);
    }
    let _ = worker.post_message_with_transfer(&envelope, &transfer);
}

/// Reads an answer; nothing for what is none.
pub fn read(data: &JsValue) -> Option<(Response, Option<Bytes>)> {
    let message = Reflect::get(data, &"message".into()).ok()?;
    let response = serde_wasm_bindgen::from_value(message).ok()?;
    let bytes = Reflect::get(data, &"bytes".into()).ok().filter(|bytes| bytes.is_object());
    let bytes = bytes.map(|bytes| {
        let view = bytes.dyn_into::<Uint8Array>().unwrap_or_else(|buffer| Uint8Array::new(&buffer));
        Bytes::new(view.to_vec())
    });
    Some((response, bytes))
}

/// Asks whether the worker is alive.
pub fn ask_for_life() -> Request {
    Request::Score { run: NO_RUN, sentences: Vec::new() }
}

/// Whether this is the answer to [`ask_for_life`], in either form.
pub fn is_sign_of_life(response: &Response) -> bool {
    matches!(response, Response::Scored { run, .. } | Response::Refused { run, .. } if *run == NO_RUN)
}
