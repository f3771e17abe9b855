//! From the syntax tree to MathML.

use super::node::{Node, Tag};
use super::symbol::{Facts, Notation, Spelling, SymbolId};
use crate::engine::BackwardEquation;
use crate::engine::syntax::{BinaryOperator, Equation, Expr, Function, Symbol, Time};
use crate::view::number;
use crate::view::role::Role;

/// How formulas are set.
#[derive(Clone, Copy)]
pub struct Typesetter<'a> {
    /// Whose letters.
    pub notation: Notation,
    /// The live step (from 1), whose number then stands for `t`; none: the letter `t`.
    pub step: Option<usize>,
    /// What is known about the symbols.
    pub facts: &'a dyn Facts,
}

/// How tightly an expression binds; what binds less tightly than its place needs brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Minus,
    Elementwise,
    Product,
    Power,
    Atom,
}

impl Typesetter<'_> {
    /// `target⟨t⟩ = expression`, inside `<math>`.
    pub fn equation(&self, equation: &Equation) -> Node {
        let mut row = vec![self.value(&equation.target.name, Some(Time::Now)), operator("=")];
        self.push(&equation.expr, &mut row);
        Node::of(Tag::Math, row)
    }

    /// `targets = expression` or `targets += expression`, inside `<math>`.
    pub fn backward(&self, equation: &BackwardEquation) -> Node {
        let mut row = Vec::new();
        match equation.targets.as_slice() {
            [target] => self.push(target, &mut row),
            targets => row.push(self.list(targets)),
        }
        row.push(operator(if equation.adds { "+=" } else { "=" }));
        self.push(&equation.expr, &mut row);
        Node::of(Tag::Math, row)
    }

    /// An expression alone, inside `<math>`.
    pub fn expression(&self, expr: &Expr) -> Node {
        let mut row = Vec::new();
        self.push(expr, &mut row);
        Node::of(Tag::Math, row)
    }

    /// One symbol alone, inside `<math>`.
    pub fn symbol(&self, symbol: &Symbol, time: Option<Time>) -> Node {
        Node::of(Tag::Math, vec![self.value(symbol, time)])
    }

    /// The role of a symbol: by the preset's facts, else by its letter.
    pub fn role(&self, symbol: &Symbol) -> Role {
        self.facts.role(symbol).unwrap_or_else(|| Role::of(symbol))
    }

    /// The text of a time: `t−1` or the number of the live step.
    pub fn time(&self, time: Time) -> String {
        time_text(self.step, time)
    }

    /// Appends an expression's elements to a row.
    fn push(&self, expr: &Expr, row: &mut Vec<Node>) {
        match expr {
            Expr::Number(value) => row.push(number_node(*value)),
            Expr::Value(symbol, time) => row.push(self.value(symbol, Some(*time))),
            Expr::Parameter(symbol) => row.push(self.parameter(symbol, None)),
            Expr::TermGradient(term) => {
                row.push(Node::text(Tag::Mi, "d").attribute("mathvariant", "normal"));
                self.push_bracketed(term, row);
            }
            Expr::Transpose(inner) => row.push(self.transposed(inner)),
            Expr::Product(left, right) => {
                self.push_at_least(left, Binding::Product, row);
                // Invisible times: a matrix before a bracket must not be read as a function.
                row.push(operator("\u{2062}").attribute("lspace", "0.12em").attribute("rspace", "0em"));
                self.push_at_least(right, Binding::Product, row);
            }
            Expr::Binary(BinaryOperator::Divide, left, right) => {
                row.push(Node::of(Tag::Mfrac, vec![self.group(left), self.group(right)]));
            }
            Expr::Binary(operation, left, right) => self.push_binary(*operation, left, right, row),
            Expr::Negate(inner) => {
                row.push(operator("−").attribute("form", "prefix"));
                self.push_at_least(inner, Binding::Elementwise, row);
            }
            // 1 in every row: so a gradient of one row is written out for each.
            Expr::Power(_, 0) => row.push(number_node(1.0).attribute("mathvariant", "bold")),
            Expr::Power(base, exponent) => {
                row.push(Node::of(Tag::Msup, vec![self.base(base), number_node(f64::from(*exponent))]));
            }
            Expr::Stack(parts) => row.push(self.list(parts)),
            Expr::Call(function, argument) => {
                row.push(function_name(*function));
                self.push_bracketed(argument, row);
            }
        }
    }

    fn push_binary(&self, operation: BinaryOperator, left: &Expr, right: &Expr, row: &mut Vec<Node>) {
        let (sign, own) = match operation {
            BinaryOperator::Add => ("+", Binding::Sum),
            BinaryOperator::Subtract => ("−", Binding::Sum),
            BinaryOperator::Multiply | BinaryOperator::Divide => ("∗", Binding::Elementwise),
        };
        self.push_at_least(left, own, row);
        row.push(operator(sign));
        // A sum may follow + as it is; after − and before a leading minus it needs brackets.
        let needed = match operation {
            BinaryOperator::Add if !begins_with_minus(right) => Binding::Sum,
            BinaryOperator::Add | BinaryOperator::Subtract => Binding::Elementwise,
            BinaryOperator::Multiply | BinaryOperator::Divide => Binding::Elementwise,
        };
        self.push_at_least(right, needed, row);
    }

    fn push_at_least(&self, expr: &Expr, needed: Binding, row: &mut Vec<Node>) {
        if binding(expr) < needed { self.push_bracketed(expr, row) } else { self.push(expr, row) }
    }

    fn push_bracketed(&self, expr: &Expr, row: &mut Vec<Node>) {
        let around = if has_fraction(expr) { operator } else { bracket };
        row.push(around("("));
        self.push(expr, row);
        row.push(around(")"));
    }

    /// One element that holds an expression.
    fn group(&self, expr: &Expr) -> Node {
        let mut row = Vec::new();
        self.push(expr, &mut row);
        single(row)
    }

    /// The base of a power. A value has brackets, because its own superscript is the time.
    fn base(&self, expr: &Expr) -> Node {
        let mut row = Vec::new();
        let is_plain = matches!(expr, Expr::Call(..) | Expr::Number(_) | Expr::Stack(_))
            || (self.notation != Notation::Notes && matches!(expr, Expr::Value(..)));
        if is_plain {
            self.push(expr, &mut row)
        } else {
            self.push_bracketed(expr, &mut row)
        }
        single(row)
    }

    /// `[u, v]`
    fn list(&self, parts: &[Expr]) -> Node {
        let mut row = vec![bracket("[")];
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                row.push(Node::text(Tag::Mo, ",").attribute("separator", "true"));
            }
            self.push(part, &mut row);
        }
        row.push(bracket("]"));
        Node::of(Tag::Mrow, row)
    }

    fn transposed(&self, inner: &Expr) -> Node {
        let mark = || Node::text(Tag::Mi, "T").attribute("mathvariant", "normal");
        match inner {
            Expr::Parameter(symbol) => self.parameter(symbol, Some(mark())),
            Expr::Value(symbol, time) => self.symbol_node(symbol, Some(*time), Some(mark())),
            Expr::Stack(parts) => Node::of(Tag::Msup, vec![self.list(parts), mark()]),
            _ => {
                let mut row = Vec::new();
                self.push_bracketed(inner, &mut row);
                Node::of(Tag::Msup, vec![single(row), mark()])
            }
        }
    }

    fn value(&self, symbol: &Symbol, time: Option<Time>) -> Node {
        self.symbol_node(symbol, time, None)
    }

    fn parameter(&self, symbol: &Symbol, mark: Option<Node>) -> Node {
        self.symbol_node(symbol, None, mark)
    }

    /// One element for one symbol: letter, accent, subscript, and time and transposition as superscript.
    fn symbol_node(&self, symbol: &Symbol, time: Option<Time>, mark: Option<Node>) -> Node {
        let spelling = Spelling::of(symbol, self.notation, self.facts);
        let role = if time.is_none() && Role::of(symbol) == Role::Neutral {
            self.facts.role(symbol).unwrap_or(Role::Weight)
        } else {
            self.role(symbol)
        };
        let class = role.class();
        let mut letter = Node::text(Tag::Mi, spelling.letter.clone()).class(class);
        if spelling.upright() && spelling.letter.chars().count() == 1 {
            letter = letter.attribute("mathvariant", "normal");
        }
        if let Some(accent) = spelling.accent {
            let sign = Node::text(Tag::Mo, accent.sign()).class(class);
            letter = Node::of(Tag::Mover, vec![letter, sign]).attribute("accent", "true");
        }
        let time_below = self.notation != Notation::Notes;
        let below = self.below(&spelling, class, time.filter(|_| time_below));
        let above = self.above(time.filter(|_| !time_below), mark);
        let written = match (below, above) {
            (Some(below), Some(above)) => Node::of(Tag::Msubsup, vec![letter, below, above]),
            (Some(below), None) => Node::of(Tag::Msub, vec![letter, below]),
            (None, Some(above)) => Node::of(Tag::Msup, vec![letter, above]),
            (None, None) => Node::of(Tag::Mrow, vec![letter]),
        };
        let whole = if spelling.gradient {
            let d = Node::text(Tag::Mi, "d").class(class).attribute("mathvariant", "normal");
            Node::of(Tag::Mrow, vec![d, written])
        } else {
            written
        };
        let id = SymbolId { name: symbol.clone(), time };
        whole.class("symbol").attribute("data-symbol", id.to_string()).attribute("data-role", class)
    }

    fn below(&self, spelling: &Spelling, class: &'static str, time: Option<Time>) -> Option<Node> {
        let mut row: Vec<Node> = spelling
            .subscript
            .iter()
            .flat_map(|subscript| subscript.chars())
            .map(|character| {
                let tag = if character.is_ascii_digit() { Tag::Mn } else { Tag::Mi };
                Node::text(tag, character.to_string()).class(class)
            })
            .collect();
        if let Some(time) = time {
            if !row.is_empty() {
                row.push(Node::text(Tag::Mo, ",").attribute("separator", "true"));
            }
            row.extend(self.time_row(time));
        }
        (!row.is_empty()).then(|| single(row))
    }

    fn above(&self, time: Option<Time>, mark: Option<Node>) -> Option<Node> {
        let mut row = Vec::new();
        if let Some(time) = time {
            row.push(bracket("⟨"));
            row.extend(self.time_row(time));
            row.push(bracket("⟩"));
        }
        row.extend(mark);
        match row.len() {
            0 => None,
            _ => Some(single(row).class("time")),
        }
    }

    fn time_row(&self, time: Time) -> Vec<Node> {
        match (self.step, time) {
            (Some(step), Time::Now) => vec![Node::text(Tag::Mn, step.to_string())],
            (Some(step), Time::Previous) => vec![Node::text(Tag::Mn, step.saturating_sub(1).to_string())],
            (None, Time::Now) => vec![Node::text(Tag::Mi, "t")],
            (None, Time::Previous) => {
                vec![Node::text(Tag::Mi, "t"), operator("−"), Node::text(Tag::Mn, "1")]
            }
        }
    }
}

