//! Formulas as MathML and as spoken words.

use unrolled::engine::BackwardEquation;
use unrolled::engine::syntax::{Expr, Function, Symbol, Time};
use unrolled::view::formula::{
    Facts, Level, NoFacts, Node, Notation, Piece, Spelling, Spoken, SymbolId, Tag, Typesetter, pieces, speak,
    speak_backward, speak_equation, written,
};
use unrolled::view::role::{Role, value_of_gradient};

use crate::view_cells::*;

fn notes(step: Option<usize>) -> Typesetter<'static> {
    Typesetter { notation: Notation::Notes, step, facts: &NoFacts }
}

#[track_caller]
fn check(expr: Expr, expected: &str) {
    // The invisible times sign is left out for reading.
    assert_eq!(notes(None).expression(&expr).plain().replace('\u{2062}', ""), expected);
}

fn all(node: &Node, into: &mut Vec<Node>) {
    into.push(node.clone());
    node.children().iter().for_each(|child| all(child, into));
}

fn elements(node: &Node) -> Vec<Node> {
    let mut found = Vec::new();
    all(node, &mut found);
    found
}

fn attribute<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
}

#[test]
fn brackets_stand_only_where_they_are_needed() {
    let (a, b, c) = (|| now("a"), || now("b"), || now("c"));
    check(times(a(), add(b(), c())), "a⟨t⟩∗(b⟨t⟩+c⟨t⟩)");
    check(add(times(a(), b()), c()), "a⟨t⟩∗b⟨t⟩+c⟨t⟩");
    check(subtract(a(), subtract(b(), c())), "a⟨t⟩−(b⟨t⟩−c⟨t⟩)");
    check(subtract(subtract(a(), b()), c()), "a⟨t⟩−b⟨t⟩−c⟨t⟩");
    check(add(a(), subtract(b(), c())), "a⟨t⟩+b⟨t⟩−c⟨t⟩");
    check(add(a(), Expr::Negate(Box::new(b()))), "a⟨t⟩+(−b⟨t⟩)");
    check(Expr::Negate(Box::new(times(a(), b()))), "−a⟨t⟩∗b⟨t⟩");
    check(times(a(), Expr::Negate(Box::new(b()))), "a⟨t⟩∗(−b⟨t⟩)");
    check(times(times(a(), b()), c()), "a⟨t⟩∗b⟨t⟩∗c⟨t⟩");
    check(product(parameter("W_a"), times(a(), b())), "Wa(a⟨t⟩∗b⟨t⟩)");
    check(times(product(parameter("W_a"), a()), b()), "Waa⟨t⟩∗b⟨t⟩");
    check(Expr::Power(Box::new(call(Function::Tanh, a())), 2), "tanh(a⟨t⟩)2");
    check(Expr::Power(Box::new(a()), 2), "(a⟨t⟩)2");
    check(subtract(a(), Expr::Number(-0.5)), "a⟨t⟩−(−0.5)");
}

#[test]
fn a_division_is_a_fraction_and_groups_by_its_bar() {
    let node = notes(None).expression(&times(over(add(now("a"), now("b")), now("c")), now("a")));
    let html = node.to_html();
    assert!(html.contains("<mfrac><mrow>"), "{html}");
    assert!(!html.contains(">(<"), "{html}");
}

#[test]
fn the_live_step_takes_the_place_of_t() {
    let cell = lstm();
    let node = notes(Some(5)).equation(&cell.equations[1]);
    assert_eq!(node.plain().replace('\u{2062}', ""), "Γf⟨5⟩=σ(Wf[a⟨4⟩,x⟨5⟩]+bf)");
    let node = notes(None).equation(&cell.equations[1]);
    assert_eq!(node.plain().replace('\u{2062}', ""), "Γf⟨t⟩=σ(Wf[a⟨t−1⟩,x⟨t⟩]+bf)");
}

