//! Cells that PyTorch has no layer for, as modules of their own: columns are the samples.

use super::expression::{Dialect, functions};
use super::gates;
use super::module::{arrivals, equations};
use super::names::Names;
use super::pytorch::natives;
use super::shared::{IN_MODULE, OWN, distinct, keep_ended, list, value_keys};
use super::{Program, Subject};
use crate::engine::syntax::{Cell, Function, Symbol, Time};
use crate::formats::fused::Native;

struct Torch;

impl Dialect for Torch {
    fn stack(&self, parts: &[String]) -> String {
        format!("torch.cat([{}])", parts.join(", "))
    }

    fn call(&self, function: Function, argument: &str) -> String {
        match function {
            Function::Sigmoid => format!("torch.sigmoid({argument})"),
            Function::Tanh => format!("torch.tanh({argument})"),
            Function::Relu => format!("torch.relu({argument})"),
            Function::LeakyRelu => format!("torch.nn.functional.leaky_relu({argument}, 0.01)"),
            Function::Swish => format!("torch.nn.functional.silu({argument})"),
            Function::Exp => format!("torch.exp({argument})"),
            Function::Log => format!("torch.log({argument})"),
            Function::Softmax => format!("torch.softmax({argument}, dim=0)"),
            Function::Sum => format!("torch.sum({argument}, dim=0, keepdim=True)"),
            Function::LayerNorm => format!("layernorm({argument})"),
            Function::BatchNorm => format!("batchnorm({argument})"),
            // What only derived equations call never stands in a cell.
            other => other.name().to_owned(),
        }
    }
}

/// Modules of the cells that PyTorch has not, and the functions they call.
pub(super) fn definitions(program: &mut Program, subject: &Subject<'_>) {
    let natives = natives(subject);
    if natives.iter().all(Option::is_some) {
        return;
    }
    let cells = distinct(subject.model);
    let mut called = Vec::new();
    for cell in &cells {
        cell.equations.iter().for_each(|line| functions(&line.expr, &mut called));
    }
    program.define("def wide(v, rows=None):\n    v = torch.atleast_2d(torch.as_tensor(v, dtype=torch.float64))\n    return v.expand(rows or v.shape[0], B)");
    for (function, text) in [
        (
            Function::LayerNorm,
            "def layernorm(z):\n    centred = z - z.mean(dim=0, keepdim=True)\n    return centred / torch.sqrt((centred**2).mean(dim=0, keepdim=True) + 1e-5)",
        ),
        (
            Function::BatchNorm,
            "def batchnorm(z):\n    centred = z - z.mean(dim=1, keepdim=True)\n    return centred / torch.sqrt((centred**2).mean(dim=1, keepdim=True) + 1e-5)",
        ),
    ] {
        if called.contains(&function) {
            program.define(text);
        }
    }
    for (index, cell) in cells.iter().enumerate() {
        let written_out = |(layer, native): (&crate::engine::model::Layer<f64>, &Option<Native>)| {
            native.is_none() && layer.cell.is_same(cell)
        };
        if subject.model.layers.iter().zip(&natives).any(written_out) {
            module(program, index + 1, cell, subject.has_ends());
        }
    }
}

/// A cell as a module: columns are the samples, as in the equations.
fn module(program: &mut Program, number: usize, cell: &Cell, has_ends: bool) {
    program.line("");
    program.line("");
    gates::why_written_out(program, cell);
    program.line(format!("class Cell{number}(torch.nn.Module):"));
    program.below(|program| {
        program.line("def __init__(self, p):");
        program.below(|program| {
            program.line("super().__init__()");
            program.line("for name, values in p.items():");
            program.below(|program| {
                program.line(format!(
                    "self.register_parameter(\"{IN_MODULE}\" + name, torch.nn.Parameter(torch.tensor(values)))"
                ));
            });
        });
        program.line("");
        program.line("def forward(self, xs, first):");
        program.below(|program| {
            let mut names = Names::beside(&OWN);
            let before = arrivals(program, &mut names, cell, "first");
            program.line(format!("n_a = {}.shape[0]", before[0]));
            program.line("steps = []");
            let x = names.value(&Symbol::from("x"), Time::Now);
            program.line(if has_ends {
                format!("for t, {x} in enumerate(xs):")
            } else {
                format!("for {x} in xs:")
            });
            program.below(|program| {
                equations(program, &mut names, cell, &Torch);
                if has_ends {
                    program.line("present = torch.tensor(t < lengths)");
                    keep_ended(program, &mut names, cell, "torch", "present");
                }
                let kept: Vec<String> = cell
                    .equations
                    .iter()
                    .zip(value_keys(cell))
                    .map(|(line, key)| format!("\"{key}\": {}", names.value(&line.target.name, Time::Now)))
                    .collect();
                super::data::wrapped(program, "steps.append({", &kept, "})");
                let now: Vec<String> =
                    cell.states.iter().map(|state| names.value(state, Time::Now)).collect();
                program.line(format!("{} = {}", list(&before), list(&now)));
            });
            program.line("return steps");
        });
    });
}
