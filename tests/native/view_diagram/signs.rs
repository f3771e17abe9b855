//! What stands in boxes and circles, and the room for it and for names.

use unrolled::engine::options::{Normalisation, with_normalisation};
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::parse_cell;
use unrolled::view::diagram::{Diagram, LabelKind, Part, PartKind, Rect, diagram};
use unrolled::view::formula::{NoFacts, Notation, Spelling};
use unrolled::view::role::Role;

use super::residual_matrix;

fn drawn(text: &str) -> Diagram {
    diagram(&parse_cell(text).expect("a cell"), &NoFacts)
}

#[test]
fn what_is_added_to_a_product_meets_it_at_a_plus_and_not_in_its_box() {
    let drawing = diagram(&residual_matrix(), &NoFacts);
    let of_output: Vec<&Part> = drawing.parts.iter().filter(|part| part.equation == Some(1)).collect();
    let signs: Vec<&str> = of_output.iter().map(|part| part.sign.as_str()).collect();
    assert_eq!(signs.len(), 2, "{signs:?}");
    let into = |sign: &str| -> Vec<String> {
        let part = drawing.parts.iter().position(|part| part.equation == Some(1) && part.sign == sign);
        let part = part.unwrap_or_else(|| panic!("no {sign} in {signs:?}"));
        let wires = drawing.wires.iter().filter(|wire| wire.to == part);
        wires
            .map(|wire| wire.symbol.as_ref().map_or("W x".to_owned(), |symbol| symbol.name.to_string()))
            .collect()
    };
    assert_eq!(into("W"), ["x"]);
    assert_eq!(into("+"), ["a", "W x"]);
}

#[test]
fn the_index_of_a_gain_stands_apart_from_its_sign() {
    let part = |sign: &str| Part {
        kind: PartKind::Function,
        rect: Rect { x: 0.0, y: 0.0, width: 1.0, height: 1.0 },
        sign: sign.to_owned(),
        role: Role::Weight,
        equation: None,
        symbol: None,
    };
    assert_eq!(part("×g_h").sign_around_index(), ("×g", "h", ""));
    assert_eq!(part("b_c+").sign_around_index(), ("b", "c", "+"));
    assert_eq!(part("tanh").sign_around_index(), ("tanh", "", ""));
    assert!(part("tanh").is_word() && part("norm → relu").is_word());
    assert!(!part("σ").is_word() && !part("×g_hh").is_word() && !part("1−").is_word());
}

#[test]
fn a_factor_that_is_made_of_parameters_alone_stands_before_its_operator() {
    let text = "state drive\noutput drive\ndrive<t> = α * drive<t-1> + (1 - α) * tanh(W_a x<t> + b_a)";
    let cell = parse_cell(text).expect("a cell");
    let signs: Vec<String> = diagram(&cell, &NoFacts).parts.iter().map(|part| part.sign.clone()).collect();
    for wanted in ["α×", "(1 − α)×"] {
        assert!(signs.iter().any(|sign| sign == wanted), "{wanted} is not among {signs:?}");
    }
    let name = Spelling::of_value(&"drive".into(), Notation::Notes, &NoFacts);
    assert_eq!((name.gradient, name.plain().as_str()), (false, "drive"));
}

#[test]
fn a_normalisation_is_named_in_the_box_of_the_function_that_it_stands_before() {
    let lstm = presets().iter().find(|preset| preset.id == "lstm").expect("an LSTM");
    for kind in [Normalisation::Layer, Normalisation::Batch] {
        let cell = with_normalisation(&lstm.cell, kind).expect("a normalised cell");
        let drawing = diagram(&cell, &NoFacts);
        let boxes = drawing.parts.iter().filter(|part| part.kind == PartKind::Product);
        let signs: Vec<&str> = boxes.map(|part| part.sign.as_str()).collect();
        assert_eq!(signs.iter().filter(|sign| **sign == "norm → σ").count(), 3, "{signs:?}");
        assert_eq!(signs.iter().filter(|sign| **sign == "norm → tanh").count(), 1, "{signs:?}");
    }
    let plain = diagram(&lstm.cell, &NoFacts);
    assert!(plain.parts.iter().all(|part| !part.sign.contains("norm")));
}

#[test]
fn a_box_is_as_wide_as_its_sign() {
    let drawing = drawn("state a\noutput a\na<t> = softmax(layernorm(W_a [a<t-1>, x<t>]) + b_a)");
    let part = drawing.parts.iter().find(|part| part.kind == PartKind::Product).expect("a box");
    assert_eq!(part.sign, "norm → softmax");
    assert!(part.rect.width > 7.5 * 14.0, "{}", part.rect.width);
}

#[test]
fn a_long_name_of_a_state_is_not_cut_at_the_edge() {
    let drawing = drawn(
        "state remembrance\noutput remembrance\nremembrance<t> = tanh(W_r [remembrance<t-1>, x<t>] + b_r)",
    );
    for label in drawing.labels.iter().filter(|label| label.kind == LabelKind::State) {
        assert!(label.rect.x + label.rect.width <= drawing.width, "{label:?} in {}", drawing.width);
    }
}
