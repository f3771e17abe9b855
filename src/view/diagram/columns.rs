//! Which part stands left of which: every box and every operator gets a column, in the order in which the rails use
//! them. Boxes and operators take room in different heights, so a column has its own width in each.

use super::graph::{Graph, Inflow, Kind};
use crate::engine::syntax::Cell;

/// Radius of an operator's circle.
pub(super) const RADIUS: f64 = 13.0;

/// Room left and right of a column's middle; none: nothing stands at that height.
pub(super) type Room = Option<(f64, f64)>;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Column {
    pub upper: Room,
    pub lower: Room,
}

/// The operators of one equation along their rail, and what hangs below.
#[derive(Clone, Debug, Default)]
pub(super) struct Spine {
    pub equation: usize,
    /// From left to right; the last is the equation's result. Empty: the result is a box's, only its way out is here.
    pub nodes: Vec<usize>,
    /// What flows into the first.
    pub start: Option<Inflow>,
    /// The rail begins at the left edge with the state's own past.
    pub own: bool,
    /// The first operator stands on the way down from another rail.
    pub drop: bool,
    /// The column where the start comes in, if it needs one.
    pub track: Option<usize>,
    /// How far operators hang below the rail.
    pub depth: f64,
}

/// What belongs to one box, relative to its middle.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub width: f64,
    /// Where each input comes in.
    pub stubs: Vec<f64>,
    /// Operators below: node, right, down (from the first such row).
    pub below: Vec<(usize, f64, f64)>,
    /// Ways down for results of other nodes: consumer, its input's number, right.
    pub feeds: Vec<(usize, usize, f64)>,
    /// Height of the operators below.
    pub depth: f64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub columns: Vec<Column>,
    /// The column of each node.
    pub of: Vec<Option<usize>>,
    /// How far a node hangs below its rail, and which rail.
    pub hangs: Vec<Option<(usize, f64)>>,
    pub spines: Vec<Spine>,
    pub shapes: Vec<Shape>,
    /// Boxes whose result leaves the cell on a rail of its own: nothing may stand above them.
    pub leaving: Vec<usize>,
}

pub(super) fn columns(cell: &Cell, graph: &Graph) -> Columns {
    let count = graph.nodes.len();
    let mut placer = Placer {
        graph,
        at: Columns {
            of: vec![None; count],
            hangs: vec![None; count],
            shapes: vec![Shape::default(); count],
            ..Columns::default()
        },
    };
    let mut results: Vec<usize> = Vec::new();
    for (name, root, equation) in &graph.values {
        let is_box = graph.nodes.get(*root).is_some_and(|node| node.kind == Kind::Product);
        let is_new = !results.contains(root);
        results.push(*root);
        // A box's result needs a way out only if it leaves the cell.
        let leaves = cell.states.contains(name) || cell.output == *name;
        if is_box && leaves {
            placer.at.spines.push(Spine { equation: *equation, ..Spine::default() });
            placer.at.leaving.push(*root);
        } else if !is_box && is_new {
            let spine = placer.spine(cell, *root, *equation);
            placer.place_spine(spine);
        } else if !is_box && cell.states.contains(name) {
            placer.at.spines.push(Spine { equation: *equation, ..Spine::default() });
        }
    }
    for node in 0..count {
        if graph.nodes.get(node).is_some_and(|made| made.kind == Kind::Product) {
            placer.place_box(node);
        }
    }
    placer.at
}

pub(super) struct Placer<'a> {
    pub graph: &'a Graph,
    pub at: Columns,
}

impl Placer<'_> {
    pub(super) fn kind(&self, node: usize) -> Kind {
        self.graph.nodes.get(node).map_or(Kind::Operator, |made| made.kind)
    }

    pub(super) fn inputs(&self, node: usize) -> Vec<Inflow> {
        self.graph.nodes.get(node).map(|made| made.inputs.clone()).unwrap_or_default()
    }

    pub(super) fn half(&self, node: usize) -> f64 {
        self.graph.nodes.get(node).map_or(RADIUS, half_width)
    }

    pub(super) fn column(&self, node: usize) -> Option<usize> {
        self.at.of.get(node).copied().flatten()
    }

    /// An operator that only its own equation sees and that has no place yet.
    pub(super) fn is_inner(&self, inflow: &Inflow) -> Option<usize> {
        let node = self.graph.node(inflow)?;
        let made = self.graph.nodes.get(node)?;
        (made.kind != Kind::Product && made.symbol.is_none() && !made.lower && self.column(node).is_none())
            .then_some(node)
    }

    pub(super) fn push(&mut self, column: Column) -> usize {
        self.at.columns.push(column);
        self.at.columns.len() - 1
    }

    pub(super) fn put(&mut self, node: usize, column: usize, spine: usize, below: f64) {
        if let Some(place) = self.at.of.get_mut(node) {
            *place = Some(column);
        }
        if let Some(place) = self.at.hangs.get_mut(node) {
            *place = Some((spine, below));
        }
        if let Some(column) = self.at.columns.get_mut(column) {
            let half = self.graph.nodes.get(node).map_or(RADIUS, half_width) + 6.0;
            let (left, right) = column.upper.unwrap_or((0.0, 0.0));
            column.upper = Some((left.max(half), right.max(half)));
        }
    }
}

/// Half the width of an operator.
pub(super) fn half_width(node: &super::graph::Node) -> f64 {
    match node.kind {
        Kind::Operator => RADIUS,
        _ => (node.sign.chars().count() as f64 * 3.6 + 7.0).max(RADIUS),
    }
}
