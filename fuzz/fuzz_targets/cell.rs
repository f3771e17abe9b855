//! The cell language: any text is a cell, whose derived equations can be printed and read again, or a list of errors with places.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unrolled::engine::derive::backward;
use unrolled::engine::syntax::{parse_cell, parse_head};

fuzz_target!(|text: &str| {
    match parse_cell(text) {
        Ok(cell) => {
            let derived = backward(&cell);
            assert!(!derived.equations.is_empty());
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert!(error.line >= 1 && error.column >= 1 && error.span.start <= error.span.end);
                assert!(!error.to_string().is_empty());
            }
        }
    }
    let _ = parse_head(text);
});
