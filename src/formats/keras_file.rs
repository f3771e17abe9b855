//! Keras's files: `.weights.h5`, older `.h5`, and `.keras`, a ZIP of `config.json` and `model.weights.h5`.

use std::io::{Cursor, Read};

use ndarray::{Array1, Array2, Axis, s};
use zip::ZipArchive;
use zip::result::ZipError;

use super::fused::{Framework, Fused};
use super::import_error::ImportError;
use super::import_note::ImportNote;
use super::weights::{
    Embedding, Linear, MOST_NUMBERS, Recurrent, Tensor, Tensors, names_in, natural, network, some,
};
use super::{h5, keras_config};
use crate::engine::model::Model;

/// Most bytes of `config.json`.
const MOST_CONFIG: u64 = 4_000_000;
/// The mark behind the list of what a ZIP file holds.
const LIST_END: &[u8] = b"PK\x05\x06";

/// A group of a file: its path and its tensors in order.
#[derive(Clone, Debug)]
struct Found<'t> {
    /// `lstm`, `lstm_1`, `dense`.
    name: String,
    /// `0`, `1`, … or `kernel`, `recurrent_kernel`, `bias`.
    tensors: Vec<(String, &'t Tensor)>,
}

/// What a layer's config says, where there is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Config {
    /// `LSTM`.
    pub class: String,
    /// The group in the file of weights.
    pub groups: Vec<String>,
    /// Of recurrent layers and of the head.
    pub activation: String,
    /// Of a GRU.
    pub reset_after: Option<bool>,
}

/// A `.keras` file.
pub(super) fn read_archive(bytes: &[u8], notes: &mut Vec<ImportNote>) -> Result<Model<f64>, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
        // What an archive holds is listed at its end.
        let is_listed = bytes.windows(LIST_END.len()).any(|part| part == LIST_END);
        if is_listed { broken(&error) } else { ImportError::CutOff { format: ".keras" } }
    })?;
    let config = member(&mut archive, "config.json", MOST_CONFIG)?;
    let weights = member(&mut archive, "model.weights.h5", 8 * MOST_NUMBERS as u64 + 4_000_000)?;
    let config = keras_config::read(&config)?;
    let tensors = h5::read(weights)?;
    network_of(&tensors, &config, notes)
}

/// A `.h5` file.
pub(super) fn read_weights(bytes: &[u8], notes: &mut Vec<ImportNote>) -> Result<Model<f64>, ImportError> {
    let tensors = h5::read(bytes.to_vec()).map_err(|error| match error {
        ImportError::Broken { format, .. } if h5::is_cut_off(bytes) => ImportError::CutOff { format },
        other => other,
    })?;
    network_of(&tensors, &[], notes)
}

/// One member of the archive, never more bytes than `most`, whatever the archive declares.
fn member(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &'static str,
    most: u64,
) -> Result<Vec<u8>, ImportError> {
    let file = archive.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound => ImportError::NotKeras { name },
        other => ImportError::Broken {
            format: ".keras",
            what: format!("{name}: {}", super::one_line(&other.to_string())),
        },
    })?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
    if bytes.len() as u64 > most {
        return Err(ImportError::TooLarge {
            megabytes: (bytes.len() / 1_000_000) + 1,
            most: (most / 1_000_000) as usize,
        });
    }
    Ok(bytes)
}

fn broken(error: &dyn std::fmt::Display) -> ImportError {
    ImportError::Broken { format: ".keras", what: super::one_line(&error.to_string()) }
}

