//! The part of a file that describes a model: cells, loss, weights.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::{FormatError, shape_text};
use super::object::object;
use super::tensor::{NamedFiles, NamedOut, TensorFile};
use crate::engine::kernels::Scalar;
use crate::engine::model::{HeadWeights, Layer, Model};
use crate::engine::presets;
use crate::engine::syntax::{Cell, Dim, Head, LossKind, Parameter, Symbol, SyntaxError, parse_cell};

/// A cell in a file: a preset by its name, or a text.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged, expecting = "expected the name of a cell or {\"equations\": \"…\"}")]
pub enum CellFile {
    /// `lstm`.
    Preset(String),
    /// `{"equations": "…"}`.
    Own(#[serde(deserialize_with = "object")] OwnCell),
}

/// A cell in the cell language.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCell {
    /// The text.
    pub equations: String,
}

/// The losses by their names in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossFile {
    /// Softmax with cross-entropy.
    SoftmaxCrossEntropy,
    /// σ with the logistic loss, summed over the outputs.
    Logistic,
}

/// Cells, loss, weights.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// One a layer.
    pub cells: Vec<CellFile>,
    /// The loss.
    pub loss: LossFile,
    /// All weights.
    #[serde(deserialize_with = "object")]
    pub weights: WeightsFile,
}

/// Weights by layer and name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsFile {
    /// One a layer.
    pub layers: Vec<NamedFiles>,
    /// `W_ya`, `b_y`.
    pub output: NamedFiles,
}

/// Weights as they are written.
#[derive(Clone, Debug, Serialize)]
#[serde(bound = "S: Scalar")]
pub struct WeightsOut<S: Scalar> {
    layers: Vec<NamedOut<S>>,
    output: NamedOut<S>,
}

impl<S: Scalar> WeightsOut<S> {
    /// Weights, or their gradients, in the shape of a model.
    pub fn new(model: &Model<S>) -> Self {
        Self {
            layers: model.layers.iter().map(|layer| NamedOut::new(&layer.weights)).collect(),
            output: NamedOut::new(&model.head.weights),
        }
    }
}

