//! The figures of a chapter, alive: a wasm file of its own, loaded when the first figure comes near the reader's view,
//! whichever app drew the chapter. `start.js` loads it and calls what [`start`] leaves there with each article.

mod events;
#[cfg_attr(not(feature = "figures"), path = "no_jobs.rs")]
mod jobs;
#[cfg_attr(not(feature = "figures"), allow(dead_code, reason = "nothing trains there"))]
mod live;
mod patch;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::Element;

use self::live::Live;
use super::browser::{all, document, facts_object, window};
use super::figure_words::words_of;
use crate::view::figures::{Values, figure, initial, link};

thread_local! {
    /// The figures in the page.
    static ALIVE: RefCell<Vec<Live>> = const { RefCell::new(Vec::new()) };
}

/// What the start script calls with an article: the figures come in two files, see `view::figures::first`.
const MOUNT: &str = if cfg!(feature = "figures") { "mountFigures" } else { "mountFirst" };

/// Leaves [`MOUNT`] with the start script. Without an article the figures of the last one end.
pub fn start() {
    super::panic::install();
    let mount = Closure::<dyn FnMut(JsValue)>::new(|article: JsValue| {
        jobs::end();
        drop(ALIVE.take());
        if let Some(article) = article.dyn_ref::<Element>() {
            ALIVE.set(mount(article));
        }
    });
    if let Some(facts) = facts_object() {
        let _ = js_sys::Reflect::set(&facts, &MOUNT.into(), mount.as_ref());
    }
    // It is called as long as the page stands.
    mount.forget();
}

/// Brings the figures of an article to life.
fn mount(article: &Element) -> Vec<Live> {
    let words = words_of(article);
    let search = window().location().search().unwrap_or_default();
    let addressed = link::read(&search);
    let mut alive = Vec::new();
    let mut wished = None;
    for place in all(article, "figure[data-figure]") {
        let name = place.get_attribute("data-figure").unwrap_or_default();
        // It is in the other file, or a chapter of a newer build names one that is in none: its caption stays.
        let Some(figure) = figure(&name) else { continue };
        let id = place.id().trim_start_matches("figure-").to_owned();
        // What a walk goes on with moves when the figures above it come alive.
        if place.has_attribute("data-wish") {
            wished = Some(place.clone());
        }
        let mine = addressed.as_ref().filter(|addressed| addressed.id == id);
        let words = words.of(&name);
        let first = initial(&*figure, attributes(&place), &words);
        let live = Live::new(&place, figure, &name, &id, words, first, mine);
        if mine.is_some_and(|addressed| !addressed.embedded) {
            place.scroll_into_view();
        }
        alive.push(live);
    }
    if let Some(place) = wished {
        place.scroll_into_view();
    }
    alive
}

/// What the Markdown says about a figure's settings: its attributes.
fn attributes(place: &Element) -> Values {
    let names = place.get_attribute_names();
    let names = (0..names.length()).filter_map(|at| names.get(at).as_string());
    names
        .filter_map(|attribute| {
            let name = attribute.strip_prefix("data-")?.to_owned();
            let is_own = ["figure", "rows", "alive", "wish", "file"].contains(&name.as_str());
            (!is_own).then(|| place.get_attribute(&attribute).map(|value| (name, value))).flatten()
        })
        .collect()
}

/// The element in focus.
fn active() -> Option<Element> {
    document().active_element()
}
