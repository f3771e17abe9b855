//! The sentence unrolled: a box a step, with what went in, what came out, and the states or gradients in between.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::room::use_room;
use super::stages::{Stage, use_stages};
use super::state::use_stepper;
use super::step_box::StepBox;
use crate::app::language::{say, say_with};
use crate::view::number::fixed;
use crate::view::stepper::Direction;
use crate::view::stepper::strip::Frame;

/// Distance from one box to the next, and the same in a presentation, whose letters are larger.
const PITCH: f64 = 92.0;
const PRESENTED_PITCH: f64 = 122.0;

/// The strip.
#[component]
pub fn Strip() -> impl IntoView {
    let stepper = use_stepper();
    let scroller = NodeRef::<html::Div>::new();
    let step = Memo::new(move |_| stepper.position.get().step);
    let direction = Memo::new(move |_| stepper.position.get().direction);
    let is_due = use_stages().reached(Stage::Strip);
    let room = use_room();
    let pitch = Memo::new(move |_| if room.get().is_presented() { PRESENTED_PITCH } else { PITCH });
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
        let pitch = pitch.get();
        let left = (step.saturating_sub(1)) as f64 * pitch;
        let middle = left - (f64::from(scroller.client_width()) - pitch) / 2.0;
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
    let frame =
        Memo::new(move |_| stepper.with_model(|model| Frame::of(&model.0, direction.get(), pitch.get())));
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
    // With layers above one another the boxes hold the top one's.
    let layer = move || {
        let layers = stepper.model.with(|model| model.as_ref().map_or(1, |model| model.0.model.layers.len()));
        (layers > 1)
            .then(|| view! { <small data-testid="strip-layer">{say_with!(stepper.layer; "number" => layers)}</small> })
    };
    view! {
        <section class="card strip" aria-label=say!(stepper.strip) data-testid="stepper-strip">
            <div class="strip-names" aria-hidden="true">
                <span class="strip-name-target">{say!(stepper.strip_target)}</span>
                <span class="strip-name-prediction">{say!(stepper.strip_prediction)}</span>
                <span class="strip-name-states">{rows}{layer}</span>
                <span class="strip-name-input">{say!(stepper.strip_input)}</span>
            </div>
            <div class="strip-scroller" node_ref=scroller>{boxes}</div>
            <p class="strip-total muted" data-testid="stepper-total-loss">{total}</p>
        </section>
    }
}
