//! Expressions as text: what is printed reads back to the same tree.

use proptest::prelude::*;
use unrolled::engine::syntax::{
    BinaryOperator, Expr, Function, MAX_EXPONENT, MAX_LINE_LENGTH, MAX_NESTING, Symbol, Time,
    parse_expression, to_text,
};

fn value(name: &str) -> Box<Expr> {
    Box::new(Expr::Value(Symbol::from(name), Time::Now))
}

fn parameter(name: &str) -> Box<Expr> {
    Box::new(Expr::Parameter(Symbol::from(name)))
}

#[test]
fn derived_expressions_are_written_as_a_person_would() {
    let before = Box::new(Expr::Value(Symbol::from("c"), Time::Previous));
    let term = Expr::Binary(BinaryOperator::Multiply, value("Γ_r"), before.clone());
    let stack = Box::new(Expr::Stack(vec![*before, *value("x")]));
    let transposed = |of: Box<Expr>| Box::new(Expr::Transpose(of));
    let cases = [
        (Expr::Product(transposed(parameter("W_f")), value("dz_f")), "W_fᵀ dz_f<t>"),
        (Expr::Product(value("dz_f"), transposed(stack)), "dz_f<t> [c<t-1>, x<t>]ᵀ"),
        (Expr::TermGradient(Box::new(term.clone())), "d(Γ_r<t> * c<t-1>)"),
        (Expr::Transpose(Box::new(term)), "(Γ_r<t> * c<t-1>)ᵀ"),
        (Expr::Call(Function::ReluSlope, value("z_a")), "relu′(z_a<t>)"),
        (Expr::Call(Function::BatchDeviation, value("z_a")), "batch_deviation(z_a<t>)"),
        (Expr::Binary(BinaryOperator::Multiply, Box::new(Expr::Number(-2.0)), value("a")), "(-2) * a<t>"),
    ];
    for (expr, expected) in cases {
        assert_eq!(to_text(&expr), expected);
    }
}

#[test]
fn brackets_stand_only_where_the_tree_needs_them() {
    for text in [
        "a + b - c",
        "a + (b - c)",
        "a - (b + c) * k",
        "a * b / c",
        "a / (b * c)",
        "-a * b",
        "(-a) * b",
        "a * (-b)",
        "a - -b",
        "-(a + b)",
        "W V x<t>",
        "W (a + b) * c",
        "W (a * b)",
        "W tanh(a)^2",
        "(W x<t>)^2",
        "a^2^-3",
        "(a * b)^2",
        "σ(W [a<t-1>, x<t>, b + c] + b)",
        "1e-9 * a + 2.5 * b - 1e300",
        "c~<t> * ŷ<t>",
    ] {
        let expr = parse_expression(text, &[]).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(to_text(&expr), text);
    }
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let names = prop::sample::select(vec!["a", "c~", "Γ_f", "ŷ", "b_f", "W_f", "门"]);
    let leaf = prop_oneof![
        (0.0f64..1e6).prop_map(Expr::Number),
        prop::num::f64::POSITIVE.prop_map(Expr::Number),
        names.clone().prop_map(|name| Expr::Value(Symbol::from(name), Time::Now)),
        names.clone().prop_map(|name| Expr::Value(Symbol::from(name), Time::Previous)),
        names.prop_map(|name| Expr::Parameter(Symbol::from(name))),
    ];
    leaf.prop_recursive(5, 14, 3, |inner| {
        let operators = prop::sample::select(vec![
            BinaryOperator::Add,
            BinaryOperator::Subtract,
            BinaryOperator::Multiply,
            BinaryOperator::Divide,
        ]);
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            (operators, boxed.clone(), boxed.clone()).prop_map(|(op, l, r)| Expr::Binary(op, l, r)),
            (boxed.clone(), boxed.clone()).prop_map(|(left, right)| Expr::Product(left, right)),
            boxed.clone().prop_map(Expr::Negate),
            (boxed.clone(), -MAX_EXPONENT..=MAX_EXPONENT).prop_map(|(base, n)| Expr::Power(base, n)),
            prop::collection::vec(inner, 1..4).prop_map(Expr::Stack),
            (prop::sample::select(Function::IN_TEXTS.to_vec()), boxed)
                .prop_map(|(function, argument)| Expr::Call(function, argument)),
        ]
    })
}

proptest! {
    #[test]
    fn any_expression_reads_back_to_the_same_tree(expr in any_expr()) {
        let text = to_text(&expr);
        prop_assume!(text.chars().count() <= MAX_LINE_LENGTH && deepest(&text) <= MAX_NESTING);
        // A small name right before a bracket is no call where a space stands between.
        let back = parse_expression(&text, &[]);
        prop_assert_eq!(back.as_ref(), Ok(&expr), "{}", text);
    }
}

fn deepest(text: &str) -> usize {
    let step = |(depth, most): (usize, usize), c: char| match c {
        '(' | '[' => (depth + 1, most.max(depth + 1)),
        ')' | ']' => (depth - 1, most),
        _ => (depth, most),
    };
    text.chars().fold((0, 0), step).1
}
