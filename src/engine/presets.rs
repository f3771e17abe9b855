//! The cells and heads that come with the project: texts like any other, kept in `cells/`.

use std::sync::LazyLock;

use super::facts::Facts;
use super::syntax::{Cell, Head, parse_cell, parse_head};

/// A cell that comes with the project.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// What it is called in links and files: `rnn`, `gru-simplified`, `lstm`, …
    pub id: &'static str,
    /// The cell.
    pub cell: Cell,
    /// The same cell with its two products stacked into one, `W_a [a<t-1>, x<t>]`, to be shown beside it.
    pub stacked: Option<Cell>,
    /// What its text does not say.
    pub facts: Facts,
}

/// Every preset, in the order in which they are taught.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// The preset of this id.
pub fn preset(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
}

/// Cells that are no presets, but stand beside a preset because a framework's layer of that name computes them instead:
/// PyTorch's and Keras's GRU, whose reset gate acts after the product.
pub fn counterparts() -> &'static [Preset] {
    &COUNTERPARTS
}

/// The preset or counterpart with the very equations of a cell, whatever else its text says.
pub fn known(cell: &Cell) -> Option<&'static Preset> {
    presets().iter().chain(counterparts()).find(|preset| preset.cell.is_same(cell))
}

/// `ŷ<t> = softmax(…)` with cross-entropy.
pub fn softmax_head() -> Head {
    SOFTMAX.clone()
}

/// `ŷ<t> = σ(…)` with the logistic loss, summed over the outputs.
pub fn logistic_head() -> Head {
    LOGISTIC.clone()
}

/// Further texts in the language, with an id each: cells of other people, as examples of an own cell.
pub const EXAMPLES: [(&str, &str); 6] = [
    ("peephole-lstm", include_str!("cells/peephole-lstm.cell")),
    ("minimal-gated-unit", include_str!("cells/minimal-gated-unit.cell")),
    ("coupled-gate-lstm", include_str!("cells/coupled-gate-lstm.cell")),
    ("residual-cell", include_str!("cells/residual-cell.cell")),
    ("residual-rnn", include_str!("cells/residual-rnn.cell")),
    ("layernorm-lstm", include_str!("cells/layernorm-lstm.cell")),
];

/// The four cells of the book by the ids of their presets. The RNN's other activations are presets of their own.
pub const FAMILIES: [&str; 4] = ["rnn", "gru-simplified", "gru", "lstm"];

/// The one of [`FAMILIES`] that a preset belongs to: `rnn` for `rnn-relu`. Any other id stands for itself.
pub fn family_of(id: &str) -> &str {
    if id.starts_with("rnn-") { FAMILIES[0] } else { id }
}

const RNN: &str = include_str!("cells/rnn.cell");
const RNN_STACKED: &str = include_str!("cells/rnn-stacked.cell");
const RNN_FACTS: &str = include_str!("cells/rnn.toml");

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let gated = |id, text, facts| Preset { id, cell: cell(text), stacked: None, facts: read_facts(facts) };
    vec![
        rnn("rnn", "tanh"),
        rnn("rnn-relu", "relu"),
        rnn("rnn-leaky-relu", "leaky_relu"),
        rnn("rnn-swish", "swish"),
        gated(
            "gru-simplified",
            include_str!("cells/gru-simplified.cell"),
            include_str!("cells/gru-simplified.toml"),
        ),
        gated("gru", include_str!("cells/gru.cell"), include_str!("cells/gru.toml")),
        gated("lstm", include_str!("cells/lstm.cell"), include_str!("cells/lstm.toml")),
    ]
});

static COUNTERPARTS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    vec![Preset {
        id: "gru-reset-after",
        cell: cell(include_str!("cells/gru-reset-after.cell")),
        stacked: None,
        facts: read_facts(include_str!("cells/gru-reset-after.toml")),
    }]
});

static SOFTMAX: LazyLock<Head> = LazyLock::new(|| head(include_str!("cells/softmax.cell")));
static LOGISTIC: LazyLock<Head> = LazyLock::new(|| head(include_str!("cells/logistic.cell")));

/// One text with four activations.
fn rnn(id: &'static str, activation: &str) -> Preset {
    let with = |text: &str| text.replacen("g = tanh", &format!("g = {activation}"), 1);
    Preset {
        id,
        cell: cell(&with(RNN)),
        stacked: Some(cell(&with(RNN_STACKED))),
        facts: read_facts(RNN_FACTS),
    }
}

// These three read texts of the project itself, each of which a test reads too: they cannot fail at a reader's. The
// errors are left out of the messages, since what writes them would weigh 14 KB in the trainer.

fn cell(text: &str) -> Cell {
    let Ok(cell) = parse_cell(text) else { panic!("a cell of the project reads") };
    cell
}

fn head(text: &str) -> Head {
    let Ok(head) = parse_head(text) else { panic!("a head of the project reads") };
    head
}

fn read_facts(text: &str) -> Facts {
    let Ok(facts) = Facts::read(text) else { panic!("facts of the project read") };
    facts
}
