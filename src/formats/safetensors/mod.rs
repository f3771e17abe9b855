//! Weights as safetensors: PyTorch's names and gate order where PyTorch has the layer, the equations' own names where not.
//!
//! Written: `rnn.weight_ih_l0`, `rnn.weight_hh_l0`, `rnn.bias_ih_l0`, `rnn.bias_hh_l0` (layers that differ: `rnn0.…_l0`,
//! `rnn1.…_l0`), or `layers.0.W_c`; `head.weight`, `head.bias`. The entry `unrolled` of the file's own table says the cells'
//! texts, the loss and the vocabulary, so that our own files come back as they were. F32 where that loses nothing, else F64.

mod ours;
mod read;
mod write;

use serde::{Deserialize, Serialize};

pub(super) use read::read;
pub use write::write;

use crate::engine::model::Model;

/// What our own files say beside their tensors.
#[derive(Debug, Serialize, Deserialize)]
struct Said {
    /// The text of each layer's cell.
    cells: Vec<String>,
    /// σ for each output instead of softmax.
    #[serde(default)]
    logistic: bool,
    /// The symbols that the rows of x and ŷ stand for.
    #[serde(default)]
    vocabulary: Option<Vec<String>>,
}

/// A network with the symbols that its rows stand for, where the file names them.
pub(super) type Named = (Model<f64>, Option<Vec<String>>);
