//! Messages as the browser carries them: `{ message, bytes }`, the bytes transferred.

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

use crate::protocol::{Request, Response};

/// Sends an answer.
pub fn post(scope: &DedicatedWorkerGlobalScope, response: &Response, bytes: Option<&[u8]>) {
    let envelope = Object::new();
    let Ok(message) = response.serialize(&serde_wasm_bindgen::Serializer::new()) else { return };
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&envelope, &"message".into(), &message);
    let transfer = Array::new();
    if let Some(bytes) = bytes {
        let buffer = Uint8Array::from(bytes).buffer();
        let _ = Reflect::set(&envelope, &"bytes".into(), &buffer);
        transfer.push(&buffer);
    }
    let _ = scope.post_message_with_transfer(&envelope, &transfer);
}

/// Reads a request; nothing for what is none.
pub fn read(data: &JsValue) -> Option<(Request, Option<Vec<u8>>)> {
    let message = Reflect::get(data, &"message".into()).ok()?;
    let request = serde_wasm_bindgen::from_value(message).ok()?;
    let bytes = Reflect::get(data, &"bytes".into()).ok().filter(JsValue::is_object);
    Some((request, bytes.map(|bytes| Uint8Array::new(&bytes).to_vec())))
}
