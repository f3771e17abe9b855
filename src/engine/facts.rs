//! What no equation says about a cell: roles, letters in other notations, order of gates in other people's files.
//!
//! The facts stand in `cells/*.toml`, in the small part of TOML that this file reads: comments, `[[symbol]]`, and
//! `key = "text" | number | true | false`. A test holds the files to full TOML, so the page needs no TOML library.

use thiserror::Error;

use super::role::{Role, role};
use super::syntax::Symbol;
use crate::json;

/// The facts beside a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// One entry a symbol, in the order of the file.
    pub symbols: Vec<SymbolFacts>,
    /// PyTorch multiplies by the reset gate after the recurrent product, the cell's text before it: its weights
    /// belong to another cell.
    pub reset_after_product_pytorch: bool,
    /// The layer of PyTorch (`LSTM` of `torch.nn`) that computes the very same; none: it has none.
    pub pytorch_layer: Option<String>,
    /// The layer of Keras likewise.
    pub keras_layer: Option<String>,
    /// Whether that layer of Keras has to be told `reset_after = True`.
    pub keras_reset_after: bool,
    /// These are another cell's facts, as far as they hold for a reader's own that is kin to it: see [`super::kin`].
    pub is_kin: bool,
}

/// What is known of one symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct SymbolFacts {
    /// Its name in the text.
    pub name: Symbol,
    /// What it is for.
    pub role: Role,
    /// Its letter in PyTorch's formulas, without time.
    pub pytorch: Option<String>,
    /// Its letter in Keras's, without time.
    pub keras: Option<String>,
    /// Its block of rows in PyTorch's fused matrices, from 0.
    pub pytorch_gate: Option<usize>,
    /// Its block in Keras's, from 0.
    pub keras_gate: Option<usize>,
    /// True where their gate is 1 minus ours: on import and export its weights and its bias change sign.
    pub is_flipped: bool,
    /// True for the bias that stands beside the recurrent product where a gate has two of them.
    pub is_recurrent: bool,
    /// What every entry starts with, where that is not the usual initialisation.
    pub start: Option<f64>,
}

/// A line of the facts that cannot be read, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("line {line} of the facts cannot be read")]
pub struct FactsError {
    /// Counted from 1.
    pub line: usize,
}

impl Facts {
    /// Reads the facts.
    ///
    /// # Errors
    /// The first line that is not of the form above, or has an unknown key.
    pub fn read(text: &str) -> Result<Facts, FactsError> {
        let mut facts = Facts::default();
        for (place, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line == "[[symbol]]" {
                facts.symbols.push(SymbolFacts::empty());
                continue;
            }
            facts.entry(line).ok_or(FactsError { line: place + 1 })?;
        }
        Ok(facts)
    }

    /// What is known of a symbol.
    pub fn of(&self, name: &Symbol) -> Option<&SymbolFacts> {
        self.symbols.iter().find(|facts| facts.name == *name)
    }

    /// Its role: the one written down, else the one its letter tells.
    pub fn role(&self, name: &Symbol) -> Role {
        self.of(name).map_or_else(|| role(name), |facts| facts.role)
    }

    fn entry(&mut self, line: &str) -> Option<()> {
        let (key, value) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()))?;
        let text = || value.strip_prefix('"')?.strip_suffix('"').filter(|text| !text.contains(['"', '\\']));
        let Some(symbol) = self.symbols.last_mut() else {
            match (key, value) {
                ("reset_after_product_pytorch", "true") => self.reset_after_product_pytorch = true,
                ("reset_after_product_pytorch", "false") => self.reset_after_product_pytorch = false,
                ("keras_reset_after", "true") => self.keras_reset_after = true,
                ("pytorch_layer", _) => self.pytorch_layer = Some(text()?.to_owned()),
                ("keras_layer", _) => self.keras_layer = Some(text()?.to_owned()),
                _ => return None,
            }
            return Some(());
        };
        match key {
            "name" => symbol.name = Symbol::from(text()?),
            "role" => symbol.role = Role::from_name(text()?)?,
            "pytorch" => symbol.pytorch = Some(text()?.to_owned()),
            "keras" => symbol.keras = Some(text()?.to_owned()),
            "pytorch_gate" => symbol.pytorch_gate = Some(value.parse().ok()?),
            "keras_gate" => symbol.keras_gate = Some(value.parse().ok()?),
            "recurrent" => symbol.is_recurrent = value == "true",
            "sign" => symbol.is_flipped = value.parse::<i8>().ok()? < 0,
            "start" => symbol.start = Some(json::number(value)?),
            _ => return None,
        }
        Some(())
    }
}

impl SymbolFacts {
    fn empty() -> SymbolFacts {
        SymbolFacts {
            name: Symbol::from(""),
            role: Role::Neutral,
            pytorch: None,
            keras: None,
            pytorch_gate: None,
            keras_gate: None,
            is_flipped: false,
            is_recurrent: false,
            start: None,
        }
    }
}
