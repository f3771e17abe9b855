//! The network in PyTorch: its own layers where they compute the same, else a module with the equations written out. The
//! backward pass is PyTorch's own, so that its gradients check the derived ones.

use super::data::Data;
use super::expression::{Dialect, Writer, functions, is_narrow};
use super::names::Names;
use super::shared::{OWN, cell_number, distinct, first, list, output_key, parameter_keys, value_keys};
use super::{Program, Subject, title};
use crate::engine::syntax::{Cell, Function, LossKind, Symbol, Time, with_intermediates};
use crate::formats::error::FormatError;
use crate::formats::fused::{Framework, Native, fuse, native};

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

/// The program in PyTorch.
///
/// # Errors
/// Numbers that are not finite or too many; batch normalisation over samples of different lengths.
pub fn pytorch(subject: &Subject<'_>) -> Result<String, FormatError> {
    subject.check()?;
    let mut program = Program::default();
    program.line(title(subject, "PyTorch"));
    let data = Data::of(subject);
    data.prelude(&mut program);
    program.line("import numpy as np");
    program.line("import torch");
    data.helper(&mut program);
    program.line("");
    program.line("torch.set_default_dtype(torch.float64)");
    data.input(&mut program, subject);
    weights(&mut program, &data, subject);
    first(&mut program, subject);
    definitions(&mut program, subject);
    modules(&mut program, subject);
    run(&mut program, subject);
    Ok(program.text)
}

/// The framework's layer of each layer; none: its cell is written out.
fn natives(subject: &Subject<'_>) -> Vec<Option<Native>> {
    subject.model.layers.iter().map(|layer| native(layer, Framework::PyTorch)).collect()
}

/// `layer_1 = {"weight_ih_l0": …}` in PyTorch's names and gate order, or the cell's own names.
fn weights(program: &mut Program, data: &Data, subject: &Subject<'_>) {
    let model = subject.model;
    let mut input = model.input;
    for (index, layer) in model.layers.iter().enumerate() {
        program.line("");
        program.line(format!("layer_{} = {{", index + 1));
        program.below(|program| match fuse(layer, input, Framework::PyTorch) {
            Some(fused) => {
                data.matrix(program, "\"weight_ih_l0\":", fused.input.view(), ",");
                data.matrix(program, "\"weight_hh_l0\":", fused.recurrent.view(), ",");
                for (name, bias) in [("bias_ih_l0", &fused.input_bias), ("bias_hh_l0", &fused.recurrent_bias)]
                {
                    let row = bias.view().insert_axis(ndarray::Axis(0));
                    data.matrix(program, &format!("\"{name}\":"), row, "[0],");
                }
            }
            None => {
                for ((_, matrix), key) in layer.weights.iter().zip(parameter_keys(&layer.cell)) {
                    data.matrix(program, &format!("\"{key}\":"), matrix.view(), ",");
                }
            }
        });
        program.line("}");
        input = layer.hidden;
    }
    program.line("");
    program.line("head = {");
    program.below(|program| {
        for (name, matrix) in &model.head.weights {
            if name.0.starts_with('W') {
                data.matrix(program, "\"weight\":", matrix.view(), ",");
            } else {
                data.matrix(program, "\"bias\":", matrix.t(), "[0],");
            }
        }
    });
    program.line("}");
}

/// Modules of the cells that PyTorch has not, and the functions they call.
fn definitions(program: &mut Program, subject: &Subject<'_>) {
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
            module(program, index + 1, cell);
        }
    }
}

