//! Every run of several groups as a dot on one axis, with the number of its seed in it: the spread as it is.

use crate::view::figures::Words;
use crate::view::figures::parts::{label, svg, tenth};
use crate::view::markup::{Element, Node, el};
use crate::view::number::percent;

/// Runs that belong together.
pub struct Group {
    /// Stands at the left.
    pub name: String,
    /// (seed, share from 0 to 1).
    pub shares: Vec<(usize, f64)>,
}

/// Width, room for the names, height of a row, radius of a dot.
const WIDTH: f64 = 560.0;
const LEFT: f64 = 118.0;
const RIGHT: f64 = 24.0;
const ROW: f64 = 54.0;
const RADIUS: f64 = 9.0;

/// The groups below each other on an axis from 0 to 100 %. Dots that would touch stand above each other; a bar marks
/// the middle one.
pub fn spread(groups: &[Group], words: &Words) -> Node {
    let place = |share: f64| LEFT + (WIDTH - LEFT - RIGHT) * share.clamp(0.0, 1.0);
    let bottom = ROW * groups.len() as f64;
    let mut parts: Vec<Element> = Vec::new();
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let x = tenth(place(share));
        parts.push(el("path").class("grid").attr("d", format!("M{x} 4V{}", tenth(bottom))));
        let tick = label(place(share), bottom + 18.0, percent(share, 0)).class("tick");
        parts.push(tick.attr("text-anchor", "middle"));
    }
    for (at, group) in groups.iter().enumerate() {
        let middle = ROW * (at as f64 + 0.5);
        parts.push(
            label(LEFT - 16.0, middle + 4.0, group.name.clone())
                .class("curve-name")
                .attr("text-anchor", "end"),
        );
        let mut sorted: Vec<(usize, f64)> = group.shares.clone();
        sorted.sort_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((_, share)) = sorted.get(sorted.len() / 2) {
            let x = tenth(place(*share));
            let d = format!("M{x} {}V{}", tenth(middle - ROW * 0.44), tenth(middle + ROW * 0.44));
            parts.push(el("path").class("fig-move").attr("d", d));
        }
        let mut placed: Vec<(f64, f64)> = Vec::new();
        for (seed, share) in &sorted {
            let x = place(*share);
            let is_free =
                |y: f64| placed.iter().all(|(known, height)| (known - x).hypot(height - y) >= 2.0 * RADIUS);
            let y = [0.0, -15.0, 15.0].map(|off| middle + off).into_iter().find(|y| is_free(*y));
            let y = y.unwrap_or(middle);
            placed.push((x, y));
            parts.push(
                el("g")
                    .class("fig-seed")
                    .child(el("circle").attr("cx", tenth(x)).attr("cy", tenth(y)).attr("r", RADIUS))
                    .child(label(x, y + 4.0, seed.to_string()).attr("text-anchor", "middle")),
            );
        }
    }
    let drawing = svg(WIDTH, bottom + 26.0, parts).attr("aria-hidden", "true");
    let name = words.plain("spread-head");
    crate::view::figures::parts::scroller("chart", &name, drawing).into()
}
