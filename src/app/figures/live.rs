//! One figure in the page: it comes alive above its caption and ends with it.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::Element;

use super::events::Listeners;
use super::state::{Shared, State};
use super::{all, jobs};
use crate::app::browser::document;
use crate::app::picture::formula_pieces;
use crate::view::embed::first_sentence;
use crate::view::figures::link::Addressed;
use crate::view::figures::{Figure, Values, Words};
use crate::view::formula::written;

/// A figure; dropping it ends it.
pub struct Live {
    /// Only to keep them.
    _listeners: Listeners,
    place: Element,
    state: Shared,
}

impl Live {
    /// Draws the figure into its place, above its caption.
    pub fn new(
        outer: &Element,
        figure: Box<dyn Figure>,
        name: &str,
        id: &str,
        words: Words,
        initial: Values,
        addressed: Option<&Addressed>,
    ) -> Live {
        let place: Element = document().create_element("div").unwrap_or_else(|_| outer.clone());
        place.set_class_name(&format!("card fig fig-{name}"));
        let caption = outer.query_selector("figcaption").ok().flatten();
        let title = caption.as_ref().map(plain).unwrap_or_default();
        let before = caption.as_ref().map(|caption| caption.unchecked_ref());
        let _ = outer.insert_before(&place, before);
        let is_embedded = addressed.is_some_and(|addressed| addressed.embedded);
        let _ = outer.set_attribute("data-alive", "");
        if is_embedded {
            let _ = outer.class_list().add_1("embedded");
        }
        let title = first_sentence(&title).to_owned();
        let state = State::new(figure, words, id, initial, addressed, title, &place);
        let state = Rc::new(RefCell::new(state));
        jobs::join(&state);
        state.borrow_mut().draw();
        Live { _listeners: Listeners::new(&place, &state), place, state }
    }

    /// Its id in the page, without `figure-`.
    pub fn id(&self) -> String {
        self.state.borrow().id().to_owned()
    }

    /// Sets what a guided walk says: `name=value` pairs with `;` between them.
    pub fn set_pairs(&self, pairs: &str) {
        if let Ok(mut state) = self.state.try_borrow_mut() {
            state.set_pairs(pairs);
        }
    }
}

/// A caption as plain text on one line.
pub(super) fn plain(caption: &Element) -> String {
    let Ok(copy) = caption.clone_node_with_deep(true).map(|node| node.unchecked_into::<Element>()) else {
        return String::new();
    };
    for math in all(&copy, "math") {
        math.set_text_content(Some(&written(&formula_pieces(&math))));
    }
    copy.text_content().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Drop for Live {
    fn drop(&mut self) {
        self.place.remove();
    }
}
