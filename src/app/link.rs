//! What "Copy link" copies: each page says how its state is written as an address.

use std::rc::Rc;

use leptos::prelude::*;

use super::browser::window;
use super::classroom::{Classroom, use_classroom};
use crate::view::link::{Held, LeftOut, Lesson};

type Make = Rc<dyn Fn(&Lesson) -> Written>;

/// A link, and what the reader should know about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The whole address, with query and fragment.
    pub address: String,
    /// What had no room in it, in words for whoever has just copied it.
    pub note: Option<&'static str>,
    /// The same, for whoever looks at it first.
    pub left_out: Option<LeftOut>,
    /// What it holds.
    pub holds: Vec<Held>,
    /// Whether what is in view was trained, and is trained again by whoever opens the link.
    pub trains_again: bool,
}

/// Writes the state of the page in view, if it has one.
#[derive(Clone, Copy)]
pub struct CurrentLink {
    make: StoredValue<Option<Make>, LocalStorage>,
    classroom: Classroom,
}

/// Provides it; the classroom is there before it.
pub fn provide_link() {
    provide_context(CurrentLink { make: StoredValue::new_local(None), classroom: use_classroom() });
}

/// Says how the page in view writes its state: the whole address, with query and fragment. It holds until the page is left.
pub fn set_link(make: impl Fn() -> String + 'static) {
    set_link_with_note(move |_| Written { address: make(), ..Written::default() });
}

/// As [`set_link`], for a state that may be too large for a link, on a page that can be shown in other ways.
pub fn set_link_with_note(make: impl Fn(&Lesson) -> Written + 'static) {
    let current = expect_context::<CurrentLink>().make;
    current.set_value(Some(Rc::new(make)));
    on_cleanup(move || current.set_value(None));
}

/// The links of the page in view.
pub fn use_link() -> CurrentLink {
    expect_context()
}

impl CurrentLink {
    /// The link to what is in view now, shown as it is shown here.
    pub fn link(self) -> Written {
        self.link_with(&self.classroom.lesson.get_untracked())
    }

    /// The link to what is in view now, shown in another way.
    pub fn link_with(self, lesson: &Lesson) -> Written {
        let here = || {
            let location = window().location();
            let part = |part: Result<String, _>| part.unwrap_or_default();
            let query = lesson.put(&part(location.search()));
            let (origin, path) = (part(location.origin()), part(location.pathname()));
            Written {
                address: format!("{origin}{path}{query}{}", part(location.hash())),
                ..Written::default()
            }
        };
        self.make.get_value().map_or_else(here, |make| make(lesson))
    }
}
