//! The cell language: a text becomes a checked [`Cell`] or a list of what is wrong with it, each with its place.
//!
//! Text → lines → tokens (`lexer`) → expressions (`parser`) → names (`names`) → shapes (`shapes`) → [`Cell`] (`read`).
//! Back to text: [`to_text`]. While a text is still being written: `editing`. The naming rule for inner terms: [`named_intermediates`].
//! New expressions: `make`, `rewrite`.

mod ast;
mod editing;
mod error;
mod function;
mod intermediates;
mod lexer;
pub(crate) mod make;
mod names;
mod near;
mod node;
mod parser;
mod print;
mod read;
mod rewrite;
mod rows;
mod shapes;
mod statements;

pub use ast::{
    BinaryOperator, Cell, Dim, Equation, Expr, Function, Head, LossKind, Parameter, Span, Symbol, Target,
    Time,
};
pub use editing::{names_in, shapes_so_far};
pub use error::{Shape, SyntaxError, SyntaxErrorKind};
pub use intermediates::{
    Named, head_reading, head_with_intermediates, holds_product, is_named, named_intermediates,
    with_intermediates,
};
pub use parser::{MAX_EXPONENT, MAX_NESTING};
pub use print::to_text;
pub use read::{parse_cell, parse_expression, parse_head};
pub use statements::{DIRECTIVES, MAX_LINE_LENGTH, MAX_LINES};
