//! A file of weights from outside, whatever its kind: told by its first bytes, never by its name alone.

use super::experiment::Experiment;
use super::import_error::ImportError;
use super::import_note::ImportNote;
use super::weights::{MOST_NUMBERS, too_many};
use super::{experiment, keras_file, safetensors};
use crate::engine::model::Model;
use crate::engine::trace::{Labels, LossAt, TraceInput};
use ndarray::{Array2, Array3};

/// Most bytes of a file.
pub const MOST_BYTES: usize = 64_000_000;
/// Steps of the sequence that a file without one is shown with.
const STEPS: usize = 8;

/// What a file held.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The network.
    pub model: Model<f64>,
    /// What an experiment runs through it.
    pub input: Option<TraceInput<f64>>,
    /// The symbols that the rows of x and ŷ stand for.
    pub vocabulary: Option<Vec<String>>,
    /// What was done on the way in.
    pub notes: Vec<ImportNote>,
}

/// Reads a file. `name` only helps to tell what a file that cannot be read is.
///
/// # Errors
/// Why it cannot be taken.
pub fn import(name: &str, bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if bytes.len() > MOST_BYTES {
        let megabytes = bytes.len().div_ceil(1_000_000);
        return Err(ImportError::TooLarge { megabytes, most: MOST_BYTES / 1_000_000 });
    }
    let mut notes = Vec::new();
    let (model, vocabulary) = match kind(name, bytes) {
        FileKind::Hdf5 => (keras_file::read_weights(bytes, &mut notes)?, None),
        FileKind::Zip => (keras_file::read_archive(bytes, &mut notes)?, None),
        FileKind::Safetensors => safetensors::read(bytes, &mut notes)?,
        FileKind::Json => {
            let text = std::str::from_utf8(bytes).map_err(|_| ImportError::UnknownFormat)?;
            let Experiment { model, input, vocabulary } = experiment_in(text)?;
            return Ok(Imported { model, input: Some(input), vocabulary, notes });
        }
        FileKind::Onnx => return Err(ImportError::Onnx),
        FileKind::Pickle => return Err(ImportError::Pickle),
        FileKind::Unlike(ending) => return Err(ImportError::Unlike { ending }),
        FileKind::Unknown => return Err(ImportError::UnknownFormat),
    };
    Ok(Imported { model, input: None, vocabulary, notes })
}

/// An experiment: whether the text is whole and JSON is asked first, then what it says it is, then its fields.
fn experiment_in(text: &str) -> Result<Experiment<f64>, ImportError> {
    /// Most characters of a format that is repeated to the reader.
    const SHOWN: usize = 40;
    #[derive(serde::Deserialize)]
    struct Head {
        format: String,
    }
    // Some editors put it before a text.
    let text = text.trim_start_matches('\u{feff}');
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        return Err(if error.is_eof() {
            ImportError::CutOff { format: "JSON" }
        } else {
            ImportError::Syntax { line: error.line(), column: error.column() }
        });
    }
    let Ok(Head { format }) = serde_json::from_str(text) else { return Err(ImportError::NoFormat) };
    if format == experiment::FORMAT {
        let experiment: Experiment<f64> = experiment::read(text).map_err(ImportError::Field)?;
        // The page holds them several times over.
        let count = experiment.model.architecture().layout().len + experiment.input.x.len();
        return if count > MOST_NUMBERS { Err(too_many(count)) } else { Ok(experiment) };
    }
    let is_result =
        ["unrolled-trace/", "unrolled-training-log/"].iter().any(|known| format.starts_with(known));
    let format = format.chars().take(SHOWN).collect();
    Err(if is_result { ImportError::Result { format } } else { ImportError::OtherFormat { format } })
}

enum FileKind {
    Json,
    Safetensors,
    Hdf5,
    Zip,
    Onnx,
    Pickle,
    /// Called like one that is read, and none of them.
    Unlike(&'static str),
    Unknown,
}

/// What begins an HDF5 file.
pub(super) const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
/// The endings of names that promise a format which is told by its first bytes.
const ENDINGS: [&str; 5] = [".safetensors", ".keras", ".h5", ".hdf5", ".json"];

/// Whether the mark of HDF5 stands where it may: at the beginning, or after a block of 512 bytes, 1,024 and so on.
fn is_hdf5(bytes: &[u8]) -> bool {
    let after = std::iter::successors(Some(512usize), |at| at.checked_mul(2));
    std::iter::once(0).chain(after).map_while(|at| bytes.get(at..)).any(|rest| rest.starts_with(HDF5))
}

fn kind(name: &str, bytes: &[u8]) -> FileKind {
    let name = name.to_ascii_lowercase();
    if is_hdf5(bytes) {
        return FileKind::Hdf5;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // torch.save writes a ZIP too, with a pickle in it.
        let is_pickle = bytes.windows(8).take(4_096).any(|part| part == b"data.pkl");
        return if is_pickle { FileKind::Pickle } else { FileKind::Zip };
    }
    // The length of a header, then its first bracket. By its name, a file may hold less than it says: it is cut off.
    let is_whole =
        || bytes.first_chunk::<8>().is_some_and(|length| u64::from_le_bytes(*length) <= bytes.len() as u64);
    if bytes.get(8) == Some(&b'{') && (name.ends_with(".safetensors") || is_whole()) {
        return FileKind::Safetensors;
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') || first == Some(&b'[') && name.ends_with(".json") {
        return FileKind::Json;
    }
    // Protocol buffers have no mark. A model of ONNX begins with its version (field 1), a pickle with its protocol.
    if name.ends_with(".onnx")
        || (bytes.starts_with(&[8]) && bytes.windows(4).take(512).any(|part| part == b"onnx"))
    {
        return FileKind::Onnx;
    }
    let has_pickle_name = [".pt", ".pth", ".pkl", ".bin"].iter().any(|end| name.ends_with(end));
    let is_pickle = matches!(bytes, [0x80, 0..=5, ..]);
    if is_pickle || has_pickle_name {
        return FileKind::Pickle;
    }
    let ending = ENDINGS.into_iter().find(|ending| name.ends_with(ending));
    ending.map_or(FileKind::Unknown, FileKind::Unlike)
}

impl Imported {
    /// The experiment that a file without an input is shown with: the zero vector, then the first symbols of the
    /// vocabulary in order, each the label of the step before.
    pub fn experiment(&self) -> Experiment<f64> {
        let input = self.input.clone().unwrap_or_else(|| in_order(&self.model));
        Experiment { model: self.model.clone(), input, vocabulary: self.vocabulary.clone() }
    }
}

fn in_order(model: &Model<f64>) -> TraceInput<f64> {
    let steps = model.input.min(model.output).clamp(1, STEPS);
    let x =
        Array3::from_shape_fn(
            (steps, model.input, 1),
            |(step, row, _)| {
                if step > 0 && row == step - 1 { 1.0 } else { 0.0 }
            },
        );
    let y = match model.head.head.loss {
        crate::engine::syntax::LossKind::SoftmaxCrossEntropy => {
            Labels::Ids(Array2::from_shape_fn((steps, 1), |(step, _)| {
                step.min(model.output.saturating_sub(1))
            }))
        }
        crate::engine::syntax::LossKind::Logistic => {
            Labels::Binary(Array3::from_shape_fn((steps, model.output, 1), |(step, row, _)| {
                if row == step { 1.0 } else { 0.0 }
            }))
        }
    };
    TraceInput {
        x,
        y,
        lengths: vec![steps],
        initial: Vec::new(),
        loss_at: LossAt::EveryStep,
        holds: Vec::new(),
    }
}
