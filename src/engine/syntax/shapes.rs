//! Shapes: what rows and columns each parameter has, and whether everything fits.
//!
//! Two passes. The first only learns: every parameter's rows (and a matrix's columns) are unknowns, and each place where
//! two heights meet is an equation between sums of unknowns. What no equation fixes gets `n_a` rows. The second knows all
//! shapes and only checks, so an error always names both shapes.

use super::error::{Shape, SyntaxErrorKind as Kind};
use super::lexer::Fault;
use super::names::Used;
use super::node::{Node, NodeKind};
use super::{BinaryOperator, Dim, Function, Parameter, Symbol, Target};

/// Heights of the values, and what is to be checked.
pub(super) struct Shapes<'a> {
    /// Every value that may be used, with its rows.
    pub rows_of: &'a dyn Fn(&Symbol) -> Dim,
    /// Each left-hand side with its resolved right-hand side.
    pub equations: &'a [(&'a Target, &'a Node)],
    /// The parameters in the order of their first use.
    pub used: &'a [Used],
}

impl Shapes<'_> {
    /// The parameters with their shapes, or what does not fit.
    pub(super) fn infer(&self) -> Result<Vec<Parameter>, Vec<Fault>> {
        let parameters = self.learn();
        let mut check = Check { shapes: self, parameters: &parameters, faults: Vec::new() };
        for (target, node) in self.equations {
            let found = check.rows(node);
            let expected = (self.rows_of)(&target.name);
            if let Some(found) = found.filter(|found| *found != expected) {
                let (expected, found) = (column(expected), column(found));
                let kind = Kind::WrongRows { name: target.name.clone(), expected, found };
                check.faults.push(Fault { kind, span: node.span });
            }
        }
        let faults = check.faults;
        if faults.is_empty() { Ok(parameters) } else { Err(faults) }
    }

    /// The parameters with what is known of their shapes, whether or not everything fits.
    pub(super) fn learn(&self) -> Vec<Parameter> {
        let mut learn = Learn { shapes: self, bound: vec![None; 2 * self.used.len()], open: Vec::new() };
        for (target, node) in self.equations {
            let found = learn.rows(node);
            learn.meet(found, Sum::known((self.rows_of)(&target.name)));
        }
        learn.settle();
        let dim = |unknown: usize| learn.resolve(&Sum::unknown(unknown)).known;
        let parameter = |(place, used): (usize, &Used)| Parameter {
            name: used.name.clone(),
            rows: dim(2 * place),
            columns: if used.is_matrix { dim(2 * place + 1) } else { Dim::ONE },
        };
        self.used.iter().enumerate().map(parameter).collect()
    }

    fn place(&self, name: &Symbol) -> Option<usize> {
        self.used.iter().position(|used| used.name == *name)
    }
}

/// A height: what is known of it, plus unknowns. Unknown 2·i is the rows of parameter i, 2·i + 1 its columns.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sum {
    known: Dim,
    unknowns: Vec<usize>,
}

impl Sum {
    fn known(known: Dim) -> Sum {
        Sum { known, unknowns: Vec::new() }
    }

    fn unknown(unknown: usize) -> Sum {
        Sum { known: Dim::default(), unknowns: vec![unknown] }
    }

    fn add(mut self, other: Sum) -> Sum {
        self.known = self.known + other.known;
        for unknown in other.unknowns {
            self.unknowns.insert(self.unknowns.partition_point(|known| *known <= unknown), unknown);
        }
        self
    }

    fn is_one_row(&self) -> bool {
        self.unknowns.is_empty() && self.known == Dim::ONE
    }
}

struct Learn<'a> {
    shapes: &'a Shapes<'a>,
    bound: Vec<Option<Sum>>,
    /// Pairs that must be equal, but do not yet say which unknown is what.
    open: Vec<(Sum, Sum)>,
}

