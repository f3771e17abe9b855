//! The text with its line numbers, colours, underlined errors, and a line of small print under each line.
//!
//! The reader types into a textarea whose letters are transparent; the same letters, coloured, lie over it. Every change that
//! the page makes goes through the browser's own editing commands, so that Undo takes it back like anything typed.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement, InputEvent};

use super::faults::sentence;
use super::keep::{OwnCell, bounded};
use super::palette::Palette;
use super::reading::Reading;
use crate::app::browser::document;
use crate::app::language::say;
use crate::engine::syntax::SyntaxError;
use crate::view::editor::{Completion, Gloss, Line, Look, Piece, byte_of, complete, complete_word, unit_of};
use crate::view::role::Role;

/// The place where the reader writes, for whatever changes its text.
#[derive(Clone, Copy)]
pub struct Area(NodeRef<html::Textarea>);

/// The editor.
#[component]
pub fn Editor(own: OwnCell, reading: Reading) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    let area = Area(node);
    // A text from outside goes into the box; what is typed never comes back into it.
    Effect::new(move |_| {
        own.revision.track();
        if let Some(element) = node.get() {
            let text = own.text.get_untracked();
            if element.value() != text {
                element.set_value(&text);
            }
        }
    });
    Effect::new(move |_| {
        if let Some(text) = own.wanted_text.get() {
            own.wanted_text.set(None);
            queue_microtask(move || area.replace_all(&text));
        }
    });
    // A place that was asked for is shown, and the focus goes there.
    Effect::new(move |_| {
        if let Some((line, column, length)) = reading.wanted.get() {
            reading.wanted.set(None);
            area.select(line, column, length);
            reading.caret_line.set(line.saturating_sub(1));
        }
    });
    let follow_caret = move || {
        if let Some((text, caret)) = area.caret() {
            let line = text.get(..caret).unwrap_or("").matches('\n').count();
            if reading.caret_line.get_untracked() != line {
                reading.caret_line.set(line);
            }
        }
    };
    let on_input = move |event: ev::Event| {
        let Some(element) = node.get_untracked() else { return };
        let text: String = element.value();
        own.typed(bounded(&text).to_owned());
        follow_caret();
        let typed = event.dyn_ref::<InputEvent>();
        if typed.is_some_and(|input| {
            matches!(input.input_type().as_str(), "insertText" | "insertLineBreak") && !input.is_composing()
        }) {
            // Not within this event: a change of the text is an event of its own.
            queue_microtask(move || area.complete(complete));
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() != "Tab" || event.shift_key() || event.ctrl_key() || event.alt_key() {
            return;
        }
        // Only where there is something to complete; else Tab goes on to the next control.
        let found = area.caret().and_then(|(text, caret)| complete_word(&text, caret));
        if found.is_some() {
            event.prevent_default();
            queue_microtask(move || area.complete(complete_word));
        }
    };
    let lines = Memo::new(move |_| reading.now.with(|now| now.lines.clone()));
    let errors = reading.errors;
    let mirror = move || {
        let errors = errors.get();
        lines.with(|lines| {
            let lines = lines.iter().enumerate();
            lines.map(|(place, line)| written(place, line, &errors, reading)).collect_view()
        })
    };
    view! {
        <Palette area own/>
        <div class="cell-scroller">
            <div class="cell-sheet">
                <ol class="cell-mirror" aria-hidden="true">{mirror}</ol>
                <textarea
                    class="cell-text"
                    node_ref=node
                    wrap="off"
                    rows="1"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    aria-label=say!(cell.text_label)
                    aria-describedby="cell-faults cell-keys"
                    aria-invalid=move || reading.is_wrong.get().then_some("true")
                    data-testid="cell-text"
                    on:input=on_input
                    on:keydown=on_key
                    on:keyup=move |_| follow_caret()
                    on:click=move |_| follow_caret()
                ></textarea>
            </div>
        </div>
    }
}

/// One line as it is seen: its number, its parts, what stands under it.
fn written(place: usize, line: &Line, errors: &[SyntaxError], reading: Reading) -> impl IntoView + use<> {
    let pieces = line.pieces.iter().map(piece).collect_view();
    let (gloss, is_wrong) = match &line.gloss {
        Gloss::Nothing => (().into_any(), false),
        Gloss::Shapes(shapes) => {
            let shapes = shapes.iter().map(|(name, shape)| {
                view! { <span class="cell-shape"><i>{name.clone()}</i>": "{shape.clone()}</span> }
            });
            (shapes.collect_view().into_any(), false)
        }
        Gloss::Wrong(places) => {
            let first = places.first().and_then(|place| errors.get(*place));
            let sentence = first.map(sentence).unwrap_or_default();
            (view! { <span class="cell-wrong">"↑ "{sentence}</span> }.into_any(), true)
        }
    };
    let testid = format!("cell-line-{}", place + 1);
    view! {
        <li class="cell-line" class:wrong=is_wrong class:now=move || reading.caret_line.get() == place data-testid=testid>
            <span class="cell-number">{place + 1}</span>
            <span class="cell-code">{pieces}</span>
            <span class="cell-gloss">{gloss}</span>
        </li>
    }
}

