//! What was done to a file's weights on the way in. As with errors, the page has its sentences under
//! [`ImportNote::code`].

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
            ImportNote::NoBias { name } | ImportNote::Embedding { name } => vec![("name", name.clone())],
            ImportNote::Ignored { names } => vec![("names", names.clone())],
            ImportNote::FirstSample { samples } => vec![("samples", samples.to_string())],
            _ => Vec::new(),
        }
    }
}
