//! When the next slice comes: at once, but after every message that waits.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

/// Calls a function again and again, once for each [`Ticker::again`]. A message channel has no least delay, unlike a
/// timer, and lets the page's messages in between.
#[derive(Clone)]
pub struct Ticker {
    port: Option<MessagePort>,
    is_waiting: Rc<Cell<bool>>,
}

impl Ticker {
    /// A ticker that calls `act`.
    pub fn new(act: impl Fn(&Ticker) + 'static) -> Self {
        let is_waiting = Rc::new(Cell::new(false));
        let Ok(channel) = MessageChannel::new() else { return Self { port: None, is_waiting } };
        let ticker = Self { port: Some(channel.port2()), is_waiting };
        let own = RefCell::new(ticker.clone());
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let ticker = own.borrow().clone();
            ticker.is_waiting.set(false);
            act(&ticker);
        });
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // It ticks as long as the worker lives.
        on_message.forget();
        ticker
    }

    /// Asks for one more call; asking twice before it comes is asking once.
    pub fn again(&self) {
        if !self.is_waiting.replace(true)
            && let Some(port) = &self.port
        {
            // Posting nothing cannot fail.
            let _ = port.post_message(&JsValue::NULL);
        }
    }
}

/// Milliseconds on a clock that never goes back.
pub fn now() -> f64 {
    let scope = js_sys::global().dyn_into::<web_sys::WorkerGlobalScope>().ok();
    scope.and_then(|scope| scope.performance()).map_or(0.0, |performance| performance.now())
}
