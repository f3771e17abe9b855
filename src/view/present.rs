//! Presenting: what the keys of a clicker mean, and where a page stops on the way down.

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A move.
    Go(Move),
    /// The screen goes dark, or comes back.
    Blank,
    /// The light follows the pointer, or not.
    Spotlight,
    /// The whole screen, or not.
    Fullscreen,
    /// The list of keys.
    Help,
    /// The end.
    Leave,
}

/// A move through what is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// One thing on.
    Next,
    /// One thing back.
    Previous,
    /// A larger step on: the next time step, the next section.
    NextLarge,
    /// A larger step back.
    PreviousLarge,
    /// The beginning.
    First,
    /// The end.
    Last,
    /// The other way round: forward or backward.
    Turn,
}

/// What a key means while presenting, by the browser's name of it (`KeyboardEvent.key`). A clicker sends PageDown and PageUp
/// or arrows, a full stop or B for a dark screen, F5 and Escape for beginning and end.
pub fn command(key: &str, shift: bool) -> Option<Command> {
    Some(match key {
        "PageDown" | "ArrowRight" if shift => Command::Go(Move::NextLarge),
        "PageUp" | "ArrowLeft" if shift => Command::Go(Move::PreviousLarge),
        "PageDown" | "ArrowRight" | "n" | "N" => Command::Go(Move::Next),
        "PageUp" | "ArrowLeft" => Command::Go(Move::Previous),
        "ArrowDown" => Command::Go(Move::NextLarge),
        "ArrowUp" => Command::Go(Move::PreviousLarge),
        "Home" => Command::Go(Move::First),
        "End" => Command::Go(Move::Last),
        "d" | "D" => Command::Go(Move::Turn),
        "b" | "B" | "." | "。" => Command::Blank,
        "p" | "P" | "l" | "L" => Command::Spotlight,
        "F5" | "f" | "F" => Command::Fullscreen,
        "?" | "？" => Command::Help,
        "Escape" => Command::Leave,
        _ => return None,
    })
}

/// Whether a key has a meaning of its own in a field or among choices, where it is left alone. What a clicker sends, and the
/// end, are heard everywhere.
pub fn belongs_to_field(key: &str) -> bool {
    !matches!(key, "PageDown" | "PageUp" | "F5" | "Escape")
}

/// A page on its way down, in CSS pixels from its top.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Where figures stand at the top of the window, in order.
    pub figures: Vec<f64>,
    /// The same of questions whose answer is still closed.
    pub questions: Vec<f64>,
    /// The upper edge of the window.
    pub top: f64,
    /// The height of the window that can be read.
    pub window: f64,
    /// The height of the page.
    pub height: f64,
}

/// Less than this is no move.
const LEAST: f64 = 8.0;
/// Share of the window that a turn moves; the rest stays in view.
const TURN: f64 = 0.8;

impl Page {
    /// The question whose answer the next press opens. A class has to see the question before, and to vote: so it is one
    /// that a press has brought to the top, or as far as the page goes.
    pub fn opens(&self) -> Option<usize> {
        let is_at_the_end = self.top >= self.last() - LEAST;
        self.questions.iter().position(|question| {
            let below = question - self.top;
            below.abs() <= LEAST || is_at_the_end && (0.0..self.window).contains(&below)
        })
    }

    /// Where the next press leads; none at the bottom. Nothing is jumped over, and a stop on the way is kept to.
    pub fn next(&self) -> Option<f64> {
        let last = self.last();
        if self.top >= last - LEAST {
            return None;
        }
        let turned = self.top + TURN * self.window;
        let stops = self.stops().filter(|stop| *stop > self.top + LEAST);
        Some(stops.fold(turned, f64::min).min(last))
    }

    /// Where a press back leads; none at the top.
    pub fn previous(&self) -> Option<f64> {
        if self.top <= LEAST {
            return None;
        }
        let turned = self.top - TURN * self.window;
        let stops = self.stops().filter(|stop| *stop < self.top - LEAST);
        Some(stops.fold(turned, f64::max).max(0.0))
    }

    fn stops(&self) -> impl Iterator<Item = f64> {
        self.figures.iter().chain(&self.questions).copied()
    }

    fn last(&self) -> f64 {
        (self.height - self.window).max(0.0)
    }
}
