//! Cells written as syntax trees, for the tests of the views: the parser has tests of its own.

use unrolled::engine::syntax::{BinaryOperator, Cell, Equation, Expr, Function, Span, Symbol, Target, Time};

pub fn now(name: &str) -> Expr {
    Expr::Value(name.into(), Time::Now)
}

pub fn before(name: &str) -> Expr {
    Expr::Value(name.into(), Time::Previous)
}

pub fn parameter(name: &str) -> Expr {
    Expr::Parameter(name.into())
}

pub fn product(left: Expr, right: Expr) -> Expr {
    Expr::Product(Box::new(left), Box::new(right))
}

pub fn call(function: Function, argument: Expr) -> Expr {
    Expr::Call(function, Box::new(argument))
}

fn binary(operator: BinaryOperator, left: Expr, right: Expr) -> Expr {
    Expr::Binary(operator, Box::new(left), Box::new(right))
}

pub fn add(left: Expr, right: Expr) -> Expr {
    binary(BinaryOperator::Add, left, right)
}

pub fn subtract(left: Expr, right: Expr) -> Expr {
    binary(BinaryOperator::Subtract, left, right)
}

pub fn times(left: Expr, right: Expr) -> Expr {
    binary(BinaryOperator::Multiply, left, right)
}

pub fn over(left: Expr, right: Expr) -> Expr {
    binary(BinaryOperator::Divide, left, right)
}

pub fn stack(parts: Vec<Expr>) -> Expr {
    Expr::Stack(parts)
}

pub fn transposed(inner: Expr) -> Expr {
    Expr::Transpose(Box::new(inner))
}

/// `function(W_k [parts] + b_k)`
pub fn gate(function: Function, subscript: &str, parts: Vec<Expr>) -> Expr {
    let weights = parameter(&format!("W_{subscript}"));
    call(function, add(product(weights, stack(parts)), parameter(&format!("b_{subscript}"))))
}

pub fn equation(name: &str, expr: Expr) -> Equation {
    Equation { target: Target { name: name.into(), span: Span::default() }, expr, line: 0 }
}

pub fn cell(states: &[&str], equations: Vec<Equation>) -> Cell {
    Cell {
        only_if_square: None,
        text: String::new(),
        activation: None,
        states: states.iter().map(|name| Symbol::from(*name)).collect(),
        output: "a".into(),
        equations,
        parameters: Vec::new(),
    }
}

fn one_minus(name: &str) -> Expr {
    subtract(Expr::Number(1.0), now(name))
}

pub fn rnn() -> Cell {
    let products = add(product(parameter("W_aa"), before("a")), product(parameter("W_ax"), now("x")));
    cell(&["a"], vec![equation("a", call(Function::Tanh, add(products, parameter("b_a"))))])
}

pub fn rnn_stacked() -> Cell {
    cell(&["a"], vec![equation("a", gate(Function::Tanh, "a", vec![before("a"), now("x")]))])
}

fn gru_mix() -> Vec<Equation> {
    let mix = add(times(now("Γ_u"), now("c~")), times(one_minus("Γ_u"), before("c")));
    vec![equation("c", mix), equation("a", now("c"))]
}

pub fn gru_simplified() -> Cell {
    let mut equations = vec![
        equation("c~", gate(Function::Tanh, "c", vec![before("c"), now("x")])),
        equation("Γ_u", gate(Function::Sigmoid, "u", vec![before("c"), now("x")])),
    ];
    equations.extend(gru_mix());
    cell(&["c"], equations)
}

pub fn gru() -> Cell {
    let reset = times(now("Γ_r"), before("c"));
    let mut equations = vec![
        equation("Γ_u", gate(Function::Sigmoid, "u", vec![before("c"), now("x")])),
        equation("Γ_r", gate(Function::Sigmoid, "r", vec![before("c"), now("x")])),
        equation("c~", gate(Function::Tanh, "c", vec![reset, now("x")])),
    ];
    equations.extend(gru_mix());
    cell(&["c"], equations)
}

pub fn lstm() -> Cell {
    let parts = || vec![before("a"), now("x")];
    cell(
        &["a", "c"],
        vec![
            equation("c~", gate(Function::Tanh, "c", parts())),
            equation("Γ_f", gate(Function::Sigmoid, "f", parts())),
            equation("Γ_u", gate(Function::Sigmoid, "u", parts())),
            equation("Γ_o", gate(Function::Sigmoid, "o", parts())),
            equation("c", add(times(now("Γ_u"), now("c~")), times(now("Γ_f"), before("c")))),
            equation("a", times(now("Γ_o"), call(Function::Tanh, now("c")))),
        ],
    )
}

/// Gates that look at the memory too.
pub fn peephole() -> Cell {
    let parts = || vec![before("a"), before("c"), now("x")];
    cell(
        &["a", "c"],
        vec![
            equation("c~", gate(Function::Tanh, "c", vec![before("a"), now("x")])),
            equation("Γ_f", gate(Function::Sigmoid, "f", parts())),
            equation("Γ_u", gate(Function::Sigmoid, "u", parts())),
            equation("c", add(times(now("Γ_u"), now("c~")), times(now("Γ_f"), before("c")))),
            equation("Γ_o", gate(Function::Sigmoid, "o", vec![before("a"), now("c"), now("x")])),
            equation("a", times(now("Γ_o"), call(Function::Tanh, now("c")))),
        ],
    )
}

/// One gate does the work of two.
pub fn minimal_gated_unit() -> Cell {
    let kept = times(now("Γ_f"), before("a"));
    cell(
        &["a"],
        vec![
            equation("Γ_f", gate(Function::Sigmoid, "f", vec![before("a"), now("x")])),
            equation("a~", gate(Function::Tanh, "a", vec![kept, now("x")])),
            equation("a", add(times(one_minus("Γ_f"), before("a")), times(now("Γ_f"), now("a~")))),
        ],
    )
}
