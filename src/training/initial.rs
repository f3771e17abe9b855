//! Start weights.

use super::choice::start_values;
use super::settings::{CellChoice, ModelSettings, Start, TrainingSettings};
use crate::engine::architecture::{Architecture, Entry};
use crate::engine::kernels::Scalar;
use crate::engine::options::{OptionError, gains};
use crate::engine::role::{Role, role};
use crate::engine::syntax::{Cell, Dim, Expr, Symbol, Time};

/// The stream of random numbers that start weights are drawn from.
const STREAM: u64 = 1;

/// Start weights by Glorot and Bengio 2010 ("Xavier"): every matrix entry uniform in ±√(6 / (rows + columns)), drawn
/// row by row in the layout's order; all entries of a column (bias) start at `start` of it.
pub fn xavier<S: Scalar>(architecture: &Architecture, seed: u64, start: impl Fn(&Entry) -> f64) -> Vec<S> {
    drawn(architecture, seed, Start::Xavier, start)
}

/// The start weights of a run that asks for nothing special, the same for the same seed wherever they are drawn:
/// [`xavier`], columns as in [`start_weights`].
pub fn usual_weights<S: Scalar>(architecture: &Architecture, cell: &CellChoice, seed: u64) -> Vec<S> {
    xavier(architecture, seed, column_starts(architecture, cell, None))
}

/// Whether the settings' start goes with the cells, without drawing anything.
///
/// # Errors
/// When a cell has no forget gate with a bias, or more than one recurrent matrix for the identity.
pub fn check_start(architecture: &Architecture, training: &TrainingSettings) -> Result<(), OptionError> {
    let mut cells = architecture.layers.iter().map(|layer| &layer.cell);
    if training.forget_bias.is_some() && cells.clone().any(|cell| forget_biases(cell).is_empty()) {
        return Err(OptionError::NoForgetBias);
    }
    if training.start == Start::Identity && cells.any(|cell| recurrent_matrix(cell).is_none()) {
        return Err(OptionError::IdentityNeedsOneMatrix);
    }
    Ok(())
}

/// The start weights that the settings ask for. Columns start at what the preset's facts say, gains of normalisations
/// at 1, the biases of forget gates at [`TrainingSettings::forget_bias`] where it is given, all others at 0.
///
/// # Errors
/// See [`check_start`].
pub fn start_weights<S: Scalar>(
    architecture: &Architecture,
    model: &ModelSettings,
    training: &TrainingSettings,
) -> Result<Vec<S>, OptionError> {
    let layer_of = |entry: &Entry| Some((entry.layer?, architecture.layers.get(entry.layer?)?));
    check_start(architecture, training)?;
    let column = column_starts(architecture, &model.cell, training.forget_bias);
    let mut weights: Vec<S> = drawn(architecture, training.seed, training.start, column);
    if training.start == Start::Identity {
        for entry in &architecture.layout().entries {
            let Some((index, layer)) = layer_of(entry) else { continue };
            let (name, before) = recurrent_matrix(&layer.cell).ok_or(OptionError::IdentityNeedsOneMatrix)?;
            if entry.name != name {
                continue;
            }
            let first = before.size(layer.hidden, architecture.input_of(index), architecture.output);
            for row in 0..entry.rows {
                for column in 0..layer.hidden {
                    let place = entry.start + row * entry.columns + first + column;
                    weights[place] = if row == column { S::ONE } else { S::ZERO };
                }
            }
        }
    }
    Ok(weights)
}

/// What a column starts at: see [`start_weights`].
fn column_starts(
    architecture: &Architecture,
    cell: &CellChoice,
    forget_bias: Option<f32>,
) -> impl Fn(&Entry) -> f64 {
    let facts = start_values(cell);
    move |entry| {
        let Some(layer) = entry.layer.and_then(|layer| architecture.layers.get(layer)) else { return 0.0 };
        match forget_bias {
            Some(bias) if forget_biases(&layer.cell).contains(&entry.name) => f64::from(bias),
            _ if gains(&layer.cell).contains(&entry.name) => 1.0,
            _ => facts(&entry.name.0),
        }
    }
}

/// The r of a matrix of these rows and columns: its entries are drawn evenly between -r and r.
pub fn limit(start: Start, rows: usize, columns: usize) -> f64 {
    match start {
        Start::Xavier | Start::Identity => (6.0 / (rows + columns) as f64).sqrt(),
        Start::He => (6.0 / columns as f64).sqrt(),
        Start::Uniform(limit) => f64::from(limit),
    }
}

fn drawn<S: Scalar>(
    architecture: &Architecture,
    seed: u64,
    start: Start,
    column: impl Fn(&Entry) -> f64,
) -> Vec<S> {
    let layout = architecture.layout();
    let mut random = crate::language::random::Random::new(seed, STREAM);
    let mut weights = Vec::with_capacity(layout.len);
    for entry in &layout.entries {
        let count = entry.rows * entry.columns;
        if entry.is_matrix {
            let limit = limit(start, entry.rows, entry.columns);
            weights.extend((0..count).map(|_| S::from_f64((2.0 * random.uniform() - 1.0) * limit)));
        } else {
            let value = S::from_f64(column(entry));
            weights.extend((0..count).map(|_| value));
        }
    }
    weights
}

/// The biases that stand in the equations of forget gates: columns whose letter is `b`.
pub fn forget_biases(cell: &Cell) -> Vec<Symbol> {
    let gates = cell.equations.iter().filter(|equation| role(&equation.target.name) == Role::Forget);
    let mut biases = Vec::new();
    for gate in gates {
        gate.expr.each(&mut |expr| {
            if let Expr::Parameter(name) = expr
                && name.letter() == "b"
            {
                biases.push(name.clone());
            }
        });
    }
    biases
}

/// Where the biases of forget gates start unless the settings say otherwise; none for a cell without such a bias.
pub fn usual_forget_bias(choice: &CellChoice, cell: &Cell) -> Option<f64> {
    let starts = start_values(choice);
    forget_biases(cell).first().map(|bias| starts(&bias.0))
}

/// The one matrix that reads states of the step before, with its columns before those of the state; none where there are
/// several, or where what it reads is not the state itself (`Γ_r * c<t-1>`).
pub fn recurrent_matrix(cell: &Cell) -> Option<(Symbol, Dim)> {
    let is_state = |part: &Expr| matches!(part, Expr::Value(_, Time::Previous));
    let mut found: Vec<(Symbol, Option<Dim>)> = Vec::new();
    for equation in &cell.equations {
        equation.expr.each(&mut |expr| {
            let Expr::Product(matrix, operand) = expr else { return };
            let Expr::Parameter(name) = &**matrix else { return };
            let parts = match &**operand {
                Expr::Stack(parts) => parts.as_slice(),
                single => std::slice::from_ref(single),
            };
            let Some(place) = parts.iter().position(|part| part.any(&is_state)) else { return };
            let before = parts[..place].iter().fold(Dim::default(), |sum, part| sum + cell.rows(part));
            let read = (name.clone(), is_state(&parts[place]).then_some(before));
            // A matrix that is used twice in the same way is still one.
            if !found.contains(&read) {
                found.push(read);
            }
        });
    }
    let (name, before) = found.pop()?;
    if found.is_empty() { Some((name, before?)) } else { None }
}
