//! Files of PyTorch and Keras give the numbers that those programs gave (see `tests/files/*_models.py`).

use serde_json::Value;
use unrolled::engine::presets::counterparts;
use unrolled::engine::syntax::LossKind;
use unrolled::engine::trace::{Labels, LossAt, TraceInput, trace};
use unrolled::formats::import::{Imported, import};
use unrolled::formats::{ImportError, ImportNote, safetensors};

use super::exported::{network, sentence};
use crate::reference::command::run;

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/files/models/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn said(name: &str) -> Value {
    serde_json::from_slice(&file(name)).unwrap()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    serde_json::from_value(value.clone()).unwrap()
}

#[track_caller]
fn taken(name: &str) -> Imported {
    import(name, &file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn close(what: &str, found: ndarray::ArrayView1<'_, f64>, expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= tolerance, "{what}: {f} instead of {e}");
    }
}

/// The states of the top layer and what comes out of the head, over the ids that the other program read.
#[track_caller]
fn check(name: &str, expected: &Value, out: &str, tolerance: f64) -> Imported {
    let imported = taken(name);
    let model = &imported.model;
    let ids: Vec<usize> = serde_json::from_value(expected["ids"].clone()).unwrap();
    let steps = ids.len();
    let x = ndarray::Array3::from_shape_fn((steps, model.input, 1), |(step, row, _)| {
        f64::from(u8::from(ids[step] == row))
    });
    let y = match model.head.head.loss {
        LossKind::SoftmaxCrossEntropy => Labels::Ids(ndarray::Array2::zeros((steps, 1))),
        LossKind::Logistic => Labels::Binary(ndarray::Array3::zeros((steps, model.output, 1))),
    };
    let input = TraceInput {
        x,
        y,
        lengths: vec![steps],
        initial: Vec::new(),
        loss_at: LossAt::EveryStep,
        holds: Vec::new(),
    };
    let trace = trace(model, &input).unwrap();
    let top = model.layers.last().unwrap();
    let states = trace.layers.last().unwrap().value(&top.cell.output).unwrap();
    for (step, expected) in rows(&expected["a"]).iter().enumerate() {
        close(
            &format!("{name}: a<{}>", step + 1),
            states.slice(ndarray::s![step, .., 0]),
            expected,
            tolerance,
        );
    }
    if let Some(found) = match out {
        "logits" => Some(&trace.head.logits),
        "yhat" => Some(&trace.head.yhat),
        _ => None,
    } {
        let key = if expected.get("logits").is_some() { "logits" } else { "out" };
        for (step, expected) in rows(&expected[key]).iter().enumerate() {
            close(
                &format!("{name}: {out}<{}>", step + 1),
                found.slice(ndarray::s![step, .., 0]),
                expected,
                tolerance,
            );
        }
    }
    imported
}

#[test]
fn pytorch_s_layers_give_pytorch_s_numbers() {
    let expected = said("torch.json");
    let check = |name: &str, out: &str| check(name, &expected[name], out, 1e-12);
    let lstm = check("torch-lstm.safetensors", "logits");
    assert_eq!(lstm.model.layers.len(), 2);
    assert!(lstm.notes.contains(&ImportNote::BiasesAdded));
    let gru = check("torch-gru.safetensors", "logits");
    // The notes' GRU cannot hold it, so it is the cell that can, with an embedding folded in.
    assert!(gru.model.layers[0].cell.is_same(&counterparts()[0].cell));
    assert!(gru.notes.contains(&ImportNote::ResetAfter) && gru.notes.contains(&ImportNote::GateFlipped));
    assert!(gru.notes.contains(&ImportNote::Embedding { name: "emb".into() }));
    let rnn = check("torch-rnn.safetensors", "");
    assert!(rnn.notes.contains(&ImportNote::NoHead) && rnn.notes.contains(&ImportNote::AssumedTanh));
    let half = check("torch-half.safetensors", "");
    assert!(half.notes.contains(&ImportNote::HalfPrecision));
}

#[test]
fn keras_s_layers_give_keras_s_numbers() {
    let expected = said("keras.json");
    let check = |name: &str, out: &str| check(name, &expected[name], out, 2e-6);
    assert_eq!(check("keras-lstm.keras", "yhat").model.layers.len(), 2);
    let gru = check("keras-gru.weights.h5", "logits");
    assert!(gru.notes.contains(&ImportNote::ResetAfter));
    let before = check("keras-gru-before.keras", "yhat");
    assert_eq!(before.model.head.head.loss, LossKind::Logistic);
    assert!(!before.notes.contains(&ImportNote::ResetAfter));
    check("keras-rnn.weights.h5", "");
    let relu = check("keras-rnn-relu.keras", "logits");
    assert!(!relu.notes.contains(&ImportNote::AssumedTanh));
    let mixed = check("keras-mixed.weights.h5", "logits");
    assert!(mixed.notes.contains(&ImportNote::AssumedDefaults), "{:?}", mixed.notes);
    check("keras-old.h5", "logits");
    // A layer called as another one's weights; what an older file says of its layers.
    check("keras-renamed.keras", "yhat");
    let whole = check("keras-whole.h5", "yhat");
    assert_eq!(whole.model.head.head.loss, LossKind::Logistic);
    assert!(!whole.notes.contains(&ImportNote::AssumedDefaults), "{:?}", whole.notes);
}

#[track_caller]
fn refused(name: &str, bytes: &[u8]) -> ImportError {
    match import(name, bytes) {
        Ok(imported) => panic!("{name}: taken, {:?}", imported.notes),
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            error
        }
    }
}

