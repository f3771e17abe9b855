//! Tests on the host, by subject.
#![cfg(not(target_arch = "wasm32"))]
