//! Where everything stands: the heights of rails, boxes and lanes, and the places of columns.

use super::columns::{Columns, RADIUS, half_width};
use super::graph::{Graph, Kind, Source};
use crate::engine::syntax::{Cell, Symbol};

/// Left edge of the cell's ground.
pub(super) const FRAME_LEFT: f64 = 36.0;
/// Top edge of the cell's ground.
pub(super) const FRAME_TOP: f64 = 34.0;
/// Height of a box.
pub(super) const BOX_HEIGHT: f64 = 34.0;
/// Distance of two lanes.
const LANE: f64 = 20.0;
/// Distance of two detours above the boxes.
const DETOUR: f64 = 9.0;
/// Width that a small cell is stretched to.
const LEAST_WIDTH: f64 = 400.0;
/// Height that a small cell is stretched to.
const LEAST_HEIGHT: f64 = 300.0;

#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Height of each spine's rail.
    pub rails: Vec<f64>,
    /// The states that run along the bottom, each with its lane's height; the input's lane is last.
    pub lanes: Vec<(Source, f64)>,
    /// Where a state comes down from its rail to its lane.
    pub downs: Vec<(Symbol, f64)>,
    /// Where the input comes up.
    pub input: f64,
    pub box_top: f64,
    pub frame_right: f64,
    pub frame_bottom: f64,
    /// Middle of each node; none for one without a place.
    pub places: Vec<Option<(f64, f64)>>,
    /// Middle of each column.
    pub columns: Vec<f64>,
}

impl Rows {
    pub fn lane(&self, source: &Source) -> Option<f64> {
        self.lanes.iter().find(|lane| lane.0 == *source).map(|lane| lane.1)
    }

    /// The height of a detour above the boxes.
    pub fn detour(&self, number: usize) -> f64 {
        self.box_top - 26.0 - DETOUR * number as f64
    }

    pub fn box_bottom(&self) -> f64 {
        self.box_top + BOX_HEIGHT
    }
}

pub(super) fn rows(cell: &Cell, graph: &Graph, columns: &Columns, detours: usize) -> Rows {
    let mut rows = Rows { rails: rails(cell, graph, columns), ..Rows::default() };
    let hanging = columns.spines.iter().zip(&rows.rails).map(|(spine, rail)| rail + spine.depth);
    let lowest = hanging.fold(FRAME_TOP, f64::max);
    rows.box_top = lowest + 56.0 + DETOUR * detours as f64;

    let needed = lanes_needed(cell, graph, columns);
    let below = columns.shapes.iter().map(|shape| shape.depth).fold(0.0, f64::max);
    let height = |top: f64| top + BOX_HEIGHT + 36.0 + below + LANE * needed.len() as f64 + 34.0;
    rows.box_top += (LEAST_HEIGHT - height(rows.box_top)).clamp(0.0, 40.0);
    let first_lane = rows.box_bottom() + 36.0 + below;
    rows.lanes = needed
        .iter()
        .enumerate()
        .map(|(place, source)| (source.clone(), first_lane + LANE * place as f64))
        .collect();
    rows.frame_bottom = rows.lanes.last().map_or(rows.box_bottom(), |lane| lane.1) + 20.0;

    rows.input = FRAME_LEFT + 16.0;
    let owned = columns.spines.iter().filter(|spine| spine.own).filter_map(|spine| {
        let root = graph.nodes.get(*spine.nodes.last()?)?;
        root.symbol.as_ref().map(|id| id.name.clone())
    });
    for state in owned {
        if rows.lane(&Source::Previous(state.clone())).is_some() {
            let x = rows.input + 13.0 * (rows.downs.len() + 1) as f64;
            rows.downs.push((state, x));
        }
    }
    place_columns(columns, rows.input + 13.0 * rows.downs.len() as f64 + 10.0, &mut rows);
    place_nodes(graph, columns, &mut rows);
    rows
}

/// The rails from the top down: states mixed with their own past, the last state first; then the other equations.
fn rails(cell: &Cell, graph: &Graph, columns: &Columns) -> Vec<f64> {
    let mut rails = vec![0.0; columns.spines.len()];
    let name = |spine: &super::columns::Spine| {
        let root = graph.nodes.get(*spine.nodes.last()?)?;
        root.symbol.as_ref().map(|id| id.name.clone())
    };
    let mut next = 72.0;
    let mut last_own: Option<(f64, usize)> = None;
    for state in cell.states.iter().rev() {
        let found = columns.spines.iter().position(|spine| spine.own && name(spine).as_ref() == Some(state));
        if let Some(found) = found
            && let (Some(rail), Some(spine)) = (rails.get_mut(found), columns.spines.get(found))
        {
            *rail = next;
            let latest = last_own.map_or(spine.equation, |last| last.1.max(spine.equation));
            last_own = Some((next, latest));
            next += (spine.depth + 45.0).max(60.0);
        }
    }
    let mut is_first = true;
    for (spine, rail) in columns.spines.iter().zip(rails.iter_mut()).filter(|(spine, _)| !spine.own) {
        // What comes after the last rail may use the height of the operators that hang from it: it stands further right.
        *rail = match last_own {
            Some((own, latest)) if is_first && spine.equation > latest => {
                (own + 78.0).min(next + 20.0).max(own + 60.0)
            }
            _ => next,
        };
        is_first = false;
        next = next.max(*rail + (spine.depth + 45.0).max(50.0));
    }
    rails
}

