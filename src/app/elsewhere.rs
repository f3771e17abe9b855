//! Pages that live in another wasm file: a link to one loads it as a browser does, not as the router would.

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlAnchorElement};

use super::browser::{base, document, window};
use crate::view::address::{Page, parse};

/// Marks a link to such a page as external at the moment it is followed, before the router hears of it.
pub fn install() {
    let mark = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
            && is_elsewhere(&parse(base(), &link.pathname()).1)
        {
            link.set_rel("external");
        }
    });
    let capturing = web_sys::AddEventListenerOptions::new();
    capturing.set_capture(true);
    // Listening cannot fail; without it the router would show its own page for the address.
    let _ = document().add_event_listener_with_callback_and_add_event_listener_options(
        "click",
        mark.as_ref().unchecked_ref(),
        &capturing,
    );
    // It listens as long as the page stands.
    mark.forget();
}

/// Loads the page of this address anew, with the wasm file that draws it.
pub fn load() {
    let _ = window().location().reload();
}

/// Whether this page is drawn by another wasm file than this one.
pub fn is_elsewhere(page: &Page) -> bool {
    match page {
        Page::Stepper | Page::Lab | Page::Cell => true,
        Page::Home => !cfg!(feature = "home"),
        _ => false,
    }
}
