//! Every run of several groups as a dot on one axis, with the number of its seed in it: the spread as it is.

use crate::sorted::sort_by;
use crate::view::figures::parts::{label, picture, tenth};
use crate::view::markup::{Element, Node, el};
use crate::view::number::percent;

/// Runs that belong together.
pub struct Group {
    /// Stands at the left.
    pub name: String,
    /// (seed, share from 0 to 1).
    pub shares: Vec<(usize, f64)>,
}

/// Width, room at both sides, least height of a row, height of the name above it, radius of a dot.
const WIDTH: f64 = 420.0;
const SIDE: f64 = 18.0;
const ROW: f64 = 34.0;
const NAME: f64 = 20.0;
const RADIUS: f64 = 9.0;

/// The groups below each other on an axis from 0 to 100 %. Dots that would touch stand above each other; a bar marks
/// the middle one.
pub fn spread(groups: &[Group]) -> Node {
    let place = |share: f64| SIDE + (WIDTH - 2.0 * SIDE) * share.clamp(0.0, 1.0);
    let dots: Vec<Vec<Dot>> = groups.iter().map(|group| stacked(group, place)).collect();
    let highest = dots.iter().flatten().fold(0.0, |most: f64, dot| most.max(dot.off.abs()));
    let height = ROW.max(2.0 * (highest + RADIUS) + 14.0);
    let bottom = (height + NAME) * groups.len() as f64;
    let mut parts: Vec<Element> = Vec::new();
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let x = tenth(place(share));
        parts.push(el("path").class("grid").attr("d", format!("M{x} 4V{}", tenth(bottom))));
        let tick = label(place(share), bottom + 18.0, percent(share, 0)).class("tick");
        parts.push(tick.attr("text-anchor", "middle"));
    }
    for (at, (group, dots)) in groups.iter().zip(&dots).enumerate() {
        let middle = (height + NAME) * (at as f64 + 1.0) - height / 2.0;
        let name = label(SIDE + 4.0, middle - height / 2.0 - 5.0, group.name.clone());
        parts.push(name.class("curve-name"));
        if let Some(dot) = dots.get(dots.len() / 2) {
            let (x, half) = (tenth(dot.x), height * 0.44);
            let d = format!("M{x} {}V{}", tenth(middle - half), tenth(middle + half));
            parts.push(el("path").class("fig-move").attr("d", d));
        }
        parts.extend(dots.iter().map(|dot| {
            let y = middle + dot.off;
            el("g")
                .class("fig-seed")
                .child(el("circle").attr("cx", tenth(dot.x)).attr("cy", tenth(y)).attr("r", RADIUS))
                .child(label(dot.x, y + 4.0, dot.seed.to_string()).attr("text-anchor", "middle"))
        }));
    }
    picture(WIDTH, bottom + 26.0, parts)
}

/// A run: its seed, its place on the axis, how far from the row's middle it is drawn.
struct Dot {
    seed: usize,
    x: f64,
    off: f64,
}

/// The runs of a group by their shares, none over another: 0, then above and below the middle, then farther.
fn stacked(group: &Group, place: impl Fn(f64) -> f64) -> Vec<Dot> {
    let mut sorted: Vec<(usize, f64)> = group.shares.clone();
    sort_by(&mut sorted, |one, other| one.1.total_cmp(&other.1));
    let mut dots: Vec<Dot> = Vec::new();
    for (seed, share) in sorted {
        let x = place(share);
        let is_free =
            |off: f64| dots.iter().all(|known| (known.x - x).hypot(known.off - off) >= 2.0 * RADIUS);
        let offs = (0..=dots.len()).flat_map(|n| [-2.0 * RADIUS * n as f64, 2.0 * RADIUS * n as f64]);
        let off = offs.into_iter().find(|off| is_free(*off)).unwrap_or(0.0);
        dots.push(Dot { seed, x, off });
    }
    dots
}