/// A cell as a module: columns are the samples, as in the equations.
fn module(program: &mut Program, number: usize, cell: &Cell) {
    program.line("");
    program.line("");
    program.line(format!("class Cell{number}(torch.nn.Module):"));
    program.below(|program| {
        program.line("def __init__(self, p):");
        program.below(|program| {
            program.line("super().__init__()");
            program.line("for name, values in p.items():");
            program.below(|program| {
                program.line("setattr(self, name, torch.nn.Parameter(torch.tensor(values)))");
            });
        });
        program.line("");
        program.line("def forward(self, xs, first):");
        program.below(|program| {
            let mut names = Names::beside(&OWN);
            for (parameter, key) in cell.parameters.iter().zip(parameter_keys(cell)) {
                program.line(format!("{} = self.{key}", names.parameter(&parameter.name)));
            }
            let before: Vec<String> =
                cell.states.iter().map(|state| names.value(state, Time::Previous)).collect();
            program.line(format!("{} = first", list(&before)));
            program.line(format!("n_a = {}.shape[0]", before[0]));
            program.line("steps = []");
            let x = names.value(&Symbol::from("x"), Time::Now);
            program.line(format!("for {x} in xs:"));
            program.below(|program| {
                for equation in with_intermediates(cell) {
                    program.line(format!("# {equation}"));
                    let narrow = is_narrow(&equation.expr) || equation.expr.is_one_row();
                    let mut writer = Writer { dialect: &Torch, names: &mut names };
                    let text = writer.text(&equation.expr);
                    let right = if narrow { Torch.wide(&text, Some("n_a")) } else { text };
                    program.line(format!("{} = {right}", names.value(&equation.target.name, Time::Now)));
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

/// The modules with their weights.
fn modules(program: &mut Program, subject: &Subject<'_>) {
    let cells = distinct(subject.model);
    let mut input = subject.model.input;
    program.line("");
    program.line("");
    program.line("def tensors(p):");
    program.below(|program| {
        program.line("return {name: torch.tensor(values) for name, values in p.items()}");
    });
    program.line("");
    program.line("");
    for (index, (layer, native)) in subject.model.layers.iter().zip(natives(subject)).enumerate() {
        let number = index + 1;
        match native {
            Some(native) => {
                let activation =
                    native.activation.map_or_else(String::new, |name| format!(", nonlinearity=\"{name}\""));
                program.line(format!(
                    "module_{number} = torch.nn.{}({input}, {}{activation})",
                    native.layer, layer.hidden
                ));
                program.line(format!("module_{number}.load_state_dict(tensors(layer_{number}))"));
            }
            None => {
                let cell = cell_number(&cells, &layer.cell);
                program.line(format!("module_{number} = Cell{cell}(layer_{number})"));
            }
        }
        input = layer.hidden;
    }
    program.line(format!("module_head = torch.nn.Linear({input}, n_y)"));
    program.line("module_head.load_state_dict(tensors(head))");
}

fn run(program: &mut Program, subject: &Subject<'_>) {
    let natives = natives(subject);
    program.line("");
    program.line("out = torch.tensor(xs)  # T × n × B");
    for (index, (layer, native)) in subject.model.layers.iter().zip(&natives).enumerate() {
        let number = index + 1;
        program.line(format!("first = [torch.tensor(state) for state in first_{number}]"));
        match native {
            Some(_) => {
                // The module's state is h, for LSTM (h, c), as 1 × B × n; sequences are T × B × n.
                let states: Vec<String> = (0..layer.cell.states.len())
                    .map(|place| format!("first[{place}].T[None].contiguous()"))
                    .collect();
                let states = if let [only] = states.as_slice() {
                    only.clone()
                } else {
                    format!("({})", states.join(", "))
                };
                program.line(format!(
                    "out = module_{number}(out.transpose(1, 2).contiguous(), {states})[0].transpose(1, 2)"
                ));
                program
                    .line(format!("steps_{number} = [{{\"{}\": a}} for a in out]", output_key(&layer.cell)));
            }
            None => {
                program.line(format!("steps_{number} = module_{number}(out, first)"));
                program.line(format!(
                    "out = torch.stack([step[\"{}\"] for step in steps_{number}])",
                    output_key(&layer.cell)
                ));
            }
        }
    }
    program.line("logits = module_head(out.transpose(1, 2))  # T × B × n_y");
    match subject.model.head.head.loss {
        LossKind::SoftmaxCrossEntropy => {
            program.line("yhat = torch.softmax(logits, dim=2)");
            program.line(
                "losses = torch.nn.functional.cross_entropy(logits.reshape(T * B, n_y), torch.tensor(ys).reshape(T * B), reduction=\"none\").reshape(T, B)",
            );
        }
        LossKind::Logistic => {
            program.line("yhat = torch.sigmoid(logits)");
            program.line(
                "losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(ys).transpose(1, 2), reduction=\"none\").sum(dim=2)",
            );
        }
    }
    if !subject.counts_all() {
        program.line("losses = losses * torch.tensor(counts)");
    }
    program.line("loss = losses.sum()");
    program.line("loss.backward()");
    // What no loss depends on has no gradient there, instead of zeros.
    program.define("def gradient(values):\n    return 0 * values if values.grad is None else values.grad");
    program.define("def show(name, values):\n    print(name, *(format(v, \".15g\") for v in values.detach().reshape(-1).tolist()))");
    program.line("");
    program.line("");
    program.line("for t in range(T):");
    program.below(|program| {
        for index in 0..subject.model.layers.len() {
            let number = index + 1;
            program.line(format!("for name, values in steps_{number}[t].items():"));
            program.below(|program| {
                program.line(format!("show(f\"layer {number}  {{name}}<{{t + 1}}>\", values)"))
            });
        }
        program.line("show(f\"yhat<{t + 1}>\", yhat[t].T)");
        program.line("show(f\"loss<{t + 1}>\", losses[t])");
    });
    program.line("show(\"loss\", loss)");
    for index in 0..subject.model.layers.len() {
        let number = index + 1;
        program.line(format!("for name, values in module_{number}.named_parameters():"));
        program
            .below(|program| program.line(format!("show(f\"layer {number}  d{{name}}\", gradient(values))")));
    }
    program.line("for name, values in module_head.named_parameters():");
    program.below(|program| program.line("show(f\"d{name}\", gradient(values))"));
}
