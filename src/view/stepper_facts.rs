//! What can be said of the numbers of one line, from thresholds on them and nothing else. The page has the words.

use ndarray::{Array2, ArrayView1};

use crate::engine::syntax::{Expr, Function, Symbol};
use crate::view::role::Role;

/// Beyond this magnitude a value of `tanh` or a gate counts as saturated.
pub const SATURATED: f64 = 0.95;

/// What a gate does with what it meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateDeed {
    /// Keeps the old memory.
    Keeps,
    /// Writes the candidate.
    Writes,
    /// Lets the old state into the candidate.
    Reads,
    /// Shows the memory.
    Shows,
    /// Something of the reader's own.
    Passes,
}

/// A unit (from 0) with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At {
    /// The unit, from 0.
    pub unit: usize,
    /// Its value.
    pub value: f64,
}

/// A sentence about one line, without its words.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A gate: what it does most and least.
    Gate {
        /// What it does.
        deed: GateDeed,
        /// The most open unit.
        most: At,
        /// The least open unit.
        least: At,
    },
    /// A column with signs: its largest entry by magnitude, and how many are saturated.
    Column {
        /// Whose.
        symbol: Symbol,
        /// The entry farthest from 0.
        peak: At,
        /// Entries beyond [`SATURATED`].
        saturated: usize,
        /// All entries.
        size: usize,
    },
    /// Everything is zero, as at the first step.
    Zero {
        /// Whose.
        symbol: Symbol,
    },
    /// A distribution: the likeliest symbol, and the label's share.
    Prediction {
        /// The likeliest entry.
        best: At,
        /// The label.
        label: At,
        /// The label's rank, 1 the likeliest.
        rank: usize,
    },
    /// A loss against blind guessing.
    Loss {
        /// In nats.
        nats: f64,
        /// ln V.
        blind: f64,
    },
    /// A gradient of a column: its norm, its largest entry, and its norm against that of the step after.
    Gradient {
        /// Whose.
        symbol: Symbol,
        /// Euclidean norm.
        norm: f64,
        /// The entry farthest from 0.
        peak: At,
        /// Norm here over norm at the step after; none at the last step.
        ratio: Option<f64>,
    },
    /// What one step adds to a weight's gradient.
    WeightGradient {
        /// Whose.
        symbol: Symbol,
        /// Norm of what this step adds.
        added: f64,
        /// Norm of the sum so far.
        total: f64,
    },
    /// A number is not finite.
    NotFinite {
        /// Whose.
        symbol: Symbol,
    },
}

/// A forward line's column: a gate where it is a σ, else a column with signs.
pub fn of_column(symbol: &Symbol, expr: &Expr, values: ArrayView1<f64>) -> Option<Fact> {
    let symbol = symbol.clone();
    if values.iter().any(|value| !value.is_finite()) {
        return Some(Fact::NotFinite { symbol });
    }
    let peak = peak(values)?;
    if peak.value == 0.0 {
        return Some(Fact::Zero { symbol });
    }
    if matches!(expr, Expr::Call(Function::Sigmoid, _)) {
        let deed = deed(&symbol);
        return Some(Fact::Gate { deed, most: extreme(values, false)?, least: extreme(values, true)? });
    }
    let saturated = values.iter().filter(|value| value.abs() > SATURATED).count();
    Some(Fact::Column { symbol, peak, saturated, size: values.len() })
}

/// A distribution against its label.
pub fn of_prediction(symbol: &Symbol, distribution: ArrayView1<f64>, label: usize) -> Option<Fact> {
    if distribution.iter().any(|value| !value.is_finite()) {
        return Some(Fact::NotFinite { symbol: symbol.clone() });
    }
    let best = extreme(distribution, false)?;
    let share = *distribution.get(label)?;
    let rank = 1 + distribution.iter().filter(|value| **value > share).count();
    Some(Fact::Prediction { best, label: At { unit: label, value: share }, rank })
}

/// A loss in nats among `symbols` possible ones.
pub fn of_loss(symbol: &Symbol, nats: f64, symbols: usize) -> Fact {
    if nats.is_finite() {
        Fact::Loss { nats, blind: libm::log(symbols.max(1) as f64) }
    } else {
        Fact::NotFinite { symbol: symbol.clone() }
    }
}

/// A gradient of a column, and the same gradient at the step after.
pub fn of_gradient(symbol: &Symbol, values: ArrayView1<f64>, after: Option<ArrayView1<f64>>) -> Option<Fact> {
    let symbol = symbol.clone();
    if values.iter().any(|value| !value.is_finite()) {
        return Some(Fact::NotFinite { symbol });
    }
    let peak = peak(values)?;
    if peak.value == 0.0 {
        return Some(Fact::Zero { symbol });
    }
    let norm = norm(values.iter());
    let ratio =
        after.map(|after| self::norm(after.iter())).filter(|after| *after > 0.0).map(|after| norm / after);
    Some(Fact::Gradient { symbol, norm, peak, ratio })
}

/// What one step adds to a weight's gradient, and the sum with it.
pub fn of_weight_gradient(symbol: &Symbol, added: &Array2<f64>, total: &Array2<f64>) -> Fact {
    let symbol = symbol.clone();
    if total.iter().any(|value| !value.is_finite()) {
        return Fact::NotFinite { symbol };
    }
    Fact::WeightGradient { symbol, added: norm(added.iter()), total: norm(total.iter()) }
}

fn deed(symbol: &Symbol) -> GateDeed {
    match (Role::of(symbol), symbol.subscript()) {
        (Role::Forget, Some("r")) => GateDeed::Reads,
        (Role::Forget, _) => GateDeed::Keeps,
        (Role::Update, _) => GateDeed::Writes,
        (Role::OutputGate, _) => GateDeed::Shows,
        _ => GateDeed::Passes,
    }
}

fn norm<'v>(values: impl Iterator<Item = &'v f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

fn peak(values: ArrayView1<f64>) -> Option<At> {
    let mut found: Option<At> = None;
    for (unit, value) in values.iter().enumerate() {
        if found.is_none_or(|at| value.abs() > at.value.abs()) {
            found = Some(At { unit, value: *value });
        }
    }
    found
}

fn extreme(values: ArrayView1<f64>, least: bool) -> Option<At> {
    let mut found: Option<At> = None;
    for (unit, value) in values.iter().enumerate() {
        if found.is_none_or(|at| if least { *value < at.value } else { *value > at.value }) {
            found = Some(At { unit, value: *value });
        }
    }
    found
}
