//! The transport at the bottom: direction, equations, steps, play, and where one stands.

use leptos::prelude::*;

use super::player::{SPEEDS, use_player};
use super::state::use_stepper;
use crate::app::language::{say, say_with};
use crate::app::parts::{Kbd, Segment, Segmented};
use crate::view::stepper::{Course, Direction};

/// Most equations that have a tick of their own.
const TICKS: usize = 16;

/// The transport.
#[component]
pub fn Transport() -> impl IntoView {
    let stepper = use_stepper();
    let player = use_player();
    let direction = Signal::derive(move || match stepper.position.get().direction {
        Direction::Forward => "forward".to_owned(),
        Direction::Backward => "backward".to_owned(),
    });
    let turn = Callback::new(move |value: String| {
        stepper.turn(if value == "backward" { Direction::Backward } else { Direction::Forward });
    });
    let options = vec![
        Segment::new("forward", say!(stepper.forward)),
        Segment::new("backward", say!(stepper.backward)),
    ];
    let can = move |rule: fn(&Course, crate::view::stepper::Position) -> bool| {
        Memo::new(move |_| stepper.course.with(|course| rule(course, stepper.position.get())))
    };
    let has_next = can(|course, now| course.next_equation(now).is_some());
    let has_previous = can(|course, now| course.previous_equation(now).is_some());
    let has_next_step = can(|course, now| course.next_step(now).is_some());
    let has_previous_step = can(|course, now| course.previous_step(now).is_some());
    let lines =
        Memo::new(move |_| stepper.course.with(|course| course.equations(stepper.position.get().direction)));
    let ticks = move || {
        let count = lines.get();
        (count <= TICKS).then(|| {
            (0..count)
                .map(|number| {
                    let now = Memo::new(move |_| stepper.position.get().equation.cmp(&number));
                    view! {
                        <span
                            class="transport-tick"
                            class:done=move || now.get().is_gt()
                            class:now=move || now.get().is_eq()
                        ></span>
                    }
                })
                .collect_view()
        })
    };
    let place = move || {
        let position = stepper.position.get();
        let steps = stepper.course.with(|course| course.steps);
        say_with!(stepper.position; "step" => position.step, "steps" => steps, "line" => position.equation + 1, "lines" => lines.get())
    };
    let speeds = SPEEDS.iter().map(|speed| Segment::new(speed.id, speed.words())).collect();
    view! {
        <div class="transport" role="group" aria-label=say!(stepper.transport) data-testid="stepper-transport">
            <Segmented label=say!(stepper.direction) options=options value=direction on_change=turn testid="stepper-direction"/>
            <div class="transport-buttons">
                <button
                    class="ghost icon" type="button" aria-label=say!(stepper.previous_step) title=say!(stepper.previous_step)
                    data-testid="stepper-previous-step"
                    aria-disabled=move || (!has_previous_step.get()).then_some("true")
                    on:click=move |_| { stepper.walk(Course::previous_step); }
                >
                    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M2 1h2v12H2zM13 1v12L5 7z"></path></svg>
                </button>
                <button
                    class="ghost" type="button" aria-label=say!(stepper.previous_equation) title=say!(stepper.previous_equation)
                    data-testid="stepper-previous-equation"
                    aria-disabled=move || (!has_previous.get()).then_some("true")
                    on:click=move |_| { stepper.walk(Course::previous_equation); }
                >
                    <svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true"><path d="M9 1v10L1 6z"></path></svg>
                    <span class="transport-word">{say!(stepper.equation_word)}</span>
                </button>
                <button
                    class="solid" type="button" data-testid="stepper-play"
                    aria-pressed=move || if stepper.playing.get() { "true" } else { "false" }
                    on:click=move |_| player.toggle()
                >
                    {move || if stepper.playing.get() { say!(stepper.pause) } else { say!(stepper.play) }}
                </button>
                <button
                    class="ghost" type="button" aria-label=say!(stepper.next_equation) title=say!(stepper.next_equation)
                    data-testid="stepper-next-equation"
                    aria-disabled=move || (!has_next.get()).then_some("true")
                    on:click=move |_| { stepper.walk(Course::next_equation); }
                >
                    <span class="transport-word">{say!(stepper.equation_word)}</span>
                    <svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true"><path d="M1 1v10l8-5z"></path></svg>
                </button>
                <button
                    class="ghost icon" type="button" aria-label=say!(stepper.next_step) title=say!(stepper.next_step)
                    data-testid="stepper-next-step"
                    aria-disabled=move || (!has_next_step.get()).then_some("true")
                    on:click=move |_| { stepper.walk(Course::next_step); }
                >
                    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M10 1h2v12h-2zM1 1v12l8-6z"></path></svg>
                </button>
            </div>
            <div class="transport-speed">
                <Segmented label=say!(stepper.speed) options=speeds value=player.speed_id() on_change=player.set_speed() testid="stepper-speed"/>
            </div>
            <span class="ticks" aria-hidden="true">{ticks}</span>
            <span class="transport-place muted num" data-testid="stepper-place">{place}</span>
            <span class="transport-keys muted" aria-hidden="true">
                <Kbd key="←"/> <Kbd key="→"/> {say!(stepper.equation_word)} " "
                <Kbd key="⇧"/> <Kbd key="←"/> <Kbd key="→"/> {say!(stepper.step_word)}
            </span>
            <span class="sr-only">{say!(stepper.keys)}</span>
        </div>
    }
}
