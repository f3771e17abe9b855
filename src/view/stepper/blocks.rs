//! The blocks of an opened equation side by side, with the signs between them, as elements.

use super::digits::Digits;
use super::matrix::{APART, Chooses, DIGIT, MARGIN, Picture, Place, ROW_DIGITS, scale};
use super::opening::{Block, Piece, Sign, Standing, Takes};
use super::outer::outer;
use super::spell::Entry;
use super::width::Width;
use super::window::{DIGITS, GAP, Places, ROW, Shown, window};
use crate::engine::syntax::Expr;
use crate::view::formula::{Typesetter, function_text};
use crate::view::markup::{Element, Node, el};
use crate::view::number::MINUS;

/// Most rows of a block that are shown.
pub const ROWS: usize = 16;
/// Most columns that are shown without a window onto them.
const COLUMNS: usize = 5;
/// Height of the columns that a sum runs over.
const TALL_ENOUGH: f64 = 8.0 * ROW;
/// Rows of a column that is used as a whole are drawn thinner, so that more fit.
const THIN_ROWS: usize = 48;

/// The words that stand in a drawing, in the reader's language.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The word over a block's name.
    pub standing: fn(Standing) -> Option<&'static str>,
    /// Why not all of so many rows and columns are seen.
    pub windowed: &'a dyn Fn(usize, usize) -> String,
}

/// What the blocks are drawn with.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Where their numbers stand.
    pub place: Place<'a>,
    /// The letters of their names.
    pub letters: Typesetter<'a>,
    /// The words.
    pub words: Words<'a>,
    /// The room.
    pub width: Width,
    /// The entry that is spelled out.
    pub entry: Entry,
    /// The entry that was chosen: a window follows it, and not what is pointed at, under which it would run away.
    pub chosen: Entry,
    /// Whether a column was chosen too.
    pub has_column: bool,
}

/// A drawing of blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// The elements. A picture's has its place in `pictures` as `data-place`.
    pub nodes: Vec<Node>,
    /// The pictures.
    pub pictures: Vec<Picture>,
    /// Whether it fits on one line only where it is presented a little smaller.
    pub is_tight: bool,
}

/// Draws blocks. `full` is the magnitude at which the colour of the result is full; none: each block has its own.
pub fn draw(pieces: &[Piece], full: Option<f64>, scene: &Scene<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    if let Some(table) = outer(pieces, full, scene, &mut drawn) {
        drawn.nodes.push(table.into());
        return drawn;
    }
    let blocks = || {
        pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) => Some(block),
            Piece::Sign(_) => None,
        })
    };
    let rows = blocks().map(|block| block.values.nrows()).max().unwrap_or(1);
    let columns = blocks().map(|block| block.values.ncols()).max().unwrap_or(1);
    let centre = Entry {
        row: if rows > ROWS { scene.chosen.row } else { 0 },
        column: if columns > COLUMNS { scene.chosen.column } else { 0 },
    };
    let heights = blocks()
        .filter(|block| block.takes == Takes::Row)
        .map(|block| Places::of(&window(block.values.nrows(), centre.row, ROWS), ROW).length);
    let height = heights.fold(ROW, f64::max);
    let look = Look {
        full,
        centre,
        // A sum over all rows has only one row itself.
        height: if height <= ROW { TALL_ENOUGH } else { height },
        // Where one block has a word over its name, all leave room for it, so that their rows stand level.
        has_notes: blocks().any(|block| (scene.words.standing)(block.standing).is_some()),
        share: 0.0,
    };
    let (shares, is_tight) = shares(pieces, look, scene);
    drawn.is_tight = is_tight;
    let is_result = |piece: &Piece| matches!(piece, Piece::Sign(Sign::Equals | Sign::Into(_)));
    let first = pieces.iter().position(is_result).unwrap_or(pieces.len());
    // What the equation gives stays together where the row is too long for one line.
    let mut results = el("div").class("open-result");
    for (place, piece) in pieces.iter().enumerate() {
        let element = match piece {
            Piece::Sign(sign) => el("span").class("sign").attr("aria-hidden", "true").say(text_of(*sign)),
            Piece::Block(block) => {
                let column = hot_column(pieces, place).unwrap_or(centre.column);
                let look =
                    Look { centre: Entry { column, ..centre }, share: shares * own_width(block), ..look };
                whole(block, look, scene, &mut drawn)
            }
        };
        if place < first {
            drawn.nodes.push(element.into());
        } else {
            results = results.child(element);
        }
    }
    if first < pieces.len() {
        drawn.nodes.push(results.into());
    }
    drawn
}

