//! The article that stands in the document before the page starts: written at build time, readable without scripts.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::browser::{base, document, window};
use crate::view::address::{self, Language, Page};

thread_local! {
    static TAKEN: RefCell<Option<(Language, Page, Element)>> = const { RefCell::new(None) };
}

/// Takes the article out of the static page and removes the rest of it.
pub fn take_over() {
    let document = document();
    let path = window().location().pathname().unwrap_or_default();
    if let ((Some(language), page), Ok(Some(article))) =
        (address::parse(base(), &path), document.query_selector("#static article"))
    {
        article.remove();
        TAKEN.set(Some((language, page, article)));
    }
    // The skip link and the static page; the script's elements and the sentences of the start stay.
    if let Ok(list) = document.query_selector_all("body > #static, body > [data-static]") {
        for place in 0..list.length() {
            if let Some(element) = list.item(place).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
                element.remove();
            }
        }
    }
}

/// The article taken over, if it is the one of this page; once.
pub fn taken(language: Language, page: &Page) -> Option<Element> {
    TAKEN.take().filter(|(l, p, _)| *l == language && p == page).map(|(_, _, article)| article)
}
