//! A row of a matrix product spelled out, and the window onto a matrix that is too large to show.

use std::ops::Range;

use crate::view::formula::SymbolId;

/// One matrix product's row: a row of the matrix, and the vectors stacked under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor<'a> {
    /// The row of the matrix, one number a column.
    pub weights: &'a [f64],
    /// The stacked values with their names, top first; together as long as the row.
    pub parts: Vec<(SymbolId, &'a [f64])>,
}

/// A weight times a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The weight.
    pub weight: f64,
    /// What it is multiplied by.
    pub factor: f64,
    /// The value that the factor is a row of.
    pub source: SymbolId,
    /// Which row of that value, from 0.
    pub unit: usize,
    /// Which product it is from, and which column of its matrix.
    pub place: (usize, usize),
}

impl Term {
    /// Weight times factor.
    pub fn product(&self) -> f64 {
        self.weight * self.factor
    }
}

/// A row spelled out: the largest terms, the rest, the bias, the total.
#[derive(Clone, Debug, PartialEq)]
pub struct SpellOut {
    /// The terms shown, largest magnitude first.
    pub shown: Vec<Term>,
    /// How many terms other than zero are not shown (`+ …`).
    pub rest: usize,
    /// What they add up to.
    pub rest_sum: f64,
    /// The bias's row, if there is a bias.
    pub bias: Option<f64>,
    /// The engine's own number for this row, never a sum made here.
    pub total: f64,
}

/// Spells out one row of `W [u, v] + … + b`. Terms that are exactly zero (a one-hot input's) are left out; at most
/// `most` of the others are shown, the largest magnitudes first, equal ones in the order of their columns.
pub fn spell_out(factors: &[Factor<'_>], bias: Option<f64>, total: f64, most: usize) -> SpellOut {
    let mut terms: Vec<Term> = Vec::new();
    for (number, factor) in factors.iter().enumerate() {
        let values = factor.parts.iter().flat_map(|(source, values)| {
            values.iter().enumerate().map(move |(unit, value)| (source, unit, *value))
        });
        for (column, (weight, (source, unit, value))) in factor.weights.iter().zip(values).enumerate() {
            let place = (number, column);
            terms.push(Term { weight: *weight, factor: value, source: source.clone(), unit, place });
        }
    }
    terms.retain(|term| term.product() != 0.0);
    // The sort is stable, and not-a-number comes first, where it is seen.
    terms.sort_by(|one, two| two.product().abs().total_cmp(&one.product().abs()));
    let rest = terms.split_off(most.min(terms.len()));
    SpellOut { shown: terms, rest: rest.len(), rest_sum: rest.iter().map(Term::product).sum(), bias, total }
}

/// The rows (or columns) of a large matrix that are shown: `most` of them, the chosen one in the middle where there
/// is room on both sides.
pub fn window(count: usize, chosen: usize, most: usize) -> Range<usize> {
    let most = most.min(count);
    let chosen = chosen.min(count.saturating_sub(1));
    let start = chosen.saturating_sub(most / 2).min(count - most);
    start..start + most
}
