//! From equations to what flows where: boxes (a matrix product with its function), operators, and their inputs.

use super::terms;
use crate::engine::syntax::{BinaryOperator, Cell, Expr, Symbol, Time, to_text};
use crate::view::formula::{Facts, SymbolId};
use crate::view::role::Role;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A state of the step before.
    Previous(Symbol),
    /// `x⟨t⟩`
    Input,
    /// A node's result.
    Node(usize),
}

/// What flows into a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inflow {
    pub source: Source,
    /// The value's name where it has one.
    pub symbol: Option<SymbolId>,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A matrix product with the function around it.
    Product,
    /// An element-wise operator: a circle.
    Operator,
    /// A function, or an operator with a longer name: a small box.
    Function,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub kind: Kind,
    pub sign: String,
    pub equation: usize,
    pub inputs: Vec<Inflow>,
    pub role: Role,
    /// The name of the result, if it is a left-hand side.
    pub symbol: Option<SymbolId>,
    /// It stands below the boxes, because it is part of what a product takes in.
    pub lower: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    /// Every left-hand side in order: its name, the node that makes it, its equation.
    pub values: Vec<(Symbol, usize, usize)>,
}

impl Graph {
    pub fn value(&self, name: &Symbol) -> Option<usize> {
        self.values.iter().find(|value| value.0 == *name).map(|value| value.1)
    }

    pub fn node(&self, inflow: &Inflow) -> Option<usize> {
        match inflow.source {
            Source::Node(node) => Some(node),
            _ => None,
        }
    }
}

/// Reads a cell's equations.
pub(super) fn graph(cell: &Cell, facts: &dyn Facts) -> Graph {
    let mut builder = Builder { graph: Graph::default(), facts, equation: 0, target: Role::Neutral };
    for (number, equation) in cell.equations.iter().enumerate() {
        let name = &equation.target.name;
        builder.equation = number;
        builder.target = builder.role(name);
        let before = builder.graph.nodes.len();
        let result = builder.build(&equation.expr, false);
        let node = match result.as_ref().map(|inflow| (inflow.source.clone(), before)) {
            // Another name for a value of this step.
            Some((Source::Node(node), before)) if node < before => node,
            Some((Source::Node(node), _)) => node,
            // Another name for a state before or for the input, or a constant: a box of its own says so.
            _ => builder.add(Kind::Function, "=".to_owned(), result.into_iter().collect(), false),
        };
        if let Some(made) = builder.graph.nodes.get_mut(node).filter(|_| node >= before) {
            made.symbol = Some(SymbolId { name: name.clone(), time: Some(Time::Now) });
            made.role = builder.target;
        }
        builder.graph.values.push((name.clone(), node, number));
    }
    builder.graph
}

struct Builder<'a> {
    graph: Graph,
    facts: &'a dyn Facts,
    equation: usize,
    target: Role,
}

