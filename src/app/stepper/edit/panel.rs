//! The panel below the numbers of the opened equation: one number, to be changed or explained.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::given::Given;
use super::gradient::Gradient;
use super::value::Value;
use super::{names, use_editing};
use crate::app::browser::{document, matches};
use crate::app::language::say;
use crate::app::parts::Named;
use crate::view::stepper::subject::Subject;

/// The panel; nothing while no number is looked at.
#[component]
pub fn Panel() -> impl IntoView {
    let editing = use_editing();
    move || editing.stepper.subject.get().map(|subject| view! { <Shown subject/> })
}

#[component]
fn Shown(subject: Subject) -> impl IntoView {
    let editing = use_editing();
    let stepper = editing.stepper;
    let place = NodeRef::<html::Section>::new();
    let title = {
        let subject = subject.clone();
        Memo::new(move |_| {
            stepper.with_model(|model| names::subject(stepper, &model.0, &subject)).unwrap_or_default()
        })
    };
    Effect::new(move |_| {
        let Some(panel) = place.get() else { return };
        let Some(control) = editing.focus.try_update_value(Option::take).flatten() else { return };
        let found = panel.query_selector(&format!("[data-testid={control}]")).ok().flatten();
        // On a touch screen a field would bring the keyboard up over the numbers.
        let found = found.filter(|_| control != "edit-number" || !matches("(pointer: coarse)"));
        match found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            Some(control) => {
                let _ = control.focus();
                if let Some(field) = control.dyn_ref::<web_sys::HtmlInputElement>() {
                    field.select();
                }
            }
            None => {
                let _ = panel.focus();
            }
        }
    });
    // What stood there when the panel was opened: Escape puts it back.
    let given = match &subject {
        Subject::Given(target) => Some((target.clone(), untrack(|| editing.put_there(target)))),
        _ => None,
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() != "Escape" {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if let Some((target, before)) = &given {
            editing.close_step();
            editing.put(target, *before, false);
        }
        editing.leave();
    };
    let body = match subject {
        Subject::Given(target) => view! { <Given target/> }.into_any(),
        value @ (Subject::Value { .. } | Subject::Inner { .. }) => {
            view! { <Value subject=value/> }.into_any()
        }
        gradient => view! { <Gradient subject=gradient/> }.into_any(),
    };
    view! {
        <section
            class="number-panel" node_ref=place tabindex="-1" aria-label=title data-testid="edit-panel"
            on:keydown=on_key
        >
            <div class="number-head">
                <h2 class="number-title" data-testid="edit-title"><Named words=title/></h2>
                <button
                    class="ghost small icon" type="button" aria-label=say!(edit.close) title=say!(edit.close)
                    data-testid="edit-close" on:click=move |_| editing.leave()
                >
                    "×"
                </button>
            </div>
            {body}
        </section>
    }
}

/// Gives the focus to an element by its name in tests, if it is there.
pub fn focus(testid: &str) {
    let found = document().query_selector(&format!("[data-testid={testid}]")).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
