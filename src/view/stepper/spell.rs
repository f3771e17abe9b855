//! One row of an equation, spelled out term by term with its numbers.

use crate::engine::syntax::{BinaryOperator, Expr, Function, Symbol, Time, holds_product};
use crate::sorted::sort_by;
use crate::view::stepper::model::Held;
use crate::view::stepper::opening::{Numbers, groups};

/// How many terms of a sum are written out unless the reader asks for all of them.
pub const TERMS_SHOWN: usize = 6;

/// A piece of a spelled-out row. Numbers keep all their digits; how many are shown is the page's affair.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A number and, where it belongs to a value, which (for its colour).
    Number(f64, Option<Symbol>),
    /// What the equation defines, or a named step on the way to it.
    Result(f64, Option<Symbol>),
    /// `+`, `−` between terms.
    Plus,
    /// Minus between terms.
    Minus,
    /// A minus in front of a term.
    Negative,
    /// Product of two numbers inside a sum of products.
    Dot,
    /// Element-wise product.
    Times,
    /// Element-wise quotient.
    Over,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `^n`
    Power(i32),
    /// A function's name; its argument follows in parentheses.
    Function(Function),
    /// So many smaller terms of a sum, with what they add up to.
    Rest(usize, f64),
    /// What stands there instead of all before, because the unit is held.
    Held(Held),
    /// `=`
    Equals,
    /// From a sum to the function of it.
    Then,
    /// Softmax of one entry: its exponential over the sum of all exponentials (both scaled by the largest entry).
    Share {
        /// The entry.
        entry: f64,
        /// ln Σ exp of all entries.
        log_sum: f64,
    },
}

/// Whether the number at a place stands in brackets, if it is negative: `1 − (−0.84)²` would read as 1 − −(0.84²) without.
pub fn needs_brackets(tokens: &[Token], place: usize) -> bool {
    let is_raised = matches!(tokens.get(place + 1), Some(Token::Power(_)));
    let before = place.checked_sub(1).and_then(|before| tokens.get(before));
    let follows_sign = matches!(before, Some(Token::Minus | Token::Negative | Token::Times | Token::Over));
    matches!(tokens.get(place), Some(Token::Number(..) | Token::Result(..))) && (is_raised || follows_sign)
}

/// Which entry of the result is spelled out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its row.
    pub row: usize,
    /// Its column, 0 for a column vector.
    pub column: usize,
}

/// The right-hand side for one entry of its result, ending in `= value`. None where a number is missing.
pub fn spell(
    target: Option<&Symbol>,
    expr: &Expr,
    entry: Entry,
    all: bool,
    numbers: &dyn Numbers,
) -> Option<Vec<Token>> {
    let speller = Speller { numbers, entry, all };
    let mut tokens = Vec::new();
    let value = at(&numbers.of(expr)?, entry)?;
    match expr {
        Expr::Call(function, argument) if *function != Function::Sum && holds_product(argument) => {
            speller.read(argument, &mut tokens)?;
            let column = numbers.of(argument)?;
            let inner = at(&column, entry)?;
            tokens.push(Token::Equals);
            tokens.push(Token::Result(inner, numbers.name_of(argument)));
            tokens.push(Token::Then);
            match function {
                Function::Softmax => tokens.push(share(inner, column.iter().copied())),
                _ => tokens.extend([
                    Token::Function(*function),
                    Token::Open,
                    Token::Number(inner, numbers.name_of(argument)),
                    Token::Close,
                ]),
            }
        }
        Expr::Call(Function::Softmax, argument) => {
            let column = numbers.of(argument)?;
            tokens.push(share(at(&column, entry)?, column.iter().copied()));
        }
        _ => speller.read(expr, &mut tokens)?,
    }
    // A lone number is its own result: `0.83` rather than `0.83 = 0.83`.
    if let [Token::Number(..)] = tokens.as_slice() {
        tokens.clear();
    } else {
        tokens.push(Token::Equals);
    }
    tokens.push(Token::Result(value, target.cloned()));
    Some(tokens)
}

struct Speller<'a> {
    numbers: &'a dyn Numbers,
    entry: Entry,
    all: bool,
}

