//! A block of numbers as a picture: a cell an entry, coloured by its value, the chosen row with its digits.

use super::Part;
use super::cells::{Cell, shapes};
use super::digits::{Digits, READABLE, without_zero};
use super::marks::{self, Mark};
use super::model::StepperModel;
use super::opening::{Block, Standing, Takes};
use super::room::DigitSizes;
use super::spell::Entry;
use super::subject::{Subject, subject};
use super::window::{DIGITS, GAP, Places};
use crate::engine::syntax::Expr;
use crate::view::colour::{full_scale, heat_class};
use crate::view::markup::{Element, el};

/// Room around the cells, for the frame of the chosen row.
pub(super) const MARGIN: f64 = 4.0;
/// Room at the left for the numbers of the rows.
pub(super) const INDEX: f64 = 22.0;
/// Width of a sign of the differences beside a column, and room before and behind them.
const DIFFERENCE: (f64, f64) = (6.3, 14.0);
/// Width of a digit, as a part of its size.
pub(super) const DIGIT: f64 = 0.58;
/// The same of the digits of a row, in the widest of the fonts.
pub(super) const WIDEST_DIGIT: f64 = 0.64;
/// Pixels between the numbers of a row: less reads as one long number.
pub(super) const APART: f64 = 4.5;

/// Which part of the entry that is spelled out a picture's own entries stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chooses {
    /// The whole of it.
    Entry,
    /// Its row: a factor at the left of a table of products.
    Row,
    /// Its column: the factor above.
    Column,
}

/// Where the numbers of a picture stand.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The model with the reader's changes.
    pub model: &'a StepperModel,
    /// The model before them, while the two are compared.
    pub before: Option<&'a StepperModel>,
    /// Whose equation it is.
    pub part: Part,
    /// The step, from 0.
    pub step: usize,
}

/// What is drawn of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its numbers.
    pub block: Block,
    /// The rows that are shown.
    pub rows: Places,
    /// The columns that are shown.
    pub columns: Places,
    /// Every entry with its digits, not only the chosen row.
    pub all_digits: bool,
    /// How large the digits are.
    pub digits: DigitSizes,
    /// The magnitude at which the colour is full.
    pub full: f64,
    /// What pointing at it chooses.
    pub chooses: Chooses,
    /// Whether the numbers of its rows stand at the left: where it is a window.
    pub is_numbered: bool,
}

impl Picture {
    /// Whether its rows are those of the result, so that one of them is marked and can be chosen.
    pub fn follows(&self) -> bool {
        self.block.takes == Takes::Row
    }

    /// The entry under a place of the picture, in pixels from its upper left corner, where it stands `height` pixels high.
    pub fn entry_at(&self, (x, y): (f64, f64), height: f64) -> Option<Entry> {
        let scale = height / (self.rows.length + 2.0 * MARGIN);
        let row = self.rows.at(y / scale - MARGIN)?;
        Some(Entry { row, column: self.columns.at(x / scale - self.left())? })
    }

    /// Where a row stands in the picture, in pixels from its upper edge, where it stands `height` pixels high; none where
    /// the row is left out.
    pub fn row_at(&self, row: usize, height: f64) -> Option<(f64, f64)> {
        let scale = height / (self.rows.length + 2.0 * MARGIN);
        let (start, length) = self.rows.find(row)?;
        Some(((start + MARGIN) * scale, (start + length + MARGIN) * scale))
    }

    /// Pixels before the first column.
    fn left(&self) -> f64 {
        MARGIN + if self.is_numbered { INDEX } else { 0.0 }
    }

    /// The entry that is spelled out once one of this picture is chosen.
    pub fn chosen(&self, own: Entry, now: Entry) -> Entry {
        match self.chooses {
            Chooses::Entry => own,
            Chooses::Row => Entry { row: own.row, ..now },
            Chooses::Column => Entry { column: own.column, ..now },
        }
    }

    /// What an entry is.
    pub fn subject(&self, place: Place<'_>, entry: Entry) -> Option<Subject> {
        subject(place.model, place.part, place.step, &self.block, entry)
    }

