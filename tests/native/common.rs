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
