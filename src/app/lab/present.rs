//! A run, presented: its charts one at a time, as large as the screen.

use leptos::prelude::*;

use crate::app::classroom::{set_deck, use_classroom};
use crate::app::language::say;
use crate::view::present::Move;

/// What is shown, one after the other; the style sheet goes by these names.
const SLIDES: [&str; 3] = ["loss", "writes", "reach"];

/// Says how it is moved through. Gives the name of what is shown.
pub fn offer() -> Signal<&'static str> {
    let classroom = use_classroom();
    let at = RwSignal::new(0_usize);
    set_deck(move |to| {
        let now = at.get_untracked();
        let last = SLIDES.len() - 1;
        let new = match to {
            Move::Next | Move::NextLarge => (now + 1).min(last),
            Move::Previous | Move::PreviousLarge => now.saturating_sub(1),
            Move::First => 0,
            Move::Last => last,
            Move::Turn => now,
        };
        at.set(new);
        new != now
    });
    Effect::new(move |_| {
        let words = [say!(lab.loss), say!(lab.writes), say!(lab.reach)];
        classroom.place.set(words.get(at.get()).copied().unwrap_or_default().to_owned());
    });
    Signal::derive(move || SLIDES.get(at.get()).copied().unwrap_or_default())
}
