//! What page and file program hand each other: a network without its numbers, which travel beside it, and a sentence.
//!
//! The program that reads and writes files is a wasm file of its own, loaded when a reader first exports or opens something.
//! A stranger's file that brings it down therefore takes nothing else with it.

use std::sync::Arc;

use ndarray::{Array2, Array3};
use serde::{Deserialize, Serialize};

use super::FormatError;
use super::experiment::Experiment;
pub use super::export::Export;
use super::exported::exported;
use super::import::{Imported, import};
use super::import_error::ImportError;
use super::import_note::ImportNote;
use super::latex::Letters;
use crate::engine::architecture::{Architecture, LayerShape};
use crate::engine::model::Model;
use crate::engine::presets;
use crate::engine::syntax::{LossKind, parse_cell};
use crate::engine::trace::{Hold, Labels, LossAt, TraceInput};

/// A network without its numbers, and the sentence that runs through it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Parcel {
    /// Text and hidden units of each layer, the lowest first.
    pub layers: Vec<(String, usize)>,
    /// σ for each output instead of softmax over all.
    pub logistic: bool,
    /// n_x.
    pub input: usize,
    /// n_y.
    pub output: usize,
    /// The symbols that the rows stand for; empty: they have no names.
    pub vocabulary: Vec<String>,
    /// What goes in at each step: a row, none for the zero vector. Empty: no sentence.
    pub inputs: Vec<Option<usize>>,
    /// What should come out.
    pub labels: Vec<usize>,
    /// The inputs themselves, step by step, where they are not one-hot; empty: `inputs` says them.
    pub x: Vec<f64>,
    /// The states before the first step, layer by layer, each in the order of its `state` line; empty: zeros.
    pub initial: Vec<Vec<f64>>,
    /// Units that are held at a number. Not every kind of file has a place for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold>,
}

/// A sentence of the interface: its key, and what stands in its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The key.
    pub code: String,
    /// Names of places with their values.
    pub values: Vec<(String, String)>,
}

impl Said {
    fn new(code: &str, values: Vec<(&'static str, String)>) -> Said {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Said { code: code.to_owned(), values }
    }
}

impl From<&ImportNote> for Said {
    fn from(note: &ImportNote) -> Said {
        Said::new(note.code(), note.arguments())
    }
}

impl From<&ImportError> for Said {
    fn from(error: &ImportError) -> Said {
        Said::new(error.code(), error.arguments())
    }
}

impl Parcel {
    /// A network with a vocabulary; the sentence is put beside it.
    pub fn of(model: &Model<f64>, vocabulary: &[String]) -> Parcel {
        Parcel {
            layers: model.layers.iter().map(|layer| (layer.cell.text.clone(), layer.hidden)).collect(),
            logistic: model.head.head.loss == LossKind::Logistic,
            input: model.input,
            output: model.output,
            vocabulary: vocabulary.to_vec(),
            ..Parcel::default()
        }
    }

    /// The same with one sample that runs through it.
    pub fn with_input(self, input: &TraceInput<f64>) -> Parcel {
        let sentence = first_sample(input);
        let labels = match &sentence {
            Some((_, labels)) => labels.clone(),
            None => labels_of(input).unwrap_or_default(),
        };
        let is_one_hot = sentence.is_some();
        let states =
            |states: &Vec<Array2<f64>>| states.iter().flat_map(|state| state.column(0).to_vec()).collect();
        let has_states = input.initial.iter().flatten().any(|state| state.iter().any(|one| *one != 0.0));
        let steps = labels.len().min(input.x.dim().0);
        Parcel {
            inputs: sentence.map(|(inputs, _)| inputs).unwrap_or_default(),
            labels,
            x: if is_one_hot {
                Vec::new()
            } else {
                input.x.slice(ndarray::s![..steps, .., 0]).iter().copied().collect()
            },
            holds: input.holds.clone(),
            initial: if has_states { input.initial.iter().map(states).collect() } else { Vec::new() },
            ..self
        }
    }

    /// Cells and sizes.
    ///
    /// # Errors
    /// A text that cannot be read, or sizes that do not fit it.
    pub fn architecture(&self) -> Result<Architecture, FormatError> {
        let mut layers: Vec<LayerShape> = Vec::new();
        let mut below = self.input;
        for (index, (text, hidden)) in self.layers.iter().enumerate() {
            let error = |line, column, message: String| FormatError::Cell {
                path: format!("layers[{index}]"),
                line,
                column,
                message,
            };
            let cell = parse_cell(text).map_err(|errors| match errors.first() {
                Some(first) => error(first.line, first.column, first.kind.to_string()),
                None => error(1, 1, String::new()),
            })?;
            cell.check_sizes(*hidden, below)
                .map_err(|first| error(first.line, first.column, first.kind.to_string()))?;
            layers.push(LayerShape::new(Arc::new(cell), *hidden));
            below = *hidden;
        }
        let head = if self.logistic { presets::logistic_head() } else { presets::softmax_head() };
        Ok(Architecture { layers, head: Arc::new(head), input: self.input, output: self.output })
    }

