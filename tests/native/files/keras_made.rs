//! What a `config.json` of Keras may say beside the same weights: layers that make another network are never taken for a stack.

use std::io::{Cursor, Read, Write};

use serde_json::{Value, json};
use unrolled::formats::import::import;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Two LSTM layers with a dense output, saved by Keras, with its config changed; the code of the refusal, or nothing.
#[track_caller]
fn refused(change: impl FnOnce(&mut Vec<Value>)) -> Option<&'static str> {
    let path = format!("{}/tests/files/models/keras-lstm.keras", env!("CARGO_MANIFEST_DIR"));
    let mut archive = ZipArchive::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let mut bytes = Vec::new();
    archive.by_name("config.json").unwrap().read_to_end(&mut bytes).unwrap();
    let mut config: Value = serde_json::from_slice(&bytes).unwrap();
    change(config["config"]["layers"].as_array_mut().unwrap());
    let mut changed = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["metadata.json", "model.weights.h5"] {
        changed.raw_copy_file(archive.by_name(name).unwrap()).unwrap();
    }
    changed.start_file("config.json", SimpleFileOptions::default()).unwrap();
    changed.write_all(config.to_string().as_bytes()).unwrap();
    import("made.keras", changed.finish().unwrap().get_ref()).err().map(|error| error.code())
}

/// Every layer on the one below, as a functional model says it.
fn chained(layers: &mut [Value]) {
    for place in 0..layers.len() {
        layers[place]["inbound_nodes"] = match place {
            0 => json!([]),
            _ => reads(&[&layers[place - 1]["config"]["name"]]),
        };
    }
}

fn reads(names: &[&Value]) -> Value {
    let tensors = names.iter().map(|name| json!({"config": {"keras_history": [name, 0, 0]}}));
    json!([{"args": tensors.collect::<Vec<_>>(), "kwargs": {}}])
}

#[test]
fn a_functional_model_is_taken_where_it_is_one_chain() {
    assert_eq!(refused(|_| {}), None, "as Keras saved it");
    assert_eq!(refused(|layers| chained(layers)), None);
    // input, lstm, dropout, lstm_1, dense
    assert_eq!(
        refused(|layers| {
            chained(layers);
            let second =
                json!({"class_name": "InputLayer", "config": {"name": "other"}, "inbound_nodes": []});
            layers.insert(2, second);
            layers[3]["inbound_nodes"] = reads(&[&json!("lstm")]);
            layers[4]["inbound_nodes"] = reads(&[&json!("other")]);
        }),
        Some("graph"),
        "two branches, each with an input of its own"
    );
    assert_eq!(
        refused(|layers| {
            chained(layers);
            layers[4]["inbound_nodes"] = reads(&[&json!("lstm"), &json!("lstm_1")]);
        }),
        Some("graph"),
        "a layer that reads two"
    );
    assert_eq!(
        refused(|layers| {
            chained(layers);
            layers[3]["inbound_nodes"] = reads(&[&json!("input_layer")]);
        }),
        Some("graph"),
        "a layer that passes over the one below"
    );
}

#[test]
fn a_layer_of_the_config_without_weights_in_the_file_is_missed() {
    assert_eq!(
        refused(|layers| {
            let mut third = layers[3].clone();
            third["config"]["name"] = json!("lstm_2");
            layers.insert(4, third);
        }),
        Some("missing")
    );
}

#[test]
fn a_recurrent_layer_inside_of_every_step_is_another_network() {
    let inside = |class: &str| {
        refused(|layers| {
            let place = if class == "Dense" { 4 } else { 3 };
            let inner = layers[place].clone();
            layers[place] =
                json!({"class_name": "TimeDistributed", "config": {"name": "td", "layer": inner}});
        })
    };
    assert_eq!(inside("LSTM"), Some("other_layer"));
    // Its group is called after the outer layer, which this file's is not.
    assert_eq!(inside("Dense"), Some("missing"));
}
