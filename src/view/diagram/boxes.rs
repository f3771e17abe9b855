//! The boxes, each with the ways into it and the operators below.

use super::columns::{Column, Placer, Shape};
use super::graph::{Inflow, Kind};

impl Placer<'_> {
    /// Places the boxes that a box takes in, so that it can stand right beside what it is mixed with.
    pub(super) fn place_needs(&mut self, inflow: &Inflow) {
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

    pub(super) fn place_box(&mut self, node: usize) {
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
        let letters = self.graph.nodes.get(node).map_or(0, |made| made.sign.chars().count());
        shape.width = (gap * (count - 1.0) + 26.0).max(7.6 * letters as f64 + 16.0).max(54.0);
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
