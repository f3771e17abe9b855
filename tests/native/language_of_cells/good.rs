//! Texts that read, and what they read as.

use unrolled::engine::syntax::{
    Cell, Equation, Expr, Symbol, Time, named_intermediates, parse_cell, parse_expression, parse_head,
    with_intermediates,
};

#[track_caller]
fn read(text: &str) -> Cell {
    parse_cell(text).unwrap_or_else(|errors| panic!("{text}\n{errors:#?}"))
}

/// The parameters as `W_a: n_a × (n_a + n_x)`.
#[track_caller]
fn check_shapes(text: &str, expected: &[&str]) {
    let cell = read(text);
    let shapes: Vec<String> = cell
        .parameters
        .iter()
        .map(|parameter| format!("{}: {} × {}", parameter.name, parameter.rows, parameter.columns))
        .collect();
    assert_eq!(shapes, expected, "{text}");
}

#[track_caller]
fn check_reads_as(text: &str, expected: &str) {
    assert_eq!(read(text).equations.last().map(Equation::to_string).as_deref(), Some(expected), "{text}");
}

#[test]
fn parameters_take_their_shapes_from_where_they_stand() {
    check_shapes(
        "state a\na<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)",
        &["W_aa: n_a × n_a", "W_ax: n_a × n_x", "b_a: n_a × 1"],
    );
    check_shapes("state a\na<t> = tanh(W_a [a<t-1>, x<t>] + b_a)", &["W_a: n_a × n_a + n_x", "b_a: n_a × 1"]);
    // A product of a product: what stands between is not fixed by the text, so it has n_a rows.
    check_shapes("state a\na<t> = V (U x<t>)", &["V: n_a × n_a", "U: n_a × n_x"]);
    check_shapes("state a\na<t> = V U x<t>", &["V: n_a × n_a", "U: n_a × n_x"]);
    // A column that is added to the input has its rows; one inside a stack is n_a.
    check_shapes("state a\na<t> = W (x<t> * s)", &["W: n_a × n_x", "s: n_x × 1"]);
    check_shapes("state a\na<t> = W [x<t>, s, 1]", &["W: n_a × n_a + n_x + 1", "s: n_a × 1"]);
    // A stacked value of two heights.
    check_shapes("state a\na<t> = W_a [a<t-1>, W_b [x<t>, x<t>]]", &["W_a: n_a × 2 n_a", "W_b: n_a × 2 n_x"]);
}

#[test]
fn a_later_use_fixes_a_shape_that_an_earlier_one_leaves_open() {
    check_shapes("state a\ns<t> = sum(u) * a<t-1>\na<t> = W (x<t> + u) + s", &["u: n_x × 1", "W: n_a × n_x"]);
    check_shapes(
        "state a\ns<t> = sum(W [u, x<t>]) * a<t-1>\na<t> = V (u + [x<t>, x<t>]) + s",
        &["W: n_a × 3 n_x", "u: 2 n_x × 1", "V: n_a × 2 n_x"],
    );
}

#[test]
fn one_row_and_numbers_broadcast() {
    check_shapes("state a\na<t> = softmax(W x<t>) * sum(a<t-1>) + k", &["W: n_a × n_x", "k: n_a × 1"]);
    check_shapes("state a\na<t> = 2 - a<t-1> / sum(exp(a<t-1>)) + 1e-3", &[]);
    check_shapes("state a\na<t> = sum(v * a<t-1>) * u", &["v: n_a × 1", "u: n_a × 1"]);
}

#[test]
fn binding_is_as_written_in_the_language() {
    let same = |text: &str, bracketed: &str| {
        let read =
            |text: &str| parse_expression(text, &[]).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(read(text), read(bracketed), "{text}");
    };
    same("W a<t-1>^2", "W (a<t-1>^2)");
    same("tanh(x<t>)^2", "(tanh(x<t>))^2");
    same("A B x<t> * k", "(A (B x<t>)) * k");
    same("k * A x<t>", "k * (A x<t>)");
    same("u / v * w", "(u / v) * w");
    same("-u * v", "-(u * v)");
    same("u - v - w", "(u - v) - w");
    same("u - -v + w", "(u - (-v)) + w");
    same("u * -v * w", "u * (-(v * w))");
    same("W [u, v] + b", "(W [u, v]) + b");
    same("W(u + v)", "W (u + v)");
    same("u^2^3", "(u^2)^3");
    same("u^-1", "(u)^-1");
}

