//! The wires: straight where the way is free, along a detour above the boxes where it is not.

use super::columns::{Columns, RADIUS, Spine};
use super::graph::{Graph, Inflow, Kind, Source};
use super::label::edge_symbol;
use super::route::without_repeats;
use super::rows::{Rows, half};
use super::{Part, PartKind, Rect, Wire};
use crate::engine::syntax::{Cell, Symbol};
use crate::view::formula::{Facts, SymbolId};
use crate::view::role::Role;

pub(super) type Point = (f64, f64);

pub(super) struct Wired {
    pub parts: Vec<Part>,
    pub wires: Vec<Wire>,
    pub detours: usize,
}

pub(super) fn wires(
    cell: &Cell,
    graph: &Graph,
    columns: &Columns,
    rows: &Rows,
    facts: &dyn Facts,
    parts: Vec<Part>,
) -> Wired {
    let mut wirer = Wirer {
        cell,
        graph,
        columns,
        rows,
        facts,
        parts,
        wires: Vec::new(),
        edges: Vec::new(),
        detours: Vec::new(),
    };
    for node in 0..graph.nodes.len() {
        if rows.places.get(node).copied().flatten().is_some() {
            wirer.inputs(node);
        }
    }
    wirer.ways_out();
    Wired { parts: wirer.parts, wires: wirer.wires, detours: wirer.detours.len() }
}

pub(super) struct Wirer<'a> {
    pub cell: &'a Cell,
    pub graph: &'a Graph,
    pub columns: &'a Columns,
    pub rows: &'a Rows,
    pub facts: &'a dyn Facts,
    pub parts: Vec<Part>,
    pub wires: Vec<Wire>,
    /// Edges by what comes in there.
    pub edges: Vec<(Source, usize)>,
    /// Boxes with a detour above them, in the order of the detours.
    pub detours: Vec<usize>,
}

impl Wirer<'_> {
    pub(super) fn place(&self, node: usize) -> Point {
        self.rows.places.get(node).copied().flatten().unwrap_or((0.0, 0.0))
    }

    pub(super) fn half(&self, node: usize) -> f64 {
        half(self.graph, self.columns, node)
    }

    pub(super) fn kind(&self, node: usize) -> Kind {
        self.graph.nodes.get(node).map_or(Kind::Operator, |made| made.kind)
    }

    fn half_height(&self, node: usize) -> f64 {
        self.parts.get(node).map_or(RADIUS, |part| part.rect.height / 2.0)
    }

    pub(super) fn top(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x, y - self.half_height(node))
    }

    pub(super) fn bottom(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x, y + self.half_height(node))
    }

    pub(super) fn left(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x - self.half(node), y)
    }

    pub(super) fn right(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x + self.half(node), y)
    }

    pub(super) fn is_rail(&self, node: usize) -> bool {
        self.columns.spines.iter().any(|spine| spine.nodes.last() == Some(&node))
    }

    /// The rail that a node stands on, and its number there.
    pub(super) fn on_rail(&self, node: usize) -> Option<(&Spine, usize)> {
        self.columns
            .spines
            .iter()
            .find_map(|spine| spine.nodes.iter().position(|other| *other == node).map(|place| (spine, place)))
    }

    pub(super) fn add(
        &mut self,
        from: usize,
        to: usize,
        points: &[Point],
        inflow: &Inflow,
        used_by: Option<usize>,
    ) {
        let made_by =
            self.graph.node(inflow).and_then(|node| self.graph.nodes.get(node)).map(|made| made.equation);
        self.wires.push(Wire {
            from,
            to,
            points: without_repeats(points),
            role: inflow.role,
            made_by,
            used_by,
            symbol: inflow.symbol.clone(),
        });
    }

    pub(super) fn edge(&mut self, x: f64, y: f64, role: Role, symbol: SymbolId) -> usize {
        self.parts.push(Part {
            kind: PartKind::Edge,
            rect: Rect { x, y, width: 0.0, height: 0.0 },
            sign: String::new(),
            role,
            equation: None,
            symbol: Some(symbol),
        });
        self.parts.len() - 1
    }

    /// Where a state or the input comes in, and the way from there to its lane or along its rail.
    pub(super) fn entry(&mut self, source: &Source, role: Role, to_lane: bool) -> (usize, Vec<Point>) {
        let rail = match source {
            Source::Previous(name) => self.own_rail(name),
            _ => None,
        };
        let lane = self.rows.lane(source).unwrap_or(self.rows.frame_bottom - 20.0);
        let start = match (source, rail) {
            (Source::Previous(_), Some(rail)) => (4.0, rail),
            (Source::Previous(_), None) => (4.0, lane),
            _ => (self.rows.input, self.rows.frame_bottom + 30.0),
        };
        let known = self.edges.iter().find(|edge| edge.0 == *source).map(|edge| edge.1);
        let edge = known.unwrap_or_else(|| {
            let edge = self.edge(start.0, start.1, role, edge_symbol(source));
            self.edges.push((source.clone(), edge));
            edge
        });
        let mut way = vec![start];
        if to_lane {
            match (source, rail) {
                (Source::Previous(name), Some(rail)) => {
                    let down =
                        self.rows.downs.iter().find(|down| down.0 == *name).map_or(start.0, |down| down.1);
                    way.extend([(down, rail), (down, lane)]);
                }
                (Source::Previous(_), None) => {}
                _ => way.push((start.0, lane)),
            }
        }
        (edge, way)
    }

    fn own_rail(&self, name: &Symbol) -> Option<f64> {
        let node = self.graph.value(name)?;
        // Another name for a state with a rail has no rail of its own.
        self.graph.nodes.get(node)?.symbol.as_ref().filter(|id| id.name == *name)?;
        let number =
            self.columns.spines.iter().position(|spine| spine.own && spine.nodes.last() == Some(&node))?;
        self.rows.rails.get(number).copied()
    }

    pub(super) fn lane_point(&self, source: &Source, x: f64) -> Point {
        (x, self.rows.lane(source).unwrap_or(self.rows.frame_bottom - 20.0))
    }

    pub(super) fn detour(&mut self, node: usize) -> f64 {
        let known = self.detours.iter().position(|other| *other == node);
        let number = known.unwrap_or_else(|| {
            self.detours.push(node);
            self.detours.len() - 1
        });
        self.rows.detour(number)
    }
}
