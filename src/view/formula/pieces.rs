//! A formula as pieces of text that stand on a line, below it or above it: for pictures, which hold text alone.

use super::node::{Content, Node};
use super::symbol::Accent;

/// Where a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// On the line.
    On,
    /// An index.
    Below,
    /// A step or an exponent.
    Above,
}

/// A piece of a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub level: Level,
    /// Whether it is slanted, as the letter of a value is.
    pub is_slanted: bool,
}

impl Piece {
    /// Upright text.
    pub fn upright(text: impl Into<String>, level: Level) -> Piece {
        Piece { text: text.into(), level, is_slanted: false }
    }
}

/// An element of MathML, from a text or from a page.
pub trait Math: Sized {
    /// Its name, `msub`.
    fn name(&self) -> String;
    /// What it says, if it holds text alone.
    fn words(&self) -> Option<String>;
    /// What is inside.
    fn parts(&self) -> Vec<Self>;
}

impl Math for &Node {
    fn name(&self) -> String {
        self.tag.name().to_owned()
    }

    fn words(&self) -> Option<String> {
        match &self.content {
            Content::Text(words) => Some(words.clone()),
            Content::Children(_) => None,
        }
    }

    fn parts(&self) -> Vec<Self> {
        self.children().iter().collect()
    }
}

/// The pieces of a formula; neighbours that look alike are one. An index of an index stands where the index does.
pub fn pieces<M: Math>(math: M) -> Vec<Piece> {
    let mut pieces = Vec::new();
    collect(&math, Level::On, &mut pieces);
    pieces
}

/// A formula in one line of plain text, for where nothing can be set: `W_ax x⟨t⟩`, `10^−3`.
pub fn written(pieces: &[Piece]) -> String {
    let mut line = String::new();
    let mut before = Level::On;
    for piece in pieces {
        let first = piece.text.chars().next();
        match piece.level {
            Level::Below if before != Level::Below => line.push('_'),
            Level::Above if before != Level::Above && first != Some('⟨') => line.push('^'),
            // What follows an index is no part of it.
            Level::On if before != Level::On && first.is_some_and(char::is_alphanumeric) => line.push(' '),
            _ => {}
        }
        line += &piece.text;
        before = piece.level;
    }
    line
}

fn collect<M: Math>(math: &M, level: Level, pieces: &mut Vec<Piece>) {
    let name = math.name();
    if let Some(words) = math.words() {
        let piece = leaf(&name, &words, level);
        match pieces.last_mut() {
            Some(last) if last.level == level && last.is_slanted == piece.is_slanted => {
                last.text += &piece.text
            }
            _ => pieces.push(piece),
        }
        return;
    }
    let parts = math.parts();
    let inside = |of: Level| if level == Level::On { of } else { level };
    match (name.as_str(), parts.as_slice()) {
        ("annotation" | "annotation-xml", _) => {}
        ("msub" | "munder", [base, below]) => {
            collect(base, level, pieces);
            collect(below, inside(Level::Below), pieces);
        }
        ("msup", [base, above]) => {
            collect(base, level, pieces);
            collect(above, inside(Level::Above), pieces);
        }
        ("msubsup" | "munderover", [base, below, above]) => {
            collect(base, level, pieces);
            collect(below, inside(Level::Below), pieces);
            collect(above, inside(Level::Above), pieces);
        }
        ("mover", [base, accent]) => {
            collect(base, level, pieces);
            let accent = accent.words().as_deref().and_then(combining);
            if let (Some(accent), Some(last)) = (accent, pieces.last_mut()) {
                last.text.push(accent);
            }
        }
        ("mfrac", [above, below]) => {
            for (sign, part) in [("(", Some(above)), (") / (", Some(below)), (")", None)] {
                pieces.push(Piece::upright(sign, level));
                if let Some(part) = part {
                    collect(part, level, pieces);
                }
            }
        }
        ("msqrt", _) => {
            pieces.push(Piece::upright("√(", level));
            parts.iter().for_each(|part| collect(part, level, pieces));
            pieces.push(Piece::upright(")", level));
        }
        _ => parts.iter().for_each(|part| collect(part, level, pieces)),
    }
}

fn leaf(name: &str, words: &str, level: Level) -> Piece {
    let words = words.trim();
    let is_spaced = name == "mo" && level == Level::On && (words == "+=" || "=+−-∗·<>≤≥∈→".contains(words));
    // Invisible times is a gap in a line of text.
    let text =
        if is_spaced && !words.is_empty() { format!(" {words} ") } else { words.replace('\u{2062}', " ") };
    let mut letters = words.chars();
    let is_letter =
        letters.next().is_some_and(|first| first.is_alphabetic() && !('Α'..='Ω').contains(&first));
    let is_slanted = name == "mi" && is_letter && letters.all(is_mark);
    Piece { text, level, is_slanted }
}

/// A mark that is set over the letter before it.
fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The mark for an accent that stands over a letter.
fn combining(accent: &str) -> Option<char> {
    match accent.trim() {
        "~" | "˜" | "∼" => Some(Accent::Tilde.mark()),
        "^" | "ˆ" => Some(Accent::Hat.mark()),
        "¯" | "‾" => Some('\u{304}'),
        _ => None,
    }
}
