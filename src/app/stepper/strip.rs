//! The sentence unrolled: a box a step, with what went in, what came out, and the states or gradients in between.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::stages::{Stage, use_stages};
use super::state::{Shared, use_stepper};
use super::words;
use crate::app::language::{say, say_with};
use crate::app::patch::patch;
use crate::view::markup::Node;
use crate::view::number::{fixed, percent};
use crate::view::stepper::Direction;
use crate::view::stepper::strip::{Frame, PITCH, best};

/// The strip.
#[component]
pub fn Strip() -> impl IntoView {
    let stepper = use_stepper();
    let scroller = NodeRef::<html::Div>::new();
    let step = Memo::new(move |_| stepper.position.get().step);
    let direction = Memo::new(move |_| stepper.position.get().direction);
    let is_due = use_stages().reached(Stage::Strip);
    // How many boxes there are: numbers that change in them move nothing.
    let count = Memo::new(move |_| {
        let shown = if is_due.get() { stepper.with_model(|model| model.0.steps()) } else { None };
        shown.unwrap_or(0)
    });
    // The current box is brought into view, and keeps the focus if a box had it.
    Effect::new(move |_| {
        let step = step.get();
        count.track();
        let Some(scroller) = scroller.get() else { return };
        let left = (step.saturating_sub(1)) as f64 * PITCH;
        let middle = left - (f64::from(scroller.client_width()) - PITCH) / 2.0;
        scroller.set_scroll_left(middle.max(0.0) as i32);
        let had_focus =
            document().active_element().is_some_and(|active| active.class_list().contains("strip-step"));
        if had_focus {
            let current = scroller.query_selector(&format!("[data-step='{step}']")).ok().flatten();
            if let Some(current) = current.and_then(|current| current.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = current.focus();
            }
        }
    });
    let frame = Memo::new(move |_| stepper.with_model(|model| Frame::of(&model.0, direction.get())));
    let boxes = move || {
        let direction = direction.get();
        (1..=count.get()).map(|number| view! { <StepBox number direction step frame/> }).collect_view()
    };
    let total = move || {
        stepper.model.get().map(|model| {
            let (sum, steps) = (model.0.trace.loss_sum, model.0.steps().max(1) as f64);
            let mean = sum / steps;
            say_with!(stepper.total_loss; "sum" => fixed(sum, 2), "mean" => fixed(mean, 3), "perplexity" => fixed(libm::exp(mean), 2))
        })
    };
    let rows = move || match direction.get() {
        Direction::Forward => say!(stepper.strip_states),
        Direction::Backward => say!(stepper.strip_gradients),
    };
    view! {
        <section class="card strip" aria-label=say!(stepper.strip) data-testid="stepper-strip">
            <div class="strip-names" aria-hidden="true">
                <span class="strip-name-target">{say!(stepper.strip_target)}</span>
                <span class="strip-name-prediction">{say!(stepper.strip_prediction)}</span>
                <span class="strip-name-states">{rows}</span>
                <span class="strip-name-input">{say!(stepper.strip_input)}</span>
            </div>
            <div class="strip-scroller" node_ref=scroller>{boxes}</div>
            <p class="strip-total muted" data-testid="stepper-total-loss">{total}</p>
        </section>
    }
}

/// One step: a button with its picture.
#[component]
fn StepBox(
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
