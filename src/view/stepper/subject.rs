//! What a number on the page is, and where it came from: something that can be changed, something an equation computes,
//! or a gradient.

use super::edits::Target;
use super::model::StepperModel;
use super::opening::{Block, Numbers};
use super::spell::Entry;
use super::{Direction, Part, Position};
use crate::engine::syntax::{Expr, Function, Symbol, Time};
use crate::view::role::value_of_gradient;

/// What a number is. Steps, rows and columns count from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// Given, so that it can be changed.
    Given(Target),
    /// Computed by an equation.
    Value {
        /// Whose equation.
        part: Part,
        /// What it defines.
        name: Symbol,
        /// At which step.
        step: usize,
        /// The row.
        row: usize,
    },
    /// An inner value of an equation, which has no name: `W_r x<t>` in `Γ<t> * (W_r x<t>)`.
    Inner {
        /// Whose equation.
        part: Part,
        /// What it is, in the equation's own letters.
        expr: Box<Expr>,
        /// At which step.
        step: usize,
        /// The row.
        row: usize,
    },
    /// The gradient of a value, or of a state before the first step.
    Gradient {
        /// Whose value.
        part: Part,
        /// The value, without its `d`.
        name: Symbol,
        /// The step + 1; 0 is the state before the first.
        step: usize,
        /// The row.
        row: usize,
    },
    /// The gradient of a weight.
    WeightGradient {
        /// Whose weight.
        part: Part,
        /// The weight, without its `d`.
        name: Symbol,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },
}

/// What an entry of a block is, in a line of a section at a step (from 0); none for what has no place of its own, such
/// as a target's 0 or 1.
pub fn subject(
    model: &StepperModel,
    part: Part,
    step: usize,
    block: &Block,
    entry: Entry,
) -> Option<Subject> {
    of_expr(model, part, step, &block.label, entry)
}

/// The same for an entry of an expression.
pub fn of_expr(model: &StepperModel, part: Part, step: usize, expr: &Expr, entry: Entry) -> Option<Subject> {
    of_one(model, part, step, expr, entry).or_else(|| inner_value(part, step, expr, entry))
}

/// What is made of several numbers is a value of its own, whose terms are found like those of any other.
fn inner_value(part: Part, step: usize, expr: &Expr, entry: Entry) -> Option<Subject> {
    let is_made = match expr {
        Expr::Product(_, operand) => !matches!(**operand, Expr::Transpose(_)),
        // What only derived equations call is of all entries at once.
        Expr::Call(function, _) if !function.is_element_wise() && !Function::IN_TEXTS.contains(function) => {
            false
        }
        Expr::Binary(..) | Expr::Call(..) | Expr::Negate(_) | Expr::Power(..) => !is_constant(expr),
        _ => false,
    };
    // A column: its entries are told apart by their rows.
    (is_made && entry.column == 0).then(|| Subject::Inner {
        part,
        expr: Box::new(expr.clone()),
        step,
        row: entry.row,
    })
}

fn is_constant(expr: &Expr) -> bool {
    !expr.any(&|part| matches!(part, Expr::Value(..) | Expr::Parameter(_) | Expr::TermGradient(_)))
}

/// What an entry is where it comes from one number alone.
fn of_one(model: &StepperModel, part: Part, step: usize, expr: &Expr, entry: Entry) -> Option<Subject> {
    match expr {
        Expr::Parameter(name) => of_parameter(model, part, name, entry),
        Expr::Transpose(inner) => {
            let turned = Entry { row: entry.column, column: entry.row };
            of_expr(model, part, step, inner, turned)
        }
        Expr::Stack(parts) => {
            let mut start = 0;
            for one in parts {
                let rows = model.at(part, step).of(one)?.nrows();
                if entry.row < start + rows {
                    return of_expr(model, part, step, one, Entry { row: entry.row - start, ..entry });
                }
                start += rows;
            }
            None
        }
        Expr::Value(name, time) => of_value(model, part, step, name, *time, entry.row),
        // A block such as `1 - Γ_u<t>` or `tanh(c<t>)` comes from its only value.
        Expr::Call(_, inner) | Expr::Negate(inner) | Expr::Power(inner, _) => {
            of_one(model, part, step, inner, entry).filter(|_| is_one_value(inner))
        }
        Expr::Binary(_, left, right) => match (is_number(left), is_number(right)) {
            (true, false) => of_one(model, part, step, right, entry),
            (false, true) => of_one(model, part, step, left, entry),
            _ => None,
        },
        Expr::Number(_) | Expr::Product(..) | Expr::TermGradient(_) => None,
    }
}

fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Number(_))
}

