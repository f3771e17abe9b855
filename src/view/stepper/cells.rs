//! Many coloured cells as a few shapes: one path a colour instead of one element a number, so that a page full of
//! matrices stays light.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::view::chart::tenth;

/// One number as a rectangle.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The class that colours it.
    pub class: String,
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A path a class, in the order of the classes: class and path data. The corners are rounded by a radius.
pub fn shapes(cells: impl IntoIterator<Item = Cell>, radius: f64) -> Vec<(String, String)> {
    let mut shapes: BTreeMap<String, String> = BTreeMap::new();
    for cell in cells {
        push(shapes.entry(cell.class).or_default(), cell.x, cell.y, cell.width, cell.height, radius);
    }
    shapes.into_iter().collect()
}

/// The outline of one rectangle as path data: its corner, its size, the radius of its corners.
pub fn outline((x, y): (f64, f64), (width, height): (f64, f64), radius: f64) -> String {
    let mut path = String::new();
    push(&mut path, x, y, width, height, radius);
    path
}

fn push(path: &mut String, x: f64, y: f64, width: f64, height: f64, radius: f64) {
    let r = tenth(radius);
    let (across, down) = (tenth(width - 2.0 * radius), tenth(height - 2.0 * radius));
    let (x, y) = (tenth(x + radius), tenth(y));
    // Writing into a string cannot fail.
    let _ = if radius > 0.0 {
        write!(
            path,
            "M{x} {y}h{across}q{r} 0 {r} {r}v{down}q0 {r} -{r} {r}h-{across}q-{r} 0 -{r} -{r}v-{down}q0 -{r} {r} -{r}z"
        )
    } else {
        write!(path, "M{x} {y}h{across}v{down}h-{across}z")
    };
}
