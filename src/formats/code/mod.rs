//! A network with its weights and its sentence as a program that runs as it is and prints the engine's numbers: NumPy
//! with the derived backward pass written out, PyTorch, Keras.
//!
//! Forward lines are written from the cell's syntax tree and backward lines from the derived equations, so any cell is
//! exported, a reader's own too. Where PyTorch or Keras have a layer that computes the very same ([`super::fused`]), that
//! layer is used with the weights in its layout.
//!
//! What a program prints, a line each: `layer 1  Gamma_f<3>  0.12 …` (n × B, row-major), `yhat<3>`, `loss<3>`, `loss`, and,
//! but for Keras, gradients: `layer 1  dW_f  …`.

mod data;
mod expression;
mod gates;
mod held;
mod keras;
mod keras_cell;
mod module;
mod names;
mod numpy;
mod numpy_backward;
mod numpy_dialect;
mod pytorch;
mod pytorch_cell;
pub(in crate::formats) mod shared;

use super::error::FormatError;
use crate::engine::model::Model;
use crate::engine::syntax::Function;
use crate::engine::trace::TraceInput;

pub use keras::keras;
pub use names::ascii;
pub use numpy::numpy;
pub use pytorch::pytorch;

/// More numbers than this stand in a program as base64 of their bytes instead of digits.
pub const MOST_DIGITS: usize = 2_000;
/// A program does not hold more weights than this.
pub const MOST_WEIGHTS: usize = 2_000_000;

/// A model with the input that the program runs.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The model.
    pub model: &'a Model<f64>,
    /// Its input, labels included.
    pub input: &'a TraceInput<f64>,
}

impl Subject<'_> {
    /// T, n_x, B.
    fn sizes(&self) -> (usize, usize, usize) {
        self.input.x.dim()
    }

    /// `T × B`: which steps have a loss.
    fn counts(&self) -> Vec<Vec<bool>> {
        let (steps, _, _) = self.sizes();
        let row =
            |step| (0..self.input.lengths.len()).map(|sample| self.input.has_loss(step, sample)).collect();
        (0..steps).map(row).collect()
    }

    /// Whether every step of every sample has a loss.
    fn counts_all(&self) -> bool {
        self.counts().iter().flatten().all(|counts| *counts)
    }

    /// Whether samples end at different steps, or before the last one.
    fn has_ends(&self) -> bool {
        let (steps, _, _) = self.sizes();
        self.input.lengths.iter().any(|length| *length != steps)
    }

    /// What no program can be written for.
    fn check(&self) -> Result<(), FormatError> {
        let weights = self.model.to_flat();
        if weights.len() > MOST_WEIGHTS {
            return Err(FormatError::Value {
                path: "weights".to_owned(),
                found: format!("{} numbers", weights.len()),
                expected: format!("at most {MOST_WEIGHTS}: export safetensors instead"),
            });
        }
        if weights.iter().chain(self.input.x.iter()).any(|number| !number.is_finite()) {
            return Err(FormatError::NotFinite { step: 0, tensor: "weights".to_owned() });
        }
        // Past its length a sample would still be among those that a batch is normalised with.
        let normalises = self.model.layers.iter().any(|layer| {
            layer.cell.equations.iter().any(|equation| {
                let mut called = Vec::new();
                expression::functions(&equation.expr, &mut called);
                called.contains(&Function::BatchNorm)
            })
        });
        if normalises && self.has_ends() {
            let (steps, _, _) = self.sizes();
            return Err(FormatError::Value {
                path: "input.lengths".to_owned(),
                found: "samples of different lengths beside batchnorm".to_owned(),
                expected: format!("{steps} steps each"),
            });
        }
        Ok(())
    }
}

/// A number as Python reads it back to the same bits.
fn number(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-5..1e15).contains(&size) { format!("{number}") } else { format!("{number:e}") }
}

/// Lines of a program with their indentation.
#[derive(Default)]
struct Program {
    text: String,
    depth: usize,
}

impl Program {
    fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if !line.is_empty() {
            self.text.push_str(&"    ".repeat(self.depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    fn lines(&mut self, text: &str) {
        text.lines().for_each(|line| self.line(line));
    }

    /// A function of the program's own, after two empty lines.
    fn define(&mut self, text: &str) {
        self.text.push_str("\n\n");
        self.lines(text);
    }

    /// What stands below a line that ends in a colon.
    fn below(&mut self, write: impl FnOnce(&mut Program)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }
}

/// The first line of every program: what it is, without a word that would need a language.
fn title(subject: &Subject<'_>, with: &str) -> String {
    let (steps, rows, batch) = subject.sizes();
    let hidden: Vec<String> = subject.model.layers.iter().map(|layer| layer.hidden.to_string()).collect();
    format!(
        "# unrolled {} · {with} · T = {steps}, B = {batch}, n_x = {rows}, n_a = {}, n_y = {}",
        env!("CARGO_PKG_VERSION"),
        hidden.join(", "),
        subject.model.output
    )
}

/// The Latin name of a Greek letter that a symbol may have.
pub(super) fn greek(letter: char) -> Option<&'static str> {
    names::GREEK.iter().find(|(greek, _)| *greek == letter).map(|(_, name)| *name)
}
