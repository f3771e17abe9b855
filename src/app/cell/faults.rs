//! Everything that is wrong with the text, each with its line and the way there.

use leptos::prelude::*;

use super::reading::Reading;
use crate::app::browser::{after, cancel};
use crate::app::lab::cell_sentence;
use crate::app::language::{gap, paragraph, say, say_with};
use crate::app::parts::use_announcer;
use crate::engine::syntax::SyntaxError;

/// After this pause in typing the first error is said, milliseconds.
const SAID_AFTER: i32 = 1_200;

/// An error as a sentence.
pub fn sentence(error: &SyntaxError) -> String {
    let arguments: Vec<(String, String)> =
        error.kind.arguments().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    cell_sentence(error.kind.code(), &arguments)
}

/// Why a cell that reads does not go into this page, where it adds its state and its input: it fits only between layers of
/// equal size, and the page's layers are not.
pub fn square(reading: Reading) -> Option<String> {
    reading.now.with(|now| Some(sentence(now.cell.as_ref().ok()?.only_if_square.as_deref()?)))
}

/// The list; "it reads" where there is nothing in it.
#[component]
pub fn Faults(reading: Reading) -> impl IntoView {
    let announcer = use_announcer();
    let errors = reading.errors;
    let timer = StoredValue::new(None);
    Effect::new(move |before: Option<()>| {
        let first = errors.with(|errors| errors.first().map(|error| (error.line, sentence(error))));
        cancel(timer.get_value());
        if before.is_none() {
            return;
        }
        timer.set_value(after(SAID_AFTER, move || match first {
            Some((line, sentence)) => {
                announcer.say(paragraph(&[say_with!(cell.line; "line" => line), sentence]))
            }
            None if square(reading).is_none() => announcer.say(say!(cell.fine)),
            None => {}
        }));
    });
    on_cleanup(move || cancel(timer.try_get_value().flatten()));
    let list = move || {
        let errors = errors.get();
        // What fits only between layers of equal size says so at its buttons.
        if errors.is_empty() && square(reading).is_some() {
            return ().into_any();
        }
        if errors.is_empty() {
            return view! { <p class="cell-fine" data-testid="cell-fine">{say!(cell.fine)}</p> }.into_any();
        }
        let items = errors.iter().enumerate().map(|(place, error)| {
            let wanted = (error.line, error.column, error.length);
            view! {
                <li>
                    <button
                        class="cell-goto" type="button" data-testid=format!("cell-fault-{}", place + 1)
                        on:click=move |_| reading.wanted.set(Some(wanted))
                    >
                        <b>{say_with!(cell.line; "line" => error.line)}</b>{gap()}{sentence(error)}
                    </button>
                </li>
            }
        });
        view! { <ul class="cell-faults">{items.collect_view()}</ul> }.into_any()
    };
    view! { <div id="cell-faults" data-testid="cell-faults">{list}</div> }
}
