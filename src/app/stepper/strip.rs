//! The sentence unrolled: a box a step, with what went in, what came out, and the states or gradients in between.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::stages::{Stage, use_stages};
use super::state::{Shared, use_stepper};
use super::words;
use crate::app::language::{say, say_with};
use crate::engine::syntax::Symbol;
use crate::language::visible::visible;
use crate::view::colour::{full_scale, heat_class};
use crate::view::number::{fixed, percent};
use crate::view::role::Role;
use crate::view::stepper::cells::{Cell, shapes};
use crate::view::stepper::window::{Shown, window};
use crate::view::stepper::{Direction, Observation, Part, observe_prediction};

/// Distance from one box to the next.
const PITCH: f64 = 92.0;
/// Left edge of the box inside its stretch.
const LEFT: f64 = 17.0;
/// Width of a box.
const BOX: f64 = 58.0;
/// Upper edge of a box.
const TOP: f64 = 60.0;
/// Height of a box.
const HEIGHT: f64 = 66.0;
/// Units shown in a box.
const UNITS: usize = 8;

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
    // One scale a row of columns, over all steps.
    let scales =
        Memo::new(move |_| stepper.with_model(|model| scales(model, direction.get())).unwrap_or_default());
    let boxes = move || {
        let direction = direction.get();
        (1..=count.get()).map(|number| view! { <StepBox number direction step scales/> }).collect_view()
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
fn StepBox(number: usize, direction: Direction, step: Memo<usize>, scales: Memo<Vec<f64>>) -> impl IntoView {
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
    let picture =
        move || scales.with(|scales| stepper.with_model(|model| picture(model, at, direction, scales)));
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
            {picture}
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

/// What is shown of a state: itself, or the gradient that reaches it.
fn shown_of(state: &Symbol, direction: Direction) -> Symbol {
    match direction {
        Direction::Forward => state.clone(),
        Direction::Backward => state.gradient(),
    }
}

/// The magnitudes at which the colours of the states' columns are full, in the order of the states.
fn scales(model: &Shared, direction: Direction) -> Vec<f64> {
    let model = &model.0;
    let top = model.model.layers.len().saturating_sub(1);
    let states = model.model.layers.last().map(|layer| layer.cell.states.clone()).unwrap_or_default();
    states.iter().map(|state| scale(model, top, &shown_of(state, direction))).collect()
}

fn picture(model: &Shared, at: usize, direction: Direction, scales: &[f64]) -> impl IntoView + use<> {
    let model = &model.0;
    let middle = LEFT + BOX / 2.0;
    let distribution = model.distribution(at).map(|values| values.to_vec()).unwrap_or_default();
    let best = best(&distribution);
    let share = distribution.iter().copied().fold(0.0, f64::max);
    let label = model.sequence.labels.get(at).copied().unwrap_or(0);
    let loss = fixed(model.loss(at).unwrap_or(f64::NAN), 2);
    let top = model.model.layers.len().saturating_sub(1);
    let states = model.model.layers.last().map(|layer| layer.cell.states.clone()).unwrap_or_default();
    let is_last = at + 1 == model.steps();

    // A rail a state, as in the cell's own drawing: memory above, hidden state below.
    let count = states.len().max(1) as f64;
    let columns = states
        .iter()
        .zip(scales)
        .rev()
        .enumerate()
        .map(|(place, (state, full))| {
            let values = model
                .column(Part::Layer(top), &shown_of(state, direction), at)
                .map(|v| v.into_raw_vec_and_offset().0)
                .unwrap_or_default();
            let width = (BOX - 18.0 - 4.0 * (count - 1.0)) / count;
            heat(&values, *full, LEFT + 9.0 + place as f64 * (width + 4.0), width)
        })
        .collect_view();
    let wires = (!is_last).then(|| {
        states
            .iter()
            .enumerate()
            .map(|(place, state)| {
                let y = rail(place, states.len());
                wire(model.role(state), y, direction)
            })
            .collect_view()
    });
    let arrive = (at > 0).then(|| {
        states
            .iter()
            .enumerate()
            .map(|(place, state)| {
                let y = rail(place, states.len());
                let role = model.role(state).class();
                view! { <path class=format!("strip-wire stroke-{role}") d=format!("M0 {y}H{LEFT}")></path> }
            })
            .collect_view()
    });
    let input = model.sequence.input(at).map(|symbol| visible(symbol).into_owned());
    let is_zero = input.is_none();
    let input = input.unwrap_or_else(|| "0".to_owned());
    let shown = |place: usize| visible(model.sequence.symbol(place)).into_owned();
    let right = best == Some(label);
    let best = best.map_or_else(|| "·".to_owned(), |best| short_symbol(&shown(best)));
    view! {
        <svg width=PITCH height="184" viewBox=format!("0 0 {PITCH} 184") aria-hidden="true">
            <text class="strip-label" class:right=right x=middle y="14" text-anchor="middle">
                {short_symbol(&shown(label))}<tspan class="strip-loss" dx="5">{loss}</tspan>
            </text>
            <rect class="prob-bar" x=LEFT + 6.0 y="24" width=(BOX - 12.0) * share.clamp(0.0, 1.0) height="5" rx="2"></rect>
            <rect class="prob-frame" x=LEFT + 6.0 y="24" width=BOX - 12.0 height="5" rx="2"></rect>
            <text class="strip-best" x=middle y="46" text-anchor="middle">
                {best}<tspan class="strip-share" dx="4">{fixed(share, 2)}</tspan>
            </text>
            <path class="stroke-y strip-stem" d=format!("M{middle} {}v-9", TOP - 1.0)></path>
            {arrive}
            {wires}
            <rect class="strip-box" x=LEFT y=TOP width=BOX height=HEIGHT rx="6"></rect>
            <g class="heat-of-step">{columns}</g>
            <path class="stroke-x strip-stem" d=format!("M{middle} 148V{}", TOP + HEIGHT + 7.0)></path>
            <path class="fill-x" d=format!("M{middle} {}l-4 7h8z", TOP + HEIGHT + 2.0)></path>
            <text class="strip-input" class:zero=is_zero x=middle y="167" text-anchor="middle">{short_symbol(&input)}</text>
        </svg>
    }
}

fn wire(role: Role, y: f64, direction: Direction) -> impl IntoView + use<> {
    let role = role.class();
    let arrow = match direction {
        Direction::Forward => format!("M{} {}l6 4l-6 4z", PITCH - 9.0, y - 4.0),
        Direction::Backward => format!("M{} {}l-6 4l6 4z", LEFT + BOX + 9.0, y - 4.0),
    };
    view! {
        <g>
            <path class=format!("strip-wire stroke-{role}") d=format!("M{} {y}H{PITCH}", LEFT + BOX)></path>
            <path class=format!("strip-arrow fill-{role}") d=arrow></path>
        </g>
    }
}

fn rail(place: usize, count: usize) -> f64 {
    // The last state of the list lies uppermost, as memory does over the hidden state.
    let from_top = count.saturating_sub(1).saturating_sub(place) as f64;
    TOP + HEIGHT * (from_top + 1.0) / (count as f64 + 1.0)
}

fn heat(values: &[f64], full: f64, x: f64, width: f64) -> impl IntoView + use<> {
    let shown = window(values.len(), 0, UNITS);
    let pitch = (HEIGHT - 12.0) / shown.len().max(1) as f64;
    let y = |place: usize| TOP + 6.0 + place as f64 * pitch;
    let (mut cells, mut gaps) = (Vec::new(), Vec::new());
    for (place, shown) in shown.iter().enumerate() {
        match shown {
            Shown::Entry(entry) => {
                let class = heat_class(values.get(*entry).copied().unwrap_or(f64::NAN), full);
                cells.push(Cell { class, x, y: y(place), width, height: (pitch - 1.0).max(1.0) });
            }
            Shown::Gap(_) => gaps.push(y(place) + pitch / 2.0),
        }
    }
    let cells = shapes(cells, 1.0)
        .into_iter()
        .map(|(class, path)| view! { <path class=class d=path></path> })
        .collect_view();
    let gaps = gaps
        .into_iter()
        .map(|y| view! { <circle class="strip-gap" cx=x + width / 2.0 cy=y r="1.3"></circle> })
        .collect_view();
    view! { {cells} {gaps} }
}

fn scale(model: &crate::view::stepper::model::StepperModel, layer: usize, name: &Symbol) -> f64 {
    let own = model.values(Part::Layer(layer), name).map_or(1.0, |values| full_scale(values.iter().copied()));
    if name.0.starts_with('d') { own } else { own.max(1.0) }
}

/// The likeliest symbol; none where all are as likely.
fn best(distribution: &[f64]) -> Option<usize> {
    match observe_prediction(1, distribution, None)? {
        Observation::Prediction { index, .. } => Some(index),
        _ => None,
    }
}

/// At most six characters of a symbol: a word is cut with an ellipsis.
fn short_symbol(symbol: &str) -> String {
    if symbol.chars().count() <= 6 {
        symbol.to_owned()
    } else {
        symbol.chars().take(5).chain(['…']).collect()
    }
}
