//! The sentences about files.

use super::program::FileTrouble;
use crate::app::language::{say, say_with};
use crate::formats::parcel::{Export, Said};
use crate::view::saved::file::FORMAT as SAVED_WORK;
use crate::view::words::fill;

/// Why a file was not opened, or not written.
pub fn trouble(trouble: &FileTrouble) -> String {
    match trouble {
        FileTrouble::NotLoaded => say!(files.not_loaded).to_owned(),
        FileTrouble::Died => say!(files.reader_died).to_owned(),
        FileTrouble::Failed(what) => say_with!(files.export_failed; "what" => what),
        FileTrouble::Said(said) => sentence(said),
    }
}

/// The sentence of a code, with its values in their places.
pub fn sentence(said: &Said) -> String {
    let is_saved_work = || said.values.iter().any(|(_, value)| value.starts_with(SAVED_WORK));
    let words = match said.code.as_str() {
        "other_format" if is_saved_work() => say!(files.err_saved_work),
        "empty" => say!(files.err_empty),
        "too_large" => say!(files.err_too_large),
        "deep" => say!(files.err_deep),
        "onnx" => say!(files.err_onnx),
        "pickle" => say!(files.err_pickle),
        "unknown_format" => say!(files.err_unknown_format),
        "unlike" => say!(files.err_unlike),
        "cut_off" => say!(files.err_cut_off),
        "broken" => say!(files.err_broken),
        "not_keras" => say!(files.err_not_keras),
        "unlisted" => say!(files.err_unlisted),
        "syntax" => say!(files.err_syntax),
        "no_format" => say!(files.err_no_format),
        "other_format" => say!(files.err_other_format),
        "field" => say!(files.err_field),
        "field_missing" => say!(files.err_field_missing),
        "field_cell" => say!(files.err_field_cell),
        "result" => say!(files.err_result),
        "no_layer" => say!(files.err_no_layer),
        "missing" => say!(files.err_missing),
        "shape" => say!(files.err_shape),
        "number_kind" => say!(files.err_number_kind),
        "not_finite" => say!(files.err_not_finite),
        "bidirectional" => say!(files.err_bidirectional),
        "projection" => say!(files.err_projection),
        "setting" => say!(files.err_setting),
        "other_layer" => say!(files.err_other_layer),
        "order" => say!(files.err_order),
        "heads" => say!(files.err_heads),
        "ambiguous" => say!(files.err_ambiguous),
        "graph" => say!(files.err_graph),
        "other_output" => say!(files.err_other_output),
        "no_sentence" => say!(files.err_no_sentence),
        "taken" => say!(files.note_taken),
        "biases_added" => say!(files.note_biases_added),
        "gate_flipped" => say!(files.note_gate_flipped),
        "reset_after" => say!(files.note_reset_after),
        "assumed_tanh" => say!(files.note_assumed_tanh),
        "half_precision" => say!(files.note_half_precision),
        "no_bias" => say!(files.note_no_bias),
        "assumed_defaults" => say!(files.note_assumed_defaults),
        "assumed_reset_after" => say!(files.note_assumed_reset_after),
        "order_by_sizes" => say!(files.note_order_by_sizes),
        "one_output" => say!(files.note_one_output),
        "no_head" => say!(files.note_no_head),
        "embedding" => say!(files.note_embedding),
        "ignored" => say!(files.note_ignored),
        "first_sample" => say!(files.note_first_sample),
        _ => return said.code.clone(),
    };
    let values: Vec<(&str, &str)> =
        said.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fill(words, &values)
}

/// What an export is called, and what it is good for.
pub fn export(what: Export) -> (&'static str, &'static str) {
    match what {
        Export::Experiment => (say!(files.experiment), say!(files.experiment_note)),
        Export::Trace => (say!(files.trace), say!(files.trace_note)),
        Export::Safetensors => (say!(files.safetensors), say!(files.safetensors_note)),
        Export::NumPy => (say!(files.numpy), say!(files.numpy_note)),
        Export::PyTorch => (say!(files.pytorch), say!(files.pytorch_note)),
        Export::Keras => (say!(files.keras), say!(files.keras_note)),
        Export::Latex => (say!(files.latex), say!(files.latex_note)),
        Export::Csv => (say!(files.csv), say!(files.csv_note)),
    }
}
