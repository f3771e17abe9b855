//! A network as a file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ::safetensors::tensor::{Dtype, View};
use ndarray::{ArrayView2, Axis};

use super::Said;
use crate::engine::model::Model;
use crate::engine::syntax::{Dim, LossKind};
use crate::formats::error::FormatError;
use crate::formats::fused::{Framework, fuse, native};
use crate::formats::write_json;

/// The file's bytes.
///
/// # Errors
/// Numbers that are not finite.
pub fn write(model: &Model<f64>, vocabulary: Option<&[String]>) -> Result<Vec<u8>, FormatError> {
    let numbers = model.to_flat();
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err(FormatError::NotFinite { step: 0, tensor: "weights".to_owned() });
    }
    let is_single = numbers.iter().all(|number| f64::from(*number as f32) == *number);
    let mut tensors: BTreeMap<String, Written> = BTreeMap::new();
    let mut put = |name: String, matrix: ArrayView2<'_, f64>, is_column: bool| {
        tensors.insert(name, Written::new(matrix, is_column, is_single));
    };
    let mut input = model.input;
    for (index, layer) in model.layers.iter().enumerate() {
        match fuse(layer, input, Framework::PyTorch) {
            Some(fused) => {
                let [weight_ih, weight_hh, bias_ih, bias_hh] = names(model, index);
                put(weight_ih, fused.input.view(), false);
                put(weight_hh, fused.recurrent.view(), false);
                put(bias_ih, fused.input_bias.view().insert_axis(Axis(1)), true);
                put(bias_hh, fused.recurrent_bias.view().insert_axis(Axis(1)), true);
            }
            None => {
                for ((name, matrix), known) in layer.weights.iter().zip(&layer.cell.parameters) {
                    put(format!("layers.{index}.{name}"), matrix.view(), known.columns == Dim::ONE);
                }
            }
        }
        input = layer.hidden;
    }
    for (name, matrix) in &model.head.weights {
        let is_matrix = name.0.starts_with('W');
        put(if is_matrix { "head.weight" } else { "head.bias" }.to_owned(), matrix.view(), !is_matrix);
    }
    let said = Said {
        cells: model.layers.iter().map(|layer| layer.cell.text.clone()).collect(),
        logistic: model.head.head.loss == LossKind::Logistic,
        vocabulary: vocabulary.map(<[String]>::to_vec),
    };
    let said = write_json(&said)?;
    // One entry only, so that the file is the same each time.
    let table = std::iter::once(("unrolled".to_owned(), said)).collect();
    ::safetensors::serialize(tensors, Some(table))
        .map_err(|error| FormatError::Json { path: "output".to_owned(), message: error.to_string() })
}

/// The four names of a layer that PyTorch has: one module where all layers are of one kind and size.
fn names(model: &Model<f64>, index: usize) -> [String; 4] {
    let first = &model.layers[0];
    let same = model.layers.iter().all(|layer| {
        layer.hidden == first.hidden && native(layer, Framework::PyTorch) == native(first, Framework::PyTorch)
    });
    let (module, layer) = if same { ("rnn".to_owned(), index) } else { (format!("rnn{index}"), 0) };
    ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(|name| format!("{module}.{name}_l{layer}"))
}

/// A tensor on its way out.
struct Written {
    shape: Vec<usize>,
    bytes: Vec<u8>,
    is_single: bool,
}

impl Written {
    fn new(matrix: ArrayView2<'_, f64>, is_column: bool, is_single: bool) -> Written {
        let shape = if is_column { vec![matrix.len()] } else { matrix.shape().to_vec() };
        let numbers = matrix.iter();
        let bytes = if is_single {
            numbers.flat_map(|number| (*number as f32).to_le_bytes()).collect()
        } else {
            numbers.flat_map(|number| number.to_le_bytes()).collect()
        };
        Written { shape, bytes, is_single }
    }
}

impl View for Written {
    fn dtype(&self) -> Dtype {
        if self.is_single { Dtype::F32 } else { Dtype::F64 }
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}
