//! A cell's diagram, laid out from its equations alone: one generator for the presets and for a reader's own cell.
//!
//! A state that is mixed with its own past runs along a rail from left to right, its element-wise operators on it;
//! products are boxes below, in the order in which the rails use them; what goes into the products comes along lanes
//! at the bottom. Every part and wire knows its equation, so that the page lights the current one; backward the same
//! wires are walked the other way.

mod along;
mod boxes;
mod columns;
mod feeds;
mod graph;
mod label;
mod layout;
mod route;
mod rows;
mod spines;
mod terms;
mod ways_out;
mod wires;

use crate::engine::syntax::Cell;
use crate::view::chart::Anchor;
use crate::view::formula::{Facts, SymbolId};
use crate::view::role::Role;

/// A diagram ready to draw; `viewBox` is `0 0 width height`.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    /// Whole width, about 400 for an LSTM.
    pub width: f64,
    /// Whole height, about 330 for an LSTM.
    pub height: f64,
    /// The rounded ground of the cell.
    pub frame: Rect,
    /// Boxes, operators and edges.
    pub parts: Vec<Part>,
    /// Wires, each from one part to another.
    pub wires: Vec<Wire>,
    /// Dots where a wire leaves another.
    pub junctions: Vec<Junction>,
    /// Names.
    pub labels: Vec<Label>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// Whether two rectangles have some area in common.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A box: a matrix product with its function.
    Product,
    /// A circle: an element-wise operator.
    Operator,
    /// A small box: an element-wise function.
    Function,
    /// Where a wire enters or leaves the drawing; nothing is drawn.
    Edge,
}

/// A part.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// What it covers; of an edge only a point.
    pub rect: Rect,
    /// The text in it: `σ`, `tanh`, `×`, `1−`.
    pub sign: String,
    /// Its colour.
    pub role: Role,
    /// The equation (from 0) that it belongs to; none for an edge.
    pub equation: Option<usize>,
    /// The value that it makes, where that has a name.
    pub symbol: Option<SymbolId>,
}

impl Part {
    /// The text in it around an index: `×g`, `h` and nothing for `×g_h`.
    pub fn sign_around_index(&self) -> (&str, &str, &str) {
        let Some((before, rest)) = self.sign.split_once('_') else { return (&self.sign, "", "") };
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        let (index, after) = rest.split_at(end);
        (before, index, after)
    }

    /// Whether the text in it is a function's name, which stands upright where a letter is slanted: `tanh`, `norm → relu`.
    pub fn is_word(&self) -> bool {
        let (before, _, after) = self.sign_around_index();
        let mut parts = before.split(' ').chain(after.split(' '));
        parts.any(|part| part.chars().filter(|sign| sign.is_alphabetic()).count() > 1)
    }
}

/// A wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// The part where it begins.
    pub from: usize,
    /// The part where it ends.
    pub to: usize,
    /// Its corners, forward.
    pub points: Vec<(f64, f64)>,
    /// Its colour: that of the value in it.
    pub role: Role,
    /// The equation that makes the value.
    pub made_by: Option<usize>,
    /// The equation that uses it.
    pub used_by: Option<usize>,
    /// The value in it, where that has a name.
    pub symbol: Option<SymbolId>,
}

impl Wire {
    /// SVG path data, corners rounded.
    pub fn path(&self) -> String {
        route::rounded(&self.points)
    }

    /// The same wire walked from its end, for the gradient.
    pub fn path_backward(&self) -> String {
        let reversed: Vec<(f64, f64)> = self.points.iter().rev().copied().collect();
        route::rounded(&reversed)
    }

    /// Whether it is lit while an equation is the current one: it brings what the equation uses, or takes away what
    /// it makes.
    pub fn is_lit(&self, equation: usize) -> bool {
        self.made_by == Some(equation) || self.used_by == Some(equation)
    }
}

/// A dot where wires part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Junction {
    /// The middle.
    pub x: f64,
    /// The middle.
    pub y: f64,
    /// The colour of the wires.
    pub role: Role,
}

/// What a label stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelKind {
    /// A state's name with its time, where it enters or leaves.
    State,
    /// A name inside the cell, shown without its time.
    Inner,
    /// The input's name; the page may add the symbol (`= “c”`).
    Input,
    /// The cell's output on its way up, to the next layer or the head (`to ŷ`).
    Output,
}

/// A name in the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What it is.
    pub kind: LabelKind,
    /// The value.
    pub symbol: SymbolId,
    /// Place of the text.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// Which end of the text stands there.
    pub anchor: Anchor,
    /// Its colour.
    pub role: Role,
    /// The room kept free for it.
    pub rect: Rect,
}

/// Lays out a cell.
pub fn diagram(cell: &Cell, facts: &dyn Facts) -> Diagram {
    let graph = graph::graph(cell, facts);
    let columns = columns::columns(cell, &graph);
    // How many detours the wires need is known once they are laid; then the boxes move down to make room.
    let first = layout::layout(cell, &graph, &columns, facts, 0);
    match first.detours {
        0 => first.diagram,
        detours => layout::layout(cell, &graph, &columns, facts, detours).diagram,
    }
}
