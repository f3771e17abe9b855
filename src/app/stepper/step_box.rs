//! A step of the unrolled sentence: a button with what went in, what came out, and the states or gradients in between.

use leptos::{ev, prelude::*};

use super::state::{Shared, use_stepper};
use super::words;
use crate::app::language::say_with;
use crate::engine::syntax::Symbol;
use crate::language::visible::visible;
use crate::view::colour::{full_scale, heat_class};
use crate::view::number::{fixed, percent};
use crate::view::role::Role;
use crate::view::stepper::cells::{Cell, shapes};
use crate::view::stepper::window::{Shown, window};
use crate::view::stepper::{Direction, Observation, Part, observe_prediction};

/// Width of a box.
const BOX: f64 = 58.0;
/// Upper edge of a box.
const TOP: f64 = 60.0;
/// Height of a box.
const HEIGHT: f64 = 66.0;
/// Units shown in a box.
const UNITS: usize = 8;

/// What the pictures of all steps have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Pixels from one box to the next.
    pub pitch: f64,
    /// The magnitudes at which the colours of the states' columns are full, in the order of the states.
    pub scales: Vec<f64>,
}

/// One step: a button with its picture.
#[component]
pub fn StepBox(number: usize, direction: Direction, step: Memo<usize>, look: Memo<Look>) -> impl IntoView {
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
    let picture = move || look.with(|look| stepper.with_model(|model| picture(model, at, direction, look)));
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
pub fn scales(model: &Shared, direction: Direction) -> Vec<f64> {
    let model = &model.0;
    let top = model.model.layers.len().saturating_sub(1);
    let states = model.model.layers.last().map(|layer| layer.cell.states.clone()).unwrap_or_default();
    states.iter().map(|state| scale(model, top, &shown_of(state, direction))).collect()
}

fn picture(model: &Shared, at: usize, direction: Direction, look: &Look) -> impl IntoView + use<> {
    let model = &model.0;
    let pitch = look.pitch;
    let (middle, left) = (pitch / 2.0, left(pitch));
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
        .zip(&look.scales)
        .rev()
        .enumerate()
        .map(|(place, (state, full))| {
            let values = model
                .column(Part::Layer(top), &shown_of(state, direction), at)
                .map(|v| v.into_raw_vec_and_offset().0)
                .unwrap_or_default();
            let width = (BOX - 18.0 - 4.0 * (count - 1.0)) / count;
            heat(&values, *full, left + 9.0 + place as f64 * (width + 4.0), width)
        })
        .collect_view();
    let wires = (!is_last).then(|| {
        states
            .iter()
            .enumerate()
            .map(|(place, state)| {
                let y = rail(place, states.len());
                wire(model.role(state), y, direction, pitch)
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
                view! { <path class=format!("strip-wire stroke-{role}") d=format!("M0 {y}H{left}")></path> }
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
        <svg width=pitch height="184" viewBox=format!("0 0 {pitch} 184") aria-hidden="true">
            <text class="strip-label" class:right=right x=middle y="14" text-anchor="middle">
                {short_symbol(&shown(label))}<tspan class="strip-loss" dx="5">{loss}</tspan>
            </text>
            <rect class="prob-bar" x=left + 6.0 y="24" width=(BOX - 12.0) * share.clamp(0.0, 1.0) height="5" rx="2"></rect>
            <rect class="prob-frame" x=left + 6.0 y="24" width=BOX - 12.0 height="5" rx="2"></rect>
            <text class="strip-best" x=middle y="46" text-anchor="middle">
                {best}<tspan class="strip-share" dx="4">{fixed(share, 2)}</tspan>
            </text>
            <path class="stroke-y strip-stem" d=format!("M{middle} {}v-9", TOP - 1.0)></path>
            {arrive}
            {wires}
            <rect class="strip-box" x=left y=TOP width=BOX height=HEIGHT rx="6"></rect>
            <g class="heat-of-step">{columns}</g>
            <path class="stroke-x strip-stem" d=format!("M{middle} 148V{}", TOP + HEIGHT + 7.0)></path>
            <path class="fill-x" d=format!("M{middle} {}l-4 7h8z", TOP + HEIGHT + 2.0)></path>
            <text class="strip-input" class:zero=is_zero x=middle y="167" text-anchor="middle">{short_symbol(&input)}</text>
        </svg>
    }
}

/// Left edge of the box inside its stretch.
fn left(pitch: f64) -> f64 {
    (pitch - BOX) / 2.0
}

fn wire(role: Role, y: f64, direction: Direction, pitch: f64) -> impl IntoView + use<> {
    let right = left(pitch) + BOX;
    let role = role.class();
    let arrow = match direction {
        Direction::Forward => format!("M{} {}l6 4l-6 4z", pitch - 9.0, y - 4.0),
        Direction::Backward => format!("M{} {}l-6 4l6 4z", right + 9.0, y - 4.0),
    };
    view! {
        <g>
            <path class=format!("strip-wire stroke-{role}") d=format!("M{right} {y}H{pitch}")></path>
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
