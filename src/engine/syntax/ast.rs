//! The syntax tree of a cell, and of the equations that are derived from it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SyntaxError;

/// A stretch of the (NFC) text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A name in its canonical spelling: `a`, `c~`, `Γ_f`, `W_aa`, `ŷ`, `z_f`, `dΓ_f`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Symbol(pub String);

impl Symbol {
    /// The letter with its accents: `Γ` of `Γ_f`, `c~` of `c~`.
    pub fn letter(&self) -> &str {
        self.0.split('_').next().unwrap_or("")
    }

    /// What stands after the underscore: `f` of `Γ_f`.
    pub fn subscript(&self) -> Option<&str> {
        self.0.split_once('_').map(|(_, subscript)| subscript)
    }

    /// The name of this symbol's gradient: `d` + the name.
    pub fn gradient(&self) -> Symbol {
        Symbol(format!("d{}", self.0))
    }

    /// The value that this is the gradient of: `Γ_f` for `dΓ_f`; none for `d`, `d_1` and words that only begin with a d.
    pub fn of_gradient(&self) -> Option<Symbol> {
        let of = Symbol::from(self.0.strip_prefix('d')?);
        (of.letter().trim_end_matches('~').chars().count() == 1).then_some(of)
    }
}

impl From<&str> for Symbol {
    fn from(name: &str) -> Self {
        Symbol(name.to_owned())
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which step a value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Time {
    /// `<t>`.
    Now,
    /// `<t-1>`.
    Previous,
}

/// A number of rows or columns, as a sum: `n_a·(hidden) + n_x·(input) + n_y·(output) + ones`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dim {
    /// How often `n_a` is in it.
    pub hidden: usize,
    /// How often `n_x` is in it.
    pub input: usize,
    /// How often `n_y` is in it.
    pub output: usize,
    /// What is added.
    pub ones: usize,
}

impl Dim {
    /// One row.
    pub const ONE: Dim = Dim { hidden: 0, input: 0, output: 0, ones: 1 };
    /// `n_a` rows.
    pub const HIDDEN: Dim = Dim { hidden: 1, input: 0, output: 0, ones: 0 };
    /// `n_x` rows.
    pub const INPUT: Dim = Dim { hidden: 0, input: 1, output: 0, ones: 0 };
    /// `n_y` rows.
    pub const OUTPUT: Dim = Dim { hidden: 0, input: 0, output: 1, ones: 0 };

    /// The number, once the sizes are known.
    pub fn size(self, n_a: usize, n_x: usize, n_y: usize) -> usize {
        self.hidden * n_a + self.input * n_x + self.output * n_y + self.ones
    }
}

impl std::ops::Add for Dim {
    type Output = Dim;
    fn add(self, other: Dim) -> Dim {
        Dim {
            hidden: self.hidden + other.hidden,
            input: self.input + other.input,
            output: self.output + other.output,
            ones: self.ones + other.ones,
        }
    }
}

/// An element-wise operator between two values of equal shape (or a number, or one row, which broadcasts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// A function of one column. The first eleven may be written in a cell; the rest only appear in derived equations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `σ(z) = 1 / (1 + exp(-z))`
    Sigmoid,
    /// `tanh`
    Tanh,
    /// `relu(z) = max(0, z)`
    Relu,
    /// `leaky_relu(z) = z` where `z > 0`, else `0.01·z`
    LeakyRelu,
    /// `swish(z) = z·σ(z)`
    Swish,
    /// `exp`
    Exp,
    /// Natural logarithm.
    Log,
    /// `softmax` over the rows.
    Softmax,
    /// Sum of the rows: one row, which broadcasts.
    Sum,
    /// Mean 0 and variance 1 over the rows (ε = 1e-5 under the root).
    LayerNorm,
    /// Mean 0 and variance 1 over the unmasked samples of the step (ε = 1e-5 under the root).
    BatchNorm,
    /// Derived only: 1 where the argument is positive, else 0.
    ReluSlope,
    /// Derived only: 1 where the argument is positive, else 0.01.
    LeakyReluSlope,
    /// Derived only: mean of the rows, one row.
    Mean,
    /// Derived only: `√(variance + ε)` of the rows, one row.
    Deviation,
    /// Derived only: mean over the unmasked samples of the step.
    BatchMean,
    /// Derived only: `√(variance + ε)` over the unmasked samples of the step.
    BatchDeviation,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A number that broadcasts.
    Number(f64),
    /// A value of this step or the state of the step before; `x<t>` too. In derived equations also gradients (`dΓ_f<t>`).
    Value(Symbol, Time),
    /// A parameter: a matrix if its first letter is a capital, else a column. In derived equations also its gradient.
    Parameter(Symbol),
    /// Derived only: the gradient that reaches an inner term that has no name, `d(Γ_r<t> * c<t-1>)`.
    TermGradient(Box<Expr>),
    /// Derived only: transposed, `W_fᵀ` or `[a<t-1>, x<t>]ᵀ`.
    Transpose(Box<Expr>),
    /// Matrix product. In a cell its left factor is a matrix parameter; derived equations also have `Wᵀ v` and `v uᵀ`.
    Product(Box<Expr>, Box<Expr>),
    /// Element-wise.
    Binary(BinaryOperator, Box<Expr>, Box<Expr>),
    /// Unary minus.
    Negate(Box<Expr>),
    /// `e^n`, element-wise, n a whole number.
    Power(Box<Expr>, i32),
    /// `[u, v]`: rows stacked.
    Stack(Vec<Expr>),
    /// A function of one column.
    Call(Function, Box<Expr>),
}

