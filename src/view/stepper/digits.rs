//! How many digits the stepper shows: enough to follow by hand, never a row of zeros.

use crate::view::number::{MINUS, brief, fixed};

/// One number of a spelled-out row: two decimals, more where it is small.
pub fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || size >= 0.0995 {
        fixed(value, if size >= 99.5 { 1 } else { 2 })
    } else if size >= 0.00995 {
        fixed(value, 3)
    } else {
        brief(value, 2)
    }
}

/// A number with its sign, also where it is not below zero.
pub fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", short(value)) } else { short(value) }
}

/// Letters smaller than this are hard to read, pixels.
pub const READABLE: f64 = 8.5;

/// A number without the zero before its point: `.37`, `−.37`. It stands only where whole numbers would be too small to read.
pub fn without_zero(text: &str) -> String {
    let (sign, size) = text.strip_prefix(MINUS).map_or(("", text), |size| ("−", size));
    size.strip_prefix("0.").map_or_else(|| text.to_owned(), |decimals| format!("{sign}.{decimals}"))
}

/// How the numbers of one block are written, all alike so that they can be compared down the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// So many decimals.
    Decimals(usize),
    /// Two significant digits, `1.2e−7`.
    Brief,
}

impl Digits {
    /// Two significant digits of the largest entry, and at least two decimals.
    pub fn of<'v>(values: impl IntoIterator<Item = &'v f64>) -> Digits {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let largest = finite.fold(0.0, |most: f64, value| most.max(value.abs()));
        match largest {
            0.0 => Digits::Decimals(2),
            size if size >= 99.5 => Digits::Decimals(1),
            size if size >= 0.0995 => Digits::Decimals(2),
            size if size >= 0.00995 => Digits::Decimals(3),
            size if size >= 0.000995 => Digits::Decimals(4),
            _ => Digits::Brief,
        }
    }

    /// Characters of the longest of some numbers in this form.
    pub fn longest<'v>(self, values: impl IntoIterator<Item = &'v f64>) -> usize {
        values.into_iter().map(|value| self.show(*value).chars().count()).max().unwrap_or(1)
    }

    /// A number in this form; an exact zero is just that.
    pub fn show(self, value: f64) -> String {
        match self {
            _ if value == 0.0 => "0".to_owned(),
            Digits::Decimals(decimals) => fixed(value, decimals),
            Digits::Brief => brief(value, 2),
        }
    }
}