impl Learn<'_> {
    fn rows(&mut self, node: &Node) -> Sum {
        match &node.kind {
            NodeKind::Number(_) => Sum::known(Dim::ONE),
            NodeKind::Value(name, _) | NodeKind::Name(name, _) => Sum::known((self.shapes.rows_of)(name)),
            NodeKind::Parameter(name) => self.parameter(name, 0),
            NodeKind::Product(left, right) => {
                let right = self.rows(right);
                let NodeKind::Parameter(name) = &left.kind else { return right };
                let columns = self.parameter(name, 1);
                self.meet(columns, right);
                self.parameter(name, 0)
            }
            NodeKind::Binary(_, left, right) => {
                let (left, right) = (self.rows(left), self.rows(right));
                if self.resolve(&left).is_one_row() {
                    return right;
                }
                if !self.resolve(&right).is_one_row() {
                    self.meet(left.clone(), right);
                }
                left
            }
            NodeKind::Negate(of) | NodeKind::Power(of, _) => self.rows(of),
            NodeKind::Stack(parts) => parts.iter().fold(Sum::default(), |sum, part| sum.add(self.rows(part))),
            NodeKind::Call(function, of) => {
                let rows = self.rows(of);
                if *function == Function::Sum { Sum::known(Dim::ONE) } else { rows }
            }
        }
    }

    fn parameter(&self, name: &Symbol, side: usize) -> Sum {
        self.shapes.place(name).map_or_else(Sum::default, |place| Sum::unknown(2 * place + side))
    }

    fn resolve(&self, sum: &Sum) -> Sum {
        let mut result = Sum::known(sum.known);
        for unknown in &sum.unknowns {
            let part = match self.bound.get(*unknown) {
                Some(Some(bound)) => self.resolve(bound),
                _ => Sum::unknown(*unknown),
            };
            result = result.add(part);
        }
        result
    }

    /// Learns from `left = right`; puts the pair aside where it does not say enough yet.
    fn meet(&mut self, left: Sum, right: Sum) {
        if !self.bind(&left, &right) {
            self.open.push((left, right));
        }
    }

    /// True where the pair has nothing more to say (it may still be wrong: the check will tell).
    fn bind(&mut self, left: &Sum, right: &Sum) -> bool {
        let (mut left, mut right) = (self.resolve(left), self.resolve(right));
        left.unknowns.retain(|unknown| match right.unknowns.iter().position(|other| other == unknown) {
            Some(place) => {
                right.unknowns.remove(place);
                false
            }
            None => true,
        });
        if left.unknowns.is_empty() {
            std::mem::swap(&mut left, &mut right);
        }
        let [unknown] = left.unknowns[..] else { return left.unknowns.is_empty() };
        match minus(right.known, left.known) {
            // A height of nothing cannot be meant.
            Some(known) if known == Dim::default() && right.unknowns.is_empty() => true,
            Some(known) => {
                if let Some(slot) = self.bound.get_mut(unknown) {
                    *slot = Some(Sum { known, unknowns: right.unknowns });
                }
                true
            }
            None => right.unknowns.is_empty(),
        }
    }

    /// Uses what was put aside until it says nothing new; then the first free unknown is `n_a`, and again.
    fn settle(&mut self) {
        loop {
            let mut is_new = false;
            for (left, right) in std::mem::take(&mut self.open) {
                if self.bind(&left, &right) {
                    is_new = true;
                } else {
                    self.open.push((left, right));
                }
            }
            if is_new {
                continue;
            }
            match self.bound.iter_mut().find(|bound| bound.is_none()) {
                Some(free) => *free = Some(Sum::known(Dim::HIDDEN)),
                None => return,
            }
        }
    }
}

struct Check<'a> {
    shapes: &'a Shapes<'a>,
    parameters: &'a [Parameter],
    faults: Vec<Fault>,
}

impl Check<'_> {
    /// The rows, or nothing where a fault was found inside (one fault is told once).
    fn rows(&mut self, node: &Node) -> Option<Dim> {
        match &node.kind {
            NodeKind::Number(_) => Some(Dim::ONE),
            NodeKind::Value(name, _) | NodeKind::Name(name, _) => Some((self.shapes.rows_of)(name)),
            NodeKind::Parameter(name) => self.parameter(name).map(|parameter| parameter.rows),
            NodeKind::Product(left, right) => {
                let right_rows = self.rows(right)?;
                let NodeKind::Parameter(name) = &left.kind else { return None };
                let (rows, columns) = self.parameter(name).map(|one| (one.rows, one.columns))?;
                if columns != right_rows {
                    let place = self.shapes.place(name)?;
                    let kind = Kind::CannotMultiply {
                        name: name.clone(),
                        left: Box::new(Shape { rows, columns }),
                        right: column(right_rows),
                        first_line: self.shapes.used.get(place)?.line + 1,
                    };
                    self.faults.push(Fault { kind, span: node.span });
                    return None;
                }
                Some(rows)
            }
            NodeKind::Binary(operator, left_node, right_node) => {
                if *operator == BinaryOperator::Divide && right_node.constant() == Some(0.0) {
                    self.faults.push(Fault { kind: Kind::DividesByZero, span: right_node.span });
                }
                let (left, right) = (self.rows(left_node), self.rows(right_node));
                self.combine(node, *operator, left?, right?)
            }
            NodeKind::Power(of, exponent) => {
                if *exponent < 0 && of.constant() == Some(0.0) {
                    self.faults.push(Fault { kind: Kind::DividesByZero, span: node.span });
                }
                self.rows(of)
            }
            NodeKind::Negate(of) => self.rows(of),
            NodeKind::Stack(parts) => {
                let heights: Vec<Option<Dim>> = parts.iter().map(|part| self.rows(part)).collect();
                heights.into_iter().try_fold(Dim::default(), |sum, part| Some(sum + part?))
            }
            NodeKind::Call(function, of) => {
                let rows = self.rows(of)?;
                Some(if *function == Function::Sum { Dim::ONE } else { rows })
            }
        }
    }

    fn combine(&mut self, node: &Node, operator: BinaryOperator, left: Dim, right: Dim) -> Option<Dim> {
        match (left, right) {
            _ if left == right => Some(left),
            (Dim::ONE, _) => Some(right),
            (_, Dim::ONE) => Some(left),
            _ => {
                let kind = Kind::CannotCombine { operator, left: column(left), right: column(right) };
                self.faults.push(Fault { kind, span: node.span });
                None
            }
        }
    }

    fn parameter(&self, name: &Symbol) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == *name)
    }
}

fn column(rows: Dim) -> Box<Shape> {
    Box::new(Shape { rows, columns: Dim::ONE })
}

/// `from - what`, where nothing goes below zero.
fn minus(from: Dim, what: Dim) -> Option<Dim> {
    Some(Dim {
        hidden: from.hidden.checked_sub(what.hidden)?,
        input: from.input.checked_sub(what.input)?,
        output: from.output.checked_sub(what.output)?,
        ones: from.ones.checked_sub(what.ones)?,
    })
}
