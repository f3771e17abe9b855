//! Figures in PyTorch's and Keras's letters.

use std::collections::BTreeSet;

use unrolled::engine::derive;
use unrolled::engine::presets::{logistic_head, presets, softmax_head};
use unrolled::view::figures::frame::{Around, Content, frame};
use unrolled::view::figures::letters::{notes, respelled};
use unrolled::view::figures::{figure, resolve};
use unrolled::view::formula::{Notation, Typesetter};
use unrolled::view::markup::Node;

use super::{Used, all_used, words};

/// Every symbol of a formula, as it is written.
fn symbols(node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    node.each(&mut |element| {
        if element.attribute("data-symbol").is_some() {
            found.push(Node::from(element.clone()).to_html());
        }
    });
    found
}

#[test]
fn a_formula_that_is_respelled_has_the_symbols_of_one_that_is_set_in_those_letters() {
    for preset in presets() {
        let set = |notation| Typesetter { notation, step: None, facts: &preset.facts };
        let derived = derive::backward(&preset.cell);
        for notation in [Notation::PyTorch, Notation::Keras] {
            for equation in &derived.forward {
                let ours = Node::from(&set(Notation::Notes).equation(equation));
                let theirs = Node::from(&set(notation).equation(equation));
                let found = respelled(vec![ours], preset.id, notation);
                assert_eq!(symbols(&found[0]), symbols(&theirs), "{} {equation:?}", preset.id);
            }
            for equation in &derived.equations {
                let ours = Node::from(&set(Notation::Notes).backward(equation));
                let theirs = Node::from(&set(notation).backward(equation));
                let found = respelled(vec![ours], preset.id, notation);
                assert_eq!(symbols(&found[0]), symbols(&theirs), "{} {equation:?}", preset.id);
            }
            // What stands above the cell follows the cell's letters.
            for head in [softmax_head(), logistic_head()] {
                let ours = head.equations.iter().map(|equation| set(Notation::Notes).equation(equation));
                let theirs = head.equations.iter().map(|equation| set(notation).equation(equation));
                let derived = derive::backward_of_head(&head).equations;
                let ours = ours.chain(derived.iter().map(|equation| set(Notation::Notes).backward(equation)));
                let theirs = theirs.chain(derived.iter().map(|equation| set(notation).backward(equation)));
                for (ours, theirs) in ours.zip(theirs) {
                    let found = respelled(vec![Node::from(&ours)], preset.id, notation);
                    assert_eq!(symbols(&found[0]), symbols(&Node::from(&theirs)), "{}", preset.id);
                }
            }
        }
    }
}

/// What a figure shows under a chapter's settings, as text, without the notes on other letters and its foot.
fn shown(used: &Used, letters: &str) -> Option<String> {
    let figure = figure(&used.name)?;
    let words = words(used.language, used.chapter).of(&used.name);
    let given = used.attributes.with(&[("letters", letters)].into_iter().collect());
    let (settings, now) = resolve(&*figure, &given);
    figure.letters_of(&now)?;
    let content = Content::of(&*figure, &now, &words);
    let nodes = frame(&settings, &now, content, &words, &Around::default());
    let is_note =
        |node: &Node| matches!(node, Node::Element(e) if e.attribute("class") == Some("fig-letters"));
    let end = nodes.iter().position(is_note)?;
    Some(nodes[..end].iter().map(Node::plain).collect())
}

/// The cell that a figure speaks of.
fn letters_of(used: &Used, letters: &str) -> Option<&'static str> {
    let figure = figure(&used.name)?;
    let given = used.attributes.with(&[("letters", letters)].into_iter().collect());
    let (_, now) = resolve(&*figure, &given);
    figure.letters_of(&now)
}

