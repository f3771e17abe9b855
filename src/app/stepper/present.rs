//! The walk, presented: a clicker moves from equation to equation.

use leptos::prelude::*;

use super::player::Player;
use super::state::Stepper;
use crate::app::classroom::{set_deck, use_classroom};
use crate::app::language::say_with;
use crate::view::present::Move;
use crate::view::stepper::Course;

/// Says how it is moved through, and where one stands.
pub fn offer(stepper: Stepper, player: Player) {
    let classroom = use_classroom();
    set_deck(move |to| {
        player.pause();
        match to {
            Move::Next => stepper.walk(Course::next_equation),
            Move::Previous => stepper.walk(Course::previous_equation),
            Move::NextLarge => stepper.walk(Course::next_step),
            Move::PreviousLarge => stepper.walk(Course::previous_step),
            Move::First => stepper.walk(|course, now| Some(course.first(now.direction))),
            Move::Last => stepper.walk(|course, now| Some(course.last(now.direction))),
            Move::Turn => stepper.walk(|course, now| Some(course.turned(now))),
        }
    });
    Effect::new(move |_| {
        let position = stepper.position.get();
        let (steps, lines) =
            stepper.course.with(|course| (course.steps, course.equations(position.direction)));
        classroom.place.set(say_with!(stepper.position;
            "step" => position.step, "steps" => steps, "line" => position.equation + 1, "lines" => lines));
    });
}
