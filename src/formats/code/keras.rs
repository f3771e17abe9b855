//! The network in Keras 3: its own layers where they compute the same, else a cell with the equations written out. It
//! runs forward on any backend, in double precision on TensorFlow; gradients are the backend's affair.

use ndarray::{Array2, Axis};

use super::data::Data;
use super::gates;
use super::keras_cell;
use super::shared::{SHOW, cell_number, distinct, first};
use super::{Program, Subject, title};
use crate::engine::model::Layer;
use crate::engine::syntax::{Dim, LossKind};
use crate::formats::error::FormatError;
use crate::formats::fused::{Framework, Fused, Native, fuse, native};

/// The program in Keras.
///
/// # Errors
/// Numbers that are not finite or too many; batch normalisation over samples of different lengths.
pub fn keras(subject: &Subject<'_>) -> Result<String, FormatError> {
    subject.check()?;
    let mut program = Program::default();
    program.line(title(subject, "Keras"));
    let data = Data::of(subject);
    data.prelude(&mut program);
    program.line("");
    program.line("import keras");
    program.line("import numpy as np");
    program.line("from keras import ops");
    data.helper(&mut program);
    program.line("");
    // Its rules for types make single precision of double on the other backends (keras.src.backend.common.dtypes).
    program.line(
        "# Keras keeps double precision on TensorFlow; on another backend the first six digits are right.",
    );
    program.line(
        "keras.config.set_floatx(\"float64\" if keras.backend.backend() == \"tensorflow\" else \"float32\")",
    );
    data.input(&mut program, subject);
    weights(&mut program, &data, subject);
    first(&mut program, subject);
    let natives = natives(subject);
    let cells = distinct(subject.model);
    let mut called = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let is_written_out = subject
            .model
            .layers
            .iter()
            .zip(&natives)
            .any(|(layer, native)| native.is_none() && layer.cell.is_same(cell));
        if is_written_out {
            keras_cell::functions_of(&mut program, cell, &mut called);
            keras_cell::class(&mut program, index + 1, cell);
        }
    }
    run(&mut program, subject, &natives);
    Ok(program.text)
}

fn natives(subject: &Subject<'_>) -> Vec<Option<Native>> {
    subject.model.layers.iter().map(|layer| native(layer, Framework::Keras)).collect()
}

/// Kernel, recurrent kernel and bias as Keras keeps them: transposed; with `reset_after` two rows of biases.
pub(super) fn arrays(fused: &Fused, reset_after: bool) -> [Array2<f64>; 3] {
    let bias = if reset_after {
        ndarray::stack![Axis(0), fused.input_bias, fused.recurrent_bias]
    } else {
        (&fused.input_bias + &fused.recurrent_bias).insert_axis(Axis(0))
    };
    [fused.input.t().to_owned(), fused.recurrent.t().to_owned(), bias]
}

/// `layer_1 = […]` in Keras's order of `set_weights`.
fn weights(program: &mut Program, data: &Data, subject: &Subject<'_>) {
    let model = subject.model;
    let mut input = model.input;
    for (index, layer) in model.layers.iter().enumerate() {
        program.line("");
        gates::comment(program, layer, Framework::Keras);
        program.line(format!("layer_{} = [", index + 1));
        program.below(|program| {
            match (fuse(layer, input, Framework::Keras), native(layer, Framework::Keras)) {
                (Some(fused), Some(native)) => {
                    let two = native.facts.keras_reset_after;
                    let [kernel, recurrent, bias] = arrays(&fused, two);
                    data.matrix(program, "", kernel.view(), ",");
                    data.matrix(program, "", recurrent.view(), ",");
                    data.matrix(program, "", bias.view(), if two { "," } else { "[0]," });
                }
                _ => {
                    for ((_, matrix), parameter) in layer.weights.iter().zip(&layer.cell.parameters) {
                        if parameter.columns == Dim::ONE {
                            data.matrix(program, "", matrix.t(), "[0],");
                        } else {
                            data.matrix(program, "", matrix.view(), ",");
                        }
                    }
                }
            }
        });
        program.line("]");
        input = layer.hidden;
    }
    program.line("");
    program.line("head = [");
    program.below(|program| {
        for (name, matrix) in &model.head.weights {
            let end = if name.0.starts_with('W') { "," } else { "[0]," };
            data.matrix(program, "", matrix.t(), end);
        }
    });
    program.line("]");
}

