//! What "Copy link" copies: each page says how its state is written as an address.

use std::rc::Rc;

use leptos::prelude::*;

use super::browser::window;

type Make = Rc<dyn Fn() -> Written>;

/// A link, and what the reader should know about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The whole address, with query and fragment.
    pub address: String,
    /// What had no room in it, in words.
    pub note: Option<&'static str>,
}

/// Writes the state of the page in view, if it has one.
#[derive(Clone, Copy)]
pub struct CurrentLink(StoredValue<Option<Make>, LocalStorage>);

/// Provides it.
pub fn provide_link() {
    provide_context(CurrentLink(StoredValue::new_local(None)));
}

/// Says how the page in view writes its state: the whole address, with query and fragment. It holds until the page is left.
pub fn set_link(make: impl Fn() -> String + 'static) {
    set_link_with_note(move || Written { address: make(), note: None });
}

/// As [`set_link`], for a state that may be too large for a link.
pub fn set_link_with_note(make: impl Fn() -> Written + 'static) {
    let current = expect_context::<CurrentLink>().0;
    current.set_value(Some(Rc::new(make)));
    on_cleanup(move || current.set_value(None));
}

/// The links of the page in view.
pub fn use_link() -> CurrentLink {
    expect_context()
}

impl CurrentLink {
    /// The link to what is in view now.
    pub fn link(self) -> Written {
        let here = || Written { address: window().location().href().unwrap_or_default(), note: None };
        self.0.get_value().map_or_else(here, |make| make())
    }
}
