//! What was done to a file's weights on the way in. As with errors, the page has its sentences under
//! [`ImportNote::code`].

use std::fmt;

/// What was done to a file's weights on the way in, to be said beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportNote {
    /// Gate order and signs follow the framework's layer: `LSTM` of `PyTorch`.
    Taken {
        /// `torch.nn.LSTM`, `keras.layers.GRU`.
        layer: String,
        /// How many layers.
        layers: usize,
    },
    /// Two biases were added up.
    BiasesAdded,
    /// The update gate there is 1 − Γ_u: the signs of its weights and bias were turned.
    GateFlipped,
    /// The reset gate acts after the product, so a cell of its own was taken instead of the notes' GRU.
    ResetAfter,
    /// The file does not say which activation an RNN has; tanh was taken.
    AssumedTanh,
    /// The file holds weights alone: of everything else Keras's defaults were taken.
    AssumedDefaults,
    /// A GRU without biases does not show where its reset gate acts; after the product was taken, Keras's default.
    AssumedResetAfter,
    /// The file does not say which layer stands on which; they were put in the only order that their sizes allow.
    OrderBySizes {
        /// Their names, the lowest first.
        names: String,
    },
    /// A layer with one output was taken as σ with the logistic loss.
    OneOutput {
        /// Its name.
        name: String,
    },
    /// Numbers of half precision were widened.
    HalfPrecision,
    /// There was no bias; zeros were taken.
    NoBias {
        /// The layer.
        name: String,
    },
    /// There was no output layer: one of zeros was put on top, so that ŷ is uniform.
    NoHead,
    /// An embedding became part of the input's weights.
    Embedding {
        /// Its name.
        name: String,
    },
    /// Tensors that nothing was done with.
    Ignored {
        /// Their names.
        names: String,
    },
    /// The first of several samples is shown.
    FirstSample {
        /// How many there are.
        samples: usize,
    },
}

impl ImportNote {
    /// The key of its sentence.
    pub fn code(&self) -> &'static str {
        match self {
            ImportNote::Taken { .. } => "taken",
            ImportNote::BiasesAdded => "biases_added",
            ImportNote::GateFlipped => "gate_flipped",
            ImportNote::ResetAfter => "reset_after",
            ImportNote::AssumedTanh => "assumed_tanh",
            ImportNote::AssumedDefaults => "assumed_defaults",
            ImportNote::AssumedResetAfter => "assumed_reset_after",
            ImportNote::OrderBySizes { .. } => "order_by_sizes",
            ImportNote::OneOutput { .. } => "one_output",
            ImportNote::HalfPrecision => "half_precision",
            ImportNote::NoBias { .. } => "no_bias",
            ImportNote::NoHead => "no_head",
            ImportNote::Embedding { .. } => "embedding",
            ImportNote::Ignored { .. } => "ignored",
            ImportNote::FirstSample { .. } => "first_sample",
        }
    }

    /// What stands in the places of that sentence.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            ImportNote::Taken { layer, layers } => {
                vec![("layer", layer.clone()), ("layers", layers.to_string())]
            }
            ImportNote::NoBias { name } | ImportNote::Embedding { name } | ImportNote::OneOutput { name } => {
                vec![("name", name.clone())]
            }
            ImportNote::Ignored { names } | ImportNote::OrderBySizes { names } => {
                vec![("names", names.clone())]
            }
            ImportNote::FirstSample { samples } => vec![("samples", samples.to_string())],
            _ => Vec::new(),
        }
    }
}

/// One line in English, for the command line.
impl fmt::Display for ImportNote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportNote::Taken { layer, layers } => {
                write!(out, "{layer}, layers: {layers}, in the gate order of these equations")
            }
            ImportNote::BiasesAdded => write!(out, "two biases that are added anyway became one"),
            ImportNote::GateFlipped => {
                write!(out, "the update gate there is 1 − Γ_u here: its weights and bias changed sign")
            }
            ImportNote::ResetAfter => write!(
                out,
                "the reset gate acts after the product there, which has a cell of its own here, not gru"
            ),
            ImportNote::AssumedTanh => write!(
                out,
                "the file does not say which activation the RNN has: tanh was taken; for relu write activation g = relu in the cell"
            ),
            ImportNote::AssumedDefaults => write!(
                out,
                "the file does not say what its layers are set to: tanh, σ in gates, reading forward, one layer on the other and softmax were taken; a .keras file of a Sequential or functional model says it"
            ),
            ImportNote::AssumedResetAfter => write!(
                out,
                "a GRU without biases does not show where its reset gate acts: after the product was taken (reset_after=True)"
            ),
            ImportNote::OrderBySizes { names } => write!(
                out,
                "the file does not say which layer stands on which; by their sizes, the lowest first: {names}"
            ),
            ImportNote::OneOutput { name } => {
                write!(out, "{name} has one output: σ with the logistic loss were taken")
            }
            ImportNote::HalfPrecision => write!(out, "numbers of half precision were widened"),
            ImportNote::NoBias { name } => write!(out, "{name} has no bias: zeros were taken"),
            ImportNote::NoHead => {
                write!(out, "there is no output layer: one of zeros was put on top, so that ŷ is uniform")
            }
            ImportNote::Embedding { name } => {
                write!(out, "the embedding {name} became part of the input's weights")
            }
            ImportNote::Ignored { names } => write!(out, "not used: {names}"),
            ImportNote::FirstSample { samples } => write!(out, "the first of {samples} samples is shown"),
        }
    }
}