    /// The network with its numbers, in the order of the architecture's layout.
    ///
    /// # Errors
    /// As for [`Self::architecture`], and another count of numbers.
    pub fn model(&self, weights: &[f64]) -> Result<Model<f64>, FormatError> {
        let architecture = self.architecture()?;
        let needed = architecture.layout().len;
        if needed != weights.len() || architecture.layers.is_empty() {
            return Err(FormatError::Value {
                path: "weights".to_owned(),
                found: weights.len().to_string(),
                expected: needed.to_string(),
            });
        }
        Ok(Model::from_flat(&architecture, weights))
    }

    /// The sentence as the engine takes it.
    fn trace_input(&self, model: &Model<f64>) -> TraceInput<f64> {
        let steps = self.labels.len();
        let mut x = Array3::zeros((steps, self.input, 1));
        for (entry, value) in x.iter_mut().zip(&self.x) {
            *entry = *value;
        }
        for (step, row) in self.inputs.iter().enumerate() {
            if let Some(entry) = row.and_then(|row| x.get_mut((step, row, 0))) {
                *entry = 1.0;
            }
        }
        let y = if self.logistic {
            Labels::Binary(Array3::from_shape_fn((steps, self.output, 1), |(step, row, _)| {
                if self.labels[step] == row { 1.0 } else { 0.0 }
            }))
        } else {
            Labels::Ids(Array2::from_shape_fn((steps, 1), |(step, _)| self.labels[step]))
        };
        let initial = self.initial.iter().zip(&model.layers).map(|(numbers, layer)| {
            let states = numbers.chunks(layer.hidden.max(1)).take(layer.cell.states.len());
            let column = |numbers: &[f64]| {
                Array2::from_shape_fn((layer.hidden, 1), |(row, _)| numbers.get(row).copied().unwrap_or(0.0))
            };
            states.map(column).collect()
        });
        TraceInput {
            x,
            y,
            lengths: vec![steps],
            initial: initial.collect(),
            loss_at: LossAt::EveryStep,
            holds: self.holds.clone(),
        }
    }

    /// A file's bytes.
    ///
    /// # Errors
    /// Numbers that are not finite, or a network that this kind of file cannot hold.
    pub fn export(&self, what: Export, weights: &[f64], letters: Letters) -> Result<Vec<u8>, FormatError> {
        let model = self.model(weights)?;
        let vocabulary =
            (self.vocabulary.len() == model.input.max(model.output)).then(|| self.vocabulary.clone());
        let needs_input = !matches!(what, Export::Safetensors | Export::Latex);
        if needs_input && self.labels.is_empty() {
            return Err(FormatError::Missing { path: "input".to_owned() });
        }
        let input = self.trace_input(&model);
        exported(&Experiment { model, input, vocabulary }, what, letters)
    }
}

/// A file that was opened: the network, its numbers, what is to be said about it.
pub type Opened = (Parcel, Vec<f64>, Vec<Said>);

/// Opens a file for the page, which shows sentences: a network that reads and predicts the same symbols.
///
/// # Errors
/// The sentence that says why not.
pub fn open(name: &str, bytes: &[u8]) -> Result<Opened, Said> {
    let Imported { model, input, vocabulary, notes } =
        import(name, bytes).map_err(|error| Said::from(&error))?;
    if model.input != model.output {
        let sizes = vec![("input", model.input.to_string()), ("output", model.output.to_string())];
        return Err(Said::new("other_output", sizes));
    }
    let mut notes: Vec<Said> = notes.iter().map(Said::from).collect();
    let mut parcel = Parcel::of(&model, &vocabulary.unwrap_or_default());
    if let Some(input) = input {
        parcel = parcel.with_input(&input);
        if parcel.labels.is_empty() {
            return Err(Said::new("no_sentence", Vec::new()));
        }
        let samples = input.x.dim().2;
        if samples > 1 {
            notes.push(Said::from(&ImportNote::FirstSample { samples }));
        }
    }
    Ok((parcel, model.to_flat(), notes))
}

/// The first sample as a sentence: one-hot or zero inputs, one label a step, a loss at every step.
fn first_sample(input: &TraceInput<f64>) -> Option<(Vec<Option<usize>>, Vec<usize>)> {
    let steps = *input.lengths.first()?;
    let x = |step| only_one(input.x.slice(ndarray::s![step, .., 0]));
    let inputs = (0..steps).map(x).collect::<Option<Vec<_>>>()?;
    Some((inputs, labels_of(input)?))
}

/// The first sample's labels, one a step.
fn labels_of(input: &TraceInput<f64>) -> Option<Vec<usize>> {
    if input.loss_at != LossAt::EveryStep {
        return None;
    }
    let steps = *input.lengths.first()?;
    match &input.y {
        Labels::Ids(ids) => (0..steps).map(|step| ids.get((step, 0)).copied()).collect(),
        Labels::Binary(labels) => {
            (0..steps).map(|step| only_one(labels.slice(ndarray::s![step, .., 0])).flatten()).collect()
        }
    }
}

/// The place of the only 1 among zeros, none among zeros alone; nothing for any other numbers.
fn only_one(column: ndarray::ArrayView1<'_, f64>) -> Option<Option<usize>> {
    let mut at = None;
    for (row, value) in column.iter().enumerate() {
        match (*value, at) {
            (0.0, _) => {}
            (1.0, None) => at = Some(row),
            _ => return None,
        }
    }
    Some(at)
}
