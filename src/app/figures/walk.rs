//! The guided walk of a chapter: a stop after the other, each a short text and a figure set for it. It can be left and
//! taken up again at any stop. Without it the stops are a list.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, Node};

use super::{ALIVE, all};
use crate::app::browser::{document, prefers_reduced_motion, remember, remembered, window};
use crate::view::figures::Words;

/// Where the reader is in walks: the chapter's address and the stop.
const WALK_KEY: &str = "unrolled.walk";

/// The walk of the article in the page.
pub struct Walk {
    state: Rc<RefCell<State>>,
    /// Only to keep it.
    _listener: Closure<dyn FnMut(Event)>,
}

struct State {
    /// The chapter's address: when the walk ends with its chapter, the browser is at the next one already.
    path: String,
    stops: Vec<Element>,
    words: Words,
    /// The button that starts it, and the panel while it goes.
    start: Element,
    panel: Option<Element>,
    /// From 0.
    at: usize,
}

impl Walk {
    /// The walk of an article, if it has one.
    pub fn of(article: &Element, words: &Words) -> Option<Walk> {
        let list = article.query_selector("details.walk").ok()??;
        let stops = all(&list, "[data-stop]");
        let start = element("button", "solid small", "")?;
        let _ = start.set_attribute("type", "button");
        let _ = start.set_attribute("data-walk", "start");
        let _ = list.parent_node()?.insert_before(&start, Some(&list));
        let path = window().location().pathname().unwrap_or_default();
        let kept = kept(&path).min(stops.len().saturating_sub(1));
        let state = State { path, stops, words: words.of("common"), start, panel: None, at: kept };
        state.name_start();
        let state = Rc::new(RefCell::new(state));
        let weak = Rc::downgrade(&state);
        let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if let Some(state) = weak.upgrade()
                && let Ok(mut state) = state.try_borrow_mut()
            {
                state.hear(&event);
            }
        });
        for event in ["click", "keydown"] {
            let _ = document().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        }
        Some(Walk { state, _listener: listener })
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        for event in ["click", "keydown"] {
            let listener = self._listener.as_ref().unchecked_ref();
            let _ = document().remove_event_listener_with_callback(event, listener);
        }
        if let Ok(mut state) = self.state.try_borrow_mut()
            && let Some(panel) = state.panel.take()
        {
            panel.remove();
        }
    }
}

