//! Numbers as a reader types them, the same in every field of the page.

/// A number: a comma is a decimal comma; full-width digits and every usual sign for minus are understood, an exponent too.
/// None for what is no finite number.
pub fn decimal(text: &str) -> Option<f64> {
    of_any_size(text).filter(|value| value.is_finite())
}

/// The same; infinite where it is too large for double precision.
pub fn of_any_size(text: &str) -> Option<f64> {
    let plain = plain(text.trim()).replace(',', ".");
    // Rust also reads words: `inf`, `nan`.
    let is_number = plain.chars().all(|sign| sign.is_ascii_digit() || "+-.eE".contains(sign));
    plain.parse().ok().filter(|_| is_number)
}

/// A result as people write it down: a number, a fraction of two, or one with a power of ten (`7.84×10⁻⁴`), also behind a
/// sign for “about”.
pub fn worked_out(text: &str) -> Option<f64> {
    let text = plain(text.trim().trim_start_matches(['≈', '=', '~', '约']).trim());
    let mut flat = String::new();
    for sign in text.chars() {
        let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == sign);
        let lowered = digit.and_then(|digit| char::from_digit(u32::try_from(digit).ok()?, 10));
        let lowered = lowered.or((sign == '⁻').then_some('-'));
        if lowered.is_some() && !flat.contains('^') {
            flat.push('^');
        }
        flat.push(lowered.unwrap_or(sign));
    }
    // `1 1/2` is neither 11/2 nor a fraction of two numbers.
    let words: Vec<&str> = flat.split(' ').filter(|word| !word.is_empty()).collect();
    let is_digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
    if words.windows(2).any(|pair| is_digit(pair[0].chars().last()) && is_digit(pair[1].chars().next())) {
        return None;
    }
    let flat = words.concat();
    let flat = ["×10^", "*10^", "·10^", "x10^"].iter().fold(flat, |text, power| text.replace(power, "e"));
    match flat.split_once('/') {
        Some((above, below)) => Some(decimal(above)? / decimal(below).filter(|below| *below != 0.0)?),
        None => decimal(&flat),
    }
}

/// A whole number from 0 on, also with commas or spaces between its thousands. None for what is none, or above 2^53.
pub fn whole(text: &str) -> Option<u64> {
    let plain = plain(text.trim());
    let mut groups = plain.split([',', ' ', '\u{a0}', '\u{2009}', '\u{202f}']);
    let first = groups.next()?;
    let mut rest = groups.peekable();
    let value = if rest.peek().is_some() {
        let is_first = (1..=3).contains(&first.len());
        let all: Vec<&str> = rest.collect();
        if !is_first || all.iter().any(|group| group.len() != 3 || !is_digits(group)) {
            return None;
        }
        decimal(&format!("{first}{}", all.concat()))
    } else {
        decimal(first)
    };
    let value = value.filter(|value| (0.0..=LARGEST_WHOLE).contains(value) && value.fract() == 0.0)?;
    Some(value as u64)
}

/// Up to here every whole number is one of double precision.
const LARGEST_WHOLE: f64 = (1_u64 << 53) as f64;

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn plain(text: &str) -> String {
    let one = |sign: char| match sign {
        '０'..='９' => char::from_u32(sign as u32 - '０' as u32 + '0' as u32).unwrap_or(sign),
        '．' | '。' => '.',
        '，' => ',',
        '／' => '/',
        '\u{2212}' | '–' | '—' | '－' => '-',
        other => other,
    };
    text.chars().map(one).collect()
}
