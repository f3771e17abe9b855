//! How the layers of a functional model of Keras hang together: taken is a chain, each layer on the one below.

use serde_json::Value;

use super::import_error::ImportError;
use super::keras_config::LayerConfig;

/// Checks that every layer is used once, on one output of one other layer, and that none is read by two.
///
/// # Errors
/// The first layer that is no link of a chain.
pub(super) fn check_chain(layers: &[LayerConfig]) -> Result<(), ImportError> {
    let mut read: Vec<String> = Vec::new();
    for layer in layers {
        let refuse = || Err(ImportError::Graph { name: layer.name() });
        // A sequential model does not say it; an input reads nothing.
        let [node] = layer.inbound_nodes.as_slice() else {
            if layer.inbound_nodes.is_empty() {
                continue;
            }
            return refuse();
        };
        let mut sources = Vec::new();
        collect(node, &mut sources);
        match sources.as_slice() {
            [] => {}
            [source] if !read.contains(source) => read.push(source.clone()),
            _ => return refuse(),
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
