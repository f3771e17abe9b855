//! What to begin from: the four cells of the book, and cells of other people.

use leptos::prelude::*;

use super::keep::OwnCell;
use crate::app::language::{language, say};
use crate::app::parts::{Menu, MenuItem};
use crate::engine::presets::FAMILIES;
use crate::view::address::Language;
use crate::view::editor::{EXAMPLE_IDS, Start, start, starts};

/// A name and, for an example, why it is of interest.
pub fn words(id: &str) -> (&'static str, &'static str) {
    match id {
        "rnn" => (say!(stepper.cell_rnn), ""),
        "gru-simplified" => (say!(stepper.cell_gru_simplified), ""),
        "gru" => (say!(stepper.cell_gru), ""),
        "lstm" => (say!(stepper.cell_lstm), ""),
        "peephole-lstm" => (say!(cell.peephole), say!(cell.peephole_why)),
        "minimal-gated-unit" => (say!(cell.minimal), say!(cell.minimal_why)),
        "coupled-gate-lstm" => (say!(cell.coupled), say!(cell.coupled_why)),
        "residual-cell" => (say!(cell.residual), say!(cell.residual_why)),
        _ => (say!(cell.layernorm), say!(cell.layernorm_why)),
    }
}

/// A text to begin from, its title in the language in use.
pub fn in_words(start: Start) -> String {
    match language() {
        Language::En => start.text.to_owned(),
        Language::Zh => start.called(words(start.id).0),
    }
}

/// The choice, and the sentence about what stands there as it was given.
#[component]
pub fn Starts(own: OwnCell) -> impl IntoView {
    let begin = move |id: &str| {
        if let Some(start) = start(id) {
            let text = in_words(start);
            own.put_aside(&text);
            // The editor stands below and takes it as if it were typed, so that Undo brings the old one back.
            own.wanted_text.set(Some(text));
        }
    };
    let chosen = Memo::new(move |_| {
        own.text.with(|text| starts().into_iter().find(|start| start.is(text)).map_or("", |start| start.id))
    });
    let button = move |id: &'static str| {
        view! {
            <button
                class="ghost" type="button" data-testid=format!("cell-start-{id}")
                aria-pressed=move || if chosen.get() == id { "true" } else { "false" }
                on:click=move |_| begin(id)
            >{words(id).0}</button>
        }
    };
    let items: Vec<MenuItem> = EXAMPLE_IDS
        .into_iter()
        .map(|id| {
            let (name, why) = words(id);
            MenuItem { value: id.to_owned(), text: name.to_owned(), note: why.to_owned() }
        })
        .collect();
    let choose = Callback::new(move |id: String| begin(&id));
    let value = Signal::derive(move || chosen.get().to_owned());
    let why = move || {
        let (_, why) = words(chosen.get());
        let is_example = EXAMPLE_IDS.contains(&chosen.get());
        is_example.then(|| view! { <p class="muted cell-why" data-testid="cell-why">{why}</p> })
    };
    view! {
        <div class="row wrap cell-starts" data-part="cell" role="group" aria-label=say!(cell.start)>
            <span class="muted" aria-hidden="true">{say!(cell.start)}</span>
            {FAMILIES.map(button).into_iter().collect_view()}
            <Menu label=Signal::stored(say!(cell.examples).to_owned()) items value on_choose=choose testid="cell-examples"/>
        </div>
        {why}
    }
}
