//! A text line by line: its parts with their colours, where it is wrong, and what stands under each line.

use unicode_segmentation::UnicodeSegmentation;

use crate::engine::syntax::{DIRECTIVES, Dim, Function, Parameter, Shape, Symbol, SyntaxError, names_in};
use crate::view::role::Role;

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Signs, numbers, functions, spaces.
    Plain,
    /// `state`, `output`, `activation`.
    Directive,
    /// A name, in the colour of what it is for.
    Name(Role),
    /// From `#` on.
    Comment,
}

/// A part of a line. Put together, the parts are the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// What it is.
    pub look: Look,
    /// Whether an error stands here.
    pub is_wrong: bool,
}

/// What stands under a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gloss {
    /// Nothing: an empty line, a comment, a line that says how others are read.
    Nothing,
    /// Names with their shapes: `W_f`, `n_a × (n_a + n_x)`. The line's own value comes first.
    Shapes(Vec<(String, String)>),
    /// What is wrong: places in the list of errors.
    Wrong(Vec<usize>),
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its parts; an error where something is missing at the end has a space of its own.
    pub pieces: Vec<Piece>,
    /// What stands under it.
    pub gloss: Gloss,
}

/// The lines of a text with what is wrong with it and the shapes of its parameters. There is one line more than line ends.
pub fn read(text: &str, errors: &[SyntaxError], shapes: &[Parameter]) -> Vec<Line> {
    let lines: Vec<&str> = text.split('\n').collect();
    let last = lines.len();
    let line = |(place, line): (usize, &&str)| {
        // An error behind the last line end is shown in the last line that there is.
        let here: Vec<usize> = (0..errors.len())
            .filter(|error| errors.get(*error).is_some_and(|error| error.line.clamp(1, last) == place + 1))
            .collect();
        let wrong: Vec<&SyntaxError> = here.iter().filter_map(|error| errors.get(*error)).collect();
        let gloss = if here.is_empty() { gloss(line, shapes) } else { Gloss::Wrong(here) };
        Line { pieces: pieces(line, &wrong, shapes), gloss }
    };
    lines.iter().enumerate().map(line).collect()
}

fn gloss(line: &str, shapes: &[Parameter]) -> Gloss {
    let names = names_in(line);
    let Some((_, first)) = names.first() else { return Gloss::Nothing };
    let column = |rows: Dim| Shape { rows, columns: Dim::ONE }.to_string();
    if is_directive(first) {
        let states = names.iter().skip(1).map(|(_, name)| (name.0.clone(), column(Dim::HIDDEN)));
        return if first.0 == "state" { Gloss::Shapes(states.collect()) } else { Gloss::Nothing };
    }
    let mut found = vec![(first.0.clone(), column(Dim::HIDDEN))];
    for (_, name) in names.iter().skip(1) {
        let Some(known) = shapes.iter().find(|known| known.name == *name) else { continue };
        // A matrix of which no product is written yet has no columns to speak of.
        if found.iter().all(|(name, _)| *name != known.name.0) && known.columns != Dim::default() {
            let shape = Shape { rows: known.rows, columns: known.columns };
            found.push((known.name.0.clone(), shape.to_string()));
        }
    }
    Gloss::Shapes(found)
}

fn pieces(line: &str, errors: &[&SyntaxError], shapes: &[Parameter]) -> Vec<Piece> {
    let comment = line.find(['#', '＃']).unwrap_or(line.len());
    let names = names_in(line);
    let starts_with_directive = names.first().is_some_and(|(_, name)| is_directive(name));
    let look = |at: usize| -> Look {
        if at >= comment {
            return Look::Comment;
        }
        let found = names.iter().enumerate().find(|(_, (span, _))| (span.start..span.end).contains(&at));
        match found {
            Some((0, _)) if starts_with_directive => Look::Directive,
            Some((_, (_, name))) if Function::from_name(&name.0).is_some() => Look::Plain,
            Some((_, (_, name))) if shapes.iter().any(|known| known.name == *name) => {
                Look::Name(Role::Weight)
            }
            Some((_, (_, name))) => Look::Name(Role::of(name)),
            None => Look::Plain,
        }
    };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut column = 0;
    for (at, grapheme) in line.grapheme_indices(true) {
        column += 1;
        let is_wrong =
            errors.iter().any(|error| (error.column..error.column + error.length.max(1)).contains(&column));
        let look = look(at);
        match pieces.last_mut() {
            Some(piece) if piece.look == look && piece.is_wrong == is_wrong => piece.text.push_str(grapheme),
            _ => pieces.push(Piece { text: grapheme.to_owned(), look, is_wrong }),
        }
    }
    // Where something is missing behind the last character there is nothing to underline but a space.
    if errors.iter().any(|error| error.column > column) {
        pieces.push(Piece { text: "\u{a0}".to_owned(), look: Look::Plain, is_wrong: true });
    }
    pieces
}

fn is_directive(name: &Symbol) -> bool {
    DIRECTIVES.contains(&name.0.as_str())
}
