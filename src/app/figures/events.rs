//! What a reader does at a figure: one listener a kind of event, at the figure's place.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{
    AddEventListenerOptions, Element, Event, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent,
    PointerEvent,
};

use super::live::plain;
use super::state::{Shared, State, Watched};
use super::{active, all, jobs};
use crate::app::browser::window;
use crate::app::picture::{formula_pieces, save_png, save_svg};
use crate::app::save::save_table;
use crate::view::figures::letters::LETTERS;
use crate::view::figures::setting::Kind;
use crate::view::formula::Piece;

const EVENTS: [&str; 10] = [
    "input",
    "change",
    "compositionend",
    "click",
    "keydown",
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "toggle",
];

/// The listeners of a figure; dropping them takes them away.
pub struct Listeners {
    place: Element,
    listener: Closure<dyn FnMut(Event)>,
}

impl Listeners {
    /// Listens at a figure's place.
    pub fn new(place: &Element, state: &Shared) -> Listeners {
        let weak = Rc::downgrade(state);
        let mut dragged: Option<String> = None;
        let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            hear(&weak, &event, &mut dragged);
        });
        // `toggle` does not bubble; what is captured is heard all the same.
        let capturing = AddEventListenerOptions::new();
        capturing.set_capture(true);
        for event in EVENTS {
            let _ = place.add_event_listener_with_callback_and_add_event_listener_options(
                event,
                listener.as_ref().unchecked_ref(),
                &capturing,
            );
        }
        Listeners { place: place.clone(), listener }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for event in EVENTS {
            let listener = self.listener.as_ref().unchecked_ref();
            let _ = self.place.remove_event_listener_with_callback_and_bool(event, listener, true);
        }
    }
}

fn hear(weak: &Watched, event: &Event, dragged: &mut Option<String>) {
    let Some(shared) = weak.upgrade() else { return };
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    // A drawing under way may move the focus, which is no word of the reader's.
    let Ok(mut state) = shared.try_borrow_mut() else { return };
    let closest = |selector: &str| target.closest(selector).ok().flatten();
    match event.type_().as_str() {
        kind @ ("input" | "change" | "compositionend") => {
            type_in(&mut state, kind, event, &target);
            if target.get_attribute("data-control").as_deref() == Some(LETTERS) {
                let chosen = state.text(LETTERS);
                drop(state);
                super::write_in(&chosen);
            }
        }
        "click" => {
            if let Some(does) = closest("[data-do]").and_then(|element| element.get_attribute("data-do")) {
                drop(state);
                act(&shared, &does, &target);
            } else if let Some(name) = closest("[data-press]").and_then(|e| e.get_attribute("data-press")) {
                state.press(&name);
            } else if let Some(pairs) = closest("[data-set]").and_then(|e| e.get_attribute("data-set")) {
                state.set_pairs(&pairs);
            } else if closest(".fig-open").is_some() {
                state.keep_in_address();
            }
        }
        "toggle" if target.has_attribute("data-table") => state.open_table(target.has_attribute("open")),
        "toggle" if target.has_attribute("data-numbers") => state.open_numbers(target.has_attribute("open")),
        "keydown" => {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                press_key(&mut state, event, &target);
            }
        }
        kind @ ("pointerdown" | "pointermove" | "pointerup" | "pointercancel") => {
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                // Only a mouse that moves points: where the page moves under one that rests, the reader chose nothing.
                if kind == "pointermove"
                    && event.pointer_type() == "mouse"
                    && dragged.is_none()
                    && let Some(pairs) = closest("[data-point]").and_then(|e| e.get_attribute("data-set"))
                {
                    state.set_pairs(&pairs);
                }
                drag(&mut state, kind, event, &target, dragged);
            }
        }
        _ => {}
    }
}