#[test]
fn every_symbol_is_one_element_with_its_link_and_its_role() {
    let node = notes(Some(5)).equation(&lstm().equations[1]);
    let symbols: Vec<(String, String)> = elements(&node)
        .iter()
        .filter_map(|node| {
            Some((attribute(node, "data-symbol")?.to_owned(), attribute(node, "data-role")?.to_owned()))
        })
        .collect();
    let expected = [("Γ_f<t>", "f"), ("W_f", "w"), ("a<t-1>", "a"), ("x<t>", "x"), ("b_f", "w")]
        .map(|(symbol, role)| (symbol.to_owned(), role.to_owned()));
    assert_eq!(symbols, expected);
}

#[test]
fn html_of_a_gate_is_as_drawn() {
    let node = notes(Some(5)).symbol(&"Γ_f".into(), Some(Time::Now));
    assert_eq!(
        node.to_html(),
        "<math><msubsup class=\"symbol\" data-symbol=\"Γ_f&lt;t&gt;\" data-role=\"f\">\
         <mi class=\"f\" mathvariant=\"normal\">Γ</mi><mi class=\"f\">f</mi><mrow class=\"time\">\
         <mo stretchy=\"false\">⟨</mo><mn>5</mn><mo stretchy=\"false\">⟩</mo></mrow></msubsup></math>"
    );
}

#[test]
fn candidate_and_prediction_carry_their_accents() {
    for (name, letter, sign) in [("c~", "c", "~"), ("ŷ", "y", "^")] {
        let node = notes(None).symbol(&name.into(), Some(Time::Now));
        let over = elements(&node).into_iter().find(|node| node.tag == Tag::Mover).expect("an accent");
        assert_eq!(over.children()[0].plain(), letter);
        assert_eq!(over.children()[1].plain(), sign);
        assert_eq!(attribute(&over, "accent"), Some("true"));
    }
}

#[test]
fn backward_equations_have_gradients_transposes_and_plus_equals() {
    let gates = BackwardEquation {
        targets: vec![parameter("dW_f")],
        adds: true,
        expr: product(now("dz_f"), transposed(stack(vec![before("a"), now("x")]))),
        of: 1,
    };
    assert_eq!(notes(None).backward(&gates).plain().replace('\u{2062}', ""), "dWf+=dzf⟨t⟩[a⟨t−1⟩,x⟨t⟩]T");
    let shared = BackwardEquation {
        targets: vec![before("da"), now("dx")],
        adds: true,
        expr: product(transposed(parameter("W_f")), now("dz_f")),
        of: 1,
    };
    let node = notes(None).backward(&shared);
    assert_eq!(node.plain().replace('\u{2062}', ""), "[da⟨t−1⟩,dx⟨t⟩]+=WfTdzf⟨t⟩");
    assert!(node.to_html().contains("data-symbol=\"da&lt;t-1&gt;\" data-role=\"a\""));
    let term = Expr::TermGradient(Box::new(times(now("Γ_r"), before("c"))));
    check(term, "d(Γr⟨t⟩∗c⟨t−1⟩)");
    check(call(Function::ReluSlope, now("z_a")), "relu′(za⟨t⟩)");
}

struct Torch;

impl Facts for Torch {
    fn letters(&self, symbol: &Symbol, _: Notation) -> Option<String> {
        match symbol.0.as_str() {
            "Γ_f" => Some("f".into()),
            "a" => Some("h".into()),
            "W_f" => Some("W_f".into()),
            _ => None,
        }
    }
}

#[test]
fn other_notations_change_letters_and_put_the_time_below() {
    let torch = Typesetter { notation: Notation::PyTorch, step: None, facts: &Torch };
    let node = torch.equation(&lstm().equations[1]);
    assert_eq!(node.plain().replace('\u{2062}', ""), "ft=σ(Wf[ht−1,xt]+bf)");
    assert!(node.to_html().contains("data-symbol=\"Γ_f&lt;t&gt;\""), "links stay the same in every notation");
    let gradient = torch.symbol(&"dΓ_f".into(), Some(Time::Now));
    assert_eq!(gradient.plain(), "dft");
}