impl Builder<'_> {
    fn role(&self, symbol: &Symbol) -> Role {
        self.facts.role(symbol).unwrap_or_else(|| Role::of(symbol))
    }

    fn add(&mut self, kind: Kind, sign: String, inputs: Vec<Inflow>, lower: bool) -> usize {
        // What has one input keeps its colour; what mixes two has the colour of what it is made for.
        let role = match inputs.as_slice() {
            [only] if kind != Kind::Product => only.role,
            _ => self.target,
        };
        let equation = self.equation;
        self.graph.nodes.push(Node { kind, sign, equation, inputs, role, symbol: None, lower });
        self.graph.nodes.len() - 1
    }

    fn flow(&self, node: usize) -> Option<Inflow> {
        let made = self.graph.nodes.get(node)?;
        Some(Inflow { source: Source::Node(node), symbol: made.symbol.clone(), role: made.role })
    }

    /// What an expression gives; none for numbers and parameters, which have no wire.
    fn build(&mut self, expr: &Expr, lower: bool) -> Option<Inflow> {
        if has_direct_product(expr)
            && !matches!(expr, Expr::Binary(BinaryOperator::Multiply | BinaryOperator::Divide, ..))
            || matches!(expr, Expr::Call(_, argument) if has_direct_product(argument))
        {
            return match terms::apart(expr) {
                Some(sum) => self.build_binary(sum.operator, &sum.first, &sum.second, lower),
                None => self.build_box(expr),
            };
        }
        match expr {
            Expr::Number(_) | Expr::Parameter(_) | Expr::TermGradient(_) => None,
            Expr::Value(name, time) => self.build_value(name, *time),
            Expr::Transpose(inner) => self.build(inner, lower),
            Expr::Negate(inner) => self.build_unary("−".to_owned(), inner, lower),
            Expr::Power(inner, exponent) => self.build_unary(power_sign(*exponent), inner, lower),
            Expr::Call(function, inner) => {
                let inflow = self.build(inner, lower)?;
                let sign = crate::view::formula::function_text(*function).to_owned();
                let node = self.add(Kind::Function, sign, vec![inflow], lower);
                self.flow(node)
            }
            Expr::Stack(parts) => {
                let inputs: Vec<Inflow> = parts.iter().filter_map(|part| self.build(part, lower)).collect();
                let node = self.add(Kind::Operator, "[ ]".to_owned(), inputs, lower);
                self.flow(node)
            }
            Expr::Product(_, right) => self.build(right, lower),
            Expr::Binary(operator, left, right) => self.build_binary(*operator, left, right, lower),
        }
    }

    fn build_value(&mut self, name: &Symbol, time: Time) -> Option<Inflow> {
        let symbol = Some(SymbolId { name: name.clone(), time: Some(time) });
        let role = self.role(name);
        if time == Time::Previous {
            return Some(Inflow { source: Source::Previous(name.clone()), symbol, role });
        }
        match self.graph.value(name) {
            Some(node) => Some(Inflow { source: Source::Node(node), symbol, role }),
            None => Some(Inflow { source: Source::Input, symbol, role }),
        }
    }

    fn build_unary(&mut self, sign: String, inner: &Expr, lower: bool) -> Option<Inflow> {
        let inflow = self.build(inner, lower)?;
        let kind = if sign.chars().count() <= 2 { Kind::Operator } else { Kind::Function };
        let node = self.add(kind, sign, vec![inflow], lower);
        self.flow(node)
    }

    fn build_binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expr,
        right: &Expr,
        lower: bool,
    ) -> Option<Inflow> {
        let sign = match operator {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "−",
            BinaryOperator::Multiply => "×",
            BinaryOperator::Divide => "÷",
        };
        if let Some(constant) = constant(left) {
            return self.build_unary(format!("{constant}{sign}"), right, lower);
        }
        if let Some(constant) = constant(right) {
            return self.build_unary(format!("{sign}{constant}"), left, lower);
        }
        let inputs = [self.build(left, lower), self.build(right, lower)];
        let inputs: Vec<Inflow> = inputs.into_iter().flatten().collect();
        if inputs.is_empty() {
            return None;
        }
        let node = self.add(Kind::Operator, sign.to_owned(), inputs, lower);
        self.flow(node)
    }

    fn build_box(&mut self, expr: &Expr) -> Option<Inflow> {
        let (sign, inside) = match expr {
            Expr::Call(function, inside) if !function.is_normalisation() => {
                let name = crate::view::formula::function_text(*function);
                // In the order in which a number meets them.
                let sign = if is_normalised(inside) { format!("norm → {name}") } else { name.to_owned() };
                (sign, &**inside)
            }
            _ if is_normalised(expr) => ("norm".to_owned(), expr),
            _ => ("W".to_owned(), expr),
        };
        let mut inputs = Vec::new();
        self.collect(inside, &mut inputs);
        let node = self.add(Kind::Product, sign, inputs, false);
        self.flow(node)
    }

    /// What goes into a box: the values under its products and beside them.
    fn collect(&mut self, expr: &Expr, inputs: &mut Vec<Inflow>) {
        match expr {
            Expr::Product(_, right) => match &**right {
                Expr::Stack(parts) => parts.iter().for_each(|part| self.collect_one(part, inputs)),
                other => self.collect_one(other, inputs),
            },
            Expr::Binary(_, left, right) if has_direct_product(expr) => {
                self.collect(left, inputs);
                self.collect(right, inputs);
            }
            Expr::Negate(inner) => self.collect(inner, inputs),
            Expr::Call(function, inner) if function.is_normalisation() => self.collect(inner, inputs),
            Expr::Binary(BinaryOperator::Multiply, left, right) if constant(left).is_some() => {
                self.collect(right, inputs);
            }
            Expr::Binary(BinaryOperator::Multiply, left, right) if constant(right).is_some() => {
                self.collect(left, inputs);
            }
            other => self.collect_one(other, inputs),
        }
    }

    fn collect_one(&mut self, expr: &Expr, inputs: &mut Vec<Inflow>) {
        if let Some(inflow) = self.build(expr, true)
            && !inputs.iter().any(|known| known.source == inflow.source)
        {
            inputs.push(inflow);
        }
    }
}

/// A product that is not inside another function than a normalisation.
pub(super) fn has_direct_product(expr: &Expr) -> bool {
    match expr {
        Expr::Product(..) => true,
        Expr::Binary(_, left, right) => has_direct_product(left) || has_direct_product(right),
        Expr::Negate(inner) => has_direct_product(inner),
        Expr::Call(function, inner) => function.is_normalisation() && has_direct_product(inner),
        _ => false,
    }
}

/// Whether products in an expression are normalised in it.
fn is_normalised(expr: &Expr) -> bool {
    let normalises = |part: &Expr| matches!(part, Expr::Call(function, inside) if function.is_normalisation() && has_direct_product(inside));
    expr.any(&normalises)
}

/// The text of what no wire leads to: a number, a parameter, or what is made of them alone.
fn constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Number(value) => Some(value.to_string()),
        Expr::Parameter(name) => Some(name.to_string()),
        made => {
            let has_wire =
                |part: &Expr| matches!(part, Expr::Value(..) | Expr::Product(..) | Expr::TermGradient(_));
            (!made.any(&has_wire)).then(|| format!("({})", to_text(made).replace('-', "−")))
        }
    }
}

fn power_sign(exponent: i32) -> String {
    match exponent {
        2 => "²".to_owned(),
        3 => "³".to_owned(),
        _ => format!("^{exponent}"),
    }
}
