//! What "Copy link" copies: each page says how its state is written as an address.

use std::rc::Rc;

use leptos::prelude::*;

use super::browser::window;

type Make = Rc<dyn Fn() -> String>;

/// Writes the state of the page in view, if it has one.
#[derive(Clone, Copy)]
pub struct CurrentLink(StoredValue<Option<Make>, LocalStorage>);

/// Provides it.
pub fn provide_link() {
    provide_context(CurrentLink(StoredValue::new_local(None)));
}

/// Says how the page in view writes its state: the whole address, with query and fragment. It holds until the page is left.
pub fn set_link(make: impl Fn() -> String + 'static) {
    let current = expect_context::<CurrentLink>().0;
    current.set_value(Some(Rc::new(make)));
    on_cleanup(move || current.set_value(None));
}

/// The link to what is in view now.
pub fn current_link() -> String {
    let make = expect_context::<CurrentLink>().0.get_value();
    make.map_or_else(|| window().location().href().unwrap_or_default(), |make| make())
}
