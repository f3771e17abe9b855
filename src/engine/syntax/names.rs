//! What each name of a text means: a value, a state of the step before, a parameter, or nothing.
//!
//! A name with a time must be a value or a state; without a time it is a value where the text defines one, else a
//! parameter. So a misspelt bare name is a new parameter and no error, but for three cases in which that cannot be meant:
//! a name that begins with `Γ` (gates are values), a capital that is not the left factor of a product (a matrix has no
//! other place), and a small one that is (a column cannot multiply).

use super::error::SyntaxErrorKind as Kind;
use super::lexer::Fault;
use super::near::nearest_name;
use super::node::{Node, NodeKind};
use super::statements::{DIRECTIVES, Statement};
use super::{Dim, Function, Span, Symbol, Target, Time};

/// What a text may use besides what it defines.
pub(super) struct Names<'a> {
    pub text: &'a str,
    pub states: &'a [Target],
    /// The state line is missing or cannot be read, which is told already: any value may be a state.
    pub states_are_unknown: bool,
    pub equations: &'a [Statement],
    /// Values that come from outside, with their rows: `x` in a cell; `a`, `y` in a head.
    pub outside: &'a [(&'static str, Dim)],
    /// Names that the text may neither define nor use.
    pub reserved: &'a [&'static str],
}

/// A parameter at its first use.
pub(super) struct Used {
    pub name: Symbol,
    pub span: Span,
    pub line: usize,
    pub is_matrix: bool,
}

/// The equations' right-hand sides with every name resolved, and the parameters in the order of their first use.
pub(super) struct Resolved {
    pub exprs: Vec<Option<Node>>,
    pub parameters: Vec<Used>,
    pub faults: Vec<Fault>,
}

impl Names<'_> {
    /// Resolves every name of every equation.
    pub(super) fn resolve(&self) -> Resolved {
        let mut walk = Walk { names: self, place: 0, line: 0, parameters: Vec::new(), faults: Vec::new() };
        let mut exprs = Vec::new();
        for (place, equation) in self.equations.iter().enumerate() {
            walk.place = place;
            walk.line = equation.line;
            exprs.push(equation.expr.as_ref().map(|node| walk.node(node)));
        }
        let Walk { parameters, mut faults, .. } = walk;
        self.check_definitions(&parameters, &mut faults);
        Resolved { exprs, parameters, faults }
    }

    fn check_definitions(&self, parameters: &[Used], faults: &mut Vec<Fault>) {
        let is_known = |name: &str| {
            self.values().any(|value| value.0 == name)
                || parameters.iter().any(|used| used.name.0 == name)
                || self.outside.iter().any(|(outside, _)| *outside == name)
        };
        let is_gradient = |name: &Symbol| name.0.strip_prefix('d').is_some_and(is_known);
        let mut check = |name: &Symbol, span: Span| {
            let is_outside = self.outside.iter().any(|(outside, _)| *outside == name.0);
            if is_outside || self.is_reserved(name) || is_gradient(name) {
                faults.push(Fault { kind: Kind::Reserved { name: name.clone() }, span });
            }
        };
        self.states.iter().for_each(|state| check(&state.name, state.span));
        self.equations.iter().for_each(|equation| check(&equation.target.name, equation.target.span));
        parameters
            .iter()
            .filter(|used| is_gradient(&used.name))
            .for_each(|used| check(&used.name, used.span));
        for (place, equation) in self.equations.iter().enumerate() {
            let name = &equation.target.name;
            if let Some(first) = self.equations[..place].iter().find(|earlier| earlier.target.name == *name) {
                let kind = Kind::AssignedTwice { name: name.clone(), first_line: first.line + 1 };
                faults.push(Fault { kind, span: equation.target.span });
            }
        }
    }

    /// Everything that the text defines, states first.
    fn values(&self) -> impl Iterator<Item = &Symbol> {
        let states = self.states.iter().map(|state| &state.name);
        states.chain(self.equations.iter().map(|equation| &equation.target.name))
    }

    fn is_state(&self, name: &Symbol) -> bool {
        self.states.iter().any(|state| state.name == *name)
    }

    fn is_reserved(&self, name: &Symbol) -> bool {
        self.reserved.contains(&name.0.as_str())
            || DIRECTIVES.contains(&name.0.as_str())
            || Function::from_name(&name.0).is_some()
            || name.0.starts_with("z_")
    }
}

