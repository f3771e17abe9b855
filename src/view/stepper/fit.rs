//! What fits: how wide the blocks of a row are, and which rows and columns of a matrix are shown.

use super::matrix::{APART, DIGIT, INDEX, MARGIN, WIDEST_DIGIT};
use super::opening::{Block, Piece, Sign, Takes};
use super::room::{DigitSizes, Room};
use super::window::{DIGITS, FEWEST, GAP, Places, ROW, Shown, window};
use crate::engine::syntax::Expr;
use crate::sorted::order;
use crate::view::formula::function_text;
use crate::view::number::MINUS;

/// Most rows of a block that are shown.
pub const ROWS: usize = 16;
/// Rows of a column that is used as a whole are drawn thinner, so that more fit.
const THIN_ROWS: usize = 48;
/// Height of the columns that a sum runs over.
const TALL_ENOUGH: f64 = 8.0 * ROW;
/// Width of a digit of a lone column, as a part of its size, with the room that it has for itself.
const COLUMN_DIGIT: f64 = 6.8 / 11.5;
/// Less than this is no column more or less.
const ROUNDING: f64 = 1e-9;
/// Pixels of a gap in a row, and of a sign's letter.
const BETWEEN: (f64, f64) = (3.0, 9.0);
/// Pixels that the signs of the differences take beside a column.
const COMPARED: f64 = 56.0;

/// What a row of blocks has to fit into.
#[derive(Clone, Copy)]
pub(super) struct Given {
    /// The room.
    pub room: Room,
    /// Whether the differences from before stand beside columns.
    pub is_compared: bool,
    /// The row around which a block that does not fit is shown.
    pub centre: usize,
}

/// How a row of blocks is fitted in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fit {
    /// Most rows of a block.
    pub rows: usize,
    /// The height of the blocks whose rows are those of the result, in pixels.
    pub height: f64,
    /// Pixels for the columns of each matrix, in the order of the pieces.
    pub shares: Vec<f64>,
    /// How many lines the blocks stand on.
    pub lines: usize,
}

/// Where what the equation gives begins: at its first sign of that.
pub(super) fn first_of_result(pieces: &[Piece]) -> usize {
    let is_result = |piece: &Piece| matches!(piece, Piece::Sign(Sign::Equals | Sign::Into(_)));
    pieces.iter().position(is_result).unwrap_or(pieces.len())
}

/// Whether a block shows the numbers of its rows, where it is a window onto them. The rows of a line stand level: a
/// class, whose digits take all the room, sees the numbers at the first window alone.
pub(super) fn tells_rows(pieces: &[Piece], place: usize, (rows, lines): (usize, usize), room: Room) -> bool {
    let first = first_of_result(pieces);
    let line = if lines > 1 && place >= first { first } else { 0 };
    let is_window = |piece: &Piece| matches!(piece, Piece::Block(block) if block.takes == Takes::Row && block.values.nrows() > rows);
    !room.is_presented() || !pieces.iter().take(place).skip(line).any(is_window)
}

/// Decides how many rows and columns of the blocks fit.
pub(super) fn fit(pieces: &[Piece], given: Given) -> Fit {
    let one = on_lines(pieces, 1, given);
    // Two lines of blocks are high: fewer rows, and with them perhaps their numbers at the left.
    if one.lines == 1 { one } else { Fit { lines: 2, ..on_lines(pieces, 2, given) } }
}

fn on_lines(pieces: &[Piece], lines: usize, given: Given) -> Fit {
    let rows = given.room.rows(lines).min(given.room.rows(1));
    let height = height(pieces, rows, given.centre);
    let measured = measure(pieces, (rows, lines), height, given);
    let (shares, lines) = measured.shares(given.room);
    Fit { rows, height, shares, lines }
}

/// The height of the blocks that follow the result's rows. A sum over all rows has only one row itself.
fn height(pieces: &[Piece], rows: usize, centre: usize) -> f64 {
    let heights = pieces.iter().filter_map(|piece| match piece {
        Piece::Block(block) if block.takes == Takes::Row => {
            Some(Places::of(&window(block.values.nrows(), centre, rows), ROW).length)
        }
        _ => None,
    });
    let height = heights.fold(ROW, f64::max);
    if height <= ROW { TALL_ENOUGH } else { height }
}

/// What the pieces of a row take, in pixels.
#[derive(Default)]
struct Measured {
    /// Everything but the columns of matrices.
    fixed: f64,
    /// What of that belongs to the result.
    results: f64,
    /// What the index of a matrix's rows takes, where one has it.
    beside: f64,
    /// Columns, narrowest and own width of each matrix.
    matrices: Vec<(usize, f64, f64)>,
}

fn measure(pieces: &[Piece], (rows, lines): (usize, usize), height: f64, given: Given) -> Measured {
    let digits = DigitSizes::of(pieces, given.room);
    let first = first_of_result(pieces);
    let mut measured = Measured::default();
    for (place, piece) in pieces.iter().enumerate() {
        let tells_rows = tells_rows(pieces, place, (rows, lines), given.room);
        let width = match piece {
            Piece::Sign(sign) => BETWEEN.1 * text_of(*sign).chars().count() as f64,
            Piece::Block(block) if block.values.ncols() > 1 => {
                let (narrowest, own) = column_widths(block, digits);
                let index = index(tells_rows && block.values.nrows() > rows);
                measured.matrices.push((block.values.ncols(), narrowest, own));
                measured.beside = measured.beside.max(index);
                2.0 * MARGIN + index
            }
            Piece::Block(block) => {
                let (shown, row_height, width) = rows_of(block, given.centre, height, rows, digits);
                let compared = if given.is_compared { COMPARED } else { 0.0 };
                let index = index(tells_rows && is_numbered(&shown, row_height));
                (width + compared + index + 2.0 * MARGIN).max(name_width(&block.label))
            }
        };
        measured.fixed += width + BETWEEN.0;
        if place >= first {
            measured.results += width + BETWEEN.0;
        }
    }
    measured
}

