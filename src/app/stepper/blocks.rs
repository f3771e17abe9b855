//! The blocks of an opened equation side by side, with the signs between them.

use leptos::prelude::*;

use super::matrix::{Matrix, scale};
use super::outer::Outer;
use super::state::use_stepper;
use super::width::use_width;
use crate::app::language::{say, say_with};
use crate::app::parts::Formula;
use crate::engine::syntax::Expr;
use crate::view::formula::function_text;
use crate::view::number::MINUS;
use crate::view::stepper::digits::Digits;
use crate::view::stepper::opening::{Block, Piece, Sign, Standing, Takes};
use crate::view::stepper::spell::Entry;
use crate::view::stepper::window::{DIGITS, Places, ROW, window};

/// Most rows of a block that are shown.
pub const ROWS: usize = 16;
/// Height of the columns that a sum runs over.
const TALL_ENOUGH: f64 = 8.0 * ROW;
/// Rows of a column that is used as a whole are drawn thinner, so that more fit.
const THIN_ROWS: usize = 48;

/// The blocks.
#[component]
pub fn Blocks(
    pieces: Vec<Piece>,
    /// The magnitude at which the colour of the result is full; none: each block has its own.
    full: Option<f64>,
    /// The step, from 1.
    #[prop(into)]
    step: Signal<usize>,
    /// The entry spelled out.
    #[prop(into)]
    entry: Signal<Entry>,
) -> impl IntoView {
    let stepper = use_stepper();
    let width = use_width();
    // A window follows what is chosen, not what is pointed at: otherwise it would run away under the pointer.
    let rows = pieces.iter().filter_map(block).map(|block| block.values.nrows()).max().unwrap_or(1);
    let columns = pieces.iter().filter_map(block).map(|block| block.values.ncols()).max().unwrap_or(1);
    let centre = Memo::new(move |_| {
        let chosen = stepper.chosen();
        Entry {
            row: if rows > ROWS { chosen.row } else { 0 },
            column: if columns > 5 { chosen.column } else { 0 },
        }
    });
    let pieces = StoredValue::new(pieces);
    // One listener for all blocks: what listens to a memo stays on its list after it is gone.
    let entry = Signal::from(Memo::new(move |_| entry.get()));
    move || {
        let centre = centre.get();
        // The names over the blocks are written in these letters, with this step.
        stepper.notation.track();
        step.track();
        // Compared with those of before, columns are wider.
        stepper.before.track();
        let most_columns = width.get().columns();
        pieces.with_value(|pieces| {
            if let Some([left, top, product]) = outer(pieces) {
                return view! {
                    <Outer left=left.clone() top=top.clone() product=product.clone() full centre step entry/>
                }
                .into_any();
            }
            let height = pieces
                .iter()
                .filter_map(block)
                .filter(|block| block.takes == Takes::Row)
                .map(|block| Places::of(&window(block.values.nrows(), centre.row, ROWS), ROW).length)
                .fold(ROW, f64::max);
            // A sum over all rows has only one row itself.
            let height = if height <= ROW { TALL_ENOUGH } else { height };
            // Where one block has a word over its name, all leave room for it, so that their rows stand level.
            let has_notes = pieces.iter().filter_map(block).any(|block| word(block.standing).is_some());
            pieces
                .iter()
                .enumerate()
                .map(|(place, piece)| match piece {
                    Piece::Sign(sign) => {
                        view! { <span class="sign" aria-hidden="true">{text(*sign)}</span> }.into_any()
                    }
                    Piece::Block(block) => {
                        let column = hot_column(pieces, place).unwrap_or(centre.column);
                        let centre = Entry { column, ..centre };
                        let full = full.filter(|_| block.standing != Standing::Read).unwrap_or_else(|| scale(block));
                        view! { <BlockView block=block.clone() full centre height most_columns has_notes step entry/> }
                            .into_any()
                    }
                })
                .collect_view()
                .into_any()
        })
    }
}

