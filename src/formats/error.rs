//! What is wrong with a file: one line that names the field.

use thiserror::Error;

use crate::engine::trace::TraceError;

/// Why a file cannot be read or run.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormatError {
    /// Not JSON, a field that nobody knows, a field of another kind, a number beyond what can be held.
    #[error("{path}: {message}")]
    Json {
        /// The field.
        path: String,
        /// What the reader says.
        message: String,
    },
    /// The first field of a file says what it is.
    #[error("format: {found:?}, expected {expected:?}")]
    Format {
        /// What stands there.
        found: String,
        /// What was to stand there.
        expected: String,
    },
    /// A tensor of another shape.
    #[error("{path}: {found}, expected {expected}")]
    Shape {
        /// The tensor.
        path: String,
        /// Its shape, `5 × 7`.
        found: String,
        /// The shape that fits.
        expected: String,
    },
    /// A weight, a layer or a field that is not there.
    #[error("{path}: missing")]
    Missing {
        /// What is missing.
        path: String,
    },
    /// A weight or a state that the cell does not have.
    #[error("{path}: unknown, expected one of {expected}")]
    Unknown {
        /// What is too much.
        path: String,
        /// Names that exist.
        expected: String,
    },
    /// A value outside its range.
    #[error("{path}: {found}, expected {expected}")]
    Value {
        /// The field.
        path: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: String,
    },
    /// A cell's text has an error.
    #[error("{path}: line {line}, column {column}: {message}")]
    Cell {
        /// The field that holds the text.
        path: String,
        /// Line from 1.
        line: usize,
        /// Grapheme column from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A number became infinite or not-a-number while running.
    #[error("{}{tensor} is not finite", at_step(*step))]
    NotFinite {
        /// The update, or the time step of a trace, from 1; 0: of no step.
        step: usize,
        /// The tensor.
        tensor: String,
    },
}

impl From<TraceError> for FormatError {
    /// What a file holds has been checked when it was read; what is left says itself what does not fit.
    fn from(error: TraceError) -> Self {
        let (found, expected) = (error.to_string(), "a fit".to_owned());
        FormatError::Value { path: "input".to_owned(), found, expected }
    }
}

impl FormatError {
    /// The exit status of the command line: 3 for numbers that ran away, else 2.
    pub fn exit_status(&self) -> u8 {
        if matches!(self, FormatError::NotFinite { .. }) { 3 } else { 2 }
    }
}

fn at_step(step: usize) -> String {
    if step == 0 { String::new() } else { format!("step {step}: ") }
}

/// `5 × 7`; a number alone has an empty shape.
pub(super) fn shape_text(shape: &[usize]) -> String {
    if shape.is_empty() {
        return "a number".to_owned();
    }
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