/// The parts of an expression, see [`Expr::parts`].
pub struct Parts<'e> {
    pair: [Option<&'e Expr>; 2],
    stacked: &'e [Expr],
}

impl<'e> Iterator for Parts<'e> {
    type Item = &'e Expr;

    fn next(&mut self) -> Option<&'e Expr> {
        let [first, second] = &mut self.pair;
        first.take().or_else(|| second.take()).or_else(|| {
            let (first, rest) = self.stacked.split_first()?;
            self.stacked = rest;
            Some(first)
        })
    }
}

impl Expr {
    /// What it is made of directly, in reading order. A gradient that reaches an inner term is a number of its own.
    pub fn parts(&self) -> Parts<'_> {
        let (pair, stacked): ([Option<&Expr>; 2], &[Expr]) = match self {
            Expr::Number(_) | Expr::Value(..) | Expr::Parameter(_) | Expr::TermGradient(_) => {
                ([None; 2], &[])
            }
            Expr::Transpose(inner) | Expr::Negate(inner) | Expr::Power(inner, _) | Expr::Call(_, inner) => {
                ([Some(inner), None], &[])
            }
            Expr::Product(left, right) | Expr::Binary(_, left, right) => ([Some(left), Some(right)], &[]),
            Expr::Stack(parts) => ([None; 2], parts),
        };
        Parts { pair, stacked }
    }

    /// Sees it and everything inside of it, outer ones first, in reading order.
    pub fn each<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        see(self);
        for part in self.parts() {
            part.each(see);
        }
    }

    /// Whether something is true of it or of anything inside of it.
    pub fn any(&self, is: &dyn Fn(&Expr) -> bool) -> bool {
        is(self) || self.parts().any(|part| part.any(is))
    }
}

/// What an equation assigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The name.
    pub name: Symbol,
    /// Where it stands in the text.
    pub span: Span,
}

/// One line of a cell: `target<t> = expr`.
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// The value that this line defines at step t.
    pub target: Target,
    /// Its right-hand side.
    pub expr: Expr,
    /// The line of the text, counted from 0.
    pub line: usize,
}

/// A parameter with its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; a matrix if the first letter is a capital, else a column.
    pub name: Symbol,
    /// Rows.
    pub rows: Dim,
    /// Columns; one for a column.
    pub columns: Dim,
}

/// A checked cell: names known, shapes agreeing, each state assigned once.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The text it was read from, in NFC.
    pub text: String,
    /// What `g` stands for, if the text says `activation g = …`; calls of `g` are already replaced by it.
    pub activation: Option<Function>,
    /// The states in the order of the `state` line.
    pub states: Vec<Symbol>,
    /// What goes up to the next layer or the head.
    pub output: Symbol,
    /// The equations in order.
    pub equations: Vec<Equation>,
    /// Every parameter in the order of its first use.
    pub parameters: Vec<Parameter>,
    /// Where rows of the state meet rows of the input (`o<t> = a<t> + x<t>`), so that the cell only fits layers with
    /// n_x = n_a; every shape then stands in n_a. See [`Cell::check_sizes`].
    pub only_if_square: Option<Box<SyntaxError>>,
}

impl Cell {
    /// Whether two texts say the same: states, output and equations, line by line. Comments, spaces and where the
    /// lines stand do not matter.
    pub fn is_same(&self, other: &Cell) -> bool {
        self.states == other.states
            && self.output == other.output
            && self.equations.len() == other.equations.len()
            && self
                .equations
                .iter()
                .zip(&other.equations)
                .all(|(one, other)| one.target.name == other.target.name && one.expr == other.expr)
    }
}

/// Which of the two pairs a head is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LossKind {
    /// `softmax` with cross-entropy.
    SoftmaxCrossEntropy,
    /// `σ` with the logistic loss, summed over the outputs.
    Logistic,
}

/// A checked output head with its loss: `ŷ<t> = …` and `l<t> = …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The text it was read from.
    pub text: String,
    /// The pair that the two lines form.
    pub loss: LossKind,
    /// `ŷ<t> = …`, `l<t> = …`.
    pub equations: Vec<Equation>,
    /// `W_ya` (n_y × n_a) and `b_y` (n_y × 1).
    pub parameters: Vec<Parameter>,
}