#[test]
fn no_letter_of_the_book_is_left_in_a_figure_that_is_shown_in_others() {
    let mut names = BTreeSet::new();
    for used in all_used() {
        for letters in ["pytorch", "keras"] {
            let Some(text) = shown(&used, letters) else { continue };
            let place = format!("{} {} {letters}", used.name, used.language);
            // A GRU's update gate is 1 minus theirs: it alone keeps its name.
            let is_of_a_gru = letters_of(&used, letters).is_some_and(|cell| cell.starts_with("gru"));
            let rest = if is_of_a_gru { text.replace("Γu", "") } else { text.clone() };
            assert!(!rest.contains(['⟨', 'Γ']), "{place}: {text}");
            assert_ne!(Some(text), shown(&used, "notes"), "{place}");
            names.insert(used.name.clone());
        }
    }
    let expected = [
        "unrolled",
        "shapes",
        "state",
        "stacked",
        "answer",
        "backward",
        "itemised",
        "gradient-check",
        "wirings",
        "hand",
        "jacobians",
        "vanishing",
        "depth",
        "remedies",
        "alike",
        "mixing",
        "reset-gate",
        "gates",
        "lstm-walk",
        "lstm-roles",
        "lstm-memory",
        "side-by-side",
    ];
    assert_eq!(names, expected.map(str::to_owned).into_iter().collect());
}

/// A figure's notes on other people's letters, in English.
fn said_below(name: &str, letters: &str) -> String {
    let is_english = |used: &&Used| used.name == name && used.language == "en";
    let all = all_used();
    let used = all.iter().find(is_english).expect("a figure of the book");
    let drawn = figure(&used.name).expect("a figure");
    let words = words(used.language, used.chapter).of(&used.name);
    let given = used.attributes.with(&[("letters", letters)].into_iter().collect());
    let (settings, now) = resolve(&*drawn, &given);
    let nodes = frame(&settings, &now, Content::of(&*drawn, &now, &words), &words, &Around::default());
    let is_note =
        |node: &&Node| matches!(node, Node::Element(e) if e.attribute("class") == Some("fig-letters"));
    nodes.iter().find(is_note).expect("a place for notes").plain()
}

#[test]
fn figures_in_other_letters_say_that_caption_and_text_keep_those_of_the_book() {
    for name in ["state", "itemised", "mixing", "lstm-walk", "unrolled", "hand", "vanishing"] {
        for letters in ["pytorch", "keras"] {
            let said = said_below(name, letters);
            assert_eq!(said.matches("keep this book’s letters").count(), 1, "{name}: {said}");
        }
        assert_eq!(said_below(name, "notes"), "", "{name}");
    }
}

#[test]
fn what_differs_in_sums_is_said_only_where_a_figure_shows_them() {
    for name in ["unrolled", "hand", "state"] {
        assert!(said_below(name, "pytorch").contains("two biases"), "{name}");
    }
    for name in ["shapes", "answer", "vanishing", "jacobians", "side-by-side"] {
        assert!(!said_below(name, "pytorch").contains("biases"), "{name}");
    }
}

#[test]
fn a_curve_is_named_in_the_letters_of_its_own_cell() {
    let vanishing = figure("vanishing").expect("a figure");
    let heads = |letters| {
        let given = [("sentence", "abc"), ("letters", letters)].into_iter().collect();
        let (_, now) = resolve(&*vanishing, &given);
        vanishing.draw(&now, &words("en", "gradients").of("vanishing")).table.heads[1..].to_vec()
    };
    assert_eq!(heads("notes"), ["RNN, a", "simplified GRU, c", "GRU, c", "LSTM, c", "LSTM, a"]);
    for letters in ["pytorch", "keras"] {
        assert_eq!(heads(letters), ["RNN, h", "simplified GRU, h", "GRU, h", "LSTM, c", "LSTM, h"]);
    }
}

#[test]
fn what_differs_in_more_than_letters_is_said_where_it_does() {
    let words = words("en", "gru").of("mixing");
    let said = |cell, notation| notes(cell, notation, &words).join(" ");
    assert_eq!(said("gru", Notation::Notes), "");
    assert!(said("gru", Notation::PyTorch).contains("1 − z"), "{}", said("gru", Notation::PyTorch));
    assert!(said("gru", Notation::PyTorch).contains("after the product"));
    assert!(said("gru", Notation::Keras).contains("reset_after=False"));
    assert!(said("lstm", Notation::PyTorch).contains("b_ig"), "{}", said("lstm", Notation::PyTorch));
    assert_eq!(said("lstm", Notation::PyTorch).matches("two biases").count(), 1);
    assert_eq!(said("lstm", Notation::Keras), "");
    assert!(!said("rnn", Notation::PyTorch).contains('⟦'));
}
