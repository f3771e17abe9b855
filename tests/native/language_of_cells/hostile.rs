//! Nothing that a reader can paste makes the parser panic, overflow or hang.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use unrolled::engine::syntax::{SyntaxError, parse_cell, parse_expression, parse_head};

/// Reads the text in every way; every error must lie inside the composed text.
fn read_all(text: &str) {
    let places = |errors: Vec<SyntaxError>| {
        assert!(!errors.is_empty());
        for error in errors {
            assert!(error.line >= 1 && error.column >= 1 && error.span.start <= error.span.end);
            assert!(!error.kind.code().is_empty() && !error.to_string().is_empty());
        }
    };
    parse_cell(text).err().map(places);
    parse_head(text).err().map(places);
    parse_expression(text, &[]).err().map(places);
}

#[test]
fn a_hundred_thousand_brackets_are_an_error() {
    for bracket in ["(", "[", "tanh(", "-", "W ", "a^2", "\u{303}", "<", "\n"] {
        let start = Instant::now();
        let text = format!("state a\na<t> = {}", bracket.repeat(100_000));
        assert!(parse_cell(&text).is_err(), "{bracket}");
        assert!(parse_head(&text).is_err(), "{bracket}");
        assert!(start.elapsed() < Duration::from_secs(5), "{bracket}");
    }
    assert!(parse_expression(&"(".repeat(100_000), &[]).is_err());
    assert!(parse_expression(&"-".repeat(100_000), &[]).is_err());
    assert!(parse_expression(&"W ".repeat(100_000), &[]).is_err());
}

#[test]
fn every_prefix_of_a_cell_reads_or_is_an_error() {
    let text = include_str!("../../../src/engine/cells/peephole-lstm.cell");
    for (place, _) in text.char_indices() {
        read_all(&text[..place]);
        read_all(&text[place..]);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,80}|[\\s\\S]{0,80}") {
        read_all(&text);
        read_all(&format!("state a\na<t> = {text}"));
    }

    #[test]
    fn any_soup_of_words_is_read_without_a_panic(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..60),
    ) {
        let text = words.concat();
        read_all(&text);
        read_all(&format!("state a, c\nΓ_u<t> = σ(W x<t>)\nc<t> = {text}\na<t> = {text}"));
    }
}

const WORDS: &[&str] = &[
    "state ",
    "output ",
    "activation ",
    "a",
    "c",
    "c~",
    "Γ_u",
    "W_a",
    "W_b",
    "b",
    "x",
    "y",
    "ŷ",
    "l",
    "d",
    "z_f",
    "<t>",
    "<t-1>",
    "<t-1>",
    "<",
    ">",
    " ",
    " ",
    "\n",
    "\r\n",
    "\t",
    "=",
    " = ",
    "+",
    "-",
    "*",
    "/",
    "^",
    "^2",
    "(",
    ")",
    "[",
    "]",
    ",",
    ", ",
    "tanh(",
    "σ(",
    "sum(",
    "softmax",
    "layernorm(",
    "g",
    "1",
    "0.5",
    "1e9",
    "#",
    "ᵀ",
    "\u{303}",
    "（",
    "）",
    "·",
    "\u{200d}",
    "🙂",
    "\u{0}",
    "\u{feff}",
    "门",
    "_",
    "~",
];
