//! What can be wrong with a text, and where.

use std::fmt;

use thiserror::Error;

use super::{BinaryOperator, Dim, Span, Symbol};

/// One thing that is wrong, at one place of the (NFC) text.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct SyntaxError {
    /// What is wrong, with what a sentence about it needs.
    pub kind: SyntaxErrorKind,
    /// Line, counted from 1.
    pub line: usize,
    /// Grapheme cluster in the line, counted from 1.
    pub column: usize,
    /// Length in grapheme clusters; 0 where something is missing.
    pub length: usize,
    /// The same place in bytes of the whole text after NFC.
    pub span: Span,
}

/// Rows × columns, in words of sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows.
    pub rows: Dim,
    /// Columns.
    pub columns: Dim,
}

/// What is wrong. `Display` is for the command line; the page has a sentence of its own for each [`code`](Self::code).
#[derive(Clone, Debug, PartialEq, Error)]
#[allow(missing_docs, reason = "the fields are what each sentence names")]
pub enum SyntaxErrorKind {
    /// More than 64 lines.
    #[error("a cell has at most {limit} lines")]
    TooManyLines { limit: usize },
    /// More than 200 characters in a line.
    #[error("a line has at most {limit} characters")]
    LineTooLong { limit: usize },
    /// More than 32 brackets inside each other.
    #[error("at most {limit} brackets may stand inside each other")]
    TooDeep { limit: usize },
    /// A character that the language does not know.
    #[error("`{character}` has no meaning here")]
    UnexpectedCharacter { character: String },
    /// Angle brackets with something else than `t` or `t-1`.
    #[error("a time is <t> or <t-1>, not {found}")]
    BadTime { found: String },
    /// Digits that are no finite number.
    #[error("`{found}` is no number that can be used")]
    BadNumber { found: String },
    /// `a / 0`, `a / (1 - 1)`, `0^-1`.
    #[error("this divides by zero")]
    DividesByZero,
    /// `^` without a whole number of at most two digits after it.
    #[error("after ^ comes a whole number from -{limit} to {limit}")]
    BadExponent { limit: i32 },
    /// A value, a number or a bracket should stand here.
    #[error("a value is missing before {}", .found.as_deref().unwrap_or("the end of the line"))]
    ExpectedValue { found: Option<String> },
    /// The expression was complete before this.
    #[error("`{found}` does not belong here")]
    UnexpectedToken { found: String },
    /// A line that is neither an equation nor a `state`, `output` or `activation` line.
    #[error("an equation looks like `a<t> = …`")]
    NotAnEquation,
    /// A bracket that is never closed.
    #[error("`{bracket}` is never closed")]
    UnclosedBracket { bracket: char },
    /// A bracket that was never opened.
    #[error("`{bracket}` was never opened")]
    UnopenedBracket { bracket: char },
    /// `[]`.
    #[error("[ ] needs at least one value")]
    EmptyStack,
    /// A function's name without brackets after it.
    #[error("{function} needs its argument in brackets: {function}(…)")]
    FunctionWithoutArgument { function: String },
    /// A comma in a call.
    #[error("{function} has one argument; rows are stacked by [ , ]")]
    TooManyArguments { function: String },
    /// A call of something that is no function.
    #[error("there is no function {name}{}", meant(.nearest.as_deref()))]
    UnknownFunction { name: String, nearest: Option<String> },
    /// `g(…)` without an `activation` line.
    #[error("g stands for an activation: begin with `activation g = tanh`")]
    ActivationMissing,
    /// `activation g = …` with something else than an activation function.
    #[error("{name} is no activation: use tanh, σ, relu, leaky_relu or swish")]
    NotAnActivation { name: String },
    /// A `state`, `output` or `activation` line that is not formed like one.
    #[error("the {directive} line has the form {}", form(.directive))]
    BadDirective { directive: String },
    /// A second `state`, `output` or `activation` line.
    #[error("there is a {directive} line already, line {first_line}")]
    DirectiveTwice { directive: String, first_line: usize },
    /// A `state`, `output` or `activation` line in a head.
    #[error("a head has no {directive} line")]
    DirectiveInHead { directive: String },
    /// No `state` line.
    #[error("a cell says what it remembers: begin with `state a`")]
    MissingState,
    /// The same state named twice.
    #[error("{name} is a state already")]
    StateTwice { name: Symbol },
    /// A name that means something else.
    #[error("the name {name} is reserved")]
    Reserved { name: Symbol },
    /// A left-hand side at another step than `<t>`.
    #[error("an equation defines a value of this step: {name}<t> = …")]
    TargetNotNow { name: Symbol },
    /// A second equation for the same name.
    #[error("{name} is assigned already, line {first_line}")]
    AssignedTwice { name: Symbol, first_line: usize },
    /// A state without an equation.
    #[error("the state {name} is never assigned: it needs a line {name}<t> = …")]
    StateNeverAssigned { name: Symbol },
    /// The output without an equation.
    #[error("the output {name} is never assigned: it needs a line {name}<t> = …")]
    OutputNeverAssigned { name: Symbol },
    /// A value used above, or in, the line that defines it.
    #[error("{name}<t> is used before it is defined, line {defined_line}")]
    UsedBeforeDefined { name: Symbol, defined_line: usize, is_state: bool },
    /// A name with a time (or a gate's name) that nothing defines.
    #[error("nothing is called {name}{}", meant(.nearest.as_ref().map(|name| name.0.as_str())))]
    UnknownName { name: Symbol, nearest: Option<Symbol> },
    /// `x` or `y` without a time.
    #[error("{name} changes from step to step: write {name}<t>")]
    NeedsTime { name: Symbol },
    /// `<t-1>` of a value that is no state.
    #[error("{name} is not remembered from the step before: add it to the state line")]
    PreviousOfNoState { name: Symbol },
    /// `<t-1>` of a value that comes from outside.
    #[error("{name} comes from outside, only {name}<t> is there: remember it in a state of your own")]
    PreviousOfOutside { name: Symbol },
    /// A matrix product whose left factor is no matrix parameter.
    #[error(
        "the left factor of a matrix product is a matrix; for element by element write * before `{right}`"
    )]
    LeftFactorNotMatrix { left: String, right: String },
    /// A matrix parameter that is not the left factor of a product.
    #[error(
        "{name} begins with a capital, so it is a matrix: it stands before a value, with a space between"
    )]
    MatrixWithoutProduct { name: Symbol },
    /// A product whose shapes do not fit; the matrix got its shape from an earlier use.
    #[error("{name} is {left} (line {first_line}) and cannot multiply {right}")]
    CannotMultiply { name: Symbol, left: Box<Shape>, right: Box<Shape>, first_line: usize },
    /// Two values of different height, element by element.
    #[error("{left} {operator} {right}: the two shapes differ")]
    CannotCombine { operator: BinaryOperator, left: Box<Shape>, right: Box<Shape> },
    /// A right-hand side with another height than its left-hand side.
    #[error("{name}<t> is {expected}, but the right-hand side is {found}")]
    WrongRows { name: Symbol, expected: Box<Shape>, found: Box<Shape> },
    /// A head that is not two lines, `ŷ<t> = …` and `l<t> = …`.
    #[error("a head has two lines: ŷ<t> = … and l<t> = …")]
    HeadLines,
    /// Output and loss that are not one of the two pairs.
    #[error("output and loss must be softmax with cross-entropy, or σ with the logistic loss")]
    HeadPair,
}

