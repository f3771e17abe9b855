//! The wires out of the cell: the states to the right, the output upward.

use super::columns::Spine;
use super::graph::{Inflow, Kind, Source};
use super::wires::Wirer;
use crate::engine::syntax::Time;
use crate::view::formula::SymbolId;
use crate::view::role::Role;

impl Wirer<'_> {
    /// The states leave to the right, the output goes up.
    pub(super) fn ways_out(&mut self) {
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
            // Where an equation only gives the value another name, the way out is all that it has.
            let named =
                Some(equation).filter(|_| self.graph.nodes.get(node).is_some_and(|n| n.equation != equation));
            let inflow = Inflow { source: Source::Node(node), symbol: Some(symbol.clone()), role };
            if self.cell.output == name {
                let edge = self.edge(up, 14.0, role, symbol.clone());
                let mut upward = way.clone();
                upward.extend([(up, height), (up, 14.0)]);
                self.add(node, edge, &upward, &inflow, named);
            }
            if self.cell.states.contains(&name) {
                let edge = self.edge(right_edge, height, role, symbol);
                way.push((right_edge, height));
                self.add(node, edge, &way, &inflow, named);
            }
        }
    }
}
