//! An expression that still knows where each part stands.

use super::{BinaryOperator, Expr, Function, Span, Symbol, Time};

/// A part of an expression with its place in the whole text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub span: Span,
}

/// The forms of [`Expr`] that a text may hold, and names that are not resolved yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NodeKind {
    /// As it was read; gone once names are resolved.
    Name(Symbol, Option<Time>),
    Number(f64),
    Value(Symbol, Time),
    Parameter(Symbol),
    Product(Box<Node>, Box<Node>),
    Binary(BinaryOperator, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Power(Box<Node>, i32),
    Stack(Vec<Node>),
    Call(Function, Box<Node>),
}

impl Node {
    /// Its value, where it is made of numbers alone.
    pub(super) fn constant(&self) -> Option<f64> {
        match &self.kind {
            NodeKind::Number(number) => Some(*number),
            NodeKind::Negate(of) => Some(-of.constant()?),
            NodeKind::Power(of, exponent) => Some(of.constant()?.powi(*exponent)),
            NodeKind::Binary(operator, left, right) => {
                let (left, right) = (left.constant()?, right.constant()?);
                Some(match operator {
                    BinaryOperator::Add => left + right,
                    BinaryOperator::Subtract => left - right,
                    BinaryOperator::Multiply => left * right,
                    BinaryOperator::Divide => left / right,
                })
            }
            _ => None,
        }
    }

    /// The tree without places.
    pub(super) fn to_expr(&self) -> Expr {
        let boxed = |node: &Node| Box::new(node.to_expr());
        match &self.kind {
            NodeKind::Name(name, None) | NodeKind::Parameter(name) => Expr::Parameter(name.clone()),
            NodeKind::Name(name, Some(time)) | NodeKind::Value(name, time) => {
                Expr::Value(name.clone(), *time)
            }
            NodeKind::Number(number) => Expr::Number(*number),
            NodeKind::Product(left, right) => Expr::Product(boxed(left), boxed(right)),
            NodeKind::Binary(operator, left, right) => Expr::Binary(*operator, boxed(left), boxed(right)),
            NodeKind::Negate(of) => Expr::Negate(boxed(of)),
            NodeKind::Power(of, exponent) => Expr::Power(boxed(of), *exponent),
            NodeKind::Stack(parts) => Expr::Stack(parts.iter().map(Node::to_expr).collect()),
            NodeKind::Call(function, of) => Expr::Call(*function, boxed(of)),
        }
    }
}