impl Measured {
    /// The pixels of each matrix, and how many lines the blocks stand on. Where one line is too short even for the
    /// narrowest columns, what the equation gives goes to a line of its own.
    fn shares(&self, room: Room) -> (Vec<f64>, usize) {
        let wanted = || self.matrices.iter().map(|(columns, _, own)| *columns as f64 * own);
        if !room.is_wide() {
            // Each matrix has a line of its own, as wide as the page.
            let whole = room.width() - 2.0 * MARGIN - self.beside;
            return (self.matrices.iter().map(|_| whole).collect(), 1);
        }
        let (one_line, two_lines) = (room.width() - self.fixed, room.width() - self.fixed + self.results);
        if room.is_presented() {
            // A class sees fewer columns, as long as that is a window at all.
            let least: f64 = self.matrices.iter().map(least_window).sum();
            let is_one = self.matrices.is_empty() || least <= one_line;
            let free = if is_one { one_line } else { two_lines };
            return (dealt_out(free, &wanted().collect::<Vec<_>>()), if is_one { 1 } else { 2 });
        }
        let least: f64 =
            self.matrices.iter().map(|(columns, narrowest, _)| *columns as f64 * narrowest).sum();
        let is_one = least <= one_line || (self.matrices.len() == 1 && least > two_lines);
        // All matrices of a row get the same share of what they would like to have.
        let all: f64 = wanted().sum();
        let share = if all > 0.0 { (if is_one { one_line } else { two_lines }) / all } else { 1.0 };
        (wanted().map(|one| one * share).collect(), if is_one { 1 } else { 2 })
    }
}

/// The pixels of the smallest window onto a matrix.
fn least_window((columns, narrowest, own): &(usize, f64, f64)) -> f64 {
    let whole = *columns as f64 * narrowest;
    if *columns <= FEWEST { whole } else { whole.min(FEWEST as f64 * own + 2.0 * GAP) }
}

/// Pixels dealt out to some who want so many: all get alike, nobody more than that, so that what is small stays whole.
fn dealt_out(pixels: f64, wanted: &[f64]) -> Vec<f64> {
    let order = order(wanted.len(), &|one, other| wanted[one].total_cmp(&wanted[other]));
    let mut shares = vec![0.0; wanted.len()];
    let mut left = pixels.max(0.0);
    for (done, place) in order.iter().enumerate() {
        let share = (left / (order.len() - done) as f64).min(wanted[*place]);
        shares[*place] = share;
        left -= share;
    }
    shares
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

/// The rows of a block that are shown, at most so many, their height, and the width of a column beside no other.
pub(super) fn rows_of(
    block: &Block,
    centre: usize,
    height: f64,
    most: usize,
    digits: DigitSizes,
) -> (Vec<Shown>, f64, f64) {
    let is_thin = block.takes == Takes::Whole && block.values.ncols() == 1;
    let rows = window(block.values.nrows(), centre, if is_thin { THIN_ROWS } else { most });
    let row_height = if is_thin { (height / rows.len() as f64).clamp(4.0, ROW) } else { ROW };
    let width = if is_thin && row_height < DIGITS { 30.0 } else { column_width(block, digits) };
    (rows, row_height, width)
}

/// The columns that are shown around one, and their width, where there are so many pixels for them. Beside other blocks
/// a window that would leave out one or two columns saves nothing; a line of its own has no room for those either.
pub(super) fn columns_of(block: &Block, centre: usize, share: f64, room: Room) -> (Vec<Shown>, f64) {
    let is_narrow = room.is_presented() || !room.is_wide();
    let (spared, fewest) = (if is_narrow { 0 } else { 2 }, if room.is_presented() { FEWEST } else { 5 });
    let count = block.values.ncols();
    let (least, most) = column_widths(block, room.digits());
    let width = (share / count as f64).clamp(least, most);
    if count <= (share / width + ROUNDING) as usize + spared {
        return (window(count, centre, count), width);
    }
    let width = most;
    (window(count, centre, (((share - 2.0 * GAP) / width + ROUNDING) as usize).max(fewest)), width)
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
pub(super) fn column_width(block: &Block, digits: DigitSizes) -> f64 {
    column_widths(block, digits).1
}

/// The narrowest column in which the numbers of a block can be read and do not touch, and the one they would like.
fn column_widths(block: &Block, digits: DigitSizes) -> (f64, f64) {
    let longest = digits.form_of(block).longest(block.values.iter()) as f64;
    let narrowest = longest * DIGIT * digits.row.0 + APART;
    let own = match block.values.ncols() {
        0 | 1 => (longest * COLUMN_DIGIT * digits.all + 10.0).max(44.0),
        2..=12 => (longest * 5.6 + APART).max(28.0),
        _ => (longest * 5.2 + APART).max(24.0),
    };
    (narrowest.min(own), own.max(longest * WIDEST_DIGIT * digits.row.0 + APART))
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
