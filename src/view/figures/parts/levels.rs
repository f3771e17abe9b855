//! Curves on a logarithmic axis, such as norms of a gradient on its way back.

use super::chart::{LETTERS, SIZE};
use super::{label, svg, tenth, tick_text};
use crate::engine::presets::FAMILIES;
use crate::sorted::sort_by;
use crate::view::chart::width_of;
use crate::view::chart::{Dash, polyline};
use crate::view::markup::{Element, Node, el};
use crate::view::scale::Scale;

/// Most decades of the axis, enough for a factor of a tenth at each step of the longest sentence; what is smaller is not drawn.
const DECADES: i32 = 64;
/// Least distance between the baselines of two names.
const LINE: f64 = 15.0;

/// How the curve of one of the four cells is drawn, and the class of its tone: the same in every figure. A cell is no
/// quantity, so that it has no quantity's colour: its dashes tell it apart, in ink or in the softer grey.
pub fn look_of(cell: &str) -> (Dash, &'static str) {
    let place = FAMILIES.iter().position(|known| *known == cell).unwrap_or(0);
    (Dash::of_run(place), if place % 2 == 0 { "v" } else { "z" })
}

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// How it is drawn: curves are told apart by this and by their names.
    pub dash: Dash,
    /// The class of its role.
    pub class: &'static str,
    /// Its numbers from left to right; the curves end together at the right.
    pub values: Vec<f64>,
}

/// The curves. Names stand at the left, where a gradient on its way back has arrived, numbers of the axis at the right;
/// `first` and `last` stand below both ends.
pub fn levels(all: &[Level], first: &str, last: &str) -> Node {
    let (width, height) = SIZE;
    let widest = |least: f64, texts: &mut dyn Iterator<Item = f64>| texts.fold(least, f64::max).ceil();
    let left = widest(104.0, &mut all.iter().map(|one| width_of(&one.name, LETTERS) + 8.0));
    let (top, bottom) = (12.0, height - 28.0);
    let values = || all.iter().flat_map(|one| one.values.iter().copied());
    let scale = Scale::decades(values(), DECADES, bottom, top);
    let ticks = scale.ticks(5);
    let right = width - widest(42.0, &mut ticks.iter().map(|tick| width_of(&tick.label, LETTERS) + 8.0));
    let places = all.iter().map(|one| one.values.len()).max().unwrap_or(0);
    let gap = (right - left - 8.0) / places.saturating_sub(1).max(1) as f64;
    let mut parts: Vec<Element> = Vec::new();
    for tick in &ticks {
        let y = tenth(tick.place);
        parts.push(el("path").class("grid").attr("d", format!("M{} {y}H{right}", tenth(left))));
        parts.push(tick_text(right + 6.0, tick.place + 4.0, &tick.label, "start"));
    }
    let mut names: Vec<(usize, f64)> = Vec::new();
    for (key, one) in all.iter().enumerate() {
        let behind = places - one.values.len();
        let curve: Vec<(f64, f64)> = one
            .values
            .iter()
            .enumerate()
            .map(|(i, value)| {
                let x = left + 4.0 + gap * (behind + i) as f64;
                (x, scale.place(*value).filter(|_| *value >= scale.least).unwrap_or(f64::NAN))
            })
            .collect();
        names.extend(curve.iter().find(|place| place.1.is_finite()).map(|place| (key, place.1 + 4.0)));
        parts.push(
            el("path")
                .class(format!("curve {}", one.class))
                .attr("d", polyline(curve))
                .attr("stroke-dasharray", one.dash.svg()),
        );
    }
    for (key, y) in apart(names, top + 6.0, bottom + 2.0) {
        if let Some(one) = all.get(key) {
            let name = label(left - 6.0, y, one.name.clone());
            parts.push(name.class(format!("curve-name {}", one.class)).attr("text-anchor", "end"));
        }
    }
    // Where both ends have no room below the plot, they take that below the names and numbers too.
    let (room, of_last) = (width_of(first, LETTERS) + 14.0, width_of(last, LETTERS));
    let end = if room + of_last > right - left { width } else { right };
    parts.push(tick_text(left.min(end - of_last - room).max(0.0), height - 8.0, first, "start"));
    parts.push(tick_text(end, height - 8.0, last, "end"));
    el("div")
        .class("chart fig-chart fig-levels")
        .child(svg(width, height, parts).attr("aria-hidden", "true"))
        .into()
}

/// Moves names apart to at least a line, within limits as far as there is room.
fn apart(mut names: Vec<(usize, f64)>, least: f64, most: f64) -> Vec<(usize, f64)> {
    sort_by(&mut names, |one, two| one.1.total_cmp(&two.1));
    let mut free = least;
    for (_, y) in &mut names {
        *y = y.max(free);
        free = *y + LINE;
    }
    let mut free = most;
    for (_, y) in names.iter_mut().rev() {
        *y = y.min(free);
        free = *y - LINE;
    }
    names
}