/// What all blocks of a row have in common.
#[derive(Clone, Copy)]
struct Look {
    full: Option<f64>,
    centre: Entry,
    height: f64,
    has_notes: bool,
    /// Pixels that there are for the columns of a matrix.
    share: f64,
}

/// Pixels of a gap in a row, and of a sign's letter.
const BETWEEN: (f64, f64) = (3.0, 9.0);
/// Pixels that the signs of the differences take beside a column.
const COMPARED: f64 = 56.0;

/// How much of the width that its columns would like to have a matrix gets: all matrices of a row the same share. Where
/// one line is too short even for the narrowest columns, what the equation gives goes to a line of its own, unless it
/// fits when it is presented a little smaller, which is said too.
fn shares(pieces: &[Piece], look: Look, scene: &Scene<'_>) -> (f64, bool) {
    let is_result = |piece: &Piece| matches!(piece, Piece::Sign(Sign::Equals | Sign::Into(_)));
    let first = pieces.iter().position(is_result).unwrap_or(pieces.len());
    let (mut fixed, mut results, mut wanted, mut least, mut matrices) = (0.0, 0.0, 0.0, 0.0, 0);
    for (place, piece) in pieces.iter().enumerate() {
        let width = match piece {
            Piece::Sign(sign) => BETWEEN.1 * text_of(*sign).chars().count() as f64,
            Piece::Block(block) if block.values.ncols() > 1 => {
                matrices += 1;
                wanted += own_width(block);
                least += block.values.ncols() as f64 * least_width(block);
                2.0 * MARGIN
            }
            Piece::Block(block) => {
                let (_, _, width) = rows_of(block, look);
                let compared = if scene.place.before.is_some() { COMPARED } else { 0.0 };
                (width + compared + 2.0 * MARGIN).max(name_width(&block.label))
            }
        };
        fixed += width + BETWEEN.0;
        if place >= first {
            results += width + BETWEEN.0;
        }
    }
    let room = scene.width.room();
    if !scene.width.is_wide() {
        // Each matrix has a line of its own, as wide as the page.
        return (
            if wanted > 0.0 { (room - 2.0 * MARGIN) / wanted * f64::from(matrices) } else { 1.0 },
            false,
        );
    }
    if least > room - fixed
        && let Some(tight) = scene.width.tight_room().filter(|tight| least <= tight - fixed)
    {
        return (if wanted > 0.0 { (tight - fixed) / wanted } else { 1.0 }, true);
    }
    let (one_line, two_lines) = (room - fixed, room - fixed + results);
    let is_one = least <= one_line || (matrices == 1 && least > two_lines);
    (if wanted > 0.0 { (if is_one { one_line } else { two_lines }) / wanted } else { 1.0 }, false)
}

/// About the pixels that a block's name takes.
fn name_width(label: &Expr) -> f64 {
    match label {
        Expr::Stack(parts) => 8.0 + parts.iter().map(name_width).sum::<f64>(),
        other => 24.0 * other.parts().count().max(1) as f64,
    }
}

/// The width that all columns of a matrix would like to have.
fn own_width(block: &Block) -> f64 {
    block.values.ncols() as f64 * column_width(block)
}

/// The rows of a block that are shown, their height, and the width of a column beside no other.
fn rows_of(block: &Block, look: Look) -> (Vec<Shown>, f64, f64) {
    let is_thin = block.takes == Takes::Whole && block.values.ncols() == 1;
    let rows = window(block.values.nrows(), look.centre.row, if is_thin { THIN_ROWS } else { ROWS });
    let height = if is_thin { (look.height / rows.len() as f64).clamp(4.0, ROW) } else { ROW };
    let width = if is_thin && height < DIGITS { 30.0 } else { column_width(block) };
    (rows, height, width)
}

/// The columns that are shown around one, and their width, where there are so many pixels for them. A window that would
/// leave out one or two columns saves nothing.
pub(super) fn columns_of(block: &Block, centre: usize, share: f64) -> (Vec<Shown>, f64) {
    const SPARED: usize = 2;
    let count = block.values.ncols();
    let width = (share / count as f64).clamp(least_width(block), column_width(block));
    if count <= (share / width) as usize + SPARED {
        return (window(count, centre, count), width);
    }
    let width = column_width(block);
    (window(count, centre, ((share - 2.0 * GAP) / width) as usize), width)
}

