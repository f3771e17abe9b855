//! The cell, presented: a clicker moves from equation to equation, forward or backward, and the drawing follows.

use leptos::prelude::*;

use super::reading::Reading;
use crate::app::classroom::{set_deck, use_classroom};
use crate::app::language::say_with;
use crate::view::present::Move;
use crate::view::stepper::Direction;

/// What is lit in drawing and formulas.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The line of the text, from 0: the caret's; while presenting, that of an equation.
    pub line: Memo<usize>,
    /// Backward only while presenting, where one of the two lists is in view.
    pub direction: Memo<Direction>,
}

/// Says how the page is moved through.
pub fn offer(reading: Reading) -> Shown {
    let classroom = use_classroom();
    let is_turned = RwSignal::new(false);
    let lines = Memo::new(move |_| {
        let of_cell = reading.last.with(|last| {
            let equations = &last.as_ref()?.cell.equations;
            Some(equations.iter().map(|equation| equation.line).collect::<Vec<_>>())
        });
        of_cell.unwrap_or_default()
    });
    // The equation at the caret, or the last one above it.
    let at = Memo::new(move |_| {
        let caret = reading.caret_line.get();
        lines.with(|lines| lines.iter().rposition(|line| *line <= caret).unwrap_or(0))
    });
    let line = Memo::new(move |_| {
        let equation = lines.with(|lines| lines.get(at.get()).copied());
        equation.filter(|_| classroom.is_presenting()).unwrap_or_else(|| reading.caret_line.get())
    });
    let direction = Memo::new(move |_| {
        if is_turned.get() && classroom.is_presenting() { Direction::Backward } else { Direction::Forward }
    });
    set_deck(move |to| {
        let (now, last) = (at.get_untracked(), lines.with_untracked(Vec::len).saturating_sub(1));
        let (before, after) = (now.saturating_sub(1), (now + 1).min(last));
        // Backward, what comes next is what stands above.
        let (before, after, first, last) =
            if is_turned.get_untracked() { (after, before, last, 0) } else { (before, after, 0, last) };
        let new = match to {
            Move::Next | Move::NextLarge => after,
            Move::Previous | Move::PreviousLarge => before,
            Move::First => first,
            Move::Last => last,
            Move::Turn => {
                is_turned.update(|is_turned| *is_turned = !*is_turned);
                return true;
            }
        };
        if let Some(line) = lines.with_untracked(|lines| lines.get(new).copied()) {
            reading.caret_line.set(line);
        }
        new != now
    });
    Effect::new(move |_| {
        let (line, lines) = (at.get() + 1, lines.with(Vec::len));
        classroom.place.set(match direction.get() {
            Direction::Forward => say_with!(cell.present_forward; "line" => line, "lines" => lines),
            Direction::Backward => say_with!(cell.present_backward; "line" => line, "lines" => lines),
        });
    });
    Shown { line, direction }
}