impl Speller<'_> {
    fn read(&self, expr: &Expr, tokens: &mut Vec<Token>) -> Option<()> {
        match expr {
            Expr::Product(left, right) => self.product(left, right, tokens),
            Expr::Negate(inner) => {
                tokens.push(Token::Negative);
                self.grouped(inner, is_compound(inner), tokens)
            }
            Expr::Power(inner, exponent) => {
                self.grouped(inner, is_compound(inner), tokens)?;
                tokens.push(Token::Power(*exponent));
                Some(())
            }
            Expr::Call(Function::Sum, inner) => self.sum(inner, tokens),
            Expr::Call(function, inner) if function.is_element_wise() => {
                tokens.push(Token::Function(*function));
                self.grouped(inner, true, tokens)
            }
            Expr::Binary(operator, left, right) => {
                let sums = matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract);
                self.grouped(left, !sums && is_sum(left), tokens)?;
                tokens.push(match operator {
                    BinaryOperator::Add => Token::Plus,
                    BinaryOperator::Subtract => Token::Minus,
                    BinaryOperator::Multiply => Token::Times,
                    BinaryOperator::Divide => Token::Over,
                });
                let tight = match operator {
                    BinaryOperator::Add => false,
                    BinaryOperator::Subtract | BinaryOperator::Multiply => is_sum(right),
                    BinaryOperator::Divide => is_compound(right),
                };
                self.grouped(right, tight, tokens)
            }
            other => {
                tokens.push(Token::Number(at(&self.numbers.of(other)?, self.entry)?, name(other)));
                Some(())
            }
        }
    }

    fn grouped(&self, expr: &Expr, brackets: bool, tokens: &mut Vec<Token>) -> Option<()> {
        if brackets {
            tokens.push(Token::Open);
        }
        self.read(expr, tokens)?;
        if brackets {
            tokens.push(Token::Close);
        }
        Some(())
    }

    /// `W v` or `Wᵀ v`: a sum over the columns; `v uᵀ`: one product.
    fn product(&self, left: &Expr, right: &Expr, tokens: &mut Vec<Token>) -> Option<()> {
        let matrix = self.numbers.of(left)?;
        let factor = self.numbers.of(right)?;
        if matches!(right, Expr::Transpose(_)) {
            let first = *matrix.get((self.entry.row, 0))?;
            let second = *factor.get((0, self.entry.column))?;
            tokens.extend([Token::Number(first, name(left)), Token::Dot, Token::Number(second, None)]);
            return Some(());
        }
        let groups = groups(right, self.numbers);
        let owner = |row: usize| {
            let mut end = 0;
            groups
                .iter()
                .find(|group| {
                    end += group.size;
                    row < end
                })
                .map_or_else(|| name(right), |group| name(&group.label))
        };
        let row = self.entry.row.min(matrix.nrows().checked_sub(1)?);
        let terms: Vec<(f64, f64, Option<Symbol>)> = matrix
            .row(row)
            .iter()
            .zip(factor.column(0))
            .enumerate()
            .map(|(j, (weight, value))| (*weight, *value, owner(j)))
            .filter(|(_, value, _)| *value != 0.0)
            .collect();
        self.terms(&terms, tokens);
        Some(())
    }

    fn terms(&self, terms: &[(f64, f64, Option<Symbol>)], tokens: &mut Vec<Token>) {
        if terms.is_empty() {
            tokens.push(Token::Number(0.0, None));
            return;
        }
        let chosen = largest(terms.iter().map(|(weight, value, _)| weight * value), self.all);
        for (place, index) in chosen.iter().enumerate() {
            if place > 0 {
                tokens.push(Token::Plus);
            }
            let (weight, value, owner) = &terms[*index];
            tokens.extend([Token::Number(*weight, None), Token::Dot, Token::Number(*value, owner.clone())]);
        }
        rest(terms.iter().map(|(weight, value, _)| weight * value), &chosen, tokens);
    }

    /// A sum over the rows: the terms that are not zero, each spelled out.
    fn sum(&self, inner: &Expr, tokens: &mut Vec<Token>) -> Option<()> {
        let values = self.numbers.of(inner)?;
        let rows: Vec<usize> = (0..values.nrows())
            .filter(|row| values.get((*row, 0)).is_some_and(|value| *value != 0.0))
            .collect();
        let contributions: Vec<f64> = rows.iter().filter_map(|row| values.get((*row, 0)).copied()).collect();
        let chosen = largest(contributions.iter().copied(), self.all);
        let several = chosen.len() > 1;
        if chosen.is_empty() {
            tokens.push(Token::Number(0.0, None));
        }
        if several {
            tokens.push(Token::Open);
        }
        for (place, index) in chosen.iter().enumerate() {
            if place > 0 {
                tokens.push(Token::Plus);
            }
            let at_row = Speller { entry: Entry { row: rows[*index], column: 0 }, ..*self };
            at_row.grouped(inner, is_sum(inner), tokens)?;
        }
        rest(contributions.iter().copied(), &chosen, tokens);
        if several {
            tokens.push(Token::Close);
        }
        Some(())
    }
}

/// The places of the largest terms, in their own order; all of them if asked or if only one would be left out.
fn largest(terms: impl Iterator<Item = f64>, all: bool) -> Vec<usize> {
    let sizes: Vec<f64> = terms.map(f64::abs).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    if all || sizes.len() <= TERMS_SHOWN + 1 {
        return order;
    }
    sort_by(&mut order, |one, other| sizes[*other].total_cmp(&sizes[*one]).then(one.cmp(other)));
    order.truncate(TERMS_SHOWN);
    sort_by(&mut order, Ord::cmp);
    order
}

fn rest(terms: impl Iterator<Item = f64>, chosen: &[usize], tokens: &mut Vec<Token>) {
    let (mut count, mut sum) = (0, 0.0);
    for (index, term) in terms.enumerate() {
        if chosen.binary_search(&index).is_err() {
            count += 1;
            sum += term;
        }
    }
    if count > 0 {
        tokens.extend([Token::Plus, Token::Rest(count, sum)]);
    }
}

fn share(entry: f64, column: impl Iterator<Item = f64> + Clone) -> Token {
    let peak = column.clone().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = column.map(|value| libm::exp(value - peak)).sum();
    Token::Share { entry, log_sum: peak + libm::log(sum) }
}

fn at(values: &ndarray::Array2<f64>, entry: Entry) -> Option<f64> {
    // One row or one column broadcasts.
    let row = if values.nrows() == 1 { 0 } else { entry.row };
    let column = if values.ncols() == 1 { 0 } else { entry.column };
    values.get((row, column)).copied()
}

fn name(expr: &Expr) -> Option<Symbol> {
    match expr {
        Expr::Value(name, Time::Now | Time::Previous) | Expr::Parameter(name) => Some(name.clone()),
        _ => None,
    }
}

fn is_sum(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, ..) | Expr::Negate(_) => true,
        // A product with a matrix is spelled out as a sum.
        Expr::Product(_, right) => !matches!(**right, Expr::Transpose(_)),
        _ => false,
    }
}

fn is_compound(expr: &Expr) -> bool {
    matches!(expr, Expr::Binary(..) | Expr::Negate(_) | Expr::Product(..))
}