fn constructor(layer: &Layer<f64>, native: &Native) -> String {
    let activation = native.activation.map_or_else(String::new, |name| format!(", activation=\"{name}\""));
    let reset = match (native.layer, native.facts.keras_reset_after) {
        ("GRU", reset_after) => format!(", reset_after={}", if reset_after { "True" } else { "False" }),
        _ => String::new(),
    };
    format!("keras.layers.{}({}, return_sequences=True{activation}{reset})", native.layer, layer.hidden)
}

fn run(program: &mut Program, subject: &Subject<'_>, natives: &[Option<Native>]) {
    let cells = distinct(subject.model);
    let mut input = subject.model.input;
    program.line("");
    program.line("");
    program.line("out = ops.convert_to_tensor(np.transpose(xs, (2, 0, 1)))  # B × T × n");
    program.line("outs = []");
    if subject.has_ends() {
        program.line("# B × T: each step, and past a sample's end its last one. A layer runs on there, but nothing of it counts:");
        program.line("# what it gave at the last step stands there instead.");
        program.line("last = np.minimum(np.arange(T), lengths[:, None] - 1)");
    }
    for (index, (layer, native)) in subject.model.layers.iter().zip(natives).enumerate() {
        let number = index + 1;
        match native {
            Some(native) => program.line(format!("module_{number} = {}", constructor(layer, native))),
            None => {
                let cell = cell_number(&cells, &layer.cell);
                program.line(format!(
                    "module_{number} = keras.layers.RNN(Cell{cell}({}), return_sequences=True)",
                    layer.hidden
                ));
            }
        }
        program.line(format!("module_{number}.build((B, T, {input}))"));
        program.line(format!("module_{number}.set_weights(layer_{number})"));
        // Keras begins with the output: h, then c.
        program.line(format!(
            "out = module_{number}(out, initial_state=[ops.convert_to_tensor(state.T) for state in first_{number}])"
        ));
        if subject.has_ends() {
            program.line("out = ops.take_along_axis(out, last[:, :, None], axis=1)");
        }
        program.line(format!(
            "outs.append((\"layer {number}  {}\", ops.convert_to_numpy(out)))",
            super::names::ascii(&layer.cell.output.0)
        ));
        input = layer.hidden;
    }
    program.line("module_head = keras.layers.Dense(n_y)");
    program.line(format!("module_head.build((B, T, {input}))"));
    program.line("module_head.set_weights(head)");
    program.line("logits = module_head(out)  # B × T × n_y");
    match subject.model.head.head.loss {
        LossKind::SoftmaxCrossEntropy => {
            if subject.model.output == 1 {
                program.line("yhat = np.ones((B, T, 1))  # one symbol has the whole probability");
            } else {
                program.line("yhat = ops.convert_to_numpy(ops.softmax(logits, axis=-1))");
            }
            program.line(
                "losses = ops.convert_to_numpy(keras.losses.sparse_categorical_crossentropy(ys.T, logits, from_logits=True)).T",
            );
        }
        LossKind::Logistic => {
            program.line("yhat = ops.convert_to_numpy(ops.sigmoid(logits))");
            program.line(
                "losses = ops.convert_to_numpy(ops.sum(ops.binary_crossentropy(ops.convert_to_tensor(np.transpose(ys, (2, 0, 1))), logits, from_logits=True), axis=-1)).T",
            );
        }
    }
    if !subject.counts_all() {
        program.line("losses = losses * counts");
    }
    program.define(SHOW);
    program.line("");
    program.line("");
    program.line("for t in range(T):");
    program.below(|program| {
        program.line("for name, values in outs:");
        program.below(|program| program.line("show(f\"{name}<{t + 1}>\", values[:, t].T)"));
        program.line("show(f\"yhat<{t + 1}>\", yhat[:, t].T)");
        program.line("show(f\"loss<{t + 1}>\", losses[t])");
    });
    program.line("show(\"loss\", np.sum(losses))");
}
