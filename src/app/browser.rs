//! The browser's things that the page needs in more than one place.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::view::address::Language;
use crate::view::formula::Notation;

/// Keys of `localStorage`, which holds nothing else.
pub const LANGUAGE_KEY: &str = "unrolled.language";
/// See [`LANGUAGE_KEY`].
pub const THEME_KEY: &str = "unrolled.theme";

/// The reader's own cell, as text; and the one that it took the place of.
pub const CELL_KEY: &str = "unrolled.cell";
/// See [`CELL_KEY`].
pub const CELL_BEFORE_KEY: &str = "unrolled.cell.before";

/// The chapter and section read last.
pub const READING_KEY: &str = "unrolled.reading";

/// Whose letters the figures of all chapters are written in.
pub const LETTERS_KEY: &str = "unrolled.letters";

/// Whose letters the reader has chosen last, in book, Stepper or editor.
pub fn letters() -> Notation {
    Notation::from_id(&remembered(LETTERS_KEY).unwrap_or_default())
}

/// The window. The page's code never runs without one.
pub fn window() -> web_sys::Window {
    leptos::prelude::window()
}

/// The document.
pub fn document() -> web_sys::Document {
    leptos::prelude::document()
}

/// The address below which everything lies, from the start script's own address; it begins and ends in a slash.
pub fn base() -> &'static str {
    thread_local! {
        static BASE: OnceCell<&'static str> = const { OnceCell::new() };
    }
    BASE.with(|cell| {
        *cell.get_or_init(|| {
            let base = facts("base").and_then(|base| base.as_string()).unwrap_or_else(|| "/".to_owned());
            Box::leak(base.into_boxed_str())
        })
    })
}

/// The address of a file whose name does not change from build to build, as this page's own build has it: the worker that
/// keeps the site, and a browser's cache, then never give a page what belongs to another one.
pub fn of_this_build(address: &str) -> String {
    match facts("build").and_then(|build| build.as_string()).filter(|build| !build.is_empty()) {
        Some(build) => format!("{address}?build={build}"),
        None => address.to_owned(),
    }
}

/// A new trainer from the start script: a worker that inherits the page's policy.
pub fn new_worker() -> Result<web_sys::Worker, JsValue> {
    made_by("newTrainer")
}

/// A new worker with the page's own program, which inherits the page's policy too.
pub fn new_helper() -> Result<web_sys::Worker, JsValue> {
    made_by("newHelper")
}

/// A new worker with the program of the book's figures, which inherits the page's policy too.
#[cfg(feature = "figures")]
pub fn new_figures_helper() -> Result<web_sys::Worker, JsValue> {
    made_by("newFiguresHelper")
}

fn made_by(name: &str) -> Result<web_sys::Worker, JsValue> {
    let make: Function = facts(name).ok_or(JsValue::NULL)?.dyn_into()?;
    make.call0(&JsValue::NULL)?.dyn_into()
}

/// The object that the start script leaves for the page.
pub fn facts_object() -> Option<JsValue> {
    Reflect::get(&window(), &"unrolled".into()).ok().filter(|facts| facts.is_object())
}

/// What the start script says under a name.
pub fn facts(name: &str) -> Option<JsValue> {
    let facts = facts_object()?;
    let value = Reflect::get(&facts, &name.into()).ok()?;
    (!value.is_undefined()).then_some(value)
}

/// A remembered choice; none without storage.
pub fn remembered(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Remembers a choice. Where storage is missing or full the choice holds until the page is closed, which is
/// not worth a sentence.
pub fn remember(key: &str, value: &str) {
    let _ = is_remembered(key, value);
}

/// Remembers a text; false where storage is missing or full.
pub fn is_remembered(key: &str, value: &str) -> bool {
    let storage = window().local_storage();
    matches!(storage, Ok(Some(storage)) if storage.set_item(key, value).is_ok())
}

/// The language chosen before, else the browser's first that there is, else English.
pub fn wanted_language() -> Language {
    remembered(LANGUAGE_KEY).and_then(|code| Language::from_code(&code)).unwrap_or_else(|| {
        let tags: Vec<String> =
            window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect();
        Language::preferred(tags.iter().map(String::as_str))
    })
}

/// Copies a text to the clipboard, which the browser may refuse; whether it was done. It must be called while a click is heard.
pub fn copy_text(text: &str) -> impl Future<Output = bool> + use<> {
    let promise = Reflect::get(&window().navigator(), &"clipboard".into())
        .ok()
        .filter(|clipboard| !clipboard.is_undefined())
        .map(|_| window().navigator().clipboard().write_text(text));
    async move {
        match promise {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        }
    }
}

/// Milliseconds on a clock that never goes back.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Whether the reader asked for less movement.
pub fn prefers_reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether the focus is in an element of this selector.
pub fn is_focused_in(selector: &str) -> bool {
    document().active_element().is_some_and(|active| active.closest(selector).ok().flatten().is_some())
}

/// Whether a media query holds.
pub fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// A fresh seed from the browser's random source, below 2³² so that a reader can copy it down.
pub fn fresh_seed() -> u64 {
    getrandom::u32().map_or(1, u64::from)
}

/// A name that nothing else has, of sixteen digits.
pub fn fresh_id() -> String {
    format!("{:08x}{:08x}", getrandom::u32().unwrap_or(1), getrandom::u32().unwrap_or(1))
}

/// A timer and what it calls.
type Waiting = (i32, Closure<dyn FnMut()>);

thread_local! {
    /// What is still to be called: a call that is taken back goes with what it holds.
    static WAITING: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
}

/// Takes a timer's call from those that wait, to be dropped once the list is free again.
fn taken(timer: i32) -> Option<Waiting> {
    WAITING.with_borrow_mut(|waiting| {
        let place = waiting.iter().position(|(known, _)| *known == timer)?;
        Some(waiting.swap_remove(place))
    })
}

/// Calls once after some milliseconds.
pub fn after(milliseconds: i32, call: impl FnOnce() + 'static) -> Option<i32> {
    call_after(milliseconds, Box::new(call))
}

/// The same, once for all kinds of calls.
fn call_after(milliseconds: i32, call: Box<dyn FnOnce()>) -> Option<i32> {
    let own = Rc::new(Cell::new(0));
    let timer = own.clone();
    let closure = Closure::once(move || {
        // The browser's side keeps what is running until it has returned.
        drop(taken(timer.get()));
        call();
    });
    let function = closure.as_ref().unchecked_ref();
    let timer =
        window().set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds).ok()?;
    own.set(timer);
    WAITING.with_borrow_mut(|waiting| waiting.push((timer, closure)));
    Some(timer)
}

/// Takes back what [`after`] would do.
pub fn cancel(timer: Option<i32>) {
    if let Some(timer) = timer {
        window().clear_timeout_with_handle(timer);
        drop(taken(timer));
    }
}

/// Width and height of the window, in pixels; those of a usual one where it does not say.
pub fn window_size() -> (f64, f64) {
    let number = |size: Result<JsValue, JsValue>, usual: f64| {
        size.ok().and_then(|size| size.as_f64()).unwrap_or(usual)
    };
    let window = window();
    (number(window.inner_width(), 1280.0), number(window.inner_height(), 800.0))
}