#[test]
fn other_spellings_read_as_the_one_of_the_language() {
    let expected = "c<t> = Γ_u<t> * σ(a<t-1>)";
    for line in [
        "c<t> = Γ_u * σ(a<t-1>)",
        "c<t> = G_u<t> × sigma(a<t-1>)",
        "c = Gamma_u ∗ σ(a<t−1>)",
        "c<t>=Γ_u·σ(a<t-1>)   # the candidate is left out",
        "c< t > = G_u ⊙ σ (a <t - 1>)",
        "c⟨t⟩ ＝ Γ_u＊σ（a⟨t−1⟩）",
    ] {
        let text = format!("state a, c\nΓ_u<t> = σ(W a<t-1>)\na<t> = Γ_u\n{line}");
        check_reads_as(&text, expected);
    }
}

#[test]
fn a_tilde_may_stand_behind_the_letter_or_over_it() {
    for name in ["c~", "c\u{303}", "c～"] {
        let text = format!("state a\n{name}<t> = tanh(W x<t>)\na<t> = {name} * a<t-1>");
        check_reads_as(&text, "a<t> = c~<t> * a<t-1>");
    }
    // One code point in NFC, where the letter has one.
    let text = "state a\nã<t> = tanh(W x<t>)\na<t> = a~ * a<t-1>";
    check_reads_as(text, "a<t> = a~<t> * a<t-1>");
}

#[test]
fn a_composed_and_a_decomposed_letter_are_the_same_name() {
    let text = "state a\ne\u{301}<t> = tanh(W x<t>)\na<t> = é * a<t-1>";
    check_reads_as(text, "a<t> = é<t> * a<t-1>");
    assert_eq!(read(text).text, text.replace("e\u{301}", "é"));
}

#[test]
fn the_activation_stands_for_what_its_line_says() {
    check_reads_as("activation g = relu\nstate a\na<t> = g(W a<t-1>)", "a<t> = relu(W a<t-1>)");
    check_reads_as("state a\na<t> = g(W a<t-1>)\nactivation g = sigma", "a<t> = σ(W a<t-1>)");
    // Without that line g is a name like any other.
    check_reads_as("state a\ng<t> = tanh(W x<t>)\na<t> = g * a<t-1>", "a<t> = g<t> * a<t-1>");
}

#[test]
fn states_keep_the_order_of_their_line_and_the_output_is_a_unless_said() {
    let cell = read("output o\nstate c, a\nc<t> = x_1 * c<t-1>\na<t> = c\no<t> = a + c");
    assert_eq!(cell.states, [Symbol::from("c"), Symbol::from("a")]);
    assert_eq!(cell.output, Symbol::from("o"));
    assert_eq!(read("state c\nc<t> = c<t-1>\na<t> = c").output, Symbol::from("a"));
}

#[test]
fn places_of_equations_are_kept() {
    let text = "state a\n\n# a comment\nΓ_u<t> = σ(W x<t>)\r\na<t> = Γ_u * a<t-1>";
    let cell = read(text);
    let lines: Vec<usize> = cell.equations.iter().map(|equation| equation.line).collect();
    assert_eq!(lines, [3, 4]);
    let span = cell.equations[0].target.span;
    assert_eq!(&cell.text[span.start..span.end], "Γ_u<t>");
}

#[test]
fn names_may_be_chinese() {
    check_shapes(
        "state a\n门<t> = σ(W_门 [a<t-1>, x<t>] + 偏)\na<t> = 门 * a<t-1>",
        &["W_门: n_a × n_a + n_x", "偏: n_a × 1"],
    );
}

#[test]
fn a_value_with_a_capital_is_no_matrix() {
    check_shapes("state H\noutput H\nH<t> = tanh(W H<t-1> + b)", &["W: n_a × n_a", "b: n_a × 1"]);
}

