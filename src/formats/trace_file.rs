//! `unrolled-trace/1` out.

use ndarray::Axis;
use serde::Serialize;

use super::error::FormatError;
use super::model::WeightsOut;
use super::tensor::{NamedOut, TensorOut};
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::trace::Trace;

#[derive(Serialize)]
#[serde(bound = "S: Scalar")]
struct TraceFile<S: Scalar> {
    format: &'static str,
    layers: Vec<NamedOut<S>>,
    #[serde(rename = "final")]
    final_states: Vec<NamedOut<S>>,
    logits: TensorOut<S>,
    yhat: TensorOut<S>,
    loss: LossOut<S>,
    gradients: GradientsOut<S>,
}

#[derive(Serialize)]
#[serde(bound = "S: Scalar")]
struct LossOut<S: Scalar> {
    per_step: TensorOut<S>,
    sum: S,
    mean_over_tokens: S,
}

#[derive(Serialize)]
#[serde(bound = "S: Scalar")]
struct GradientsOut<S: Scalar> {
    weights: WeightsOut<S>,
    x: TensorOut<S>,
    initial: Vec<NamedOut<S>>,
    states: Vec<NamedOut<S>>,
}

/// Writes a trace.
///
/// # Errors
/// When a number is not finite, which JSON cannot hold.
pub fn write<S: Scalar>(model: &Model<S>, trace: &Trace<S>) -> Result<String, FormatError> {
    let not_finite = |tensor: String| FormatError::NotFinite { step: 0, tensor };
    let mut gradients = model.clone();
    for (layer, traced) in gradients.layers.iter_mut().zip(&trace.layers) {
        layer.weights.clone_from(&traced.weight_gradients);
    }
    gradients.head.weights.clone_from(&trace.head.weight_gradients);
    let states = trace.layers.iter().zip(&model.layers).map(|(traced, layer)| {
        let gradients = layer.cell.states.iter();
        let named: Vec<_> =
            gradients.filter_map(|state| Some((state.clone(), traced.gradient(state)?.clone()))).collect();
        NamedOut::new(&named)
    });
    let first = trace.layers.first().map(|layer| TensorOut::new(&layer.x_gradient));
    let file = TraceFile {
        format: "unrolled-trace/1",
        layers: trace.layers.iter().map(|layer| NamedOut::new(&layer.values)).collect(),
        final_states: trace.layers.iter().map(|layer| NamedOut::new(&layer.final_states)).collect(),
        logits: TensorOut::new(&trace.head.logits),
        yhat: TensorOut::new(&trace.head.yhat),
        loss: LossOut {
            per_step: TensorOut::new(&trace.head.loss_per_step),
            sum: trace.loss_sum,
            mean_over_tokens: trace.mean_over_tokens(),
        },
        gradients: GradientsOut {
            weights: WeightsOut::new(&gradients),
            x: first.unwrap_or_else(|| TensorOut::new(&trace.head.logits)),
            initial: trace.layers.iter().map(|layer| NamedOut::new(&layer.initial_gradients)).collect(),
            states: states.collect(),
        },
    };
    for (index, layer) in file.layers.iter().enumerate() {
        if let Some((step, name)) = layer.not_finite() {
            return Err(FormatError::NotFinite { step, tensor: format!("layers[{index}].{name}") });
        }
    }
    if !trace.loss_sum.is_finite() {
        return Err(not_finite("loss".to_owned()));
    }
    if let Some(entry) = gradients.architecture().layout().entries.iter().find(|entry| {
        let weight = gradients.weight(entry.layer, &entry.name);
        weight.is_some_and(|weight| {
            weight.lanes(Axis(1)).into_iter().flatten().any(|number| !number.is_finite())
        })
    }) {
        return Err(not_finite(format!("gradients.weights.{}", entry.path())));
    }
    super::write_json(&file)
}
