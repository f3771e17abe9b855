//! The network in PyTorch: its own layers where they compute the same, else a module with the equations written out. The
//! backward pass is PyTorch's own, so that its gradients check the derived ones.

use super::data::Data;
use super::gates;
use super::pytorch_cell::definitions;
use super::shared::{IN_MODULE, cell_number, distinct, first, output_key, parameter_keys};
use super::{Program, Subject, title};
use crate::engine::syntax::LossKind;
use crate::formats::error::FormatError;
use crate::formats::fused::{Framework, Native, fuse, native};

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
pub(super) fn natives(subject: &Subject<'_>) -> Vec<Option<Native>> {
    subject.model.layers.iter().map(|layer| native(layer, Framework::PyTorch)).collect()
}

/// `layer_1 = {"weight_ih_l0": …}` in PyTorch's names and gate order, or the cell's own names.
fn weights(program: &mut Program, data: &Data, subject: &Subject<'_>) {
    let model = subject.model;
    let mut input = model.input;
    for (index, layer) in model.layers.iter().enumerate() {
        program.line("");
        gates::comment(program, layer, Framework::PyTorch);
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
    let ends = if subject.has_ends() && natives.iter().any(Option::is_some) {
        program.line("# T × B: each step, and past a sample's end its last one. PyTorch's layers run on there, but nothing of it");
        program.line("# counts: what they gave at the last step stands there instead.");
        program.line("last = np.minimum(np.arange(T)[:, None], lengths - 1)");
        "[last, np.arange(B)]"
    } else {
        ""
    };
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
                    "out = module_{number}(out.transpose(1, 2).contiguous(), {states})[0]{ends}.transpose(1, 2)"
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
    for (index, native) in natives.iter().enumerate() {
        let number = index + 1;
        program.line(format!("for name, values in module_{number}.named_parameters():"));
        // What it is called in the cell.
        let own = if native.is_some() { String::new() } else { format!("[{}:]", IN_MODULE.len()) };
        program.below(|program| {
            program.line(format!("show(f\"layer {number}  d{{name{own}}}\", gradient(values))"))
        });
    }
    program.line("for name, values in module_head.named_parameters():");
    program.below(|program| program.line("show(f\"d{name}\", gradient(values))"));
}
