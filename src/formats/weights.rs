//! Named tensors from somebody's file, and the network that is put together from recurrent layers, an embedding and a head.

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::{Array1, Array2};

use super::error::shape_text;
use super::fused::{self, Framework, Fused, Kind};
use super::import_error::ImportError;
use super::import_note::ImportNote;
use crate::engine::model::{HeadWeights, Layer, Model};
use crate::engine::presets;
use crate::engine::syntax::Symbol;

/// Most numbers that a file of weights may hold.
pub const MOST_NUMBERS: usize = 8_000_000;

/// Most recurrent layers that are taken: more than anybody stacks, few enough to be shown.
const MOST_LAYERS: usize = 64;

/// Checks how many recurrent layers a file holds, before anything is made of them.
pub(super) fn check_layers(layers: usize) -> Result<(), ImportError> {
    if layers > MOST_LAYERS { Err(ImportError::Deep { layers, most: MOST_LAYERS }) } else { Ok(()) }
}

/// A tensor as it was read, widened to double precision.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tensor {
    pub shape: Vec<usize>,
    pub data: Vec<f64>,
}

/// Tensors by name, in the order of their names.
pub(super) type Tensors = BTreeMap<String, Tensor>;

impl Tensor {
    pub(super) fn matrix(&self, name: &str) -> Result<Array2<f64>, ImportError> {
        match self.shape[..] {
            [rows, columns] if rows > 0 && columns > 0 => {
                Array2::from_shape_vec((rows, columns), self.data.clone())
                    .map_err(|_| self.wrong(name, "a matrix"))
            }
            _ => Err(self.wrong(name, "a matrix")),
        }
    }

    pub(super) fn column(&self, name: &str, length: usize) -> Result<Array1<f64>, ImportError> {
        if self.shape != [length] {
            return Err(self.wrong(name, &length.to_string()));
        }
        Ok(Array1::from_vec(self.data.clone()))
    }

    pub(super) fn wrong(&self, name: &str, expected: &str) -> ImportError {
        ImportError::Shape {
            name: name.to_owned(),
            found: shape_text(&self.shape),
            expected: expected.to_owned(),
        }
    }

    /// Every number is finite.
    pub(super) fn check(&self, name: &str) -> Result<(), ImportError> {
        if self.data.iter().all(|number| number.is_finite()) {
            return Ok(());
        }
        Err(ImportError::NotFinite { name: name.to_owned() })
    }
}

/// A recurrent layer of a file.
#[derive(Clone, Debug)]
pub(super) struct Recurrent {
    pub name: String,
    pub framework: Framework,
    /// `LSTM`, `GRU`, `RNN`, `SimpleRNN`.
    pub layer: String,
    pub activation: String,
    pub reset_after: bool,
    pub fused: Fused,
}

/// The layer on top.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub name: String,
    /// n_y × n_a.
    pub weight: Array2<f64>,
    pub bias: Option<Array1<f64>>,
    /// What is made of it.
    pub output: Output,
}

/// What is made of the logits, as far as a file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// It does not say.
    Unsaid,
    /// Softmax over all.
    Softmax,
    /// σ for each.
    Logistic,
}

/// An embedding below: V × n_x.
#[derive(Clone, Debug)]
pub(super) struct Embedding {
    pub name: String,
    pub table: Array2<f64>,
}

/// A network from its parts, the lowest layer first.
pub(super) fn network(
    mut layers: Vec<Recurrent>,
    embedding: Option<Embedding>,
    head: Option<Linear>,
    notes: &mut Vec<ImportNote>,
) -> Result<Model<f64>, ImportError> {
    let Some(lowest) = layers.first_mut() else {
        return Err(ImportError::NoLayer { names: String::new() });
    };
    if let Some(Embedding { name, table }) = embedding {
        if table.ncols() != lowest.fused.input.ncols() {
            return Err(ImportError::Shape {
                name,
                found: format!("{} × {}", table.nrows(), table.ncols()),
                expected: format!("{} × {}", table.nrows(), lowest.fused.input.ncols()),
            });
        }
        check_size(lowest.fused.input.nrows(), table.nrows())?;
        // What the table gives for a symbol is its row: E^T x for a one-hot x, so W E^T takes x itself.
        lowest.fused.input = lowest.fused.input.dot(&table.t());
        notes.push(ImportNote::Embedding { name });
    }
    let input = lowest.fused.input.ncols();
    let mut below = input;
    let mut made: Vec<Layer<f64>> = Vec::with_capacity(layers.len());
    for layer in &layers {
        if layer.fused.input.ncols() != below {
            let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
            return Err(ImportError::Order { names: names.join(", ") });
        }
        let kind = Kind {
            framework: layer.framework,
            layer: &layer.layer,
            activation: &layer.activation,
            reset_after: layer.reset_after,
        };
        let preset = kind.cell().ok_or_else(|| ImportError::Setting {
            name: layer.name.clone(),
            setting: "activation".to_owned(),
            value: layer.activation.clone(),
        })?;
        let split =
            fused::split(preset, &layer.fused, layer.framework).ok_or_else(|| ImportError::Shape {
                name: layer.name.clone(),
                found: shape_text(layer.fused.input.shape()),
                expected: format!("{} blocks of rows", fused::blocks(preset, layer.framework).unwrap_or(1)),
            })?;
        note(notes, preset, layer);
        below = split.hidden;
        // Layers of one text share it.
        let cell = made.iter().find(|known| known.cell.is_same(&split.cell)).map(|known| known.cell.clone());
        made.push(Layer { cell: cell.unwrap_or(split.cell), ..split });
    }
    let head = match head {
        Some(head) => with_head(head, below, notes)?,
        None => {
            notes.push(ImportNote::NoHead);
            check_size(input, below)?;
            let head = Arc::new(presets::softmax_head());
            let weights = vec![
                (Symbol::from("W_ya"), Array2::zeros((input, below))),
                (Symbol::from("b_y"), Array2::zeros((input, 1))),
            ];
            HeadWeights { head, weights }
        }
    };
    let output = head.weights.first().map_or(0, |(_, matrix)| matrix.nrows());
    if let Some(layer) = layers.first() {
        let package = match layer.framework {
            Framework::PyTorch => "torch.nn",
            Framework::Keras => "keras.layers",
        };
        let taken = ImportNote::Taken { layer: format!("{package}.{}", layer.layer), layers: layers.len() };
        notes.insert(0, taken);
    }
    Ok(Model { layers: made, head, input, output })
}

