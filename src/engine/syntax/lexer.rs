//! One line of text as tokens with their places.

use unicode_segmentation::UnicodeSegmentation;
use winnow::combinator::{alt, fail, opt};
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location};
use winnow::token::{any, one_of, rest, take_while};

use super::error::SyntaxErrorKind;
use super::{Span, Symbol, Time};
use crate::{json, unicode};

/// A word of the language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name in its canonical spelling.
    Name(Symbol),
    /// A number, not negative.
    Number(f64),
    /// `<t>` or `<t-1>`.
    Time(Time),
    /// One of `+ - * / ^ = ,`.
    Sign(char),
    /// `(` or `[`.
    Open(char),
    /// `)` or `]`.
    Close(char),
}

/// A word with its place in the whole text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// What is wrong at a place, before lines and columns are counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub kind: SyntaxErrorKind,
    pub span: Span,
}

/// The tokens of a line up to its comment, and what stopped the reading, if anything did.
/// `offset` is the place of the line in the whole text.
pub(super) fn tokens(line: &str, offset: usize) -> (Vec<Token>, Option<Fault>) {
    let mut input = LocatingSlice::new(line);
    let mut tokens = Vec::new();
    loop {
        if spaces(&mut input).is_err() || input.is_empty() || fold(first_char(&input)) == '#' {
            return (tokens, None);
        }
        let start = input.current_token_start();
        match token.parse_next(&mut input) {
            Ok(Ok(kind)) => {
                let end = input.previous_token_end();
                tokens.push(Token { kind, span: Span { start: offset + start, end: offset + end } });
            }
            Ok(Err(kind)) => {
                let end = input.previous_token_end();
                let span = Span { start: offset + start, end: offset + end };
                return (tokens, Some(Fault { kind, span }));
            }
            Err(EmptyError) => {
                let character = line.get(start..).and_then(|text| text.graphemes(true).next()).unwrap_or("");
                let span = Span { start: offset + start, end: offset + start + character.len() };
                let kind = SyntaxErrorKind::UnexpectedCharacter { character: character.to_owned() };
                return (tokens, Some(Fault { kind, span }));
            }
        }
    }
}

type Input<'a> = LocatingSlice<&'a str>;
/// A token, or what is wrong with it although its extent is known.
type Read = Result<TokenKind, SyntaxErrorKind>;

fn token(input: &mut Input<'_>) -> Result<Read, EmptyError> {
    match fold(first_char(input)) {
        '<' => time.parse_next(input),
        '0'..='9' => number.parse_next(input),
        first if is_name_start(first) => name.parse_next(input),
        _ => sign.map(Ok).parse_next(input),
    }
}

fn name(input: &mut Input<'_>) -> Result<Read, EmptyError> {
    let text = take_while(1.., |c| is_name_start(c) || is_name_rest(fold(c))).parse_next(input)?;
    let name = canonical(text);
    if name.ends_with('_') || name.starts_with('_') {
        return Ok(Err(SyntaxErrorKind::UnexpectedCharacter { character: text.to_owned() }));
    }
    Ok(Ok(TokenKind::Name(Symbol(name))))
}

fn number(input: &mut Input<'_>) -> Result<Read, EmptyError> {
    let digits = || take_while(1.., '0'..='9');
    let exponent = (one_of(['e', 'E']), opt(one_of(['+', '-'])), digits());
    let text = (digits(), opt(('.', digits())), opt(exponent)).take().parse_next(input)?;
    Ok(match json::number(text) {
        Some(number) if number.is_finite() => Ok(TokenKind::Number(number)),
        _ => Err(SyntaxErrorKind::BadNumber { found: text.to_owned() }),
    })
}

fn time(input: &mut Input<'_>) -> Result<Read, EmptyError> {
    let previous = (spaces, one_of(|c| fold(c) == '-'), spaces, '1');
    let known = (folded('<'), spaces, 't', opt(previous), spaces, folded('>'));
    let known =
        known.map(|parts| Ok(TokenKind::Time(if parts.3.is_some() { Time::Previous } else { Time::Now })));
    let unknown = (folded('<'), take_while(0..12, |c| fold(c) != '>'), opt(folded('>')))
        .take()
        .map(|found: &str| Err(SyntaxErrorKind::BadTime { found: found.trim_end().to_owned() }));
    alt((known, unknown)).parse_next(input)
}

fn sign(input: &mut Input<'_>) -> Result<TokenKind, EmptyError> {
    match fold(any.parse_next(input)?) {
        c @ ('+' | '-' | '*' | '/' | '^' | '=' | ',') => Ok(TokenKind::Sign(c)),
        c @ ('(' | '[') => Ok(TokenKind::Open(c)),
        c @ (')' | ']') => Ok(TokenKind::Close(c)),
        _ => fail.parse_next(input),
    }
}

fn folded<'a>(wanted: char) -> impl Parser<Input<'a>, char, EmptyError> {
    one_of(move |c| fold(c) == wanted)
}

fn spaces(input: &mut Input<'_>) -> Result<(), EmptyError> {
    take_while(0.., |c: char| c.is_whitespace() || c == '\u{FEFF}').void().parse_next(input)
}

fn first_char(input: &Input<'_>) -> char {
    let mut ahead = *input;
    let text: &str = rest::<_, EmptyError>.parse_next(&mut ahead).unwrap_or("");
    text.chars().next().unwrap_or('\0')
}

/// Other spellings of a sign: the forms that a page or a Chinese keyboard gives.
fn fold(c: char) -> char {
    match c {
        '×' | '∗' | '·' | '⊙' | '⋅' => '*',
        '−' => '-',
        '⟨' | '〈' => '<',
        '⟩' | '〉' => '>',
        '【' => '[',
        '】' => ']',
        '\u{FF01}'..='\u{FF5E}' => {
            let ascii = char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c);
            if ascii.is_ascii_punctuation() { ascii } else { c }
        }
        other => other,
    }
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() && c != 'ᵀ'
}

fn is_name_rest(c: char) -> bool {
    c.is_ascii_digit() || c == '_' || c == '~' || unicode::is_mark(c)
}

/// The one spelling of a name: `σ`, `Γ_u`, `ŷ`, `c~` for `sigma`, `G_u` and `Gamma_u`, `yhat`, `c̃`.
fn canonical(text: &str) -> String {
    let folded: String = text.chars().map(fold).collect();
    let name = unicode::nfc(&unicode::nfd(&folded).replace('\u{303}', "~"));
    match name.split_once('_') {
        Some(("G" | "Gamma", subscript)) => format!("Γ_{subscript}"),
        None if name == "sigma" => "σ".to_owned(),
        None if name == "yhat" => "ŷ".to_owned(),
        _ => name,
    }
}
