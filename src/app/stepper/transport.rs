//! The transport at the bottom: direction, equations, steps, play, and where one stands.

use leptos::prelude::*;

use super::player::{SPEEDS, use_player};
use super::state::use_stepper;
use crate::app::language::{say, say_with};
use crate::app::parts::{Kbd, Segment, Segmented};
use crate::view::stepper::{Course, Direction, Position};

/// Most equations that have a tick of their own.
const TICKS: usize = 16;

// The pictures of the buttons, path data on 14 × 14.
const STEP_BACK: &str = "M2 1h2v12H2zM13 1v12L5 7z";
const BACK: &str = "M11 2v10L3 7z";
const ON: &str = "M3 2v10l8-5z";
const STEP_ON: &str = "M10 1h2v12h-2zM1 1v12l8-6z";

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
            <Segmented label=say!(stepper.direction) options=options value=direction on_change=turn testid="stepper-direction" part="direction"/>
            <div class="transport-buttons">
                <Move name=say!(stepper.previous_step) testid="stepper-previous-step" picture=STEP_BACK rule=Course::previous_step/>
                <Move
                    name=say!(stepper.previous_equation) testid="stepper-previous-equation" picture=BACK
                    rule=Course::previous_equation after=say!(stepper.equation_word)
                />
                <button
                    class="solid" type="button" data-testid="stepper-play"
                    aria-pressed=move || if stepper.playing.get() { "true" } else { "false" }
                    on:click=move |_| player.toggle()
                >
                    {move || if stepper.playing.get() { say!(stepper.pause) } else { say!(stepper.play) }}
                </button>
                <Move
                    name=say!(stepper.next_equation) testid="stepper-next-equation" picture=ON
                    rule=Course::next_equation before=say!(stepper.equation_word)
                />
                <Move name=say!(stepper.next_step) testid="stepper-next-step" picture=STEP_ON rule=Course::next_step/>
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

/// A button that moves along the walk.
#[component]
fn Move(
    /// What it does, in words.
    name: &'static str,
    testid: &'static str,
    picture: &'static str,
    /// Where it leads; nowhere: it is dimmed.
    rule: fn(&Course, Position) -> Option<Position>,
    /// A word before the picture, where there is room.
    #[prop(optional)]
    before: Option<&'static str>,
    /// A word after it.
    #[prop(optional)]
    after: Option<&'static str>,
) -> impl IntoView {
    let stepper = use_stepper();
    let leads =
        Memo::new(move |_| stepper.course.with(|course| rule(course, stepper.position.get())).is_some());
    let word =
        |word: Option<&'static str>| word.map(|word| view! { <span class="transport-word">{word}</span> });
    view! {
        <button
            class="ghost icon" type="button" aria-label=name title=name data-testid=testid
            aria-disabled=move || (!leads.get()).then_some("true")
            on:click=move |_| { stepper.walk(rule); }
        >
            {word(before)}
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d=picture></path></svg>
            {word(after)}
        </button>
    }
}
