//! `config.json` of a `.keras` file: which layers there are, in order, and what they are set to.

use serde::Deserialize;
use serde_json::Value;

use super::import_error::ImportError;
use super::keras_file::Config;

#[derive(Debug, Deserialize)]
struct ModelConfig {
    config: Layers,
}

#[derive(Debug, Deserialize)]
struct Layers {
    #[serde(default)]
    layers: Vec<LayerConfig>,
}

#[derive(Debug, Deserialize)]
struct LayerConfig {
    class_name: String,
    #[serde(default)]
    config: Value,
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

/// The layers that have weights, in order.
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
    let mut counts: Vec<(String, usize)> = Vec::new();
    let mut layers = Vec::new();
    for layer in &model.config.layers {
        if WITHOUT_EFFECT.contains(&layer.class_name.as_str()) {
            continue;
        }
        layers.push(one(layer, &mut counts)?);
    }
    Ok(layers)
}

fn one(layer: &LayerConfig, counts: &mut Vec<(String, usize)>) -> Result<Config, ImportError> {
    let mut class = layer.class_name.as_str();
    let mut config = &layer.config;
    let name = text(config, "name").unwrap_or(class).to_owned();
    let group = numbered(&snake(class), counts);
    if class == "TimeDistributed" {
        // The same layer at every step, which a dense layer over a sequence is anyway.
        let inner = &config["layer"];
        class = inner["class_name"].as_str().unwrap_or_default();
        config = &inner["config"];
    }
    let activation = text(config, "activation").unwrap_or("linear").to_owned();
    let other = || ImportError::OtherLayer { name: name.clone() };
    let refuse = |setting: &str, value: &str| ImportError::Setting {
        name: name.clone(),
        setting: setting.to_owned(),
        value: value.to_owned(),
    };
    let mut reset_after = None;
    match class {
        "LSTM" | "GRU" | "SimpleRNN" => {
            if config["go_backwards"] == Value::Bool(true) {
                return Err(refuse("go_backwards", "True"));
            }
            if class != "SimpleRNN" {
                if activation != "tanh" {
                    return Err(refuse("activation", &activation));
                }
                let gates = text(config, "recurrent_activation").unwrap_or("sigmoid");
                if gates != "sigmoid" {
                    return Err(refuse("recurrent_activation", gates));
                }
            }
            reset_after = config["reset_after"].as_bool();
        }
        "Dense" => {
            if !["linear", "softmax", "sigmoid"].contains(&activation.as_str()) {
                return Err(refuse("activation", &activation));
            }
        }
        "Embedding" => {}
        "Bidirectional" => return Err(ImportError::Bidirectional { name: name.clone() }),
        "Activation" | "Softmax" if class == "Softmax" || activation == "softmax" => {}
        _ => return Err(other()),
    }
    Ok(Config { class: class.to_owned(), groups: vec![group, name.clone()], activation, reset_after })
}

fn text<'v>(config: &'v Value, key: &str) -> Option<&'v str> {
    config[key].as_str()
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
