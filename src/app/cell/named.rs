//! An own cell where Stepper and Lab choose a cell: what it calls itself, and the way to its text.

use leptos::prelude::*;

use super::keep::use_own_cell;
use super::start::words;
use crate::app::language::say;
use crate::app::parts::Segment;
use crate::app::to;
use crate::engine::presets::FAMILIES;
use crate::training::settings::CellChoice;
use crate::view::address::Page;
use crate::view::editor::title;

/// What a reader chooses a cell from: the four of the book, and the own one.
pub fn cell_segments() -> Vec<Segment> {
    let families = FAMILIES.map(|id| Segment::new(id, words(id).0));
    families.into_iter().chain([Segment::new("own", say!(cell.own_segment))]).collect()
}

/// The cell that a choice among presets and "own" stands for. A link's own cell, or the one trained now, is not forgotten
/// while another one is looked at.
pub fn choice_of(chosen: Memo<CellChoice>) -> impl Fn(&str) -> CellChoice + Copy + Send + Sync + 'static {
    let own = use_own_cell();
    let last_own = StoredValue::new(None::<CellChoice>);
    move |id| {
        if let before @ CellChoice::Own(_) = chosen.get_untracked() {
            last_own.set_value(Some(before));
        }
        match id {
            "own" => last_own.get_value().unwrap_or_else(|| own.choice()),
            _ => CellChoice::Preset(id.to_owned()),
        }
    }
}

/// Its name and the way to change it; nothing while another cell is chosen.
#[component]
pub fn OwnName(
    /// The chosen cell.
    #[prop(into)]
    cell: Signal<CellChoice>,
) -> impl IntoView {
    let own = use_own_cell();
    let text = Memo::new(move |_| match cell.get() {
        CellChoice::Own(text) => Some(text),
        CellChoice::Preset(_) => None,
    });
    move || {
        text.get().map(|text| {
            let name = title(&text).unwrap_or_else(|| say!(cell.untitled).to_owned());
            view! {
                <span class="own-cell" data-testid="own-cell">
                    <span class="own-name" data-testid="own-name">{name}</span>
                    <a class="ghost small" href=to(&Page::Cell) data-testid="own-edit" on:click=move |_| own.edit(&text)>
                        {say!(cell.change)}
                    </a>
                </span>
            }
        })
    }
}