#[test]
fn what_the_equations_cannot_hold_is_refused_with_its_reason() {
    let refused = |name: &str| refused(name, &file(name)).code();
    assert_eq!(refused("torch-bidirectional.safetensors"), "bidirectional");
    assert_eq!(refused("torch-projection.safetensors"), "projection");
    assert_eq!(refused("keras-bidirectional.keras"), "bidirectional");
    assert_eq!(refused("keras-relu-lstm.keras"), "setting");
    assert_eq!(refused("keras-gate-object.keras"), "setting");
    assert_eq!(refused("keras-mask.keras"), "setting");
    assert_eq!(refused("keras-softmax-between.keras"), "other_layer");
    assert_eq!(refused("keras-encoder-decoder.keras"), "graph");
}

#[test]
fn onnx_and_pickles_are_refused_in_words_that_name_the_formats_that_work() {
    let onnx = b"\x08\x07\x12\x07pytorch\x1a\x052.1.0:\x0fonnx graph";
    for (name, bytes, code) in [
        ("model.onnx", &onnx[..], "onnx"),
        ("model", &onnx[..], "onnx"),
        ("model.onnx", b"\x12\x34", "onnx"),
        ("model.pt", b"PK\x03\x04\x00\x00archive/data.pkl", "pickle"),
        ("model.pkl", b"\x80\x04\x95", "pickle"),
    ] {
        let error = refused(name, bytes);
        assert_eq!(error.code(), code, "{name}");
        assert!(error.to_string().contains(".safetensors, .weights.h5, .keras"), "{error}");
    }
    assert_eq!(refused("x.bin", b"").code(), "empty");
    assert_eq!(refused("picture.png", b"\x89PNG\r\n\x1a\n").code(), "unknown_format");
    assert_eq!(refused("e.json", b"{\"format\": \"unrolled-draw/1\"}").code(), "other_format");
}

#[test]
fn a_name_that_promises_what_the_first_bytes_are_not_is_said_to() {
    let noise: Vec<u8> = (0..500u32).map(|place| (place * 167 + 13) as u8).collect();
    for name in ["model.keras", "model.weights.h5", "model.HDF5", "model.safetensors", "model.json"] {
        let error = refused(name, &noise);
        assert_eq!(error.code(), "unlike", "{name}");
        assert!(name.to_lowercase().ends_with(&error.arguments()[0].1), "{name}: {error}");
    }
    assert_eq!(refused("noise", &noise).code(), "unknown_format");
    // Behind a block of a program's own, HDF5 is HDF5.
    let mut behind = vec![0; 512];
    behind.extend(file("keras-old.h5"));
    assert_ne!(import("model", &behind).map_or_else(|error| error.code(), |_| "read"), "unknown_format");
}

#[test]
fn a_file_is_said_to_be_cut_off_only_where_it_ends_too_early() {
    for name in ["torch-lstm.safetensors", "keras-lstm.keras", "keras-gru.weights.h5", "keras-old.h5"] {
        let bytes = file(name);
        for end in [bytes.len() / 10, bytes.len() / 4] {
            assert_eq!(refused(name, &bytes[..end]).code(), "cut_off", "{name} cut at {end}");
        }
    }
    let cut = br#"{"format":"unrolled-experiment/1","model":{"cel"#;
    assert_eq!(refused("e.json", cut).code(), "cut_off");
    // A header that is no table, an archive whose list is damaged.
    let mut bytes = file("torch-lstm.safetensors");
    bytes[9] = b'}';
    assert_eq!(refused("torch-lstm.safetensors", &bytes).code(), "broken");
    let mut bytes = file("keras-lstm.keras");
    let list = bytes.windows(4).rposition(|part| part == b"PK\x01\x02").expect("a list");
    bytes[list] = 0;
    assert_eq!(refused("keras-lstm.keras", &bytes).code(), "broken");
    assert_eq!(refused("a.zip", &EMPTY_ZIP).arguments(), [("name", "config.json".to_owned())]);
    assert_eq!(refused("a.zip", &EMPTY_ZIP).code(), "not_keras");
}

