//! The cell in the address: read when the page opens, written by "Copy link".

use leptos::{ev, prelude::*};

use super::keep::OwnCell;
use super::start::in_words;
use crate::app::browser::{base, window};
use crate::app::lab::link_troubles;
use crate::app::language::say;
use crate::app::link::{Written, set_link_with_note};
use crate::app::to;
use crate::training::settings::CellChoice;
use crate::view::address::{Page, parse};
use crate::view::editor::start;
use crate::view::link::{OPENING_STEP, Shared, StepperState, Tool, held, read, write};

/// Shows the cell of the address, and says how the page's is written. Gives the sentence about what was wrong with a link.
pub fn open(own: OwnCell) -> impl IntoView {
    let trouble = RwSignal::new(take(own));
    set_link_with_note(move |lesson| {
        let state = Shared { stepper: stepper_state(own), lesson: lesson.clone(), ..Shared::default() };
        let link = write(&state);
        let note = link.left_out.first().map(|_| say!(errors.link_no_room));
        let origin = window().location().origin().unwrap_or_default();
        let address = format!("{origin}{}{}{}", to(&Page::Cell), link.query, link.fragment);
        let holds = held(&state, &link, Tool::Cell);
        Written { address, note, left_out: link.left_out.first().copied(), holds, trains_again: false }
    });
    // A link that differs only behind `#` does not load the page anew.
    let changed = window_event_listener(ev::hashchange, move |_| trouble.set(take(own)));
    on_cleanup(move || changed.remove());
    move || {
        trouble.get().map(|sentence| {
            view! { <div class="notice bad" role="alert" data-testid="cell-link-error"><p>{sentence}</p></div> }
        })
    }
}

/// The own cell as the Stepper opens it: its first sentence, few units.
pub fn stepper_state(own: OwnCell) -> StepperState {
    let (cell, notation) = (own.choice(), own.notation.get_untracked());
    StepperState {
        cell,
        notation,
        sentence: say!(stepper.sentence_first).to_owned(),
        step: OPENING_STEP,
        ..StepperState::default()
    }
}

fn take(own: OwnCell) -> Option<String> {
    let location = window().location();
    let search = location.search().unwrap_or_default();
    // Coming from another page, the address may still be that page's.
    let is_cell = parse(base(), &location.pathname().unwrap_or_default()).1 == Page::Cell;
    if search.is_empty() || !is_cell {
        return None;
    }
    let opened = read(&search, &location.hash().unwrap_or_default());
    let state = opened.state.stepper;
    own.notation.set(state.notation);
    // The book's links name what to begin from: `?from=peephole-lstm`.
    let named = search.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("from="));
    match (named.and_then(start), state.cell) {
        (Some(start), _) => own.look(&in_words(start)),
        (None, CellChoice::Own(text)) => own.look(&text),
        (None, CellChoice::Preset(id)) if search.contains("show=") && opened.errors.is_empty() => {
            if let Some(start) = start(&id) {
                own.look(&in_words(start));
            }
        }
        (None, CellChoice::Preset(_)) => {}
    }
    link_troubles(&opened.errors)
}