fn piece(piece: &Piece) -> impl IntoView + use<> {
    let class = match piece.look {
        Look::Plain => String::new(),
        Look::Directive => "cell-word".to_owned(),
        Look::Comment => "cell-comment".to_owned(),
        Look::Name(role) => ink(role),
    };
    view! { <span class=class class:cell-fault=piece.is_wrong>{piece.text.clone()}</span> }
}

/// The class of a role's colour as ink; what has none is written in the text's own.
fn ink(role: Role) -> String {
    match role {
        Role::Neutral | Role::Weight | Role::Intermediate => "ink-w".to_owned(),
        role => format!("ink-{}", role.class()),
    }
}

impl Area {
    fn element(self) -> Option<HtmlTextAreaElement> {
        self.0.try_get_untracked().flatten()
    }

    /// The text and the caret's place in bytes; none while something is selected.
    fn caret(self) -> Option<(String, usize)> {
        let element = self.element()?;
        let start = element.selection_start().ok()??;
        let end = element.selection_end().ok()??;
        let text = element.value();
        (start == end).then(|| {
            let caret = byte_of(&text, start as usize);
            (text, caret)
        })
    }

    /// Does what a rule says about the text before the caret.
    fn complete(self, rule: fn(&str, usize) -> Option<Completion>) {
        if let Some((text, caret)) = self.caret()
            && let Some(found) = rule(&text, caret)
        {
            let new = found.applied(&text);
            let (from, to) = (unit_of(&text, found.from), unit_of(&text, found.to));
            let caret = unit_of(&new, found.caret);
            self.replace(from, to, &found.with, (caret, caret));
        }
    }

    /// Puts something before and behind what is selected; the caret goes between where nothing is.
    pub fn insert(self, before: &str, behind: &str) {
        let Some(element) = self.element() else { return };
        let start = element.selection_start().ok().flatten().unwrap_or(0) as usize;
        let end = element.selection_end().ok().flatten().unwrap_or(0) as usize;
        let text = element.value();
        let chosen = text.get(byte_of(&text, start)..byte_of(&text, end)).unwrap_or("");
        let with = format!("{before}{chosen}{behind}");
        let caret = start + unit_of(before, before.len()) + unit_of(chosen, chosen.len());
        let caret = if chosen.is_empty() { caret } else { caret + unit_of(behind, behind.len()) };
        self.replace(start, end, &with, (caret, caret));
    }

    /// Another text in place of the whole; Undo brings the old one back.
    pub fn replace_all(self, text: &str) {
        let Some(element) = self.element() else { return };
        let old = element.value();
        self.replace(0, unit_of(&old, old.len()), text, (0, 0));
    }

    /// Replaces a stretch, in UTF-16 units, by the browser's own command, and selects another.
    fn replace(self, from: usize, to: usize, with: &str, selected: (usize, usize)) {
        let Some(element) = self.element() else { return };
        let units = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let _ = element.focus();
        let _ = element.set_selection_range(units(from), units(to));
        let is_done = document().dyn_into::<HtmlDocument>().ok().is_some_and(|document| {
            if with.is_empty() {
                from == to || document.exec_command("delete").unwrap_or(false)
            } else {
                document.exec_command_with_show_ui_and_value("insertText", false, with).unwrap_or(false)
            }
        });
        if !is_done {
            // A browser without the command: the change is made all the same, only Undo does not know it.
            let _ = element.set_range_text_with_start_and_end(with, units(from), units(to));
            if let Ok(event) = web_sys::Event::new("input") {
                let _ = element.dispatch_event(&event);
            }
        }
        let _ = element.set_selection_range(units(selected.0), units(selected.1));
    }

    /// Selects a stretch of a line: line and column from 1, in characters as a reader counts.
    fn select(self, line: usize, column: usize, length: usize) {
        use unicode_segmentation::UnicodeSegmentation;
        let Some(element) = self.element() else { return };
        let text = element.value();
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(start..).unwrap_or("");
        let content = rest.split('\n').next().unwrap_or("");
        let bytes = |count: usize| content.graphemes(true).take(count).map(str::len).sum::<usize>();
        let (from, to) =
            (start + bytes(column.saturating_sub(1)), start + bytes(column.saturating_sub(1) + length));
        let units = |at: usize| u32::try_from(unit_of(&text, at)).unwrap_or(u32::MAX);
        let _ = element.focus();
        let _ = element.set_selection_range(units(from), units(to));
    }
}
