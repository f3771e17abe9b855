//! The page's own program in a worker: it computes what is too long for the page's thread.
//!
//! The trainer trains in single precision and stays small; traces are computed in double precision, for which the
//! page's program has everything already, and it lies in the browser's cache.

use std::rc::Rc;

use js_sys::{Float64Array, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{dictionary, message};
use crate::language::text::WordCutter;
use crate::protocol::helper::{Answer, Ask};

/// Starts serving if this is a worker; says whether it is.
pub fn start() -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return false };
    console_error_panic_hook::set_once();
    let answers = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        let Some(ask) = message::read_message::<Ask>(&data) else { return };
        let weights = Reflect::get(&data, &"bytes".into()).unwrap_or_default();
        let weights = Float64Array::new(&weights).to_vec();
        spawn_local(serve(answers.clone(), ask, weights));
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page wants it to.
    on_message.forget();
    message::post(&scope, &Answer::Ready, None);
    true
}

async fn serve(scope: DedicatedWorkerGlobalScope, ask: Ask, weights: Vec<f64>) {
    let Ask { number, task } = ask;
    let mut cutter: Option<Rc<dyn WordCutter>> = None;
    if task.needs_dictionary() {
        message::post(&scope, &Answer::Loading { number }, None);
        cutter = dictionary::load().await;
    }
    match task.perform(&weights, cutter.as_deref()) {
        Ok((sequence, numbers)) => {
            let answer = Answer::Done { number, sequence: Box::new(sequence) };
            message::post(&scope, &answer, Some(Float64Array::from(numbers.as_slice()).buffer()));
        }
        Err(why) => message::post(&scope, &Answer::Not { number, why }, None),
    }
}
