//! What fits: how wide the blocks of a row are, and which rows and columns of a matrix are shown.

use super::digits::Digits;
use super::matrix::{APART, DIGIT, INDEX, MARGIN, ROW_DIGITS};
use super::opening::{Block, Piece, Sign, Takes};
use super::width::Width;
use super::window::{DIGITS, GAP, ROW, Shown, window};
use crate::engine::syntax::Expr;
use crate::view::formula::function_text;
use crate::view::number::MINUS;

/// Most rows of a block that are shown.
pub const ROWS: usize = 16;
/// Rows of a column that is used as a whole are drawn thinner, so that more fit.
const THIN_ROWS: usize = 48;
/// Pixels of a gap in a row, and of a sign's letter.
const BETWEEN: (f64, f64) = (3.0, 9.0);
/// Pixels that the signs of the differences take beside a column.
const COMPARED: f64 = 56.0;

/// The room for a row.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// Its width.
    pub width: Width,
    /// Whether the differences from before stand beside columns.
    pub is_compared: bool,
}

/// Where what the equation gives begins: at its first sign of that.
pub(super) fn first_of_result(pieces: &[Piece]) -> usize {
    let is_result = |piece: &Piece| matches!(piece, Piece::Sign(Sign::Equals | Sign::Into(_)));
    pieces.iter().position(is_result).unwrap_or(pieces.len())
}

/// How much of the width that its columns would like to have a matrix gets: all matrices of a row the same share. Where
/// one line is too short even for the narrowest columns, what the equation gives goes to a line of its own, unless it
/// fits when it is presented a little smaller, which is said too.
pub(super) fn shares(pieces: &[Piece], height: f64, room: Room) -> (f64, bool) {
    let first = first_of_result(pieces);
    let (mut fixed, mut results, mut wanted, mut least, mut matrices) = (0.0, 0.0, 0.0, 0.0, 0);
    for (place, piece) in pieces.iter().enumerate() {
        let width = match piece {
            Piece::Sign(sign) => BETWEEN.1 * text_of(*sign).chars().count() as f64,
            Piece::Block(block) if block.values.ncols() > 1 => {
                matrices += 1;
                let (narrowest, own) = column_widths(block);
                wanted += block.values.ncols() as f64 * own;
                least += block.values.ncols() as f64 * narrowest;
                2.0 * MARGIN + index(block.values.nrows() > ROWS)
            }
            Piece::Block(block) => {
                let (rows, row_height, width) = rows_of(block, 0, height);
                let compared = if room.is_compared { COMPARED } else { 0.0 };
                let index = index(is_numbered(&rows, row_height));
                (width + compared + index + 2.0 * MARGIN).max(name_width(&block.label))
            }
        };
        fixed += width + BETWEEN.0;
        if place >= first {
            results += width + BETWEEN.0;
        }
    }
    let (width, room) = (room.width, room.width.room());
    if !width.is_wide() {
        // Each matrix has a line of its own, as wide as the page.
        let is_numbered = pieces.iter().any(
            |piece| matches!(piece, Piece::Block(block) if block.values.ncols() > 1 && block.values.nrows() > ROWS),
        );
        let beside = index(is_numbered);
        return (
            if wanted > 0.0 { (room - 2.0 * MARGIN - beside) / wanted * f64::from(matrices) } else { 1.0 },
            false,
        );
    }
    if least > room - fixed
        && let Some(tight) = width.tight_room().filter(|tight| least <= tight - fixed)
    {
        return (if wanted > 0.0 { (tight - fixed) / wanted } else { 1.0 }, true);
    }
    let (one_line, two_lines) = (room - fixed, room - fixed + results);
    let is_one = least <= one_line || (matrices == 1 && least > two_lines);
    (if wanted > 0.0 { (if is_one { one_line } else { two_lines }) / wanted } else { 1.0 }, false)
}

/// Pixels that the numbers of the rows take, where there are any.
pub(super) fn index(is_numbered: bool) -> f64 {
    if is_numbered { INDEX } else { 0.0 }
}

