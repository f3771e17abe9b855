//! The wires to the operators along a rail and below it.

use super::columns::Spine;
use super::graph::{Inflow, Kind, Source};
use super::wires::{Point, Wirer};
use super::{PartKind, Rect};

impl Wirer<'_> {
    pub(super) fn feed_upper(&mut self, node: usize, inflow: &Inflow, equation: Option<usize>) {
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
}
