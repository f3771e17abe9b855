//! An expression of a cell as Python, for any of the array libraries.

use super::names::Names;
use crate::engine::syntax::{BinaryOperator, Expr, Function, Time};

/// What differs between the array libraries.
pub(super) trait Dialect {
    /// `[u, v]`: rows stacked.
    fn stack(&self, parts: &[String]) -> String;
    /// The matrix product of two factors, each an atom or a call.
    fn product(&self, left: &str, right: &str) -> String {
        format!("{left} @ {right}")
    }
    /// The transpose of an atom.
    fn transpose(&self, of: &str) -> String {
        format!("{of}.T")
    }
    /// A function of one column.
    fn call(&self, function: Function, argument: &str) -> String;
    /// Whether a function needs one column a sample even where its argument is the same for all of them.
    fn reads_samples(&self, _function: Function) -> bool {
        false
    }
    /// Repeated to one column a sample, and to so many rows (Python too) where they are named.
    fn wide(&self, of: &str, rows: Option<&str>) -> String {
        rows.map_or_else(|| format!("wide({of})"), |rows| format!("wide({of}, {rows})"))
    }
}

/// How tightly a form of Python binds, loosest first. `@`, `*` and `/` bind alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Sum,
    Product,
    Unary,
    Power,
    Atom,
}

/// Writes expressions in a dialect under the names of a program.
pub(super) struct Writer<'a> {
    pub dialect: &'a dyn Dialect,
    pub names: &'a mut Names,
}

impl Writer<'_> {
    /// The expression as it stands on the right of `=`.
    pub(super) fn text(&mut self, expr: &Expr) -> String {
        self.at_least(expr, Level::Sum)
    }

    /// The expression as a value: as many rows and columns as the value has.
    pub(super) fn value(&mut self, expr: &Expr, rows: &str) -> String {
        let text = self.text(expr);
        let is_spread = is_narrow(expr) || expr.is_one_row();
        // A copy, so that what is added later does not reach what it was made of.
        if is_spread { self.dialect.wide(&text, Some(rows)) } else { text }
    }

    /// The expression where a form of at least `least` may stand; in brackets otherwise.
    pub(super) fn at_least(&mut self, expr: &Expr, least: Level) -> String {
        let (text, level) = self.write(expr);
        if level < least { format!("({text})") } else { text }
    }

    fn write(&mut self, expr: &Expr) -> (String, Level) {
        match expr {
            Expr::Number(number) => {
                let level = if number.is_sign_negative() { Level::Unary } else { Level::Atom };
                (super::number(*number), level)
            }
            Expr::Value(name, time) => (self.names.value(name, *time), Level::Atom),
            Expr::Parameter(name) => (self.names.parameter(name), Level::Atom),
            Expr::TermGradient(term) => (self.names.term(term), Level::Atom),
            Expr::Transpose(of) => {
                let inner = match &**of {
                    Expr::Parameter(_) => self.at_least(of, Level::Atom),
                    // One column beside B samples stands for B equal ones.
                    _ if is_narrow(of) => {
                        let inner = self.text(of);
                        self.dialect.wide(&inner, None)
                    }
                    _ => self.at_least(of, Level::Atom),
                };
                (self.dialect.transpose(&inner), Level::Atom)
            }
            Expr::Product(left, right) => {
                let left = self.at_least(left, Level::Power);
                let right = match &**right {
                    // On the right stands what each sample was multiplied with, a parameter's column too.
                    Expr::Transpose(of) if matches!(**of, Expr::Parameter(_)) => {
                        let column = self.text(of);
                        self.dialect.transpose(&self.dialect.wide(&column, None))
                    }
                    right => self.at_least(right, Level::Power),
                };
                (self.dialect.product(&left, &right), Level::Product)
            }
            Expr::Binary(operator, left, right) => {
                let (level, least_left, least_right) = match operator {
                    BinaryOperator::Add | BinaryOperator::Subtract => {
                        (Level::Sum, Level::Sum, Level::Product)
                    }
                    BinaryOperator::Multiply | BinaryOperator::Divide => {
                        (Level::Product, Level::Product, Level::Unary)
                    }
                };
                // A matrix product beside `*` is put in brackets even where Python would not ask for them.
                let is_product = matches!(**left, Expr::Product(..)) && level == Level::Product;
                let left = self.at_least(left, if is_product { Level::Unary } else { least_left });
                let right = self.at_least(right, least_right);
                (format!("{left} {operator} {right}"), level)
            }
            Expr::Negate(of) => (format!("-{}", self.at_least(of, Level::Unary)), Level::Unary),
            Expr::Power(base, exponent) => {
                (format!("{}**{exponent}", self.at_least(base, Level::Atom)), Level::Power)
            }
            Expr::Stack(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| {
                        let text = self.text(part);
                        if is_narrow(part) { self.dialect.wide(&text, None) } else { text }
                    })
                    .collect();
                (self.dialect.stack(&parts), Level::Atom)
            }
            Expr::Call(function, argument) => {
                let text = self.text(argument);
                // The libraries' functions take arrays: what is made of numbers alone becomes one.
                let is_spread =
                    is_number(argument) || is_narrow(argument) && self.dialect.reads_samples(*function);
                let text = if is_spread { self.dialect.wide(&text, None) } else { text };
                (self.dialect.call(*function, &text), Level::Atom)
            }
        }
    }
}

/// True where no value of a step stands in an expression: its result has one column, whatever the batch.
pub(super) fn is_narrow(expr: &Expr) -> bool {
    !expr.any(&|part| matches!(part, Expr::Value(..) | Expr::TermGradient(_)))
}

/// True for a number and for what is reckoned from numbers without a function.
fn is_number(expr: &Expr) -> bool {
    let is_part =
        |part: &Expr| matches!(part, Expr::Number(_) | Expr::Binary(..) | Expr::Negate(_) | Expr::Power(..));
    !expr.any(&|part| !is_part(part))
}

/// Every value of a step in an expression, each once, in reading order.
pub(super) fn values(expr: &Expr, into: &mut Vec<(crate::engine::syntax::Symbol, Time)>) {
    expr.each(&mut |part| {
        if let Expr::Value(name, time) = part
            && !into.iter().any(|(known, at)| known == name && at == time)
        {
            into.push((name.clone(), *time));
        }
    });
}

/// Every function that an expression calls, each once.
pub(super) fn functions(expr: &Expr, into: &mut Vec<Function>) {
    expr.each(&mut |part| {
        if let Expr::Call(function, _) = part
            && !into.contains(function)
        {
            into.push(*function);
        }
    });
}
