//! Axes: which numbers stand at an axis, and where a value falls on it.

use super::number;

/// Most ticks that any axis gets.
const MOST_TICKS: usize = 40;
/// Exponents of the decades that are written as plain numbers, where no other one stands beside them.
const PLAIN_DECADES: std::ops::RangeInclusive<i32> = -3..=3;

/// A straight map from values to places; a logarithmic one takes the logarithm first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Value at the start of the axis.
    pub least: f64,
    /// Value at the end of the axis, always greater than `least`.
    pub most: f64,
    /// Place of `least`.
    pub from: f64,
    /// Place of `most`.
    pub to: f64,
    /// Whether equal ratios are equally far apart.
    pub logarithmic: bool,
}

/// A tick: its value, its place on the axis, its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value.
    pub value: f64,
    /// The place.
    pub place: f64,
    /// The text beside it.
    pub label: String,
}

impl Scale {
    /// A linear axis over the finite ones of some values. No value: 0 to 1. One value or a constant series: some room
    /// around it.
    pub fn linear(values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Scale {
        // Limits keep the span of a hostile series finite.
        let (mut least, mut most) = finite_range(values).unwrap_or((0.0, 1.0));
        least = least.clamp(-1e300, 1e300);
        most = most.clamp(-1e300, 1e300);
        let smallest_span = 1e-9 * least.abs().max(most.abs());
        if most - least <= smallest_span {
            let room = if least == 0.0 { 0.5 } else { 0.5 * least.abs().max(most.abs()) };
            least -= room;
            most += room;
        }
        if most <= least {
            // Subnormal values: half of the smallest one is nothing.
            (least, most) = (-0.5, 0.5);
        }
        Scale { least, most, from, to, logarithmic: false }
    }

    /// The same axis with its ends moved outward to round numbers of about `count` steps.
    pub fn rounded(self, count: usize) -> Scale {
        if self.logarithmic {
            return self;
        }
        let step = round_step(self.most - self.least, count);
        let least = (self.least / step).floor() * step;
        let most = (self.most / step).ceil() * step;
        if step > 0.0 && least.is_finite() && most.is_finite() && most > least {
            Scale { least, most, ..self }
        } else {
            self
        }
    }

    /// A logarithmic axis over whole decades, from the finite values above zero. At most `decades` are kept, counted
    /// from the largest value down: what is smaller is drawn at the foot of the axis.
    pub fn decades(values: impl IntoIterator<Item = f64>, decades: i32, from: f64, to: f64) -> Scale {
        let positive = values.into_iter().filter(|value| *value > 0.0);
        let (least, most) = finite_range(positive).unwrap_or((1e-3, 1.0));
        let high = libm::log10(most).ceil().clamp(-300.0, 300.0) as i32;
        let low = libm::log10(least).floor().clamp(-301.0, 299.0) as i32;
        let low = low.max(high - decades.max(1)).min(high - 1);
        Scale { least: power_of_ten(low), most: power_of_ten(high), from, to, logarithmic: true }
    }

    /// The place of a value, kept within the axis. Not-a-number has no place.
    pub fn place(&self, value: f64) -> Option<f64> {
        if value.is_nan() {
            return None;
        }
        let value = value.clamp(self.least, self.most);
        let share = if self.logarithmic {
            let low = libm::log10(self.least);
            (libm::log10(value) - low) / (libm::log10(self.most) - low)
        } else {
            // Halves first: the difference of two huge numbers of opposite sign would overflow.
            (value / 2.0 - self.least / 2.0) / (self.most / 2.0 - self.least / 2.0)
        };
        let share = share.clamp(0.0, 1.0);
        Some(self.from + share * (self.to - self.from))
    }

    /// Ticks: at 1, 2 or 5 times a power of ten, about `count` of them; on a logarithmic axis at powers of ten.
    pub fn ticks(&self, count: usize) -> Vec<Tick> {
        if self.logarithmic { self.decade_ticks(count) } else { self.linear_ticks(count) }
    }

    fn linear_ticks(&self, count: usize) -> Vec<Tick> {
        let step = round_step(self.most - self.least, count);
        if step <= 0.0 || !step.is_finite() {
            return Vec::new();
        }
        let decimals = (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 17.0) as usize;
        let slack = 1e-9 * step;
        let first = ((self.least - slack) / step).ceil();
        (0..=MOST_TICKS)
            .map(|k| (first + k as f64) * step)
            .take_while(|value| *value <= self.most + slack)
            .filter_map(|value| {
                let value = if value.abs() < slack { 0.0 } else { value };
                Some(Tick { value, place: self.place(value)?, label: tick_label(value, step, decimals) })
            })
            .collect()
    }

    fn decade_ticks(&self, count: usize) -> Vec<Tick> {
        let low = libm::round(libm::log10(self.least)) as i32;
        let high = libm::round(libm::log10(self.most)) as i32;
        let every = ((high - low) as usize).div_ceil(count.clamp(1, MOST_TICKS)).max(1);
        // All in one way of writing: a power of ten beside a decimal is hard to compare.
        let is_plain = PLAIN_DECADES.contains(&low) && PLAIN_DECADES.contains(&high);
        // Counted from the top, so that the largest decade always has its tick.
        let mut ticks: Vec<Tick> = (low..=high)
            .rev()
            .step_by(every)
            .filter_map(|exponent| {
                let value = power_of_ten(exponent);
                Some(Tick { value, place: self.place(value)?, label: decade_label(exponent, is_plain) })
            })
            .collect();
        ticks.reverse();
        ticks
    }
}

/// The largest of 1, 2, 5 × a power of ten that gives at least about `count` steps in a span.
fn round_step(span: f64, count: usize) -> f64 {
    let raw = span / count.clamp(1, MOST_TICKS) as f64;
    if raw <= 0.0 || !raw.is_finite() {
        return 0.0;
    }
    let exponent = libm::floor(libm::log10(raw));
    let power = libm::pow(10.0, exponent);
    let share = raw / power;
    let factor = if share < 1.5 {
        1.0
    } else if share < 3.5 {
        2.0
    } else if share < 7.5 {
        5.0
    } else {
        10.0
    };
    // Dividing by a positive power keeps 0.1 the nearest double to one tenth.
    if exponent < 0.0 { factor / libm::pow(10.0, -exponent) } else { factor * power }
}

/// `0.5`, `1,500`; scientific where plain digits would be long.
fn tick_label(value: f64, step: f64, decimals: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() >= 1e6 || step < 1e-4 {
        return number::brief(value, 6);
    }
    if decimals == 0 {
        let sign = if value < 0.0 { number::MINUS.to_string() } else { String::new() };
        return format!("{sign}{}", number::count(value.abs().round() as u64));
    }
    number::fixed(value, decimals)
}

/// `0.01`, `1`, `100` where all of an axis is written plainly, else `1e−6`, `1e−2`, `1`, `1e2`.
fn decade_label(exponent: i32, is_plain: bool) -> String {
    match exponent {
        _ if is_plain || exponent == 0 => number::brief(power_of_ten(exponent), 1),
        _ if exponent < 0 => format!("1e{}{}", number::MINUS, -exponent),
        _ => format!("1e{exponent}"),
    }
}

fn power_of_ten(exponent: i32) -> f64 {
    if exponent < 0 && exponent > -300 {
        1.0 / libm::pow(10.0, f64::from(-exponent))
    } else {
        libm::pow(10.0, f64::from(exponent))
    }
}

/// Least and most of the finite values.
fn finite_range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| value.is_finite()).fold(None, |range, value| {
        Some(range.map_or((value, value), |(least, most): (f64, f64)| (least.min(value), most.max(value))))
    })
}
