//! Curves over the number of updates: the loss chart, runs compared, a sparkline.

use super::path::{MOST_POINTS, polyline, thin};
use super::{Anchor, width_of};
use crate::sorted::sort_by;
use crate::view::number;
use crate::view::scale::{Scale, Tick};

/// Least distance between the baselines of two labels.
const LABEL_HEIGHT: f64 = 15.0;
/// The size of the names' letters, in pixels.
const NAME: f64 = 12.0;
/// Between everything drawn and the names.
const NAME_GAP: f64 = 10.0;

/// The size of a chart and the room around its plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Whole width.
    pub width: f64,
    /// Whole height.
    pub height: f64,
    /// Room at the left, for the numbers.
    pub left: f64,
    /// Room at the right, for the labels of curves that reach the end.
    pub right: f64,
    /// Room above.
    pub top: f64,
    /// Room below, for the numbers.
    pub bottom: f64,
}

impl Frame {
    /// The frame of the loss chart at a width and height.
    pub fn new(width: f64, height: f64) -> Frame {
        Frame { width, height, left: 44.0, right: 76.0, top: 12.0, bottom: 28.0 }
    }

    /// The same with room for these names at the curves' ends; at least half of the width stays for the plot.
    #[must_use]
    pub fn with_names<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Frame {
        let longest = names.into_iter().map(|name| width_of(name, NAME)).fold(0.0, f64::max);
        let right = (longest + NAME_GAP + 4.0).min(self.width / 2.0).max(self.right);
        Frame { right, ..self }
    }
}

/// How a curve is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Without gaps.
    Solid,
    /// Long dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Dash and dot.
    DashDot,
    /// Dash and two dots.
    DashDotDot,
}

impl Dash {
    /// The value of SVG's `stroke-dasharray`.
    pub fn svg(self) -> &'static str {
        match self {
            Dash::Solid => "none",
            Dash::Dashed => "6 3",
            Dash::Dotted => "2 4",
            Dash::DashDot => "8 3 2 3",
            Dash::DashDotDot => "12 3 2 3 2 3",
        }
    }

    /// The dash of the n-th run in a comparison.
    pub fn of_run(place: usize) -> Dash {
        match place % 5 {
            0 => Dash::Solid,
            1 => Dash::Dashed,
            2 => Dash::DashDot,
            3 => Dash::DashDotDot,
            _ => Dash::Dotted,
        }
    }
}

/// A curve to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve<K> {
    /// What it is; the page has the word.
    pub key: K,
    /// (updates, value), updates ascending.
    pub points: Vec<(u32, f32)>,
}

/// Where a curve's name stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Label<K> {
    /// Which curve.
    pub key: K,
    /// Place of the text.
    pub x: f64,
    /// Baseline of the text.
    pub y: f64,
    /// Which end of the text is there.
    pub anchor: Anchor,
}

/// A chart ready to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart<K> {
    /// Its frame; `viewBox` is `0 0 width height`.
    pub frame: Frame,
    /// Ticks of the updates, places along x.
    pub x_ticks: Vec<Tick>,
    /// Ticks of the values, places along y.
    pub y_ticks: Vec<Tick>,
    /// Path data of each curve, in the order given; empty where it has no finite point.
    pub paths: Vec<String>,
    /// A label beside each curve that has a finite point, none overlapping another.
    pub labels: Vec<Label<K>>,
    /// Height of the dotted rule and the place of its label, above or below it at the right end.
    pub rule: Option<(f64, f64)>,
}

/// Lays out curves over 0 … `steps` updates, with a rule (ln V) if there is one.
pub fn line_chart<K: Clone>(
    curves: &[Curve<K>],
    rule: Option<f64>,
    steps: u32,
    frame: Frame,
) -> LineChart<K> {
    let plot_right = frame.width - frame.right;
    let plot_bottom = frame.height - frame.bottom;
    let last = curves.iter().filter_map(|curve| curve.points.last()).map(|point| point.0).max().unwrap_or(0);
    let x_scale = Scale {
        least: 0.0,
        most: f64::from(shown_updates(steps, last)),
        from: frame.left,
        to: plot_right,
        logarithmic: false,
    };
    let values = curves.iter().flat_map(|curve| curve.points.iter().map(|point| f64::from(point.1)));
    let y_scale = Scale::linear(values.chain(rule), plot_bottom, frame.top).rounded(5);

    let mut ends = Vec::new();
    let mut paths = Vec::new();
    for curve in curves {
        let places: Vec<(f64, f64)> = curve
            .points
            .iter()
            .map(|(step, value)| (f64::from(*step), f64::from(*value)))
            .map(|(step, value)| {
                let y = if value.is_finite() { y_scale.place(value) } else { None };
                (x_scale.place(step).unwrap_or(frame.left), y.unwrap_or(f64::NAN))
            })
            .collect();
        if let Some((x, y)) = places.iter().rev().find(|place| place.1.is_finite()) {
            ends.push((curve.key.clone(), *x, *y));
        }
        paths.push(polyline(thin(&places, MOST_POINTS)));
    }
    let rule = rule.filter(|value| value.is_finite()).and_then(|value| y_scale.place(value)).map(|y| {
        let above = y - 5.0;
        (y, if above < 12.0 { y + 14.0 } else { above })
    });
    LineChart {
        frame,
        x_ticks: x_scale.ticks(if frame.width < 480.0 { 3 } else { 5 }),
        y_ticks: y_scale.ticks(5),
        paths,
        labels: end_labels(ends, frame),
        rule,
    }
}

