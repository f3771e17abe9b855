//! The equations of a step in order: those done with their values, the current one opened, the later ones waiting.

use std::sync::Arc;

use leptos::prelude::*;

use super::blocks::chosen_row;
use super::edit::use_editing;
use super::opening::Opening;
use super::room::use_room;
use super::stages::{Stage as Due, use_stages};
use super::state::{Shared, Stepper, use_stepper};
use super::words;
use crate::app::browser::{self, after, document};
use crate::app::language::{say, say_with};
use crate::app::parts::{Formula, heat_strip};
use crate::engine::syntax::Expr;
use crate::view::colour::full_scale;
use crate::view::formula::Typesetter;
use crate::view::link::holds_state;
use crate::view::placement::{uncovered, with_rows_beside};
use crate::view::role::Role;
use crate::view::stepper::digits::short;
use crate::view::stepper::edits::Target;
use crate::view::stepper::lines::{Line, Lines};
use crate::view::stepper::opening::Numbers;
use crate::view::stepper::room::Room;
use crate::view::stepper::sums::{Spot, sum};
use crate::view::stepper::window::{Shown, window};
use crate::view::stepper::{Direction, Part};

/// Pixels kept free above the bar at the foot of the window.
const ROOM_BETWEEN: f64 = 12.0;
/// Pixels of an equation that have to be seen for it to be found.
const LEAST_SEEN: f64 = 32.0;
/// Most entries of a column that lie beside an equation.
const BESIDE: usize = 12;

/// How far a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Done,
    Now,
    Later,
}

/// The list.
#[component]
pub fn Equations() -> impl IntoView {
    let stepper = use_stepper();
    let direction = Memo::new(move |_| stepper.position.get().direction);
    let label = move || {
        let position = stepper.position.get();
        match position.direction {
            Direction::Forward => say_with!(stepper.equations_forward; "step" => position.step),
            Direction::Backward => say_with!(stepper.equations_backward; "step" => position.step),
        }
    };
    let is_due = use_stages().reached(Due::Equations);
    // The items stay while one moves from equation to equation and while numbers change; only other lines or a turn
    // make them anew.
    let walked = Memo::new(move |_| {
        let model = stepper.model.get().filter(|_| is_due.get())?;
        Some(Walked { lines: model.0.lines.clone(), layers: model.0.model.layers.len() })
    });
    let items = move || {
        let Walked { lines, layers } = walked.get()?;
        let direction = direction.get();
        let (mut part, mut group) = (None, None);
        let items = lines
            .along(direction)
            .iter()
            .cloned()
            .enumerate()
            .map(|(number, line)| {
                let begins = part.replace(line.part) != Some(line.part);
                let heading = match line.part {
                    Part::Head => begins.then(|| say!(stepper.head).to_owned()),
                    Part::Layer(layer) if layers > 1 => begins.then(|| match layer {
                        0 => say_with!(stepper.layer; "number" => 1),
                        below => say_with!(stepper.layer_above; "number" => below + 1, "below" => below),
                    }),
                    Part::Layer(_) if direction == Direction::Forward => None,
                    Part::Layer(_) => begins.then(|| say!(stepper.cell).to_owned()),
                };
                // Backward, the lines that come from one line of the text belong together.
                let own = (line.part, lines.text_line(direction, &line));
                let is_new_group = direction == Direction::Backward
                    && group.replace(own).is_some_and(|before| before != own)
                    && heading.is_none();
                view! { <Item line number heading is_new_group/> }
            })
            .collect_view();
        Some(items)
    };
    keep_in_view(stepper);
    view! {
        <section class="card eqs" aria-label=label data-testid="stepper-equations">
            <ol class="eq-list">{items}</ol>
        </section>
    }
}

/// What the list is made of.
#[derive(Clone, Debug)]
struct Walked {
    lines: Arc<Lines>,
    layers: usize,
}

impl PartialEq for Walked {
    fn eq(&self, other: &Walked) -> bool {
        self.layers == other.layers && (Arc::ptr_eq(&self.lines, &other.lines) || self.lines == other.lines)
    }
}

