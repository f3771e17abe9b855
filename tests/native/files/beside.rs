//! Files of weights say little of what belongs together: modules in order, what stands beside the recurrent layers, and what
//! is refused or noted because it cannot be told.

use unrolled::engine::syntax::LossKind;
use unrolled::formats::import::{Imported, import};
use unrolled::formats::{ImportError, ImportNote};

/// A tensor's name, its shape, and the number that it is full of.
type Filled<'n> = (&'n str, &'n [usize], f32);

/// A safetensors file, with entries for its own table.
fn file(tensors: &[Filled<'_>], said: &[(&str, &str)]) -> Vec<u8> {
    let mut table = serde_json::Map::new();
    let mut data: Vec<u8> = Vec::new();
    for (name, shape, number) in tensors {
        let begin = data.len();
        (0..shape.iter().product()).for_each(|_| data.extend(number.to_le_bytes()));
        let entry =
            serde_json::json!({ "dtype": "F32", "shape": shape, "data_offsets": [begin, data.len()] });
        table.insert((*name).to_owned(), entry);
    }
    if !said.is_empty() {
        let said: serde_json::Map<_, _> =
            said.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
        table.insert("__metadata__".to_owned(), said.into());
    }
    let header = serde_json::to_vec(&table).unwrap();
    [&(header.len() as u64).to_le_bytes(), header.as_slice(), &data].concat()
}

/// A plain RNN without biases of a module, from `columns` to `rows` numbers.
fn rnn(module: &str, rows: usize, columns: usize, number: f32) -> Vec<(String, Vec<usize>, f32)> {
    vec![
        (format!("{module}.weight_ih_l0"), vec![rows, columns], number),
        (format!("{module}.weight_hh_l0"), vec![rows, rows], number),
    ]
}

fn taken_with(
    parts: &[Vec<(String, Vec<usize>, f32)>],
    beside: &[Filled<'_>],
) -> Result<Imported, ImportError> {
    let all = parts.iter().flatten().map(|(name, shape, number)| (name.as_str(), shape.as_slice(), *number));
    let all: Vec<Filled<'_>> = all.chain(beside.iter().copied()).collect();
    import("x.safetensors", &file(&all, &[]))
}

#[track_caller]
fn code(outcome: Result<Imported, ImportError>) -> &'static str {
    match outcome {
        Ok(imported) => panic!("taken: {:?}", imported.notes),
        Err(error) => error.code(),
    }
}

/// What the layers' weights are full of, the lowest first.
fn numbers(imported: &Imported) -> Vec<f64> {
    imported.model.layers.iter().map(|layer| layer.weights[0].1[(0, 0)]).collect()
}

const HEAD: [Filled<'static>; 2] = [("fc.weight", &[5, 4], 0.5), ("fc.bias", &[5], 0.5)];

#[test]
fn modules_whose_names_differ_by_a_number_stand_in_that_order() {
    for (one, other) in
        [("lstm", "lstm2"), ("rnn", "rnn_1"), ("net.rnn", "net.rnn10"), ("cells.0", "cells.1")]
    {
        let parts = [rnn(other, 4, 4, 0.25), rnn(one, 4, 4, 0.125)];
        let imported = taken_with(&parts, &HEAD).unwrap_or_else(|error| panic!("{one}: {error}"));
        assert_eq!(numbers(&imported), [0.125, 0.25], "{one}");
        assert!(!imported.notes.iter().any(|note| matches!(note, ImportNote::OrderBySizes { .. })));
    }
}

#[test]
fn other_modules_are_a_stack_only_where_their_sizes_allow_one_order() {
    let parts = [rnn("above", 4, 3, 0.25), rnn("below", 3, 6, 0.125)];
    let imported = taken_with(&parts, &HEAD).unwrap();
    assert_eq!(numbers(&imported), [0.125, 0.25]);
    assert!(imported.notes.contains(&ImportNote::OrderBySizes { names: "below, above".into() }));
    // An encoder and a decoder, a copy of all weights, two directions made by hand.
    for pair in [["encoder", "decoder"], ["ema.rnn", "rnn"], ["forwards", "backwards"]] {
        assert_eq!(code(taken_with(&pair.map(|name| rnn(name, 4, 4, 0.5)), &HEAD)), "order", "{pair:?}");
        assert_eq!(code(taken_with(&pair.map(|name| rnn(name, 4, 7, 0.5)), &HEAD)), "order", "{pair:?}");
    }
}

#[test]
fn tensors_that_share_their_numbers_are_read_by_both_names() {
    let parts = rnn("rnn", 4, 4, 0.5);
    let all = parts.iter().map(|(name, shape, number)| (name.as_str(), shape.as_slice(), *number));
    let kept: [Filled<'_>; 2] = [("decoder.weight", &[7, 4], 0.25), ("decoder.bias", &[7], 0.0)];
    let all: Vec<Filled<'_>> = all.chain(kept).collect();
    let imported = import("x.safetensors", &file(&all, &[("encoder.weight", "decoder.weight")])).unwrap();
    assert_eq!((imported.model.input, imported.model.output), (7, 7));
    assert!(
        imported.notes.contains(&ImportNote::Embedding { name: "encoder".into() }),
        "{:?}",
        imported.notes
    );
}

#[test]
fn a_module_of_two_names_is_read_once() {
    let parts = rnn("rnn", 4, 4, 0.5);
    let all = parts.iter().map(|(name, shape, number)| (name.as_str(), shape.as_slice(), *number));
    let all: Vec<Filled<'_>> = all.chain(HEAD).collect();
    let names = [
        ("layers.0.weight_ih_l0", "rnn.weight_ih_l0"),
        ("layers.0.weight_hh_l0", "rnn.weight_hh_l0"),
        ("layers.1.weight", "fc.weight"),
        ("layers.1.bias", "fc.bias"),
    ];
    let imported = import("x.safetensors", &file(&all, &names)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((imported.model.layers.len(), imported.model.output), (1, 5));
}

#[test]
fn another_layer_s_weights_are_refused_and_a_buffer_is_noted() {
    let with = |beside: &[Filled<'_>]| taken_with(&[rnn("rnn", 4, 6, 0.5)], &[beside, &HEAD].concat());
    for other in ["norm.weight", "norm.bias", "bn.running_mean", "prelu.weight", "fc2.weight_g", "conv.gamma"]
    {
        assert_eq!(code(with(&[(other, &[4], 1.0)])), "other_layer", "{other}");
    }
    assert_eq!(code(with(&[("conv.weight", &[4, 6, 3], 1.0)])), "other_layer");
    for buffer in ["positions", "criterion.weight", "loss_weights"] {
        let imported = with(&[(buffer, &[4], 1.0)]).unwrap_or_else(|error| panic!("{buffer}: {error}"));
        assert!(
            imported.notes.contains(&ImportNote::Ignored { names: buffer.into() }),
            "{:?}",
            imported.notes
        );
    }
}

#[test]
fn what_stands_beside_the_layers_is_told_by_shape_and_name_or_asked_for() {
    let with = |columns: usize, beside: &[Filled<'_>]| taken_with(&[rnn("rnn", 4, columns, 0.5)], beside);
    let sizes = |columns: usize, beside: &[Filled<'_>]| {
        let imported = with(columns, beside).unwrap_or_else(|error| panic!("{beside:?}: {error}"));
        (imported.model.input, imported.model.output)
    };
    // n_x = n_a = 4: a matrix of 7 × 4 without a bias could be either.
    for name in ["Embedding.weight", "wordEmb.weight", "model.embed_tokens.weight", "wte.weight"] {
        assert_eq!(sizes(4, &[(name, &[7, 4], 0.5)]), (7, 7), "{name}: an embedding");
    }
    for name in ["head_member.weight", "unembed.weight", "decoder.weight", "lm_head.weight"] {
        assert_eq!(sizes(4, &[(name, &[7, 4], 0.5)]), (4, 7), "{name}: the output");
    }
    assert_eq!(code(with(4, &[("tok.weight", &[7, 4], 0.5)])), "ambiguous");
    // One of two: it is what the other is not.
    assert_eq!(sizes(4, &[("tok.weight", &[7, 4], 0.5), HEAD[0], HEAD[1]]), (7, 5));
    let both = [("encoder.weight", &[7usize, 4][..], 0.5), ("decoder.weight", &[7, 4], 0.25)];
    assert_eq!(sizes(4, &both), (7, 7), "PyTorch's language model without biases");
    // A square one between the layers could stand either way.
    assert_eq!(code(with(4, &[("mid.weight", &[4, 4], 0.5), HEAD[0], HEAD[1]])), "ambiguous");
    // A dense layer below: called so, or square where an embedding would be.
    assert_eq!(
        code(with(6, &[("input_linear.weight", &[6, 4], 0.5), ("input_linear.bias", &[6], 0.5)])),
        "other_layer"
    );
    assert_eq!(code(with(6, &[("below.weight", &[6, 6], 0.5), HEAD[0], HEAD[1]])), "other_layer");
    let two = [("emb_a.weight", &[7usize, 4][..], 0.5), ("emb_b.weight", &[9, 4], 0.5)];
    assert_eq!(code(with(4, &two)), "other_layer");
}

#[test]
fn one_output_is_logistic() {
    let one: [Filled<'_>; 2] = [("fc.weight", &[1, 4], 0.5), ("fc.bias", &[1], 0.5)];
    let imported = taken_with(&[rnn("rnn", 4, 6, 0.5)], &one).unwrap();
    assert_eq!(imported.model.head.head.loss, LossKind::Logistic);
    assert!(imported.notes.contains(&ImportNote::OneOutput { name: "fc".into() }));
}
