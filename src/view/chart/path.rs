//! From points to path data.

use std::fmt::Write;

/// Most points that a drawn curve has.
pub const MOST_POINTS: usize = 2000;

/// At most `limit` of some points (x ascending), such that no peak is lost: from each of equally many neighbours the
/// smallest and the largest value stay, and so do the first and the last point. A point that is not finite stands
/// for a gap; where one is dropped its neighbours are drawn together.
pub fn thin(points: &[(f64, f64)], limit: usize) -> Vec<(f64, f64)> {
    let limit = limit.max(4);
    if points.len() <= limit {
        return points.to_vec();
    }
    let [first, inner @ .., last] = points else {
        return points.to_vec();
    };
    let groups = (limit - 2) / 2;
    let size = inner.len().div_ceil(groups);
    let mut kept = Vec::with_capacity(limit);
    kept.push(*first);
    for group in inner.chunks(size) {
        let by_value = |one: &&(f64, f64), two: &&(f64, f64)| one.1.total_cmp(&two.1);
        let finite = || group.iter().filter(|point| point.1.is_finite());
        match (finite().min_by(by_value), finite().max_by(by_value)) {
            (Some(low), Some(high)) if low.0 == high.0 => kept.push(*low),
            (Some(low), Some(high)) if low.0 < high.0 => kept.extend([*low, *high]),
            (Some(low), Some(high)) => kept.extend([*high, *low]),
            _ => kept.extend(group.first()),
        }
    }
    kept.push(*last);
    kept
}

/// SVG path data through some places, to a tenth of a unit. A place that is not finite interrupts the line; a place
/// alone becomes a short dash, so that one point can be seen.
pub fn polyline(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut data = String::new();
    let mut run = 0_usize;
    for (x, y) in places {
        if !x.is_finite() || !y.is_finite() {
            end_run(&mut data, run);
            run = 0;
            continue;
        }
        let command = if run == 0 { 'M' } else { 'L' };
        // Writing into a string cannot fail.
        let _ = write!(data, "{command}{} {}", tenth(x), tenth(y));
        run += 1;
    }
    end_run(&mut data, run);
    data
}

fn end_run(data: &mut String, run: usize) {
    if run == 1 {
        data.push_str("h0.1");
    }
}

/// A coordinate with at most one decimal.
pub(crate) fn tenth(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // Adding zero turns −0 into 0.
    format!("{}", rounded + 0.0)
}
