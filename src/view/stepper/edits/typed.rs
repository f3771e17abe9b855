//! Numbers as a reader types, nudges and drags them.

use crate::view::number::without_trailing_zeros;
use crate::view::typed;

/// The largest magnitude that is taken: beyond it every gate is shut or open to the last bit anyway.
pub const LARGEST: f64 = 1000.0;

/// What an arrow key changes a number by, and with Shift.
const NUDGE: [f64; 2] = [0.05, 0.5];

/// Why what was typed is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// It is no number.
    #[error("it is no number")]
    NoNumber,
    /// Its magnitude is above [`LARGEST`].
    #[error("it is too large")]
    TooLarge,
}

/// A number as typed ([`typed::decimal`]).
///
/// # Errors
/// When it is none, or too large.
pub fn read_number(text: &str) -> Result<f64, NotTaken> {
    if text.trim().is_empty() {
        return Err(NotTaken::Empty);
    }
    let number = typed::of_any_size(text).ok_or(NotTaken::NoNumber)?;
    if number.abs() <= LARGEST { Ok(number + 0.0) } else { Err(NotTaken::TooLarge) }
}

/// A number moved by so many small or large steps, on a round value of at most four decimals.
pub fn nudged(number: f64, steps: f64, is_large: bool) -> f64 {
    let by = NUDGE[usize::from(is_large)] * steps;
    ((number + by) * 1e4).round().clamp(-LARGEST * 1e4, LARGEST * 1e4) / 1e4 + 0.0
}

/// A number dragged by so many pixels to the right or up: a hundredth each, with Shift a tenth.
pub fn dragged(number: f64, pixels: f64, is_large: bool) -> f64 {
    let by = if is_large { 0.1 } else { 0.01 } * pixels.round();
    ((number + by) * 1e3).round().clamp(-LARGEST * 1e3, LARGEST * 1e3) / 1e3 + 0.0
}

/// A number for a field: at most so many decimals as tell it from its neighbours on a slider, without zeros behind.
pub fn for_a_field(number: f64) -> String {
    let text = format!("{number:.6}");
    let short = without_trailing_zeros(&text);
    match short {
        // What is smaller than that is not zero.
        "0" | "-0" if number != 0.0 => format!("{number:e}"),
        "-0" => "0".to_owned(),
        _ => short.to_owned(),
    }
}

/// How far a slider reaches to both sides of 0: twice as far as the numbers that it must be able to show, and at least 1.
pub fn reach(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let most = numbers
        .into_iter()
        .filter(|number| number.is_finite())
        .fold(0.5, |most: f64, number| most.max(number.abs()));
    (2.0 * most).ceil().min(LARGEST)
}
