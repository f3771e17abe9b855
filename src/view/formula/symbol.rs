//! How one symbol is written: its letter, accent, subscript and time, in any of the notations.

use std::fmt;

use crate::engine::facts::SymbolFacts;
use crate::engine::letters::Elsewhere;
use crate::engine::syntax::{Symbol, Time};
use crate::view::role::{Role, value_of_gradient};

/// Whose letters are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notation {
    /// These notes: `Γ_f⟨t⟩`.
    #[default]
    Notes,
    /// PyTorch's documentation: `f_t`.
    PyTorch,
    /// Keras's: `f_t`.
    Keras,
}

impl Notation {
    /// All of them, in the order of a choice.
    pub const ALL: [Notation; 3] = [Notation::Notes, Notation::PyTorch, Notation::Keras];

    /// The one of this id; the book's, where there is none of it.
    pub fn from_id(id: &str) -> Notation {
        Notation::ALL.into_iter().find(|one| one.id() == id).unwrap_or_default()
    }

    /// Whose formulas these letters are of; none: the book's own.
    pub fn elsewhere(self) -> Option<Elsewhere> {
        match self {
            Notation::Notes => None,
            Notation::PyTorch => Some(Elsewhere::PyTorch),
            Notation::Keras => Some(Elsewhere::Keras),
        }
    }

    /// Its value in a choice, in a link and for the program that writes files.
    pub fn id(self) -> &'static str {
        match self {
            Notation::Notes => "notes",
            Notation::PyTorch => "pytorch",
            Notation::Keras => "keras",
        }
    }
}

/// What a preset knows beside its text: roles, and letters in the other notations. A reader's own cell has none.
pub trait Facts {
    /// The role of a symbol; none: by its letter.
    fn role(&self, symbol: &Symbol) -> Option<Role> {
        let _ = symbol;
        None
    }

    /// Its name in another notation (`f`, `W_{ih}` written `W_ih`); none: its own. What means something else there, as the
    /// gate that is 1 minus theirs, keeps its own: their letter before its numbers would be wrong.
    fn letters(&self, symbol: &Symbol, notation: Notation) -> Option<String> {
        let _ = (symbol, notation);
        None
    }
}

/// Nothing is known: roles by letter, letters as in the text.
pub struct NoFacts;

impl Facts for NoFacts {}

/// The table beside a preset. What it does not list has its role by letter and its own letters.
impl Facts for crate::engine::facts::Facts {
    fn role(&self, symbol: &Symbol) -> Option<Role> {
        let value = value_of_gradient(symbol);
        self.of(value.as_ref().unwrap_or(symbol)).map(|known| known.role.into())
    }

    fn letters(&self, symbol: &Symbol, notation: Notation) -> Option<String> {
        self.letters_elsewhere(symbol, notation.elsewhere()?)
    }
}

/// A symbol's letter in another notation.
pub fn there(known: &SymbolFacts, notation: Notation) -> Option<&str> {
    known.letter(notation.elsewhere()?)
}

/// What links an element of a formula to the diagram and the numbers: a name and, for a value, its time.
/// As text: `Γ_f<t>`, `c<t-1>`, `W_f`. It names no number of a step, so the links hold at every step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId {
    /// The name.
    pub name: Symbol,
    /// None for a parameter.
    pub time: Option<Time>,
}

impl SymbolId {
    /// Reads the text form.
    pub fn read(text: &str) -> SymbolId {
        let (name, time) = if let Some(name) = text.strip_suffix("<t-1>") {
            (name, Some(Time::Previous))
        } else if let Some(name) = text.strip_suffix("<t>") {
            (name, Some(Time::Now))
        } else {
            (text, None)
        };
        SymbolId { name: name.into(), time }
    }
}

impl fmt::Display for SymbolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = match self.time {
            Some(Time::Now) => "<t>",
            Some(Time::Previous) => "<t-1>",
            None => "",
        };
        write!(f, "{}{time}", self.name)
    }
}

/// A mark over a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accent {
    /// `c~`
    Tilde,
    /// `ŷ`
    Hat,
}

impl Accent {
    /// The sign that a formula sets over the letter.
    pub fn sign(self) -> &'static str {
        match self {
            Accent::Tilde => "~",
            Accent::Hat => "^",
        }
    }

    /// The mark that stands over the letter before it in plain text.
    pub fn mark(self) -> char {
        match self {
            Accent::Tilde => '\u{303}',
            Accent::Hat => '\u{302}',
        }
    }
}

/// The parts of a symbol as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// A `d` stands before it.
    pub gradient: bool,
    /// The letter without its accent.
    pub letter: String,
    /// The mark over it.
    pub accent: Option<Accent>,
    /// What stands below.
    pub subscript: Option<String>,
}

impl Spelling {
    /// The parts of a name in a notation.
    pub fn of(symbol: &Symbol, notation: Notation, facts: &dyn Facts) -> Spelling {
        match value_of_gradient(symbol) {
            Some(value) => Spelling { gradient: true, ..Spelling::of_value(&value, notation, facts) },
            None => Spelling::of_value(symbol, notation, facts),
        }
    }

    /// The same of what is no gradient, whatever its first letter: `drive`.
    pub fn of_value(own: &Symbol, notation: Notation, facts: &dyn Facts) -> Spelling {
        let named = match notation {
            Notation::Notes => None,
            _ => facts.letters(own, notation).map(Symbol),
        };
        let shown = named.as_ref().unwrap_or(own);
        let subscript = shown.subscript().map(str::to_owned);
        let letter = shown.letter();
        let (letter, accent) = if let Some(bare) = letter.strip_suffix('~') {
            (bare, Some(Accent::Tilde))
        } else if letter == "ŷ" {
            ("y", Some(Accent::Hat))
        } else {
            (letter, None)
        };
        Spelling { gradient: false, letter: letter.to_owned(), accent, subscript }
    }

    /// Greek capitals stand upright, and so do names of more than one letter.
    pub fn upright(&self) -> bool {
        let mut letters = self.letter.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => ('Α'..='Ω').contains(&letter),
            _ => true,
        }
    }

    /// As plain text: `dΓ_f`, `c̃`.
    pub fn plain(&self) -> String {
        let gradient = if self.gradient { "d" } else { "" };
        let subscript = self.subscript.as_ref().map(|s| format!("_{s}")).unwrap_or_default();
        format!("{gradient}{}{subscript}", self.marked())
    }

    /// The letter with its accent, as plain text.
    pub fn marked(&self) -> String {
        self.letter.chars().chain(self.accent.map(Accent::mark)).collect()
    }
}