#[test]
fn names_from_a_reader_are_escaped() {
    let node = notes(None).symbol(&"<img src=x>&\"".into(), None);
    let html = node.to_html();
    assert!(!html.contains("<img"), "{html}");
    assert!(html.contains("&lt;img"), "{html}");
}

#[test]
fn ids_of_symbols_are_read_back() {
    for text in ["Γ_f<t>", "c<t-1>", "W_f", "dc<t-1>"] {
        assert_eq!(SymbolId::read(text).to_string(), text);
    }
    assert_eq!(SymbolId::read("c<t-1>").time, Some(Time::Previous));
}

#[test]
fn a_gradient_has_the_role_of_its_value() {
    for (name, role) in [
        ("dΓ_f", Role::Forget),
        ("Γ_r", Role::Forget),
        ("da", Role::Hidden),
        ("dc~", Role::Candidate),
        ("dW_f", Role::Weight),
        ("b_f", Role::Weight),
        ("z_f", Role::Intermediate),
        ("dz_y", Role::Prediction),
        ("Γ_k", Role::Neutral),
        ("m", Role::Neutral),
    ] {
        assert_eq!(Role::of(&name.into()), role, "{name}");
    }
    assert_eq!(value_of_gradient(&"d".into()), None);
}

#[test]
fn a_formula_is_spoken_symbol_by_symbol() {
    let letter = |letter: &str, subscript: Option<&str>, time: Option<&str>| Spoken::Symbol {
        gradient: false,
        letter: letter.into(),
        accent: None,
        subscript: subscript.map(Into::into),
        time: time.map(Into::into),
    };
    let words = speak_equation(&lstm().equations[1], Some(5), Notation::Notes, &NoFacts);
    assert_eq!(
        words,
        [
            letter("Γ", Some("f"), Some("5")),
            Spoken::Equals,
            Spoken::Function(Function::Sigmoid),
            Spoken::Open,
            letter("W", Some("f"), None),
            Spoken::Product,
            Spoken::Stack,
            letter("a", None, Some("4")),
            Spoken::And,
            letter("x", None, Some("5")),
            Spoken::EndStack,
            Spoken::Plus,
            letter("b", Some("f"), None),
            Spoken::Close,
        ]
    );
}

#[test]
fn speech_keeps_the_grouping_that_brackets_show() {
    let words = speak(&times(now("a"), add(now("b"), now("c"))), None, Notation::Notes, &NoFacts);
    assert_eq!(words[2], Spoken::Open);
    assert_eq!(words.last(), Some(&Spoken::Close));
    let grows = BackwardEquation { targets: vec![now("dc")], adds: true, expr: now("da"), of: 0 };
    let words = speak_backward(&grows, None, Notation::Notes, &NoFacts);
    assert_eq!(words[1], Spoken::GrowsBy);
    assert!(matches!(&words[0], Spoken::Symbol { gradient: true, letter, .. } if letter == "c"));
}

#[test]
fn a_presets_facts_give_the_letters_of_other_schools() {
    let preset = unrolled::engine::presets::preset("lstm").expect("a preset");
    let torch = Typesetter { notation: Notation::PyTorch, step: None, facts: &preset.facts };
    let written = |symbol: &str| torch.symbol(&symbol.into(), Some(Time::Now)).plain();
    assert_eq!(written("Γ_u"), "it");
    assert_eq!(written("dΓ_f"), "dft");
    let notes = Typesetter { notation: Notation::Notes, ..torch };
    assert_eq!(notes.symbol(&"Γ_u".into(), Some(Time::Now)).plain(), "Γu⟨t⟩");
    assert_eq!(notes.role(&"dΓ_u".into()), Role::Update);
}