    /// The picture with the row of an entry marked. Its parts stand in groups, so that one drawing can be changed into the
    /// next without making its elements anew.
    pub fn draw(&self, place: Place<'_>, chosen: Entry) -> Element {
        let (width, height) = (self.columns.length, self.rows.length);
        let differences = self.differences(place).unwrap_or_default();
        let longest = differences.iter().map(|(text, ..)| text.chars().count()).max();
        let extra = longest.map_or(0.0, |longest| DIFFERENCE.0 * longest as f64 + DIFFERENCE.1);
        let left = self.left();
        let (outer_width, outer_height) = (width + extra + left + MARGIN, height + 2.0 * MARGIN);
        let differences = differences
            .into_iter()
            .map(|(text, y)| el("text").class("difference").attr("x", width + 7.0).attr("y", y).say(text));
        el("svg")
            .class(if self.follows() { "matrix follows" } else { "matrix" })
            .attr("width", outer_width)
            .attr("height", outer_height)
            .attr("viewBox", format!("-{left} -{MARGIN} {outer_width} {outer_height}"))
            .attr("aria-hidden", "true")
            .attr("data-testid", "stepper-matrix")
            .child(el("g").children(self.cells()))
            .child(el("g").children(self.numbers()))
            .child(el("g").children(self.borders()).children(self.gaps()))
            .child(el("g").children(self.marks(place)).children(self.changed(place)))
            .child(el("g").children(differences).children(self.indices()))
            .child(el("g").class("matrix-chosen").children(self.row(chosen)))
    }

    /// Every shown entry: value, left, top, width, height.
    fn entries(&self) -> impl Iterator<Item = (f64, f64, f64, f64, f64)> {
        self.rows.entries.iter().flat_map(move |(row, y, height)| {
            self.columns.entries.iter().map(move |(column, x, width)| {
                let value = self.block.values.get((*row, *column)).copied();
                (value.unwrap_or(f64::NAN), *x, *y, *width, *height)
            })
        })
    }

    fn cells(&self) -> impl Iterator<Item = Element> {
        let cells = self.entries().map(|(value, x, y, width, height)| {
            let (width, height) = ((width - 1.0).max(1.0), (height - 1.0).max(1.0));
            Cell { class: heat_class(value, self.full), x, y, width, height }
        });
        let radius = if self.rows.entries.iter().all(|(.., height)| is_tall(*height)) { 2.0 } else { 0.0 };
        shapes(cells, radius).into_iter().map(|(class, path)| el("path").class(class).attr("d", path))
    }

    /// The digits of all entries, where they are asked for.
    fn numbers(&self) -> Vec<Element> {
        if !self.all_digits {
            return Vec::new();
        }
        let digits = self.form();
        self.entries()
            .filter(|(.., height)| is_tall(*height))
            .map(|(value, x, y, width, height)| {
                self.number(value, digits.show(value), (x + width / 2.0, y + height / 2.0), self.digits.all)
            })
            .collect()
    }

    /// How the numbers are written.
    fn form(&self) -> Digits {
        self.digits.form_of(&self.block)
    }

    fn number(&self, value: f64, text: String, (x, y): (f64, f64), size: f64) -> Element {
        el("text")
            .class(format!("digits {}-t", heat_class(value, self.full)))
            .attr("x", x)
            .attr("y", y + size * 0.36)
            .attr("font-size", size)
            .attr("text-anchor", "middle")
            .say(text)
    }

    /// Lines between the values that the columns or the rows belong to.
    fn borders(&self) -> Vec<Element> {
        let line = |path: String| el("path").class("matrix-border").attr("d", path);
        let (width, height) = (self.columns.length, self.rows.length);
        let down = self.columns.borders(&self.block.columns).into_iter();
        let across = self.rows.borders(&self.block.rows).into_iter();
        down.map(|x| line(format!("M{} -3v{}", x - 0.5, height + 6.0)))
            .chain(across.map(|y| line(format!("M-3 {}h{}", y - 0.5, width + 6.0))))
            .collect()
    }

    /// Dots where entries are left out.
    fn gaps(&self) -> Vec<Element> {
        let gap = |x: f64, y: f64, sign: &str| {
            el("text")
                .class("matrix-gap")
                .attr("x", x)
                .attr("y", y + 4.0)
                .attr("text-anchor", "middle")
                .say(sign)
        };
        let (width, height) = (self.columns.length, self.rows.length);
        let across = self.columns.gaps.iter().map(|(_, x)| gap(x + GAP / 2.0 - 0.5, height / 2.0, "⋯"));
        let down = self.rows.gaps.iter().map(|(_, y)| gap(width / 2.0, y + GAP / 2.0 - 0.5, "⋮"));
        across.chain(down).collect()
    }