/// Saves a figure's drawing with the formulas of its caption.
fn save_picture(target: &Element, is_svg: bool) {
    let Some(figure) = target.closest("figure").ok().flatten() else { return };
    let Some(body) = figure.query_selector(".fig-body").ok().flatten() else { return };
    let caption = figure.query_selector("figcaption").ok().flatten();
    let title = caption.as_ref().map(plain).unwrap_or_default();
    let formulas: Vec<Vec<Piece>> =
        caption.iter().flat_map(|caption| all(caption, "math")).map(|math| formula_pieces(&math)).collect();
    let name = figure.id();
    if is_svg {
        save_svg(&name, &body, &title, &formulas);
    } else {
        wasm_bindgen_futures::spawn_local(async move {
            save_png(name, body, title, formulas).await;
        });
    }
}

/// A form control has another value.
fn type_in(state: &mut State, kind: &str, event: &Event, target: &Element) {
    let Some(name) = target.get_attribute("data-control") else { return };
    // Composing text is not drawn.
    let is_composing = event.dyn_ref::<web_sys::InputEvent>().is_some_and(web_sys::InputEvent::is_composing);
    if is_composing {
        return;
    }
    // A number is read when its field is left, everything else at once.
    let is_field = target.dyn_ref::<HtmlInputElement>().is_some_and(|input| input.type_() == "text");
    let kind_of = state.setting(&name).map(|setting| &setting.kind);
    let is_number = is_field && matches!(kind_of, Some(Kind::Number { .. } | Kind::Value));
    if is_number && kind != "change" {
        return;
    }
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        let value = match input.type_().as_str() {
            "checkbox" => if input.checked() { "on" } else { "off" }.to_owned(),
            _ => input.value(),
        };
        state.set(&name, &value);
    } else if let Some(field) = target.dyn_ref::<HtmlTextAreaElement>() {
        state.set(&name, &field.value());
    }
}

/// What every figure's buttons do.
fn act(shared: &Shared, does: &str, target: &Element) {
    match does {
        "reset" => shared.borrow_mut().reset(),
        "train" => jobs::train(shared, false),
        "again" => jobs::train(shared, true),
        "stop" => jobs::stop(shared),
        // A browser that cannot print does nothing, as at its own command.
        "print" => drop(window().print()),
        "copy-link" | "copy-embed" => {
            let label = target.closest("label").ok().flatten();
            let field = label.and_then(|label| label.query_selector("textarea").ok().flatten());
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
                // Selected as well: where the clipboard is refused the reader copies by hand.
                field.select();
                let navigator = window().navigator();
                let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
                if clipboard.is_ok_and(|clipboard| !clipboard.is_undefined()) {
                    let _ = navigator.clipboard().write_text(&field.value());
                }
            }
        }
        "save-svg" | "save-png" => save_picture(target, does == "save-svg"),
        "save-csv" => {
            let table = target.closest("details").ok().flatten();
            let name = target.closest("figure").ok().flatten().map(|figure| figure.id());
            if let (Some(table), Some(name)) = (table, name) {
                save_table(&name, &table);
            }
        }
        _ => {}
    }
}

