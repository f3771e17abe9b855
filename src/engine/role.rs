//! What a symbol is for: the one thing that colour means.

use super::syntax::Symbol;

/// What a symbol is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The input `x`.
    Input,
    /// The hidden state `a`.
    Hidden,
    /// The memory cell `c`.
    Memory,
    /// The candidate `c~`.
    Candidate,
    /// The update gate `Γ_u`.
    Update,
    /// The forget gate `Γ_f`.
    Forget,
    /// The reset gate `Γ_r`.
    Reset,
    /// The output gate `Γ_o`.
    OutputGate,
    /// The output `ŷ`, its label `y`, its logits `z_y`.
    Output,
    /// A weight or a bias.
    Weight,
    /// Nothing that the letter tells.
    Neutral,
}

impl Role {
    /// Every role with its name in the facts beside a cell.
    pub const NAMES: [(Role, &'static str); 11] = [
        (Role::Input, "input"),
        (Role::Hidden, "hidden"),
        (Role::Memory, "memory"),
        (Role::Candidate, "candidate"),
        (Role::Update, "update"),
        (Role::Forget, "forget"),
        (Role::Reset, "reset"),
        (Role::OutputGate, "output-gate"),
        (Role::Output, "output"),
        (Role::Weight, "weight"),
        (Role::Neutral, "neutral"),
    ];

    /// Its name in the facts beside a cell, `output-gate`.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(role, _)| *role == self).map_or("neutral", |(_, name)| name)
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Role> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
    }
}

/// The role that a symbol's letter tells: `Γ_f` forget, `a` and `h` hidden, `W_…` weight. A gradient has the role of
/// its value, a named intermediate (`z_f`) that of the value it leads to.
pub fn role(symbol: &Symbol) -> Role {
    if let Some(of) = symbol.of_gradient() {
        return role(&of);
    }
    match (symbol.letter(), symbol.subscript()) {
        ("x", _) => Role::Input,
        ("a" | "h", None) => Role::Hidden,
        ("c", None) => Role::Memory,
        (letter, None) if letter.ends_with('~') => Role::Candidate,
        ("Γ", Some(gate)) => gate_role(gate),
        ("ŷ" | "y" | "l", None) => Role::Output,
        ("z", Some("y")) => Role::Output,
        ("z", Some("c")) => Role::Candidate,
        ("z", Some("a" | "h")) => Role::Hidden,
        ("z", Some(of)) => gate_role(of.trim_start_matches('Γ')),
        ("b", _) => Role::Weight,
        (letter, _) if letter.chars().next().is_some_and(char::is_uppercase) => Role::Weight,
        _ => Role::Neutral,
    }
}

fn gate_role(gate: &str) -> Role {
    match gate {
        "u" | "i" => Role::Update,
        "f" => Role::Forget,
        "r" => Role::Reset,
        "o" => Role::OutputGate,
        _ => Role::Neutral,
    }
}
