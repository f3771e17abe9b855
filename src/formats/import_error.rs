//! Why a file of weights cannot be taken. The command line prints these lines; the page has its sentences, in both
//! languages, under [`ImportError::code`] with [`ImportError::arguments`] in them.

use thiserror::Error;

use super::error::FormatError;

/// The formats that are read, as every refusal names them.
pub const READ: &str = "experiment JSON, .safetensors, .weights.h5, .keras";

/// Why a file cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// More bytes than are read.
    #[error("{megabytes} MB, more than the {most} MB that are read")]
    TooLarge {
        /// The file's.
        megabytes: usize,
        /// The limit.
        most: usize,
    },
    /// More recurrent layers than are taken.
    #[error("{layers} recurrent layers, more than the {most} that are taken")]
    Deep {
        /// The file's.
        layers: usize,
        /// The limit.
        most: usize,
    },
    /// ONNX: a graph of operations, not a cell.
    #[error("ONNX is not read; formats that are: {READ}")]
    Onnx,
    /// Python's pickle (`torch.save`): it would run code.
    #[error(
        "a pickle of torch.save is not read, since reading it runs code: save with safetensors; read are {READ}"
    )]
    Pickle,
    /// None of the formats that are read.
    #[error("not one of the formats that are read: {READ}")]
    UnknownFormat,
    /// The name says that it is one of them, the first bytes say that it is none.
    #[error("named {ending}, but it begins like none of the formats that are read: {READ}")]
    Unlike {
        /// `.keras`.
        ending: &'static str,
    },
    /// The file begins as such a file and ends before it should.
    #[error("{format}: the file ends too early")]
    CutOff {
        /// `safetensors`, `HDF5`, `.keras`, `JSON`.
        format: &'static str,
    },
    /// The file begins as such a file, but does not go on as one.
    #[error("{format}: {what}")]
    Broken {
        /// `safetensors`, `HDF5`, `.keras`.
        format: &'static str,
        /// What the reader says; for the command line, since a library's words have one language.
        what: String,
    },
    /// A ZIP file without what a `.keras` file has in it.
    #[error("a ZIP file without {name}, so not a .keras file")]
    NotKeras {
        /// What is missing.
        name: &'static str,
    },
    /// The config of a `.keras` file does not list layers.
    #[error("the file does not list its layers: {what}")]
    Unlisted {
        /// What the reader says.
        what: String,
    },
    /// A text that is no JSON.
    #[error("no JSON: line {line}, column {column}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// JSON that does not say which file it is.
    #[error("JSON without a format; read are {READ}")]
    NoFormat,
    /// JSON of another kind.
    #[error("format: {format:?}, expected \"unrolled-experiment/1\"")]
    OtherFormat {
        /// What it says it is.
        format: String,
    },
    /// An experiment with an error in a field.
    #[error("{0}")]
    Field(FormatError),
    /// A trace or a log: what a network gave, not the network.
    #[error("{format}: results, not a network; read are {READ}")]
    Result {
        /// What it says it is.
        format: String,
    },
    /// No recurrent layer is in it.
    #[error("no recurrent layer among: {names}")]
    NoLayer {
        /// What there is.
        names: String,
    },
    /// A tensor is missing.
    #[error("{name}: missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor has a shape that does not fit the others.
    #[error("{name}: {found}, expected {expected}")]
    Shape {
        /// Its name.
        name: String,
        /// `12 × 4`.
        found: String,
        /// What fits.
        expected: String,
    },
    /// Numbers of a kind that no weight has.
    #[error("{name}: numbers of type {kind}, expected F32, F64, F16 or BF16")]
    NumberKind {
        /// The tensor.
        name: String,
        /// `I64`.
        kind: String,
    },
    /// A weight that is not a number or infinite.
    #[error("{name}: holds a number that is not finite")]
    NotFinite {
        /// The tensor.
        name: String,
    },
    /// A layer reads the sequence in both directions.
    #[error(
        "{name}: a bidirectional layer also reads from the end, which the equations here cannot hold; save a network that reads in one direction"
    )]
    Bidirectional {
        /// Its name.
        name: String,
    },
    /// An LSTM with a projection.
    #[error("{name}: an LSTM with a projection (proj_size) is another cell than any here; save one without")]
    Projection {
        /// Its name.
        name: String,
    },
    /// A setting under which the layer computes something else.
    #[error("{name}: {setting} = {value} makes it another cell than any here")]
    Setting {
        /// The layer.
        name: String,
        /// The setting.
        setting: String,
        /// Its value.
        value: String,
    },
    /// A layer between or beside the recurrent ones that is not taken.
    #[error(
        "{name}: a layer that is not taken; taken are RNN, GRU, LSTM, an embedding before and a linear layer after them"
    )]
    OtherLayer {
        /// Its name.
        name: String,
    },
    /// The order of the layers cannot be told from the file.
    #[error(
        "the file does not say which of these layers stands on which: {names}; put them into one module with num_layers, or call them lstm1, lstm2, …, the lowest first; an encoder and a decoder are no stack"
    )]
    Order {
        /// Their names.
        names: String,
    },
    /// More than one layer could be the output.
    #[error("more than one linear layer could be the output: {names}; save the network with one")]
    Heads {
        /// Their names.
        names: String,
    },
    /// A matrix that could be an embedding or the output.
    #[error("an embedding or the output layer, by its shape: {names}; call it embedding, or head")]
    Ambiguous {
        /// Its name, or theirs.
        names: String,
    },
    /// A layer that is not one link of a chain.
    #[error(
        "{name}: takes several inputs or is used several times; taken is a chain of layers, each on the one below"
    )]
    Graph {
        /// Its name.
        name: String,
    },
}

