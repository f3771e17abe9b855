//! A layer's weights as PyTorch and Keras keep them: one matrix for the input and one for the state, the gates' rows one
//! below the other, two biases. Which block a parameter is, and whether its sign turns, are facts beside the cell.

use std::sync::Arc;

use ndarray::{Array1, Array2, s};

use crate::engine::facts::{Facts, SymbolFacts};
use crate::engine::model::Layer;
use crate::engine::presets::{self, Preset};
use crate::engine::syntax::{Dim, Function, Parameter, Symbol};

/// Whose layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    /// `torch.nn`.
    PyTorch,
    /// `keras.layers`.
    Keras,
}

impl Framework {
    /// Its layer for a cell; none where the cell has to be written out.
    fn layer(self, facts: &Facts) -> Option<&str> {
        match self {
            Framework::PyTorch => facts.pytorch_layer.as_deref(),
            Framework::Keras => facts.keras_layer.as_deref(),
        }
    }

    /// The block of rows that a parameter is.
    fn gate(self, symbol: &SymbolFacts) -> Option<usize> {
        match self {
            Framework::PyTorch => symbol.pytorch_gate,
            Framework::Keras => symbol.keras_gate,
        }
    }

    /// What an activation is called there; none: there is no such option.
    pub fn activation(self, function: Function) -> Option<&'static str> {
        match (self, function) {
            (_, Function::Tanh) => Some("tanh"),
            (_, Function::Relu) => Some("relu"),
            (Framework::Keras, Function::Swish) => Some("silu"),
            (Framework::Keras, Function::Sigmoid) => Some("sigmoid"),
            _ => None,
        }
    }
}

/// A layer's weights in a framework's blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct Fused {
    /// Gates·n_a × n_x.
    pub input: Array2<f64>,
    /// Gates·n_a × n_a.
    pub recurrent: Array2<f64>,
    /// Gates·n_a: the bias beside the input product.
    pub input_bias: Array1<f64>,
    /// Gates·n_a: the bias beside the recurrent product.
    pub recurrent_bias: Array1<f64>,
}

/// What a framework's layer is: enough to find the cell that computes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind<'a> {
    /// Whose.
    pub framework: Framework,
    /// `LSTM`.
    pub layer: &'a str,
    /// `tanh`; looked at only where the cell has an activation to choose.
    pub activation: &'a str,
    /// Keras's `reset_after`.
    pub reset_after: bool,
}

impl Kind<'_> {
    /// The cell that computes this layer; none where no text of the project does.
    pub fn cell(&self) -> Option<&'static Preset> {
        presets::presets().iter().chain(presets::counterparts()).find(|preset| {
            let facts = &preset.facts;
            let is_of_layer = self.framework.layer(facts) == Some(self.layer);
            let has_activation = preset
                .cell
                .activation
                .is_none_or(|function| self.framework.activation(function) == Some(self.activation));
            let resets = self.framework == Framework::PyTorch || facts.keras_reset_after == self.reset_after;
            is_of_layer && has_activation && resets
        })
    }
}

/// How a framework has a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Native {
    /// The facts beside the cell.
    pub facts: &'static Facts,
    /// `LSTM`.
    pub layer: &'static str,
    /// `tanh`, where the layer has to be told.
    pub activation: Option<&'static str>,
}

/// The framework's own layer for a layer's cell; none where it has to be written out.
pub fn native(layer: &Layer<f64>, framework: Framework) -> Option<Native> {
    let preset = presets::known(&layer.cell)?;
    let name = framework.layer(&preset.facts)?;
    let activation = match preset.cell.activation {
        Some(function) => Some(framework.activation(function)?),
        None => None,
    };
    Some(Native { facts: &preset.facts, layer: name, activation })
}

/// The layer's weights in the framework's blocks; none where it has no such layer. `n_x`: rows of its input.
pub fn fuse(layer: &Layer<f64>, n_x: usize, framework: Framework) -> Option<Fused> {
    let native = native(layer, framework)?;
    let n_a = layer.hidden;
    let blocks = Blocks::of(&layer.cell.parameters, native.facts, framework)?;
    let rows = blocks.count * n_a;
    let mut fused = Fused {
        input: Array2::zeros((rows, n_x)),
        recurrent: Array2::zeros((rows, n_a)),
        input_bias: Array1::zeros(rows),
        recurrent_bias: Array1::zeros(rows),
    };
    for ((name, matrix), block) in layer.weights.iter().zip(&blocks.list) {
        if matrix.nrows() != n_a || block.name != *name {
            return None;
        }
        let signed = matrix.mapv(|number| if block.is_flipped { -number } else { number });
        let rows = block.gate * n_a..(block.gate + 1) * n_a;
        if block.reads_state {
            fused.recurrent.slice_mut(s![rows.clone(), ..]).assign(&signed.slice(s![.., ..n_a]));
        }
        if block.reads_input {
            fused.input.slice_mut(s![rows.clone(), ..]).assign(&signed.slice(s![.., signed.ncols() - n_x..]));
        }
        if block.is_bias() {
            let bias = if block.is_recurrent { &mut fused.recurrent_bias } else { &mut fused.input_bias };
            bias.slice_mut(s![rows]).assign(&signed.column(0));
        }
    }
    Some(fused)
}

