//! The numbers of a program: weights, inputs, labels, initial states.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::{Array2, ArrayView2, Axis};

use super::{MOST_DIGITS, Program, Subject, number};
use crate::engine::trace::Labels;

/// Columns of a line of a program.
const WIDTH: usize = 110;

/// How a program's arrays are made: `array(rows)` of nested lists, or of packed bytes where there are many numbers.
pub(super) struct Data {
    packed: bool,
}

impl Data {
    pub(super) fn of(subject: &Subject<'_>) -> Data {
        let numbers = subject.model.to_flat().len();
        let dense = subject.input.x.len().min(if one_hot(subject).is_some() { 0 } else { usize::MAX });
        Data { packed: numbers + dense > MOST_DIGITS }
    }

    /// The imports and the helper that reads packed numbers, where there are any.
    pub(super) fn prelude(&self, program: &mut Program) {
        if self.packed {
            program.line("import base64");
            program.line("");
        }
    }

    /// The helper that reads packed numbers.
    pub(super) fn helper(&self, program: &mut Program) {
        if self.packed {
            program.lines(
                "\n\ndef numbers(text, *shape):\n    return np.frombuffer(base64.b64decode(text), \"<f8\").reshape(shape)\n",
            );
        }
    }

    /// `name = array(…)`, or an entry of a dictionary where `name` ends in a colon.
    pub(super) fn matrix(&self, program: &mut Program, name: &str, matrix: ArrayView2<'_, f64>, end: &str) {
        let (rows, columns) = matrix.dim();
        if self.packed {
            let bytes: Vec<u8> = matrix.iter().flat_map(|number| number.to_le_bytes()).collect();
            let text = STANDARD.encode(bytes);
            program.line(format!("{name} numbers("));
            program.below(|program| {
                let mut rest = text.as_str();
                while !rest.is_empty() {
                    let (line, more) = rest.split_at(rest.len().min(WIDTH - 20));
                    program.line(format!("\"{line}\""));
                    rest = more;
                }
                if text.is_empty() {
                    program.line("\"\"");
                }
                program.line(format!(", {rows}, {columns}"));
            });
            program.line(format!("){end}"));
            return;
        }
        program.line(format!("{name} np.array(["));
        program.below(|program| {
            for row in matrix.axis_iter(Axis(0)) {
                let digits: Vec<String> = row.iter().map(|one| number(*one)).collect();
                wrapped(program, "[", &digits, "],");
            }
        });
        program.line(format!("], dtype=float).reshape({rows}, {columns}){end}"));
    }

    /// `xs`, `ys`, `lengths`, `counts`: T × n_x × B, the labels, where samples end, and which steps have a loss.
    pub(super) fn input(&self, program: &mut Program, subject: &Subject<'_>) {
        let (steps, rows, batch) = subject.sizes();
        program.line(format!("T, B, n_x, n_y = {steps}, {batch}, {rows}, {}", subject.model.output));
        match one_hot(subject) {
            Some(places) => {
                program.line("xs = np.zeros((T, n_x, B))");
                let on: Vec<&(usize, usize, usize)> = places.iter().collect();
                let list = |pick: fn(&(usize, usize, usize)) -> usize| -> Vec<String> {
                    on.iter().map(|place| pick(place).to_string()).collect()
                };
                if !on.is_empty() {
                    program.line("xs[");
                    program.below(|program| {
                        wrapped(program, "[", &list(|place| place.0), "],");
                        wrapped(program, "[", &list(|place| place.1), "],");
                        wrapped(program, "[", &list(|place| place.2), "],");
                    });
                    program.line("] = 1");
                }
            }
            None => {
                let flat = subject.input.x.to_shape((steps * rows, batch)).map(|x| x.to_owned());
                let flat = flat.unwrap_or_else(|_| Array2::zeros((steps * rows, batch)));
                self.matrix(program, "xs =", flat.view(), ".reshape(T, n_x, B)");
            }
        }
        match &subject.input.y {
            Labels::Ids(ids) => {
                program.line("ys = np.array([");
                program.below(|program| {
                    for row in ids.axis_iter(Axis(0)) {
                        let ids: Vec<String> = row.iter().map(usize::to_string).collect();
                        wrapped(program, "[", &ids, "],");
                    }
                });
                program.line("]).reshape(T, B)");
            }
            Labels::Binary(labels) => {
                let flat = labels.to_shape((steps * subject.model.output, batch)).map(|y| y.to_owned());
                let flat = flat.unwrap_or_else(|_| Array2::zeros((steps * subject.model.output, batch)));
                self.matrix(program, "ys =", flat.view(), ".reshape(T, n_y, B)");
            }
        }
        if subject.has_ends() {
            program.line("# The steps that each sample has: after them its states stay as they are.");
            let lengths: Vec<String> = subject.input.lengths.iter().map(usize::to_string).collect();
            wrapped(program, "lengths = np.array([", &lengths, "])");
        }
        if !subject.counts_all() {
            program.line("# A row a step, a column a sample: 1 where the loss counts, 0 where it does not.");
            program.line("counts = np.array([");
            program.below(|program| {
                for row in subject.counts() {
                    let row: Vec<String> = row.iter().map(|counts| u8::from(*counts).to_string()).collect();
                    wrapped(program, "[", &row, "],");
                }
            });
            program.line("], dtype=float).reshape(T, B)");
        }
    }

    /// `layer_1 = {"W_c": …}` for every layer, and `head`.
    pub(super) fn weights(&self, program: &mut Program, subject: &Subject<'_>) {
        let model = subject.model;
        for (index, layer) in model.layers.iter().enumerate() {
            program.line("");
            program.line(format!("layer_{} = {{", index + 1));
            program.below(|program| {
                for (name, matrix) in &layer.weights {
                    self.matrix(program, &format!("\"{name}\":"), matrix.view(), ",");
                }
            });
            program.line("}");
        }
        program.line("");
        program.line("head = {");
        program.below(|program| {
            for (name, matrix) in &model.head.weights {
                self.matrix(program, &format!("\"{name}\":"), matrix.view(), ",");
            }
        });
        program.line("}");
    }
}

/// The places (step, row, sample) of the ones, where every column of x is one-hot or zero.
fn one_hot(subject: &Subject<'_>) -> Option<Vec<(usize, usize, usize)>> {
    let mut places = Vec::new();
    for (place, value) in subject.input.x.indexed_iter() {
        if *value == 1.0 {
            places.push(place);
        } else if *value != 0.0 {
            return None;
        }
    }
    Some(places)
}

/// `[1, 2, …],` broken into lines.
pub(super) fn wrapped(program: &mut Program, open: &str, items: &[String], close: &str) {
    let mut line = open.to_owned();
    for (place, item) in items.iter().enumerate() {
        if line.chars().count() + item.len() > WIDTH && line.trim() != open {
            program.line(line.trim_end());
            line = " ".repeat(open.len());
        }
        line.push_str(item);
        if place + 1 < items.len() {
            line.push_str(", ");
        }
    }
    line.push_str(close);
    program.line(line);
}
