//! Names in the drawing, each with the room that is kept free for it.

use super::graph::{Graph, Kind, Source};
use super::rows::Rows;
use super::{Label, LabelKind, Part, PartKind, Rect};
use crate::engine::syntax::{Cell, Symbol, Time};
use crate::view::chart::Anchor;
use crate::view::formula::{Facts, SymbolId};
use crate::view::role::Role;

pub(super) fn labels(
    cell: &Cell,
    graph: &Graph,
    rows: &Rows,
    facts: &dyn Facts,
    parts: &[Part],
) -> Vec<Label> {
    let role = |name: &Symbol| facts.role(name).unwrap_or_else(|| Role::of(name));
    let mut labels = Vec::new();
    let mut add = |kind, name: &Symbol, time, x: f64, y: f64| {
        let symbol = SymbolId { name: name.clone(), time: Some(time) };
        let width = width(&name.0, kind);
        let rect = Rect { x, y: y - 14.0, width, height: 18.0 };
        labels.push(Label { kind, symbol, x, y, anchor: Anchor::Start, role: role(name), rect });
    };
    // Edges: their names stand beside them.
    for part in parts.iter().filter(|part| part.kind == PartKind::Edge) {
        let Some(id) = &part.symbol else { continue };
        let (x, y) = (part.rect.x, part.rect.y);
        if x < 10.0 {
            add(LabelKind::State, &id.name, Time::Previous, 4.0, y - 8.0);
        } else if y < 25.0 {
            add(LabelKind::Output, &id.name, Time::Now, x + 7.0, 22.0);
        } else if x > rows.frame_right {
            add(LabelKind::State, &id.name, Time::Now, rows.frame_right + 7.0, y - 8.0);
        } else {
            add(LabelKind::Input, &id.name, Time::Now, x + 8.0, rows.frame_bottom + 24.0);
        }
    }
    for (node, part) in graph.nodes.iter().zip(parts) {
        let Some(id) = &node.symbol else { continue };
        if cell.states.contains(&id.name) || cell.output == id.name || part.kind == PartKind::Edge {
            continue;
        }
        let middle = part.rect.x + part.rect.width / 2.0;
        if node.kind == Kind::Product {
            add(LabelKind::Inner, &id.name, Time::Now, middle + 7.0, part.rect.y - 6.0);
        } else {
            add(LabelKind::Inner, &id.name, Time::Now, part.rect.x + part.rect.width, part.rect.y - 2.0);
        }
    }
    labels
}

/// The room for a name, a little generous: a letter, what stands below it, the time above.
fn width(name: &str, kind: LabelKind) -> f64 {
    let (letter, below) = name.split_once('_').unwrap_or((name, ""));
    let letter = letter.chars().filter(|sign| *sign != '~').count() as f64 * 8.5;
    let below = below.chars().count() as f64 * 6.0;
    match kind {
        LabelKind::Inner => letter + below,
        LabelKind::State | LabelKind::Input => letter + below.max(18.0),
        LabelKind::Output => letter + below.max(18.0) + 6.0,
    }
}

/// The name that a source has at the edge.
pub(super) fn edge_symbol(source: &Source) -> SymbolId {
    match source {
        Source::Previous(name) => SymbolId { name: name.clone(), time: Some(Time::Previous) },
        _ => SymbolId { name: "x".into(), time: Some(Time::Now) },
    }
}
