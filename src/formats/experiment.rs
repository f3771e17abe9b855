//! `unrolled-experiment/1`, in and out.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::error::FormatError;
use super::model::{LossFile, ModelFile, ModelOut, read_model};
use super::object::object;
use super::tensor::{NamedFiles, NamedOut, TensorFile, TensorOut};
use super::{check_format, read_json, same_format, trace_file};
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::trace::{Labels, LossAt, TraceInput, trace};

/// What an experiment says it is.
pub(super) const FORMAT: &str = "unrolled-experiment/1";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExperimentFile {
    format: String,
    #[serde(deserialize_with = "object")]
    model: ModelFile,
    #[serde(deserialize_with = "object")]
    input: InputFile,
    /// The symbols that the rows of x and ŷ stand for; a field of ours that may be left out.
    #[serde(default)]
    vocabulary: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputFile {
    #[serde(deserialize_with = "object")]
    x: TensorFile,
    #[serde(deserialize_with = "object")]
    y: TensorFile,
    #[serde(default)]
    lengths: Option<Vec<usize>>,
    #[serde(default)]
    initial: Option<Vec<NamedFiles>>,
    #[serde(default)]
    loss_at: Option<LossAtFile>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LossAtFile {
    #[default]
    EveryStep,
    LastStep,
}

/// A model with an input: what an experiment file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment<S> {
    /// The model.
    pub model: Model<S>,
    /// The input.
    pub input: TraceInput<S>,
    /// The symbols that the rows of x and ŷ stand for, where the file names them.
    pub vocabulary: Option<Vec<String>>,
}

/// Reads an experiment.
///
/// # Errors
/// One that names the field.
pub fn read<S: Scalar>(text: &str) -> Result<Experiment<S>, FormatError> {
    check_format(text, FORMAT)?;
    let file: ExperimentFile = read_json(text)?;
    same_format(file.format, FORMAT)?;
    let [steps, rows, batch] = file.input.x.sizes("input.x", "T × n_x × B")?;
    if steps == 0 || rows == 0 || batch == 0 {
        file.input.x.check_shape("input.x", &[steps.max(1), rows.max(1), batch.max(1)])?;
    }
    let model: Model<S> = read_model(&file.model, Some(rows))?;
    file.input.x.check_shape("input.x", &[steps, model.input, batch])?;
    file.input.x.fits::<S>("input.x")?;
    let lengths = read_lengths(file.input.lengths, steps, batch)?;
    let y = match file.model.loss {
        LossFile::SoftmaxCrossEntropy => {
            let ids =
                read_ids(&file.input.y, steps, batch, model.output, |step, sample| step < lengths[sample])?;
            Labels::Ids(ids)
        }
        LossFile::Logistic => {
            file.input.y.check_shape("input.y", &[steps, model.output, batch])?;
            if let Some(place) = file.input.y.data.iter().position(|label| *label != 0.0 && *label != 1.0) {
                return Err(FormatError::Value {
                    path: format!("input.y.data[{place}]"),
                    found: file.input.y.data[place].to_string(),
                    expected: "0 or 1".to_owned(),
                });
            }
            Labels::Binary(file.input.y.cube(steps, model.output, batch))
        }
    };
    let initial = read_initial(file.input.initial, &model, batch)?;
    let loss_at = match file.input.loss_at.unwrap_or_default() {
        LossAtFile::EveryStep => LossAt::EveryStep,
        LossAtFile::LastStep => LossAt::LastStep,
    };
    let x = file.input.x.cube(steps, rows, batch);
    let symbols = model.input.max(model.output);
    if let Some(vocabulary) = file.vocabulary.as_ref().filter(|vocabulary| vocabulary.len() != symbols) {
        return Err(FormatError::Value {
            path: "vocabulary".to_owned(),
            found: format!("{} symbols", vocabulary.len()),
            expected: symbols.to_string(),
        });
    }
    let input = TraceInput { x, y, lengths, initial, loss_at, holds: Vec::new() };
    Ok(Experiment { model, input, vocabulary: file.vocabulary })
}

#[derive(Serialize)]
#[serde(bound = "S: Scalar")]
struct ExperimentOut<'a, S: Scalar> {
    format: &'static str,
    model: ModelOut<S>,
    input: InputOut<S>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vocabulary: Option<&'a [String]>,
}

#[derive(Serialize)]
#[serde(bound = "S: Scalar")]
struct InputOut<S: Scalar> {
    x: TensorOut<S>,
    y: LabelsOut<S>,
    lengths: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    initial: Vec<NamedOut<S>>,
    loss_at: &'static str,
}

/// Ids are whole numbers in a file, whatever the precision.
#[derive(Serialize)]
#[serde(untagged, bound = "S: Scalar")]
enum LabelsOut<S: Scalar> {
    Ids { shape: Vec<usize>, data: Vec<usize> },
    Binary(TensorOut<S>),
}

