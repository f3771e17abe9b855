//! The wires: straight where the way is free, along a detour above the boxes where it is not.

use super::columns::{Columns, RADIUS, Spine};
use super::graph::{Graph, Inflow, Kind, Source};
use super::label::edge_symbol;
use super::route::without_repeats;
use super::rows::{Rows, half};
use super::{Part, PartKind, Rect, Wire};
use crate::engine::syntax::{Cell, Symbol, Time};
use crate::view::formula::{Facts, SymbolId};
use crate::view::role::Role;

type Point = (f64, f64);

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

struct Wirer<'a> {
    cell: &'a Cell,
    graph: &'a Graph,
    columns: &'a Columns,
    rows: &'a Rows,
    facts: &'a dyn Facts,
    parts: Vec<Part>,
    wires: Vec<Wire>,
    /// Edges by what comes in there.
    edges: Vec<(Source, usize)>,
    /// Boxes with a detour above them, in the order of the detours.
    detours: Vec<usize>,
}

impl Wirer<'_> {
    fn place(&self, node: usize) -> Point {
        self.rows.places.get(node).copied().flatten().unwrap_or((0.0, 0.0))
    }

    fn half(&self, node: usize) -> f64 {
        half(self.graph, self.columns, node)
    }

    fn kind(&self, node: usize) -> Kind {
        self.graph.nodes.get(node).map_or(Kind::Operator, |made| made.kind)
    }

    fn half_height(&self, node: usize) -> f64 {
        self.parts.get(node).map_or(RADIUS, |part| part.rect.height / 2.0)
    }

    fn top(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x, y - self.half_height(node))
    }

    fn bottom(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x, y + self.half_height(node))
    }

    fn left(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x - self.half(node), y)
    }

    fn right(&self, node: usize) -> Point {
        let (x, y) = self.place(node);
        (x + self.half(node), y)
    }

    fn is_rail(&self, node: usize) -> bool {
        self.columns.spines.iter().any(|spine| spine.nodes.last() == Some(&node))
    }

    /// The rail that a node stands on, and its number there.
    fn on_rail(&self, node: usize) -> Option<(&Spine, usize)> {
        self.columns
            .spines
            .iter()
            .find_map(|spine| spine.nodes.iter().position(|other| *other == node).map(|place| (spine, place)))
    }

    fn add(&mut self, from: usize, to: usize, points: &[Point], inflow: &Inflow, used_by: Option<usize>) {
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

    fn edge(&mut self, x: f64, y: f64, role: Role, symbol: SymbolId) -> usize {
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
    fn entry(&mut self, source: &Source, role: Role, to_lane: bool) -> (usize, Vec<Point>) {
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

    fn inputs(&mut self, node: usize) {
        let Some(made) = self.graph.nodes.get(node).cloned() else { return };
        for (number, inflow) in made.inputs.iter().enumerate() {
            let equation = Some(made.equation);
            if made.kind == Kind::Product {
                self.feed_box(node, number, inflow, equation);
            } else if made.lower {
                self.feed_lower(node, number, inflow, equation);
            } else {
                self.feed_upper(node, inflow, equation);
            }
        }
    }

    fn lane_point(&self, source: &Source, x: f64) -> Point {
        (x, self.rows.lane(source).unwrap_or(self.rows.frame_bottom - 20.0))
    }

    fn feed(&self, owner: usize, consumer: usize, number: usize) -> Option<f64> {
        let shape = self.columns.shapes.get(owner)?;
        let feed = shape.feeds.iter().find(|feed| feed.0 == consumer && feed.1 == number)?;
        Some(self.place(owner).0 + feed.2)
    }

    /// From a node's result down a way beside a box, to a height.
    fn way_down(&mut self, source: usize, track: f64, height: f64) -> Vec<Point> {
        if self.kind(source) == Kind::Product {
            let detour = self.detour(source);
            let top = self.top(source);
            vec![top, (top.0, detour), (track, detour), (track, height)]
        } else {
            let right = self.right(source);
            vec![right, (track, right.1), (track, height)]
        }
    }

    fn detour(&mut self, node: usize) -> f64 {
        let known = self.detours.iter().position(|other| *other == node);
        let number = known.unwrap_or_else(|| {
            self.detours.push(node);
            self.detours.len() - 1
        });
        self.rows.detour(number)
    }

    fn feed_box(&mut self, node: usize, number: usize, inflow: &Inflow, equation: Option<usize>) {
        let bottom = self.bottom(node);
        let stub = self.columns.shapes.get(node).and_then(|shape| shape.stubs.get(number)).copied();
        let port = (bottom.0 + stub.unwrap_or(0.0), bottom.1);
        match self.graph.node(inflow) {
            None => {
                let (edge, mut way) = self.entry(&inflow.source, inflow.role, true);
                way.extend([self.lane_point(&inflow.source, port.0), port]);
                self.add(edge, node, &way, inflow, equation);
            }
            Some(source) if self.graph.nodes.get(source).is_some_and(|made| made.lower) => {
                let top = self.top(source);
                self.add(source, node, &[top, port], inflow, equation);
            }
            Some(source) => {
                let track = self.feed(node, node, number).unwrap_or(port.0);
                let height = port.1 + 9.0 + 6.0 * number as f64;
                let mut way = self.way_down(source, track, height);
                way.extend([(port.0, height), port]);
                self.add(source, node, &way, inflow, equation);
            }
        }
    }

    fn feed_lower(&mut self, node: usize, number: usize, inflow: &Inflow, equation: Option<usize>) {
        let (x, y) = self.place(node);
        let takes_bottom = self.graph.nodes.get(node).map_or(0, |made| {
            let at_bottom = |other: &Inflow| {
                self.graph
                    .node(other)
                    .is_none_or(|other| self.graph.nodes.get(other).is_some_and(|made| made.lower))
            };
            made.inputs.iter().take(number).filter(|other| at_bottom(other)).count()
        });
        match self.graph.node(inflow) {
            None => {
                let (edge, mut way) = self.entry(&inflow.source, inflow.role, true);
                if takes_bottom == 0 {
                    way.extend([self.lane_point(&inflow.source, x), self.bottom(node)]);
                } else {
                    let side = x - self.half(node) - 7.0;
                    way.extend([self.lane_point(&inflow.source, side), (side, y), self.left(node)]);
                }
                self.add(edge, node, &way, inflow, equation);
            }
            Some(source) if self.graph.nodes.get(source).is_some_and(|made| made.lower) => {
                let top = self.top(source);
                let end = if (top.0 - x).abs() < 1.0 { self.bottom(node) } else { self.left(node) };
                self.add(source, node, &[top, (top.0, end.1), end], inflow, equation);
            }
            Some(source) => {
                let owner =
                    self.columns.shapes.iter().position(|shape| shape.below.iter().any(|b| b.0 == node));
                let track = owner.and_then(|owner| self.feed(owner, node, number)).unwrap_or(x - 30.0);
                let mut way = self.way_down(source, track, y);
                way.push(self.left(node));
                self.add(source, node, &way, inflow, equation);
            }
        }
    }

    fn feed_upper(&mut self, node: usize, inflow: &Inflow, equation: Option<usize>) {
        let rail = self.on_rail(node).map(|(spine, place)| (spine.clone(), place));
        let (from, way) = match rail {
            Some((spine, place)) => {
                let before = place.checked_sub(1).and_then(|before| spine.nodes.get(before).copied());
                if let Some(before) = before.filter(|before| inflow.source == Source::Node(*before)) {
                    let way = if spine.drop && place == 1 {
                        let bottom = self.bottom(before);
                        vec![bottom, (bottom.0, self.left(node).1), self.left(node)]
                    } else {
                        vec![self.right(before), self.left(node)]
                    };
                    (before, way)
                } else if place == 0 && spine.start.as_ref() == Some(inflow) {
                    self.start(node, &spine, inflow)
                } else {
                    self.hanging(node, inflow)
                }
            }
            None => self.beside(node, inflow),
        };
        self.add(from, node, &way, inflow, equation);
    }

    /// What flows into the first operator of a rail.
    fn start(&mut self, node: usize, spine: &Spine, inflow: &Inflow) -> (usize, Vec<Point>) {
        let left = self.left(node);
        let track =
            spine.track.and_then(|track| self.rows.columns.get(track).copied()).unwrap_or(left.0 - 11.0);
        match self.graph.node(inflow) {
            None => {
                let (edge, mut way) = self.entry(&inflow.source, inflow.role, !spine.own);
                if !spine.own {
                    way.extend([self.lane_point(&inflow.source, track), (track, left.1)]);
                }
                way.push(left);
                (edge, way)
            }
            Some(source) if self.kind(source) == Kind::Product => {
                let top = self.top(source);
                let straight = vec![top, (top.0, left.1), left];
                if self.is_free(&straight, source, node) {
                    return (source, straight);
                }
                let detour = self.detour(source);
                (source, vec![top, (top.0, detour), (track, detour), (track, left.1), left])
            }
            Some(source) => {
                let right = self.right(source);
                if spine.drop {
                    (source, vec![right, (track, right.1), self.top(node)])
                } else {
                    (source, vec![right, (track, right.1), (track, left.1), left])
                }
            }
        }
    }

    /// What comes to a rail's operator from below or from another rail.
    fn hanging(&mut self, node: usize, inflow: &Inflow) -> (usize, Vec<Point>) {
        let (x, y) = self.place(node);
        let bottom = self.bottom(node);
        match self.graph.node(inflow) {
            None => {
                let (edge, mut way) = self.entry(&inflow.source, inflow.role, true);
                way.extend([self.lane_point(&inflow.source, x), bottom]);
                (edge, way)
            }
            Some(source) if self.kind(source) != Kind::Product && self.is_rail(source) => {
                let right = self.right(source);
                let end = if right.1 < y { self.top(node) } else { bottom };
                (source, vec![right, (x, right.1), end])
            }
            Some(source) => {
                let top = self.top(source);
                let near = vec![top, (top.0, bottom.1 + 13.0), (x, bottom.1 + 13.0), bottom];
                if (top.0 - x).abs() < 1.0 {
                    return (source, vec![top, bottom]);
                }
                if self.kind(source) != Kind::Product || self.is_free(&near, source, node) {
                    return (source, near);
                }
                let detour = self.detour(source);
                (source, vec![top, (top.0, detour), (x, detour), bottom])
            }
        }
    }

    /// What comes to an operator that hangs below a rail: from the left, from the right or from below.
    fn beside(&mut self, node: usize, inflow: &Inflow) -> (usize, Vec<Point>) {
        let (x, y) = self.place(node);
        let Some(source) = self.graph.node(inflow) else {
            let (edge, mut way) = self.entry(&inflow.source, inflow.role, true);
            way.extend([self.lane_point(&inflow.source, x), self.bottom(node)]);
            return (edge, way);
        };
        if self.kind(source) != Kind::Product && self.is_rail(source) {
            let right = self.right(source);
            let side = self.left(node).0 - 5.0;
            return (source, vec![right, (side, right.1), (side, y), self.left(node)]);
        }
        let (from_x, from_y) = self.place(source);
        if (from_x - x).abs() < 1.0 {
            return (source, vec![self.top(source), self.bottom(node)]);
        }
        let port = if from_x < x { self.left(node) } else { self.right(node) };
        if self.kind(source) != Kind::Product && (from_y - y).abs() < 1.0 {
            let side = if from_x < x { self.right(source) } else { self.left(source) };
            return (source, vec![side, port]);
        }
        let top = self.top(source);
        let straight = vec![top, (top.0, y), port];
        let is_taken = self.wires.iter().any(|wire| wire.to == node && wire.points.last() == Some(&port));
        if !is_taken && (self.kind(source) != Kind::Product || self.is_free(&straight, source, node)) {
            return (source, straight);
        }
        let detour = self.detour(source);
        (source, vec![top, (top.0, detour), (x, detour), self.bottom(node)])
    }

    /// Whether a way touches no other part.
    fn is_free(&self, way: &[Point], from: usize, to: usize) -> bool {
        let others = || self.parts.iter().enumerate().filter(|(number, _)| *number != from && *number != to);
        way.windows(2).all(|side| {
            let [one, two] = *side else { return true };
            let room = Rect {
                x: one.0.min(two.0) - 3.0,
                y: one.1.min(two.1) - 3.0,
                width: (one.0 - two.0).abs() + 6.0,
                height: (one.1 - two.1).abs() + 6.0,
            };
            others().all(|(_, part)| part.kind == PartKind::Edge || !part.rect.overlaps(&room))
        })
    }

    /// The states leave to the right, the output goes up.
    fn ways_out(&mut self) {
        let up = self.rows.frame_right - 16.0;
        let right_edge = self.rows.frame_right + 42.0;
        let mut branches = 0.0;
        // The output first: where it is another name for a state, the state's wire lies on top.
        let mut names = self.cell.states.clone();
        names.retain(|name| *name != self.cell.output);
        names.insert(0, self.cell.output.clone());
        for name in names {
            let Some((_, node, equation)) = self.graph.values.iter().find(|value| value.0 == name).cloned()
            else {
                continue;
            };
            let rail_of = |wanted: &dyn Fn(&Spine) -> bool| {
                let number = self.columns.spines.iter().position(wanted)?;
                self.rows.rails.get(number).copied()
            };
            let own = rail_of(&|spine| spine.nodes.last() == Some(&node));
            let further = rail_of(&|spine| spine.nodes.is_empty() && spine.equation == equation);
            let mut way = match (self.kind(node), own, further) {
                (Kind::Product, _, Some(rail)) => {
                    let top = self.top(node);
                    vec![top, (top.0, rail)]
                }
                (_, _, Some(rail)) => {
                    branches += 1.0;
                    let right = self.right(node);
                    let branch = up - 13.0 * branches;
                    vec![right, (branch, right.1), (branch, rail)]
                }
                _ => vec![self.right(node)],
            };
            let height = way.last().map_or(0.0, |last| last.1);
            let role = self.facts.role(&name).unwrap_or_else(|| Role::of(&name));
            let symbol = SymbolId { name: name.clone(), time: Some(Time::Now) };
            let inflow = Inflow { source: Source::Node(node), symbol: Some(symbol.clone()), role };
            if self.cell.output == name {
                let edge = self.edge(up, 14.0, role, symbol.clone());
                let mut upward = way.clone();
                upward.extend([(up, height), (up, 14.0)]);
                self.add(node, edge, &upward, &inflow, None);
            }
            if self.cell.states.contains(&name) {
                let edge = self.edge(right_edge, height, role, symbol);
                way.push((right_edge, height));
                self.add(node, edge, &way, &inflow, None);
            }
        }
    }
}
