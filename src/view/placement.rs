//! Where a list that opens at a button finds room in the window, and how a value stays in view beside its panel.
//! Everything in CSS pixels from the window's upper left.

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

/// Rows above and below a value that are seen with it.
const ROWS_BESIDE: f64 = 2.0;

/// A row with the rows beside it that are to be seen too. For those above it alone the page is not moved.
pub fn with_rows_beside((top, bottom): (f64, f64), above: f64) -> (f64, f64) {
    let beside = ROWS_BESIDE * (bottom - top);
    let first = top - beside;
    (if top < above { first } else { first.max(above) }, bottom + beside)
}

/// How far a page is scrolled down so that a value, from its upper to its lower edge, is seen above a panel that stands
/// over the foot of the page, and below `above`, where the part of the window begins that is free. Nothing moves where
/// it is seen already.
pub fn uncovered((top, bottom): (f64, f64), panel: f64, above: f64) -> f64 {
    if top < above {
        return top - above;
    }
    (bottom + ROOM - panel).clamp(0.0, top - above)
}