/// The refusal of so many numbers.
pub(super) fn too_many(count: usize) -> ImportError {
    // In double precision.
    ImportError::TooLarge { megabytes: count.div_ceil(125_000), most: MOST_NUMBERS / 125_000 }
}

/// Whether a matrix that is made here, from factors that a small file can hold, may be made at all.
fn check_size(rows: usize, columns: usize) -> Result<(), ImportError> {
    let count = rows.saturating_mul(columns);
    if count > MOST_NUMBERS { Err(too_many(count)) } else { Ok(()) }
}

fn with_head(
    head: Linear,
    below: usize,
    notes: &mut Vec<ImportNote>,
) -> Result<HeadWeights<f64>, ImportError> {
    let Linear { name, weight, bias, output } = head;
    if weight.ncols() != below {
        return Err(ImportError::Shape {
            name,
            found: format!("{} × {}", weight.nrows(), weight.ncols()),
            expected: format!("{} × {below}", weight.nrows()),
        });
    }
    let rows = weight.nrows();
    // Softmax over one number is 1 whatever the number.
    let is_one = rows == 1 && output == Output::Unsaid;
    if is_one {
        notes.push(ImportNote::OneOutput { name: name.clone() });
    }
    let bias = match bias {
        Some(bias) if bias.len() == rows => bias,
        Some(bias) => {
            return Err(ImportError::Shape {
                name,
                found: bias.len().to_string(),
                expected: rows.to_string(),
            });
        }
        None => {
            notes.push(ImportNote::NoBias { name });
            Array1::zeros(rows)
        }
    };
    let head =
        if is_one || output == Output::Logistic { presets::logistic_head() } else { presets::softmax_head() };
    let bias = bias.insert_axis(ndarray::Axis(1));
    Ok(HeadWeights {
        head: Arc::new(head),
        weights: vec![(Symbol::from("W_ya"), weight), (Symbol::from("b_y"), bias)],
    })
}

/// What is to be said about a layer, each thing once.
fn note(notes: &mut Vec<ImportNote>, preset: &presets::Preset, layer: &Recurrent) {
    let mut say = |note: ImportNote| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    let has_two = layer.fused.recurrent_bias.iter().any(|number| *number != 0.0);
    if has_two {
        say(ImportNote::BiasesAdded);
    }
    if preset.facts.symbols.iter().any(|symbol| symbol.is_flipped) {
        say(ImportNote::GateFlipped);
    }
    if preset.facts.symbols.iter().any(|symbol| symbol.is_recurrent) {
        say(ImportNote::ResetAfter);
    }
}

/// Names in the order in which people number them: `lstm`, `lstm_1`, `lstm_2`, `lstm_10`.
pub(super) fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), 0)];
    let mut digits = String::new();
    for letter in name.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            let number = digits.parse().unwrap_or(u64::MAX);
            if let Some(last) = parts.last_mut() {
                last.1 = number;
            }
            parts.push((String::new(), 0));
            digits.clear();
        }
        if let Some(last) = parts.last_mut() {
            last.0.push(letter);
        }
    }
    if let Some(last) = parts.last_mut() {
        last.1 = digits.parse().unwrap_or(0);
    }
    parts
}

/// Some names for a sentence.
pub(super) fn some<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 8;
    let mut names = names.into_iter();
    let mut text = names.by_ref().take(MOST).collect::<Vec<_>>().join(", ");
    if names.next().is_some() {
        text += ", …";
    }
    text
}

/// The tensor of this name.
pub(super) fn find<'t>(tensors: &'t Tensors, name: &str) -> Result<&'t Tensor, ImportError> {
    tensors.get(name).ok_or_else(|| ImportError::Missing { name: name.to_owned() })
}

/// For a sentence about a file in which nothing was found.
pub(super) fn names_in(tensors: &Tensors) -> String {
    some(tensors.keys().map(String::as_str))
}
