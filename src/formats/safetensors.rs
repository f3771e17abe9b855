//! Weights as safetensors: PyTorch's names and gate order where PyTorch has the layer, the equations' own names where not.
//!
//! Written: `rnn.weight_ih_l0`, `rnn.weight_hh_l0`, `rnn.bias_ih_l0`, `rnn.bias_hh_l0` (layers that differ: `rnn0.…_l0`,
//! `rnn1.…_l0`), or `layers.0.W_c`; `head.weight`, `head.bias`. The entry `unrolled` of the file's own table says the cells'
//! texts, the loss and the vocabulary, so that our own files come back as they were. F32 where that loses nothing, else F64.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use ::safetensors::tensor::{Dtype, SafeTensors, View};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::error::{FormatError, shape_text};
use super::fused::{Framework, Fused, fuse, native, split};
use super::import_error::{ImportError, ImportNote};
use super::torch;
use super::weights::{MOST_NUMBERS, Tensor, Tensors, some, too_many};
use crate::engine::model::{HeadWeights, Layer, Model};
use crate::engine::presets;
use crate::engine::syntax::{Cell, Dim, LossKind, parse_cell};

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
    let said = super::write_json(&said)?;
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

/// Reads a file: one of ours by what it says of itself, else PyTorch's layers by their names.
///
/// # Errors
/// What is wrong, with the tensor's name.
pub(super) fn read(bytes: &[u8], notes: &mut Vec<ImportNote>) -> Result<Named, ImportError> {
    let broken = |error: &dyn std::fmt::Display| {
        let (format, what) = ("safetensors", super::one_line(&error.to_string()));
        if is_cut_off(bytes) { ImportError::CutOff { format } } else { ImportError::Broken { format, what } }
    };
    let (_, table) = SafeTensors::read_metadata(bytes).map_err(|error| broken(&error))?;
    let said = table.metadata().as_ref().and_then(|table| table.get("unrolled"));
    let said = said.and_then(|said| serde_json::from_str::<Said>(said).ok());
    let file = SafeTensors::deserialize(bytes).map_err(|error| broken(&error))?;
    let mut tensors = Tensors::new();
    let mut count = 0usize;
    let mut names = file.names();
    names.sort_unstable();
    for name in names {
        let view = file.tensor(name).map_err(|error| broken(&error))?;
        count = count.saturating_add(view.shape().iter().product());
        if count > MOST_NUMBERS {
            return Err(too_many(count));
        }
        let data = match numbers(view.dtype(), view.data()) {
            Some(data) => data,
            // Counters and masks lie beside the weights in some files.
            None if !name.contains("weight") && !name.contains("bias") => continue,
            None => {
                return Err(ImportError::NumberKind {
                    name: name.to_owned(),
                    kind: format!("{:?}", view.dtype()),
                });
            }
        };
        if matches!(view.dtype(), Dtype::F16 | Dtype::BF16) && !notes.contains(&ImportNote::HalfPrecision) {
            notes.push(ImportNote::HalfPrecision);
        }
        let tensor = Tensor { shape: view.shape().to_vec(), data };
        tensor.check(name)?;
        tensors.insert(name.to_owned(), tensor);
    }
    match said {
        Some(said) => ours(said, &tensors),
        None => Ok((torch::read(&tensors, notes)?, None)),
    }
}

/// Whether a file holds fewer bytes than its header says.
fn is_cut_off(bytes: &[u8]) -> bool {
    /// Longer headers are refused.
    const MOST_HEADER: u64 = 100_000_000;
    #[derive(Deserialize)]
    struct Place {
        data_offsets: (u64, u64),
    }
    let Some(length) = bytes.first_chunk::<8>().map(|length| u64::from_le_bytes(*length)) else {
        return true;
    };
    if length > MOST_HEADER {
        return false;
    }
    let start = 8 + length as usize;
    let Some(header) = bytes.get(8..start) else { return true };
    // The file's own table has no place.
    let places = serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(header).unwrap_or_default();
    let ends = places.values().filter_map(|place| Place::deserialize(place).ok());
    let end = ends.map(|place| place.data_offsets.1).max().unwrap_or(0);
    end > (bytes.len() - start) as u64
}

/// Little-endian numbers, widened; none for a kind that no weight has.
fn numbers(kind: Dtype, bytes: &[u8]) -> Option<Vec<f64>> {
    Some(match kind {
        Dtype::F64 => bytes.as_chunks::<8>().0.iter().map(|one| f64::from_le_bytes(*one)).collect(),
        Dtype::F32 => {
            bytes.as_chunks::<4>().0.iter().map(|one| f64::from(f32::from_le_bytes(*one))).collect()
        }
        Dtype::F16 => bytes.as_chunks::<2>().0.iter().map(|one| half(u16::from_le_bytes(*one))).collect(),
        Dtype::BF16 => bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|one| f64::from(f32::from_bits(u32::from(u16::from_le_bytes(*one)) << 16)))
            .collect(),
        _ => return None,
    })
}

/// IEEE 754 binary16 as a double.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f64::from(bits & 1023);
    let size = match exponent {
        0 => fraction * f64::from_bits((1023u64 - 24) << 52),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        // 2^(exponent - 25) times 1024 + fraction.
        exponent => (1024.0 + fraction) * f64::from_bits(((1023 + exponent - 25) as u64) << 52),
    };
    sign * size
}

