//! Parts, and everything put together.

use super::columns::{Columns, RADIUS};
use super::graph::{Graph, Kind};
use super::rows::{BOX_HEIGHT, FRAME_LEFT, FRAME_TOP, half, rows};
use super::wires::wires;
use super::{Diagram, Junction, Part, PartKind, Rect, Wire, label};
use crate::engine::syntax::Cell;
use crate::view::formula::Facts;

pub(super) struct Laid {
    pub diagram: Diagram,
    pub detours: usize,
}

pub(super) fn layout(
    cell: &Cell,
    graph: &Graph,
    columns: &Columns,
    facts: &dyn Facts,
    detours: usize,
) -> Laid {
    let rows = rows(cell, graph, columns, detours);
    let parts: Vec<Part> = graph
        .nodes
        .iter()
        .enumerate()
        .map(|(number, node)| {
            let (x, y) = rows.places.get(number).copied().flatten().unwrap_or((0.0, 0.0));
            let (kind, width, height) = match node.kind {
                Kind::Product => (PartKind::Product, 2.0 * half(graph, columns, number), BOX_HEIGHT),
                Kind::Operator => (PartKind::Operator, 2.0 * RADIUS, 2.0 * RADIUS),
                Kind::Function => (PartKind::Function, 2.0 * half(graph, columns, number), 22.0),
            };
            let rect = Rect { x: x - width / 2.0, y: y - height / 2.0, width, height };
            let (sign, role) = (node.sign.clone(), node.role);
            Part { kind, rect, sign, role, equation: Some(node.equation), symbol: node.symbol.clone() }
        })
        .collect();
    let laid = wires(cell, graph, columns, &rows, facts, parts);
    let labels = label::labels(cell, graph, &rows, facts, &laid.parts);
    let frame = Rect {
        x: FRAME_LEFT,
        y: FRAME_TOP,
        width: rows.frame_right - FRAME_LEFT,
        height: rows.frame_bottom - FRAME_TOP,
    };
    // A long name of a state leaves the drawing on the right.
    let names_end = labels.iter().map(|label| label.rect.x + label.rect.width + 4.0).fold(0.0, f64::max);
    let diagram = Diagram {
        width: names_end.max(rows.frame_right + 46.0),
        height: rows.frame_bottom + 34.0,
        frame,
        junctions: junctions(&laid.wires),
        parts: laid.parts,
        wires: laid.wires,
        labels,
    };
    Laid { diagram, detours: laid.detours }
}

/// Dots where a wire turns off another one that has the same beginning and goes on.
fn junctions(wires: &[Wire]) -> Vec<Junction> {
    let mut dots: Vec<Junction> = Vec::new();
    for (number, wire) in wires.iter().enumerate() {
        let corners = wire.points.get(1..wire.points.len().saturating_sub(1)).unwrap_or(&[]);
        for (x, y) in corners.iter().copied() {
            let goes_on = wires.iter().enumerate().any(|(other, goes_on)| {
                other != number
                    && goes_on.from == wire.from
                    && goes_on.points.windows(2).any(|side| is_within(side, x, y))
            });
            if goes_on && !dots.iter().any(|dot| (dot.x - x).hypot(dot.y - y) < 0.5) {
                dots.push(Junction { x, y, role: wire.role });
            }
        }
    }
    dots
}

/// Whether a point is on a straight side, not at its ends.
fn is_within(side: &[(f64, f64)], x: f64, y: f64) -> bool {
    let [one, two] = *side else { return false };
    let between = |from: f64, to: f64, value: f64| value > from.min(to) + 0.5 && value < from.max(to) - 0.5;
    ((one.0 - two.0).abs() < 0.01 && (x - one.0).abs() < 0.01 && between(one.1, two.1, y))
        || ((one.1 - two.1).abs() < 0.01 && (y - one.1).abs() < 0.01 && between(one.0, two.0, x))
}