/// Brings the opened equation into view after a move, and keeps the number in view whose panel was opened. A press on the
/// strip moves nothing: the next step is to be found where the pointer is.
fn keep_in_view(stepper: Stepper) {
    let room = use_room();
    let is_whole = use_stages().reached(Due::Opening);
    let above = move || room.try_get_untracked().map_or(0.0, Room::above);
    let is_of_link = holds_state(&browser::window().location().search().unwrap_or_default());
    // What the reader asks for: numbers that arrive later bring the place into range, which is no move.
    let asked = Memo::new(move |_| stepper.state.with(|state| (state.step, state.equation, state.direction)));
    let is_there = Memo::new(move |_| is_whole.get() && stepper.model.with(Option::is_some));
    Effect::new(move |before: Option<Option<(usize, usize, Direction)>>| {
        let asked = asked.get();
        if !is_there.get() {
            return None;
        }
        match before.flatten() {
            // On opening, the page begins at its top, unless a link leads to an equation of which nothing would be seen.
            None if is_of_link => {
                after(0, move || show_once(".eq-item.on", above()));
            }
            None => {}
            Some(before) if before != asked && !browser::is_focused_in("[data-testid=stepper-strip]") => {
                after(0, move || bring_into_view(".eq-item.on", above()));
            }
            Some(_) => {}
        }
        Some(asked)
    });
    let editing = use_editing();
    // The panel of a unit that is held is taller than it was before.
    let holds =
        Memo::new(move |_| stepper.state.with(|state| state.edits.clone().only(Target::is_held).len()));
    Effect::new(move |_| {
        holds.get();
        if stepper.subject.with(Option::is_some) {
            let seen = editing.just_opened();
            after(0, move || {
                if let Some(seen) = seen.or_else(chosen_row) {
                    keep_beside_panel(seen, above());
                }
            });
        }
    });
}

/// Pixels at the foot of the window that the transport covers, or the presentation's bar.
fn covered(height: f64) -> f64 {
    let bars = [".transport", ".present-bar"].into_iter().filter_map(|bar| {
        let place = document().query_selector(bar).ok()??.get_bounding_client_rect();
        (place.height() > 0.0).then(|| height - place.top())
    });
    bars.fold(0.0, f64::max).min(height / 2.0)
}

/// The panel of a number stands over the foot of the page: the number itself stays where it was, unless it or a row
/// beside it would be covered.
fn keep_beside_panel(row: (f64, f64), above: f64) {
    let panel = document().query_selector(".eq-item.on [data-testid=edit-panel]").ok().flatten();
    let Some(panel) = panel else { return };
    let by = uncovered(with_rows_beside(row, above), panel.get_bounding_client_rect().top(), above);
    if by.abs() > 1.0 {
        browser::window().scroll_by_with_x_and_y(0.0, by);
    }
}

/// Brings an element into view that stands below what is seen of a page nobody has scrolled yet.
fn show_once(selector: &str, room_above: f64) {
    let is_at_top = browser::window().scroll_y().unwrap_or(0.0) < 1.0;
    let Some(item) = document().query_selector(selector).ok().flatten().filter(|_| is_at_top) else { return };
    if item.get_bounding_client_rect().top() > free(room_above).1 - LEAST_SEEN {
        bring_into_view(selector, room_above);
    }
}

/// The stretch of the window that nothing covers, from its upper to its lower edge.
fn free(room_above: f64) -> (f64, f64) {
    let (_, height) = browser::window_size();
    (room_above, height - covered(height) - ROOM_BETWEEN)
}

/// Moves the page as little as it needs for an element to stand between the top of the window and the bar at its foot.
fn bring_into_view(selector: &str, room_above: f64) {
    let Some(item) = document().query_selector(selector).ok().flatten() else { return };
    let place = item.get_bounding_client_rect();
    let (top, bottom) = free(room_above);
    let by = if place.bottom() > bottom { (place.bottom() - bottom).min(place.top() - top) } else { 0.0 };
    let by = if place.top() < top { place.top() - top } else { by };
    if by.abs() > 1.0 {
        browser::window().scroll_by_with_x_and_y(0.0, by);
    }
}

