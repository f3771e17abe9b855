//! A cell that Keras has no layer for, as a cell of its own: rows are the samples.

use super::Program;
use super::expression::{Dialect, functions};
use super::module::{arrivals, equations};
use super::names::Names;
use super::shared::{IN_MODULE, OWN, parameter_keys};
use crate::engine::syntax::{Cell, Dim, Function, Symbol, Time};

struct KerasOps;

impl Dialect for KerasOps {
    fn stack(&self, parts: &[String]) -> String {
        format!("ops.concatenate([{}], axis=-1)", parts.join(", "))
    }

    fn product(&self, left: &str, right: &str) -> String {
        format!("ops.matmul({right}, ops.transpose({left}))")
    }

    fn transpose(&self, of: &str) -> String {
        format!("ops.transpose({of})")
    }

    fn call(&self, function: Function, argument: &str) -> String {
        match function {
            Function::Sigmoid => format!("ops.sigmoid({argument})"),
            Function::Tanh => format!("ops.tanh({argument})"),
            Function::Relu => format!("ops.relu({argument})"),
            Function::LeakyRelu => format!("leaky_relu({argument})"),
            Function::Swish => format!("ops.silu({argument})"),
            Function::Exp => format!("ops.exp({argument})"),
            Function::Log => format!("ops.log({argument})"),
            Function::Softmax => format!("softmax({argument})"),
            Function::Sum => format!("ops.sum({argument}, axis=-1, keepdims=True)"),
            Function::LayerNorm => format!("layernorm({argument})"),
            Function::BatchNorm => format!("batchnorm({argument})"),
            // What only derived equations call never stands in a cell.
            other => other.name().to_owned(),
        }
    }

    /// A parameter's column is a vector here, whose only axis is its rows.
    fn reads_samples(&self, function: Function) -> bool {
        function == Function::BatchNorm
    }
}

/// The functions that a cell calls and Keras has not, or not as they are meant, each defined once.
pub(super) fn functions_of(program: &mut Program, cell: &Cell, defined: &mut Vec<Function>) {
    let mut called = vec![Function::Sum];
    cell.equations.iter().for_each(|line| functions(&line.expr, &mut called));
    for function in called {
        let text = match function {
            // Stands for the helper that every cell may need.
            Function::Sum => {
                "def wide(v, rows=None):\n    v = ops.convert_to_tensor(v, dtype=keras.config.floatx())\n    rows = rows or (v.shape[-1] if len(v.shape) > 0 else 1)\n    return ops.broadcast_to(v, (B, rows))"
            }
            Function::LeakyRelu => {
                "def leaky_relu(z):  # that of keras.ops rounds its slope to single precision\n    return ops.where(z > 0, z, 0.01 * z)"
            }
            Function::Softmax => {
                "def softmax(z):  # that of keras.ops warns where there is one row only\n    return ops.exp(ops.log_softmax(z, axis=-1))"
            }
            Function::LayerNorm => {
                "def layernorm(z):\n    centred = z - ops.mean(z, axis=-1, keepdims=True)\n    return centred / ops.sqrt(ops.mean(centred**2, axis=-1, keepdims=True) + 1e-5)"
            }
            Function::BatchNorm => {
                "def batchnorm(z):\n    centred = z - ops.mean(z, axis=0, keepdims=True)\n    return centred / ops.sqrt(ops.mean(centred**2, axis=0, keepdims=True) + 1e-5)"
            }
            _ => continue,
        };
        if !defined.contains(&function) {
            defined.push(function);
            program.define(text);
        }
    }
}

/// `class Cell1(keras.layers.Layer)`.
pub(super) fn class(program: &mut Program, number: usize, cell: &Cell) {
    let size = |dim: Dim| {
        let times = |count: usize, name: &str| match count {
            0 => None,
            1 => Some(name.to_owned()),
            n => Some(format!("{n} * {name}")),
        };
        let ones = (dim.ones > 0).then(|| dim.ones.to_string());
        let parts = [times(dim.hidden, "self.n_a"), times(dim.input, "shape[-1]"), ones];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" + ")
    };
    program.line("");
    program.line("");
    program.line(format!("class Cell{number}(keras.layers.Layer):"));
    program.below(|program| {
        program.line("def __init__(self, n_a):");
        program.below(|program| {
            program.line("super().__init__()");
            program.line("self.n_a = self.output_size = n_a");
            program.line(format!("self.state_size = [n_a] * {}", cell.states.len()));
        });
        if !cell.parameters.is_empty() {
            program.line("");
            program.line("def build(self, shape):");
        }
        program.below(|program| {
            for (parameter, name) in cell.parameters.iter().zip(parameter_keys(cell)) {
                let shape = if parameter.columns == Dim::ONE {
                    format!("({},)", size(parameter.rows))
                } else {
                    format!("({}, {})", size(parameter.rows), size(parameter.columns))
                };
                program.line(format!(
                    "self.{IN_MODULE}{name} = self.add_weight(shape={shape}, name=\"{name}\")"
                ));
            }
        });
        program.line("");
        program.line("def call(self, inputs, states):");
        program.below(|program| {
            let mut names = Names::beside(&OWN);
            arrivals(program, &mut names, cell, "states");
            program.line("n_a = self.n_a");
            program.line(format!("{} = inputs", names.value(&Symbol::from("x"), Time::Now)));
            equations(program, &mut names, cell, &KerasOps);
            let now: Vec<String> = cell.states.iter().map(|state| names.value(state, Time::Now)).collect();
            let output = names.value(&cell.output, Time::Now);
            program.line(format!("return {output}, [{}]", now.join(", ")));
        });
    });
}
