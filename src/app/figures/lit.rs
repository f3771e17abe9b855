//! A symbol pointed at anywhere (prose, formula, figure) is lit everywhere.

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};

use super::all;
use crate::app::browser::document;

/// Listens to the whole page, as long as it stands.
pub fn listen() {
    let point = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let named = target.and_then(|target| target.closest("[data-symbol]").ok().flatten());
        light(named.and_then(|named| named.get_attribute("data-symbol")));
    });
    for event in ["pointerover", "focusin"] {
        let _ = document().add_event_listener_with_callback(event, point.as_ref().unchecked_ref());
    }
    point.forget();
}

/// Lights a symbol, and no other one.
fn light(symbol: Option<String>) {
    let Ok(Some(article)) = document().query_selector("article") else { return };
    for element in all(&article, "[data-symbol]") {
        let is_named = symbol.is_some() && element.get_attribute("data-symbol") == symbol;
        let has_class = element.class_list().contains("lit");
        if is_named && !has_class {
            let _ = element.class_list().add_1("lit");
        } else if !is_named && has_class {
            let _ = element.class_list().remove_1("lit");
        }
    }
}
