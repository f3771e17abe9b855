//! Messages as the browser carries them: `{ message, bytes }`, the bytes transferred, never copied through JSON.

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::{Request, Response};
use crate::worker::message::read_message;

/// Bytes beside a message: a checkpoint.
pub type Bytes = std::sync::Arc<Vec<u8>>;

/// No run has this number: a request for it asks whether the worker is alive.
const NO_RUN: u32 = u32::MAX;

/// Bytes to be handed over beside a message.
pub fn buffer(bytes: &Bytes) -> ArrayBuffer {
    Uint8Array::from(bytes.as_slice()).buffer()
}

/// Reads an answer; nothing for what is none.
pub fn read(data: &JsValue) -> Option<(Response, Option<Bytes>)> {
    let response = read_message(data)?;
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