/// A layer of the preset's cell with weights from a framework's blocks; none where the shapes are not those of such a
/// layer. Two biases that stand in one sum are added; what is one minus the notes' gate changes its sign.
pub fn split(preset: &Preset, fused: &Fused, framework: Framework) -> Option<Layer<f64>> {
    let n_a = fused.recurrent.ncols();
    let n_x = fused.input.ncols();
    let blocks = Blocks::of(&preset.cell.parameters, &preset.facts, framework)?;
    let rows = blocks.count * n_a;
    let lengths =
        [fused.input.nrows(), fused.recurrent.nrows(), fused.input_bias.len(), fused.recurrent_bias.len()];
    if n_a == 0 || lengths.iter().any(|length| *length != rows) {
        return None;
    }
    let weights = blocks.list.iter().map(|block| {
        let rows = block.gate * n_a..(block.gate + 1) * n_a;
        let mut parts = Vec::new();
        if block.reads_state {
            parts.push(fused.recurrent.slice(s![rows.clone(), ..]));
        }
        if block.reads_input {
            parts.push(fused.input.slice(s![rows.clone(), ..]));
        }
        let matrix = if block.is_bias() {
            let (input, recurrent) =
                (fused.input_bias.slice(s![rows.clone()]), fused.recurrent_bias.slice(s![rows]));
            let is_split = blocks.list.iter().any(|other| other.gate == block.gate && other.is_recurrent);
            let bias = match (is_split, block.is_recurrent) {
                (false, _) => &input + &recurrent,
                (true, false) => input.to_owned(),
                (true, true) => recurrent.to_owned(),
            };
            bias.insert_axis(ndarray::Axis(1))
        } else {
            ndarray::concatenate(ndarray::Axis(1), &parts).ok()?
        };
        // No minus zero where nothing was.
        let signed = matrix.mapv(|number| if block.is_flipped && number != 0.0 { -number } else { number });
        Some((block.name.clone(), signed))
    });
    let weights = weights.collect::<Option<Vec<_>>>()?;
    preset.cell.check_sizes(n_a, n_x).ok()?;
    Some(Layer { cell: Arc::new(preset.cell.clone()), hidden: n_a, weights })
}

/// How many blocks a framework's layer has for a cell: 4 for LSTM.
pub fn blocks(preset: &Preset, framework: Framework) -> Option<usize> {
    Blocks::of(&preset.cell.parameters, &preset.facts, framework).map(|blocks| blocks.count)
}

struct Block {
    name: Symbol,
    gate: usize,
    reads_state: bool,
    reads_input: bool,
    is_flipped: bool,
    is_recurrent: bool,
}

impl Block {
    fn is_bias(&self) -> bool {
        !self.reads_state && !self.reads_input
    }
}

struct Blocks {
    list: Vec<Block>,
    count: usize,
}

impl Blocks {
    /// None where a parameter has no block, or a shape that no framework knows.
    fn of(parameters: &[Parameter], facts: &Facts, framework: Framework) -> Option<Blocks> {
        let list = parameters.iter().map(|parameter| {
            let known = facts.of(&parameter.name)?;
            let Dim { hidden, input, output, ones } = parameter.columns;
            let is_bias = parameter.columns == Dim::ONE;
            let fits = is_bias || (hidden <= 1 && input <= 1 && output == 0 && ones == 0);
            if !fits || parameter.rows != Dim::HIDDEN {
                return None;
            }
            Some(Block {
                name: parameter.name.clone(),
                gate: framework.gate(known)?,
                reads_state: !is_bias && hidden == 1,
                reads_input: !is_bias && input == 1,
                is_flipped: known.is_flipped,
                is_recurrent: known.is_recurrent,
            })
        });
        let list = list.collect::<Option<Vec<_>>>()?;
        let count = list.iter().map(|block| block.gate + 1).max()?;
        Some(Blocks { list, count })
    }
}
