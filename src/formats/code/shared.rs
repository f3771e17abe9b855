//! What every exported program has, whichever library it is written for.

use std::sync::Arc;

use super::names::Names;
use super::{Program, Subject};
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::syntax::{Cell, Time};

/// What every program's own names are; no symbol is called so.
pub(super) const OWN: [&str; 45] = [
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
    "hold",
    "held",
    "gradient",
];

/// What the modules of the frameworks call their own: no parameter may be kept under such a name.
const OF_MODULES: [&str; 33] = [
    "add_loss",
    "apply",
    "autocast",
    "buffers",
    "build",
    "built",
    "call",
    "children",
    "compile",
    "cpu",
    "cuda",
    "double",
    "dtype",
    "eval",
    "float",
    "forward",
    "half",
    "input",
    "ipu",
    "metrics",
    "modules",
    "mtia",
    "name",
    "output",
    "parameters",
    "path",
    "quantize",
    "train",
    "trainable",
    "training",
    "type",
    "variables",
    "xpu",
];

/// Under which name each parameter of a cell is kept in a module, in their order: no two of them alike.
pub(super) fn parameter_keys(cell: &Cell) -> Vec<String> {
    let mut names = Names::beside(&[OWN.as_slice(), &OF_MODULES].concat());
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

/// `a, c`, or `a,` for one, so that Python unpacks it.
pub(super) fn list(names: &[String]) -> String {
    if let [only] = names { format!("{only},") } else { names.join(", ") }
}
