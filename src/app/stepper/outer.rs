//! A column times a row, as a table of products: the column at the left, the row above, the matrix between them.

use leptos::prelude::*;

use super::blocks::{ROWS, column_width, name, over_columns, word};
use super::matrix::{Matrix, scale};
use super::state::use_stepper;
use super::width::use_width;
use crate::view::stepper::opening::{Block, Takes};
use crate::view::stepper::spell::Entry;
use crate::view::stepper::window::{Places, ROW, window};

/// The table.
#[component]
pub fn Outer(
    left: Block,
    top: Block,
    product: Block,
    /// The magnitude at which the colour of the matrix is full; none: its own.
    full: Option<f64>,
    /// The entry that a window shows.
    centre: Entry,
    step: Signal<usize>,
    /// The entry spelled out.
    entry: Signal<Entry>,
) -> impl IntoView {
    let stepper = use_stepper();
    let (row_count, column_count) = product.values.dim();
    // The two ways of the columns have one width, so that each product stands under its factor.
    let width = column_width(&product).max(column_width(&top));
    let beside = column_width(&left) + 16.0;
    let most = use_width().get_untracked().columns_beside(beside, width);
    let column = stepper.column.get_untracked().unwrap_or_else(|| largest(&top));
    let rows = Places::of(&window(row_count, centre.row, ROWS), ROW);
    let columns = Places::of(&window(column_count, column, most), width);
    let one = Places::of(&window(1, 0, 1), ROW);
    let narrow = Places::of(&window(1, 0, 1), column_width(&left));

    let point = Callback::new(move |entry: Option<Entry>| {
        if stepper.pointed.get_untracked() != entry {
            stepper.pointed.set(entry);
        }
    });
    let choose = Callback::new(move |entry: Entry| stepper.choose(entry));
    // The factors choose their own half of the entry.
    let along = move |part: Entry, is_row: bool| {
        let now = entry.get_untracked();
        if is_row { Entry { row: part.row, ..now } } else { Entry { column: part.column, ..now } }
    };
    let point_at = |is_row: bool| {
        Callback::new(move |part: Option<Entry>| point.run(part.map(|part| along(part, is_row))))
    };
    let choose_at = |is_row: bool| Callback::new(move |part: Entry| choose.run(along(part, is_row)));

    let size = format!("{row_count} × {column_count}");
    let note = word(product.standing);
    let names =
        (name(left.label.clone(), step), name(top.label.clone(), step), name(product.label.clone(), step));
    let over = over_columns(&top, &columns, step);
    let top = Block { takes: Takes::Row, ..top };
    let scales = (scale(&left), scale(&top), full.unwrap_or_else(|| scale(&product)));
    view! {
        <div class="outer">
            <div class="block-name outer-left-name">{names.0}</div>
            <div class="outer-top">
                <div class="block-name">{names.1}</div>
                {over}
                <Matrix
                    block=top rows=one columns=columns.clone() all_digits=false chosen=entry full=scales.1
                    on_point=point_at(false) on_choose=choose_at(false)
                />
            </div>
            <Matrix
                block=left rows=rows.clone() columns=narrow all_digits=true chosen=entry full=scales.0
                on_point=point_at(true) on_choose=choose_at(true)
            />
            <Matrix block=product rows columns all_digits=false chosen=entry full=scales.2 on_point=point on_choose=choose/>
            <div class="block-note outer-name">
                {names.2} " " <span class="num">{size}</span> {note.map(|note| format!(" · {note}"))}
            </div>
        </div>
    }
}

/// The column of a row vector that is farthest from zero; the first of equal ones.
fn largest(row: &Block) -> usize {
    let farther = |best: (usize, f64), (place, value): (usize, &f64)| {
        if value.abs() > best.1 { (place, value.abs()) } else { best }
    };
    row.values.iter().enumerate().fold((0, 0.0), farther).0
}