#[test]
fn what_the_facts_do_not_list_follows_what_its_index_names() {
    let written = |cell: &str, notation, symbol: &str| {
        let facts = &unrolled::engine::presets::preset(cell).expect("a preset").facts;
        Spelling::of(&symbol.into(), notation, facts).plain()
    };
    assert_eq!(written("lstm", Notation::PyTorch, "z_u"), "z_i");
    assert_eq!(written("lstm", Notation::PyTorch, "dz_c"), "dz_g");
    assert_eq!(written("lstm", Notation::PyTorch, "W_ya"), "W_yh");
    assert_eq!(written("gru", Notation::Keras, "z_c"), "z_h");
    assert_eq!(written("gru", Notation::PyTorch, "b_y"), "b_y");
    assert_eq!(written("rnn", Notation::Keras, "z_a"), "z_h");
    assert_eq!(written("rnn", Notation::PyTorch, "ŷ"), "y\u{302}");
    assert_eq!(written("lstm", Notation::Notes, "z_u"), "z_u");
}

#[test]
fn a_formula_is_pieces_on_a_line_below_it_and_above_it_for_pictures() {
    let written = |preset: &str, equation: usize, notation| {
        let preset = unrolled::engine::presets::preset(preset).expect("a preset");
        let letters = Typesetter { notation, step: None, facts: &preset.facts };
        let node = letters.equation(&preset.cell.equations[equation]);
        let all = pieces(&node);
        let together = all.chunk_by(|one, next| one.level == next.level);
        let mark = |piece: &[Piece]| {
            let text: String = piece.iter().map(|piece| piece.text.as_str()).collect();
            match piece[0].level {
                Level::On => text,
                Level::Below => format!("_{{{text}}}"),
                Level::Above => format!("^{{{text}}}"),
            }
        };
        together.map(mark).collect::<String>()
    };
    let forget = written("lstm", 1, Notation::Notes);
    assert!(forget.starts_with("Γ_{f}^{⟨t⟩} = σ(W_{f}"), "{forget}");
    assert!(forget.ends_with(" + b_{f})"), "{forget}");
    let candidate = written("lstm", 0, Notation::Notes);
    assert!(candidate.starts_with("c\u{303}^{⟨t⟩} = tanh("), "{candidate}");
    assert!(candidate.contains("[a^{⟨t−1⟩},x^{⟨t⟩}]"), "{candidate}");
    assert!(written("lstm", 1, Notation::PyTorch).starts_with("f_{t} = σ("));
    // Letters of values are slanted, functions and numbers are upright.
    let lstm = unrolled::engine::presets::preset("lstm").expect("a preset");
    let letters = Typesetter { notation: Notation::Notes, step: None, facts: &lstm.facts };
    let all = pieces(&letters.equation(&lstm.cell.equations[0]));
    assert!(all.iter().all(|piece| !piece.is_slanted || !piece.text.contains("tanh")), "{all:?}");
    assert!(all.iter().any(|piece| piece.is_slanted && piece.text == "W"), "{all:?}");
}

#[test]
fn pieces_of_a_formula_are_a_line_of_text_whose_indices_keep_to_themselves() {
    let piece = |text: &str, level| Piece { text: text.into(), level, is_slanted: false };
    let (on, below, above) =
        (|text| piece(text, Level::On), |text| piece(text, Level::Below), |text| piece(text, Level::Above));
    assert_eq!(written(&[on("W"), below("ax"), on("x"), above("⟨t⟩")]), "W_ax x⟨t⟩");
    assert_eq!(written(&[on("10"), above("−3")]), "10^−3");
    assert_eq!(
        written(&[on("σ(W"), below("f"), above("⊤"), on(" + b"), below("f"), on(")")]),
        "σ(W_f^⊤ + b_f)"
    );
    assert_eq!(written(&[]), "");
}

#[test]
fn a_formula_is_also_a_line_of_text_in_the_letters_in_use() {
    let lstm = unrolled::engine::presets::preset("lstm").expect("a preset");
    let line = |notation| {
        let letters = Typesetter { notation, step: None, facts: &lstm.facts };
        letters.equation(&lstm.cell.equations[1]).line()
    };
    assert!(line(Notation::Notes).starts_with("Γ_f^⟨t⟩ = σ(W_f"), "{}", line(Notation::Notes));
    assert!(line(Notation::Notes).ends_with(" + b_f)"), "{}", line(Notation::Notes));
    assert!(line(Notation::PyTorch).starts_with("f_t = σ("), "{}", line(Notation::PyTorch));
}