impl SyntaxErrorKind {
    /// A stable key for the sentence in the reader's language, `unknown-name`.
    pub fn code(&self) -> &'static str {
        self.parts().0
    }

    /// What the sentence has to name, by key: `name`, `nearest`, `left`, `right` … Absent facts are left out.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        self.parts().1
    }

    fn parts(&self) -> (&'static str, Vec<(&'static str, String)>) {
        use SyntaxErrorKind as Kind;
        let with = |key: &'static str, value: &dyn fmt::Display| vec![(key, value.to_string())];
        match self {
            Kind::TooManyLines { limit } => ("too-many-lines", with("limit", limit)),
            Kind::LineTooLong { limit } => ("line-too-long", with("limit", limit)),
            Kind::TooDeep { limit } => ("too-deep", with("limit", limit)),
            Kind::UnexpectedCharacter { character } => ("unexpected-character", with("character", character)),
            Kind::BadTime { found } => ("bad-time", with("found", found)),
            Kind::BadNumber { found } => ("bad-number", with("found", found)),
            Kind::DividesByZero => ("divides-by-zero", vec![]),
            Kind::BadExponent { limit } => ("bad-exponent", with("limit", limit)),
            Kind::ExpectedValue { found: Some(found) } => ("expected-value", with("found", found)),
            Kind::ExpectedValue { found: None } => ("expected-value-at-end", vec![]),
            Kind::UnexpectedToken { found } => ("unexpected-token", with("found", found)),
            Kind::NotAnEquation => ("not-an-equation", vec![]),
            Kind::UnclosedBracket { bracket } => ("unclosed-bracket", with("bracket", bracket)),
            Kind::UnopenedBracket { bracket } => ("unopened-bracket", with("bracket", bracket)),
            Kind::EmptyStack => ("empty-stack", vec![]),
            Kind::FunctionWithoutArgument { function } => {
                ("function-without-argument", with("function", function))
            }
            Kind::TooManyArguments { function } => ("too-many-arguments", with("function", function)),
            Kind::UnknownFunction { name, nearest: None } => ("unknown-function", with("name", name)),
            Kind::UnknownFunction { name, nearest: Some(nearest) } => {
                ("unknown-function-nearest", vec![("name", name.clone()), ("nearest", nearest.clone())])
            }
            Kind::ActivationMissing => ("activation-missing", vec![]),
            Kind::NotAnActivation { name } => ("not-an-activation", with("name", name)),
            Kind::BadDirective { directive } => (
                "bad-directive",
                vec![("directive", directive.clone()), ("form", form(directive).to_owned())],
            ),
            Kind::DirectiveTwice { directive, first_line } => {
                ("directive-twice", vec![("directive", directive.clone()), ("line", first_line.to_string())])
            }
            Kind::DirectiveInHead { directive } => ("directive-in-head", with("directive", directive)),
            Kind::MissingState => ("missing-state", vec![]),
            Kind::StateTwice { name } => ("state-twice", with("name", name)),
            Kind::Reserved { name } => ("reserved", with("name", name)),
            Kind::TargetNotNow { name } => ("target-not-now", with("name", name)),
            Kind::AssignedTwice { name, first_line } => {
                ("assigned-twice", vec![("name", name.0.clone()), ("line", first_line.to_string())])
            }
            Kind::StateNeverAssigned { name } => ("state-never-assigned", with("name", name)),
            Kind::OutputNeverAssigned { name } => ("output-never-assigned", with("name", name)),
            Kind::UsedBeforeDefined { name, defined_line, is_state } => (
                if *is_state { "used-before-defined-state" } else { "used-before-defined" },
                vec![("name", name.0.clone()), ("line", defined_line.to_string())],
            ),
            Kind::UnknownName { name, nearest: None } => ("unknown-name", with("name", name)),
            Kind::UnknownName { name, nearest: Some(nearest) } => {
                ("unknown-name-nearest", vec![("name", name.0.clone()), ("nearest", nearest.0.clone())])
            }
            Kind::NeedsTime { name } => ("needs-time", with("name", name)),
            Kind::PreviousOfNoState { name } => ("previous-of-no-state", with("name", name)),
            Kind::PreviousOfOutside { name } => ("previous-of-outside", with("name", name)),
            Kind::LeftFactorNotMatrix { left, right } => {
                ("left-factor-not-matrix", vec![("left", left.clone()), ("right", right.clone())])
            }
            Kind::MatrixWithoutProduct { name } => ("matrix-without-product", with("name", name)),
            Kind::CannotMultiply { name, left, right, first_line } => (
                "cannot-multiply",
                vec![
                    ("name", name.0.clone()),
                    ("left", left.to_string()),
                    ("right", right.to_string()),
                    ("line", first_line.to_string()),
                ],
            ),
            Kind::CannotCombine { operator, left, right } => (
                "cannot-combine",
                vec![
                    ("operator", operator.to_string()),
                    ("left", left.to_string()),
                    ("right", right.to_string()),
                ],
            ),
            Kind::WrongRows { name, expected, found } => (
                "wrong-rows",
                vec![
                    ("name", name.0.clone()),
                    ("expected", expected.to_string()),
                    ("found", found.to_string()),
                ],
            ),
            Kind::HeadLines => ("head-lines", vec![]),
            Kind::HeadPair => ("head-pair", vec![]),
        }
    }
}

/// How a line that begins with one of the three words is formed.
fn form(directive: &str) -> &'static str {
    match directive {
        "state" => "state a, c",
        "output" => "output o",
        _ => "activation g = tanh",
    }
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

impl fmt::Display for Dim {
    /// `n_a + n_x`, `2 n_a`, `1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_first = true;
        for (count, letter) in [(self.hidden, "n_a"), (self.input, "n_x"), (self.output, "n_y")] {
            if count > 0 {
                f.write_str(if is_first { "" } else { " + " })?;
                is_first = false;
                if count > 1 {
                    write!(f, "{count} ")?;
                }
                f.write_str(letter)?;
            }
        }
        match (is_first, self.ones) {
            (false, 0) => Ok(()),
            (false, ones) => write!(f, " + {ones}"),
            (true, ones) => write!(f, "{ones}"),
        }
    }
}

impl fmt::Display for Shape {
    /// `n_a × (n_a + n_x)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |dim: Dim| {
            let text = dim.to_string();
            if text.contains('+') { format!("({text})") } else { text }
        };
        write!(f, "{} × {}", side(self.rows), side(self.columns))
    }
}
