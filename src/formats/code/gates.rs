//! What a program says of a framework's gates: in which order a layer keeps them, whose sign is turned, and why a cell is
//! written out beside a layer of the same name.

use super::Program;
use crate::engine::facts::{Facts, SymbolFacts};
use crate::engine::model::Layer;
use crate::engine::presets;
use crate::engine::syntax::{Cell, Expr, Symbol};
use crate::formats::fused::{Framework, native};

/// Above the weights of a framework's own layer: the gates in their order there, each with its name here. Nothing where
/// there is only one block.
pub(super) fn comment(program: &mut Program, layer: &Layer<f64>, framework: Framework) {
    let Some(native) = native(layer, framework) else { return };
    let gates = gates(&layer.cell, native.facts, framework);
    if gates.len() < 2 {
        return;
    }
    let list: Vec<String> =
        gates.iter().map(|gate| format!("{} (here {})", gate.letter, gate.name)).collect();
    let (whose, blocks) = match framework {
        Framework::PyTorch => ("PyTorch", "rows, from the top"),
        Framework::Keras => ("Keras", "columns, from the left"),
    };
    program.line(format!("# {whose}'s blocks of {blocks}: {}.", list.join(", ")));
    for gate in gates.iter().filter(|gate| !gate.turned.is_empty()) {
        program.line(format!(
            "# {} is 1 - {}: the numbers of {} have the other sign there.",
            gate.letter,
            gate.name,
            gate.turned.join(" and ")
        ));
    }
}

/// Above a cell that resets before the product, where PyTorch's GRU does so after it.
pub(super) fn why_written_out(program: &mut Program, cell: &Cell) {
    if presets::known(cell).is_some_and(|preset| preset.facts.reset_after_product_pytorch) {
        program.line(
            "# Written out: torch.nn.GRU multiplies by its reset gate after the product with the state,",
        );
        program.line("# r * (W_hn h + b_hn); here the reset gate stands before it, which is another cell.");
    }
}

/// One gate of a framework's layer.
struct Gate {
    /// Its letter there.
    letter: String,
    /// The value here that it is, or is 1 minus.
    name: Symbol,
    /// The parameters whose sign is turned.
    turned: Vec<String>,
}

/// The gates in the framework's order: each is the value in whose equation the block's parameters stand.
fn gates(cell: &Cell, facts: &Facts, framework: Framework) -> Vec<Gate> {
    let block = |symbol: &SymbolFacts| match framework {
        Framework::PyTorch => symbol.pytorch_gate,
        Framework::Keras => symbol.keras_gate,
    };
    let gate = |number: usize| {
        let mut parameters = facts.symbols.iter().filter(|symbol| block(symbol) == Some(number)).peekable();
        let any = parameters.peek()?.name.clone();
        let reads = |part: &Expr| matches!(part, Expr::Parameter(name) if *name == any);
        let name = &cell.equations.iter().find(|line| line.expr.any(&reads))?.target.name;
        let known = facts.of(name);
        let letter = known.and_then(|known| match framework {
            Framework::PyTorch => known.pytorch.clone(),
            Framework::Keras => known.keras.clone(),
        });
        let turned = parameters.filter(|symbol| symbol.is_flipped).map(|symbol| symbol.name.0.clone());
        Some(Gate {
            letter: letter.unwrap_or_else(|| name.0.clone()),
            name: name.clone(),
            turned: turned.collect(),
        })
    };
    (0..).map_while(gate).collect()
}
