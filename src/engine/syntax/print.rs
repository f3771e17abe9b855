//! An expression as text in the cell language's own notation, with as few brackets as its meaning allows.
//!
//! What a cell may hold reads back to the same tree. What only derived equations have is written as a person would:
//! `W_fᵀ dz_f<t>`, `d(Γ_r<t> * c<t-1>)`, `relu′(z_a<t>)`.

use std::fmt::{self, Write as _};

use super::{BinaryOperator, Equation, Expr, Function, Time};

/// The text of an expression, brackets only where the tree needs them.
pub fn to_text(expr: &Expr) -> String {
    let mut text = String::new();
    write(&mut text, expr, Level::Sum);
    text
}

/// How tightly a form binds, loosest first; the order is that of the cell language's grammar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Negation,
    Elementwise,
    Product,
    Postfix,
    Atom,
}

fn level(expr: &Expr) -> Level {
    match expr {
        Expr::Number(number) if number.is_sign_negative() => Level::Negation,
        Expr::Number(_) | Expr::Value(..) | Expr::Parameter(_) => Level::Atom,
        Expr::TermGradient(_) | Expr::Stack(_) | Expr::Call(..) => Level::Atom,
        Expr::Transpose(_) | Expr::Power(..) => Level::Postfix,
        Expr::Product(..) => Level::Product,
        Expr::Binary(BinaryOperator::Multiply | BinaryOperator::Divide, ..) => Level::Elementwise,
        Expr::Negate(_) => Level::Negation,
        Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, ..) => Level::Sum,
    }
}

/// Writes `expr` where a form of at least `least` may stand; brackets it otherwise.
fn write(text: &mut String, expr: &Expr, least: Level) {
    if level(expr) < least {
        text.push('(');
        write(text, expr, Level::Sum);
        text.push(')');
        return;
    }
    match expr {
        Expr::Number(number) => write_number(text, *number),
        Expr::Value(name, Time::Now) => push(text, format_args!("{name}<t>")),
        Expr::Value(name, Time::Previous) => push(text, format_args!("{name}<t-1>")),
        Expr::Parameter(name) => text.push_str(&name.0),
        Expr::TermGradient(of) => {
            text.push_str("d(");
            write(text, of, Level::Sum);
            text.push(')');
        }
        Expr::Transpose(of) => {
            write(text, of, Level::Postfix);
            text.push('ᵀ');
        }
        Expr::Product(left, right) => {
            write(text, left, Level::Postfix);
            text.push(' ');
            write(text, right, Level::Product);
        }
        Expr::Binary(operator, left, right) => {
            let (here, right_least) = match operator {
                BinaryOperator::Add | BinaryOperator::Subtract => (Level::Sum, Level::Negation),
                BinaryOperator::Multiply | BinaryOperator::Divide => (Level::Elementwise, Level::Product),
            };
            write(text, left, here);
            push(text, format_args!(" {operator} "));
            write(text, right, right_least);
        }
        Expr::Negate(of) => {
            text.push('-');
            write(text, of, Level::Negation);
        }
        Expr::Power(base, exponent) => {
            write(text, base, Level::Postfix);
            push(text, format_args!("^{exponent}"));
        }
        Expr::Stack(parts) => {
            text.push('[');
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    text.push_str(", ");
                }
                write(text, part, Level::Sum);
            }
            text.push(']');
        }
        Expr::Call(function, argument) => {
            push(text, format_args!("{function}("));
            write(text, argument, Level::Sum);
            text.push(')');
        }
    }
}

/// The shortest digits that read back to the same number; with an exponent where the plain form would be long.
fn write_number(text: &mut String, number: f64) {
    let size = number.abs();
    if size == 0.0 || (1e-6..1e12).contains(&size) || !size.is_finite() {
        push(text, format_args!("{number}"));
    } else {
        push(text, format_args!("{number:e}"));
    }
}

fn push(text: &mut String, what: fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _ = text.write_fmt(what);
}

impl fmt::Display for BinaryOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
        })
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_text(self))
    }
}

impl fmt::Display for Equation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}<t> = {}", self.target.name, self.expr)
    }
}
