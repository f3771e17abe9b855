//! A column times a row, as a table of products: the column at the left, the row above, the matrix between them.

use super::blocks::{Drawn, Scene, name, over_columns, put};
use super::fit::{column_width, columns_of, index, is_numbered, size};
use super::matrix::{Chooses, Picture, scale};
use super::opening::{Block, Piece, Sign, Takes};
use super::window::{Places, ROW, window};
use crate::view::markup::{Element, el};

/// Pixels that the frames of the column and of the matrix take, and the gap between them.
const BESIDE: f64 = 24.0;

/// The table, where these pieces are a column times a row.
pub(super) fn outer(
    pieces: &[Piece],
    full: Option<f64>,
    scene: &Scene<'_>,
    drawn: &mut Drawn,
) -> Option<Element> {
    let [left, top, product] = factors(pieces)?;
    let (row_count, column_count) = product.values.dim();
    let (digits, most) = (scene.room.digits(), scene.room.rows(1));
    let index = index(row_count > most);
    let share = scene.room.width() - column_width(left, digits) - BESIDE - index;
    let column = if scene.has_column { scene.chosen.column } else { largest(top) };
    let row = if row_count > most { scene.chosen.row } else { 0 };
    // The two ways of the columns have one width, so that each product stands under its factor.
    let wider = if column_width(product, digits) >= column_width(top, digits) { product } else { top };
    let (shown_rows, (shown_columns, width)) =
        (window(row_count, row, most), columns_of(wider, column, share, scene.room));
    let (rows, columns) = (Places::of(&shown_rows, ROW), Places::of(&shown_columns, width));
    let one = |length: f64| Places::of(&window(1, 0, 1), length);

    let size = size((row_count, &shown_rows), (column_count, &shown_columns));
    let note = (scene.words.standing)(product.standing).map(|note| format!(" · {note}"));
    let names = [left, top, product].map(|block| name(&block.label, scene.letters));
    let [left_name, top_name, product_name] = names;
    let over = over_columns(top, &columns, scene.letters);
    let top = Picture {
        block: Block { takes: Takes::Row, ..top.clone() },
        rows: one(ROW),
        columns: columns.clone(),
        all_digits: false,
        digits,
        full: scale(top, scene.place.model),
        // The factors choose their own half of the entry.
        chooses: Chooses::Column,
        is_numbered: false,
    };
    let left = Picture {
        block: left.clone(),
        rows: rows.clone(),
        columns: one(column_width(left, digits)),
        all_digits: true,
        digits,
        full: scale(left, scene.place.model),
        chooses: Chooses::Row,
        is_numbered: is_numbered(&shown_rows, ROW),
    };
    let product = Picture {
        block: product.clone(),
        rows,
        columns,
        all_digits: false,
        digits,
        full: full.unwrap_or_else(|| scale(product, scene.place.model)),
        chooses: Chooses::Entry,
        is_numbered: false,
    };
    let above = el("div")
        .class("outer-top")
        .child(el("div").class("block-name").child(top_name))
        .children(over)
        .child(put(top, scene, drawn));
    let below = el("div")
        .class("block-note outer-name")
        .child(product_name)
        .say(" ")
        .child(el("span").class("num").say(size))
        .say(note.unwrap_or_default());
    let table = el("div")
        .class("outer")
        .child(el("div").class("block-name outer-left-name").child(left_name))
        .child(above)
        .child(put(left, scene, drawn))
        .child(put(product, scene, drawn))
        .child(below);
    Some(table)
}

/// A column times a row: what makes a matrix out of two vectors.
fn factors(pieces: &[Piece]) -> Option<[&Block; 3]> {
    let [
        Piece::Block(left),
        Piece::Sign(Sign::Dot),
        Piece::Block(top),
        Piece::Sign(Sign::Equals),
        Piece::Block(product),
    ] = pieces
    else {
        return None;
    };
    let is_outer = left.values.ncols() == 1 && top.values.nrows() == 1 && top.values.ncols() > 1;
    is_outer.then_some([left, top, product])
}

/// The column of a row vector that is farthest from zero; the first of equal ones.
fn largest(row: &Block) -> usize {
    let farther = |best: (usize, f64), (place, value): (usize, &f64)| {
        if value.abs() > best.1 { (place, value.abs()) } else { best }
    };
    row.values.iter().enumerate().fold((0, 0.0), farther).0
}
