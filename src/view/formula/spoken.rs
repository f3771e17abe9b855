//! A formula as a list of words without a language: the page has each word in its locales, so that a screen reader
//! says "gamma f at step 5 equals sigma of …" in the reader's own language.

use super::symbol::{Accent, Facts, Notation, Spelling};
use super::typeset::time_text;
use crate::engine::BackwardEquation;
use crate::engine::syntax::{BinaryOperator, Equation, Expr, Function, Symbol, Time};

/// One word or one symbol.
#[derive(Clone, Debug, PartialEq)]
pub enum Spoken {
    /// A letter with what belongs to it.
    Symbol {
        /// "gradient of" goes before it.
        gradient: bool,
        /// The letter, `Γ`.
        letter: String,
        /// "tilde", "hat".
        accent: Option<Accent>,
        /// The letters below.
        subscript: Option<String>,
        /// "at step 5", "at step t−1"; none for a parameter.
        time: Option<String>,
    },
    /// A number's digits.
    Number(String),
    /// "equals"
    Equals,
    /// "grows by", for `+=`.
    GrowsBy,
    /// "plus"
    Plus,
    /// "minus", between two.
    Minus,
    /// "minus", before one.
    Negative,
    /// "times", element by element.
    Times,
    /// "over", element by element.
    Over,
    /// Matrix product.
    Product,
    /// "transposed", after what is transposed.
    Transposed,
    /// "to the power", then the number follows.
    Power(i32),
    /// "sigma of", "tanh of".
    Function(Function),
    /// "the gradient of the term", an opening bracket follows.
    GradientOf,
    /// "open bracket"
    Open,
    /// "close bracket"
    Close,
    /// "the stack of"
    Stack,
    /// "over", "and", between the parts of a stack.
    And,
    /// "end of the stack"
    EndStack,
}

/// The words of an expression, at a live step (from 1) or at `t`.
pub fn speak(expr: &Expr, step: Option<usize>, notation: Notation, facts: &dyn Facts) -> Vec<Spoken> {
    let mut words = Vec::new();
    Speaker { step, notation, facts }.push(expr, &mut words);
    words
}

/// The words of an equation.
pub fn speak_equation(
    equation: &Equation,
    step: Option<usize>,
    notation: Notation,
    facts: &dyn Facts,
) -> Vec<Spoken> {
    let speaker = Speaker { step, notation, facts };
    let mut words = vec![speaker.symbol(&equation.target.name, Some(Time::Now)), Spoken::Equals];
    speaker.push(&equation.expr, &mut words);
    words
}

/// The words of a backward equation.
pub fn speak_backward(
    equation: &BackwardEquation,
    step: Option<usize>,
    notation: Notation,
    facts: &dyn Facts,
) -> Vec<Spoken> {
    let speaker = Speaker { step, notation, facts };
    let mut words = Vec::new();
    match equation.targets.as_slice() {
        [target] => speaker.push(target, &mut words),
        targets => speaker.push_stack(targets, &mut words),
    }
    words.push(if equation.adds { Spoken::GrowsBy } else { Spoken::Equals });
    speaker.push(&equation.expr, &mut words);
    words
}

struct Speaker<'a> {
    step: Option<usize>,
    notation: Notation,
    facts: &'a dyn Facts,
}

impl Speaker<'_> {
    fn symbol(&self, symbol: &Symbol, time: Option<Time>) -> Spoken {
        let Spelling { gradient, letter, accent, subscript } =
            Spelling::of(symbol, self.notation, self.facts);
        let time = time.map(|time| time_text(self.step, time));
        Spoken::Symbol { gradient, letter, accent, subscript, time }
    }

    fn push(&self, expr: &Expr, words: &mut Vec<Spoken>) {
        match expr {
            Expr::Number(value) => words.push(Spoken::Number(value.to_string())),
            Expr::Value(symbol, time) => words.push(self.symbol(symbol, Some(*time))),
            Expr::Parameter(symbol) => words.push(self.symbol(symbol, None)),
            Expr::TermGradient(term) => {
                words.push(Spoken::GradientOf);
                self.push_bracketed(term, words);
            }
            Expr::Transpose(inner) => {
                self.push_atom(inner, words);
                words.push(Spoken::Transposed);
            }
            Expr::Product(left, right) => self.push_pair(left, Spoken::Product, right, words),
            Expr::Binary(operator, left, right) => match operator {
                // Sums are said without brackets where the order of words is clear.
                BinaryOperator::Add => {
                    self.push(left, words);
                    words.push(Spoken::Plus);
                    self.push(right, words);
                }
                BinaryOperator::Subtract => {
                    self.push(left, words);
                    words.push(Spoken::Minus);
                    self.push_factor(right, words);
                }
                BinaryOperator::Multiply => self.push_pair(left, Spoken::Times, right, words),
                BinaryOperator::Divide => {
                    self.push_atom(left, words);
                    words.push(Spoken::Over);
                    self.push_atom(right, words);
                }
            },
            Expr::Negate(inner) => {
                words.push(Spoken::Negative);
                self.push_factor(inner, words);
            }
            Expr::Power(_, 0) => words.push(Spoken::Number("1".to_owned())),
            Expr::Power(base, exponent) => {
                self.push_atom(base, words);
                words.push(Spoken::Power(*exponent));
            }
            Expr::Stack(parts) => self.push_stack(parts, words),
            Expr::Call(function, argument) => {
                words.push(Spoken::Function(*function));
                self.push_bracketed(argument, words);
            }
        }
    }

    fn push_pair(&self, left: &Expr, between: Spoken, right: &Expr, words: &mut Vec<Spoken>) {
        self.push_factor(left, words);
        words.push(between);
        self.push_factor(right, words);
    }

    /// In brackets if it is a sum.
    fn push_factor(&self, expr: &Expr, words: &mut Vec<Spoken>) {
        match expr {
            Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, ..) | Expr::Negate(_) => {
                self.push_bracketed(expr, words);
            }
            _ => self.push(expr, words),
        }
    }

    /// In brackets if it is more than one thing.
    fn push_atom(&self, expr: &Expr, words: &mut Vec<Spoken>) {
        match expr {
            Expr::Binary(..) | Expr::Negate(_) | Expr::Product(..) => self.push_bracketed(expr, words),
            _ => self.push(expr, words),
        }
    }

    fn push_bracketed(&self, expr: &Expr, words: &mut Vec<Spoken>) {
        words.push(Spoken::Open);
        self.push(expr, words);
        words.push(Spoken::Close);
    }

    fn push_stack(&self, parts: &[Expr], words: &mut Vec<Spoken>) {
        words.push(Spoken::Stack);
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                words.push(Spoken::And);
            }
            self.push(part, words);
        }
        words.push(Spoken::EndStack);
    }
}
