//! The bar above the equations: undo, redo, compare with before, everything reset.

use leptos::prelude::*;

use super::use_editing;
use crate::app::language::{paragraph, say, say_with};
use crate::view::stepper::digits::{short, signed};
use crate::view::stepper::edits::History;

/// The bar.
#[component]
pub fn Bar() -> impl IntoView {
    let editing = use_editing();
    let stepper = editing.stepper;
    let has = Memo::new(move |_| editing.history.with(|history| history.has()));
    let count = Memo::new(move |_| stepper.state.with(|state| state.edits.len()));
    let waiting = Memo::new(move |_| stepper.with_model(|model| model.0.applied.waiting).unwrap_or(0));
    let replaced = Memo::new(move |_| editing.history.with(History::replaced));
    let said = move || {
        let mut said = match replaced.get() {
            Some(0) => vec![say!(edit.scene_before).to_owned()],
            Some(count) => vec![say_with!(edit.left_behind; "count" => count)],
            None => Vec::new(),
        };
        match count.get() {
            0 if said.is_empty() => return say!(edit.hint).to_owned(),
            0 => return paragraph(&said),
            count => said.push(say_with!(edit.count; "count" => count)),
        }
        let (now, before) = (stepper.model.get(), stepper.before.get());
        if let (Some(now), Some(before)) = (now, before) {
            let (now, before) = (now.0.trace.loss_sum, before.0.trace.loss_sum);
            said.push(say_with!(edit.loss_before_and_now;
                "before" => short(before), "now" => short(now), "difference" => signed(now - before)));
        }
        if waiting.get() > 0 {
            said.push(say_with!(edit.waiting; "count" => waiting.get()));
        }
        paragraph(&said)
    };
    let disabled = |is: bool| is.then_some("true");
    view! {
        <div class="edit-bar" data-part="numbers" role="group" aria-label=say!(edit.bar)>
            <button
                class="ghost small" type="button" data-testid="edit-undo" title="Ctrl+Z"
                aria-disabled=move || disabled(!has.get().0) on:click=move |_| editing.undo()
            >
                {say!(edit.undo)}
            </button>
            <button
                class="ghost small" type="button" data-testid="edit-redo" title="Ctrl+Shift+Z"
                aria-disabled=move || disabled(!has.get().1) on:click=move |_| editing.redo()
            >
                {say!(edit.redo)}
            </button>
            <button
                class="ghost small" type="button" data-testid="edit-compare"
                aria-pressed=move || if stepper.compares.get() { "true" } else { "false" }
                on:click=move |_| stepper.compares.update(|compares| *compares = !*compares)
            >
                {say!(edit.compare)}
            </button>
            <button
                class="ghost small" type="button" data-testid="edit-reset-all"
                aria-disabled=move || disabled(count.get() == 0) on:click=move |_| editing.reset_all()
            >
                {say!(edit.reset_all)}
            </button>
            <span class="edit-said muted" data-testid="edit-said">{said}</span>
        </div>
    }
}
