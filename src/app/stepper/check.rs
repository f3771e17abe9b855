//! “How do we know?”: the derived gradients of the network in view, held against central differences in this browser.

use leptos::prelude::*;

use super::edit::called;
use super::state::{Shared, use_stepper};
use crate::app::browser::{after, now};
use crate::app::language::{paragraph, say, say_with};
use crate::engine::analysis::{CheckedWeight, GradientCheck};
use crate::view::number::{brief, count};
use crate::view::stepper::edits::Target;
use crate::view::stepper::model::{MOST_ON_THE_PAGE, cost};

/// Milliseconds of work before the page gets its turn.
const SLICE: f64 = 16.0;
/// Multiply-adds of a whole check, at most: of a large network not all numbers are moved.
const MOST_WORK: u64 = 3_000_000_000;

/// How far a check is.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    /// The network that is checked: what is found is not true of another.
    of: Shared,
    checked: usize,
    /// How many are checked, and how many the network has.
    chosen: usize,
    total: usize,
    worst: Option<CheckedWeight>,
    /// How many of those that are checked stand at a kink, where a difference says nothing.
    at_kinks: usize,
}

/// The card.
#[component]
pub fn Check() -> impl IntoView {
    let stepper = use_stepper();
    let found = RwSignal::new(None::<Found>);
    let current = Memo::new(move |_| {
        let found = found.get()?;
        (stepper.model.get().as_ref() == Some(&found.of)).then_some(found)
    });
    let is_running =
        move || current.with(|found| found.as_ref().is_some_and(|found| found.checked < found.chosen));
    let is_too_large = Memo::new(move |_| {
        stepper.with_model(|model| cost(&model.0.model, model.0.steps()) > MOST_ON_THE_PAGE).unwrap_or(true)
    });
    let begin = move |_| {
        let Some(model) = stepper.model.get_untracked().filter(|_| !is_running()) else { return };
        let Ok(check) = GradientCheck::new(model.0.model.clone(), model.0.input()) else { return };
        let total = check.total();
        let each = 2 * cost(&model.0.model, model.0.steps()).max(1);
        let check = check.spread(usize::try_from(MOST_WORK / each).unwrap_or(usize::MAX));
        found.set(Some(Found {
            of: model,
            checked: 0,
            chosen: check.total(),
            total,
            worst: None,
            at_kinks: 0,
        }));
        go_on(check, found, current);
    };
    let said = move || {
        let Found { of, checked, chosen, total, worst, at_kinks } = current.get()?;
        if !of.0.trace.loss_sum.is_finite() {
            return Some(say!(stepper.check_not_finite).to_owned());
        }
        let numbers = |n: usize| count(n as u64);
        if checked != chosen {
            return Some(
                say_with!(stepper.check_running; "done" => numbers(checked), "total" => numbers(chosen)),
            );
        }
        let kinks = (at_kinks > 0).then(|| say_with!(stepper.check_kinks; "count" => numbers(at_kinks)));
        let Some(worst) = worst else { return kinks };
        let place = Target::Weight {
            layer: worst.layer,
            name: worst.name.clone(),
            row: worst.row,
            column: worst.column,
        };
        let place = called(stepper, &of.0, &place);
        let (deviation, derived, difference) =
            (brief(worst.deviation(), 2), brief(worst.derived, 8), brief(worst.difference, 8));
        let mut said = vec![if chosen == total {
            say_with!(stepper.check_all; "total" => numbers(total), "worst" => deviation, "place" => place,
                "derived" => derived, "difference" => difference)
        } else {
            say_with!(stepper.check_some; "count" => numbers(chosen), "total" => numbers(total), "worst" => deviation,
                "place" => place, "derived" => derived, "difference" => difference)
        }];
        said.extend(kinks);
        Some(paragraph(&said))
    };
    view! {
        <section class="card check-card" aria-labelledby="check-title" data-testid="stepper-check">
            <h2 id="check-title">{say!(stepper.check_title)}</h2>
            <p>{say!(stepper.check_lead)}</p>
            <button
                class="ghost"
                type="button"
                data-testid="check-gradients"
                aria-disabled=move || (is_running() || is_too_large.get()).then_some("true")
                on:click=move |event| if !is_too_large.get_untracked() { begin(event) }
            >
                {say!(stepper.check_button)}
            </button>
            <p class="num" role="status" data-testid="check-found">
                {move || if is_too_large.get() { Some(say!(stepper.check_too_large).to_owned()) } else { said() }}
            </p>
        </section>
    }
}

/// A slice of a check, and the next one, as long as its network is in view.
fn go_on(mut check: GradientCheck, found: RwSignal<Option<Found>>, current: Memo<Option<Found>>) {
    after(0, move || {
        if current.try_get_untracked().flatten().is_none() {
            return;
        }
        let end = now() + SLICE;
        let mut is_done = false;
        while !is_done && now() < end {
            is_done = check.advance(1).unwrap_or(true);
        }
        found.update(|found| {
            if let Some(found) = found {
                found.checked = if is_done { found.chosen } else { check.checked().len() };
                found.worst = check.worst().cloned();
                found.at_kinks = check.at_kinks();
            }
        });
        if !is_done {
            go_on(check, found, current);
        }
    });
}
