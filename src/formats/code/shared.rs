//! What every exported program has, whichever library it is written for.

use std::sync::Arc;

use super::names::Names;
use super::{Program, Subject};
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::syntax::{Cell, Time};

/// What every program's own names are; no symbol is called so.
pub(super) const OWN: [&str; 49] = [
    "np",
    "torch",
    "keras",
    "ops",
    "T",
    "B",
    "n_x",
    "n_y",
    "n_a",
    "xs",
    "ys",
    "dxs",
    "t",
    "p",
    "d",
    "v",
    "steps",
    "first",
    "above",
    "counts",
    "head",
    "show",
    "wide",
    "rows",
    "numbers",
    "base64",
    "losses",
    "out",
    "top",
    "y_t",
    "states",
    "inputs",
    "shape",
    "outs",
    "sigma",
    "relu",
    "leaky_relu",
    "swish",
    "softmax",
    "layernorm",
    "batchnorm",
    "deviation",
    "batch_deviation",
    "hold",
    "held",
    "gradient",
    "lengths",
    "last",
    "present",
];

/// What a parameter's name begins with in a module: neither PyTorch nor Keras has a name of its own that begins so.
pub(super) const IN_MODULE: &str = "p_";

/// Under which name each parameter of a cell is kept, in their order: no two of them alike. A module has it as
/// [`IN_MODULE`] and this name, so that no parameter takes the place of what the module itself calls `to` or `weights`.
pub(super) fn parameter_keys(cell: &Cell) -> Vec<String> {
    let mut names = Names::beside(&[]);
    cell.parameters.iter().map(|parameter| names.parameter(&parameter.name)).collect()
}

/// Under which name each left-hand side of a cell is kept for a step, in their order: no two of them alike.
pub(super) fn value_keys(cell: &Cell) -> Vec<String> {
    let mut names = Names::beside(&[]);
    cell.equations.iter().map(|line| names.value(&line.target.name, Time::Now)).collect()
}

/// The one of them that goes up to the next layer.
pub(super) fn output_key(cell: &Cell) -> String {
    let place = cell.equations.iter().position(|line| line.target.name == cell.output);
    place.and_then(|place| value_keys(cell).into_iter().nth(place)).unwrap_or_default()
}

/// `show`, which prints a name and the numbers of an array of NumPy.
pub(super) const SHOW: &str =
    "def show(name, values):\n    print(name, *(format(v, \".15g\") for v in np.ravel(values)))";

/// Cells of a model that differ, in the order of its layers.
pub(in crate::formats) fn distinct<S: Scalar>(model: &Model<S>) -> Vec<Arc<Cell>> {
    let mut cells: Vec<Arc<Cell>> = Vec::new();
    for layer in &model.layers {
        if !cells.iter().any(|known| known.is_same(&layer.cell)) {
            cells.push(layer.cell.clone());
        }
    }
    cells
}

/// The place of a layer's cell in [`distinct`], from 1.
pub(super) fn cell_number(cells: &[Arc<Cell>], cell: &Cell) -> usize {
    cells.iter().position(|known| known.is_same(cell)).map_or(1, |place| place + 1)
}

/// `first_1 = (a, c)`: the states before the first step, of every layer.
pub(super) fn first(program: &mut Program, subject: &Subject<'_>) {
    let (_, _, batch) = subject.sizes();
    program.line("");
    for (index, layer) in subject.model.layers.iter().enumerate() {
        let given = subject.input.initial.get(index).filter(|states| !states.is_empty());
        let states: Vec<String> = (0..layer.cell.states.len())
            .map(|place| match given.and_then(|states| states.get(place)) {
                Some(state) if state.iter().any(|number| *number != 0.0) => {
                    let rows: Vec<String> = state
                        .outer_iter()
                        .map(|row| {
                            let row: Vec<String> = row.iter().map(|one| super::number(*one)).collect();
                            format!("[{}]", row.join(", "))
                        })
                        .collect();
                    format!("np.array([{}], dtype=float)", rows.join(", "))
                }
                _ => format!("np.zeros(({}, {batch}))", layer.hidden),
            })
            .collect();
        program.line(format!("first_{} = [{}]", index + 1, states.join(", ")));
    }
}

/// Past its last step a sample's states stay what they were: a line for each, where samples end at different steps.
/// `condition`: which samples have the step, in the library's own kind of array.
pub(super) fn keep_ended(
    program: &mut Program,
    names: &mut Names,
    cell: &Cell,
    library: &str,
    condition: &str,
) {
    program.line("# A sample that has ended keeps its states.");
    for state in &cell.states {
        let (now, before) = (names.value(state, Time::Now), names.value(state, Time::Previous));
        program.line(format!("{now} = {library}.where({condition}, {now}, {before})"));
    }
}

/// `a, c`, or `a,` for one, so that Python unpacks it.
pub(super) fn list(names: &[String]) -> String {
    if let [only] = names { format!("{only},") } else { names.join(", ") }
}
