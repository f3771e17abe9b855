//! **Unrolled**: recurrent neural networks that anyone can see, step through, change and train in a web page.
//!
//! An equation is written once, as text ([`engine`]); numbers, gradients, formulas, diagrams, fast training and
//! exported code all follow from that text. The layers below may each use only those above them in this list.

#[cfg(all(any(target_arch = "wasm32", lint_web), feature = "page"))]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod command;
pub mod engine;
pub mod formats;
mod json;
pub mod language;
pub mod protocol;
mod sorted;
pub mod training;
mod unicode;
pub mod view;
#[cfg(any(target_arch = "wasm32", lint_web))]
pub mod worker;