/// The end of a list of nothing, after the mark of a file's beginning.
const EMPTY_ZIP: [u8; 26] = {
    let mut bytes = [0; 26];
    (bytes[0], bytes[1], bytes[2], bytes[3]) = (b'P', b'K', 3, 4);
    (bytes[4], bytes[5], bytes[6], bytes[7]) = (b'P', b'K', 5, 6);
    bytes[20] = 4;
    bytes
};

#[test]
fn what_is_wrong_with_an_experiment_is_told_without_a_parser_s_words() {
    let said = |text: &str| {
        let error = refused("e.json", text.as_bytes());
        let values: Vec<String> = error.arguments().into_iter().map(|(_, value)| value).collect();
        format!("{} {}", error.code(), values.join(" "))
    };
    assert_eq!(said("{\"a\":1}"), "no_format ");
    assert_eq!(said("[1, 2]"), "no_format ");
    assert_eq!(said("\u{feff}{\"format\": 1}"), "no_format ");
    assert_eq!(said("{\"format\": \"unrolled-trace/1\"}"), "result unrolled-trace/1");
    assert_eq!(said("{\"format\": \"unrolled-experiment/2\"}"), "other_format unrolled-experiment/2");
    assert_eq!(said("{\"format\":\n  oops}"), "syntax 2 3");
    assert_eq!(said("{\"format\": \"unrolled-experiment/1\"}"), "field_missing model");
    assert_eq!(said("{\"format\": \"unrolled-experiment/1\", \"model\": {}}"), "field_missing model.cells");
    assert_eq!(said("{\"format\": \"unrolled-experiment/1\", \"modle\": {}}"), "field modle");
}

#[test]
fn our_own_safetensors_come_back_to_the_same_bits_whatever_the_cell() {
    let own = "state a, m\na<t> = tanh(W_a [m<t-1>, x<t>] + p_a * a<t-1>)\nm<t> = a<t> - m<t-1>\n";
    let texts = unrolled::engine::presets::presets()
        .iter()
        .chain(counterparts())
        .map(|preset| preset.cell.text.as_str());
    for text in texts.chain([own]) {
        for layers in [1, 3] {
            let model = network(&vec![text; layers], 3, 4);
            let vocabulary: Vec<String> = ["a", "测", "\"", "<EOS>"].map(str::to_owned).to_vec();
            let bytes = safetensors::write(&model, Some(&vocabulary)).unwrap();
            assert_eq!(bytes, safetensors::write(&model, Some(&vocabulary)).unwrap());
            let back = import("x.safetensors", &bytes).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(back.model, model, "{text}");
            assert_eq!(back.vocabulary.as_ref(), Some(&vocabulary));
        }
    }
}

#[test]
fn more_layers_than_anybody_stacks_are_refused_whosever_file_it_is() {
    let text = unrolled::engine::presets::preset("rnn").unwrap().cell.text.as_str();
    let refused = |layers: usize| {
        let bytes = safetensors::write(&network(&vec![text; layers], 1, 1), None).unwrap();
        import("x.safetensors", &bytes).err().map(|error| error.to_string())
    };
    assert_eq!(refused(64), None);
    assert_eq!(refused(65).as_deref(), Some("65 recurrent layers, more than the 64 that are taken"));
    // As PyTorch names them, with nothing in the file that says whose it is.
    let bytes = torch(70);
    let error = import("x.safetensors", &bytes).expect_err("too many");
    assert_eq!(error.code(), "deep");
}

/// So many layers of one unit, as PyTorch saves them.
fn torch(layers: usize) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    let mut end = 0;
    for layer in 0..layers {
        for name in ["weight_ih", "weight_hh"] {
            let tensor = serde_json::json!({"dtype": "F32", "shape": [1, 1], "data_offsets": [end, end + 4]});
            header.insert(format!("rnn.{name}_l{layer}"), tensor);
            end += 4;
        }
    }
    let header = Value::Object(header).to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + end, 0);
    bytes
}

#[test]
fn a_cell_without_parameters_comes_back_with_the_size_that_its_readers_have() {
    // Under the head, under a cell that has weights, above one, and alone three times.
    let bare = "state a\na<t> = tanh(a<t-1> + x<t>)";
    let full = "state a\na<t> = tanh(W_a [a<t-1>, x<t>])";
    let lstm = unrolled::engine::presets::preset("lstm").unwrap().cell.text.as_str();
    for texts in [&[bare][..], &[bare, full], &[full, bare], &[bare, lstm], &[bare, bare, bare]] {
        let model = network(texts, 3, 3);
        let bytes = safetensors::write(&model, None).unwrap();
        let back = import("x.safetensors", &bytes).unwrap_or_else(|error| panic!("{texts:?}: {error}"));
        assert_eq!(back.model, model, "{texts:?}");
    }
}

