//! Texts that do not read: what is wrong, and where.

use unrolled::engine::syntax::{
    BinaryOperator, Dim, Shape, Symbol, SyntaxError, SyntaxErrorKind as Kind, parse_cell, parse_expression,
    parse_head,
};

/// Line, column and length in grapheme clusters, kind.
type Expected = (usize, usize, usize, Kind);

#[track_caller]
fn compare(text: &str, errors: Vec<SyntaxError>, expected: &[Expected]) {
    let found: Vec<Expected> =
        errors.iter().map(|error| (error.line, error.column, error.length, error.kind.clone())).collect();
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn check(text: &str, expected: &[Expected]) {
    compare(text, parse_cell(text).expect_err(text), expected);
}

/// One line in a cell that is otherwise whole; the line is the third.
#[track_caller]
fn check_line(line: &str, column: usize, length: usize, kind: Kind) {
    check(&format!("state a\na<t> = tanh(W a<t-1>)\n{line}"), &[(3, column, length, kind)]);
}

fn name(name: &str) -> Symbol {
    Symbol::from(name)
}

fn shape(rows: Dim, columns: Dim) -> Box<Shape> {
    Box::new(Shape { rows, columns })
}

fn column_of(rows: Dim) -> Box<Shape> {
    shape(rows, Dim::ONE)
}

#[test]
fn characters_and_numbers_that_mean_nothing_are_named() {
    check_line("s<t> = a<t> $ a<t>", 13, 1, Kind::UnexpectedCharacter { character: "$".into() });
    check_line("s<t> = a<t> 👩‍🚀 a<t>", 13, 1, Kind::UnexpectedCharacter { character: "👩‍🚀".into() });
    check_line("s<t> = W_fᵀ a<t>", 11, 1, Kind::UnexpectedCharacter { character: "ᵀ".into() });
    check_line("s<t> = a<t> * b_", 15, 2, Kind::UnexpectedCharacter { character: "b_".into() });
    check_line("s<t> = a<t+1>", 9, 5, Kind::BadTime { found: "<t+1>".into() });
    check_line("s<t> = a<0>", 9, 3, Kind::BadTime { found: "<0>".into() });
    check_line("s<t> = 1e999 * a", 8, 5, Kind::BadNumber { found: "1e999".into() });
    check_line("s<t> = a^0.5", 9, 4, Kind::BadExponent { limit: 64 });
    check_line("s<t> = a^99999999999", 9, 12, Kind::BadExponent { limit: 64 });
    check_line("s<t> = a^a", 9, 1, Kind::BadExponent { limit: 64 });
    check_line("s<t> = a / 0", 12, 1, Kind::DividesByZero);
    check_line("s<t> = a / (2 - 2)", 12, 7, Kind::DividesByZero);
    check_line("s<t> = a * 0^-1", 12, 4, Kind::DividesByZero);
}

#[test]
fn what_is_missing_or_too_much_is_shown_at_its_place() {
    check_line("s<t> =", 7, 0, Kind::ExpectedValue { found: None });
    check_line("s<t> = a +", 11, 0, Kind::ExpectedValue { found: None });
    check_line("s<t> = a + * a", 12, 1, Kind::ExpectedValue { found: Some("*".into()) });
    check_line("s<t> = tanh()", 13, 1, Kind::ExpectedValue { found: Some(")".into()) });
    check_line("s<t> = a = a", 10, 1, Kind::UnexpectedToken { found: "=".into() });
    check_line("s<t> = 2<t>", 9, 3, Kind::UnexpectedToken { found: "<t>".into() });
    check_line("s<t> = (a, a)", 10, 1, Kind::UnexpectedToken { found: ",".into() });
    check_line("s<t> += a", 1, 9, Kind::NotAnEquation);
    check_line("tanh(a)", 1, 7, Kind::NotAnEquation);
    check_line("s<t> = tanh a", 8, 4, Kind::FunctionWithoutArgument { function: "tanh".into() });
    check_line("s<t> = tanh(a, a)", 14, 1, Kind::TooManyArguments { function: "tanh".into() });
    check_line("s<t> = [] + a", 8, 2, Kind::EmptyStack);
}

#[test]
fn brackets_must_close() {
    check_line("s<t> = tanh(W a<t>", 12, 1, Kind::UnclosedBracket { bracket: '(' });
    check_line("s<t> = tanh(W [a<t>)", 15, 1, Kind::UnclosedBracket { bracket: '[' });
    check_line("s<t> = W a<t>)", 14, 1, Kind::UnopenedBracket { bracket: ')' });
}

#[test]
fn limits_are_errors() {
    let deep = format!("s<t> = {}a{}", "(".repeat(33), ")".repeat(33));
    check_line(&deep, 40, 1, Kind::TooDeep { limit: 32 });
    let long = format!("s<t> = a{}", " + a".repeat(49));
    check_line(&long, 1, 204, Kind::LineTooLong { limit: 200 });
    let many = format!("state a\na<t> = a<t-1>{}", "\n#".repeat(63));
    check(&many, &[(65, 1, 1, Kind::TooManyLines { limit: 64 })]);
    assert!(parse_cell(&many[..many.len() - 2]).is_ok());
}

#[test]
fn unknown_functions_say_which_was_meant() {
    let unknown = |name: &str, nearest: Option<&str>| Kind::UnknownFunction {
        name: name.into(),
        nearest: nearest.map(str::to_owned),
    };
    check_line("s<t> = tahn(a)", 8, 4, unknown("tahn", Some("tanh")));
    check_line("s<t> = sigmoid(a)", 8, 7, unknown("sigmoid", Some("σ")));
    check_line("s<t> = ReLU(a)", 8, 4, unknown("ReLU", Some("relu")));
    check_line("s<t> = sqrt(a)", 8, 4, unknown("sqrt", None));
    check_line("s<t> = mean(a)", 8, 4, unknown("mean", None));
    check_line("s<t> = g(a)", 8, 1, Kind::ActivationMissing);
}

#[test]
fn the_lines_that_are_no_equations_have_their_form() {
    let bad = |word: &str| Kind::BadDirective { directive: word.into() };
    check("state a,\na<t> = a<t-1>", &[(1, 1, 8, bad("state"))]);
    check("state a b\na<t> = a<t-1>", &[(1, 1, 9, bad("state"))]);
    check("state\na<t> = a<t-1>", &[(1, 1, 5, bad("state"))]);
    check("state a\noutput a, b\na<t> = a<t-1>", &[(2, 1, 11, bad("output"))]);
    check("activation f = tanh\nstate a\na<t> = a<t-1>", &[(1, 1, 19, bad("activation"))]);
    check(
        "activation g = softmax\nstate a\na<t> = a<t-1>",
        &[(1, 16, 7, Kind::NotAnActivation { name: "softmax".into() })],
    );
    check(
        "state a\nstate a\na<t> = a<t-1>",
        &[(2, 1, 7, Kind::DirectiveTwice { directive: "state".into(), first_line: 1 })],
    );
    check("state a, a\na<t> = a<t-1>", &[(1, 10, 1, Kind::StateTwice { name: name("a") })]);
}

#[test]
fn what_is_never_assigned_is_told_at_the_line_that_asks_for_it() {
    check("", &[(1, 1, 0, Kind::MissingState)]);
    check("a<t> = W x<t>", &[(1, 1, 13, Kind::MissingState)]);
    check("state a, c\na<t> = c<t-1>", &[(1, 10, 1, Kind::StateNeverAssigned { name: name("c") })]);
    check("state c\nc<t> = c<t-1>\n", &[(2, 14, 0, Kind::OutputNeverAssigned { name: name("a") })]);
    check("state a\noutput o\na<t> = a<t-1>", &[(2, 8, 1, Kind::OutputNeverAssigned { name: name("o") })]);
}

#[test]
fn reserved_names_are_refused() {
    let reserved = |of: &str| Kind::Reserved { name: name(of) };
    for target in ["x", "y", "ŷ", "l", "z_f", "da", "dW", "dx", "tanh", "sigma", "output_"] {
        let (length, kind) = match target {
            "sigma" => (8, reserved("σ")),
            "output_" => (7, Kind::UnexpectedCharacter { character: "output_".into() }),
            other => (other.chars().count() + 3, reserved(other)),
        };
        check_line(&format!("{target}<t> = a"), 1, length, kind);
    }
    check_line("s<t> = y<t> * a", 8, 4, reserved("y"));
    check_line("s<t> = da * a", 8, 2, reserved("da"));
    // d followed by no name of this cell is a name like any other.
    assert!(parse_cell("state a\na<t> = decay * a<t-1>").is_ok());
}

#[test]
fn each_name_is_assigned_once_and_before_it_is_used() {
    check_line("a<t> = W x<t>", 1, 4, Kind::AssignedTwice { name: name("a"), first_line: 2 });
    check_line("s<t-1> = a", 1, 6, Kind::TargetNotNow { name: name("s") });
    check(
        "state a\na<t> = s * a<t-1>\ns<t> = a",
        &[(2, 8, 1, Kind::UsedBeforeDefined { name: name("s"), defined_line: 3, is_state: false })],
    );
    check(
        "state a\na<t> = tanh(a<t>)",
        &[(2, 13, 4, Kind::UsedBeforeDefined { name: name("a"), defined_line: 2, is_state: true })],
    );
}

#[test]
fn unknown_names_come_with_the_nearest_known_one() {
    let unknown = |of: &str, nearest: Option<&str>| Kind::UnknownName {
        name: name(of),
        nearest: nearest.map(Symbol::from),
    };
    let text = |line: &str| format!("state a\nΓ_u<t> = σ(W x<t>)\na<t> = {line}");
    let check = |line: &str, column, length, kind| check(&text(line), &[(3, column, length, kind)]);
    check("Γ_i<t> * a<t-1>", 8, 6, unknown("Γ_i", Some("Γ_u")));
    check("Γ_i * a<t-1>", 8, 3, unknown("Γ_i", Some("Γ_u")));
    check("γ_u<t> * a<t-1>", 8, 6, unknown("γ_u", Some("Γ_u")));
    check("c~<t> * a<t-1>", 8, 5, unknown("c~", None));
    check("Γ_u * A<t-1>", 14, 6, unknown("A", Some("a")));
    check("Γ_u * x<t-1>", 14, 6, Kind::PreviousOfOutside { name: name("x") });
    check("Γ_u<t-1> * a<t-1>", 8, 8, Kind::PreviousOfNoState { name: name("Γ_u") });
    check("W x", 10, 1, Kind::NeedsTime { name: name("x") });
}

#[test]
fn a_product_has_a_matrix_on_its_left_and_a_matrix_stands_in_a_product() {
    let not_a_matrix =
        |left: &str, right: &str| Kind::LeftFactorNotMatrix { left: left.into(), right: right.into() };
    check_line("s<t> = a<t> a<t-1>", 8, 4, not_a_matrix("a<t>", "a<t-1>"));
    check_line("s<t> = 2 a", 8, 1, not_a_matrix("2", "a"));
    check_line("s<t> = b a", 8, 1, not_a_matrix("b", "a"));
    check_line("s<t> = (W V) a", 8, 5, not_a_matrix("(W V)", "a"));
    check_line("s<t> = W * a", 8, 1, Kind::MatrixWithoutProduct { name: name("W") });
    check_line("s<t> = W", 8, 1, Kind::MatrixWithoutProduct { name: name("W") });
}

#[test]
fn shapes_that_do_not_fit_are_both_told() {
    let stacked = Dim::HIDDEN + Dim::INPUT;
    check_line(
        "s<t> = W x<t>",
        8,
        6,
        Kind::CannotMultiply {
            name: name("W"),
            left: shape(Dim::HIDDEN, Dim::HIDDEN),
            right: column_of(Dim::INPUT),
            first_line: 2,
        },
    );
    check_line(
        "s<t> = V [a<t-1>, x<t>] + V x<t>",
        27,
        6,
        Kind::CannotMultiply {
            name: name("V"),
            left: shape(Dim::HIDDEN, stacked),
            right: column_of(Dim::INPUT),
            first_line: 3,
        },
    );
    check_line(
        "s<t> = tanh(a + [a, x<t>])",
        13,
        13,
        Kind::CannotCombine {
            operator: BinaryOperator::Add,
            left: column_of(Dim::HIDDEN),
            right: column_of(stacked),
        },
    );
    let wrong = |found: Dim| Kind::WrongRows {
        name: name("s"),
        expected: column_of(Dim::HIDDEN),
        found: column_of(found),
    };
    check_line("s<t> = [a, a]", 8, 6, wrong(Dim::HIDDEN + Dim::HIDDEN));
    check_line("s<t> = sum(a)", 8, 6, wrong(Dim::ONE));
    check_line("s<t> = 1", 8, 1, wrong(Dim::ONE));
}

#[test]
fn every_bad_line_is_reported_at_once() {
    let text = "state a, c\n\
                c~<t> = tanh(W_c [a<t-1>, x<t>] + b_c\n\
                Γ_f<t> = sgima(W_f a<t-1>)\n\
                c<t> = Γ_f * c~ + k<t>\n\
                a<t> = Γ_o * tanh(c)";
    check(
        text,
        &[
            (2, 13, 1, Kind::UnclosedBracket { bracket: '(' }),
            (3, 10, 5, Kind::UnknownFunction { name: "sgima".into(), nearest: None }),
            (4, 19, 4, Kind::UnknownName { name: name("k"), nearest: None }),
            (5, 8, 3, Kind::UnknownName { name: name("Γ_o"), nearest: Some(name("Γ_f")) }),
        ],
    );
}

#[test]
fn places_count_grapheme_clusters_and_bytes_of_the_composed_text() {
    let text = "state a\na<t> = c\u{303}\u{303} * e\u{301} * $";
    let errors = parse_cell(text).expect_err("$ has no meaning");
    let error = &errors[0];
    assert_eq!((error.line, error.column, error.length), (2, 16, 1));
    let composed = text.replace("e\u{301}", "é");
    assert_eq!(&composed[error.span.start..error.span.end], "$");
}

#[test]
fn a_head_is_one_of_the_two_pairs() {
    let check =
        |text: &str, expected: &[Expected]| compare(text, parse_head(text).expect_err(text), expected);
    let softmax = "ŷ<t> = softmax(W_ya a<t> + b_y)";
    let cross_entropy = "l<t> = -sum(y<t> * log(ŷ<t>))";
    check(softmax, &[(1, 1, 4, Kind::HeadLines)]);
    check("", &[(1, 1, 0, Kind::HeadLines)]);
    check(&format!("{softmax}\nl<t> = sum(y<t> * log(ŷ<t>))"), &[(2, 1, 4, Kind::HeadPair)]);
    check(&format!("ŷ<t> = σ(W_ya a<t> + b_y)\n{cross_entropy}"), &[(2, 1, 4, Kind::HeadPair)]);
    check(
        &format!("state a\n{softmax}\n{cross_entropy}"),
        &[(1, 1, 7, Kind::DirectiveInHead { directive: "state".into() })],
    );
    check(
        &format!("ŷ<t> = softmax(W_ya a<t-1>)\n{cross_entropy}"),
        &[(1, 21, 6, Kind::PreviousOfOutside { name: name("a") })],
    );
    check(
        &format!("{softmax}\nl<t> = -sum(y<t> * log(ŷ<t-1>))"),
        &[(2, 24, 6, Kind::PreviousOfNoState { name: name("ŷ") })],
    );
    check(
        &format!("ŷ<t> = softmax(W_ya x<t>)\n{cross_entropy}"),
        &[(1, 21, 4, Kind::Reserved { name: name("x") })],
    );
}

#[test]
fn every_kind_has_its_own_key_and_names_its_facts() {
    let errors = parse_cell("state a\na<t> = tanh(Γ_u * a<t-1>) + V x").expect_err("two faults");
    let codes: Vec<&str> = errors.iter().map(|error| error.kind.code()).collect();
    assert_eq!(codes, ["unknown-name", "needs-time"]);
    let errors = parse_expression("tahn(a)", &[]).expect_err("no such function");
    assert_eq!(errors[0].kind.code(), "unknown-function-nearest");
    assert_eq!(errors[0].kind.arguments(), [("name", "tahn".to_owned()), ("nearest", "tanh".to_owned())]);
    assert_eq!(errors[0].to_string(), "line 1, column 1: there is no function tahn; did you mean tanh?");
}
