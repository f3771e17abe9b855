//! Which part stands left of which: every box and every operator gets a column, in the order in which the rails use
//! them. Boxes and operators take room in different heights, so a column has its own width in each.

use super::graph::{Graph, Inflow, Kind, Source};
use crate::engine::syntax::Cell;

/// Radius of an operator's circle.
pub(super) const RADIUS: f64 = 13.0;
/// Distance of an operator from the one that it hands its result up to.
const DEPTH: f64 = 78.0;
/// The same for an operator of one value, which stands on the way.
const HALF: f64 = 39.0;

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

struct Placer<'a> {
    graph: &'a Graph,
    at: Columns,
}

impl Placer<'_> {
    fn kind(&self, node: usize) -> Kind {
        self.graph.nodes.get(node).map_or(Kind::Operator, |made| made.kind)
    }

    fn inputs(&self, node: usize) -> Vec<Inflow> {
        self.graph.nodes.get(node).map(|made| made.inputs.clone()).unwrap_or_default()
    }

    fn half(&self, node: usize) -> f64 {
        self.graph.nodes.get(node).map_or(RADIUS, half_width)
    }

    fn column(&self, node: usize) -> Option<usize> {
        self.at.of.get(node).copied().flatten()
    }

    /// An operator that only its own equation sees and that has no place yet.
    fn is_inner(&self, inflow: &Inflow) -> Option<usize> {
        let node = self.graph.node(inflow)?;
        let made = self.graph.nodes.get(node)?;
        (made.kind != Kind::Product && made.symbol.is_none() && !made.lower && self.column(node).is_none())
            .then_some(node)
    }

    fn push(&mut self, column: Column) -> usize {
        self.at.columns.push(column);
        self.at.columns.len() - 1
    }

    fn put(&mut self, node: usize, column: usize, spine: usize, below: f64) {
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

    fn spine(&self, cell: &Cell, root: usize, equation: usize) -> Spine {
        let state = self.graph.nodes.get(root).and_then(|made| made.symbol.as_ref()).map(|id| &id.name);
        if let Some(state) = state.filter(|name| cell.states.contains(name)) {
            let past = Source::Previous(state.clone());
            if let Some((mut nodes, start)) = self.path_to(root, &past) {
                nodes.reverse();
                return Spine { equation, nodes, start: Some(start), own: true, ..Spine::default() };
            }
        }
        let mut nodes = vec![root];
        let mut start = None;
        while let Some(last) = nodes.last().copied() {
            let inputs = self.inputs(last);
            if let Some(inner) = inputs.iter().find_map(|inflow| self.is_inner(inflow)) {
                nodes.push(inner);
                continue;
            }
            // A box hangs below; what comes from elsewhere flows along the rail.
            let is_box = |inflow: &&Inflow| {
                self.graph.node(inflow).is_some_and(|node| self.kind(node) == Kind::Product)
            };
            start = inputs.iter().find(|inflow| !is_box(inflow)).or(inputs.first()).cloned();
            break;
        }
        nodes.reverse();
        Spine { equation, nodes, start, ..Spine::default() }
    }

    /// The operators from a node down to the one that takes in a source.
    fn path_to(&self, node: usize, source: &Source) -> Option<(Vec<usize>, Inflow)> {
        for inflow in self.inputs(node) {
            if inflow.source == *source {
                return Some((vec![node], inflow));
            }
            if let Some((path, start)) = self.is_inner(&inflow).and_then(|inner| self.path_to(inner, source))
            {
                return Some(([vec![node], path].concat(), start));
            }
        }
        None
    }

    fn place_spine(&mut self, mut spine: Spine) {
        let number = self.at.spines.len();
        self.at.spines.push(spine.clone());
        let track = Column { upper: Some((6.0, 6.0)), lower: None };
        let lane = Column { lower: Some((6.0, 6.0)), ..track };
        if let Some(start) = spine.start.as_ref().filter(|_| !spine.own) {
            match self.graph.node(start) {
                Some(node) if self.kind(node) == Kind::Product && self.column(node).is_none() => {
                    self.place_box(node);
                }
                Some(node) => {
                    let one_input = spine.nodes.first().is_some_and(|first| self.inputs(*first).len() == 1);
                    spine.drop = self.kind(node) != Kind::Product && one_input && spine.nodes.len() > 1;
                    spine.track = Some(self.push(track));
                }
                None => spine.track = Some(self.push(lane)),
            }
        }
        let mut before = None;
        for (place, node) in spine.nodes.iter().copied().enumerate() {
            if place == 0
                && spine.drop
                && let Some(track) = spine.track
            {
                self.put(node, track, number, 0.0);
                before = Some(node);
                continue;
            }
            let mut aligned = None;
            let mut from_lane = false;
            for inflow in self.hanging(node, before, &spine) {
                from_lane |= self.graph.node(&inflow).is_none();
                aligned = self.hang(&inflow, number, 0.0).or(aligned);
            }
            let column = aligned.unwrap_or_else(|| self.push(if from_lane { lane } else { track }));
            self.put(node, column, number, 0.0);
            before = Some(node);
        }
        let hangs = self.at.hangs.iter().flatten().filter(|hang| hang.0 == number);
        spine.depth = hangs.map(|hang| hang.1).fold(0.0, f64::max);
        if let Some(kept) = self.at.spines.get_mut(number) {
            *kept = spine;
        }
    }

    /// The inputs of a rail's operator that do not come along the rail.
    fn hanging(&self, node: usize, before: Option<usize>, spine: &Spine) -> Vec<Inflow> {
        let mut inputs = self.inputs(node);
        let along = match before {
            Some(before) => inputs.iter().position(|inflow| inflow.source == Source::Node(before)),
            None => inputs.iter().position(|inflow| Some(inflow) == spine.start.as_ref()),
        };
        if let Some(along) = along {
            inputs.remove(along);
        }
        inputs
    }

    /// Places what hangs below an operator; the column that it shares with it, if it can.
    fn hang(&mut self, inflow: &Inflow, spine: usize, below: f64) -> Option<usize> {
        let node = self.graph.node(inflow)?;
        if self.kind(node) == Kind::Product {
            return match self.column(node) {
                Some(_) => None,
                None => {
                    self.place_box(node);
                    self.column(node).filter(|_| !self.at.leaving.contains(&node))
                }
            };
        }
        let inner = self.is_inner(inflow)?;
        match self.inputs(inner).as_slice() {
            [only] => {
                let only = only.clone();
                let lane = self.graph.node(&only).is_none().then_some((6.0, 6.0));
                let column = match self.hang(&only, spine, below + HALF) {
                    Some(column) => column,
                    None => self.push(Column { upper: None, lower: lane }),
                };
                self.put(inner, column, spine, below + HALF);
                Some(column)
            }
            _ => Some(self.mix(inner, spine, below + DEPTH)),
        }
    }

    /// Places an operator of two values that hangs, between what it mixes.
    fn mix(&mut self, node: usize, spine: usize, below: f64) -> usize {
        let inputs = self.inputs(node);
        let (first, rest) = match inputs.split_first() {
            Some((first, rest)) => (Some(first), rest),
            None => (None, &[][..]),
        };
        if let Some(first) = first {
            self.side(first, spine, below, true);
        }
        rest.iter().for_each(|inflow| self.place_needs(inflow));
        let lane = inputs.iter().any(|inflow| self.graph.node(inflow).is_none()).then_some((6.0, 6.0));
        let column = self.push(Column { upper: None, lower: lane });
        self.put(node, column, spine, below);
        rest.iter().for_each(|inflow| self.side(inflow, spine, below, false));
        column
    }

    fn side(&mut self, inflow: &Inflow, spine: usize, below: f64, is_left: bool) {
        let Some(node) = self.graph.node(inflow) else { return };
        if self.kind(node) == Kind::Product {
            self.place_box(node);
            return;
        }
        let Some(inner) = self.is_inner(inflow) else { return };
        match self.inputs(inner).as_slice() {
            [only] => {
                let only = only.clone();
                let lane = self.graph.node(&only).is_none().then_some((6.0, 6.0));
                if is_left {
                    self.side(&only, spine, below, true);
                }
                let column = self.push(Column { upper: None, lower: lane });
                self.put(inner, column, spine, below);
                if !is_left {
                    self.side(&only, spine, below, false);
                }
            }
            _ => {
                self.mix(inner, spine, below + DEPTH);
            }
        }
    }

    /// Places the boxes that a box takes in, so that it can stand right beside what it is mixed with.
    fn place_needs(&mut self, inflow: &Inflow) {
        let Some(node) = self.graph.node(inflow) else { return };
        let is_below = self.graph.nodes.get(node).is_some_and(|made| made.lower);
        for input in self.inputs(node) {
            match self.graph.node(&input) {
                Some(needed)
                    if self.kind(needed) == Kind::Product
                        && (is_below || self.kind(node) == Kind::Product) =>
                {
                    self.place_box(needed);
                }
                Some(_) => self.place_needs(&input),
                None => {}
            }
        }
    }

    fn place_box(&mut self, node: usize) {
        if self.column(node).is_some() {
            return;
        }
        self.place_needs_below(node);
        let shape = self.shape(node);
        let left = shape.feeds.iter().map(|feed| -feed.2).fold(shape.width / 2.0, f64::max);
        let left = shape.below.iter().map(|below| self.half(below.0) - below.1).fold(left, f64::max);
        let right =
            shape.below.iter().map(|below| self.half(below.0) + below.1).fold(shape.width / 2.0, f64::max);
        // A result that comes down from a rail passes left of the box: nothing may stand there above.
        let from_rail = |feed: &&(usize, usize, f64)| {
            let source = self.inputs(feed.0).get(feed.1).and_then(|inflow| self.graph.node(inflow));
            source.is_some_and(|source| self.kind(source) != Kind::Product)
        };
        let upper = shape.feeds.iter().filter(from_rail).map(|feed| 5.0 - feed.2).fold(5.0, f64::max);
        let column = self.push(Column { upper: Some((upper, 5.0)), lower: Some((left + 7.0, right + 9.0)) });
        if let Some(place) = self.at.of.get_mut(node) {
            *place = Some(column);
        }
        if let Some(place) = self.at.shapes.get_mut(node) {
            *place = shape;
        }
    }

    fn place_needs_below(&mut self, node: usize) {
        for input in self.inputs(node) {
            match self.graph.node(&input) {
                Some(needed) if self.kind(needed) == Kind::Product => self.place_box(needed),
                Some(needed) if self.graph.nodes.get(needed).is_some_and(|made| made.lower) => {
                    self.place_needs_below(needed);
                }
                _ => {}
            }
        }
    }

    /// The ways into a box, from left to right, and the operators below it.
    fn shape(&self, node: usize) -> Shape {
        let inputs = self.inputs(node);
        let is_lower = |inflow: &Inflow| {
            self.graph.node(inflow).filter(|node| self.graph.nodes.get(*node).is_some_and(|made| made.lower))
        };
        let count = inputs.len().max(1) as f64;
        let mut shape = Shape::default();
        let widest =
            inputs.iter().filter_map(is_lower).map(|lower| self.widest_below(lower)).reduce(f64::max);
        let gap: f64 = widest.map_or(14.0, |half| 2.0 * half + 8.0);
        shape.width = (gap * (count - 1.0) + 26.0).max(54.0);
        for (place, inflow) in inputs.iter().enumerate() {
            let right = gap * (place as f64 - (count - 1.0) / 2.0);
            shape.stubs.push(right);
            match (is_lower(inflow), self.graph.node(inflow)) {
                (Some(lower), _) => self.shape_below(lower, right, 0.0, &mut shape),
                (None, Some(_)) => shape.feeds.push((node, place, 0.0)),
                _ => {}
            }
        }
        let reach =
            shape.below.iter().map(|below| self.half(below.0) - below.1).fold(shape.width / 2.0, f64::max);
        for (place, feed) in shape.feeds.iter_mut().enumerate() {
            feed.2 = -(reach + 10.0 + 11.0 * place as f64);
        }
        shape
    }

    /// The first operator that feeds another stands straight below it, a second one left of all that is there.
    fn shape_below(&self, node: usize, right: f64, down: f64, shape: &mut Shape) {
        shape.below.push((node, right, down));
        shape.depth = shape.depth.max(down + 46.0);
        let mut is_first = true;
        for (place, inflow) in self.inputs(node).iter().enumerate() {
            match self.graph.node(inflow) {
                Some(inner) if self.graph.nodes.get(inner).is_some_and(|made| made.lower) => {
                    let leftmost =
                        shape.below.iter().map(|below| below.1 - self.half(below.0)).fold(0.0, f64::min);
                    let beside = leftmost - 8.0 - self.half(inner);
                    self.shape_below(inner, if is_first { right } else { beside }, down + 40.0, shape);
                    is_first = false;
                }
                Some(_) => shape.feeds.push((node, place, 0.0)),
                None => {}
            }
        }
    }

    fn widest_below(&self, node: usize) -> f64 {
        let below = self.inputs(node);
        let inner = below.iter().filter_map(|inflow| self.graph.node(inflow));
        let lower = inner.filter(|inner| self.graph.nodes.get(*inner).is_some_and(|made| made.lower));
        lower.map(|inner| self.widest_below(inner)).fold(self.half(node), f64::max)
    }
}

/// Half the width of an operator.
pub(super) fn half_width(node: &super::graph::Node) -> f64 {
    match node.kind {
        Kind::Operator => RADIUS,
        _ => (node.sign.chars().count() as f64 * 3.6 + 7.0).max(RADIUS),
    }
}
