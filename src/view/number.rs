//! Numbers as text: the same digits in every browser and language, a true minus sign, words for what is no number.

/// The minus sign U+2212.
pub const MINUS: char = '\u{2212}';

/// What a reader is told instead of digits; the page has a word for each in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// Not a number.
    NotANumber,
    /// `+∞`
    Infinity,
    /// `−∞`
    MinusInfinity,
}

impl Special {
    /// Which of them a value is, if any.
    pub fn of(value: f64) -> Option<Special> {
        if value.is_nan() {
            Some(Special::NotANumber)
        } else if value == f64::INFINITY {
            Some(Special::Infinity)
        } else if value == f64::NEG_INFINITY {
            Some(Special::MinusInfinity)
        } else {
            None
        }
    }

    /// The key of its word in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Special::NotANumber => "not_a_number",
            Special::Infinity => "infinity",
            Special::MinusInfinity => "minus_infinity",
        }
    }

    /// What stands in a narrow cell, the same in every language.
    pub fn short(self) -> &'static str {
        match self {
            Special::NotANumber => "NaN",
            Special::Infinity => "∞",
            Special::MinusInfinity => "−∞",
        }
    }
}

/// A value with a fixed number of decimals: `−0.83`. What rounds to zero has no minus sign.
/// Not-a-number and infinities come as [`Special::short`].
pub fn fixed(value: f64, decimals: usize) -> String {
    if let Some(special) = Special::of(value) {
        return special.short().to_owned();
    }
    let text = format!("{:.*}", decimals.min(17), value.abs());
    let is_zero = text.bytes().all(|byte| byte == b'0' || byte == b'.');
    if value < 0.0 && !is_zero { format!("{MINUS}{text}") } else { text }
}

/// The same as a factor that is not the first: in brackets where a sign stands before it.
pub fn factor(value: f64, decimals: usize) -> String {
    bracketed(fixed(value, decimals))
}

/// A printed number in brackets where a sign stands before it.
pub fn bracketed(text: String) -> String {
    if text.starts_with(MINUS) { format!("({text})") } else { text }
}

/// The characters that the widest of some values needs under [`fixed`].
pub fn width(values: impl IntoIterator<Item = f64>, decimals: usize) -> usize {
    values.into_iter().map(|value| fixed(value, decimals).chars().count()).max().unwrap_or(0)
}

/// A value as short as it can be read: up to `digits` significant digits, scientific (`1.2e−7`) below 10⁻⁴ and from
/// 10⁶ on, thousands separated, trailing zeros left out.
pub fn brief(value: f64, digits: usize) -> String {
    if let Some(special) = Special::of(value) {
        return special.short().to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = digits.clamp(1, 17);
    let scientific_text = format!("{:.*e}", digits - 1, value.abs());
    // Rounding may carry into the next power of ten, so the exponent is read from the rounded text.
    let (mantissa, exponent) = scientific_text.split_once('e').unwrap_or((&scientific_text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if value < 0.0 { MINUS.to_string() } else { String::new() };
    if !(-4..6).contains(&exponent) {
        let exponent_sign = if exponent < 0 { MINUS.to_string() } else { String::new() };
        return format!("{sign}{}e{exponent_sign}{}", without_trailing_zeros(mantissa), exponent.abs());
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    // The digits were rounded above: rounding the value once more to so many decimals gives the same ones.
    let plain = format!("{:.*}", decimals, value.abs());
    let plain = without_trailing_zeros(&plain);
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
    let whole = separated(whole);
    match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    }
}

/// A count with thousands separated: `118,400`.
pub fn count(value: u64) -> String {
    separated(&value.to_string())
}

/// A size in bytes as people say it, in units of a thousand as files are listed: `12.3 KB`, `5.06 MB`.
pub fn data_size(bytes: u64) -> String {
    data_size_with(bytes, SIZE_DIGITS)
}

/// A size and another one that it is compared with, both as [`data_size`] but with as many digits as tell them apart.
pub fn data_sizes(bytes: u64, other: u64) -> (String, String) {
    let with = |digits| (data_size_with(bytes, digits), data_size_with(other, digits));
    let enough = (SIZE_DIGITS..=17).find(|digits| bytes == other || with(*digits).0 != with(*digits).1);
    with(enough.unwrap_or(SIZE_DIGITS))
}

/// Significant digits of a size.
const SIZE_DIGITS: usize = 3;

fn data_size_with(bytes: u64, digits: usize) -> String {
    let bytes = bytes.max(1_000) as f64;
    // What would round to 1,000 of a unit is said in the next one.
    let (unit, name) = match bytes {
        _ if bytes < 999_500.0 => (1e3, "KB"),
        _ if bytes < 999_500_000.0 => (1e6, "MB"),
        _ => (1e9, "GB"),
    };
    format!("{} {name}", brief(bytes / unit, digits))
}

/// A share as a percentage with so many decimals: `83 %` with a narrow no-break space. What is more than nothing and less
/// than all is not rounded to either: `< 1 %`, `> 99 %`.
pub fn percent(share: f64, decimals: usize) -> String {
    let written = |share: f64| format!("{}\u{202f}%", fixed(share * 100.0, decimals));
    let least = libm::pow(10.0, -(decimals as f64)) / 100.0;
    match Special::of(share) {
        Some(special) => special.short().to_owned(),
        None if share > 0.0 && written(share) == written(0.0) => format!("<\u{202f}{}", written(least)),
        None if share < 1.0 && written(share) == written(1.0) => format!(">\u{202f}{}", written(1.0 - least)),
        None => written(share),
    }
}

/// A length of time; the page has the words for the units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duration {
    /// Not known: not finite, or negative.
    Unknown,
    /// Less than a second.
    Moment,
    /// Whole seconds, 1 to 59.
    Seconds(u64),
    /// Minutes and seconds, below one hour.
    Minutes(u64, u64),
    /// Hours and minutes.
    Hours(u64, u64),
}

/// Rounds seconds for reading; a clock that went backwards gives [`Duration::Unknown`], never a negative time.
pub fn duration(seconds: f64) -> Duration {
    if !(0.0..=1e12).contains(&seconds) {
        return Duration::Unknown;
    }
    let whole = seconds.round() as u64;
    match whole {
        0 => Duration::Moment,
        1..60 => Duration::Seconds(whole),
        60..3600 => Duration::Minutes(whole / 60, whole % 60),
        _ => Duration::Hours(whole / 3600, whole % 3600 / 60),
    }
}

/// Commas between groups of three digits.
fn separated(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A decimal without zeros behind its point, and without the point where nothing is left behind it.
pub fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}