/// How many updates the axis shows of a run of so many, the last of them done: all, but of a long run no more than about
/// ten times what is done, so that its beginning is not a line on the edge.
fn shown_updates(steps: u32, last: u32) -> u32 {
    /// A run that is shown whole from its first update on.
    const SHORT: u32 = 10_000;
    let wanted = last.saturating_mul(10);
    let decades = (0..9).flat_map(|decade| [1, 2, 5].map(|digit: u32| digit * 10_u32.pow(decade)));
    let round = decades.into_iter().find(|round| *round >= wanted.max(SHORT)).unwrap_or(u32::MAX);
    if last == 0 { steps.max(1) } else { steps.min(round).max(last) }
}

/// Path data of a line alone, filling a width and height.
pub fn sparkline(values: &[f32], width: f64, height: f64) -> String {
    let y_scale = Scale::linear(values.iter().map(|value| f64::from(*value)), height - 1.0, 1.0);
    let most = values.len().saturating_sub(1).max(1) as f64;
    let places: Vec<(f64, f64)> = values
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let value = f64::from(*value);
            let y = if value.is_finite() { y_scale.place(value) } else { None };
            (place as f64 / most * width, y.unwrap_or(f64::NAN))
        })
        .collect();
    polyline(thin(&places, 200))
}

/// A row of the table behind a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Updates done.
    pub step: String,
    /// The value of each curve at that very step; none: it was not measured there.
    pub values: Vec<Option<String>>,
}

/// At most `rows` rows, about evenly spread over the updates, the last update always among them. Where not every curve was
/// measured at each update, a row stands at the last one of its stretch at which most were.
pub fn table<K>(curves: &[Curve<K>], rows: usize) -> Vec<TableRow> {
    let mut steps: Vec<u32> =
        curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0)).collect();
    sort_by(&mut steps, Ord::cmp);
    steps.dedup();
    let at = |curve: &Curve<K>, step: u32| {
        let place = curve.points.binary_search_by_key(&step, |point| point.0).ok()?;
        curve.points.get(place).map(|point| point.1)
    };
    let rows = rows.clamp(1, steps.len().max(1));
    let end_of = |row: usize| (row * steps.len()).div_ceil(rows);
    (1..=rows)
        .filter_map(|row| {
            let stretch = steps.get(end_of(row - 1)..end_of(row))?;
            // The last of those that most curves have.
            let fullest = || {
                stretch
                    .iter()
                    .copied()
                    .max_by_key(|step| curves.iter().filter(|curve| at(curve, *step).is_some()).count())
            };
            if row == rows { stretch.last().copied() } else { fullest() }
        })
        .map(|step| TableRow {
            step: number::count(u64::from(step)),
            values: curves
                .iter()
                .map(|curve| at(curve, step).map(|value| number::fixed(f64::from(value), 3)))
                .collect(),
        })
        .collect()
}

/// Labels at the right of everything drawn, at the heights of their curves' ends, moved apart where they would touch.
fn end_labels<K>(mut ends: Vec<(K, f64, f64)>, frame: Frame) -> Vec<Label<K>> {
    let x = ends.iter().map(|end| end.1).fold(frame.left, f64::max) + NAME_GAP;
    sort_by(&mut ends, |one, two| one.2.total_cmp(&two.2));
    let heights: Vec<f64> = ends.iter().map(|end| end.2 + 4.0).collect();
    let lowest = frame.height - frame.bottom + 2.0;
    let placed = spread(&heights, LABEL_HEIGHT, frame.top + 4.0, lowest);
    ends.into_iter().zip(placed).map(|((key, _, _), y)| Label { key, x, y, anchor: Anchor::Start }).collect()
}

/// Moves ascending places apart to at least `gap`, within limits as far as they allow, each as little as possible.
fn spread(places: &[f64], gap: f64, least: f64, most: f64) -> Vec<f64> {
    // Neighbours that touch become one block around the middle of the places they asked for.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let mut sums: Vec<f64> = Vec::new();
    for place in places {
        blocks.push((*place, 1));
        sums.push(*place);
        while let [.., (before, n), (middle, m)] = blocks.as_slice() {
            let needed = gap * (n + m) as f64 / 2.0;
            if middle - before >= needed - 1e-9 {
                break;
            }
            let count = n + m;
            blocks.truncate(blocks.len() - 2);
            let sum = sums.pop().unwrap_or(0.0) + sums.pop().unwrap_or(0.0);
            let half = gap * (count - 1) as f64 / 2.0;
            blocks.push(((sum / count as f64).clamp(least + half, (most - half).max(least + half)), count));
            sums.push(sum);
        }
    }
    blocks
        .iter()
        .flat_map(|(middle, count)| {
            let first = middle - gap * (*count as f64 - 1.0) / 2.0;
            (0..*count).map(move |place| first + gap * place as f64)
        })
        .collect()
}
