//! The blocks of an opened equation, as `view::stepper::blocks` draws them: kept up with the numbers, and listened to.
//! One listener does for all pictures, and the elements stay while their numbers change.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::edit::use_editing;
use super::room::use_room;
use super::state::use_stepper;
use crate::app::browser::document;
use crate::app::language::{say, say_with};
use crate::app::parts::Formula;
use crate::app::patch::patch;
use crate::engine::syntax::Expr;
use crate::view::markup::Node;
use crate::view::number::count;
use crate::view::stepper::blocks::{Drawn, Scene, Words, draw};
use crate::view::stepper::lines::Line;
use crate::view::stepper::matrix::{Picture, Place};
use crate::view::stepper::opened_line::{Opened, result_subject};
use crate::view::stepper::opening::Standing;
use crate::view::stepper::spell::Entry;
use crate::view::stepper::subject::Subject;

/// The blocks, a slider whose value is the row that is spelled out.
#[component]
pub fn Blocks(
    line: StoredValue<Line>,
    opened: Memo<Option<Opened>>,
    /// The step, from 1.
    step: Memo<usize>,
    /// The entry that is spelled out.
    entry: Memo<Entry>,
    /// The same as long as no pointer shows another one.
    chosen: Memo<Entry>,
    /// That row in words.
    #[prop(into)]
    spoken: Signal<String>,
) -> impl IntoView {
    let (stepper, editing, room) = (use_stepper(), use_editing(), use_room());
    let rows = move || opened.with(|opened| opened.as_ref().map_or(1, |opened| opened.rows).max(1));
    let part = line.with_value(|line| line.part);

    let drawn = move || {
        let standing = stepper.part.get();
        let (full, pieces) =
            opened.with(|opened| opened.as_ref().map(|opened| (opened.full(), opened.shown(standing))))?;
        // Marks and subjects are those of the model that was opened.
        let model = stepper.model.get_untracked()?;
        let before = stepper.before.get();
        let place = Place {
            model: &model.0,
            before: before.as_ref().map(|before| &*before.0),
            part,
            step: step.get().checked_sub(1)?,
        };
        let windowed =
            |rows: usize, columns: usize| say_with!(stepper.windowed; "rows" => rows, "columns" => columns);
        let number = |n: usize| count(n as u64);
        let differing = |some: usize, all: usize, most: &str| say_with!(stepper.differing; "count" => number(some), "total" => number(all), "most" => most);
        let scene = Scene {
            place,
            letters: stepper.typesetter(step.get()),
            words: Words { standing: word, windowed: &windowed, differing: &differing },
            room: room.get(),
            entry: entry.get(),
            // The row that is spelled out is seen in the window; a column only where one was chosen.
            chosen: Entry { row: chosen.get().row, ..stepper.chosen() },
            has_column: stepper.column.with(Option::is_some),
        };
        Some(draw(&pieces, full, &scene))
    };
    let place = NodeRef::<html::Div>::new();
    let pictures = StoredValue::new(Vec::<Picture>::new());
    Effect::new(move |before: Option<Vec<Node>>| {
        let before = before.unwrap_or_default();
        let (Some(place), Some(Drawn { nodes, pictures: new })) = (place.get(), drawn()) else {
            return before;
        };
        patch(&place, &before, &nodes);
        if before.is_empty() && stepper.hands_focus_on.get_value() {
            stepper.hands_focus_on.set_value(false);
            let _ = place.focus();
        }
        pictures.set_value(new);
        nodes
    });

    // Where the pointer is says which entry of which picture it is over.
    let picture_at = move |event: &ev::MouseEvent| {
        let picture = event.target()?.dyn_into::<web_sys::Element>().ok()?.closest("svg.matrix").ok()??;
        let at = picture.get_attribute("data-place")?.parse::<usize>().ok()?;
        Some((picture.get_bounding_client_rect(), pictures.with_value(|all| all.get(at).cloned())?))
    };
    let entry_at = move |event: &ev::MouseEvent| {
        let (outline, picture) = picture_at(event)?;
        let x = f64::from(event.client_x()) - outline.left();
        let y = f64::from(event.client_y()) - outline.top();
        picture.entry_at((x, y), outline.height()).map(|entry| (picture, entry))
    };
    let subject_at = move |picture: &Picture, entry: Entry| -> Option<Subject> {
        let model = stepper.model.get_untracked()?;
        let step = step.get_untracked().checked_sub(1)?;
        picture.subject(Place { model: &model.0, before: None, part, step }, entry)
    };
    let point_at = move |entry: Option<Entry>| {
        if stepper.pointed.get_untracked() != entry {
            stepper.pointed.set(entry);
        }
    };
    let point = move |event: ev::PointerEvent| {
        if picture_at(&event).is_none() {
            point_at(None);
        } else if let Some((picture, own)) = entry_at(&event).filter(|(picture, _)| picture.follows()) {
            point_at(Some(picture.chosen(own, entry.get_untracked())));
        }
    };
    let choose = move |event: ev::MouseEvent| {
        // A number that was dragged was not clicked.
        let Some((picture, own)) = entry_at(&event).filter(|_| !editing.has_dragged()) else { return };
        if picture.follows() {
            stepper.choose(picture.chosen(own, entry.get_untracked()));
        }
        if let Some(subject) = subject_at(&picture, own) {
            let seen = picture_at(&event).and_then(|(outline, picture)| {
                let (top, bottom) = picture.row_at(own.row, outline.height())?;
                Some((outline.top() + top, outline.top() + bottom))
            });
            editing.open_beside(subject, seen);
        }
    };
    let take_hold = move |event: ev::PointerEvent| {
        let subject = entry_at(&event).and_then(|(picture, entry)| subject_at(&picture, entry));
        if let Some(subject) = subject {
            editing.take_hold(&subject, &event);
        }
    };
    let move_row = move |event: ev::KeyboardEvent| {
        let now = entry.get_untracked();
        let last = untrack(rows) - 1;
        let row = match event.key().as_str() {
            "ArrowDown" => (now.row + 1).min(last),
            "ArrowUp" => now.row.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            "Enter" => {
                let at = step.get_untracked() - 1;
                let model = stepper.model.get_untracked();
                let subject =
                    model.and_then(|model| line.with_value(|line| result_subject(&model.0, line, at, now)));
                if let Some(subject) = subject {
                    event.prevent_default();
                    editing.open_beside(subject, chosen_row());
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        stepper.pointed.set(None);
        stepper.choose(Entry { row, ..now });
    };
    view! {
        <div
            class="open-rows"
            role="slider"
            tabindex="0"
            aria-label=say!(stepper.rows)
            aria-orientation="vertical"
            aria-valuemin="1"
            aria-valuemax=rows
            aria-valuenow=move || entry.get().row + 1
            aria-valuetext=spoken
            data-testid="stepper-rows"
            on:keydown=move_row
            on:pointermove=point
            on:pointerdown=take_hold
            on:pointerleave=move |_| point_at(None)
            on:click=choose
            node_ref=place
        ></div>
    }
}

/// Where the chosen row of the opened equation's result stands in the window, from its upper to its lower edge.
pub fn chosen_row() -> Option<(f64, f64)> {
    let frames = document().query_selector_all(".eq-item.on .matrix-chosen > rect").ok()?;
    let frame = frames.item(frames.length().checked_sub(1)?)?.dyn_into::<web_sys::Element>().ok()?;
    let outline = frame.get_bounding_client_rect();
    Some((outline.top(), outline.bottom()))
}

/// What a block is, in the letters of the page and at the step in view. Who draws it listens to both.
pub fn name(label: Expr, step: Signal<usize>) -> impl IntoView {
    let stepper = use_stepper();
    let node = stepper.typesetter(step.get()).expression(&label);
    view! { <Formula node=Signal::stored(node)/> }
}

/// The word over a block's name.
pub fn word(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Read | Standing::Result => None,
        Standing::Added => Some(say!(stepper.added)),
        Standing::Before => Some(say!(stepper.before)),
        Standing::After => Some(say!(stepper.after)),
    }
}
