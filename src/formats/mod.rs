//! Experiment and trace files, training logs, drawn tokens, and the files of other programs: weights as safetensors and
//! of Keras, code, LaTeX, tables. What the engine hands out and takes back.

pub mod code;
pub mod csv;
pub mod draw;
mod error;
pub mod experiment;
mod export;
pub mod exported;
pub mod fused;
mod h5;
pub mod import;
mod import_error;
mod import_note;
mod keras_config;
mod keras_file;
mod keras_graph;
pub mod latex;
mod letters;
mod model;
mod object;
mod order;
pub mod parcel;
pub mod safetensors;
mod tensor;
mod torch;
mod torch_beside;
pub mod trace_file;
pub mod training_run;
mod weights;

pub use error::FormatError;
pub use import_error::{ImportError, READ};
pub use import_note::ImportNote;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::object::Object;

/// Reads JSON; an error names the field. Weights are called as in `weights.layers[0].W_f`, wherever they stand.
fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, FormatError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let Object(value) = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        // A place that has no name yet is that of what it is in.
        let path = path.trim_end_matches('?').trim_end_matches('.');
        let path = match path.strip_prefix("model.weights") {
            Some(rest) => format!("weights{rest}"),
            None => path.to_owned(),
        };
        let message = in_words(&error.into_inner().to_string());
        // The reader names in its message what is missing; the path is of what it is missing in.
        match message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
            Some((name, _)) if path.is_empty() => FormatError::Missing { path: name.to_owned() },
            Some((name, _)) => FormatError::Missing { path: format!("{path}.{name}") },
            None if path.is_empty() => FormatError::Json { path: "file".to_owned(), message },
            None => FormatError::Json { path, message },
        }
    })?;
    reader.end().map_err(|error| FormatError::Json {
        path: "file".to_owned(),
        message: one_line(&error.to_string()),
    })?;
    Ok(value)
}

/// What a parser says, without the words of its language.
fn in_words(message: &str) -> String {
    let words = [
        ("expected a map", "expected an object"),
        ("expected a sequence", "expected a list"),
        ("expected usize", "expected a whole number of at least 0"),
        ("expected f64", "expected a number"),
        ("expected a boolean", "expected true or false"),
        ("invalid type: sequence", "invalid type: a list"),
        ("invalid type: map", "invalid type: an object"),
    ];
    words.iter().fold(one_line(message), |message, (theirs, ours)| message.replace(theirs, ours))
}

/// The first thing that is said about a file is whether it is one of this kind.
fn check_format(text: &str, expected: &str) -> Result<(), FormatError> {
    #[derive(serde::Deserialize)]
    struct OnlyFormat {
        format: String,
    }
    // What is no JSON at all is told by the whole reading, which knows the field that it was in.
    let Ok(found) = read_json::<OnlyFormat>(text) else { return Ok(()) };
    same_format(found.format, expected)
}

fn same_format(found: String, expected: &str) -> Result<(), FormatError> {
    if found == expected { Ok(()) } else { Err(FormatError::Format { found, expected: expected.to_owned() }) }
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
