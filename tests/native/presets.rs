//! The presets are what the curriculum writes down, and their facts are whole.

use unrolled::engine::presets::{EXAMPLES, logistic_head, preset, presets, softmax_head};
use unrolled::engine::role::{Role, role};
use unrolled::engine::syntax::{
    Cell, Dim, Equation, Function, LossKind, Symbol, parse_cell, with_intermediates,
};

const STACKED: Dim = Dim { hidden: 1, input: 1, output: 0, ones: 0 };

#[track_caller]
fn cell(id: &str) -> &'static Cell {
    &preset(id).unwrap_or_else(|| panic!("no preset {id}")).cell
}

fn texts(equations: &[Equation]) -> Vec<String> {
    equations.iter().map(Equation::to_string).collect()
}

#[track_caller]
fn check(id: &str, states: &[&str], equations: &[&str]) {
    let cell = cell(id);
    assert_eq!(cell.states.iter().map(|state| state.0.as_str()).collect::<Vec<_>>(), states, "{id}");
    assert_eq!(texts(&cell.equations), equations, "{id}");
    assert_eq!(cell.output, Symbol::from("a"), "{id}");
    assert!(cell.check_sizes(3, 5).is_ok(), "{id}");
}

#[test]
fn the_seven_presets_come_in_the_order_in_which_they_are_taught() {
    let ids: Vec<&str> = presets().iter().map(|preset| preset.id).collect();
    assert_eq!(ids, ["rnn", "rnn-relu", "rnn-leaky-relu", "rnn-swish", "gru-simplified", "gru", "lstm"]);
    assert!(preset("transformer").is_none());
}

#[test]
fn the_presets_are_the_equations_of_the_curriculum() {
    check("rnn", &["a"], &["a<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)"]);
    check("rnn-relu", &["a"], &["a<t> = relu(W_aa a<t-1> + W_ax x<t> + b_a)"]);
    check("rnn-leaky-relu", &["a"], &["a<t> = leaky_relu(W_aa a<t-1> + W_ax x<t> + b_a)"]);
    check("rnn-swish", &["a"], &["a<t> = swish(W_aa a<t-1> + W_ax x<t> + b_a)"]);
    check(
        "gru-simplified",
        &["c"],
        &[
            "c~<t> = tanh(W_c [c<t-1>, x<t>] + b_c)",
            "Γ_u<t> = σ(W_u [c<t-1>, x<t>] + b_u)",
            "c<t> = Γ_u<t> * c~<t> + (1 - Γ_u<t>) * c<t-1>",
            "a<t> = c<t>",
        ],
    );
    check(
        "gru",
        &["c"],
        &[
            "Γ_r<t> = σ(W_r [c<t-1>, x<t>] + b_r)",
            "c~<t> = tanh(W_c [Γ_r<t> * c<t-1>, x<t>] + b_c)",
            "Γ_u<t> = σ(W_u [c<t-1>, x<t>] + b_u)",
            "c<t> = Γ_u<t> * c~<t> + (1 - Γ_u<t>) * c<t-1>",
            "a<t> = c<t>",
        ],
    );
    check(
        "lstm",
        &["a", "c"],
        &[
            "c~<t> = tanh(W_c [a<t-1>, x<t>] + b_c)",
            "Γ_f<t> = σ(W_f [a<t-1>, x<t>] + b_f)",
            "Γ_u<t> = σ(W_u [a<t-1>, x<t>] + b_u)",
            "Γ_o<t> = σ(W_o [a<t-1>, x<t>] + b_o)",
            "c<t> = Γ_u<t> * c~<t> + Γ_f<t> * c<t-1>",
            "a<t> = Γ_o<t> * tanh(c<t>)",
        ],
    );
}

