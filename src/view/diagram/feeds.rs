//! The wires into boxes and into the operators below them: along a lane, or down beside the box.

use super::graph::{Inflow, Kind};
use super::wires::{Point, Wirer};

impl Wirer<'_> {
    pub(super) fn inputs(&mut self, node: usize) {
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
}