fn is_one_value(expr: &Expr) -> bool {
    match expr {
        Expr::Value(..) => true,
        Expr::Call(function, inner) => function.is_element_wise() && is_one_value(inner),
        Expr::Negate(inner) | Expr::Power(inner, _) => is_one_value(inner),
        Expr::Binary(_, left, right) => {
            (is_number(left) && is_one_value(right)) || (is_one_value(left) && is_number(right))
        }
        _ => false,
    }
}

fn of_parameter(model: &StepperModel, part: Part, name: &Symbol, entry: Entry) -> Option<Subject> {
    let Entry { row, column } = entry;
    if let Some(values) = model.weight(part, name) {
        let layer = layer_of(part);
        // A column is repeated for every sample.
        let column = if values.ncols() == 1 { 0 } else { column };
        values.get((row, column))?;
        return Some(Subject::Given(Target::Weight { layer, name: name.clone(), row, column }));
    }
    let name = value_of_gradient(name)?;
    let column = if model.weight(part, &name)?.ncols() == 1 { 0 } else { column };
    Some(Subject::WeightGradient { part, name, row, column })
}

fn of_value(
    model: &StepperModel,
    part: Part,
    step: usize,
    name: &Symbol,
    time: Time,
    row: usize,
) -> Option<Subject> {
    let step = match time {
        Time::Now => Some(step),
        Time::Previous => step.checked_sub(1),
    };
    match (part, name.0.as_str()) {
        (Part::Layer(0), "x") => return Some(Subject::Given(Target::Input { step: step?, row })),
        (Part::Layer(layer), "x" | "dx") => {
            let below = layer.checked_sub(1);
            let Some(below) = below else {
                return Some(Subject::Gradient { part, name: "x".into(), step: step? + 1, row });
            };
            let output = model.model.layers.get(below)?.cell.output.clone();
            let part = Part::Layer(below);
            return Some(match name.0.as_str() {
                "x" => Subject::Value { part, name: output, step: step?, row },
                _ => Subject::Gradient { part, name: output, step: step? + 1, row },
            });
        }
        (Part::Head, "y") => return None,
        _ => {}
    }
    let (part, name) = owner(model, part, name)?;
    match value_of_gradient(&name).filter(|value| is_known(model, part, value)) {
        Some(name) => Some(Subject::Gradient { part, name, step: step.map_or(0, |step| step + 1), row }),
        None => Some(match (step, part) {
            (Some(step), _) => Subject::Value { part, name, step, row },
            (None, Part::Layer(layer)) => Subject::Given(Target::Initial { layer, name, row }),
            (None, Part::Head) => return None,
        }),
    }
}

/// Whose a value is: the head reads the top layer's output under the name that its text gives it.
fn owner(model: &StepperModel, part: Part, name: &Symbol) -> Option<(Part, Symbol)> {
    let value = value_of_gradient(name);
    let is_own =
        is_known(model, part, name) || value.as_ref().is_some_and(|value| is_known(model, part, value));
    if part != Part::Head || is_own {
        return is_own.then(|| (part, name.clone()));
    }
    let top = model.model.layers.len().checked_sub(1)?;
    let output = &model.model.layers.get(top)?.cell.output;
    let name = if value.is_some() { output.gradient() } else { output.clone() };
    Some((Part::Layer(top), name))
}

fn is_known(model: &StepperModel, part: Part, name: &Symbol) -> bool {
    match part {
        Part::Layer(layer) => model.trace.layers.get(layer).is_some_and(|layer| layer.value(name).is_some()),
        Part::Head => matches!(name.0.as_str(), "ŷ" | "z_y" | "l"),
    }
}

/// The layer as weights count it.
pub fn layer_of(part: Part) -> Option<usize> {
    match part {
        Part::Layer(layer) => Some(layer),
        Part::Head => None,
    }
}

/// Where the equation stands that computes a value: the line that defines it, or that defines what it is part of.
pub fn place_of(model: &StepperModel, part: Part, name: &Symbol, step: usize) -> Option<Position> {
    let defines = |line: &super::lines::Line| {
        line.part == part
            && (line.name() == Some(name)
                || model.lines.name_of(part, inner(&line.expr)).is_some_and(|inner| inner == *name))
    };
    let equation = model.lines.forward.iter().position(defines)?;
    Some(Position { step: step + 1, equation, direction: Direction::Forward })
}

/// Where the equation stands that an inner value is a part of.
pub fn place_of_inner(model: &StepperModel, part: Part, expr: &Expr, step: usize) -> Option<Position> {
    let holds = |line: &super::lines::Line| line.part == part && line.expr.any(&|inner| inner == expr);
    let equation = model.lines.forward.iter().position(holds)?;
    Some(Position { step: step + 1, equation, direction: Direction::Forward })
}

/// A function's argument.
fn inner(expr: &Expr) -> &Expr {
    match expr {
        Expr::Call(_, argument) => argument,
        other => other,
    }
}
