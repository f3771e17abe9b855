//! How symbols that cannot be seen are shown. Data for the view; a trained text always keeps the symbols themselves.

use std::borrow::Cow;

/// Signs for characters that have no ink of their own.
pub const SIGNS: &[(char, &str)] = &[
    (' ', "␣"),
    ('\n', "⏎"),
    ('\t', "⇥"),
    ('\u{7F}', "␡"),
    ('\u{A0}', "⍽"),
    ('\u{3000}', "□"),
    ('\u{2060}', "⁀"),
];

/// The form in which a symbol is shown: `␣` for a space, `⏎` for a line end, `␀`-style pictures for control codes,
/// `U+202E` for what else is invisible, a dotted circle under a combining mark that stands alone; any other symbol
/// as it is.
pub fn visible(symbol: &str) -> Cow<'_, str> {
    let alone = symbol.chars().nth(1).is_none();
    if !symbol.chars().enumerate().any(|(at, c)| needs_sign(c, at == 0, alone)) {
        return Cow::Borrowed(symbol);
    }
    let mut shown = String::new();
    for (at, c) in symbol.chars().enumerate() {
        if !needs_sign(c, at == 0, alone) {
            shown.push(c);
        } else if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == c) {
            shown.push_str(sign);
        } else if c < ' ' {
            shown.extend(char::from_u32(0x2400 + u32::from(c)));
        } else if crate::unicode::is_mark(c) {
            shown.push('◌');
            shown.push(c);
        } else {
            shown.push_str(&format!("U+{:04X}", u32::from(c)));
        }
    }
    Cow::Owned(shown)
}

/// Joiners and variation selectors belong to the cluster they stand in and get a sign only alone.
fn needs_sign(c: char, first: bool, alone: bool) -> bool {
    match c {
        '\u{200C}'
        | '\u{200D}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0020}'..='\u{E007F}'
        | '\u{E0100}'..='\u{E01EF}' => alone,
        '\u{AD}'
        | '\u{61C}'
        | '\u{200B}'
        | '\u{200E}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0001}' => true,
        _ => c.is_control() || c.is_whitespace() || (first && crate::unicode::is_mark(c)),
    }
}
