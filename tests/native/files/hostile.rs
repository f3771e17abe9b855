//! Files that nobody meant to be read: cut off, changed, made up. Each gets an error, none a panic, and quickly.

use proptest::prelude::*;
use unrolled::formats::ImportError;
use unrolled::formats::import::import;

const FILES: [&str; 6] = [
    "torch-lstm.safetensors",
    "torch-gru.safetensors",
    "keras-lstm.keras",
    "keras-gru.weights.h5",
    "keras-old.h5",
    "keras-rnn-relu.keras",
];

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/files/models/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Reading it may succeed or fail; what is asked is that it ends.
fn read(name: &str, bytes: &[u8]) {
    if let Ok(imported) = import(name, bytes) {
        let _ = imported.experiment();
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_gets_an_error() {
    for name in FILES {
        let bytes = file(name);
        let step = (bytes.len() / 400).max(1);
        for end in (0..bytes.len()).step_by(step) {
            assert!(import(name, &bytes[..end]).is_err() || name.ends_with("h5"), "{name} cut at {end}");
        }
    }
}

#[test]
fn a_file_that_declares_more_than_it_holds_gets_an_error_at_once() {
    // A header of eight exabytes, a tensor of 2^60 numbers.
    let mut long = u64::MAX.to_le_bytes().to_vec();
    long.extend(b"{}");
    assert!(import("x.safetensors", &long).is_err());
    let header = br#"{"weight_ih_l0":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,8]}}"#;
    let mut wide = (header.len() as u64).to_le_bytes().to_vec();
    wide.extend(header);
    wide.extend([0; 8]);
    assert!(import("x.safetensors", &wide).is_err());
    // Brackets without an end.
    let deep = "[".repeat(200_000);
    let mut nested = (deep.len() as u64 + 5).to_le_bytes().to_vec();
    nested.extend(format!("{{\"a\":{deep}").bytes());
    assert!(import("x.safetensors", &nested).is_err());
    assert!(import("x.json", format!("{{\"format\":{deep}").as_bytes()).is_err());
}

/// A safetensors file of zeros in half precision.
fn zeros(tensors: &[(&str, [usize; 2])]) -> Vec<u8> {
    let mut end = 0;
    let entries: Vec<String> = tensors
        .iter()
        .map(|(name, [rows, columns])| {
            let begin = end;
            end += 2 * rows * columns;
            // A bias has one axis.
            let shape = if *columns == 1 && name.contains("bias") {
                format!("[{rows}]")
            } else {
                format!("[{rows},{columns}]")
            };
            format!("\"{name}\":{{\"dtype\":\"F16\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}")
        })
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.resize(bytes.len() + end, 0);
    bytes
}

#[test]
fn a_small_file_whose_matrices_multiply_to_a_large_one_is_refused() {
    // 2 MB, of which an embedding and a layer would make 400 million numbers.
    let embedded = zeros(&[
        ("embedding.weight", [200_000, 1]),
        ("rnn.weight_ih_l0", [2000, 1]),
        ("rnn.weight_hh_l0", [2000, 500]),
        ("rnn.bias_ih_l0", [2000, 1]),
        ("rnn.bias_hh_l0", [2000, 1]),
    ]);
    // No head: one of 100 million zeros would be put in its place.
    let headless = zeros(&[
        ("rnn.weight_ih_l0", [1, 100_000]),
        ("rnn.weight_hh_l0", [1, 1]),
        ("rnn.weight_ih_l1", [1000, 1]),
        ("rnn.weight_hh_l1", [1000, 1000]),
    ]);
    for bytes in [embedded, headless] {
        let refused = import("x.safetensors", &bytes).map(drop).unwrap_err();
        assert!(matches!(refused, ImportError::TooLarge { .. }), "{refused}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(
        which in 0..FILES.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = file(FILES[which]);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read(FILES[which], &bytes);
    }

    #[test]
    fn made_up_bytes_never_panic(
        start in prop::sample::select(vec![&b""[..], b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"\x10\0\0\0\0\0\0\0{", b"{\"format\":", b"\x08\x07"]),
        rest in proptest::collection::vec(any::<u8>(), 0..400),
        name in prop::sample::select(vec!["a.h5", "a.keras", "a.safetensors", "a.json", "a.onnx", "a"]),
    ) {
        let bytes = [start, &rest].concat();
        read(name, &bytes);
    }

    #[test]
    fn made_up_tables_of_tensors_never_panic(
        tensors in proptest::collection::btree_map(
            prop::sample::select(vec![
                "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l1", "weight_hh_l1", "weight_ih", "weight_hh",
                "rnn.weight_ih_l0", "rnn.weight_hh_l0", "head.weight", "head.bias", "emb.weight", "layers.0.W_c", "weight",
            ]),
            proptest::collection::vec(0usize..7, 0..3),
            0..8,
        ),
    ) {
        let mut header = serde_json::Map::new();
        let mut end = 0;
        for (name, shape) in &tensors {
            let bytes = 4 * shape.iter().product::<usize>();
            header.insert((*name).to_owned(), serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [end, end + bytes]}));
            end += bytes;
        }
        let header = serde_json::to_vec(&header).unwrap();
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header);
        bytes.resize(bytes.len() + end, 0);
        read("x.safetensors", &bytes);
    }
}
