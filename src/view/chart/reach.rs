//! How far the gradient reaches: one dot a step and state on a logarithmic axis.

use super::line::Frame;
use crate::view::number;
use crate::view::scale::{Scale, Tick};

/// Half the width and height kept free for a label `‖∂L/∂a‖`.
const LABEL_ROOM: (f64, f64) = (34.0, 11.0);

/// A state and ‖∂L/∂state⟨t⟩‖ for t = 1 … T.
#[derive(Clone, Debug, PartialEq)]
pub struct ReachSeries {
    /// The state's name.
    pub name: String,
    /// One norm a step, the first step first.
    pub norms: Vec<f32>,
}

/// A dot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// The middle.
    pub x: f64,
    /// The middle.
    pub y: f64,
    /// The step, from 1.
    pub step: usize,
    /// Drawn open: below the foot of the axis, zero included, or not finite (then at the top).
    pub outside: bool,
}

/// Where a series' name stands, its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DotLabel {
    /// Middle of the text.
    pub x: f64,
    /// Baseline of the text.
    pub y: f64,
}

/// A chart ready to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct ReachChart {
    /// Its frame.
    pub frame: Frame,
    /// Powers of ten, places along y.
    pub y_ticks: Vec<Tick>,
    /// The dots of each series, in the order given.
    pub dots: Vec<Vec<Dot>>,
    /// A label for each series with dots, away from all dots and from each other.
    pub labels: Vec<Option<DotLabel>>,
    /// The longest series: "T steps back" stands at the left.
    pub steps: usize,
}

/// Lays out the dots; the last step ("now") is at the right.
pub fn reach_chart(series: &[ReachSeries], width: f64, height: f64) -> ReachChart {
    let frame = Frame { width, height, left: 54.0, right: 8.0, top: 12.0, bottom: 28.0 };
    let bottom = height - frame.bottom;
    let all = || series.iter().flat_map(|one| one.norms.iter().map(|norm| f64::from(*norm)));
    let scale = Scale::decades(all(), 12, bottom, frame.top);
    let steps = series.iter().map(|one| one.norms.len()).max().unwrap_or(0);
    let spacing = (width - frame.left - frame.right - 12.0) / steps.saturating_sub(1).max(1) as f64;
    let dots: Vec<Vec<Dot>> = series
        .iter()
        .map(|one| {
            let behind = steps - one.norms.len();
            one.norms
                .iter()
                .enumerate()
                .map(|(place, norm)| {
                    let value = f64::from(*norm);
                    let y = scale.place(value).unwrap_or(frame.top);
                    let outside = !value.is_finite() || value < scale.least;
                    let x = frame.left + 6.0 + spacing * (behind + place) as f64;
                    Dot { x, y, step: place + 1, outside }
                })
                .collect()
        })
        .collect();
    let labels = place_labels(&dots, frame);
    ReachChart { frame, y_ticks: scale.ticks(4), dots, labels, steps }
}

/// The rows of the table behind the chart: steps back, and each series' norm.
pub fn reach_table(series: &[ReachSeries]) -> Vec<(usize, Vec<Option<String>>)> {
    let steps = series.iter().map(|one| one.norms.len()).max().unwrap_or(0);
    (0..steps)
        .map(|back| {
            let cells = series
                .iter()
                .map(|one| {
                    let place = one.norms.len().checked_sub(back + 1)?;
                    Some(number::brief(f64::from(*one.norms.get(place)?), 3))
                })
                .collect();
            (back, cells)
        })
        .collect()
}

/// Of many places near a series' dots, the one farthest from every dot and from the labels already placed.
fn place_labels(dots: &[Vec<Dot>], frame: Frame) -> Vec<Option<DotLabel>> {
    let mut placed: Vec<DotLabel> = Vec::new();
    dots.iter()
        .map(|own| {
            let candidates = own.iter().flat_map(|dot| {
                [-18.0, 22.0, -30.0, 34.0].map(|offset| (dot.x, dot.y + offset, f64::abs(offset)))
            });
            let best = candidates
                .filter(|(x, y, _)| {
                    *x >= frame.left + LABEL_ROOM.0
                        && *x <= frame.width - frame.right - LABEL_ROOM.0
                        && *y >= frame.top + 6.0
                        && *y <= frame.height - frame.bottom
                })
                .map(|(x, y, offset)| {
                    let free_of_dots = dots.iter().flatten().map(|dot| room(x - dot.x, y - 4.0 - dot.y));
                    let free_of_labels = placed.iter().map(|label| room((x - label.x) / 2.0, y - label.y));
                    let free = free_of_dots.chain(free_of_labels).fold(2.0, f64::min);
                    (free - offset / 400.0, DotLabel { x, y })
                })
                .max_by(|one, two| one.0.total_cmp(&two.0))
                .map(|(_, label)| label);
            placed.extend(best);
            best
        })
        .collect()
}

/// How far a point is from a label's middle, in units of the label's half size.
fn room(dx: f64, dy: f64) -> f64 {
    (dx.abs() / LABEL_ROOM.0).max(dy.abs() / LABEL_ROOM.1)
}
