//! How a value came about: the terms that add up to it, each with the numbers that it is made of and where they are from.

use super::Part;
use super::edits::Target;
use super::lines::Line;
use super::model::{Held, StepperModel};
use super::opening::Numbers;
use super::spell::Entry;
use super::subject::{Subject, of_expr, place_of};
use crate::engine::syntax::{BinaryOperator, Expr, Function, Symbol};

/// One factor of a term.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The number.
    pub value: f64,
    /// What it is; none where it has no place of its own.
    pub subject: Option<Subject>,
    /// How it is written, where it is an expression of its own.
    pub label: Expr,
    /// Its row (from 0) in what the label names.
    pub row: usize,
    /// Its column, where the label is a matrix.
    pub column: Option<usize>,
    /// Whether the term is divided by it.
    pub is_divisor: bool,
}

/// One term: a product.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Its factors.
    pub factors: Vec<Factor>,
    /// Whether it is taken away.
    pub is_negative: bool,
    /// What it adds.
    pub value: f64,
}

/// How a value came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The terms in the equation's order, those that are 0 too.
    pub terms: Vec<Term>,
    /// What they add up to.
    pub sum: f64,
    /// The function of the sum that gives the value.
    pub function: Option<Function>,
    /// What the equation gives.
    pub computed: f64,
    /// What stands there instead, where the unit is held.
    pub held: Option<Held>,
}

/// How what a subject stands for came about; none where no line computes it.
pub fn origin_of(model: &StepperModel, subject: &Subject) -> Option<Origin> {
    match subject {
        Subject::Value { part, name, step, row } => origin(model, *part, name, *step, *row),
        Subject::Inner { part, expr, step, row } => {
            came(&Reader { model, part: *part, step: *step, row: *row }, expr, true)
        }
        _ => None,
    }
}

/// How the entry of a value at a step (from 0) came about; none where no line defines it.
pub fn origin(model: &StepperModel, part: Part, name: &Symbol, step: usize, row: usize) -> Option<Origin> {
    let line = line_of(model, part, name, step)?;
    // Of a name on the way (`z_f`), only the sum.
    let is_whole = line.name() == Some(name);
    let came = came(&Reader { model, part: line.part, step, row }, &line.expr, is_whole)?;
    Some(Origin { held: model.held(line, row, step).filter(|_| is_whole), ..came })
}

/// The terms of an expression, and the function of their sum where it is asked for.
fn came(reader: &Reader<'_>, expr: &Expr, is_whole: bool) -> Option<Origin> {
    let (function, of) = match expr {
        Expr::Call(function, argument) if *function != Function::Sum => (Some(*function), &**argument),
        other => (None, other),
    };
    let function = function.filter(|_| is_whole);
    let mut terms = Vec::new();
    reader.terms(of, false, &mut terms)?;
    let sum = reader.at(of, 0)?;
    let computed = match function {
        Some(_) => reader.at(expr, 0)?,
        None => sum,
    };
    Some(Origin { terms, sum, function, computed, held: None })
}

/// The line that defines a value.
fn line_of<'m>(model: &'m StepperModel, part: Part, name: &Symbol, step: usize) -> Option<&'m Line> {
    model.lines.forward.get(place_of(model, part, name, step)?.equation)
}

/// What holds a unit, where a line defines it; none for what is not held unit by unit (the head's numbers).
pub fn hold_of(model: &StepperModel, subject: &Subject, is_everywhere: bool) -> Option<Target> {
    let Subject::Value { part: Part::Layer(layer), name, step, row } = subject else { return None };
    let cell = &model.model.layers.get(*layer)?.cell;
    let is_line = cell.equations.iter().any(|equation| equation.target.name == *name);
    let step = (!is_everywhere).then_some(*step);
    is_line.then(|| Target::Held { layer: *layer, name: name.clone(), unit: *row, step })
}

struct Reader<'m> {
    model: &'m StepperModel,
    part: Part,
    step: usize,
    row: usize,
}

