//! A step of the unrolled sentence: a button with what went in, what came out, and the states or gradients in between.

use leptos::{ev, html, prelude::*};

use super::state::{Shared, use_stepper};
use super::words;
use crate::app::language::say_with;
use crate::app::patch::patch;
use crate::view::markup::Node;
use crate::view::number::{fixed, percent};
use crate::view::stepper::Direction;
use crate::view::stepper::strip::{Frame, best};

/// One step: a button with its picture.
#[component]
pub fn StepBox(
    number: usize,
    direction: Direction,
    step: Memo<usize>,
    frame: Memo<Option<Frame>>,
) -> impl IntoView {
    let stepper = use_stepper();
    let at = number - 1;
    let is_now = Memo::new(move |_| step.get() == number);
    // The wire on the right of a box is lit once the walk has passed it.
    let is_passed = Memo::new(move |_| match direction {
        Direction::Forward => number < step.get(),
        Direction::Backward => number >= step.get(),
    });
    // Backward, the numbers of a step are there once the walk has come to it.
    let is_ahead = Memo::new(move |_| match direction {
        Direction::Forward => false,
        Direction::Backward => number < step.get(),
    });
    let name = move || stepper.with_model(|model| name(model, at));
    // What is drawn anew with every change listens to nothing itself: a memo never forgets who has listened to it.
    let place = NodeRef::<html::Span>::new();
    Effect::new(move |before: Option<Vec<Node>>| {
        let before = before.unwrap_or_default();
        let picture = frame.with(|frame| {
            let frame = frame.as_ref()?;
            stepper.with_model(|model| vec![frame.picture(&model.0, at)])
        });
        let (Some(place), Some(picture)) = (place.get(), picture) else { return before };
        patch(&place, &before, &picture);
        picture
    });
    view! {
        <button
            class="strip-step"
            class:on=is_now
            class:ahead=is_ahead
            class:passed=is_passed
            type="button"
            tabindex=move || if is_now.get() { "0" } else { "-1" }
            aria-current=move || is_now.get().then_some("step")
            data-step=number
            data-testid=format!("stepper-step-{number}")
            on:click=move |_: ev::MouseEvent| stepper.to_step(number)
        >
            // The name is text of its own, so that what is seen and what is heard cannot contradict each other.
            <span class="sr-only">{name}</span>
            <span node_ref=place></span>
        </button>
    }
}

fn name(model: &Shared, at: usize) -> String {
    let model = &model.0;
    let distribution = model.distribution(at).map(|values| values.to_vec()).unwrap_or_default();
    let label = model.sequence.labels.get(at).copied().unwrap_or(0);
    let share = |place: usize| percent(distribution.get(place).copied().unwrap_or(0.0), 0);
    let (step, input, loss) = (at + 1, words::input(model, at), fixed(model.loss(at).unwrap_or(f64::NAN), 2));
    let (right, right_share) = (words::quoted(model.sequence.symbol(label)), share(label));
    match best(&distribution) {
        Some(best) => say_with!(stepper.strip_step;
            "step" => step, "input" => input, "best" => words::quoted(model.sequence.symbol(best)),
            "share" => share(best), "label" => right, "label_share" => right_share, "loss" => loss),
        None => say_with!(stepper.strip_step_even;
            "step" => step, "input" => input, "label" => right, "label_share" => right_share, "loss" => loss),
    }
}
