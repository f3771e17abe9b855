//! Text → checked cell, checked head, or bare expression.

use unicode_segmentation::UnicodeSegmentation;

use super::error::{SyntaxError, SyntaxErrorKind as Kind};
use super::lexer::{Fault, tokens};
use super::names::{Names, Resolved, Used};
use super::node::{Node, NodeKind};
use super::parser::expression;
use super::shapes::Shapes;
use super::statements::{MAX_LINE_LENGTH, Statements, lines, locate};
use super::{
    BinaryOperator, Cell, Dim, Equation, Expr, Function, Head, LossKind, Parameter, Span, Symbol, Target,
    Time,
};

/// Reads a cell: names known, shapes agreeing, each state assigned once.
///
/// # Errors
/// Everything that is wrong, in the order of the text: at most one fault of form a line; faults of shape only where
/// all names are known.
pub fn parse_cell(text: &str) -> Result<Cell, Vec<SyntaxError>> {
    let mut statements = Statements::read(text);
    let states = statements.states.as_ref().map(|line| line.what.clone()).unwrap_or_default();
    let output = statements.output.as_ref().map(|line| line.what.clone());
    let outside = [("x", Dim::INPUT)];
    let resolved = resolve(
        &statements,
        &states,
        statements.states.is_none() || statements.is_incomplete,
        &outside,
        &["y", "ŷ", "l"],
    );
    check_assigned(&mut statements, &states, output.as_ref());
    let Resolved { exprs, parameters: used, faults } = resolved;
    statements.faults.extend(faults);
    if !statements.is_faultless() {
        return Err(statements.located());
    }
    let apart = |name: &Symbol| if name.0 == "x" { Dim::INPUT } else { Dim::HIDDEN };
    let (parameters, only_if_square) = match shapes(&statements, &exprs, &used, &apart) {
        Ok(parameters) => (parameters, None),
        // Perhaps the text is meant for layers whose input is as high as their state: a residual connection.
        Err(faults) => match shapes(&statements, &exprs, &used, &|_: &Symbol| Dim::HIDDEN) {
            Ok(parameters) if faults.iter().all(|fault| is_residual(&fault.kind)) => {
                let first = faults.into_iter().min_by_key(|fault| fault.span.start);
                (parameters, first.map(|fault| Box::new(locate(&statements.text, fault))))
            }
            _ => {
                statements.faults.extend(faults);
                return Err(statements.located());
            }
        },
    };
    Ok(Cell {
        activation: statements.activation.as_ref().map(|line| line.what),
        states: states.into_iter().map(|state| state.name).collect(),
        output: output.map_or_else(|| Symbol::from("a"), |output| output.name),
        equations: equations(&statements, &exprs),
        parameters,
        only_if_square,
        text: statements.text,
    })
}