fn network_of(
    tensors: &Tensors,
    configs: &[Config],
    notes: &mut Vec<ImportNote>,
) -> Result<Model<f64>, ImportError> {
    let mut layers = Vec::new();
    let mut heads: Vec<Linear> = Vec::new();
    let mut embedding = None;
    for found in in_order(groups(tensors)?, configs) {
        let config = configs.iter().find(|config| config.groups.contains(&found.name));
        if let Some((kernel, recurrent, bias)) = recurrent_parts(&found) {
            // Where the file says its order, a dense layer below is no output.
            if let Some(below) = heads.last().filter(|_| !configs.is_empty()) {
                return Err(ImportError::OtherLayer { name: below.name.clone() });
            }
            if config.is_none()
                && kernel.shape[1] == recurrent.shape[0]
                && !notes.contains(&ImportNote::AssumedTanh)
            {
                notes.push(ImportNote::AssumedTanh);
            }
            layers.push(recurrent_layer(&found, (kernel, recurrent, bias), config, notes)?);
            continue;
        }
        let class = config.map(|config| config.class.as_str());
        match found.tensors.as_slice() {
            [(name, table)]
                if class.is_none_or(|class| class == "Embedding") && is_embedding(&found.name, name) =>
            {
                embedding = Some(Embedding { name: found.name.clone(), table: table.matrix(&found.name)? });
            }
            [(_, kernel), rest @ ..]
                if kernel.shape.len() == 2
                    && rest.len() <= 1
                    && class.is_none_or(|class| class == "Dense") =>
            {
                let weight = kernel.matrix(&found.name)?.reversed_axes();
                let bias =
                    rest.first().map(|(_, bias)| bias.column(&found.name, weight.nrows())).transpose()?;
                let is_logistic = config.is_some_and(|config| config.activation == "sigmoid");
                heads.push(Linear {
                    name: found.name.clone(),
                    weight: contiguous(&weight),
                    bias,
                    is_logistic,
                });
            }
            _ => return Err(ImportError::OtherLayer { name: found.name.clone() }),
        }
    }
    if layers.is_empty() {
        return Err(ImportError::NoLayer { names: names_in(tensors) });
    }
    if heads.len() > 1 {
        return Err(ImportError::Heads { names: some(heads.iter().map(|head| head.name.as_str())) });
    }
    if configs.is_empty() {
        sort_by_sizes(&mut layers, embedding.as_ref())?;
    }
    network(layers, embedding, heads.pop(), notes)
}

fn is_embedding(layer: &str, tensor: &str) -> bool {
    layer.contains("embedding") || tensor.starts_with("embeddings")
}

/// In memory in the order of its rows.
fn contiguous(matrix: &Array2<f64>) -> Array2<f64> {
    matrix.as_standard_layout().to_owned()
}

/// The groups that hold tensors, by the names of their layers.
fn groups(tensors: &Tensors) -> Result<Vec<Found<'_>>, ImportError> {
    let mut found: Vec<Found<'_>> = Vec::new();
    for (path, tensor) in tensors {
        let parts: Vec<&str> = path.split('/').collect();
        let Some((name, folders)) = parts.split_last() else { continue };
        if folders.iter().any(|folder| folder.starts_with("optimizer") || *folder == "seed_generator") {
            continue;
        }
        if folders.iter().any(|folder| *folder == "forward_layer" || *folder == "backward_layer") {
            return Err(ImportError::Bidirectional { name: folders.join("/") });
        }
        let layer = layer_name(folders);
        // Older files write `kernel:0`.
        let name = name.split(':').next().unwrap_or(name).to_owned();
        match found.iter_mut().find(|known| known.name == layer) {
            Some(known) => known.tensors.push((name, tensor)),
            None => found.push(Found { name: layer, tensors: vec![(name, tensor)] }),
        }
    }
    for group in &mut found {
        let place = |name: &str| match name {
            "kernel" | "embeddings" => 0,
            "recurrent_kernel" => 1,
            "bias" => 2,
            name => name.parse().unwrap_or(usize::MAX),
        };
        group.tensors.sort_by_key(|(name, _)| place(name));
    }
    Ok(found)
}

/// `layers/lstm_1/cell/vars` → `lstm_1`; `lstm_1/lstm_1/lstm_cell` → `lstm_1`.
fn layer_name(folders: &[&str]) -> String {
    const PARTS: [&str; 9] = [
        "layers",
        "_layer_checkpoint_dependencies",
        "vars",
        "cell",
        "layer",
        "model_weights",
        "cells",
        "sequential",
        "functional",
    ];
    let named = folders.iter().find(|folder| !PARTS.contains(folder));
    named.map_or_else(|| folders.join("/"), |name| (*name).to_owned())
}

/// In the config's order, or by their numbers.
fn in_order<'t>(mut found: Vec<Found<'t>>, configs: &[Config]) -> Vec<Found<'t>> {
    let place =
        |name: &str| configs.iter().position(|config| config.groups.iter().any(|group| group == name));
    found.sort_by_key(|found| (place(&found.name).unwrap_or(usize::MAX), natural(&found.name)));
    found
}

