//! Keras's files: `.weights.h5`, older `.h5`, and `.keras`, a ZIP of `config.json` and `model.weights.h5`.

use std::io::{Cursor, Read};

use ndarray::{Array1, Array2, Axis, s};
use zip::ZipArchive;
use zip::result::ZipError;

use super::fused::{Framework, Fused};
use super::import_error::ImportError;
use super::import_note::ImportNote;
use super::order::{Module, in_order};
use super::weights::{
    Embedding, Linear, MOST_NUMBERS, Output, Recurrent, Tensor, Tensors, check_layers, names_in, natural,
    network, some,
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
    /// The group in the file of weights by its class: `lstm_1`.
    pub group: String,
    /// What it is called, by which older files know it.
    pub name: String,
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
    let h5::Contents { tensors, .. } = h5::read(weights)?;
    network_of(&tensors, &config, Groups::ByClass, notes)
}

/// A `.h5` file; an older one of a whole model says its layers as `config.json` does.
pub(super) fn read_weights(bytes: &[u8], notes: &mut Vec<ImportNote>) -> Result<Model<f64>, ImportError> {
    let h5::Contents { tensors, config } = h5::read(bytes.to_vec()).map_err(|error| match error {
        ImportError::Broken { format, .. } if h5::is_cut_off(bytes) => ImportError::CutOff { format },
        other => other,
    })?;
    let config = config.map(|config| keras_config::read(config.as_bytes())).transpose()?.unwrap_or_default();
    network_of(&tensors, &config, Groups::ByName, notes)
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
    called: Groups,
    notes: &mut Vec<ImportNote>,
) -> Result<Model<f64>, ImportError> {
    let mut modules = Vec::new();
    let mut heads: Vec<Linear> = Vec::new();
    let mut embedding = None;
    let configs = Configs { list: configs, called };
    let found = groups(tensors, configs.is_said() && called == Groups::ByName)?;
    if let Some(missing) = configs.without_tensors(&found) {
        return Err(ImportError::Missing { name: missing.name.clone() });
    }
    for found in configs.in_order(found) {
        let config = configs.of(&found);
        if config.is_none() && configs.is_said() {
            return Err(ImportError::OtherLayer { name: found.name.clone() });
        }
        if let Some((kernel, recurrent, bias)) = recurrent_parts(&found) {
            // Where the file says its order, a dense layer below is no output.
            if let Some(below) = heads.last().filter(|_| config.is_some()) {
                return Err(ImportError::OtherLayer { name: below.name.clone() });
            }
            let layer = recurrent_layer(&found, (kernel, recurrent, bias), config, notes)?;
            modules.push(Module { name: found.name.clone(), layers: vec![layer] });
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
                let output = match config.map(|config| config.activation.as_str()) {
                    Some("sigmoid") => Output::Logistic,
                    Some("softmax") => Output::Softmax,
                    _ => Output::Unsaid,
                };
                heads.push(Linear { name: found.name.clone(), weight: contiguous(&weight), bias, output });
            }
            _ => return Err(ImportError::OtherLayer { name: found.name.clone() }),
        }
    }
    if modules.is_empty() {
        return Err(ImportError::NoLayer { names: names_in(tensors) });
    }
    check_layers(modules.len())?;
    if heads.len() > 1 {
        return Err(ImportError::Heads { names: some(heads.iter().map(|head| head.name.as_str())) });
    }
    let layers = if configs.is_said() {
        modules.into_iter().flat_map(|module| module.layers).collect()
    } else {
        notes.push(ImportNote::AssumedDefaults);
        in_order(modules, notes)?
    };
    network(layers, embedding, heads.pop(), notes)
}

/// How the groups of a file are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Groups {
    /// After the layers' classes, counted: files of today.
    ByClass,
    /// As the layers themselves: older files.
    ByName,
}

/// The configs of a file's layers, and how they are found.
struct Configs<'c> {
    list: &'c [Config],
    called: Groups,
}

impl<'c> Configs<'c> {
    fn is_said(&self) -> bool {
        !self.list.is_empty()
    }

    fn place(&self, found: &Found<'_>) -> Option<usize> {
        let name = |config: &'c Config| match self.called {
            Groups::ByClass => &config.group,
            Groups::ByName => &config.name,
        };
        self.list.iter().position(|config| *name(config) == found.name)
    }

    fn of(&self, found: &Found<'_>) -> Option<&'c Config> {
        self.list.get(self.place(found)?)
    }

    /// The first layer that has no tensors in the file.
    fn without_tensors(&self, found: &[Found<'_>]) -> Option<&'c Config> {
        let places: Vec<usize> = found.iter().filter_map(|found| self.place(found)).collect();
        let mut unseen = self.list.iter().enumerate().filter(|(place, _)| !places.contains(place));
        unseen.next().map(|(_, config)| config)
    }

    /// In the config's order, else by their numbers.
    fn in_order<'t>(&self, mut found: Vec<Found<'t>>) -> Vec<Found<'t>> {
        found.sort_by_key(|found| (self.place(found).unwrap_or(usize::MAX), natural(&found.name)));
        found
    }
}

fn is_embedding(layer: &str, tensor: &str) -> bool {
    layer.contains("embedding") || tensor.starts_with("embeddings")
}

/// In memory in the order of its rows.
fn contiguous(matrix: &Array2<f64>) -> Array2<f64> {
    matrix.as_standard_layout().to_owned()
}

/// The groups that hold tensors, by the names of their layers. `are_named`: a layer's name is known to be a folder's, whatever
/// it is.
fn groups(tensors: &Tensors, are_named: bool) -> Result<Vec<Found<'_>>, ImportError> {
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
        let layer = layer_name(folders, are_named);
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
fn layer_name(folders: &[&str], is_named: bool) -> String {
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
    let is_part = |folder: &&str| if is_named { *folder == "model_weights" } else { PARTS.contains(folder) };
    let named = folders.iter().find(|folder| !is_part(folder));
    named.map_or_else(|| folders.join("/"), |name| (*name).to_owned())
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
            // Of a GRU without biases nothing shows it.
            let is_unknown = rows / units == 3 && config.is_none();
            if is_unknown && !notes.contains(&ImportNote::AssumedResetAfter) {
                notes.push(ImportNote::AssumedResetAfter);
            }
            (Array1::zeros(rows), Array1::zeros(rows), is_unknown)
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