/// Writes an experiment that reads back to the same bits.
///
/// # Errors
/// When a number is not finite, or the loss is at one step alone, for which files have no word.
pub fn write_experiment<S: Scalar>(experiment: &Experiment<S>) -> Result<String, FormatError> {
    let Experiment { model, input, vocabulary } = experiment;
    let loss_at = match input.loss_at {
        LossAt::EveryStep => "every-step",
        LossAt::LastStep => "last-step",
        other => {
            return Err(FormatError::Value {
                path: "input.loss_at".to_owned(),
                found: format!("{other:?}"),
                expected: "every-step or last-step".to_owned(),
            });
        }
    };
    if let Some(entry) = model.architecture().layout().entries.iter().find(|entry| {
        let weight = model.weight(entry.layer, &entry.name);
        weight.is_some_and(|weight| weight.iter().any(|number| !number.is_finite()))
    }) {
        return Err(FormatError::NotFinite { step: 0, tensor: format!("weights.{}", entry.path()) });
    }
    let initial = input.initial.iter().zip(&model.layers).map(|(states, layer)| {
        let named: Vec<_> = layer.cell.states.iter().cloned().zip(states.iter().cloned()).collect();
        NamedOut::new(&named)
    });
    let has_initial = input.initial.iter().any(|states| !states.is_empty());
    super::write_json(&ExperimentOut {
        format: FORMAT,
        model: ModelOut::new(model),
        input: InputOut {
            x: TensorOut::new(&input.x),
            y: match &input.y {
                Labels::Ids(ids) => {
                    LabelsOut::Ids { shape: ids.shape().to_vec(), data: ids.iter().copied().collect() }
                }
                Labels::Binary(labels) => LabelsOut::Binary(TensorOut::new(labels)),
            },
            lengths: input.lengths.clone(),
            initial: if has_initial { initial.collect() } else { Vec::new() },
            loss_at,
        },
        vocabulary: vocabulary.as_deref(),
    })
}

fn read_lengths(lengths: Option<Vec<usize>>, steps: usize, batch: usize) -> Result<Vec<usize>, FormatError> {
    let lengths = lengths.unwrap_or_else(|| vec![steps; batch]);
    if lengths.len() != batch {
        return Err(FormatError::Value {
            path: "input.lengths".to_owned(),
            found: format!("{} lengths", lengths.len()),
            expected: batch.to_string(),
        });
    }
    match lengths.iter().position(|length| !(1..=steps).contains(length)) {
        Some(place) => Err(FormatError::Value {
            path: format!("input.lengths[{place}]"),
            found: lengths[place].to_string(),
            expected: format!("1 to {steps}"),
        }),
        None => Ok(lengths),
    }
}

/// `T × B` ids; past a sample's length −1 may stand for "none".
fn read_ids(
    tensor: &TensorFile,
    steps: usize,
    batch: usize,
    output: usize,
    counts: impl Fn(usize, usize) -> bool,
) -> Result<Array2<usize>, FormatError> {
    tensor.check_shape("input.y", &[steps, batch])?;
    let expected = format!("an id from 0 to {}", output.saturating_sub(1));
    let mut ids = Array2::zeros((steps, batch));
    for ((step, sample), id) in ids.indexed_iter_mut() {
        let place = step * batch + sample;
        let number = tensor.whole("input.y", place, &expected)?;
        if number == -1 && !counts(step, sample) {
            continue;
        }
        *id = usize::try_from(number).ok().filter(|id| *id < output).ok_or_else(|| FormatError::Value {
            path: format!("input.y.data[{place}]"),
            found: number.to_string(),
            expected: expected.clone(),
        })?;
    }
    Ok(ids)
}

fn read_initial<S: Scalar>(
    files: Option<Vec<NamedFiles>>,
    model: &Model<S>,
    batch: usize,
) -> Result<Vec<Vec<Array2<S>>>, FormatError> {
    let Some(files) = files else { return Ok(vec![Vec::new(); model.layers.len()]) };
    if files.len() != model.layers.len() {
        return Err(FormatError::Value {
            path: "input.initial".to_owned(),
            found: format!("{} layers", files.len()),
            expected: model.layers.len().to_string(),
        });
    }
    let each = files.iter().zip(&model.layers).enumerate().map(|(index, (states, layer))| {
        let known = &layer.cell.states;
        if let Some(name) = states.keys().find(|name| !known.iter().any(|state| state.0 == **name)) {
            let expected = known.iter().map(|state| state.0.as_str()).collect::<Vec<_>>().join(", ");
            return Err(FormatError::Unknown { path: format!("input.initial[{index}].{name}"), expected });
        }
        let matrices = known.iter().map(|state| match states.get(&state.0) {
            Some(tensor) => {
                let path = format!("input.initial[{index}].{state}");
                tensor.check_shape(&path, &[layer.hidden, batch])?;
                tensor.fits::<S>(&path)?;
                Ok(tensor.matrix(layer.hidden, batch))
            }
            None => Ok(Array2::zeros((layer.hidden, batch))),
        });
        matrices.collect()
    });
    each.collect()
}

/// An experiment's text in, its trace's text out.
///
/// # Errors
/// One that names the field.
pub fn run<S: Scalar>(text: &str) -> Result<String, FormatError> {
    let experiment = read::<S>(text)?;
    let traced = trace(&experiment.model, &experiment.input)?;
    trace_file::write(&experiment.model, &traced)
}