#[test]
fn a_residual_connection_reads_and_says_which_layers_it_fits() {
    let cell = read("state a\noutput o\na<t> = tanh(W x<t> + U a<t-1>)\no<t> = a<t> + x<t>");
    assert!(cell.check_sizes(5, 5).is_ok());
    let error = cell.check_sizes(5, 6).expect_err("heights differ");
    assert_eq!(error.to_string(), "line 4, column 8: n_a × 1 + n_x × 1: the two shapes differ");
    assert_eq!(cell.parameters[0].columns, cell.parameters[0].rows);
}

#[test]
fn arguments_with_a_product_are_named_after_their_left_hand_side() {
    let cell = read(
        "state a, c\n\
         c~<t> = tanh(W_c [a<t-1>, x<t>] + b_c)\n\
         Γ_f<t> = σ(layernorm(W_f [a<t-1>, x<t>]) * g_f + b_f)\n\
         c<t> = Γ_f * c~ + tanh(c<t-1>)\n\
         a<t> = σ(W_o x<t>) * tanh(c) + relu(W_p x<t>)",
    );
    let named: Vec<(usize, String, String)> = named_intermediates(&cell)
        .into_iter()
        .map(|named| (named.equation, named.name.0, named.expr.to_string()))
        .collect();
    let expected = [
        (0, "z_c", "W_c [a<t-1>, x<t>] + b_c"),
        (1, "z_f", "layernorm(W_f [a<t-1>, x<t>]) * g_f + b_f"),
        (3, "z_a", "W_o x<t>"),
        (3, "z_a2", "W_p x<t>"),
    ];
    assert_eq!(named, expected.map(|(place, name, expr)| (place, name.to_owned(), expr.to_owned())));
    let equations: Vec<String> = with_intermediates(&cell).iter().map(Equation::to_string).collect();
    assert_eq!(
        equations,
        [
            "z_c<t> = W_c [a<t-1>, x<t>] + b_c",
            "c~<t> = tanh(z_c<t>)",
            "z_f<t> = layernorm(W_f [a<t-1>, x<t>]) * g_f + b_f",
            "Γ_f<t> = σ(z_f<t>)",
            "c<t> = Γ_f<t> * c~<t> + tanh(c<t-1>)",
            "z_a<t> = W_o x<t>",
            "z_a2<t> = W_p x<t>",
            "a<t> = σ(z_a<t>) * tanh(c<t>) + relu(z_a2<t>)",
        ]
    );
}

#[test]
fn on_a_clash_the_letter_stands_before_the_subscript() {
    let names = |text: &str| -> Vec<String> {
        named_intermediates(&read(text)).into_iter().map(|named| named.name.0).collect()
    };
    let first = "c~<t> = tanh(W x<t>)\n";
    let second = "Γ_c<t> = σ(U x<t>)\n";
    let last = "a<t> = c~ * Γ_c * a<t-1>";
    assert_eq!(names(&format!("state a\n{first}{second}{last}")), ["z_c", "z_Γc"]);
    assert_eq!(names(&format!("state a\n{second}{first}{last}")), ["z_c", "z_c~"]);
}

#[test]
fn the_logits_of_a_head_are_z_y() {
    let text = "yhat<t> = softmax(W_ya a<t> + b_y)\nl<t> = -sum(y<t> * log(ŷ))";
    let head = parse_head(text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let equations = unrolled::engine::syntax::head_with_intermediates(&head);
    assert_eq!(equations[0].to_string(), "z_y<t> = W_ya a<t> + b_y");
    assert_eq!(equations[1].to_string(), "ŷ<t> = softmax(z_y<t>)");
}

#[test]
fn an_expression_reads_by_itself() {
    let expr = parse_expression("Γ_u * b", &[Symbol::from("Γ_u")]).expect("reads");
    let Expr::Binary(_, left, right) = expr else { panic!("a product") };
    assert_eq!(*left, Expr::Value(Symbol::from("Γ_u"), Time::Now));
    assert_eq!(*right, Expr::Parameter(Symbol::from("b")));
}
