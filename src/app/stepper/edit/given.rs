//! A number that can be changed: a field, a slider, its place in the matrix, and the way back.

use leptos::{ev, prelude::*};

use super::use_editing;
use crate::app::language::{say, say_with};
use crate::app::parts::FieldError;
use crate::view::stepper::digits::{short, signed};
use crate::view::stepper::edits::{LARGEST, NotTaken, Target, for_a_field, nudged, reach, read_number};
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::spell::Entry;
use crate::view::stepper::subject::Subject;

/// The editor.
#[component]
pub fn Given(target: Target) -> impl IntoView {
    let editing = use_editing();
    let stepper = editing.stepper;
    let came = {
        let target = target.clone();
        Memo::new(move |_| stepper.with_model(|model| model.0.came(&target)).flatten().unwrap_or(0.0))
    };
    let put_there = {
        let target = target.clone();
        Memo::new(move |_| editing.put_there(&target))
    };
    let after = {
        let target = target.clone();
        move || {
            let was = came.get();
            put_there.get().map(|now| {
                let words = say_with!(edit.was; "value" => short(was), "difference" => signed(now - was));
                let target = target.clone();
                view! {
                    <span class="num muted" data-testid="edit-was">{words}</span>
                    <button
                        class="ghost small" type="button" data-testid="edit-reset"
                        on:click=move |_| {
                            editing.close_step();
                            editing.put(&target, None, false);
                        }
                    >
                        {say!(edit.reset)}
                    </button>
                }
            })
        }
    };
    view! {
        <div class="number-edit">
            <Number target=target.clone() came=came.into()/>
            <Place target/>
        </div>
        <p class="number-after">{after}</p>
    }
}

/// The field and the slider for what a target is put at; without a change they show what came.
#[component]
pub fn Number(target: Target, came: Signal<f64>) -> impl IntoView {
    let editing = use_editing();
    let target = StoredValue::new(target);
    let number =
        Memo::new(move |_| target.with_value(|target| editing.put_there(target)).unwrap_or(came.get()));
    let wrong = RwSignal::new(None::<NotTaken>);
    // What is being typed stays as it is, also where it says the same as a shorter text.
    let typed = RwSignal::new(None::<String>);
    let shown = move || typed.get().unwrap_or_else(|| for_a_field(number.get()));
    let sentence = Signal::derive(move || {
        wrong.get().map(|wrong| match wrong {
            NotTaken::Empty => say!(edit.nothing_typed).to_owned(),
            NotTaken::NoNumber => say!(edit.no_number).to_owned(),
            NotTaken::TooLarge => say_with!(edit.too_large; "most" => LARGEST),
        })
    });
    let put = move |value: f64, is_dragged: bool| {
        target.with_value(|target| editing.put(target, Some(value), is_dragged));
    };
    // Says whether the field holds a number.
    let take = move || {
        let Some(text) = typed.try_get_untracked().flatten() else { return true };
        match read_number(&text) {
            Ok(value) => {
                put(value, true);
                editing.close_step();
                typed.set(None);
                wrong.set(None);
                true
            }
            Err(why) => {
                wrong.set(Some(why));
                false
            }
        }
    };
    let on_input = move |event: ev::Event| {
        let text = event_target_value(&event);
        // Everything follows while one types; about what is no number yet nothing is said before one is done.
        if let Ok(value) = read_number(&text) {
            wrong.set(None);
            put(value, true);
        }
        typed.set(Some(text));
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let steps = match event.key().as_str() {
            "ArrowUp" => 1.0,
            "ArrowDown" => -1.0,
            "Enter" => {
                event.prevent_default();
                if take() {
                    editing.leave();
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let from = typed.get_untracked().and_then(|text| read_number(&text).ok());
        let from = from.unwrap_or_else(|| number.get_untracked());
        typed.set(None);
        wrong.set(None);
        put(nudged(from, steps, event.shift_key()), true);
    };
    // It does not run away under a finger: it grows only where the number has to be shown.
    let most = Memo::new(move |before: Option<&f64>| {
        let needed = reach([came.get()]);
        let now = number.get().abs();
        let kept = before.copied().unwrap_or(needed).max(needed);
        if now > kept { reach([now]) } else { kept }
    });
    view! {
        <input
            class="num field field-8" type="text" inputmode="decimal" autocomplete="off" spellcheck="false"
            aria-label=say!(edit.number)
            aria-describedby="edit-number-error"
            aria-invalid=move || wrong.with(Option::is_some).then_some("true")
            data-testid="edit-number"
            prop:value=shown
            on:input=on_input
            on:change=move |_| { take(); }
            on:keydown=on_key
            on:blur=move |_| editing.close_step()
        />
        <input
            class="number-slider" type="range" step="0.01"
            min=move || (-most.get()).to_string() max=move || most.get().to_string()
            aria-label=say!(edit.slider)
            data-testid="edit-slider"
            prop:value=move || number.get().to_string()
            on:input=move |event| {
                if let Ok(value) = read_number(&event_target_value(&event)) {
                    typed.set(None);
                    wrong.set(None);
                    target.with_value(|target| editing.put_soon(target, value));
                }
            }
            on:change=move |_| editing.close_step()
        />
        <FieldError id="edit-number-error" sentence/>
    }
}

/// Row and column, to go to a neighbour with the keyboard.
#[component]
fn Place(target: Target) -> impl IntoView {
    let editing = use_editing();
    let stepper = editing.stepper;
    let size = untrack(|| stepper.with_model(|model| size_of(&model.0, &target)).flatten());
    let (row, column) = match &target {
        Target::Weight { row, column, .. } => (*row, Some(*column)),
        Target::Input { row, .. } | Target::Initial { row, .. } => (*row, None),
        Target::Held { unit, .. } => (*unit, None),
    };
    let (rows, columns) = size.unwrap_or((row + 1, 1));
    let field = move |control: &'static str, label: &'static str, at: usize, of: usize, target: Target| {
        let go = move |event: ev::Event| {
            let typed = event_target_value(&event).trim().parse::<usize>().unwrap_or(at + 1);
            let place = typed.clamp(1, of.max(1)) - 1;
            let mut target = target.clone();
            match &mut target {
                Target::Weight { column, .. } if control == "edit-column" => *column = place,
                Target::Weight { row, .. } | Target::Input { row, .. } | Target::Initial { row, .. } => {
                    *row = place;
                }
                Target::Held { unit, .. } => *unit = place,
            }
            // A window onto a large matrix goes along.
            if let Target::Weight { row, column, .. } = &target {
                stepper.choose(Entry { row: *row, column: *column });
            }
            editing.move_to(Subject::Given(target), control);
        };
        view! {
            <label class="number-place">
                <span class="muted">{label}</span>
                <input
                    class="num field field-5" type="number" min="1" max=of.to_string()
                    data-testid=control prop:value=(at + 1).to_string() on:change=go
                />
            </label>
        }
    };
    view! {
        {(rows > 1).then(|| field("edit-row", say!(edit.row), row, rows, target.clone()))}
        {column.filter(|_| columns > 1).map(|column| field("edit-column", say!(edit.column), column, columns, target.clone()))}
    }
}

/// Rows and columns of what a target is an entry of.
fn size_of(model: &StepperModel, target: &Target) -> Option<(usize, usize)> {
    match target {
        Target::Weight { layer, name, .. } => Some(model.model.weight(*layer, name)?.dim()),
        Target::Input { .. } => Some((model.model.input, 1)),
        Target::Initial { layer, .. } | Target::Held { layer, .. } => Some((model.hidden(*layer), 1)),
    }
}
