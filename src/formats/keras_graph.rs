//! How the layers of a functional model of Keras hang together: taken is a chain, each layer on the one below.

use serde_json::Value;

use super::import_error::ImportError;
use super::keras_config::LayerConfig;

/// Checks that every layer is used once, on the one output of the layer listed before it: Keras lists them from the inputs
/// up, so that a chain is listed in its own order.
///
/// # Errors
/// The first layer that is no link of a chain.
pub(super) fn check_chain(layers: &[LayerConfig]) -> Result<(), ImportError> {
    // A sequential model does not say what its layers read.
    if layers.iter().all(|layer| layer.inbound_nodes.is_empty()) {
        return Ok(());
    }
    let below = std::iter::once(None).chain(layers.iter().map(|layer| Some(layer.name())));
    for (layer, below) in layers.iter().zip(below) {
        let mut sources = Vec::new();
        layer.inbound_nodes.iter().for_each(|node| collect(node, &mut sources));
        // The first one, the input, reads nothing.
        let is_link = layer.inbound_nodes.len() <= 1 && sources == Vec::from_iter(below);
        if !is_link {
            return Err(ImportError::Graph { name: layer.name() });
        }
    }
    Ok(())
}

/// The layers whose outputs stand in a node: `"keras_history": ["lstm", 0, 0]`, in older files `["lstm", 0, 0, {}]`.
fn collect(node: &Value, sources: &mut Vec<String>) {
    match node {
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(name), Value::Number(_), Value::Number(_), ..] => sources.push(name.clone()),
            parts => parts.iter().for_each(|part| collect(part, sources)),
        },
        Value::Object(fields) => fields.values().for_each(|part| collect(part, sources)),
        _ => {}
    }
}
