//! A network out of one of our own files.

use std::sync::Arc;

use ndarray::{Array1, Array2, Axis};

use super::{Named, Said};
use crate::engine::model::{HeadWeights, Layer, Model};
use crate::engine::presets;
use crate::engine::syntax::{Cell, Dim, parse_cell};
use crate::formats::error::shape_text;
use crate::formats::fused::{Framework, Fused, split};
use crate::formats::import_error::ImportError;
use crate::formats::torch;
use crate::formats::weights::{Tensors, check_layers, find};

/// The network that a file says it holds.
pub(super) fn ours(said: Said, tensors: &Tensors) -> Result<Named, ImportError> {
    check_layers(said.cells.len())?;
    let cells: Option<Vec<Cell>> = said.cells.iter().map(|text| parse_cell(text).ok()).collect();
    let cells = cells.filter(|cells| !cells.is_empty());
    let cells = cells.ok_or_else(|| ImportError::Broken {
        format: "safetensors",
        what: "__metadata__.unrolled: cells that cannot be read".to_owned(),
    })?;
    let mut layers: Vec<Layer<f64>> = Vec::new();
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
            None => by_names(cell, tensors, index)?,
        };
        // A text of its own keeps its comments.
        let layer = Layer { cell: Arc::new(cell.clone()), ..layer };
        layers.push(layer);
    }
    fill_sizes(&mut layers, tensors);
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

/// A layer under the names of its cell; n_a stays 0 where no weight has so many rows.
fn by_names(cell: &Cell, tensors: &Tensors, index: usize) -> Result<Layer<f64>, ImportError> {
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
    let hidden = rows.map(|(_, (_, matrix))| matrix.nrows()).unwrap_or(0);
    Ok(Layer { cell: Arc::new(cell.clone()), hidden, weights })
}

/// n_a of the layers whose weights do not tell it: what reads them has so many columns, the layer above or the head. Where
/// that does not tell either, it is what the layer below has, or the one above.
fn fill_sizes(layers: &mut [Layer<f64>], tensors: &Tensors) {
    let head = tensors.get("head.weight").and_then(|tensor| tensor.shape.get(1).copied());
    for index in (0..layers.len()).rev() {
        if layers[index].hidden > 0 {
            continue;
        }
        let above = match layers.get(index + 1) {
            Some(above) => read_by(above),
            None => head,
        };
        let below = index.checked_sub(1).map(|below| layers[below].hidden).filter(|hidden| *hidden > 0);
        let next = layers.get(index + 1).map(|above| above.hidden);
        layers[index].hidden = above.or(below).or(next).unwrap_or(0);
    }
}

/// n_x of a layer: the columns that its weights leave for it; of a cell that only adds x to its state, n_a.
fn read_by(layer: &Layer<f64>) -> Option<usize> {
    let columns = layer.cell.parameters.iter().zip(&layer.weights).find_map(|(known, (_, matrix))| {
        let Dim { hidden, input, ones, .. } = known.columns;
        if input == 0 {
            return None;
        }
        let rest = matrix.ncols().checked_sub(hidden * layer.hidden + ones)?;
        rest.is_multiple_of(input).then(|| rest / input)
    });
    columns.or(layer.cell.only_if_square.is_some().then_some(layer.hidden))
}

/// n_x of the lowest layer; where it reads no input, as many as there are outputs.
fn input_of(layer: &Layer<f64>, tensors: &Tensors) -> usize {
    let head = tensors.get("head.weight").and_then(|tensor| tensor.shape.first().copied());
    read_by(layer).or(head).unwrap_or(0)
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