impl ImportError {
    /// The key of its sentence.
    pub fn code(&self) -> &'static str {
        match self {
            ImportError::Empty => "empty",
            ImportError::TooLarge { .. } => "too_large",
            ImportError::Deep { .. } => "deep",
            ImportError::Onnx => "onnx",
            ImportError::Pickle => "pickle",
            ImportError::UnknownFormat => "unknown_format",
            ImportError::Unlike { .. } => "unlike",
            ImportError::CutOff { .. } => "cut_off",
            ImportError::Broken { .. } => "broken",
            ImportError::NotKeras { .. } => "not_keras",
            ImportError::Unlisted { .. } => "unlisted",
            ImportError::Syntax { .. } => "syntax",
            ImportError::NoFormat => "no_format",
            ImportError::OtherFormat { .. } => "other_format",
            ImportError::Field(error) => match Field::of(error) {
                Field::Missing(_) => "field_missing",
                Field::Size { .. } => "shape",
                Field::Cell { .. } => "field_cell",
                Field::Other(_) => "field",
            },
            ImportError::Result { .. } => "result",
            ImportError::NoLayer { .. } => "no_layer",
            ImportError::Missing { .. } => "missing",
            ImportError::Shape { .. } => "shape",
            ImportError::NumberKind { .. } => "number_kind",
            ImportError::NotFinite { .. } => "not_finite",
            ImportError::Bidirectional { .. } => "bidirectional",
            ImportError::Projection { .. } => "projection",
            ImportError::Setting { .. } => "setting",
            ImportError::OtherLayer { .. } => "other_layer",
            ImportError::Order { .. } => "order",
            ImportError::Heads { .. } => "heads",
            ImportError::Ambiguous { .. } => "ambiguous",
            ImportError::Graph { .. } => "graph",
        }
    }

    /// What stands in the places of that sentence.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            ImportError::Empty
            | ImportError::Onnx
            | ImportError::Pickle
            | ImportError::UnknownFormat
            | ImportError::Unlisted { .. }
            | ImportError::NoFormat => Vec::new(),
            ImportError::Unlike { ending } => vec![("ending", (*ending).to_owned())],
            ImportError::CutOff { format } | ImportError::Broken { format, .. } => {
                vec![("format", (*format).to_owned())]
            }
            ImportError::NotKeras { name } => vec![("name", (*name).to_owned())],
            ImportError::Syntax { line, column } => {
                vec![("line", line.to_string()), ("column", column.to_string())]
            }
            ImportError::TooLarge { megabytes, most } => {
                vec![("megabytes", megabytes.to_string()), ("most", most.to_string())]
            }
            ImportError::Deep { layers, most } => {
                vec![("layers", layers.to_string()), ("most", most.to_string())]
            }
            ImportError::Field(error) => Field::of(error).arguments(),
            ImportError::Result { format } | ImportError::OtherFormat { format } => {
                vec![("format", format.clone())]
            }
            ImportError::NoLayer { names }
            | ImportError::Order { names }
            | ImportError::Heads { names }
            | ImportError::Ambiguous { names } => vec![("names", names.clone())],
            ImportError::Missing { name }
            | ImportError::NotFinite { name }
            | ImportError::Bidirectional { name }
            | ImportError::Projection { name }
            | ImportError::OtherLayer { name }
            | ImportError::Graph { name } => vec![("name", name.clone())],
            ImportError::Shape { name, found, expected } => {
                vec![("name", name.clone()), ("found", found.clone()), ("expected", expected.clone())]
            }
            ImportError::NumberKind { name, kind } => vec![("name", name.clone()), ("kind", kind.clone())],
            ImportError::Setting { name, setting, value } => {
                vec![("name", name.clone()), ("setting", setting.clone()), ("value", value.clone())]
            }
        }
    }
}

/// What is said of an experiment's error: never a reader's own words, which have one language.
enum Field<'e> {
    /// Something that is not there.
    Missing(String),
    /// A size or a number, and what would fit, both without words.
    Size { path: &'e str, found: &'e str, expected: &'e str },
    /// A place in a cell's text.
    Cell { path: &'e str, line: usize, column: usize },
    /// Anything else.
    Other(&'e str),
}

impl<'e> Field<'e> {
    fn of(error: &'e FormatError) -> Field<'e> {
        let is_said_by_signs = |text: &str| !text.chars().any(char::is_alphabetic);
        match error {
            FormatError::Missing { path } => Field::Missing(path.clone()),
            FormatError::Shape { path, found, expected } | FormatError::Value { path, found, expected }
                if is_said_by_signs(found) && is_said_by_signs(expected) =>
            {
                Field::Size { path, found, expected }
            }
            FormatError::Cell { path, line, column, .. } => {
                Field::Cell { path, line: *line, column: *column }
            }
            FormatError::Json { path, .. }
            | FormatError::Shape { path, .. }
            | FormatError::Value { path, .. }
            | FormatError::Unknown { path, .. } => Field::Other(path),
            FormatError::NotFinite { tensor, .. } => Field::Other(tensor),
            FormatError::Format { .. } => Field::Other("format"),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Field::Missing(path) => vec![("path", path.clone())],
            Field::Other(path) => vec![("path", (*path).to_owned())],
            Field::Size { path, found, expected } => vec![
                ("name", (*path).to_owned()),
                ("found", (*found).to_owned()),
                ("expected", (*expected).to_owned()),
            ],
            Field::Cell { path, line, column } => {
                vec![("path", (*path).to_owned()), ("line", line.to_string()), ("column", column.to_string())]
            }
        }
    }
}