/// One equation.
#[component]
fn Item(line: Line, number: usize, heading: Option<String>, is_new_group: bool) -> impl IntoView {
    let stepper = use_stepper();
    let stage = Memo::new(move |_| match number.cmp(&stepper.position.get().equation) {
        std::cmp::Ordering::Less => Stage::Done,
        std::cmp::Ordering::Equal => Stage::Now,
        std::cmp::Ordering::Greater => Stage::Later,
    });
    let step = Memo::new(move |_| stepper.position.get().step);
    let role = stepper.model.with_untracked(|model| model.as_ref().map_or("v", |model| role(model, &line)));
    let line = StoredValue::new(line);
    let node = Memo::new(move |_| {
        let typesetter = stepper.typesetter(step.get());
        line.with_value(|line| typesetter.backward(&line.equation()))
    });
    let spoken = move || line.with_value(|line| words::line(line, stepper.typesetter(step.get())));
    let beside = move || match stage.get() {
        Stage::Later => view! { <span class="muted not-yet">{say!(stepper.not_yet)}</span> }.into_any(),
        Stage::Done | Stage::Now => {
            let step = step.get();
            let letters = stepper.typesetter(step);
            let beside =
                |model: &Shared| line.with_value(|line| beside(model, line, (number, step), letters));
            stepper.model.with(|model| model.as_ref().map(beside)).into_any()
        }
    };
    let is_due = use_stages().reached(Due::Opening);
    let opened = move || {
        (stage.get() == Stage::Now && is_due.get()).then(|| {
            let line = line.get_value();
            view! { <Opening line number/> }
        })
    };
    view! {
        {heading.map(|heading| view! { <li class="eq-heading label">{heading}</li> })}
        <li
            class=format!("eq-item role-{role}")
            class:begins=is_new_group
            class:on=move || stage.get() == Stage::Now
            class:todo=move || stage.get() == Stage::Later
            data-testid=format!("stepper-equation-{}", number + 1)
        >
            <div class="eq">
                <button
                    class="eq-go"
                    type="button"
                    aria-current=move || (stage.get() == Stage::Now).then_some("step")
                    on:click=move |_| stepper.to_equation(number)
                >
                    // The equation in words is text of its own; the formula is for the eyes.
                    <span class="sr-only">{spoken}</span>
                    <span class="n num" aria-hidden="true">{number + 1}</span>
                    <span class="eq-formula" aria-hidden="true"><Formula node=node/></span>
                </button>
                {beside}
            </div>
            {opened}
        </li>
    }
}

/// What stands beside an equation that is done: its column as a strip, a lone number as digits, of a weight's gradient
/// its length so far.
fn beside(model: &Shared, line: &Line, (number, step): (usize, usize), letters: Typesetter<'_>) -> AnyView {
    let values = match line.targets.first() {
        Some(Expr::Value(..)) if line.adds => {
            sum(&model.0, Spot { step: step - 1, line: number }).map(|sum| sum.after)
        }
        Some(Expr::Parameter(_)) => {
            let so_far = sum(&model.0, Spot { step: step - 1, line: number }).map(|sum| sum.after);
            let norm = so_far.map_or(f64::NAN, |values| values.iter().map(|v| v * v).sum::<f64>().sqrt());
            return view! { <span class="num muted">{say_with!(stepper.length; "norm" => short(norm))}</span> }
                .into_any();
        }
        _ => model.0.at_line(line, step - 1).of(&line.expr),
    };
    let Some(values) = values else { return ().into_any() };
    if values.len() == 1 {
        let value = values.first().copied().unwrap_or(f64::NAN);
        return view! { <span class="num">{short(value)}</span> }.into_any();
    }
    let shown: Vec<f64> = window(values.nrows(), 0, BESIDE)
        .iter()
        .filter_map(|place| match place {
            Shown::Entry(row) => values.get((*row, 0)).copied(),
            Shown::Gap(_) => None,
        })
        .collect();
    let own = full_scale(values.iter().copied());
    let is_gradient = line.name().is_some_and(|name| model.0.is_gradient(name));
    let full = if is_gradient { own } else { own.max(1.0) };
    let label = line.name().map(|name| words::symbol(name, letters)).unwrap_or_default();
    heat_strip(&shown, full, &label).into_any()
}

/// The role whose colour marks the line.
fn role(model: &Shared, line: &Line) -> &'static str {
    line.name().map_or("v", |name| match model.0.role(name) {
        Role::Neutral | Role::Intermediate => "v",
        role => role.class(),
    })
}
