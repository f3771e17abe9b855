//! A gradient taken apart: by the lines and steps that brought its parts, and by the step whose loss they came from.
//! Both add up to it.

use leptos::prelude::*;

use super::use_editing;
use crate::app::language::{say, say_with};
use crate::app::parts::{Formula, Segment, Segmented};
use crate::app::stepper::state::Shared;
use crate::view::stepper::digits::{short, signed};
use crate::view::stepper::shares::{Share, by_loss, is_light, shares};
use crate::view::stepper::subject::Subject;
use crate::view::stepper::sums::Spot;
use crate::view::stepper::{Direction, Position};

/// Width of a bar's picture, its zero in the middle.
const BAR: f64 = 80.0;

/// One row of the list.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    step: usize,
    /// The backward line, from 0; none for a step's loss.
    line: Option<usize>,
    value: f64,
}

/// The parts.
#[component]
pub fn Gradient(subject: Subject) -> impl IntoView {
    let stepper = use_editing().stepper;
    let is_of_weight = matches!(subject, Subject::WeightGradient { .. });
    let subject = StoredValue::new(subject);
    let splits_by_loss = RwSignal::new(false);
    // Each part by loss takes a trace of its own: for a large network only when it is asked for.
    let rows = Memo::new(move |_| {
        let found = if splits_by_loss.get() {
            let of = |model: &Shared| subject.with_value(|subject| by_loss(&model.0, subject));
            let losses = stepper.with_model(of).flatten()?;
            let row = |(step, value)| Row { step, line: None, value };
            losses.into_iter().enumerate().map(row).collect::<Vec<_>>()
        } else {
            let of = |model: &Shared| subject.with_value(|subject| shares(&model.0, subject));
            let row = |share: Share| {
                let Spot { step, line } = share.from;
                Row { step, line: Some(line), value: share.value }
            };
            stepper.with_model(of).flatten()?.into_iter().map(row).collect()
        };
        Some(found)
    });
    let may_split = Memo::new(move |_| stepper.with_model(|model| is_light(&model.0)).unwrap_or(false));
    let split = Signal::derive(move || if splits_by_loss.get() { "loss" } else { "use" }.to_owned());
    let choose = Callback::new(move |value: String| splits_by_loss.set(value == "loss"));
    let by_use = if is_of_weight { say!(edit.by_step) } else { say!(edit.by_line) };
    let options =
        StoredValue::new(vec![Segment::new("use", by_use), Segment::new("loss", say!(edit.by_loss))]);
    let sum = move || {
        rows.get().map(|rows| {
            let sum: f64 = rows.iter().map(|row| row.value).sum();
            say_with!(edit.parts_sum; "count" => rows.len(), "sum" => short(sum))
        })
    };
    let stops = move || {
        let is_held = |model: &Shared| subject.with_value(|subject| model.0.stops(subject));
        let is_held = stepper.with_model(is_held).unwrap_or(false) && !splits_by_loss.get();
        is_held
            .then(|| view! { <p class="number-sum" data-testid="edit-stops">{say!(edit.stops_instead)}</p> })
    };
    let list = move || {
        let rows = rows.get()?;
        let full = rows.iter().fold(0.0, |most: f64, row| most.max(row.value.abs()));
        Some(rows.into_iter().map(|row| view! { <Part row full is_of_weight/> }).collect_view())
    };
    view! {
        <Show when=move || may_split.get()>
            <Segmented label=say!(edit.parts) options=options.get_value() value=split on_change=choose testid="edit-split"/>
        </Show>
        <ol class="shares" aria-label=say!(edit.parts) data-testid="edit-shares">{list}</ol>
        <p class="number-sum num" data-testid="edit-sum">{sum}</p>
        {stops}
    }
}

/// One part: where it came from, as a button where that is a line, and how much it is.
#[component]
fn Part(row: Row, full: f64, is_of_weight: bool) -> impl IntoView {
    let stepper = use_editing().stepper;
    let Row { step, line, value } = row;
    let words = match line {
        Some(line) if !is_of_weight => say_with!(stepper.source; "step" => step + 1, "line" => line + 1),
        Some(_) => say_with!(edit.used_at; "step" => step + 1),
        None => say_with!(edit.loss_of; "step" => step + 1),
    };
    let formula = line.filter(|_| !is_of_weight).and_then(|line| {
        let equation = untrack(|| {
            stepper.with_model(|model| Some(model.0.lines.backward.get(line)?.equation())).flatten()
        })?;
        let node = untrack(|| stepper.typesetter(step + 1)).backward(&equation);
        Some(view! { <Formula node=Signal::stored(node)/> })
    });
    let name = view! { <span class="num">{words}</span> " " {formula} };
    let name = match line {
        Some(equation) => view! {
            <button
                class="source" type="button"
                on:click=move |_| stepper.go(Position { step: step + 1, equation, direction: Direction::Backward })
            >
                {name}
            </button>
        }
        .into_any(),
        None => view! { <span class="share-name">{name}</span> }.into_any(),
    };
    let length = if full > 0.0 { value.abs() / full * BAR / 2.0 } else { 0.0 };
    let start = if value < 0.0 { BAR / 2.0 - length } else { BAR / 2.0 };
    let class = if value < 0.0 { "share-bar below" } else { "share-bar" };
    view! {
        <li class="share">
            {name}
            <svg class="share-picture" width=BAR height="10" viewBox=format!("0 0 {BAR} 10") aria-hidden="true">
                <path class="share-zero" d=format!("M{} 0v10", BAR / 2.0)></path>
                <rect class=class x=start y="2" width=length height="6"></rect>
            </svg>
            <span class="num share-number">{signed(value)}</span>
        </li>
    }
}