/// Reads an output head with its loss: `ŷ<t> = …` and `l<t> = …`. `a<t>` (n_a rows) and `y<t>` (n_y rows) come from
/// outside.
///
/// # Errors
/// As for [`parse_cell`]; and where the two lines are not one of the two pairs that have a gradient of their own.
pub fn parse_head(text: &str) -> Result<Head, Vec<SyntaxError>> {
    let mut statements = Statements::read(text);
    let whole_line = |line: usize| {
        let found = lines(&statements.text).nth(line).unwrap_or((0, ""));
        Span { start: found.0, end: found.0 + found.1.len() }
    };
    let directives = [
        ("state", statements.states.as_ref().map(|line| line.line)),
        ("output", statements.output.as_ref().map(|line| line.line)),
        ("activation", statements.activation.as_ref().map(|line| line.line)),
    ];
    let refused = directives.into_iter().filter_map(|(word, line)| {
        let kind = Kind::DirectiveInHead { directive: word.to_owned() };
        line.map(|line| Fault { kind, span: whole_line(line) })
    });
    let refused: Vec<Fault> = refused.collect();
    let outside = [("a", Dim::HIDDEN), ("y", Dim::OUTPUT)];
    let Resolved { exprs, parameters: used, faults } = resolve(&statements, &[], false, &outside, &["x"]);
    statements.faults.extend(refused.into_iter().chain(faults));
    let names: Vec<&str> =
        statements.equations.iter().map(|equation| equation.target.name.0.as_str()).collect();
    if names != ["ŷ", "l"] && !statements.is_incomplete && statements.is_faultless() {
        let span = statements.equations.last().map_or(Span::default(), |equation| equation.target.span);
        statements.fault(Kind::HeadLines, span);
    }
    if !statements.is_faultless() {
        return Err(statements.located());
    }
    let rows_of = |name: &Symbol| match name.0.as_str() {
        "a" => Dim::HIDDEN,
        "l" => Dim::ONE,
        _ => Dim::OUTPUT,
    };
    let parameters = match shapes(&statements, &exprs, &used, &rows_of) {
        Ok(parameters) => parameters,
        Err(faults) => {
            statements.faults.extend(faults);
            return Err(statements.located());
        }
    };
    let equations = equations(&statements, &exprs);
    let Some(loss) = loss_kind(&equations) else {
        let span = statements.equations.last().map_or(Span::default(), |equation| equation.target.span);
        statements.fault(Kind::HeadPair, span);
        return Err(statements.located());
    };
    Ok(Head { text: statements.text, loss, equations, parameters })
}

/// Reads one expression by itself, without checking that its names and shapes fit a cell. A bare name in `defined`
/// is a value of this step; any other bare name a parameter. At most [`MAX_LINE_LENGTH`] characters.
///
/// # Errors
/// The first thing that is wrong with its form.
pub fn parse_expression(text: &str, defined: &[Symbol]) -> Result<Expr, Vec<SyntaxError>> {
    let text = crate::unicode::nfc(text);
    if text.graphemes(true).nth(MAX_LINE_LENGTH).is_some() {
        let kind = Kind::LineTooLong { limit: MAX_LINE_LENGTH };
        return Err(vec![locate(&text, Fault { kind, span: Span { start: 0, end: text.len() } })]);
    }
    let (tokens, fault) = tokens(&text, 0);
    let read = match fault {
        Some(fault) => Err(fault),
        None => expression(&text, &tokens, text.len(), None),
    };
    match read {
        Ok(node) => Ok(with_values(&node, defined).to_expr()),
        Err(fault) => Err(vec![locate(&text, fault)]),
    }
}

impl Cell {
    /// Whether the cell fits a layer with `n_a` hidden units and `n_x` input rows.
    ///
    /// # Errors
    /// The place where rows of the state meet rows of the input, as a residual connection does, if the two differ.
    pub fn check_sizes(&self, n_a: usize, n_x: usize) -> Result<(), &SyntaxError> {
        match &self.only_if_square {
            Some(error) if n_a != n_x => Err(error),
            _ => Ok(()),
        }
    }
}

/// Rows of the state meet rows of the input, element by element. A matrix that is used for both is a mistake.
fn is_residual(kind: &Kind) -> bool {
    let heights = match kind {
        Kind::CannotCombine { left, right, .. } => [left.rows, right.rows],
        Kind::WrongRows { expected, found, .. } => [expected.rows, found.rows],
        _ => return false,
    };
    heights == [Dim::HIDDEN, Dim::INPUT] || heights == [Dim::INPUT, Dim::HIDDEN]
}

