//! The colours: the table of roles, the map for signed values, and what can be read on what.

use super::role::Role;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

/// A colour of the screen, red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A named colour in both themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The name of its CSS variable without the dashes.
    pub name: &'static str,
    /// In the light theme.
    pub light: Rgb,
    /// In the dark theme.
    pub dark: Rgb,
}

/// The colour table. `style/tokens.css` holds the same values; a test compares them. A role's colour is text in formulas
/// too, also on the ground of the current equation (`faint`): each has a contrast of 4.5 there.
pub const TOKENS: [Token; 21] = [
    token("paper", 0xfbfaf7, 0x14171b),
    token("sheet", 0xffffff, 0x1b1f24),
    token("ink", 0x1d2126, 0xe8e6e1),
    token("soft", 0x5b636d, 0x9aa3ad),
    token("line", 0xe3e0d8, 0x2d333a),
    token("faint", 0xf3f1ea, 0x20252b),
    token("focus", 0x1f5fbf, 0x7db1ff),
    token("x", 0x0072b2, 0x56b4e9),
    token("a", 0x00795a, 0x3cc99f),
    token("c", 0x946000, 0xe6a93a),
    token("cand", 0x826636, 0xd8be8a),
    token("u", 0xa8487f, 0xe08fc0),
    token("f", 0xb84a00, 0xff8a4c),
    token("o", 0x4b5fb5, 0x9db0ff),
    token("y", 0x6b4ba1, 0xbfa3f0),
    token("w", 0x3a4048, 0xc9ced4),
    token("neg", 0x6a4c9c, 0xa58be0),
    token("pos", 0xd06c0a, 0xf0984a),
    token("zero", 0xf6f4ee, 0x23282e),
    token("good", 0x1a7a48, 0x59c98c),
    token("bad", 0xb3261e, 0xff8a80),
];

/// Levels on each side of zero in the map for signed values.
pub const LEVELS: i8 = 10;

const fn token(name: &'static str, light: u32, dark: u32) -> Token {
    Token { name, light: Rgb::from_hex(light), dark: Rgb::from_hex(dark) }
}

impl Rgb {
    /// From `0xrrggbb`.
    pub const fn from_hex(hex: u32) -> Rgb {
        Rgb((hex >> 16 & 0xff) as u8, (hex >> 8 & 0xff) as u8, (hex & 0xff) as u8)
    }

    /// `#rrggbb`.
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Relative luminance of WCAG 2.2, 0 to 1.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast of WCAG 2.2 between two colours, 1 to 21.
    pub fn contrast(self, other: Rgb) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The colour `share` (0 to 1) of the way to another.
    pub fn towards(self, other: Rgb, share: f64) -> Rgb {
        let mix = |from: u8, to: u8| {
            (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round().clamp(0.0, 255.0) as u8
        };
        Rgb(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// A token's colour; ink if there is no token of this name.
pub fn colour(name: &str, theme: Theme) -> Rgb {
    let found = TOKENS.iter().find(|token| token.name == name).unwrap_or(&TOKENS[2]);
    match theme {
        Theme::Light => found.light,
        Theme::Dark => found.dark,
    }
}

/// The colour of a role.
pub fn role_colour(role: Role, theme: Theme) -> Rgb {
    match role {
        Role::Neutral => colour("ink", theme),
        Role::Intermediate => colour("soft", theme),
        _ => colour(role.class(), theme),
    }
}

/// Where a signed value stands in the map: −10 (purple) to 10 (orange), 0 the paper's colour.
/// `full` is the magnitude at which the colour is full. Not-a-number has no level; infinities are at the ends.
pub fn level(value: f64, full: f64) -> Option<i8> {
    if value.is_nan() {
        return None;
    }
    let full = if full.is_finite() && full > 0.0 { full } else { 1.0 };
    // The power opens up small values, which are the many.
    let share = libm::pow((value.abs() / full).min(1.0), 0.8);
    let steps = (share * f64::from(LEVELS)).round() as i8;
    Some(if value < 0.0 { -steps } else { steps })
}

/// The class of a cell with a value: `h-n10` … `h-0` … `h-p10`, `h-nan` for what is no number.
/// [`heat_css`] has the rules, so that a change of theme repaints nothing.
pub fn heat_class(value: f64, full: f64) -> String {
    level(value, full).map_or_else(|| "h-nan".to_owned(), level_class)
}

/// The magnitude at which the colour of some values is full: their largest, rounded up to 1, 2 or 5 × a power of ten.
pub fn full_scale(values: impl IntoIterator<Item = f64>) -> f64 {
    let largest = values.into_iter().filter(|value| value.is_finite()).fold(0.0, |m: f64, v| m.max(v.abs()));
    if largest <= 1e-300 {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(largest)));
    [1.0, 2.0, 5.0, 10.0].iter().map(|k| k * power).find(|full| *full >= largest).unwrap_or(largest)
}

/// The colour of a level.
pub fn level_colour(level: i8, theme: Theme) -> Rgb {
    let end = if level < 0 { colour("neg", theme) } else { colour("pos", theme) };
    let share = f64::from(level.unsigned_abs().min(LEVELS as u8)) / f64::from(LEVELS);
    colour("zero", theme).towards(end, share)
}

/// The colour of a signed value, for pictures that are drawn pixel by pixel.
pub fn heat(value: f64, full: f64, theme: Theme) -> Rgb {
    level(value, full).map_or_else(|| colour("bad", theme), |level| level_colour(level, theme))
}

/// A text colour with contrast of at least 4.5 on a background: ink or paper; black or white where neither is enough.
pub fn text_on(background: Rgb, theme: Theme) -> Rgb {
    let better = |one: Rgb, two: Rgb| {
        if background.contrast(one) >= background.contrast(two) { one } else { two }
    };
    let own = better(colour("ink", theme), colour("paper", theme));
    if background.contrast(own) >= 4.5 { own } else { better(Rgb(0, 0, 0), Rgb(255, 255, 255)) }
}

/// The style sheet of the map for signed values, both themes: `style/heat.css` holds this text; a test compares them.
/// `fill` serves SVG, `background-color` and `color` serve tables; text inside an SVG cell has the class with `-t`.
pub fn heat_css() -> String {
    let mut css =
        "/* Made by view::colour::heat_css: signed values, purple to orange, zero the paper's colour. */\n"
            .to_owned();
    for (theme, scope) in [(Theme::Light, ""), (Theme::Dark, "[data-theme=dark] ")] {
        for level in -LEVELS..=LEVELS {
            rule(&mut css, scope, &level_class(level), level_colour(level, theme), theme);
        }
        rule(&mut css, scope, "h-nan", colour("bad", theme), theme);
    }
    css
}

fn rule(css: &mut String, scope: &str, class: &str, background: Rgb, theme: Theme) {
    let (paint, text) = (background.css(), text_on(background, theme).css());
    css.push_str(&format!(
        "{scope}.{class}{{fill:{paint};background-color:{paint};color:{text}}}{scope}.{class}-t{{fill:{text};color:{text}}}\n"
    ));
}

fn level_class(level: i8) -> String {
    match level {
        0 => "h-0".to_owned(),
        1.. => format!("h-p{level}"),
        _ => format!("h-n{}", level.unsigned_abs()),
    }
}