impl Reader<'_> {
    fn at(&self, expr: &Expr, column: usize) -> Option<f64> {
        let values = self.model.at(self.part, self.step).of(expr)?;
        let row = if values.nrows() == 1 { 0 } else { self.row };
        let column = if values.ncols() == 1 { 0 } else { column };
        values.get((row, column)).copied()
    }

    fn terms(&self, expr: &Expr, is_negative: bool, terms: &mut Vec<Term>) -> Option<()> {
        match expr {
            Expr::Binary(BinaryOperator::Add, left, right) => {
                self.terms(left, is_negative, terms)?;
                self.terms(right, is_negative, terms)
            }
            Expr::Binary(BinaryOperator::Subtract, left, right) => {
                self.terms(left, is_negative, terms)?;
                self.terms(right, !is_negative, terms)
            }
            Expr::Negate(inner) => self.terms(inner, !is_negative, terms),
            Expr::Product(matrix, operand) => self.product(matrix, operand, is_negative, terms),
            Expr::Call(Function::Sum, inner) => self.sum(inner, is_negative, terms),
            other => {
                let mut factors = Vec::new();
                self.factors(other, false, &mut factors)?;
                let size = self.at(other, 0)?;
                let value = if is_negative { -size } else { size };
                terms.push(Term { factors, is_negative, value });
                Some(())
            }
        }
    }

    /// `W v`: a term a column.
    fn product(&self, matrix: &Expr, operand: &Expr, is_negative: bool, terms: &mut Vec<Term>) -> Option<()> {
        let numbers = self.model.at(self.part, self.step);
        let (weights, values) = (numbers.of(matrix)?, numbers.of(operand)?);
        let row = self.row.min(weights.nrows().checked_sub(1)?);
        for (column, (weight, value)) in weights.row(row).iter().zip(values.column(0)).enumerate() {
            let (owner, owner_row) = self.owner(operand, column)?;
            let subject = |expr: &Expr, entry| of_expr(self.model, self.part, self.step, expr, entry);
            let factors = vec![
                Factor {
                    value: *weight,
                    subject: subject(matrix, Entry { row, column }),
                    label: matrix.clone(),
                    row,
                    column: Some(column),
                    is_divisor: false,
                },
                Factor {
                    value: *value,
                    subject: subject(operand, Entry { row: column, column: 0 }),
                    label: owner,
                    row: owner_row,
                    column: None,
                    is_divisor: false,
                },
            ];
            let size = weight * value;
            terms.push(Term { factors, is_negative, value: if is_negative { -size } else { size } });
        }
        Some(())
    }

    /// The part of a stack that a row belongs to, and the row in it.
    fn owner(&self, operand: &Expr, row: usize) -> Option<(Expr, usize)> {
        let Expr::Stack(parts) = operand else { return Some((operand.clone(), row)) };
        let mut start = 0;
        for part in parts {
            let rows = self.model.at(self.part, self.step).of(part)?.nrows();
            if row < start + rows {
                return Some((part.clone(), row - start));
            }
            start += rows;
        }
        None
    }

    /// A sum over rows: the terms of every row.
    fn sum(&self, inner: &Expr, is_negative: bool, terms: &mut Vec<Term>) -> Option<()> {
        let rows = self.model.at(self.part, self.step).of(inner)?.nrows();
        for row in 0..rows {
            Reader { row, ..*self }.terms(inner, is_negative, terms)?;
        }
        Some(())
    }

    fn factors(&self, expr: &Expr, is_divisor: bool, factors: &mut Vec<Factor>) -> Option<()> {
        match expr {
            Expr::Binary(BinaryOperator::Multiply, left, right) => {
                self.factors(left, is_divisor, factors)?;
                self.factors(right, is_divisor, factors)
            }
            Expr::Binary(BinaryOperator::Divide, left, right) => {
                self.factors(left, is_divisor, factors)?;
                self.factors(right, !is_divisor, factors)
            }
            _ => {
                // A power leads to what is raised to it: its own terms would be itself again.
                let leads_to = match expr {
                    Expr::Power(inner, _) => inner,
                    other => other,
                };
                let entry = Entry { row: self.row, column: 0 };
                let subject = of_expr(self.model, self.part, self.step, leads_to, entry);
                let value = self.at(expr, 0)?;
                let label = expr.clone();
                factors.push(Factor { value, subject, label, row: self.row, column: None, is_divisor });
                Some(())
            }
        }
    }
}