#[test]
fn the_four_rnn_presets_differ_in_their_activation_only() {
    let activations = [Function::Tanh, Function::Relu, Function::LeakyRelu, Function::Swish];
    for (preset, activation) in presets().iter().zip(activations) {
        assert_eq!(preset.cell.activation, Some(activation), "{}", preset.id);
        let stacked = preset.stacked.as_ref().expect("the second form is shown beside it");
        assert_eq!(stacked.activation, Some(activation), "{}", preset.id);
        assert_eq!(stacked.parameters[0].columns, STACKED, "{}", preset.id);
    }
}

#[test]
fn the_presets_have_the_shapes_of_the_lectures() {
    let shape = |id: &str, name: &str| {
        let found = cell(id).parameters.iter().find(|parameter| parameter.name.0 == name);
        found.map(|parameter| (parameter.rows, parameter.columns))
    };
    assert_eq!(shape("rnn", "W_aa"), Some((Dim::HIDDEN, Dim::HIDDEN)));
    assert_eq!(shape("rnn", "W_ax"), Some((Dim::HIDDEN, Dim::INPUT)));
    assert_eq!(shape("rnn", "b_a"), Some((Dim::HIDDEN, Dim::ONE)));
    for name in ["W_c", "W_f", "W_u", "W_o"] {
        assert_eq!(shape("lstm", name), Some((Dim::HIDDEN, STACKED)), "{name}");
    }
    assert_eq!(shape("gru", "b_r"), Some((Dim::HIDDEN, Dim::ONE)));
    for head in [softmax_head(), logistic_head()] {
        assert_eq!(head.parameters.len(), 2);
        assert_eq!((head.parameters[0].rows, head.parameters[0].columns), (Dim::OUTPUT, Dim::HIDDEN));
        assert_eq!((head.parameters[1].rows, head.parameters[1].columns), (Dim::OUTPUT, Dim::ONE));
    }
}

#[test]
fn the_heads_are_the_two_pairs_of_output_and_loss() {
    assert_eq!(softmax_head().loss, LossKind::SoftmaxCrossEntropy);
    assert_eq!(logistic_head().loss, LossKind::Logistic);
}

#[test]
fn every_example_reads_and_only_the_residual_one_needs_equal_sizes() {
    for (id, text) in EXAMPLES {
        let cell = parse_cell(text).unwrap_or_else(|errors| panic!("{id}: {errors:?}"));
        assert_eq!(cell.check_sizes(4, 7).is_err(), id == "residual-rnn", "{id}");
        assert!(cell.check_sizes(4, 4).is_ok(), "{id}");
        assert!(with_intermediates(&cell).len() > cell.equations.len(), "{id}");
    }
}

#[test]
fn the_facts_know_every_symbol_of_their_cell_and_agree_with_its_letter() {
    for preset in presets() {
        let cell = &preset.cell;
        let values = cell.equations.iter().map(|equation| &equation.target.name);
        let parameters = cell.parameters.iter().map(|parameter| &parameter.name);
        for symbol in values.chain(parameters).chain([&Symbol::from("x")]) {
            let facts = preset.facts.of(symbol).unwrap_or_else(|| panic!("{}: {symbol}", preset.id));
            assert_eq!(facts.role, role(symbol), "{}: {symbol}", preset.id);
            assert!(facts.pytorch.is_some() && facts.keras.is_some(), "{}: {symbol}", preset.id);
        }
    }
}

