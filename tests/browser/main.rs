//! Tests in real browsers, by subject.
#![cfg(target_arch = "wasm32")]

// Vectorised kernels against single functions.
mod kernels;
// A run whose losses are written down; shared with the tests on the host.
#[path = "../pinned.rs"]
mod pinned;
// The border to JavaScript's strings.
mod text;
// The same numbers everywhere, and after a restart.
mod training;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
