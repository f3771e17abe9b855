//! What a symbol is for, as one colour says it in formulas, diagrams, matrices and code.

use crate::engine::syntax::Symbol;

/// The part a symbol plays. Each has one colour everywhere; letters and patterns say the same without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// `x`
    Input,
    /// `a`
    Hidden,
    /// `c`
    Memory,
    /// `c~`
    Candidate,
    /// `Γ_u`
    Update,
    /// `Γ_f`, `Γ_r`
    Forget,
    /// `Γ_o`
    OutputGate,
    /// `ŷ`, `y`, `l`
    Prediction,
    /// `W_…`, `b_…`
    Weight,
    /// `z_…`: the argument of a function.
    Intermediate,
    /// A name of the reader's own without a role.
    Neutral,
}

impl Role {
    /// Every role, in the order of the colour table.
    pub const ALL: [Role; 11] = [
        Role::Input,
        Role::Hidden,
        Role::Memory,
        Role::Candidate,
        Role::Update,
        Role::Forget,
        Role::OutputGate,
        Role::Prediction,
        Role::Weight,
        Role::Intermediate,
        Role::Neutral,
    ];

    /// The CSS class, and without the dashes the name of its colour token: `--x`, `--cand`, ….
    pub fn class(self) -> &'static str {
        match self {
            Role::Input => "x",
            Role::Hidden => "a",
            Role::Memory => "c",
            Role::Candidate => "cand",
            Role::Update => "u",
            Role::Forget => "f",
            Role::OutputGate => "o",
            Role::Prediction => "y",
            Role::Weight => "w",
            Role::Intermediate => "z",
            Role::Neutral => "v",
        }
    }

    /// The role by the letter alone. A gradient has the role of its value: `dΓ_f` that of `Γ_f`.
    pub fn of(symbol: &Symbol) -> Role {
        let value = value_of_gradient(symbol);
        let symbol = value.as_ref().unwrap_or(symbol);
        match (symbol.letter(), symbol.subscript()) {
            ("x", _) => Role::Input,
            ("a" | "h", _) => Role::Hidden,
            ("c", _) => Role::Memory,
            ("Γ", Some("u" | "i" | "z")) => Role::Update,
            ("Γ", Some("f" | "r")) => Role::Forget,
            ("Γ", Some("o")) => Role::OutputGate,
            ("ŷ" | "y" | "l" | "L", _) => Role::Prediction,
            ("z", Some("y")) => Role::Prediction,
            ("z", Some(_)) => Role::Intermediate,
            ("b" | "g", Some(_)) => Role::Weight,
            (letter, _) if letter.ends_with('~') => Role::Candidate,
            ("Γ", _) => Role::Neutral,
            (letter, _) if letter.starts_with(char::is_uppercase) => Role::Weight,
            _ => Role::Neutral,
        }
    }
}

/// `Γ_f` for `dΓ_f`; none if the name is not that of a gradient. (`d` + a name is reserved in the cell language.)
pub fn value_of_gradient(symbol: &Symbol) -> Option<Symbol> {
    let rest = symbol.0.strip_prefix('d')?;
    (!rest.is_empty() && !rest.starts_with('_') && !rest.starts_with('~')).then(|| Symbol(rest.to_owned()))
}

impl From<crate::engine::role::Role> for Role {
    /// The reset gate shares the forget gate's colour: both say what of the past is let through.
    fn from(role: crate::engine::role::Role) -> Role {
        use crate::engine::role::Role as Known;
        match role {
            Known::Input => Role::Input,
            Known::Hidden => Role::Hidden,
            Known::Memory => Role::Memory,
            Known::Candidate => Role::Candidate,
            Known::Update => Role::Update,
            Known::Forget | Known::Reset => Role::Forget,
            Known::OutputGate => Role::OutputGate,
            Known::Output => Role::Prediction,
            Known::Weight => Role::Weight,
            Known::Neutral => Role::Neutral,
        }
    }
}
