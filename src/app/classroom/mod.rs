//! For a class: a page in large type that a clicker moves through, links with controls put away, a page as part of another one.
//!
//! How the page is shown stands in the address ([`Lesson`]) and, as attributes, at the document's root; the style sheets do the
//! rest, so that a control that can be put away only needs a `data-part`.

mod bar;
mod keys;
mod lesson;
#[cfg(feature = "tools")]
mod qr;
mod sections;
#[cfg(feature = "tools")]
mod share;
mod spotlight;

use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub use self::bar::{PresentButton, Presenter};
pub use self::lesson::{EmbedFoot, LessonBar};
pub use self::sections::follow_sections;
#[cfg(feature = "tools")]
pub use self::share::ShareButton;
use crate::app::browser::{after, document, window};
use crate::view::link::Lesson;
use crate::view::present::Move;

type Deck = Rc<dyn Fn(Move) -> bool>;

/// How the page is shown, and how the page in view is moved through.
#[derive(Clone, Copy)]
pub struct Classroom {
    /// What the address says.
    pub lesson: RwSignal<Lesson>,
    /// Where one stands, in words: the page in view says it.
    pub place: RwSignal<String>,
    /// Whether the screen is dark.
    pub is_blank: RwSignal<bool>,
    /// Whether the light follows the pointer.
    pub has_spotlight: RwSignal<bool>,
    /// Whether the list of keys is open.
    pub asks_help: RwSignal<bool>,
    /// Whether the whole screen was asked for here: leaving it then ends the presentation as well.
    filled_screen: RwSignal<bool>,
    deck: StoredValue<Option<Deck>, LocalStorage>,
}

/// Provides it, and keeps it with the address. It must be provided before any page listens to keys: while presenting, its own come
/// first.
pub fn provide_classroom() {
    let location = leptos_router::hooks::use_location();
    let search = window().location().search().unwrap_or_default();
    let classroom = Classroom {
        lesson: RwSignal::new(Lesson::read(&search)),
        place: RwSignal::new(String::new()),
        is_blank: RwSignal::new(false),
        has_spotlight: RwSignal::new(false),
        asks_help: RwSignal::new(false),
        filled_screen: RwSignal::new(false),
        deck: StoredValue::new_local(None),
    };
    provide_context(classroom);
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        let mut lesson = location.search.with(|search| Lesson::read(search));
        // The first page's address has been read above.
        let Some(before) = before else { return path };
        let now = classroom.lesson.get_untracked();
        if before != path {
            // Whoever presents goes on presenting on the next page.
            lesson.present |= now.present;
            // The link that led here need not say so; the address does, once the router has written its own.
            after(0, move || classroom.keep_address());
        }
        if lesson != now {
            classroom.lesson.set(lesson);
        }
        path
    });
    Effect::new(move |_| {
        classroom.lesson.with(mark);
        // After the router has written its own address.
        after(0, move || classroom.keep_address());
    });
    keys::listen(classroom);
}

/// The classroom.
pub fn use_classroom() -> Classroom {
    expect_context()
}

/// Says how the page in view is moved through: whether there was anywhere to go. It holds until the page is left.
pub fn set_deck(go: impl Fn(Move) -> bool + 'static) {
    let classroom = use_classroom();
    classroom.deck.set_value(Some(Rc::new(go)));
    on_cleanup(move || {
        classroom.deck.try_set_value(None);
        classroom.place.try_set(String::new());
    });
}

impl Classroom {
    /// Whether the page is presented; followed by whoever asks.
    pub fn is_presenting(self) -> bool {
        self.lesson.with(|lesson| lesson.present)
    }

    /// Begins to present, with the whole screen where the browser allows it.
    pub fn present(self) {
        self.lesson.update(|lesson| lesson.present = true);
        self.fill_screen();
    }

    /// Ends it.
    pub fn leave(self) {
        self.is_blank.set(false);
        self.has_spotlight.set(false);
        self.asks_help.set(false);
        if self.lesson.with_untracked(|lesson| lesson.present) {
            self.lesson.update(|lesson| lesson.present = false);
        }
        if self.filled_screen.get_untracked() {
            self.filled_screen.set(false);
            if document().fullscreen_element().is_some() {
                document().exit_fullscreen();
            }
        }
    }

    /// Takes the whole screen, or gives it back.
    pub fn turn_screen(self) {
        if document().fullscreen_element().is_some() {
            // Given back on purpose: the presentation goes on in the window.
            self.filled_screen.set(false);
            document().exit_fullscreen();
        } else {
            self.fill_screen();
        }
    }

    /// Moves.
    pub fn go(self, to: Move) {
        if let Some(deck) = self.deck.get_value() {
            deck(to);
        }
    }

    /// A query with how the page is shown in it.
    pub fn in_query(self, query: &str) -> String {
        self.lesson.with_untracked(|lesson| lesson.put(query))
    }

    /// A frame or a phone may refuse, which changes nothing else.
    fn fill_screen(self) {
        let Some(root) = document().document_element() else { return };
        let asked = Reflect::get(&root, &"requestFullscreen".into())
            .ok()
            .and_then(|ask| ask.dyn_into::<Function>().ok())
            .and_then(|ask| ask.call0(&root).ok())
            .and_then(|promise| promise.dyn_into::<Promise>().ok());
        if let Some(promise) = asked {
            spawn_local(async move {
                self.filled_screen.set(JsFuture::from(promise).await.is_ok());
            });
        }
    }

    /// Writes the address anew where it says something else.
    fn keep_address(self) {
        let here = window().location();
        let search = here.search().unwrap_or_default();
        let Some(query) = self
            .lesson
            .try_with_untracked(|lesson| (Lesson::read(&search) != *lesson).then(|| lesson.put(&search)))
        else {
            return;
        };
        if let (Some(query), Ok(history)) = (query, window().history()) {
            let path = here.pathname().unwrap_or_default();
            let address = format!("{path}{query}{}", here.hash().unwrap_or_default());
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(&address));
        }
    }
}

/// Puts what the style sheets go by at the document's root.
fn mark(lesson: &Lesson) {
    let Some(root) = document().document_element() else { return };
    let set = |name: &str, value: Option<&str>| match value {
        Some(value) => drop(root.set_attribute(name, value)),
        None => drop(root.remove_attribute(name)),
    };
    let hidden = lesson.hidden_names();
    set("data-present", lesson.present.then_some(""));
    set("data-hide", (!hidden.is_empty()).then_some(hidden.as_str()));
}
