//! How much room there is for an opened equation and for the cell's drawing beside it, and how large the digits are.

use super::digits::Digits;
use super::fit::ROWS;
use super::opening::{Block, Piece, Sign};

/// Height of the small drawing at the top of a narrow page, in pixels; style/stepper.css has it too.
const SMALL_DRAWING: f64 = 116.0;

/// How many times as large as usual an opened equation is while presenting; style/classroom-tools.css has it too.
pub const PRESENTED: f64 = 1.5;
/// The smallest letters of a presentation, in pixels: what the back row of a room still reads.
pub const BACK_ROW: f64 = 18.0;

/// Pixels that a scroll bar takes of a narrow window, where there is one.
const SCROLLBAR: f64 = 12.0;

/// What stands above and below in a presentation, in pixels: the bar at the foot, the unrolled sentence with the gaps
/// around it, the opened equation without the rows of its blocks but with three lines of the row that is spelled out, and
/// what a second line of blocks adds to that.
const BAR: f64 = 53.0;
const SENTENCE: f64 = 234.0;
const AROUND: f64 = 290.0;
const SECOND_LINE: f64 = 134.0;
/// The height of a row of a block, presented.
const ROW: f64 = super::window::ROW * PRESENTED;
/// What the sentence below the drawing takes, and the frame around the drawing, in pixels.
const SAID: f64 = 112.0;
const FRAME: f64 = 14.0;
/// The least height of a presented drawing, in pixels.
const LEAST_DRAWING: f64 = 240.0;
/// Fewer rows show no neighbours of the chosen one.
const FEWEST_ROWS: usize = 4;

/// The sizes of the digits in a block's cells, in pixels of its drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DigitSizes {
    /// Where every entry has them.
    pub all: f64,
    /// The smallest and the largest in the chosen row of a matrix.
    pub row: (f64, f64),
    /// How all numbers of an equation are written; none: those of each block in their own way.
    pub form: Option<Digits>,
}

impl DigitSizes {
    /// For the blocks of an equation. Columns of which one is subtracted from another have their numbers written alike, so
    /// that a reader can do it in the head.
    pub fn of(pieces: &[Piece], room: Room) -> DigitSizes {
        let is_difference = pieces.contains(&Piece::Sign(Sign::Minus))
            && pieces.iter().all(|piece| match piece {
                Piece::Block(block) => block.values.ncols() == 1,
                Piece::Sign(sign) => matches!(sign, Sign::Plus | Sign::Minus | Sign::Equals),
            });
        let forms = pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) => Some(Digits::of(block.values.iter())),
            Piece::Sign(_) => None,
        });
        // Where one is too small for decimals, each keeps its own form.
        let decimals = forms.map(|form| match form {
            Digits::Decimals(decimals) => Some(decimals),
            Digits::Brief => None,
        });
        let most = decimals.reduce(|most, one| most.zip(one).map(|(most, one)| most.max(one))).flatten();
        DigitSizes { form: most.filter(|_| is_difference).map(Digits::Decimals), ..room.digits() }
    }

    /// How the numbers of a block are written.
    pub fn form_of(self, block: &Block) -> Digits {
        self.form.unwrap_or_else(|| Digits::of(block.values.iter()))
    }
}

/// The room, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    width: f64,
    /// Width and height for the cell's drawing, and the height of the window, where the page is presented.
    presented: Option<Presented>,
    /// Whether the other blocks of an equation stand beside a matrix; else they follow below it.
    is_wide: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Presented {
    drawing: (f64, f64),
    height: f64,
}

impl Room {
    /// In a window of so many pixels, width and height.
    pub fn of((page, height): (f64, f64), is_presenting: bool) -> Room {
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
            let drawing = (page * 0.3 / zoom).max(320.0);
            let width = (page / zoom - drawing - 54.0 - 40.0) / PRESENTED;
            let height = height / zoom;
            let tall = (height - BAR - SENTENCE - SAID - FRAME).max(LEAST_DRAWING);
            let presented = Presented { drawing: (drawing - FRAME, tall), height };
            return Room { width, presented: Some(presented), is_wide };
        }
        let width =
            if is_wide { page.min(1280.0) - 48.0 - 446.0 - 64.0 } else { page - 24.0 - 34.0 - SCROLLBAR };
        Room { width, presented: None, is_wide }
    }

    /// The room for a row of blocks, in pixels.
    pub fn width(self) -> f64 {
        self.width
    }

    /// Most rows of a block that are shown where an equation's blocks stand on so many lines. A presentation has as
    /// many as stand below the unrolled sentence; two lines of blocks may take its place.
    pub fn rows(self, lines: usize) -> usize {
        let Some(Presented { height, .. }) = self.presented else { return ROWS };
        let free = if lines > 1 { height - BAR - SECOND_LINE } else { height - BAR - SENTENCE };
        let rows = (free - AROUND) / (ROW * lines.max(1) as f64);
        (rows.max(0.0) as usize).clamp(FEWEST_ROWS, ROWS)
    }

    /// How large the digits are.
    pub fn digits(self) -> DigitSizes {
        if self.is_presented() {
            let least = BACK_ROW / PRESENTED;
            DigitSizes { all: least, row: (least, least), form: None }
        } else {
            DigitSizes { all: 11.5, row: (7.0, 10.0), form: None }
        }
    }

    /// How high a presented drawing of this size stands, and the pixels of the drawing that are as large there as the
    /// smallest letters of a presentation; none where its letters keep their size.
    pub fn drawing(self, (width, height): (f64, f64)) -> Option<(f64, f64)> {
        let (most_width, most_height) = self.presented?.drawing;
        let scale = (most_width / width).min(most_height / height);
        (scale > 0.0).then(|| (height * scale, BACK_ROW / scale))
    }

    /// Whether the page is presented, with the drawing beside the equation.
    pub fn is_presented(self) -> bool {
        self.presented.is_some()
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