    /// The numbers of the rows, counted from 1.
    fn indices(&self) -> impl Iterator<Item = Element> {
        let rows = self.rows.entries.iter().filter(|(.., height)| self.is_numbered && is_tall(*height));
        rows.map(|(row, y, height)| {
            let text = el("text").class("matrix-index").attr("x", -MARGIN).attr("y", y + height / 2.0 + 3.4);
            text.attr("text-anchor", "end").say((row + 1).to_string())
        })
    }

    /// Over the numbers that the reader has changed.
    fn marks(&self, place: Place<'_>) -> Vec<Element> {
        let marked = marks::of(place.model, &self.rows, &self.columns, |entry| self.subject(place, entry));
        let path = |kind: Mark| {
            let places = marked.iter().filter(|(found, ..)| *found == kind);
            places.map(|(kind, x, y, width, height)| kind.path(*x, *y, *width, *height)).collect::<String>()
        };
        let kinds = [Mark::Changed, Mark::Held].map(|kind| (kind, path(kind)));
        let kinds = kinds.into_iter().filter(|(_, path)| !path.is_empty());
        kinds.map(|(kind, path)| el("path").class(kind.class()).attr("d", path)).collect()
    }

    /// The marked row: its frame, and the digits of a matrix.
    fn row(&self, chosen: Entry) -> Vec<Element> {
        let row = if self.block.values.nrows() == 1 { 0 } else { chosen.row };
        let Some((y, height)) = self.rows.find(row).filter(|_| self.follows()) else { return Vec::new() };
        let frame = |x: f64, width: f64| {
            let frame = el("rect").attr("x", x - 0.5).attr("y", y - 0.5);
            frame.attr("width", width).attr("height", height).attr("rx", 2.5)
        };
        let mut made = Vec::new();
        if !self.all_digits {
            let digits = self.form();
            let (least, most) = self.digits.row;
            let narrowest = self.columns.entries.iter().map(|(.., width)| *width).fold(f64::MAX, f64::min);
            let room = |width: f64, longest: usize| (width - APART) / (longest as f64 * WIDEST_DIGIT);
            let whole = digits.longest(self.block.values.iter());
            // Where they would be too small to read, the zero before the point makes room: `.37`.
            let is_short = room(narrowest, whole) < READABLE;
            let written = |value: f64| {
                let text = digits.show(value);
                if is_short { without_zero(&text) } else { text }
            };
            let shortened = || self.block.values.iter().map(|value| written(*value).chars().count()).max();
            let longest = if is_short { shortened().unwrap_or(whole) } else { whole };
            made.extend(self.columns.entries.iter().filter_map(|(column, x, width)| {
                let value = self.block.values.get((row, *column)).copied()?;
                // As large as the longest number of the block leaves room for.
                let size = room(*width, longest).clamp(least, most);
                let middle = (x + width / 2.0 - 0.5, y + height / 2.0);
                Some(self.number(value, written(value), middle, size))
            }));
        }
        made.push(frame(0.0, self.columns.length));
        // In a matrix that is made entry by entry the one entry is marked too.
        let is_made = !self.all_digits && self.block.standing != Standing::Read;
        if let Some((x, width)) = self.columns.find(chosen.column).filter(|_| is_made) {
            made.push(frame(x, width).class("matrix-entry"));
        }
        made
    }
}

/// Whether a row has room for digits.
pub(super) fn is_tall(height: f64) -> bool {
    height >= DIGITS
}

/// Values that live between −1 and 1 are coloured on that scale, so that columns can be compared; others on their own.
pub fn scale_of<'v>(values: impl Iterator<Item = &'v f64> + Clone, is_gradient: bool) -> f64 {
    let own = full_scale(values.copied());
    if is_gradient { own } else { own.max(1.0) }
}

/// The scale of a block alone.
pub fn scale(block: &Block, model: &StepperModel) -> f64 {
    let is_value = matches!(&block.label, Expr::Value(name, _) if !model.is_gradient(name))
        || matches!(block.label, Expr::Stack(_));
    scale_of(block.values.iter(), !is_value)
}
