//! What a symbol is called in PyTorch's and in Keras's formulas.

use super::facts::{Facts, SymbolFacts};
use super::role::Role;
use super::syntax::Symbol;

/// Whose formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// PyTorch's documentation.
    PyTorch,
    /// Keras's.
    Keras,
}

impl SymbolFacts {
    /// The symbol's letter there, as the facts list it.
    pub fn letter(&self, there: Elsewhere) -> Option<&str> {
        match there {
            Elsewhere::PyTorch => self.pytorch.as_deref(),
            Elsewhere::Keras => self.keras.as_deref(),
        }
    }
}

impl Facts {
    /// A symbol's name there; none: its own. What means something else there, as the gate that is 1 minus theirs, keeps its
    /// own: their letter before its numbers would be wrong.
    pub fn letters_elsewhere(&self, symbol: &Symbol, there: Elsewhere) -> Option<String> {
        if let Some(known) = self.of(symbol) {
            return known.letter(there).filter(|_| !known.is_flipped).map(str::to_owned);
        }
        // What the table does not list follows what its index names: `z_u`, which goes into `Γ_u`, becomes `z_i` where
        // that is `i`, and `W_ya` becomes `W_yh` where `a` is `h`.
        let index = symbol.subscript()?;
        let named = self.symbols.iter().find(|known| {
            known.role != Role::Weight
                && known.name.subscript().unwrap_or(known.name.letter().trim_end_matches('~')) == index
        });
        let index = match named {
            Some(known) if known.is_flipped => return None,
            Some(known) => {
                let name = Symbol::from(known.letter(there)?);
                name.subscript().unwrap_or(name.letter().trim_end_matches('~')).to_owned()
            }
            None => index
                .chars()
                .map(|letter| {
                    let known = self.of(&Symbol(letter.to_string())).and_then(|known| known.letter(there));
                    known.map_or_else(|| letter.to_string(), str::to_owned)
                })
                .collect(),
        };
        Some(format!("{}_{index}", symbol.letter()))
    }
}
