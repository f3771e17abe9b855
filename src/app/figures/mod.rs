//! The figures of a chapter, alive: a wasm file of its own, loaded when a chapter stands in the page, whichever app
//! drew it. `start.js` loads it and calls what [`start`] leaves there with each article.

mod events;
mod jobs;
mod lit;
mod live;
mod state;
mod walk;

use std::cell::RefCell;
use std::collections::BTreeMap;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Node};

use self::live::Live;
use self::walk::Walk;
use super::browser::{LETTERS_KEY, document, facts_object, remember, remembered, window};
use crate::view::figures::letters::LETTERS;
use crate::view::figures::{Values, Words, figure, initial, link};

thread_local! {
    /// The figures in the page.
    static ALIVE: RefCell<Vec<Live>> = const { RefCell::new(Vec::new()) };
    /// The walk through them.
    static WALK: RefCell<Option<Walk>> = const { RefCell::new(None) };
}

/// Leaves `mountFigures(article)` with the start script. Without an article the figures of the last one end.
pub fn start() {
    super::panic::install();
    lit::listen();
    let mount = Closure::<dyn FnMut(JsValue)>::new(|article: JsValue| {
        jobs::end();
        drop(WALK.take());
        drop(ALIVE.take());
        if let Some(article) = article.dyn_ref::<Element>() {
            ALIVE.set(mount(article));
            WALK.set(Walk::of(article, &words_of(article)));
        }
    });
    if let Some(facts) = facts_object() {
        let _ = js_sys::Reflect::set(&facts, &"mountFigures".into(), mount.as_ref());
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
    for place in all(article, "figure[data-figure]") {
        let name = place.get_attribute("data-figure").unwrap_or_default();
        // A chapter of a newer build may name a figure that this one does not have: its caption stays.
        let Some(figure) = figure(&name) else { continue };
        let id = place.id().trim_start_matches("figure-").to_owned();
        let mine = addressed.as_ref().filter(|addressed| addressed.id == id);
        let words = words.of(&name);
        let first = initial(&*figure, attributes(&place), &words);
        let live = Live::new(&place, figure, &name, &id, words, first, mine);
        if mine.is_some_and(|addressed| !addressed.embedded) {
            place.scroll_into_view();
        }
        if !mine.is_some_and(|addressed| addressed.changed.has(LETTERS))
            && let Some(chosen) = remembered(LETTERS_KEY)
        {
            live.set_pairs(&format!("{LETTERS}={chosen}"));
        }
        alive.push(live);
    }
    alive
}

/// All figures of the page are written in the same letters, and those of the next chapter too.
fn write_in(letters: &str) {
    remember(LETTERS_KEY, letters);
    ALIVE.with_borrow(|alive| alive.iter().for_each(|live| live.set_pairs(&format!("{LETTERS}={letters}"))));
}

/// What the Markdown says about a figure's settings: its attributes.
fn attributes(place: &Element) -> Values {
    let names = place.get_attribute_names();
    let names = (0..names.length()).filter_map(|at| names.get(at).as_string());
    names
        .filter_map(|attribute| {
            let name = attribute.strip_prefix("data-")?.to_owned();
            let is_own = ["figure", "rows", "alive"].contains(&name.as_str());
            (!is_own).then(|| place.get_attribute(&attribute).map(|value| (name, value))).flatten()
        })
        .collect()
}

/// The words that came with the article.
fn words_of(article: &Element) -> Words {
    let mut entries = BTreeMap::new();
    for template in all(article, "template.figure-words") {
        let content = js_sys::Reflect::get(&template, &"content".into()).ok();
        let Some(list) = content.and_then(|content| content.dyn_into::<Node>().ok()) else { continue };
        let list = list.child_nodes();
        let entries_of = (0..list.length()).filter_map(|at| list.item(at)?.dyn_into::<Element>().ok());
        for entry in entries_of {
            if let (Some(key), Some(words)) = (entry.get_attribute("data-key"), entry.text_content()) {
                entries.insert(key, words);
            }
        }
    }
    Words::new(entries)
}

/// All elements below one that a selector finds.
fn all(root: &Element, selector: &str) -> Vec<Element> {
    let found = root.query_selector_all(selector).ok();
    let found = found.iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    found.filter_map(|node| node.dyn_into::<Element>().ok()).collect()
}

/// The element in focus.
fn active() -> Option<Element> {
    document().active_element()
}
