//! Playing: one equation after the other, at a chosen speed, until the end.

use leptos::prelude::*;

use super::state::{Stepper, use_stepper};
use crate::app::browser::{after, cancel};
use crate::app::language::say;
use crate::view::stepper::Course;

/// A speed of playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    /// What it is called in tests.
    pub id: &'static str,
    /// Milliseconds that an equation stays.
    pub milliseconds: i32,
}

/// The speeds, slowest first.
pub const SPEEDS: [Speed; 3] = [
    Speed { id: "slow", milliseconds: 3000 },
    Speed { id: "normal", milliseconds: 1400 },
    Speed { id: "fast", milliseconds: 450 },
];

impl Speed {
    /// Its name.
    pub fn words(self) -> &'static str {
        match self.id {
            "slow" => say!(stepper.speed_slow),
            "fast" => say!(stepper.speed_fast),
            _ => say!(stepper.speed_normal),
        }
    }
}

/// Plays.
#[derive(Clone, Copy)]
pub struct Player {
    stepper: Stepper,
    speed: RwSignal<Speed>,
    timer: StoredValue<Option<i32>>,
}

impl Player {
    /// Starts or pauses. At the end it starts again from the beginning.
    pub fn toggle(self) {
        if self.stepper.playing.get_untracked() {
            self.pause();
            return;
        }
        let now = self.stepper.position.get_untracked();
        let at_end = self.stepper.course.with_untracked(|course| course.next_equation(now).is_none());
        if at_end {
            self.stepper.walk(|course, now| Some(course.first(now.direction)));
        }
        self.stepper.playing.set(true);
        self.wait();
    }

    /// Pauses.
    pub fn pause(self) {
        cancel(self.timer.try_get_value().flatten());
        self.stepper.playing.set(false);
    }

    /// The chosen speed, for a group of radio buttons.
    pub fn speed_id(self) -> Signal<String> {
        Signal::derive(move || self.speed.get().id.to_owned())
    }

    /// Chooses a speed by its id.
    pub fn set_speed(self) -> Callback<String> {
        Callback::new(move |id: String| {
            if let Some(speed) = SPEEDS.iter().find(|speed| speed.id == id) {
                self.speed.set(*speed);
            }
        })
    }

    fn wait(self) {
        let milliseconds = self.speed.get_untracked().milliseconds;
        self.timer.set_value(after(milliseconds, move || {
            // The page may have been left meanwhile.
            if self.stepper.playing.try_get_untracked() != Some(true) {
                return;
            }
            if self.stepper.walk(Course::next_equation) { self.wait() } else { self.pause() }
        }));
    }
}

/// Provides the player.
pub fn provide_player() {
    let player =
        Player { stepper: use_stepper(), speed: RwSignal::new(SPEEDS[1]), timer: StoredValue::new(None) };
    on_cleanup(move || cancel(player.timer.try_get_value().flatten()));
    provide_context(player);
}

/// The player.
pub fn use_player() -> Player {
    expect_context()
}
