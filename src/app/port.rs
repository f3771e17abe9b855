//! A worker as the page holds it: what is sent to it, who hears it, and its end.

use js_sys::ArrayBuffer;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker};

use super::browser::after;
use crate::worker::message::envelope;

/// A worker with its listeners. Dropping it ends the worker.
pub struct Port {
    worker: Worker,
    handlers: Vec<Closure<dyn FnMut(Event)>>,
}

impl Port {
    /// Listens to a worker: `hear` gets the data of each message, `died` is called when it stopped with an error.
    pub fn new(
        worker: Worker,
        mut hear: impl FnMut(&JsValue) + 'static,
        mut died: impl FnMut() + 'static,
    ) -> Port {
        let on_message = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                hear(&event.data());
            }
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            died();
        });
        // A listener, not `onmessage`: the start script's own listener takes the loader's message away before this one.
        for (kind, handler) in [("message", &on_message), ("error", &on_error), ("messageerror", &on_error)] {
            let _ = worker.add_event_listener_with_callback(kind, handler.as_ref().unchecked_ref());
        }
        Port { worker, handlers: vec![on_message, on_error] }
    }

    /// Sends a message, with bytes beside it that are handed over, not copied.
    pub fn post(&self, message: &impl Serialize, bytes: Option<ArrayBuffer>) {
        if let Some((envelope, transfer)) = envelope(message, bytes) {
            let _ = self.worker.post_message_with_transfer(&envelope, &transfer);
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.worker.terminate();
        // One of the handlers may be running now: they are dropped a moment later.
        let handlers = std::mem::take(&mut self.handlers);
        after(0, move || drop(handlers));
    }
}