pub(super) fn resolve(
    statements: &Statements,
    states: &[Target],
    states_are_unknown: bool,
    outside: &[(&'static str, Dim)],
    reserved: &[&'static str],
) -> Resolved {
    let (text, equations) = (&statements.text, &statements.equations);
    Names { text, states, states_are_unknown, equations, outside, reserved }.resolve()
}

/// Every state and the output must have an equation; said only where every line could be told apart.
fn check_assigned(statements: &mut Statements, states: &[Target], output: Option<&Target>) {
    if statements.is_incomplete {
        return;
    }
    let is_assigned = |statements: &Statements, name: &Symbol| {
        statements.equations.iter().any(|one| one.target.name == *name)
    };
    if statements.states.is_none() {
        let first = lines(&statements.text).next().unwrap_or((0, ""));
        statements.fault(Kind::MissingState, Span { start: first.0, end: first.0 + first.1.len() });
    }
    for state in states {
        if !is_assigned(statements, &state.name) {
            statements.fault(Kind::StateNeverAssigned { name: state.name.clone() }, state.span);
        }
    }
    let end = statements.text.trim_end().len();
    let default = Target { name: Symbol::from("a"), span: Span { start: end, end } };
    let output = output.unwrap_or(&default);
    let is_told = states.iter().any(|state| state.name == output.name) || statements.states.is_none();
    if !is_assigned(statements, &output.name) && !is_told {
        statements.fault(Kind::OutputNeverAssigned { name: output.name.clone() }, output.span);
    }
}

fn shapes(
    statements: &Statements,
    exprs: &[Option<Node>],
    used: &[Used],
    rows_of: &dyn Fn(&Symbol) -> Dim,
) -> Result<Vec<Parameter>, Vec<Fault>> {
    let pairs = statements.equations.iter().zip(exprs);
    let equations: Vec<(&Target, &Node)> =
        pairs.filter_map(|(equation, expr)| Some((&equation.target, expr.as_ref()?))).collect();
    Shapes { rows_of, equations: &equations, used }.infer()
}

fn equations(statements: &Statements, exprs: &[Option<Node>]) -> Vec<Equation> {
    let pairs = statements.equations.iter().zip(exprs);
    let equation = |(statement, expr): (&super::statements::Statement, &Option<Node>)| {
        let expr = expr.as_ref()?.to_expr();
        Some(Equation { target: statement.target.clone(), expr, line: statement.line })
    };
    pairs.filter_map(equation).collect()
}

/// Which of the two pairs the lines `ŷ<t> = …` and `l<t> = …` form.
fn loss_kind(equations: &[Equation]) -> Option<LossKind> {
    let [Equation { expr: Expr::Call(function, _), .. }, Equation { expr: loss, .. }] = equations else {
        return None;
    };
    let value = |name: &str| Box::new(Expr::Value(Symbol::from(name), Time::Now));
    let log = |of: Box<Expr>| Box::new(Expr::Call(Function::Log, of));
    let binary = |operator, left, right| Box::new(Expr::Binary(operator, left, right));
    let one_minus = |of| binary(BinaryOperator::Subtract, Box::new(Expr::Number(1.0)), of);
    let minus_sum = |of| Expr::Negate(Box::new(Expr::Call(Function::Sum, of)));
    let hit = binary(BinaryOperator::Multiply, value("y"), log(value("ŷ")));
    let miss = binary(BinaryOperator::Multiply, one_minus(value("y")), log(one_minus(value("ŷ"))));
    match function {
        Function::Softmax if *loss == minus_sum(hit.clone()) => Some(LossKind::SoftmaxCrossEntropy),
        Function::Sigmoid if *loss == minus_sum(binary(BinaryOperator::Add, hit, miss)) => {
            Some(LossKind::Logistic)
        }
        _ => None,
    }
}

fn with_values(node: &Node, defined: &[Symbol]) -> Node {
    let boxed = |node: &Node| Box::new(with_values(node, defined));
    let kind = match &node.kind {
        NodeKind::Name(name, None) if defined.contains(name) => NodeKind::Value(name.clone(), Time::Now),
        NodeKind::Product(left, right) => NodeKind::Product(boxed(left), boxed(right)),
        NodeKind::Binary(operator, left, right) => NodeKind::Binary(*operator, boxed(left), boxed(right)),
        NodeKind::Negate(of) => NodeKind::Negate(boxed(of)),
        NodeKind::Power(of, exponent) => NodeKind::Power(boxed(of), *exponent),
        NodeKind::Stack(parts) => {
            NodeKind::Stack(parts.iter().map(|part| with_values(part, defined)).collect())
        }
        NodeKind::Call(function, of) => NodeKind::Call(*function, boxed(of)),
        other => other.clone(),
    };
    Node { kind, span: node.span }
}
