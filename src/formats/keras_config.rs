//! `config.json` of a `.keras` file: which layers there are, in order, and what they are set to.

use serde::Deserialize;
use serde_json::Value;

use super::import_error::ImportError;
use super::keras_file::Config;
use super::keras_graph;

#[derive(Debug, Deserialize)]
struct ModelConfig {
    config: Layers,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Layers {
    Named {
        #[serde(default)]
        layers: Vec<LayerConfig>,
    },
    /// As a sequential model had them before Keras 2.2.3.
    Listed(Vec<LayerConfig>),
}

/// A layer as the config lists it.
#[derive(Debug, Deserialize)]
pub(super) struct LayerConfig {
    /// `LSTM`.
    pub class_name: String,
    /// Its settings, `name` among them.
    #[serde(default)]
    pub config: Value,
    /// Where its inputs come from; empty in a sequential model.
    #[serde(default)]
    pub inbound_nodes: Vec<Value>,
}

/// Layers that change nothing once a network is trained, or only name the input.
const WITHOUT_EFFECT: [&str; 6] = [
    "InputLayer",
    "Dropout",
    "SpatialDropout1D",
    "GaussianNoise",
    "GaussianDropout",
    "ActivityRegularization",
];

/// The layers that have weights, in order. None where the config lists no layers, as that of a model of one's own class.
///
/// # Errors
/// A layer, or a setting, that makes it another network than any here.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Config>, ImportError> {
    let model: ModelConfig = serde_json::from_slice(bytes).map_err(|error| {
        let what = super::one_line(&error.to_string());
        if error.is_data() {
            ImportError::Unlisted { what }
        } else {
            ImportError::Broken { format: ".keras", what: format!("config.json: {what}") }
        }
    })?;
    let (Layers::Named { layers: listed } | Layers::Listed(listed)) = model.config;
    keras_graph::check_chain(&listed)?;
    let mut counts: Vec<(String, usize)> = Vec::new();
    let mut layers: Vec<Config> = Vec::new();
    for (place, layer) in listed.iter().enumerate() {
        let class = layer.class_name.as_str();
        if WITHOUT_EFFECT.contains(&class) {
            continue;
        }
        let Some(function) = function_layer(layer) else {
            layers.push(one(layer, &mut counts)?);
            continue;
        };
        let is_last =
            listed[place + 1..].iter().all(|above| WITHOUT_EFFECT.contains(&above.class_name.as_str()));
        // A function after the output is the output's own; anywhere else it makes another network.
        let output = layers
            .last_mut()
            .filter(|below| is_last && below.class == "Dense" && below.activation == "linear");
        match (function.as_str(), output) {
            ("linear", _) => {}
            ("softmax" | "sigmoid", Some(output)) => output.activation = function,
            _ => return Err(ImportError::OtherLayer { name: layer.name() }),
        }
    }
    Ok(layers)
}

/// The function of a layer that is nothing but one.
fn function_layer(layer: &LayerConfig) -> Option<String> {
    match layer.class_name.as_str() {
        "Activation" => Some(setting(&layer.config, "activation", "linear")),
        "Softmax" => Some("softmax".to_owned()),
        _ => None,
    }
}

fn one(layer: &LayerConfig, counts: &mut Vec<(String, usize)>) -> Result<Config, ImportError> {
    let mut class = layer.class_name.as_str();
    let mut config = &layer.config;
    let name = layer.name();
    let group = numbered(&snake(class), counts);
    if class == "TimeDistributed" {
        // The same layer at every step, which a dense layer over a sequence is anyway. A recurrent one would run over an
        // axis of its own in each step.
        let inner = &config["layer"];
        class = inner["class_name"].as_str().filter(|class| *class == "Dense").unwrap_or_default();
        config = &inner["config"];
    }
    let default = if class == "Dense" { "linear" } else { "tanh" };
    let activation = setting(config, "activation", default);
    let refuse = |setting: &str, value: &str| ImportError::Setting {
        name: name.clone(),
        setting: setting.to_owned(),
        value: value.to_owned(),
    };
    let is_on = |setting: &str| config[setting] == Value::Bool(true);
    let mut reset_after = None;
    match class {
        "LSTM" | "GRU" | "SimpleRNN" => {
            if is_on("go_backwards") {
                return Err(refuse("go_backwards", "True"));
            }
            if class != "SimpleRNN" {
                if activation != "tanh" {
                    return Err(refuse("activation", &activation));
                }
                let gates = setting(config, "recurrent_activation", "sigmoid");
                if gates != "sigmoid" {
                    return Err(refuse("recurrent_activation", &gates));
                }
            }
            reset_after = config["reset_after"].as_bool();
        }
        "Dense" => {
            if !["linear", "softmax", "sigmoid"].contains(&activation.as_str()) {
                return Err(refuse("activation", &activation));
            }
        }
        // Steps whose symbol is the first one would be passed over.
        "Embedding" if is_on("mask_zero") => return Err(refuse("mask_zero", "True")),
        "Embedding" => {}
        "Bidirectional" => return Err(ImportError::Bidirectional { name }),
        _ => return Err(ImportError::OtherLayer { name }),
    }
    Ok(Config { class: class.to_owned(), group, name, activation, reset_after })
}

impl LayerConfig {
    /// What it is called; its class where it has no name.
    pub(super) fn name(&self) -> String {
        self.config["name"].as_str().unwrap_or(&self.class_name).to_owned()
    }
}

/// A setting that is a name, or the name of an object's class: `{"class_name": "ReLU", …}`; of a function its own name.
fn setting(config: &Value, key: &str, default: &str) -> String {
    let value = &config[key];
    let class = value["class_name"].as_str().filter(|class| *class != "function");
    let name = value.as_str().or(class).or_else(|| value["config"].as_str());
    match name {
        Some(name) => name.to_owned(),
        None if value.is_null() => default.to_owned(),
        None => "?".to_owned(),
    }
}

/// `lstm`, then `lstm_1`: how Keras numbers the groups of a file of weights.
fn numbered(class: &str, counts: &mut Vec<(String, usize)>) -> String {
    match counts.iter_mut().find(|(known, _)| known == class) {
        Some((_, count)) => {
            *count += 1;
            format!("{class}_{count}")
        }
        None => {
            counts.push((class.to_owned(), 0));
            class.to_owned()
        }
    }
}

/// Keras's way from `SimpleRNN` to `simple_rnn` (keras/src/utils/naming.py).
fn snake(class: &str) -> String {
    let letters: Vec<char> = class.chars().collect();
    let mut text = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| letters.get(place));
        let next = letters.get(place + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || next.is_some_and(|next| next.is_lowercase())
            });
        if starts {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