#[test]
fn the_facts_files_are_toml() {
    for (id, text) in [
        ("rnn", include_str!("../../src/engine/cells/rnn.toml")),
        ("gru-simplified", include_str!("../../src/engine/cells/gru-simplified.toml")),
        ("gru", include_str!("../../src/engine/cells/gru.toml")),
        ("lstm", include_str!("../../src/engine/cells/lstm.toml")),
    ] {
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{id}: {error}"));
        let symbols = table["symbol"].as_array().expect("a list of symbols");
        let facts = &preset(id).expect("a preset").facts;
        assert_eq!(symbols.len(), facts.symbols.len(), "{id}");
        for (toml, ours) in symbols.iter().zip(&facts.symbols) {
            assert_eq!(toml["name"].as_str(), Some(ours.name.0.as_str()), "{id}");
            assert_eq!(toml["role"].as_str(), Some(ours.role.name()), "{id}");
            assert_eq!(toml.get("pytorch").and_then(|value| value.as_str()), ours.pytorch.as_deref(), "{id}");
            assert_eq!(toml.get("keras").and_then(|value| value.as_str()), ours.keras.as_deref(), "{id}");
            let gate = |key: &str| toml.get(key).and_then(|value| value.as_integer());
            assert_eq!(gate("pytorch_gate"), ours.pytorch_gate.map(|gate| gate as i64), "{id}");
            assert_eq!(gate("keras_gate"), ours.keras_gate.map(|gate| gate as i64), "{id}");
            assert_eq!(gate("sign") == Some(-1), ours.is_flipped, "{id}");
            assert_eq!(toml.get("start").and_then(|value| value.as_float()), ours.start, "{id}");
        }
    }
}

#[test]
fn the_blocks_of_fused_matrices_follow_the_order_of_pytorch_and_keras() {
    // PyTorch: LSTM i, f, g, o; GRU r, z, n. Keras: LSTM i, f, c, o; GRU z, r, h.
    let order = |id: &str, is_pytorch: bool| {
        let facts = &preset(id).expect("a preset").facts;
        let weights = facts.symbols.iter().filter(|facts| facts.name.letter() == "W");
        let gate = |facts: &unrolled::engine::facts::SymbolFacts| {
            if is_pytorch { facts.pytorch_gate } else { facts.keras_gate }
        };
        let mut blocks: Vec<(usize, &str)> =
            weights.filter_map(|facts| Some((gate(facts)?, facts.name.subscript()?))).collect();
        blocks.sort_unstable();
        blocks.into_iter().map(|(_, subscript)| subscript).collect::<Vec<_>>()
    };
    assert_eq!(order("lstm", true), ["u", "f", "c", "o"]);
    assert_eq!(order("lstm", false), ["u", "f", "c", "o"]);
    assert_eq!(order("gru", true), ["r", "u", "c"]);
    assert_eq!(order("gru", false), ["u", "r", "c"]);
}

#[test]
fn the_forget_bias_starts_at_one_and_the_update_gate_is_flipped_elsewhere() {
    let start = |name: &str| preset("lstm")?.facts.of(&Symbol::from(name))?.start;
    assert_eq!(start("b_f"), Some(1.0));
    assert_eq!(start("b_u"), None);
    let gru = &preset("gru").expect("a preset").facts;
    let flipped: Vec<&str> =
        gru.symbols.iter().filter(|facts| facts.is_flipped).map(|facts| facts.name.0.as_str()).collect();
    assert_eq!(flipped, ["Γ_u", "W_u", "b_u"]);
    assert!(gru.reset_after_product_pytorch);
}

#[test]
fn a_symbol_of_an_own_cell_takes_its_role_by_its_letter() {
    let roles = [
        ("Γ_f", Role::Forget),
        ("Γ_i", Role::Update),
        ("Γ_r", Role::Reset),
        ("Γ_o", Role::OutputGate),
        ("Γ_q", Role::Neutral),
        ("h", Role::Hidden),
        ("a~", Role::Candidate),
        ("dc~", Role::Candidate),
        ("dΓ_f", Role::Forget),
        ("z_f", Role::Forget),
        ("dz_Γf", Role::Forget),
        ("z_y", Role::Output),
        ("ŷ", Role::Output),
        ("W_q", Role::Weight),
        ("dW_q", Role::Weight),
        ("b_q", Role::Weight),
        ("q", Role::Neutral),
        ("decay", Role::Neutral),
    ];
    for (name, expected) in roles {
        assert_eq!(role(&Symbol::from(name)), expected, "{name}");
    }
}