/// `t`, `t−1`, or the number of the live step.
pub(crate) fn time_text(step: Option<usize>, time: Time) -> String {
    match (step, time) {
        (Some(step), Time::Now) => step.to_string(),
        (Some(step), Time::Previous) => step.saturating_sub(1).to_string(),
        (None, Time::Now) => "t".to_owned(),
        (None, Time::Previous) => format!("t{}1", number::MINUS),
    }
}

/// A function's name as it is written before its brackets.
pub(crate) fn function_text(function: Function) -> &'static str {
    match function {
        Function::Sigmoid => "σ",
        Function::Tanh => "tanh",
        Function::Relu => "relu",
        Function::LeakyRelu => "leaky relu",
        Function::Swish => "swish",
        Function::Exp => "exp",
        Function::Log => "log",
        Function::Softmax => "softmax",
        Function::Sum => "∑",
        Function::LayerNorm => "layernorm",
        Function::BatchNorm => "batchnorm",
        Function::ReluSlope => "relu′",
        Function::LeakyReluSlope => "leaky relu′",
        Function::Mean | Function::BatchMean => "mean",
        Function::Deviation | Function::BatchDeviation => "std",
    }
}

fn function_name(function: Function) -> Node {
    let name = function_text(function);
    match function {
        Function::Sum => operator(name).class("function"),
        Function::Sigmoid => Node::text(Tag::Mi, name).class("function"),
        Function::BatchMean | Function::BatchDeviation => Node::of(
            Tag::Msub,
            vec![Node::text(Tag::Mi, name).class("function"), Node::text(Tag::Mi, "B").class("function")],
        ),
        _ => Node::text(Tag::Mi, name).class("function"),
    }
}

