//! What the page's policy must forbid here too: a request to another origin, and `eval`.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::DedicatedWorkerGlobalScope;

use super::message;
use crate::protocol::Response;

/// Tries both and answers what happened.
pub fn try_forbidden(scope: DedicatedWorkerGlobalScope, address: String) {
    spawn_local(async move {
        let fetch_blocked = JsFuture::from(scope.fetch_with_str(&address)).await.is_err();
        let eval_blocked = js_sys::eval("1 + 1").is_err();
        message::post(&scope, &Response::Forbidden { fetch_blocked, eval_blocked }, None);
    });
}

/// Throws what nobody catches, as a fault of ours would end with.
pub fn crash() {
    wasm_bindgen::throw_val(JsValue::from_str("crashed on purpose"));
}