/// One block: its name above, its picture, its size below where it is a matrix.
#[component]
fn BlockView(
    block: Block,
    full: f64,
    centre: Entry,
    height: f64,
    most_columns: usize,
    has_notes: bool,
    step: Signal<usize>,
    entry: Signal<Entry>,
) -> impl IntoView {
    let stepper = use_stepper();
    let (row_count, column_count) = block.values.dim();
    let is_matrix = column_count > 1;
    let is_thin = block.takes == Takes::Whole && !is_matrix;
    let shown_rows = window(row_count, centre.row, if is_thin { THIN_ROWS } else { ROWS });
    let row_height = if is_thin { (height / shown_rows.len() as f64).clamp(4.0, ROW) } else { ROW };
    let column_width = if is_thin && row_height < DIGITS { 30.0 } else { column_width(&block) };
    // Wider columns leave room for fewer of them.
    let most_columns = (most_columns as f64 * 24.0 / column_width.max(24.0)) as usize;
    let shown_columns = window(column_count, centre.column, most_columns);
    let is_result = block.standing != Standing::Read;
    let is_windowed = shown_rows.len() < row_count || shown_columns.len() < column_count;
    let (rows, columns) = (Places::of(&shown_rows, row_height), Places::of(&shown_columns, column_width));

    let name = name(block.label.clone(), step);
    let note = has_notes.then(|| word(block.standing).unwrap_or("\u{a0}"));
    let over_columns = is_matrix.then(|| over_columns(&block, &columns, step));
    let below = is_matrix.then(|| format!("{row_count} × {column_count}"));
    let title =
        is_windowed.then(|| say_with!(stepper.windowed; "rows" => row_count, "columns" => column_count));
    let on_point = Callback::new(move |entry: Option<Entry>| {
        if stepper.pointed.get_untracked() != entry {
            stepper.pointed.set(entry);
        }
    });
    let on_choose = Callback::new(move |entry: Entry| stepper.choose(entry));
    view! {
        <div class="block" class:result=is_result class:matrix-block=is_matrix title=title>
            {note.map(|note| view! { <div class="block-note">{note}</div> })}
            <div class="block-name">{name}</div>
            {over_columns}
            <Matrix block=block rows columns all_digits=!is_matrix chosen=entry full on_point on_choose/>
            {below.map(|below| view! { <div class="block-note num">{below}</div> })}
        </div>
    }
}

/// What a block is, in the letters of the page and at the step in view. Who draws it listens to both.
pub fn name(label: Expr, step: Signal<usize>) -> impl IntoView {
    let stepper = use_stepper();
    let node = stepper.typesetter(step.get()).expression(&label);
    view! { <Formula node=Signal::stored(node)/> }
}

/// Over each stretch of columns the value that they meet, where they meet more than one.
pub fn over_columns(block: &Block, columns: &Places, step: Signal<usize>) -> impl IntoView + use<> {
    (!block.columns.is_empty()).then(|| {
        let stretches = columns.stretches(&block.columns);
        let labels = block
            .columns
            .iter()
            .zip(stretches)
            .map(|(group, (_, length))| {
                let name = name(group.label.clone(), step);
                view! { <span class="over" style:width=format!("{length}px")>{name}</span> }
            })
            .collect_view();
        view! { <div class="over-columns">{labels}</div> }
    })
}

/// The width of a column that has room for the longest number of its block, in pixels.
pub fn column_width(block: &Block) -> f64 {
    let longest = Digits::of(block.values.iter()).longest(block.values.iter()) as f64;
    match block.values.ncols() {
        0 | 1 => (longest * 6.8 + 10.0).max(44.0),
        2..=12 => (longest * 5.4 + 1.0).max(28.0),
        _ => (longest * 4.8 + 1.0).max(24.0),
    }
}

/// A column times a row: what makes a matrix out of two vectors.
fn outer(pieces: &[Piece]) -> Option<[&Block; 3]> {
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

/// The word over a block's name.
pub fn word(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Read | Standing::Result => None,
        Standing::Added => Some(say!(stepper.added)),
        Standing::Before => Some(say!(stepper.before)),
        Standing::After => Some(say!(stepper.after)),
    }
}

fn block(piece: &Piece) -> Option<&Block> {
    match piece {
        Piece::Block(block) => Some(block),
        Piece::Sign(_) => None,
    }
}

/// For a matrix in front of a column: the row of the column that weighs most, to be seen in a window.
fn hot_column(pieces: &[Piece], place: usize) -> Option<usize> {
    let (Some(Piece::Sign(Sign::Dot)), Some(Piece::Block(factor))) =
        (pieces.get(place + 1), pieces.get(place + 2))
    else {
        return None;
    };
    let mut hot: Option<(usize, f64)> = None;
    if factor.values.ncols() > 1 {
        return None;
    }
    for (row, value) in factor.values.iter().enumerate() {
        if hot.is_none_or(|(_, most)| value.abs() > most) {
            hot = Some((row, value.abs()));
        }
    }
    hot.map(|(row, _)| row)
}

fn text(sign: Sign) -> String {
    match sign {
        Sign::Plus => "+".into(),
        Sign::Minus => MINUS.to_string(),
        Sign::Times => "∗".into(),
        Sign::Over => "/".into(),
        Sign::Dot => "·".into(),
        Sign::Equals => "=".into(),
        Sign::Into(function) => format!("{} →", function_text(function)),
        Sign::Of(function) => function_text(function).into(),
        Sign::Open => "(".into(),
        Sign::Close => ")".into(),
        Sign::Power(exponent) => format!("^{exponent}"),
    }
}