/// Arrow keys: along a group of choices, or at a handle.
fn press_key(state: &mut State, event: &KeyboardEvent, target: &Element) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    if let Some(name) = target.get_attribute("data-drag") {
        let step = attribute(target, "data-step");
        let (least, most) = (attribute(target, "aria-valuemin"), attribute(target, "aria-valuemax"));
        let value = state.number(&name);
        let value = match key.as_str() {
            "ArrowRight" | "ArrowUp" => value + step,
            "ArrowLeft" | "ArrowDown" => value - step,
            "PageUp" => value + 10.0 * step,
            "PageDown" => value - 10.0 * step,
            "Home" => least,
            "End" => most,
            _ => return,
        };
        event.prevent_default();
        return state.set(&name, &on_step(value.max(least).min(most), least, step));
    }
    // A part of a drawing is no button of the browser's.
    let is_part = target.namespace_uri().is_some_and(|space| space.ends_with("/svg"));
    if is_part && matches!(key.as_str(), "Enter" | " ") {
        if let Some(pairs) = target.get_attribute("data-set") {
            event.prevent_default();
            state.set_pairs(&pairs);
        }
        return;
    }
    let Some(group) = target.closest("[data-arrows]").ok().flatten() else { return };
    let entries = all(&group, "[data-set]");
    let Some(here) = entries.iter().position(|entry| entry == target) else { return };
    let last = entries.len() - 1;
    let columns = group.get_attribute("data-arrows").and_then(|columns| columns.parse::<usize>().ok());
    // Rows need not be equally long: what stands above or below is what begins at the same place along x.
    let left = |entry: &Element| entry.get_bounding_client_rect().left();
    let is_in_line = |entry: &Element| (left(entry) - left(target)).abs() < 5.0;
    let has_columns = columns.is_some_and(|columns| columns > 1);
    let there = match key.as_str() {
        "ArrowDown" if has_columns => {
            (here + 1..=last).find(|at| entries.get(*at).is_some_and(is_in_line)).unwrap_or(here)
        }
        "ArrowUp" if has_columns => {
            (0..here).rfind(|at| entries.get(*at).is_some_and(is_in_line)).unwrap_or(here)
        }
        "ArrowRight" | "ArrowDown" => here + 1,
        "ArrowLeft" | "ArrowUp" => here.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(entry) = entries.get(there).filter(|_| there <= last) {
        if let Some(pairs) = entry.get_attribute("data-set") {
            state.set_pairs(&pairs);
        }
        focus(entry);
    }
}

/// Elements of HTML and of drawings have the same method, but no class that has it.
fn focus(element: &Element) {
    let method = js_sys::Reflect::get(element, &"focus".into()).ok();
    if let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) {
        let _ = method.call0(element);
    }
}

/// A handle follows the pointer.
fn drag(state: &mut State, kind: &str, event: &PointerEvent, target: &Element, dragged: &mut Option<String>) {
    if kind == "pointerdown" {
        let Some(handle) = target.closest("[data-drag]").ok().flatten() else { return };
        *dragged = handle.get_attribute("data-drag");
        let _ = handle.set_pointer_capture(event.pointer_id());
        event.prevent_default();
        focus(&handle);
    }
    let Some(name) = dragged.clone() else { return };
    if kind == "pointerup" || kind == "pointercancel" {
        *dragged = None;
        return;
    }
    let Some(handle) = target.closest("[data-drag]").ok().flatten().or_else(active) else { return };
    let Some(drawing) = handle.closest("svg").ok().flatten() else { return };
    let rect = drawing.get_bounding_client_rect();
    let view: Vec<f64> = drawing
        .get_attribute("viewBox")
        .unwrap_or_default()
        .split(' ')
        .filter_map(|number| number.parse().ok())
        .collect();
    let Some(width) = view.get(2).filter(|_| rect.width() > 0.0) else { return };
    let x = (f64::from(event.client_x()) - rect.left()) * width / rect.width();
    let (from, to) = (attribute(&handle, "data-from"), attribute(&handle, "data-to"));
    let (least, most) = (attribute(&handle, "aria-valuemin"), attribute(&handle, "aria-valuemax"));
    let share = if to == from { 0.0 } else { ((x - from) / (to - from)).clamp(0.0, 1.0) };
    let value = least + share * (most - least);
    state.set(&name, &on_step(value, least, attribute(&handle, "data-step")));
}

fn attribute(element: &Element, name: &str) -> f64 {
    element.get_attribute(name).and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

/// The nearest value that is whole steps from the least, without digits that only rounding has made.
fn on_step(value: f64, least: f64, step: f64) -> String {
    if step <= 0.0 {
        return value.to_string();
    }
    let value = least + ((value - least) / step).round() * step;
    ((value * 1e6).round() / 1e6).to_string()
}