/// A safetensors file as its header and its numbers.
fn opened(bytes: &[u8]) -> (Value, &[u8]) {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    (serde_json::from_slice(&bytes[8..8 + length]).unwrap(), &bytes[8 + length..])
}

/// The file of a header and numbers.
fn closed(header: &Value, data: &[u8]) -> Vec<u8> {
    let header = serde_json::to_vec(header).unwrap();
    [&(header.len() as u64).to_le_bytes(), header.as_slice(), data].concat()
}

#[test]
fn weights_in_pytorch_s_names_are_read_as_pytorch_s_own_when_nothing_is_said_beside_them() {
    // The same tensors without the file's own table: an LSTM keeps its numbers.
    let model = network(&[unrolled::engine::presets::preset("lstm").unwrap().cell.text.as_str()], 3, 4);
    let bytes = safetensors::write(&model, None).unwrap();
    let (mut header, data) = opened(&bytes);
    header.as_object_mut().unwrap().remove("__metadata__");
    assert!(header.get("rnn.weight_ih_l0").is_some() && header.get("head.bias").is_some());
    let back = import("x.safetensors", &closed(&header, data)).unwrap();
    let (one, other) =
        (trace(&model, &sentence(4, &[1, 0, 3])), trace(&back.model, &sentence(4, &[1, 0, 3])));
    assert_eq!(one.unwrap().head.yhat, other.unwrap().head.yhat);
}

#[test]
fn of_two_matrices_that_could_be_the_output_the_one_without_a_bias_is_the_embedding() {
    // PyTorch's example of a language model: encoder and decoder, of one size.
    let lstm = network(&[unrolled::engine::presets::preset("lstm").unwrap().cell.text.as_str()], 3, 3);
    let bytes = safetensors::write(&lstm, None).unwrap();
    let (mut header, data) = opened(&bytes);
    let table = header.as_object_mut().unwrap();
    table.remove("__metadata__");
    let (weight, bias) = (table.remove("head.weight").unwrap(), table.remove("head.bias").unwrap());
    table.insert("decoder.weight".into(), weight);
    table.insert("decoder.bias".into(), bias);
    let numbers: Vec<f32> = (0..15).map(|number| number as f32 / 8.0).collect();
    let end = data.len();
    let encoder = serde_json::json!({ "dtype": "F32", "shape": [5, 3], "data_offsets": [end, end + 60] });
    table.insert("encoder.weight".into(), encoder);
    let kind = table["decoder.weight"]["dtype"].clone();
    let mut file = closed(&header, data);
    file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    let taken = import("lm.safetensors", &file).unwrap_or_else(|error| panic!("{kind}: {error}"));
    assert_eq!((taken.model.input, taken.model.output), (5, 3));
    assert!(taken.notes.contains(&ImportNote::Embedding { name: "encoder".into() }), "{:?}", taken.notes);
    assert!(!taken.notes.iter().any(|note| matches!(note, ImportNote::Ignored { .. })), "{:?}", taken.notes);
}

#[test]
fn the_command_line_imports_and_exports() {
    let path = |name: &str| format!("{}/tests/files/models/{name}", env!("CARGO_MANIFEST_DIR"));
    let imported = run(&["import", &path("keras-lstm.keras")], b"");
    assert_eq!(imported.status, Some(0), "{}", imported.error);
    assert!(imported.error.contains("note: keras.layers.LSTM, layers: 2"), "{}", imported.error);
    let traced = run(&["trace", "-"], imported.out.as_bytes());
    assert_eq!(traced.status, Some(0), "{}", traced.error);
    for (flag, holds) in [
        ("--numpy", "import numpy as np"),
        ("--pytorch", "torch.nn.LSTM"),
        ("--keras", "keras.layers.LSTM"),
        ("--latex", "\\begin{align*}"),
        ("--csv", "layer,symbol,step,row,column,value,gradient"),
    ] {
        let exported = run(&["export", flag, "-"], imported.out.as_bytes());
        assert_eq!(exported.status, Some(0), "{flag}: {}", exported.error);
        assert!(exported.out.contains(holds), "{flag}");
    }
    let bad = run(&["import", &path("keras-relu-lstm.keras")], b"");
    assert_eq!((bad.status, bad.error.lines().count()), (Some(2), 1), "{}", bad.error);
    assert_eq!(run(&["export", "-"], b"{}").status, Some(2));
    assert_eq!(run(&["export", "--numpy", "--keras", "-"], b"{}").status, Some(2));
    let rounded = run(&["export", "--csv", "-", "--precision", "f32"], imported.out.as_bytes());
    assert_eq!(rounded.status, Some(2));
    assert!(rounded.error.starts_with("--precision: "), "{}", rounded.error);
}