/// One block: its name above, its picture, its size below where it is a matrix.
fn whole(block: &Block, look: Look, scene: &Scene<'_>, drawn: &mut Drawn) -> Element {
    let (row_count, column_count) = block.values.dim();
    let is_matrix = column_count > 1;
    let (shown_rows, row_height, own_width) = rows_of(block, look);
    let (shown_columns, column_width) = if is_matrix {
        columns_of(block, look.centre.column, look.share)
    } else {
        (window(1, 0, 1), own_width)
    };
    let is_windowed = is_window(&shown_rows) || is_window(&shown_columns);
    let (rows, columns) = (Places::of(&shown_rows, row_height), Places::of(&shown_columns, column_width));

    let is_result = block.standing != Standing::Read;
    let classes =
        ["block", if is_result { " result" } else { "" }, if is_matrix { " matrix-block" } else { "" }];
    let over = is_matrix.then(|| over_columns(block, &columns, scene.letters)).flatten();
    let full = look.full.filter(|_| is_result).unwrap_or_else(|| scale(block));
    let note = || (scene.words.standing)(block.standing).unwrap_or("\u{a0}");
    let size = is_matrix.then(|| size((row_count, &shown_rows), (column_count, &shown_columns)));
    let picture = Picture {
        block: block.clone(),
        rows,
        columns,
        all_digits: !is_matrix,
        full,
        chooses: Chooses::Entry,
    };
    el("div")
        .class(classes.concat())
        .maybe("title", is_windowed.then(|| (scene.words.windowed)(row_count, column_count)))
        .children(look.has_notes.then(|| el("div").class("block-note").say(note())))
        .child(el("div").class("block-name").child(name(&block.label, scene.letters)))
        .children(over)
        .child(put(picture, scene, drawn))
        .children(size.map(|size| el("div").class("block-note num").say(size)))
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

/// Whether entries are left out.
fn is_window(shown: &[Shown]) -> bool {
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

/// Draws a picture that is counted among a drawing's.
pub(super) fn put(picture: Picture, scene: &Scene<'_>, drawn: &mut Drawn) -> Element {
    let element = picture.draw(scene.place, scene.entry).attr("data-place", drawn.pictures.len());
    drawn.pictures.push(picture);
    element
}

/// What a block is, in these letters.
pub(super) fn name(label: &Expr, letters: Typesetter<'_>) -> Element {
    el("span").class("formula").child(Node::from(&letters.expression(label)))
}

/// Over each stretch of columns the value that they meet, where they meet more than one.
pub(super) fn over_columns(block: &Block, columns: &Places, letters: Typesetter<'_>) -> Option<Element> {
    let stretches = columns.stretches(&block.columns);
    let labels = block.columns.iter().zip(stretches).map(|(group, (_, length))| {
        let width = format!("{length}px");
        el("span").class("over").attr("style:width", width).child(name(&group.label, letters))
    });
    (!block.columns.is_empty()).then(|| el("div").class("over-columns").children(labels))
}

/// The width of a column that has room for the longest number of its block, in pixels.
pub(super) fn column_width(block: &Block) -> f64 {
    let longest = Digits::of(block.values.iter()).longest(block.values.iter()) as f64;
    match block.values.ncols() {
        0 | 1 => (longest * 6.8 + 10.0).max(44.0),
        2..=12 => (longest * 5.4 + 2.5).max(28.0),
        _ => (longest * 4.8 + 2.5).max(24.0),
    }
}

/// The narrowest column of a matrix in which its numbers can be read and do not touch.
fn least_width(block: &Block) -> f64 {
    let longest = Digits::of(block.values.iter()).longest(block.values.iter()) as f64;
    (longest * DIGIT * ROW_DIGITS.0 + APART).min(column_width(block))
}

/// For a matrix in front of a column: the row of the column that weighs most, to be seen in a window.
fn hot_column(pieces: &[Piece], place: usize) -> Option<usize> {
    let (Some(Piece::Sign(Sign::Dot)), Some(Piece::Block(factor))) =
        (pieces.get(place + 1), pieces.get(place + 2))
    else {
        return None;
    };
    if factor.values.ncols() > 1 {
        return None;
    }
    let mut hot: Option<(usize, f64)> = None;
    for (row, value) in factor.values.iter().enumerate() {
        if hot.is_none_or(|(_, most)| value.abs() > most) {
            hot = Some((row, value.abs()));
        }
    }
    hot.map(|(row, _)| row)
}

fn text_of(sign: Sign) -> String {
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
