//! A block of numbers as a picture: a cell an entry, coloured by its value, the chosen row with its digits.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::edit::{signed, use_editing};
use super::marks::{self, Mark};
use super::opening::OpenedLine;
use crate::view::colour::{full_scale, heat_class};
use crate::view::stepper::cells::{Cell, shapes};
use crate::view::stepper::digits::Digits;
use crate::view::stepper::opening::{Block, Standing, Takes};
use crate::view::stepper::spell::Entry;
use crate::view::stepper::subject::subject;
use crate::view::stepper::window::{DIGITS, GAP, Places};

/// Room around the cells, for the frame of the chosen row.
const MARGIN: f64 = 4.0;
/// Width of a sign of the differences beside a column, and room before and behind them.
const DIFFERENCE: (f64, f64) = (6.3, 14.0);

/// The picture of a block. Pointing at a row reports it through `on_entry`, clicking through `on_choose`.
#[component]
pub fn Matrix(
    block: Block,
    rows: Places,
    columns: Places,
    /// Every entry with its digits, not only the chosen row.
    all_digits: bool,
    /// The entry spelled out below.
    #[prop(into)]
    chosen: Signal<Entry>,
    /// The magnitude at which the colour is full.
    full: f64,
    on_point: Callback<Option<Entry>>,
    on_choose: Callback<Entry>,
) -> impl IntoView {
    let digits = Digits::of(block.values.iter());
    let longest = digits.longest(block.values.iter());
    let (width, height) = (columns.length, rows.length);
    let marks_entry = block.standing != Standing::Read;
    let follows = block.takes == Takes::Row;
    let block = StoredValue::new(block);
    let editing = use_editing();
    let line = use_context::<OpenedLine>();
    // What an entry is follows from where the block stands.
    let subject_at = move |entry: Entry| {
        let OpenedLine { part, step } = line?;
        let at = step.get_untracked().checked_sub(1)?;
        let model = editing.stepper().model.get_untracked()?;
        block.with_value(|block| subject(&model.0, part, at, block, entry))
    };
    let (stored_rows, stored_columns) = (StoredValue::new(rows.clone()), StoredValue::new(columns.clone()));

    let entries = || {
        rows.entries.iter().flat_map(|(row, y, row_height)| {
            columns.entries.iter().map(move |(column, x, column_width)| {
                let value = block.with_value(|block| block.values.get((*row, *column)).copied());
                (value.unwrap_or(f64::NAN), *x, *y, *column_width, *row_height)
            })
        })
    };
    let is_tall = |height: f64| height >= DIGITS;
    let cells = entries().map(|(value, x, y, width, height)| {
        let (width, height) = ((width - 1.0).max(1.0), (height - 1.0).max(1.0));
        Cell { class: heat_class(value, full), x, y, width, height }
    });
    let radius = if rows.entries.iter().all(|(.., height)| is_tall(*height)) { 2.0 } else { 0.0 };
    let cells = shapes(cells, radius)
        .into_iter()
        .map(|(class, path)| view! { <path class=class d=path></path> })
        .collect_view();
    let digits_of_all = all_digits.then(|| {
        entries()
            .filter(|(.., height)| is_tall(*height))
            .map(|(value, x, y, width, height)| {
                let class = heat_class(value, full);
                digit(value, digits, &class, x + width / 2.0, y + height / 2.0, 11.5)
            })
            .collect_view()
    });
    // One listener for all cells: where the pointer is says which one it is over.
    let entry_at = move |event: &ev::MouseEvent| {
        let picture = event.current_target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
        let scale = picture.height() / (height + 2.0 * MARGIN);
        let place = |at: i32, start: f64| (f64::from(at) - start) / scale - MARGIN;
        let (x, y) = (place(event.client_x(), picture.left()), place(event.client_y(), picture.top()));
        let row = stored_rows.with_value(|rows| rows.at(y))?;
        Some(Entry { row, column: stored_columns.with_value(|columns| columns.at(x))? })
    };
    let point = move |event: ev::PointerEvent| {
        if let Some(entry) = entry_at(&event).filter(|_| follows) {
            on_point.run(Some(entry));
        }
    };
    let choose = move |event: ev::MouseEvent| {
        // A number that was dragged was not clicked.
        let Some(entry) = entry_at(&event).filter(|_| !editing.has_dragged()) else { return };
        if follows {
            on_choose.run(entry);
        }
        if let Some(subject) = subject_at(entry) {
            editing.open(subject);
        }
    };
    let take_hold = move |event: ev::PointerEvent| {
        if let Some(subject) = entry_at(&event).and_then(subject_at) {
            editing.take_hold(&subject, &event);
        }
    };
    let marks = {
        let marked = marks::of(editing.stepper(), &rows, &columns, subject_at);
        let path = |kind: Mark| {
            let places = marked.iter().filter(|(found, ..)| *found == kind);
            places.map(|(kind, x, y, width, height)| kind.path(*x, *y, *width, *height)).collect::<String>()
        };
        [Mark::Changed, Mark::Held].map(|kind| {
            let d = path(kind);
            (!d.is_empty()).then(|| view! { <path class=kind.class() d=d></path> })
        })
    };
    // Beside a column how far each number is from what it was before the changes.
    let differences = line.filter(|_| all_digits && columns.entries.len() == 1).and_then(|line| {
        let found = block.with_value(|block| marks::differences(editing.stepper(), line, block))?;
        let tall = rows.entries.iter().filter(|(.., height)| is_tall(*height));
        let texts = tall.filter_map(|(row, y, height)| {
            let value = *found.get((*row, 0))?;
            let text = if value == 0.0 { "=".to_owned() } else { signed(value) };
            Some((text, value == 0.0, y + height / 2.0 + 3.8))
        });
        Some(texts.collect::<Vec<_>>())
    });
    let extra = differences.as_ref().map_or(0.0, |texts| {
        let longest = texts.iter().map(|(text, ..)| text.chars().count()).max().unwrap_or(0);
        DIFFERENCE.0 * longest as f64 + DIFFERENCE.1
    });
    let differences = differences.into_iter().flatten().map(|(text, is_none, y)| {
        let class = if is_none { "difference none" } else { "difference" };
        view! { <text class=class x=width + 7.0 y=y>{text}</text> }
    });
    let differences = differences.collect_view();

    let borders = {
        let down = columns
            .borders(&block.with_value(|block| block.columns.clone()))
            .into_iter()
            .map(|x| view! { <path class="matrix-border" d=format!("M{} -3v{}", x - 0.5, height + 6.0)></path> })
            .collect_view();
        let across = rows
            .borders(&block.with_value(|block| block.rows.clone()))
            .into_iter()
            .map(|y| view! { <path class="matrix-border" d=format!("M-3 {}h{}", y - 0.5, width + 6.0)></path> })
            .collect_view();
        (down, across)
    };
    let gaps = {
        let across =
            columns.gaps.iter().map(|(_, x)| gap(x + GAP / 2.0 - 0.5, height / 2.0, "⋯")).collect_view();
        let down = rows.gaps.iter().map(|(_, y)| gap(width / 2.0, y + GAP / 2.0 - 0.5, "⋮")).collect_view();
        (across, down)
    };
    // Only this part is drawn anew when another row is chosen.
    let overlay = move || {
        let chosen = chosen.get();
        let row = block.with_value(|block| if block.values.nrows() == 1 { 0 } else { chosen.row });
        let (y, row_height) = stored_rows.with_value(|rows| rows.find(row)).filter(|_| follows)?;
        let numbers = (!all_digits).then(|| {
            stored_columns.with_value(|columns| {
                columns
                    .entries
                    .iter()
                    .filter_map(|(column, x, column_width)| {
                        let value = block.with_value(|block| block.values.get((row, *column)).copied())?;
                        let class = heat_class(value, full);
                        // As large as the longest number of the block leaves room for.
                        let size = ((column_width - 1.5) / (longest as f64 * 0.58)).clamp(7.5, 10.0);
                        let at = (x + column_width / 2.0, y + row_height / 2.0);
                        Some(digit(value, digits, &class, at.0 - 0.5, at.1, size))
                    })
                    .collect_view()
            })
        });
        // In a matrix that is made entry by entry the one entry is marked too.
        let column = stored_columns
            .with_value(|columns| columns.find(chosen.column))
            .filter(|_| !all_digits && marks_entry);
        Some(view! {
            <g class="matrix-chosen">
                {numbers}
                <rect x=-0.5 y=y - 0.5 width=width height=row_height rx="2.5"></rect>
                {column.map(|(x, length)| view! { <rect class="matrix-entry" x=x - 0.5 y=y - 0.5 width=length height=row_height rx="2.5"></rect> })}
            </g>
        })
    };
    view! {
        <svg
            class="matrix"
            class:follows=follows
            width=width + extra + 2.0 * MARGIN
            height=height + 2.0 * MARGIN
            viewBox=format!("-{MARGIN} -{MARGIN} {} {}", width + extra + 2.0 * MARGIN, height + 2.0 * MARGIN)
            aria-hidden="true"
            data-testid="stepper-matrix"
            on:pointermove=point
            on:pointerdown=take_hold
            on:click=choose
            on:pointerleave=move |_| on_point.run(None)
        >
            {cells}
            {digits_of_all}
            {borders}
            {gaps}
            {marks}
            {differences}
            {overlay}
        </svg>
    }
}

/// Values that live between −1 and 1 are coloured on that scale, so that columns can be compared; others on their own.
pub fn scale_of<'v>(values: impl Iterator<Item = &'v f64> + Clone, is_gradient: bool) -> f64 {
    let own = full_scale(values.copied());
    if is_gradient { own } else { own.max(1.0) }
}

/// The scale of a block alone.
pub fn scale(block: &Block) -> f64 {
    use crate::engine::syntax::Expr;
    let is_value = matches!(&block.label, Expr::Value(name, _) if !name.0.starts_with('d'))
        || matches!(block.label, Expr::Stack(_));
    scale_of(block.values.iter(), !is_value)
}

fn digit(value: f64, digits: Digits, class: &str, x: f64, y: f64, size: f64) -> impl IntoView + use<> {
    view! {
        <text class=format!("digits {class}-t") x=x y=y + size * 0.36 font-size=size text-anchor="middle">
            {digits.show(value)}
        </text>
    }
}

fn gap(x: f64, y: f64, sign: &'static str) -> impl IntoView {
    view! { <text class="matrix-gap" x=x y=y + 4.0 text-anchor="middle">{sign}</text> }
}
