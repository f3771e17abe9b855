//! Your own cell: a text in the cell language, and everything that follows from it as one types: shapes, formulas, the
//! diagram, the backward equations. From here it is stepped through, trained, compared, shared and presented.

mod actions;
mod compare;
mod editor;
mod equations;
mod faults;
mod help;
mod keep;
mod link;
mod named;
mod palette;
mod present;
mod reading;
mod runs;
mod start;

use leptos::prelude::*;

pub use self::keep::{OwnCell, provide_own_cell, use_own_cell};
pub use self::named::{OwnName, cell_segments, choice_of};
use self::reading::Reading;
pub use self::start::words;
use crate::app::language::say;
use crate::view::stepper::Direction;

/// The page.
#[component]
pub fn CellPage() -> impl IntoView {
    let own = use_own_cell();
    let trouble = link::open(own);
    let reading = Reading::new(own);
    let shown = present::offer(reading);
    let turned = move || (shown.direction.get() == Direction::Backward).then_some("");
    view! {
        <div class="cell-page" data-turned=turned data-testid="cell-page">
            <header class="cell-head">
                <h1>{say!(cell.title)}</h1>
                <p class="lead">{say!(cell.lead)}</p>
            </header>
            {trouble}
            <p class="notice bad" role="status" data-testid="cell-not-kept" hidden=move || own.is_kept.get()>{say!(cell.not_kept)}</p>
            <div class="cell-grid">
                <section class="card cell-write" aria-labelledby="cell-text">
                    <h2 id="cell-text">{say!(cell.text)}</h2>
                    <start::Starts own/>
                    <editor::Editor own reading/>
                    <faults::Faults reading/>
                    <actions::Actions own reading/>
                    <help::Help/>
                </section>
                <section class="card cell-card" aria-labelledby="cell-drawing">
                    <h2 id="cell-drawing">{say!(cell.drawing)}</h2>
                    <equations::Drawing own reading shown/>
                </section>
            </div>
            <equations::Formulas own reading shown/>
            <compare::Compare own reading/>
        </div>
    }
}