fn binding(expr: &Expr) -> Binding {
    match expr {
        Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, ..) => Binding::Sum,
        Expr::Negate(_) => Binding::Minus,
        Expr::Binary(BinaryOperator::Multiply, ..) => Binding::Elementwise,
        // A fraction's bar groups what stands over and under it.
        Expr::Binary(BinaryOperator::Divide, ..) => Binding::Product,
        Expr::Product(..) => Binding::Product,
        Expr::Power(..) => Binding::Power,
        Expr::Number(value) if *value < 0.0 => Binding::Minus,
        _ => Binding::Atom,
    }
}

fn has_fraction(expr: &Expr) -> bool {
    expr.any(&|part| matches!(part, Expr::Binary(BinaryOperator::Divide, ..)))
}

fn begins_with_minus(expr: &Expr) -> bool {
    match expr {
        Expr::Negate(_) => true,
        Expr::Number(value) => *value < 0.0,
        Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, left, _) => begins_with_minus(left),
        _ => false,
    }
}

fn number_node(value: f64) -> Node {
    let text = value.abs().to_string();
    if value < 0.0 {
        Node::text(Tag::Mn, format!("{}{text}", number::MINUS))
    } else {
        Node::text(Tag::Mn, text)
    }
}

fn operator(sign: &str) -> Node {
    Node::text(Tag::Mo, sign)
}

/// A bracket that keeps the size of the text: only a fraction is taller than that.
fn bracket(sign: &str) -> Node {
    operator(sign).attribute("stretchy", "false")
}

/// The only element of a row, or the row as one element.
fn single(mut row: Vec<Node>) -> Node {
    match (row.len(), row.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            row.extend(last);
            Node::of(Tag::Mrow, row)
        }
    }
}
