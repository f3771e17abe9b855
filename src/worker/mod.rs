//! The loop that serves requests off the page's thread: a slice of training, then whatever has been asked.

mod dictionary;
mod forbidden;
pub mod helper;
pub mod message;
mod pace;
mod run;
mod serve;
pub mod study;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::protocol::{PROTOCOL, Response};
use serve::Server;

/// Starts serving. Called once, by the trainer's `main`.
pub fn start() {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let server = Rc::new(RefCell::new(Server::new(scope.clone())));
    let next = pace::Ticker::new({
        let server = server.clone();
        move |ticker: &pace::Ticker| {
            if server.borrow_mut().slice() {
                ticker.again();
            }
        }
    });
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some((request, bytes)) = message::read(&event.data()) else { return };
        // Training may have to begin or to go on: the ticker asks the server itself.
        server.borrow_mut().serve(request, bytes);
        next.again();
        if server.borrow_mut().wants_dictionary() {
            let (server, next) = (server.clone(), next.clone());
            spawn_local(async move {
                let dictionary = dictionary::load().await;
                server.borrow_mut().take_dictionary(dictionary);
                next.again();
            });
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page wants it to.
    on_message.forget();
    message::post(&scope, &Response::Ready { protocol: PROTOCOL }, None);
}