impl State {
    fn hear(&mut self, event: &Event) {
        if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
            let is_here = key
                .target()
                .and_then(|target| target.dyn_into::<Node>().ok())
                .is_some_and(|target| self.panel.as_ref().is_some_and(|panel| panel.contains(Some(&target))));
            let is_plain = !(key.ctrl_key() || key.alt_key() || key.meta_key());
            if is_plain && self.panel.is_some() {
                let does = match key.key().as_str() {
                    "ArrowRight" if is_here => "next",
                    "ArrowLeft" if is_here => "back",
                    // Also from the figure that the stop speaks of: a reader works there.
                    "Escape" if is_here || is_free(key) => "leave",
                    _ => return,
                };
                event.prevent_default();
                self.act(does);
            }
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-walk]").ok().flatten());
        if let Some(does) = button.and_then(|button| button.get_attribute("data-walk")) {
            self.act(&does);
        }
    }

    fn act(&mut self, does: &str) {
        match does {
            "start" => {}
            "next" if self.at + 1 < self.stops.len() => self.at += 1,
            "back" if self.at > 0 => self.at -= 1,
            "next" => {
                // The end: the next time it begins anew.
                self.at = 0;
                return self.leave();
            }
            "back" => return,
            _ => return self.leave(),
        }
        self.show();
    }

    /// The stop in the panel, its figure in view and set for it.
    fn show(&mut self) {
        keep(&self.path, self.at);
        let Some(stop) = self.stops.get(self.at).cloned() else { return };
        let id = stop.get_attribute("data-stop").unwrap_or_default();
        let settings = stop.get_attribute("data-settings").unwrap_or_default();
        ALIVE.with_borrow(|alive| {
            if let Some(live) = alive.iter().find(|live| live.id() == id) {
                live.set_pairs(&settings);
            }
        });
        if let Some(figure) = document().get_element_by_id(&format!("figure-{id}")) {
            scroll_to(&figure);
        }
        let Some(panel) = self.panel.clone().or_else(|| element("aside", "walk-panel", "")) else { return };
        let number = format!("{} / {}", self.at + 1, self.stops.len());
        let _ = panel.set_attribute("aria-label", &self.words.plain("walk-name"));
        panel.set_inner_html("");
        let add = |part: Option<Element>| {
            if let Some(part) = part {
                let _ = panel.append_child(&part);
            }
        };
        let text = element("div", "walk-text", "");
        if let Some(text) = &text {
            let _ = text.set_attribute("aria-live", "polite");
            let nodes = stop.child_nodes();
            for node in (0..nodes.length()).filter_map(|at| nodes.item(at)) {
                if let Ok(copy) = node.clone_node_with_deep(true) {
                    let _ = text.append_child(&copy);
                }
            }
        }
        add(text);
        let row = element("div", "row wrap", "");
        let is_last = self.at + 1 == self.stops.len();
        let buttons = [
            ("back", "ghost small", "walk-back"),
            ("next", "solid small", if is_last { "walk-end" } else { "walk-next" }),
            ("leave", "ghost small", "walk-leave"),
        ];
        for (does, class, word) in buttons {
            let button = element("button", class, &self.words.plain(word));
            if let (Some(button), Some(row)) = (button, &row) {
                let _ = button.set_attribute("type", "button");
                let _ = button.set_attribute("data-walk", does);
                let _ = row.append_child(&button);
            }
        }
        for words in [number, self.words.plain("walk-keys")] {
            if let (Some(label), Some(row)) = (element("span", "muted num", &words), &row) {
                let _ = row.append_child(&label);
            }
        }
        add(row);
        if self.panel.is_none() {
            let article = self.start.closest("article").ok().flatten();
            if let Some(article) = article {
                let _ = article.append_child(&panel);
            }
        }
        self.panel = Some(panel.clone());
        let next = panel.query_selector("[data-walk=next]").ok().flatten();
        if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
            let _ = next.focus();
        }
    }

    fn leave(&mut self) {
        keep(&self.path, self.at);
        self.name_start();
        if let Some(panel) = self.panel.take() {
            panel.remove();
            if let Some(start) = self.start.dyn_ref::<HtmlElement>() {
                let _ = start.focus();
            }
        }
    }

    /// What stands on the button.
    fn name_start(&self) {
        let words = match self.at {
            0 => self.words.plain("walk-start"),
            at => self.words.say("walk-resume", &[("n", &(at + 1))]),
        };
        self.start.set_text_content(Some(&words));
    }
}

/// Whether a key is meant for nothing else: no text being composed, no dialog.
fn is_free(key: &KeyboardEvent) -> bool {
    let has_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
    !(key.default_prevented() || key.is_composing() || has_dialog)
}

fn scroll_to(figure: &Element) {
    let rect = figure.get_bounding_client_rect();
    let window = window();
    let top = window.scroll_y().unwrap_or(0.0) + rect.top() - 70.0;
    let options = js_sys::Object::new();
    let behaviour = if prefers_reduced_motion() { "auto" } else { "smooth" };
    let _ = js_sys::Reflect::set(&options, &"top".into(), &top.into());
    let _ = js_sys::Reflect::set(&options, &"behavior".into(), &behaviour.into());
    let scroll = js_sys::Reflect::get(&window, &"scrollTo".into()).ok();
    if let Some(scroll) = scroll.and_then(|scroll| scroll.dyn_into::<js_sys::Function>().ok()) {
        let _ = scroll.call1(&window, &options);
    }
}

fn element(tag: &str, class: &str, words: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    if !words.is_empty() {
        element.set_text_content(Some(words));
    }
    Some(element)
}

/// The stop at which a chapter's walk was left.
fn kept(path: &str) -> usize {
    let kept = remembered(WALK_KEY).unwrap_or_default();
    let found = kept.split('\n').filter_map(|line| line.split_once(' ')).find(|(known, _)| *known == path);
    found.and_then(|(_, stop)| stop.parse().ok()).unwrap_or(0)
}

fn keep(path: &str, at: usize) {
    let kept = remembered(WALK_KEY).unwrap_or_default();
    let others = kept.split('\n').filter(|line| line.split(' ').next() != Some(path) && !line.is_empty());
    let lines: Vec<String> = others.map(str::to_owned).chain([format!("{path} {at}")]).collect();
    remember(WALK_KEY, &lines.join("\n"));
}
