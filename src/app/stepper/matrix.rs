//! A block of numbers as a picture: a cell an entry, coloured by its value, the chosen row with its digits.

use leptos::prelude::*;

use crate::view::colour::{full_scale, heat_class};
use crate::view::stepper::digits::Digits;
use crate::view::stepper::opening::{Block, Takes};
use crate::view::stepper::spell::Entry;
use crate::view::stepper::window::{DIGITS, GAP, Places};

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
    on_point: Callback<Option<Entry>>,
    on_choose: Callback<Entry>,
) -> impl IntoView {
    let full = scale(&block);
    let digits = Digits::of(block.values.iter());
    let longest = digits.longest(block.values.iter());
    let (width, height) = (columns.length, rows.length);
    let follows = block.takes == Takes::Row;
    let block = StoredValue::new(block);
    let (stored_rows, stored_columns) = (StoredValue::new(rows.clone()), StoredValue::new(columns.clone()));

    let cells = rows
        .entries
        .iter()
        .map(|(row, y, row_height)| {
            let row = *row;
            let cells = columns
                .entries
                .iter()
                .map(|(column, x, column_width)| {
                    let value = block.with_value(|block| block.values.get((row, *column)).copied());
                    let value = value.unwrap_or(f64::NAN);
                    let entry = Entry { row, column: *column };
                    let class = heat_class(value, full);
                    let digits = (all_digits && *row_height >= DIGITS).then(|| {
                        digit(value, digits, &class, x + column_width / 2.0, y + row_height / 2.0, 11.5)
                    });
                    view! {
                        <g
                            on:pointerenter=move |_| if follows { on_point.run(Some(entry)) }
                            on:click=move |_| if follows { on_choose.run(entry) }
                        >
                            <rect
                                class=class
                                x=*x
                                y=*y
                                width=(column_width - 1.0).max(1.0)
                                height=(row_height - 1.0).max(1.0)
                                rx={if *row_height >= DIGITS { 2 } else { 0 }}
                            ></rect>
                            {digits}
                        </g>
                    }
                })
                .collect_view();
            view! { <g class="matrix-row">{cells}</g> }
        })
        .collect_view();

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
        Some(view! {
            <g class="matrix-chosen">
                {numbers}
                <rect x=-0.5 y=y - 0.5 width=width height=row_height rx="2.5"></rect>
            </g>
        })
    };
    view! {
        <svg
            class="matrix"
            width=width + 8.0
            height=height + 8.0
            viewBox=format!("-4 -4 {} {}", width + 8.0, height + 8.0)
            aria-hidden="true"
            on:pointerleave=move |_| on_point.run(None)
        >
            {cells}
            {borders}
            {gaps}
            {overlay}
        </svg>
    }
}

/// Values that live between −1 and 1 are coloured on that scale, so that columns can be compared; others on their own.
pub fn scale_of<'v>(values: impl Iterator<Item = &'v f64> + Clone, is_gradient: bool) -> f64 {
    let own = full_scale(values.copied());
    if is_gradient { own } else { own.max(1.0) }
}

fn scale(block: &Block) -> f64 {
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
