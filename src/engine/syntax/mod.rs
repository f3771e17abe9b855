//! The cell language: what a cell'"'"'s text may hold.

mod ast;

pub use ast::{
    BinaryOperator, Cell, Dim, Equation, Expr, Function, Head, LossKind, Parameter, Span, Symbol, Target,
    Time,
};
