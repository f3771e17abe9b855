//! What tests of several subjects begin with.

use std::path::Path;
use std::sync::Arc;

use ndarray::{Array2, Array3};
use unrolled::engine::architecture::{Architecture, LayerShape};
use unrolled::engine::presets::softmax_head;
use unrolled::engine::syntax::Cell;
use unrolled::engine::trace::{Labels, LossAt, TraceInput};

/// A page of the book as it is written.
pub fn page(language: &str, id: &str) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(language).join(id).with_extension("md");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// So many layers of a cell below a softmax over so many symbols, which are its inputs too.
pub fn stacked(cell: &Cell, layers: usize, hidden: usize, symbols: usize) -> Architecture {
    let layer = LayerShape::new(Arc::new(cell.clone()), hidden);
    let head = Arc::new(softmax_head());
    Architecture { layers: vec![layer; layers], head, input: symbols, output: symbols }
}

/// A sentence to be predicted: `x<1>` is the zero vector, `x<t> = y<t-1>`; B = 1.
pub fn sentence(labels: &[usize], symbols: usize, loss_at: LossAt) -> TraceInput<f64> {
    let steps = labels.len();
    let x = Array3::from_shape_fn((steps, symbols, 1), |(t, row, _)| {
        f64::from(u8::from(t > 0 && labels[t - 1] == row))
    });
    let y = Array2::from_shape_fn((steps, 1), |(t, _)| labels[t]);
    TraceInput { x, y: Labels::Ids(y), lengths: vec![steps], initial: Vec::new(), loss_at, holds: Vec::new() }
}

/// Cells in which rows are stacked outside of products, one row is spread over many, and inner terms are no columns of n_a
/// rows: what a reader may write, and no preset does.
pub const ODD_CELLS: [&str; 21] = [
    // Stacks that are no factor of a product, alone, in each other and in functions over the rows.
    "state a\na<t> = tanh(W_a tanh([a<t-1>, x<t>]) + b_a)",
    "state a\na<t> = tanh(W_a layernorm([a<t-1>, x<t>]) + U_a softmax([x<t>, a<t-1>]) + b_a)",
    "state a\na<t> = tanh(W_a (2 * [a<t-1>, x<t>]) + U_a ([x<t>, a<t-1>]^2) + V_a ([a<t-1>, x<t>] + 1))",
    "state a\na<t> = tanh(W_a [[a<t-1>, x<t>], a<t-1>] + U_a [[a<t-1>, x<t>]] + [a<t-1>])",
    "state a\na<t> = tanh(W_a [2 * a<t-1>, x<t>] + U_a tanh([2 * a<t-1>, x<t>]) + [2 * a<t-1>] * b_a)",
    "state a\na<t> = tanh(a<t-1> * sum([a<t-1>, x<t>]) + sum(tanh([a<t-1>, x<t>, sum(x<t>)])) * b_a)",
    // What has one row under a sum, and products there, whose gradient has one row.
    "state a\na<t> = tanh(b_a * sum(b_q + sum(b_p)))",
    "state a\na<t> = tanh(sum(a<t-1> - sum(a<t-1>)) * b_a + sum(x<t> + sum(a<t-1>)))",
    "state a\na<t> = tanh(sum(W_a x<t> + U_a a<t-1> - 1) + sum(2 * V_a x<t> / 3) + b_a)",
    "state a\na<t> = softmax(sum(W_a a<t-1>)) * b_a + sum(-(U_a x<t>)) * sum((V_a x<t>)^1) * a<t-1>",
    "state a\na<t> = tanh(sum(sum(W_a x<t>) + W_b (U_b a<t-1>)) * b_a + a<t-1>)",
    "state a\na<t> = sum(sum(W_a b_z - 1)) * b_a / (9 + a<t-1>^2) + softmax(sum(U_a x<t> - 1))",
    // Arguments that are no column of n_a rows: a stack, and what gates the input.
    "state a\na<t> = tanh(W_b tanh([(W_a x<t> - b_z), x<t>]) + sum([x<t>, W_c (softmax(a<t-1>))]))",
    "state a\na<t> = W_a (σ(W_g a<t-1> + b_g) * x<t>) + W_b (tanh(U_g a<t-1>) - x<t>)",
    // No parameters at all; functions and stacks of numbers alone, and of a parameter alone.
    "state a\na<t> = tanh(0.5 * a<t-1> - sum(x<t>))",
    "state a\na<t> = tanh(W_a [x<t>, 1] + 0.5 * a<t-1>) * exp(1) / log(3 + 0.5)",
    "state a\na<t> = tanh(W_a [x<t>, exp(1), σ(2)] + a<t-1>) + tanh(0.5) - relu(-2) + leaky_relu(-3)",
    "state a\na<t> = tanh(W_a x<t> + 0.5 * a<t-1>) + sum(2) / 9 + layernorm(2) + softmax(3) * b_a",
    "state a\na<t> = tanh(W_a b_a + V_a x<t> + 0.5 * a<t-1>) - swish(U_a [1, 2])",
    "state a\na<t> = tanh(batchnorm(b_a) + layernorm(2 * b_c) + W_a x<t> + 0.5 * a<t-1>)",
    "state a\na<t> = leaky_relu(W_a x<t> - a<t-1>) * softmax(sum(a<t-1>))",
];
