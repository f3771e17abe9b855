//! The operators of an equation along its rail, and what hangs below them.

use super::columns::{Column, Placer, Spine};
use super::graph::{Inflow, Kind, Source};
use crate::engine::syntax::Cell;

/// Distance of an operator from the one that it hands its result up to.
const DEPTH: f64 = 78.0;
/// The same for an operator of one value, which stands on the way.
const HALF: f64 = 39.0;

impl Placer<'_> {
    pub(super) fn spine(&self, cell: &Cell, root: usize, equation: usize) -> Spine {
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

    pub(super) fn place_spine(&mut self, mut spine: Spine) {
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
}
