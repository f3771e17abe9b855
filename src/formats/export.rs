//! The kinds of files that a network is written into.

/// A file on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// `unrolled-experiment/1`.
    Experiment,
    /// `unrolled-trace/1`.
    Trace,
    /// Weights in PyTorch's names and gate order.
    Safetensors,
    /// A program.
    NumPy,
    /// A program.
    PyTorch,
    /// A program.
    Keras,
    /// Every equation.
    Latex,
    /// Every number with its gradient.
    Csv,
}

impl Export {
    /// All of them, in the order in which a page offers them.
    pub const ALL: [Export; 8] = [
        Export::Experiment,
        Export::Trace,
        Export::Safetensors,
        Export::NumPy,
        Export::PyTorch,
        Export::Keras,
        Export::Latex,
        Export::Csv,
    ];

    /// What it is called in code and tests.
    pub fn id(self) -> &'static str {
        match self {
            Export::Experiment => "experiment",
            Export::Trace => "trace",
            Export::Safetensors => "safetensors",
            Export::NumPy => "numpy",
            Export::PyTorch => "pytorch",
            Export::Keras => "keras",
            Export::Latex => "latex",
            Export::Csv => "csv",
        }
    }

    /// The export of this name.
    pub fn from_id(id: &str) -> Option<Export> {
        Export::ALL.into_iter().find(|export| export.id() == id)
    }

    /// The name of its file: `lstm-numpy.py`.
    pub fn file_name(self, start: &str) -> String {
        let end = match self {
            Export::Experiment => "-experiment.json",
            Export::Trace => "-trace.json",
            Export::Safetensors => ".safetensors",
            Export::NumPy => "-numpy.py",
            Export::PyTorch => "-pytorch.py",
            Export::Keras => "-keras.py",
            Export::Latex => ".tex",
            Export::Csv => "-trace.csv",
        };
        format!("{start}{end}")
    }

    /// The kind of its bytes for the browser.
    pub fn media_type(self) -> &'static str {
        match self {
            Export::Experiment | Export::Trace => "application/json",
            Export::Safetensors => "application/octet-stream",
            Export::NumPy | Export::PyTorch | Export::Keras => "text/x-python;charset=utf-8",
            Export::Latex => "application/x-tex;charset=utf-8",
            Export::Csv => "text/csv;charset=utf-8",
        }
    }

    /// Whether it can be written while a unit is held. Weights are the same, a table shows the numbers that follow, the
    /// equations and the program in NumPy say what is set after them. The formats of experiments and traces have no place
    /// for it, nor have the layers of PyTorch and Keras.
    pub fn has_holds(self) -> bool {
        matches!(self, Export::Safetensors | Export::NumPy | Export::Latex | Export::Csv)
    }

    /// Whether it is a text that a reader may want to copy.
    pub fn is_code(self) -> bool {
        matches!(self, Export::NumPy | Export::PyTorch | Export::Keras | Export::Latex)
    }
}
