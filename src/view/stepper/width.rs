//! How much room there is for an opened equation.

/// Height of the small drawing at the top of a narrow page, in pixels; style/stepper.css has it too.
const SMALL_DRAWING: f64 = 116.0;

/// How many times as large as usual an opened equation is while presenting; style/classroom-tools.css has it too.
const PRESENTED: f64 = 1.36;
/// The same of one that would else not fit on one line.
const PRESENTED_TIGHT: f64 = 1.2;

/// Pixels that a scroll bar takes of a narrow window, where there is one.
const SCROLLBAR: f64 = 12.0;

/// The room, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Width {
    room: f64,
    /// Whether the other blocks of an equation stand beside a matrix; else they follow below it.
    is_wide: bool,
    is_presented: bool,
}

impl Width {
    /// In a window of so many pixels.
    pub fn of(page: f64, is_presenting: bool) -> Width {
        // The numbers of style/stepper.css: the page's margins, the drawing beside it, the inset of an opened equation.
        let is_wide = page > 1000.0;
        if is_presenting && is_wide {
            // style/classroom-tools.css: margins, the drawing, the inset, and the size of the type.
            let zoom = if page >= 2200.0 {
                1.7
            } else if page >= 1600.0 {
                1.3
            } else {
                1.0
            };
            let drawing = (page * 0.3).max(320.0 * zoom);
            let room = ((page - drawing) / zoom - 54.0 - 40.0) / PRESENTED;
            return Width { room, is_wide, is_presented: true };
        }
        let room =
            if is_wide { page.min(1280.0) - 48.0 - 446.0 - 64.0 } else { page - 24.0 - 34.0 - SCROLLBAR };
        Width { room, is_wide, is_presented: false }
    }

    /// The room for a row of blocks, in pixels.
    pub fn room(self) -> f64 {
        self.room
    }

    /// The room where an equation is presented a little smaller, so that it fits on one line.
    pub fn tight_room(self) -> Option<f64> {
        self.is_presented.then_some(self.room * PRESENTED / PRESENTED_TIGHT)
    }

    /// Whether blocks stand beside each other; else each matrix has a line of its own.
    pub fn is_wide(self) -> bool {
        self.is_wide
    }

    /// Pixels kept free above an opened equation that is brought into view: on a narrow page the small drawing is there.
    pub fn above(self) -> f64 {
        if self.is_wide { 12.0 } else { 12.0 + SMALL_DRAWING }
    }
}
