//! Corners to path data.

use crate::view::chart::tenth;

/// Radius of a wire's corners.
const CORNER: f64 = 7.0;

/// Path data through some corners, each rounded as far as its sides allow.
pub(super) fn rounded(points: &[(f64, f64)]) -> String {
    let points = without_repeats(points);
    let Some(first) = points.first() else { return String::new() };
    let mut path = kurbo::BezPath::new();
    path.move_to(*first);
    for three in points.windows(3) {
        let [before, corner, after] = *three else { continue };
        let radius = CORNER.min(length(before, corner) / 2.0).min(length(corner, after) / 2.0);
        path.line_to(towards(corner, before, radius));
        path.quad_to(corner, towards(corner, after, radius));
    }
    if let Some(last) = points.last() {
        path.line_to(*last);
    }
    write(&path)
}

fn write(path: &kurbo::BezPath) -> String {
    let place = |point: &kurbo::Point| format!("{} {}", tenth(point.x), tenth(point.y));
    path.elements()
        .iter()
        .map(|element| match element {
            kurbo::PathEl::MoveTo(point) => format!("M{}", place(point)),
            kurbo::PathEl::LineTo(point) => format!("L{}", place(point)),
            kurbo::PathEl::QuadTo(corner, point) => format!("Q{} {}", place(corner), place(point)),
            kurbo::PathEl::CurveTo(one, two, point) => {
                format!("C{} {} {}", place(one), place(two), place(point))
            }
            kurbo::PathEl::ClosePath => "Z".to_owned(),
        })
        .collect()
}

/// Leaves out corners where nothing turns.
pub(super) fn without_repeats(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if let Some(last) = kept.last()
            && length(*last, *point) < 0.05
        {
            continue;
        }
        if let [.., before, last] = kept.as_slice() {
            let across = (last.0 - before.0) * (point.1 - last.1) - (last.1 - before.1) * (point.0 - last.0);
            if across.abs() < 1e-6 {
                kept.pop();
            }
        }
        kept.push(*point);
    }
    kept
}

fn length(one: (f64, f64), two: (f64, f64)) -> f64 {
    (one.0 - two.0).hypot(one.1 - two.1)
}

fn towards(from: (f64, f64), to: (f64, f64), distance: f64) -> (f64, f64) {
    let whole = length(from, to);
    if whole == 0.0 {
        return from;
    }
    (from.0 + (to.0 - from.0) * distance / whole, from.1 + (to.1 - from.1) * distance / whole)
}