/// One of our own files.
fn ours(said: Said, tensors: &Tensors) -> Result<Named, ImportError> {
    const MOST_LAYERS: usize = 64;
    let cells: Option<Vec<Cell>> =
        said.cells.iter().take(MOST_LAYERS).map(|text| parse_cell(text).ok()).collect();
    let cells = cells.filter(|cells| !cells.is_empty() && cells.len() == said.cells.len());
    let cells = cells.ok_or_else(|| ImportError::Broken {
        format: "safetensors",
        what: "__metadata__.unrolled: cells that cannot be read".to_owned(),
    })?;
    let mut layers: Vec<Layer<f64>> = Vec::new();
    let mut below = None;
    for (index, cell) in cells.iter().enumerate() {
        let layer = match presets::known(cell).filter(|_| !has_own_names(tensors, index)) {
            Some(preset) => {
                let fused = fused_of(tensors, index)?;
                split(preset, &fused, Framework::PyTorch).ok_or_else(|| ImportError::Shape {
                    name: format!("rnn: layer {index}"),
                    found: shape_text(fused.input.shape()),
                    expected: preset.id.to_owned(),
                })?
            }
            None => by_names(cell, tensors, index, below)?,
        };
        // A text of its own keeps its comments.
        let layer = Layer { cell: Arc::new(cell.clone()), ..layer };
        below = Some(layer.hidden);
        layers.push(layer);
    }
    let input = layers.first().map_or(0, |layer| input_of(layer, tensors));
    let weight = find(tensors, "head.weight")?.matrix("head.weight")?;
    let bias = find(tensors, "head.bias")?.column("head.bias", weight.nrows())?;
    let head = if said.logistic { presets::logistic_head() } else { presets::softmax_head() };
    let output = weight.nrows();
    let weights = vec![("W_ya".into(), weight), ("b_y".into(), bias.insert_axis(Axis(1)))];
    let model = Model { layers, head: HeadWeights { head: Arc::new(head), weights }, input, output };
    check(&model)?;
    let vocabulary = said.vocabulary.filter(|vocabulary| vocabulary.len() == input.max(output));
    Ok((model, vocabulary))
}

fn has_own_names(tensors: &Tensors, index: usize) -> bool {
    let start = format!("layers.{index}.");
    tensors.keys().any(|name| name.starts_with(&start))
}

fn fused_of(tensors: &Tensors, index: usize) -> Result<Fused, ImportError> {
    let (module, layer) = match tensors.contains_key(&format!("rnn.weight_ih_l{index}")) {
        true => ("rnn".to_owned(), index),
        false => (format!("rnn{index}"), 0),
    };
    torch::fused(tensors, &format!("{module}."), &format!("_l{layer}"))
}

fn by_names(
    cell: &Cell,
    tensors: &Tensors,
    index: usize,
    below: Option<usize>,
) -> Result<Layer<f64>, ImportError> {
    let mut weights = Vec::new();
    for known in &cell.parameters {
        let name = format!("layers.{index}.{}", known.name);
        let tensor = find(tensors, &name)?;
        let matrix = if known.columns == Dim::ONE {
            let column: Array1<f64> = tensor.column(&name, tensor.data.len())?;
            column.insert_axis(Axis(1))
        } else {
            tensor.matrix(&name)?
        };
        weights.push((known.name.clone(), matrix));
    }
    let rows = cell.parameters.iter().zip(&weights).find(|(known, _)| known.rows == Dim::HIDDEN);
    let hidden = rows.map(|(_, (_, matrix))| matrix.nrows()).or(below).unwrap_or(0);
    Ok(Layer { cell: Arc::new(cell.clone()), hidden, weights })
}

/// n_x of the lowest layer: the columns that its weights leave for it; of a cell that only adds x to its state, n_a.
fn input_of(layer: &Layer<f64>, tensors: &Tensors) -> usize {
    let columns = layer.cell.parameters.iter().zip(&layer.weights).find_map(|(known, (_, matrix))| {
        let Dim { hidden, input, ones, .. } = known.columns;
        if input == 0 {
            return None;
        }
        let rest = matrix.ncols().checked_sub(hidden * layer.hidden + ones)?;
        rest.is_multiple_of(input).then(|| rest / input)
    });
    let head = tensors.get("head.weight").and_then(|tensor| tensor.shape.first().copied());
    columns.or(layer.cell.only_if_square.is_some().then_some(layer.hidden)).or(head).unwrap_or(0)
}

/// Every weight has the shape that its cell and the layers around it ask for.
fn check(model: &Model<f64>) -> Result<(), ImportError> {
    for entry in model.architecture().layout().entries {
        let found = model.weight(entry.layer, &entry.name).map(Array2::dim);
        if found != Some((entry.rows, entry.columns)) || entry.rows * entry.columns == 0 {
            let (rows, columns) = found.unwrap_or_default();
            return Err(ImportError::Shape {
                name: entry.path(),
                found: format!("{rows} × {columns}"),
                expected: format!("{} × {}", entry.rows, entry.columns),
            });
        }
    }
    let mut below = model.input;
    for (index, layer) in model.layers.iter().enumerate() {
        if layer.cell.check_sizes(layer.hidden, below).is_err() {
            return Err(ImportError::Shape {
                name: format!("layers.{index}"),
                found: format!("n_x = {below}"),
                expected: format!("n_x = n_a = {}", layer.hidden),
            });
        }
        below = layer.hidden;
    }
    Ok(())
}

pub(super) fn find<'t>(tensors: &'t Tensors, name: &str) -> Result<&'t Tensor, ImportError> {
    tensors.get(name).ok_or_else(|| ImportError::Missing { name: name.to_owned() })
}

/// For a sentence about a file in which nothing was found.
pub(super) fn names_in(tensors: &Tensors) -> String {
    some(tensors.keys().map(String::as_str))
}
