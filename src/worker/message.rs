//! Messages as the browser carries them: `{ message, bytes }`, the bytes transferred.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

use crate::protocol::Request;

/// What is sent, either way, and what of it is handed over; none for what cannot be written.
pub fn envelope(message: &impl Serialize, bytes: Option<ArrayBuffer>) -> Option<(Object, Array)> {
    let envelope = Object::new();
    let message = message.serialize(&serde_wasm_bindgen::Serializer::new()).ok()?;
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&envelope, &"message".into(), &message);
    let transfer = Array::new();
    if let Some(buffer) = bytes {
        let _ = Reflect::set(&envelope, &"bytes".into(), &buffer);
        transfer.push(&buffer);
    }
    Some((envelope, transfer))
}

/// Sends an answer.
pub fn post(scope: &DedicatedWorkerGlobalScope, response: &impl Serialize, bytes: Option<ArrayBuffer>) {
    if let Some((envelope, transfer)) = envelope(response, bytes) {
        let _ = scope.post_message_with_transfer(&envelope, &transfer);
    }
}

/// Reads what stands in a message beside the bytes; nothing for what is none.
pub fn read_message<T: DeserializeOwned>(data: &JsValue) -> Option<T> {
    let message = Reflect::get(data, &"message".into()).ok()?;
    serde_wasm_bindgen::from_value(message).ok()
}

/// Reads a request; nothing for what is none.
pub fn read(data: &JsValue) -> Option<(Request, Option<Vec<u8>>)> {
    let request = read_message(data)?;
    let bytes = Reflect::get(data, &"bytes".into()).ok().filter(JsValue::is_object);
    Some((request, bytes.map(|bytes| Uint8Array::new(&bytes).to_vec())))
}