struct Walk<'a> {
    names: &'a Names<'a>,
    /// The equation that is walked, and its line from 0.
    place: usize,
    line: usize,
    parameters: Vec<Used>,
    faults: Vec<Fault>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node) -> Node {
        let kind = match &node.kind {
            NodeKind::Name(name, time) => self.name(name, *time, node.span),
            NodeKind::Product(left, right) => {
                let left = self.left_factor(left, right);
                NodeKind::Product(Box::new(left), Box::new(self.node(right)))
            }
            NodeKind::Binary(operator, left, right) => {
                let left = self.node(left);
                NodeKind::Binary(*operator, Box::new(left), Box::new(self.node(right)))
            }
            NodeKind::Negate(of) => NodeKind::Negate(Box::new(self.node(of))),
            NodeKind::Power(of, exponent) => NodeKind::Power(Box::new(self.node(of)), *exponent),
            NodeKind::Stack(parts) => NodeKind::Stack(parts.iter().map(|part| self.node(part)).collect()),
            NodeKind::Call(function, of) => NodeKind::Call(*function, Box::new(self.node(of))),
            known @ (NodeKind::Number(_) | NodeKind::Value(..) | NodeKind::Parameter(_)) => known.clone(),
        };
        Node { kind, span: node.span }
    }

    fn left_factor(&mut self, left: &Node, right: &Node) -> Node {
        if let NodeKind::Name(name, None) = &left.kind {
            let is_free = !self.names.values().any(|value| value == name)
                && !self.names.is_reserved(name)
                && self.names.outside.iter().all(|(outside, _)| *outside != name.0);
            if is_free && name.letter() == "Γ" {
                self.unknown(name, left.span);
                return left.clone();
            }
            if is_free && is_capital(name) {
                self.parameter(name, left.span, true);
                return Node { kind: NodeKind::Parameter(name.clone()), span: left.span };
            }
        }
        let slice = |span: Span| self.names.text.get(span.start..span.end).unwrap_or("").to_owned();
        let kind = Kind::LeftFactorNotMatrix { left: slice(left.span), right: slice(right.span) };
        self.faults.push(Fault { kind, span: left.span });
        left.clone()
    }

    fn name(&mut self, name: &Symbol, time: Option<Time>, span: Span) -> NodeKind {
        let names = self.names;
        let is_outside = names.outside.iter().any(|(outside, _)| *outside == name.0);
        let definition = names.equations.iter().position(|equation| equation.target.name == *name);
        if is_outside {
            match time {
                Some(Time::Now) => {}
                Some(Time::Previous) => self.fault(Kind::PreviousOfOutside { name: name.clone() }, span),
                None => self.fault(Kind::NeedsTime { name: name.clone() }, span),
            }
            return NodeKind::Value(name.clone(), time.unwrap_or(Time::Now));
        }
        if names.is_reserved(name) && definition.is_none() {
            self.fault(Kind::Reserved { name: name.clone() }, span);
            return NodeKind::Value(name.clone(), Time::Now);
        }
        match (time, definition) {
            (Some(Time::Previous), _) => {
                if !names.is_state(name) {
                    match definition {
                        Some(_) if names.states_are_unknown => {}
                        Some(_) => self.fault(Kind::PreviousOfNoState { name: name.clone() }, span),
                        None => self.unknown(name, span),
                    }
                }
                NodeKind::Value(name.clone(), Time::Previous)
            }
            (_, Some(defined)) => {
                if defined >= self.place {
                    let defined_line = names.equations.get(defined).map_or(0, |equation| equation.line + 1);
                    let is_state = names.is_state(name);
                    self.fault(Kind::UsedBeforeDefined { name: name.clone(), defined_line, is_state }, span);
                }
                NodeKind::Value(name.clone(), Time::Now)
            }
            // A state that is never assigned is reported once, at the state line.
            (_, None) if names.is_state(name) => NodeKind::Value(name.clone(), Time::Now),
            (Some(Time::Now), None) => {
                self.unknown(name, span);
                NodeKind::Value(name.clone(), Time::Now)
            }
            (None, None) => {
                if name.letter() == "Γ" {
                    self.unknown(name, span);
                } else if is_capital(name) {
                    match self.nearest(name).filter(is_capital) {
                        Some(_) => self.unknown(name, span),
                        None => self.fault(Kind::MatrixWithoutProduct { name: name.clone() }, span),
                    }
                } else {
                    self.parameter(name, span, false);
                }
                NodeKind::Parameter(name.clone())
            }
        }
    }

    fn parameter(&mut self, name: &Symbol, span: Span, is_matrix: bool) {
        if self.parameters.iter().all(|used| used.name != *name) {
            self.parameters.push(Used { name: name.clone(), span, line: self.line, is_matrix });
        }
    }

    fn unknown(&mut self, name: &Symbol, span: Span) {
        let nearest = self.nearest(name);
        self.fault(Kind::UnknownName { name: name.clone(), nearest }, span);
    }

    fn nearest(&self, name: &Symbol) -> Option<Symbol> {
        let outside: Vec<Symbol> = self.names.outside.iter().map(|(name, _)| Symbol::from(*name)).collect();
        nearest_name(name, self.names.values().chain(&outside))
    }

    fn fault(&mut self, kind: Kind, span: Span) {
        self.faults.push(Fault { kind, span });
    }
}

fn is_capital(name: &Symbol) -> bool {
    name.0.chars().next().is_some_and(char::is_uppercase)
}
