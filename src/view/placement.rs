//! Where a list that opens at a button finds room in the window. Everything in CSS pixels from the window's upper left.

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// What stays free at the window's edges, and between a button and its list.
const ROOM: f64 = 8.0;

/// How far a list, as it stands now, has to move to the right and down so that it is seen: into the window sideways, and
/// above its button where it does not fit below but above.
pub fn moved(list: Area, button: Area, (width, height): (f64, f64)) -> (f64, f64) {
    let most = width - ROOM - list.width;
    let left = list.left.min(most).max(ROOM);
    let above = button.top - ROOM - list.height;
    let is_below = list.top + list.height <= height - ROOM;
    let top = if is_below || above < ROOM { list.top } else { above };
    (left - list.left, top - list.top)
}