type Parts<'t> = (&'t Tensor, &'t Tensor, Option<&'t Tensor>);

/// Kernel, recurrent kernel and bias, where a group's tensors have their shapes.
fn recurrent_parts<'t>(found: &Found<'t>) -> Option<Parts<'t>> {
    let ([(_, kernel), (_, recurrent)] | [(_, kernel), (_, recurrent), _]) = found.tensors.as_slice() else {
        return None;
    };
    let ([_, columns], [units, same]) = (&kernel.shape[..], &recurrent.shape[..]) else { return None };
    let fits = columns == same
        && *units > 0
        && columns.is_multiple_of(*units)
        && [1, 3, 4].contains(&(columns / units));
    fits.then(|| (*kernel, *recurrent, found.tensors.get(2).map(|(_, bias)| *bias)))
}

fn recurrent_layer(
    found: &Found<'_>,
    (kernel, recurrent, bias): Parts<'_>,
    config: Option<&Config>,
    notes: &mut Vec<ImportNote>,
) -> Result<Recurrent, ImportError> {
    let name = &found.name;
    let input = contiguous(&kernel.matrix(name)?.reversed_axes());
    let recurrent = contiguous(&recurrent.matrix(name)?.reversed_axes());
    let (rows, units) = recurrent.dim();
    let (input_bias, recurrent_bias, two) = match bias {
        // reset_after: one row for the input, one for the state.
        Some(bias) if bias.shape == [2, rows] => {
            let both = bias.matrix(name)?;
            (both.slice(s![0, ..]).to_owned(), both.index_axis(Axis(0), 1).to_owned(), true)
        }
        Some(bias) => (bias.column(name, rows)?, Array1::zeros(rows), false),
        None => {
            notes.push(ImportNote::NoBias { name: name.clone() });
            (Array1::zeros(rows), Array1::zeros(rows), false)
        }
    };
    let layer = match rows / units {
        4 => "LSTM",
        3 => "GRU",
        _ => "SimpleRNN",
    };
    Ok(Recurrent {
        name: name.clone(),
        framework: Framework::Keras,
        layer: layer.to_owned(),
        activation: config.map_or_else(|| "tanh".to_owned(), |config| config.activation.clone()),
        // Only a GRU is told; the weights of the others have no such thing.
        reset_after: layer == "GRU" && config.and_then(|config| config.reset_after).unwrap_or(two),
        fused: Fused { input, recurrent, input_bias, recurrent_bias },
    })
}

/// Without a config, layers whose numbers do not tell their order are put so that each fits on the one below.
fn sort_by_sizes(layers: &mut Vec<Recurrent>, embedding: Option<&Embedding>) -> Result<(), ImportError> {
    let fits =
        |below: &Recurrent, layer: &Recurrent| layer.fused.input.ncols() == below.fused.recurrent.ncols();
    let is_chain = layers.windows(2).all(|pair| fits(&pair[0], &pair[1]));
    let of_one_kind = layers.windows(2).all(|pair| pair[0].layer == pair[1].layer);
    if is_chain && (of_one_kind || layers.len() == 1) {
        return Ok(());
    }
    // The lowest is the one that fits on none other, or on the embedding.
    let mut rest = std::mem::take(layers);
    let names = some(rest.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>());
    let order = || ImportError::Order { names: names.clone() };
    let lowest: Vec<usize> = (0..rest.len())
        .filter(|place| match embedding {
            Some(embedding) => rest[*place].fused.input.ncols() == embedding.table.ncols(),
            None => (0..rest.len()).all(|other| other == *place || !fits(&rest[other], &rest[*place])),
        })
        .collect();
    let [lowest] = lowest[..] else { return Err(order()) };
    layers.push(rest.remove(lowest));
    while !rest.is_empty() {
        let next: Vec<usize> = (0..rest.len())
            .filter(|place| layers.last().is_some_and(|below| fits(below, &rest[*place])))
            .collect();
        let [next] = next[..] else { return Err(order()) };
        layers.push(rest.remove(next));
    }
    Ok(())
}