/// Cells, loss and weights as they are written: a preset by its name, any other cell by its text.
#[derive(Clone, Debug, Serialize)]
#[serde(bound = "S: Scalar")]
pub struct ModelOut<S: Scalar> {
    cells: Vec<CellOut>,
    loss: LossFile,
    weights: WeightsOut<S>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum CellOut {
    Preset(&'static str),
    Own { equations: String },
}

impl<S: Scalar> ModelOut<S> {
    /// A model.
    pub fn new(model: &Model<S>) -> Self {
        let cells = model.layers.iter().map(|layer| {
            let preset = presets::presets().iter().find(|preset| preset.cell.is_same(&layer.cell));
            preset.map_or_else(
                || CellOut::Own { equations: layer.cell.text.clone() },
                |preset| CellOut::Preset(preset.id),
            )
        });
        let loss = match model.head.head.loss {
            LossKind::SoftmaxCrossEntropy => LossFile::SoftmaxCrossEntropy,
            LossKind::Logistic => LossFile::Logistic,
        };
        Self { cells: cells.collect(), loss, weights: WeightsOut::new(model) }
    }
}

/// Reads a model. `input_rows`: rows of `x`, where the file says them.
///
/// Sizes are what most of the tensors agree on, so that the error names the tensor that differs.
///
/// # Errors
/// The path in the file of what is missing, unknown or of another shape.
pub fn read_model<S: Scalar>(file: &ModelFile, input_rows: Option<usize>) -> Result<Model<S>, FormatError> {
    if file.cells.is_empty() {
        return Err(FormatError::Value {
            path: "model.cells".to_owned(),
            found: "none".to_owned(),
            expected: "at least one".to_owned(),
        });
    }
    let count = file.weights.layers.len();
    if count != file.cells.len() {
        return Err(FormatError::Value {
            path: "weights.layers".to_owned(),
            found: format!("{count} layers"),
            expected: format!("{}", file.cells.len()),
        });
    }
    // The head reads n_a rows and gives n_y, which says both where no weight of a cell does.
    let head_shape = file.weights.output.get("W_ya").map(|tensor| tensor.shape.as_slice());
    let (output, top) = match head_shape {
        Some([rows, columns]) => (*rows, Some(*columns)),
        _ => (0, None),
    };
    let mut layers = Vec::with_capacity(count);
    let mut below: Option<usize> = None;
    let mut input = 0;
    for (index, (cell, weights)) in file.cells.iter().zip(&file.weights.layers).enumerate() {
        let path = format!("weights.layers[{index}]");
        let cell = read_cell(cell, index)?;
        check_names(&path, weights, &cell.parameters)?;
        let hidden = hidden_units(&path, weights, &cell, top.filter(|_| index + 1 == count))?;
        let rows = match below {
            Some(below) => below,
            None => {
                // A cell that reads no x is trained on symbols all the same: as many as it predicts.
                input = input_size(weights, &cell, hidden, input_rows).unwrap_or(output);
                input
            }
        };
        let weights = read_weights(&path, weights, &cell.parameters, (hidden, rows, 0))?;
        cell.check_sizes(hidden, rows).map_err(|error| cell_error(index, error))?;
        layers.push(Layer { cell, hidden, weights });
        below = Some(hidden);
    }
    let top = below.unwrap_or(0);
    let head = Arc::new(read_head(file.loss));
    let path = "weights.output";
    check_names(path, &file.weights.output, &head.parameters)?;
    if output == 0 {
        let found = head_shape.map_or_else(String::new, shape_text);
        let (path, expected) = ("weights.output.W_ya".to_owned(), format!("n_y × {top}"));
        return Err(FormatError::Shape { path, found, expected });
    }
    let weights = read_weights(path, &file.weights.output, &head.parameters, (top, top, output))?;
    Ok(Model { layers, head: HeadWeights { head, weights }, input, output })
}

fn read_cell(cell: &CellFile, index: usize) -> Result<Arc<Cell>, FormatError> {
    match cell {
        CellFile::Preset(name) => match presets::preset(name) {
            Some(preset) => Ok(Arc::new(preset.cell.clone())),
            None => Err(FormatError::Unknown {
                path: format!("model.cells[{index}] {name:?}"),
                expected: presets::presets().iter().map(|preset| preset.id).collect::<Vec<_>>().join(", "),
            }),
        },
        CellFile::Own(own) => parse_cell(&own.equations).map(Arc::new).map_err(|errors| {
            let missing = || FormatError::Missing { path: format!("model.cells[{index}].equations") };
            errors.first().map_or_else(missing, |error| cell_error(index, error))
        }),
    }
}

fn cell_error(index: usize, error: &SyntaxError) -> FormatError {
    FormatError::Cell {
        path: format!("model.cells[{index}].equations"),
        line: error.line,
        column: error.column,
        message: error.kind.to_string(),
    }
}

fn read_head(loss: LossFile) -> Head {
    match loss {
        LossFile::SoftmaxCrossEntropy => presets::softmax_head(),
        LossFile::Logistic => presets::logistic_head(),
    }
}

/// Every weight of the cell is there, and no other.
fn check_names(path: &str, weights: &NamedFiles, parameters: &[Parameter]) -> Result<(), FormatError> {
    if let Some(name) = weights.keys().find(|name| !parameters.iter().any(|known| known.name.0 == **name)) {
        let expected = parameters.iter().map(|known| known.name.0.as_str()).collect::<Vec<_>>().join(", ");
        let (path, found) = (format!("{path}.{name}"), "unknown".to_owned());
        return Err(match parameters {
            [] => {
                FormatError::Value { path, found, expected: "no weight, since the cell has none".to_owned() }
            }
            _ => FormatError::Unknown { path, expected },
        });
    }
    match parameters.iter().find(|known| !weights.contains_key(&known.name.0)) {
        Some(missing) => Err(FormatError::Missing { path: format!("{path}.{}", missing.name) }),
        None => Ok(()),
    }
}

/// n_a: what most of the cell's weights say, else what reads the layer (`above`).
fn hidden_units(
    path: &str,
    weights: &NamedFiles,
    cell: &Cell,
    above: Option<usize>,
) -> Result<usize, FormatError> {
    let of_hidden_rows = cell.parameters.iter().filter(|known| known.rows == Dim::HIDDEN);
    let votes = of_hidden_rows.filter_map(|known| weights.get(&known.name.0)?.shape.first().copied());
    match most_frequent(votes).or(above) {
        Some(hidden) if hidden > 0 => Ok(hidden),
        _ => {
            let found = weights.values().next();
            let found = found.map_or_else(|| "no weight".to_owned(), |tensor| shape_text(&tensor.shape));
            let expected = "at least 1 row, which says how many units there are".to_owned();
            Err(FormatError::Shape { path: path.to_owned(), found, expected })
        }
    }
}

/// Rows of `x`: from the columns that the weights leave for it, and from the input itself.
fn input_size(weights: &NamedFiles, cell: &Cell, hidden: usize, input_rows: Option<usize>) -> Option<usize> {
    let from_weights = cell.parameters.iter().filter(|known| known.columns.input > 0).filter_map(|known| {
        let columns = weights.get(&known.name.0)?.shape.get(1)?;
        let rest = columns.checked_sub(known.columns.hidden * hidden + known.columns.ones)?;
        rest.is_multiple_of(known.columns.input).then(|| rest / known.columns.input)
    });
    // A cell that only adds `x<t>` to its state says so itself.
    let from_state = cell.only_if_square.is_some().then_some(hidden);
    most_frequent(input_rows.into_iter().chain(from_weights).chain(from_state))
}

/// The most frequent number; the first one on a tie.
fn most_frequent(votes: impl Iterator<Item = usize>) -> Option<usize> {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for vote in votes {
        match counts.iter_mut().find(|(number, _)| *number == vote) {
            Some((_, count)) => *count += 1,
            None => counts.push((vote, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.iter().find(|(_, count)| *count == most).map(|(number, _)| *number)
}

fn read_weights<S: Scalar>(
    path: &str,
    weights: &NamedFiles,
    parameters: &[Parameter],
    (hidden, input, output): (usize, usize, usize),
) -> Result<Vec<(Symbol, ndarray::Array2<S>)>, FormatError> {
    let each = parameters.iter().map(|known| {
        let path = format!("{path}.{}", known.name);
        let tensor: &TensorFile =
            weights.get(&known.name.0).ok_or_else(|| FormatError::Missing { path: path.clone() })?;
        let size = |dim: Dim| dim.size(hidden, input, output);
        let (rows, columns) = (size(known.rows), size(known.columns));
        tensor.check_shape(&path, &[rows, columns])?;
        tensor.fits::<S>(&path)?;
        Ok((known.name.clone(), tensor.matrix(rows, columns)))
    });
    each.collect()
}