/// States of the step before that are used elsewhere than on their own rail, in the order of the states; the input.
fn lanes_needed(cell: &Cell, graph: &Graph, columns: &Columns) -> Vec<Source> {
    let is_rail = |node: usize, source: &Source| {
        columns.spines.iter().any(|spine| {
            spine.own
                && spine.nodes.first() == Some(&node)
                && spine.start.as_ref().is_some_and(|start| start.source == *source)
        })
    };
    let used = |source: &Source| {
        graph.nodes.iter().enumerate().any(|(number, node)| {
            let times = node.inputs.iter().filter(|inflow| inflow.source == *source).count();
            times > usize::from(is_rail(number, source))
        })
    };
    let states = cell.states.iter().map(|state| Source::Previous(state.clone()));
    states.chain([Source::Input]).filter(used).collect()
}

fn place_columns(columns: &Columns, left: f64, rows: &mut Rows) {
    let mut places: Vec<f64> = Vec::new();
    let (mut upper, mut lower) = (left - 8.0, left);
    for column in &columns.columns {
        let mut x = places.last().map_or(left, |last| last + 12.0);
        if let Some((room, _)) = column.upper {
            x = x.max(upper + room);
        }
        if let Some((room, _)) = column.lower {
            x = x.max(lower + room);
        }
        if let Some((_, room)) = column.upper {
            upper = x + room;
        }
        if let Some((_, room)) = column.lower {
            lower = x + room;
        }
        places.push(x);
    }
    let needed = upper.max(lower).max(left) + 34.0;
    let spare = (LEAST_WIDTH - 46.0 - needed).max(0.0);
    // A small cell is spread over the width, with as much room before the first column as after the last.
    let share = spare / (places.len() + 1) as f64;
    for (number, x) in places.iter_mut().enumerate() {
        *x += share * (number + 1) as f64;
    }
    rows.frame_right = needed + spare;
    // An operator between two boxes stands in the middle, if it has room there.
    let column = |number: usize| columns.columns.get(number).copied().unwrap_or_default();
    for number in 1..places.len().saturating_sub(1) {
        let (before, own, after) = (column(number - 1), column(number), column(number + 1));
        if own.lower.is_some() || before.lower.is_none() || after.lower.is_none() {
            continue;
        }
        let [left, place, right] = places.get_mut(number - 1..=number + 1).unwrap_or(&mut []) else {
            continue;
        };
        let middle = (*left + *right) / 2.0;
        let (to_left, to_right) = own.upper.unwrap_or((0.0, 0.0));
        let is_free = *left + before.upper.map_or(0.0, |room| room.1) + to_left <= middle
            && middle + to_right + after.upper.map_or(0.0, |room| room.0) <= *right;
        if is_free {
            *place = middle;
        }
    }
    rows.columns = places;
}

fn place_nodes(graph: &Graph, columns: &Columns, rows: &mut Rows) {
    rows.places = vec![None; graph.nodes.len()];
    for (number, node) in graph.nodes.iter().enumerate() {
        let column = columns.of.get(number).copied().flatten();
        let Some(x) = column.and_then(|column| rows.columns.get(column).copied()) else { continue };
        let y = match (node.kind, columns.hangs.get(number).copied().flatten()) {
            (Kind::Product, _) => rows.box_top + BOX_HEIGHT / 2.0,
            (_, Some((spine, below))) => rows.rails.get(spine).copied().unwrap_or(0.0) + below,
            _ => continue,
        };
        if let Some(place) = rows.places.get_mut(number) {
            *place = Some((x, y));
        }
        if node.kind != Kind::Product {
            continue;
        }
        let first = rows.box_bottom() + 34.0;
        for (below, right, down) in columns.shapes.get(number).map(|shape| &shape.below[..]).unwrap_or(&[]) {
            if let Some(place) = rows.places.get_mut(*below) {
                *place = Some((x + right, first + down));
            }
        }
    }
    // What stands on the way down from another rail is half-way.
    for (number, spine) in columns.spines.iter().enumerate().filter(|(_, spine)| spine.drop) {
        let source = spine.start.as_ref().and_then(|start| graph.node(start));
        let from = source.and_then(|source| rows.places.get(source).copied().flatten());
        let rail = rows.rails.get(number).copied();
        if let (Some((_, from)), Some(rail), Some(first)) = (from, rail, spine.nodes.first())
            && let Some(Some(place)) = rows.places.get_mut(*first)
        {
            place.1 = (from + rail) / 2.0;
        }
    }
}

/// Half the width of a node's part.
pub(super) fn half(graph: &Graph, columns: &Columns, node: usize) -> f64 {
    match graph.nodes.get(node) {
        Some(made) if made.kind == Kind::Product => {
            columns.shapes.get(node).map_or(27.0, |shape| shape.width / 2.0)
        }
        Some(made) => half_width(made),
        None => RADIUS,
    }
}
