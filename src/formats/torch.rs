//! PyTorch's `nn.RNN`, `nn.GRU`, `nn.LSTM` (and their `…Cell`s) by the names of their tensors, with an embedding below and a
//! linear layer on top, if there are such.

use std::collections::BTreeSet;

use ndarray::Array1;

use super::fused::{Framework, Fused};
use super::import_error::ImportError;
use super::import_note::ImportNote;
use super::order::{Module, in_order};
use super::torch_beside::{beside, tensor_of};
use super::weights::{Recurrent, Tensors, check_layers, find, names_in, natural, network, some};
use crate::engine::model::Model;

/// The network in a file of PyTorch's.
pub(super) fn read(tensors: &Tensors, notes: &mut Vec<ImportNote>) -> Result<Model<f64>, ImportError> {
    // (module with its dot, end of the names): `rnn.`, `_l0`.
    let mut places: Vec<(String, String)> = Vec::new();
    for name in tensors.keys() {
        let Some((module, end)) = name.split_once("weight_ih") else { continue };
        if end.ends_with("_reverse") {
            // A file of one module alone names none.
            let module = module.trim_end_matches('.');
            let name = if module.is_empty() { name } else { module };
            return Err(ImportError::Bidirectional { name: name.to_owned() });
        }
        if end.is_empty() || (end.starts_with("_l") && end[2..].parse::<usize>().is_ok()) {
            places.push((module.to_owned(), end.to_owned()));
        }
    }
    if places.is_empty() {
        return Err(ImportError::NoLayer { names: names_in(tensors) });
    }
    check_layers(places.len())?;
    places.sort_by_key(|(module, end)| (natural(module.trim_end_matches('.')), natural(end)));
    let mut modules: Vec<Module> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (module, end) in &places {
        let name = module.trim_end_matches('.');
        if modules.last().is_none_or(|known| known.name != name) {
            modules.push(Module { name: name.to_owned(), layers: Vec::new() });
        }
        let Some(of_module) = modules.last_mut() else { continue };
        // Layers of a module are counted from 0 without a gap.
        let number = of_module.layers.len();
        if end.starts_with("_l") && *end != format!("_l{number}") {
            return Err(ImportError::Missing { name: format!("{module}weight_ih_l{number}") });
        }
        if tensors.contains_key(&format!("{module}weight_hr{end}")) {
            return Err(ImportError::Projection { name: name.to_owned() });
        }
        let fused = fused(tensors, module, end)?;
        let layer = match fused.input.nrows() / fused.recurrent.ncols().max(1) {
            4 => "LSTM",
            3 => "GRU",
            _ => "RNN",
        };
        if layer == "RNN" && !notes.contains(&ImportNote::AssumedTanh) {
            notes.push(ImportNote::AssumedTanh);
        }
        for name in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] {
            taken.insert(format!("{module}{name}{end}"));
        }
        of_module.layers.push(Recurrent {
            name: format!("{module}{layer}{end}"),
            framework: Framework::PyTorch,
            layer: layer.to_owned(),
            activation: "tanh".to_owned(),
            reset_after: true,
            fused,
        });
    }
    let layers = in_order(modules, notes)?;
    let top = layers.last().map_or(0, |layer| layer.fused.recurrent.ncols());
    let bottom = layers.first().map_or(0, |layer| layer.fused.input.ncols());
    let (embedding, head) = beside(tensors, &taken, bottom, top)?;
    let modules = embedding.iter().map(|one| &one.name).chain(head.iter().map(|one| &one.name));
    taken.extend(modules.flat_map(|module| ["weight", "bias"].map(|what| tensor_of(module, what))));
    let left: Vec<&str> = tensors.keys().filter(|name| !taken.contains(*name)).map(String::as_str).collect();
    // What belongs to another layer changes the numbers; a buffer beside them is only said to be left out.
    if let Some(other) = left.iter().find(|name| is_of_a_layer(name)) {
        let module = other.rsplit_once('.').map_or(*other, |(module, _)| module);
        return Err(ImportError::OtherLayer { name: module.to_owned() });
    }
    if !left.is_empty() {
        notes.push(ImportNote::Ignored { names: some(left) });
    }
    network(layers, embedding, head, notes)
}

/// The four tensors of a layer. Without biases they are zero.
pub(super) fn fused(tensors: &Tensors, module: &str, end: &str) -> Result<Fused, ImportError> {
    let name = |what: &str| format!("{module}{what}{end}");
    let input = find(tensors, &name("weight_ih"))?.matrix(&name("weight_ih"))?;
    let recurrent_tensor = find(tensors, &name("weight_hh"))?;
    let recurrent = recurrent_tensor.matrix(&name("weight_hh"))?;
    let (rows, hidden) = recurrent.dim();
    if !rows.is_multiple_of(hidden) || ![1, 3, 4].contains(&(rows / hidden)) || input.nrows() != rows {
        return Err(recurrent_tensor
            .wrong(&name("weight_hh"), &format!("{} × n_a, n_a a 1st, 3rd or 4th of it", input.nrows())));
    }
    let bias = |what: &str| match tensors.get(&name(what)) {
        Some(tensor) => tensor.column(&name(what), rows),
        None => Ok(Array1::zeros(rows)),
    };
    Ok(Fused { input_bias: bias("bias_ih")?, recurrent_bias: bias("bias_hh")?, input, recurrent })
}

/// Whether a tensor is what a layer computes with: `fc.weight`, `norm.running_mean`, `fc.parametrizations.weight.original0`.
/// The weights of a loss change nothing that the network gives.
fn is_of_a_layer(name: &str) -> bool {
    const NAMES: [&str; 6] = ["weight", "bias", "running_mean", "running_var", "gamma", "beta"];
    let (module, own) = name.rsplit_once('.').unwrap_or(("", name));
    let is_of_module = own.starts_with("original") || own.starts_with("weight_") || own.ends_with("_weight");
    let is_of_loss = ["criterion", "loss"].iter().any(|word| module.contains(word));
    !is_of_loss && (NAMES.contains(&own) || !module.is_empty() && (is_of_module || own.ends_with("_bias")))
}
