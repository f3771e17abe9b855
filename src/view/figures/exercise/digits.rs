//! With how many digits the numbers of an exercise are printed: whoever calculates from what is printed gets what is
//! printed.
//!
//! What is given is exact as it stands. A number on the way has at least one digit more than the result that is worked
//! out from it.

use crate::view::number::{bracketed, fixed};

/// Decimals of a given number.
const GIVEN: usize = 2;
/// Significant digits of a number on the way, and its fewest decimals unless it ends before.
const ON_THE_WAY: usize = 4;
/// Most decimals of any number.
const MOST: usize = 12;

/// The fewest decimals from `least` on that show a number as it is, or at least `enough` of them with so many
/// significant digits.
fn decimals(value: f64, least: usize, enough: usize, significant: usize) -> usize {
    let mut scale = (0..least).fold(1.0, |scale, _| scale * 10.0);
    for decimals in least..MOST {
        let scaled = (value * scale).abs();
        let whole = scaled.round();
        let is_exact = (scaled - whole).abs() < 1e-9;
        let digits = if whole < 1.0 { 0 } else { format!("{whole:.0}").len() };
        if is_exact || (decimals >= enough && digits >= significant) {
            return decimals;
        }
        scale *= 10.0;
    }
    MOST
}

/// Decimals of a result: at least so many, and as many significant digits where it is small. Only for what is worked out
/// by products and quotients: where numbers cancel, the digits would not be known.
pub(super) fn of_result(value: f64, least: usize) -> usize {
    decimals(value, least, least, least)
}

/// A number on the way: with two decimals where it has no more, else with four decimals and four significant digits.
pub(super) fn on_the_way(value: f64) -> String {
    with_significant(value, ON_THE_WAY)
}

/// A number on the way with so many significant digits where it does not end before.
pub(super) fn with_significant(value: f64, significant: usize) -> String {
    fixed(value, decimals(value, GIVEN, ON_THE_WAY, significant))
}

/// The fewest decimals, from three on, with which a number on the way leads to what follows from it as that is printed,
/// with three decimals.
pub(in crate::view::figures) fn leading_to(value: f64, of: fn(f64) -> f64) -> String {
    let printed = fixed(of(value), 3);
    let mut scale = 1000.0;
    for decimals in 3..MOST {
        if fixed(of((value * scale).round() / scale), 3) == printed {
            return fixed(value, decimals);
        }
        scale *= 10.0;
    }
    fixed(value, MOST)
}

/// Numbers on the way with a sign between them; a negative one behind a sign stands in brackets.
pub(super) fn joined(values: &[f64], significant: usize, between: &str) -> String {
    let written = |(place, value): (usize, &f64)| {
        let number = with_significant(*value, significant);
        if place == 0 { number } else { bracketed(number) }
    };
    let numbers: Vec<String> = values.iter().enumerate().map(written).collect();
    numbers.join(between)
}
