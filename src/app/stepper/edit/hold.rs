//! A unit held at a number: shut, open, anything between, at this step or at every one.

use leptos::prelude::*;

use super::given::Number;
use super::use_editing;
use crate::app::language::say;
use crate::app::parts::{Segment, Segmented};
use crate::view::stepper::digits::short;
use crate::view::stepper::subject::Subject;
use crate::view::stepper::terms::{hold_of, origin};

/// The control.
#[component]
pub fn Hold(subject: Subject) -> impl IntoView {
    let editing = use_editing();
    let stepper = editing.stepper;
    let target = |is_everywhere: bool| {
        untrack(|| stepper.with_model(|model| hold_of(&model.0, &subject, is_everywhere)).flatten())
    };
    let (Some(here), Some(everywhere)) = (target(false), target(true)) else { return ().into_any() };
    let targets = StoredValue::new([here, everywhere]);
    let put_there = move |is_everywhere: bool| {
        targets.with_value(|targets| editing.put_there(&targets[usize::from(is_everywhere)]))
    };
    // What is held says where; only while nothing is held, the reader does. A hold of one step goes before one of all.
    let wanted = RwSignal::new(false);
    let is_everywhere = Memo::new(move |_| match (put_there(false), put_there(true)) {
        (Some(_), _) => false,
        (None, Some(_)) => true,
        (None, None) => wanted.get(),
    });
    let target = move || targets.with_value(|targets| targets[usize::from(is_everywhere.get())].clone());
    let held = Memo::new(move |_| put_there(is_everywhere.get()));
    let is_held = Memo::new(move |_| held.get().is_some());
    // What the unit would be by its equation: a hold begins there.
    let free = Signal::derive(move || {
        let Subject::Value { part, name, step, row } = &subject else { return 0.0 };
        let came = stepper.with_model(|model| origin(&model.0, *part, name, *step, *row)).flatten();
        came.map_or(0.0, |came| came.computed)
    });
    let scope = Signal::derive(move || if is_everywhere.get() { "all" } else { "one" }.to_owned());
    let choose_scope = Callback::new(move |value: String| {
        let to_all = value == "all";
        wanted.set(to_all);
        // What was held goes along.
        if let Some(value) = held.get_untracked().filter(|_| to_all != is_everywhere.get_untracked()) {
            let [from, to] = [!to_all, to_all]
                .map(|is_all| targets.with_value(|targets| targets[usize::from(is_all)].clone()));
            editing.shift(&from, &to, value);
        }
    });
    let put = move |value: Option<f64>| {
        editing.close_step();
        editing.put(&untrack(target), value, false);
    };
    let button = move |testid: &'static str, value: f64, words: &'static str| {
        view! {
            <button
                class="ghost small" type="button" data-testid=testid
                aria-pressed=move || if held.get() == Some(value) { "true" } else { "false" }
                on:click=move |_| put(Some(value))
            >
                {words}
            </button>
        }
    };
    let scopes = vec![Segment::new("one", say!(edit.this_step)), Segment::new("all", say!(edit.every_step))];
    view! {
        <div class="hold" role="group" aria-label=say!(edit.hold)>
            <span class="label">{say!(edit.hold)}</span>
            {button("edit-hold-0", 0.0, say!(edit.at_zero))}
            {button("edit-hold-1", 1.0, say!(edit.at_one))}
            <button
                class="ghost small" type="button" data-testid="edit-hold-free"
                aria-pressed=move || if held.get().is_some_and(|held| held != 0.0 && held != 1.0) { "true" } else { "false" }
                on:click=move |_| put(Some(round(free.get_untracked())))
            >
                {say!(edit.at_number)}
            </button>
            <button
                class="ghost small" type="button" data-testid="edit-release"
                aria-disabled=move || (!is_held.get()).then_some("true")
                on:click=move |_| put(None)
            >
                {say!(edit.release)}
            </button>
            <Segmented label=say!(edit.hold_when) options=scopes value=scope on_change=choose_scope testid="edit-hold-scope"/>
        </div>
        {move || is_held.get().then(|| {
            view! {
                <div class="number-edit">
                    <Number target=target() came=free/>
                    <span class="muted num">{move || short(held.get().unwrap_or(0.0))}</span>
                </div>
                <p class="muted held-note">{say!(edit.held_note)}</p>
            }
        })}
    }
    .into_any()
}

/// Two decimals are enough to begin with.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