/// About the pixels that a block's name takes.
fn name_width(label: &Expr) -> f64 {
    match label {
        Expr::Stack(parts) => 8.0 + parts.iter().map(name_width).sum::<f64>(),
        other => 24.0 * other.parts().count().max(1) as f64,
    }
}

/// The width that all columns of a matrix would like to have.
pub(super) fn own_width(block: &Block) -> f64 {
    block.values.ncols() as f64 * column_width(block)
}

/// The rows of a block that are shown, their height, and the width of a column beside no other.
pub(super) fn rows_of(block: &Block, centre: usize, height: f64) -> (Vec<Shown>, f64, f64) {
    let is_thin = block.takes == Takes::Whole && block.values.ncols() == 1;
    let rows = window(block.values.nrows(), centre, if is_thin { THIN_ROWS } else { ROWS });
    let row_height = if is_thin { (height / rows.len() as f64).clamp(4.0, ROW) } else { ROW };
    let width = if is_thin && row_height < DIGITS { 30.0 } else { column_width(block) };
    (rows, row_height, width)
}

/// The columns that are shown around one, and their width, where there are so many pixels for them. Beside other blocks
/// a window that would leave out one or two columns saves nothing; a line of its own has no room for those either.
pub(super) fn columns_of(block: &Block, centre: usize, share: f64, is_wide: bool) -> (Vec<Shown>, f64) {
    let spared = if is_wide { 2 } else { 0 };
    let count = block.values.ncols();
    let (least, most) = column_widths(block);
    let width = (share / count as f64).clamp(least, most);
    if count <= (share / width) as usize + spared {
        return (window(count, centre, count), width);
    }
    let width = most;
    (window(count, centre, ((share - 2.0 * GAP) / width) as usize), width)
}

/// The size of a matrix, and where not all of it is shown, which rows and columns are.
pub(super) fn size(
    (rows, shown_rows): (usize, &[Shown]),
    (columns, shown_columns): (usize, &[Shown]),
) -> String {
    let seen = |sign: &str, shown: &[Shown]| {
        if is_window(shown) { format!(" · {sign} {}", stretches(shown)) } else { String::new() }
    };
    let (down, across) = (seen("↓", shown_rows), seen("→", shown_columns));
    format!("{rows} × {columns}{down}{across}")
}

/// Whether the numbers of the rows are needed: some are left out, and there is room for digits.
pub(super) fn is_numbered(shown: &[Shown], height: f64) -> bool {
    is_window(shown) && height >= DIGITS
}

/// Whether entries are left out.
pub(super) fn is_window(shown: &[Shown]) -> bool {
    shown.iter().any(|shown| matches!(shown, Shown::Gap(_)))
}

/// The entries that are shown, counted from 1: `1–2, 25–37, 64`.
fn stretches(shown: &[Shown]) -> String {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for shown in shown {
        let Shown::Entry(entry) = shown else { continue };
        match found.last_mut() {
            Some((_, last)) if *last == *entry => *last = entry + 1,
            _ => found.push((entry + 1, entry + 1)),
        }
    }
    let one = |(first, last): &(usize, usize)| {
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    };
    found.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The width of a column that has room for the longest number of its block, in pixels.
pub(super) fn column_width(block: &Block) -> f64 {
    column_widths(block).1
}

/// The narrowest column in which the numbers of a block can be read and do not touch, and the one they would like.
fn column_widths(block: &Block) -> (f64, f64) {
    let longest = Digits::of(block.values.iter()).longest(block.values.iter()) as f64;
    let own = match block.values.ncols() {
        0 | 1 => (longest * 6.8 + 10.0).max(44.0),
        2..=12 => (longest * 5.4 + 2.5).max(28.0),
        _ => (longest * 4.8 + 2.5).max(24.0),
    };
    ((longest * DIGIT * ROW_DIGITS.0 + APART).min(own), own)
}

/// A sign as it stands in the row.
pub(super) fn text_of(sign: Sign) -> String {
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
