//! The blocks of an opened equation side by side, with the signs between them, as elements.

use ndarray::Array2;

use super::digits::signed;
pub use super::fit::ROWS;
use super::fit::{
    Fit, Given, columns_of, first_of_result, fit, is_numbered, is_window, rows_of, size, tells_rows, text_of,
};
use super::matrix::{Chooses, INDEX, Picture, Place, scale};
use super::opening::{Block, Piece, Sign, Standing};
use super::outer::outer;
use super::room::{DigitSizes, Room};
use super::spell::Entry;
use super::window::{Places, Shown, window};
use crate::engine::syntax::Expr;
use crate::view::formula::Typesetter;
use crate::view::markup::{Element, Node, el};

/// Most columns that are shown without a window onto them.
const COLUMNS: usize = 5;

/// The words that stand in a drawing, in the reader's language.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The word over a block's name.
    pub standing: fn(Standing) -> Option<&'static str>,
    /// Why not all of so many rows and columns are seen.
    pub windowed: &'a dyn Fn(usize, usize) -> String,
    /// How many numbers of how many differ from before, and by how much at most.
    pub differing: &'a dyn Fn(usize, usize, &str) -> String,
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
    pub room: Room,
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
    let columns = blocks().map(|block| block.values.ncols()).max().unwrap_or(1);
    let is_compared = scene.place.before.is_some();
    let Fit { rows: most, height, shares, lines } =
        fit(pieces, Given { room: scene.room, is_compared, centre: scene.chosen.row });
    let rows = blocks().map(|block| block.values.nrows()).max().unwrap_or(1);
    let centre = Entry {
        row: if rows > most { scene.chosen.row } else { 0 },
        column: if columns > COLUMNS { scene.chosen.column } else { 0 },
    };
    let look = Look {
        full,
        centre,
        most,
        height,
        // Where one block has a word over its name, all leave room for it, so that their rows stand level.
        has_notes: blocks().any(|block| (scene.words.standing)(block.standing).is_some()),
        share: 0.0,
        tells_rows: true,
        digits: DigitSizes::of(pieces, scene.room),
    };
    let mut shares = shares.into_iter();
    let first = first_of_result(pieces);
    // What the equation gives stays together where the row is too long for one line.
    let mut results = el("div").class("open-result");
    for (place, piece) in pieces.iter().enumerate() {
        let element = match piece {
            Piece::Sign(sign) => el("span").class("sign").attr("aria-hidden", "true").say(text_of(*sign)),
            Piece::Block(block) => {
                // The first two columns are always seen; another one that was chosen comes before what weighs most.
                let is_chosen = scene.has_column && centre.column > 1;
                let hot = if is_chosen { None } else { hot_column(pieces, place) };
                let column = hot.unwrap_or(centre.column);
                let share = if block.values.ncols() > 1 { shares.next() } else { None };
                let look = Look {
                    centre: Entry { column, ..centre },
                    share: share.unwrap_or_default(),
                    tells_rows: tells_rows(pieces, place, (most, lines), scene.room),
                    ..look
                };
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
    /// Most rows of a block.
    most: usize,
    height: f64,
    has_notes: bool,
    /// Pixels that there are for the columns of a matrix.
    share: f64,
    /// Whether the numbers of the rows stand beside a window.
    tells_rows: bool,
    /// How the digits are shown.
    digits: DigitSizes,
}

/// One block: its name above, its picture, its size below where it is a matrix.
fn whole(block: &Block, look: Look, scene: &Scene<'_>, drawn: &mut Drawn) -> Element {
    let (row_count, column_count) = block.values.dim();
    let is_matrix = column_count > 1;
    let digits = look.digits;
    let (shown_rows, row_height, own_width) = rows_of(block, look.centre.row, look.height, look.most, digits);
    let (shown_columns, column_width) = if is_matrix {
        columns_of(block, look.centre.column, look.share, scene.room)
    } else {
        (window(1, 0, 1), own_width)
    };
    let is_windowed = is_window(&shown_rows) || is_window(&shown_columns);
    let (rows, columns) = (Places::of(&shown_rows, row_height), Places::of(&shown_columns, column_width));

    let is_result = block.standing != Standing::Read;
    let classes =
        ["block", if is_result { " result" } else { "" }, if is_matrix { " matrix-block" } else { "" }];
    let is_numbered = look.tells_rows && is_numbered(&shown_rows, row_height);
    let over = is_matrix.then(|| over_columns(block, &columns, scene.letters)).flatten();
    // The names stand over the columns, not over the numbers of the rows.
    let over = over.map(|over| over.maybe("style:margin-left", is_numbered.then(|| format!("{INDEX}px"))));
    let full = look.full.filter(|_| is_result).unwrap_or_else(|| scale(block, scene.place.model));
    let note = || (scene.words.standing)(block.standing).unwrap_or("\u{a0}");
    // A class sees the numbers of the rows, and gaps where something is left out: more words would stand in two lines.
    let seen: (&[Shown], &[Shown]) =
        if scene.room.is_presented() { (&[], &[]) } else { (&shown_rows, &shown_columns) };
    let size = is_matrix.then(|| size((row_count, seen.0), (column_count, seen.1)));
    let picture = Picture {
        block: block.clone(),
        rows,
        columns,
        all_digits: !is_matrix,
        digits,
        full,
        chooses: Chooses::Entry,
        is_numbered,
    };
    let differing = is_matrix.then(|| picture.compared(scene.place)).flatten();
    let differing = differing.and_then(|found| most_different(&found, scene.words));
    el("div")
        .class(classes.concat())
        .maybe("title", is_windowed.then(|| (scene.words.windowed)(row_count, column_count)))
        .children(look.has_notes.then(|| el("div").class("block-note").say(note())))
        .child(el("div").class("block-name").child(name(&block.label, scene.letters)))
        .children(over)
        .child(put(picture, scene, drawn))
        .children(size.map(|size| el("div").class("block-note num").say(size)))
        .children(differing.map(|differing| el("div").class("block-note num").say(differing)))
}

/// How many numbers of a matrix differ from before, and by how much at most.
fn most_different(found: &Array2<f64>, words: Words<'_>) -> Option<String> {
    let count = found.iter().filter(|difference| **difference != 0.0).count();
    if count == 0 {
        return None;
    }
    let most = found.iter().copied().reduce(|most, one| if one.abs() > most.abs() { one } else { most })?;
    Some((words.differing)(count, found.len(), &signed(most)))
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
