//! A matrix that grows with every step: what had arrived, what this line adds, and what stands there then, as three
//! small pictures with their lengths. One of them is opened above.

use leptos::prelude::*;

use super::blocks::word;
use super::state::use_stepper;
use crate::app::language::{say, say_with};
use crate::view::colour::heat_class;
use crate::view::stepper::cells::{Cell, shapes};
use crate::view::stepper::digits::short;
use crate::view::stepper::opening::Block;
use crate::view::stepper::window::{Places, window};

/// Most rows and columns in a small picture.
const MOST: (usize, usize) = (20, 36);
/// Room for a small picture, in pixels.
const ROOM: (f64, f64) = (96.0, 44.0);

/// The three pictures, with the signs between them.
#[component]
pub fn Growth(
    growth: [Block; 3],
    /// The magnitude at which the colour is full.
    full: f64,
) -> impl IntoView {
    let [before, added, after] = growth;
    view! {
        <div class="growth" role="group" aria-label=say!(stepper.growth) data-testid="stepper-growth">
            <Part block=before full/>
            <span class="sign" aria-hidden="true">"+"</span>
            <Part block=added full/>
            <span class="sign" aria-hidden="true">"="</span>
            <Part block=after full/>
        </div>
    }
}

/// One of them: pressed while it is the one that is opened.
#[component]
fn Part(block: Block, full: f64) -> impl IntoView {
    let stepper = use_stepper();
    let own = block.standing;
    let norm = block.values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let (rows, columns) = block.values.dim();
    let pitch = (ROOM.1 / rows.min(MOST.0) as f64).min(ROOM.0 / columns.min(MOST.1) as f64).clamp(1.5, 7.0);
    let rows = Places::of(&window(rows, 0, MOST.0), pitch);
    let columns = Places::of(&window(columns, 0, MOST.1), pitch);
    let cells = rows.entries.iter().flat_map(|(row, y, height)| {
        let block = &block;
        columns.entries.iter().map(move |(column, x, width)| {
            let value = block.values.get((*row, *column)).copied().unwrap_or(f64::NAN);
            Cell { class: heat_class(value, full), x: *x, y: *y, width: width - 0.5, height: height - 0.5 }
        })
    });
    let cells = shapes(cells, 0.0)
        .into_iter()
        .map(|(class, path)| view! { <path class=class d=path></path> })
        .collect_view();
    view! {
        <button
            class="growth-part"
            type="button"
            aria-pressed=move || if stepper.part.get() == own { "true" } else { "false" }
            on:click=move |_| stepper.part.set(own)
        >
            <span class="growth-word">{word(own)}</span>
            <svg
                width=columns.length
                height=rows.length
                viewBox=format!("0 0 {} {}", columns.length, rows.length)
                aria-hidden="true"
            >
                {cells}
            </svg>
            <span class="growth-norm num">{say_with!(stepper.length; "norm" => short(norm))}</span>
        </button>
    }
}
