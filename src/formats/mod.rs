//! Experiment and trace files, training logs, drawn tokens, and the files of other programs: weights as safetensors and
//! of Keras, code, LaTeX, tables. What the engine hands out and takes back.

pub mod code;
pub mod csv;
pub mod draw;
mod error;
pub mod experiment;
mod export;
pub mod fused;
mod h5;
pub mod import;
mod import_error;
mod keras_config;
mod keras_file;
pub mod latex;
mod model;
pub mod parcel;
pub mod safetensors;
mod tensor;
mod torch;
pub mod training_run;
mod weights;

pub use error::FormatError;
pub use import_error::{ImportError, ImportNote, READ};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads JSON; an error names the field. Weights are called as in `weights.layers[0].W_f`, wherever they stand.
fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, FormatError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let path = path.strip_prefix("model.weights").map_or(path.clone(), |rest| format!("weights{rest}"));
        FormatError::Json { path, message: one_line(&error.into_inner().to_string()) }
    })?;
    reader.end().map_err(|error| FormatError::Json {
        path: "file".to_owned(),
        message: one_line(&error.to_string()),
    })?;
    Ok(value)
}

/// The first thing that is said about a file is whether it is one of this kind.
fn check_format(text: &str, expected: &str) -> Result<(), FormatError> {
    #[derive(serde::Deserialize)]
    struct OnlyFormat {
        format: String,
    }
    // What is no JSON at all is told by the whole reading, which knows the field that it was in.
    let Ok(found) = read_json::<OnlyFormat>(text) else { return Ok(()) };
    if found.format == expected {
        return Ok(());
    }
    Err(FormatError::Format { found: found.format, expected: expected.to_owned() })
}

fn write_json<T: Serialize>(value: &T) -> Result<String, FormatError> {
    serde_json::to_string(value).map_err(|error| FormatError::Json {
        path: "output".to_owned(),
        message: one_line(&error.to_string()),
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
