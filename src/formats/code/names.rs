//! Identifiers for the symbols of a cell, in ASCII: `Gamma_f` for `Γ_f`, `c_tilde` for `c~`, `a_prev` for `a<t-1>`.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::syntax::{Expr, Symbol, Time, to_text};

/// What a generated program calls its values. No two things get the same name, and none gets a word of the language
/// or one that the program uses itself.
#[derive(Clone, Debug)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    given: BTreeMap<String, String>,
}

impl Names {
    /// Names beside these words.
    pub(super) fn beside(words: &[&str]) -> Names {
        let taken = KEYWORDS.iter().chain(words).map(|word| (*word).to_owned()).collect();
        Names { taken, given: BTreeMap::new() }
    }

    /// A value of this step or of the one before; gradients (`dΓ_f`) are values too.
    pub(super) fn value(&mut self, name: &Symbol, time: Time) -> String {
        let plain = ascii(&name.0);
        match time {
            Time::Now => self.give(&format!("{name}<t>"), &plain),
            Time::Previous => self.give(&format!("{name}<t-1>"), &format!("{plain}_prev")),
        }
    }

    /// A parameter.
    pub(super) fn parameter(&mut self, name: &Symbol) -> String {
        self.give(&name.0, &ascii(&name.0))
    }

    /// The gradient that reaches a term without a name.
    pub(super) fn term(&mut self, term: &Expr) -> String {
        self.give(&format!("d({})", to_text(term)), "d_term")
    }

    /// A name for something of the program's own.
    pub(super) fn own(&mut self, wanted: &str) -> String {
        self.give(&format!("own {wanted}"), wanted)
    }

    fn give(&mut self, key: &str, wanted: &str) -> String {
        if let Some(name) = self.given.get(key) {
            return name.clone();
        }
        let mut name = wanted.to_owned();
        let mut number = 2;
        while self.taken.contains(&name) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        self.taken.insert(name.clone());
        self.given.insert(key.to_owned(), name.clone());
        name
    }
}

/// A symbol in ASCII. What has no usual spelling stands by its code point.
pub fn ascii(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        match letter {
            '~' => text += "_tilde",
            'ŷ' => text += "yhat",
            letter if letter.is_ascii_alphanumeric() || letter == '_' => text.push(letter),
            letter => match GREEK.iter().find(|(greek, _)| *greek == letter) {
                Some((_, latin)) => text += latin,
                None => text += &format!("u{:x}", u32::from(letter)),
            },
        }
    }
    // `c~_1` reads as c_tilde_1; a name never begins with a digit or an underscore.
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) { text } else { format!("v{text}") }
}

/// The letters that the cell language's readers use.
pub(super) const GREEK: [(char, &str); 35] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Θ', "Theta"),
    ('Λ', "Lambda"),
    ('Ξ', "Xi"),
    ('Π', "Pi"),
    ('Σ', "Sigma"),
    ('Υ', "Upsilon"),
    ('Φ', "Phi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
];

/// Python's keywords, and the built-in names that the programs call.
const KEYWORDS: [&str; 45] = [
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "range",
    "reversed",
    "print",
    "format",
    "zip",
    "enumerate",
    "len",
    "super",
    "self",
    "dict",
];
