//! Exported programs print the trace's numbers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::{Array2, ArrayView3, Axis};
use serde_json::Value;
use unrolled::engine::facts::Facts;
use unrolled::engine::model::{HeadWeights, Layer, Model};
use unrolled::engine::presets::{self, counterparts};
use unrolled::engine::syntax::{LossKind, parse_cell};
use unrolled::engine::trace::{LossAt, Trace, TraceInput, trace};
use unrolled::formats::code::{Subject, ascii, keras, numpy, pytorch};
use unrolled::formats::experiment::{self, Experiment};
use unrolled::formats::fused::{Framework, fuse, native};

use super::python::{Printed, run};

const CLOSE: f64 = 1e-10;

/// NumPy implementations of what PyTorch and Keras document.
pub fn documented() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/documented")
}

/// Every model of the reference set: presets, cells of one's own, layers, batches, both losses, initial states.
fn reference() -> Vec<(String, Experiment<f64>)> {
    let path = format!("{}/tests/reference/cases/models.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let read = |case: &Value| {
        let name = case["name"].as_str().unwrap_or("?").to_owned();
        (name, experiment::read::<f64>(&case["experiment"].to_string()).unwrap())
    };
    let (refused, all): (Vec<_>, Vec<_>) = cases.iter().map(read).partition(|(_, one)| is_refused(one));
    // A program would normalise over samples that have ended; that one is said to be so, not written wrongly.
    assert_eq!(refused.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["own cell: batchnorm"]);
    assert!(all.len() >= 60);
    all
}

/// Whether no program is written: only ever for the lengths of its samples, by all three alike.
fn is_refused(one: &Experiment<f64>) -> bool {
    let subject = Subject { model: &one.model, input: &one.input };
    let refusals = [numpy(&subject), pytorch(&subject), keras(&subject)].map(Result::err);
    for error in refusals.iter().flatten() {
        assert!(error.to_string().starts_with("input.lengths: samples of different lengths"), "{error}");
    }
    assert_eq!(refusals.iter().flatten().count() % refusals.len(), 0, "{refusals:?}");
    refusals.iter().all(Option::is_some)
}

/// A network of a cell's text with weights that are easy to tell apart.
pub fn network(texts: &[&str], hidden: usize, symbols: usize) -> Model<f64> {
    let mut below = symbols;
    let mut count = 0.0_f64;
    let mut next = move || {
        count += 1.0;
        (count * 0.7).sin() * 0.8
    };
    let mut layers = Vec::new();
    for text in texts {
        let cell = Arc::new(parse_cell(text).unwrap());
        let weights = cell.parameters.iter().map(|known| {
            let size = (known.rows.size(hidden, below, 0), known.columns.size(hidden, below, 0));
            (known.name.clone(), Array2::from_shape_simple_fn(size, &mut next))
        });
        let weights = weights.collect();
        layers.push(Layer { cell, hidden, weights });
        below = hidden;
    }
    let weights = vec![
        ("W_ya".into(), Array2::from_shape_simple_fn((symbols, hidden), &mut next)),
        ("b_y".into(), Array2::from_shape_simple_fn((symbols, 1), &mut next)),
    ];
    let head = HeadWeights { head: Arc::new(presets::softmax_head()), weights };
    Model { layers, head, input: symbols, output: symbols }
}

/// A sentence of ids through it.
pub fn sentence(symbols: usize, ids: &[usize]) -> TraceInput<f64> {
    crate::common::sentence(ids, symbols, LossAt::EveryStep)
}

#[track_caller]
fn close(name: &str, what: &str, expected: impl Iterator<Item = f64>, printed: &Printed) {
    let found = printed.get(what).unwrap_or_else(|| panic!("{name}: {what} is not printed"));
    let expected: Vec<f64> = expected.collect();
    assert_eq!(expected.len(), found.len(), "{name}: {what}");
    for (e, f) in expected.iter().zip(found) {
        assert!((e - f).abs() <= CLOSE * e.abs().max(1.0), "{name}: {what}: {f} instead of {e}");
    }
}

/// Whether a program prints past the end of a sample what the trace has there. Where a framework runs a whole sequence by
/// itself, it shows the last output from there on: the same where the output is a state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PastEnds {
    AsTraced,
    Otherwise,
}

impl PastEnds {
    fn of(model: &Model<f64>, runs_by_itself: impl Fn(&Layer<f64>) -> bool) -> PastEnds {
        let differs =
            |layer: &Layer<f64>| runs_by_itself(layer) && !layer.cell.states.contains(&layer.cell.output);
        if model.layers.iter().any(differs) { PastEnds::Otherwise } else { PastEnds::AsTraced }
    }
}

/// A value at a step, of every sample of which the program says it.
#[track_caller]
fn close_at(
    name: &str,
    what: &str,
    values: ArrayView3<'_, f64>,
    step: usize,
    (lengths, past_ends): (&[usize], PastEnds),
    printed: &Printed,
) {
    let what = format!("{what}<{}>", step + 1);
    let found = printed.get(&what).unwrap_or_else(|| panic!("{name}: {what} is not printed"));
    let values = values.index_axis(Axis(0), step);
    assert_eq!(values.len(), found.len(), "{name}: {what}");
    for (((_, sample), e), f) in values.indexed_iter().zip(found) {
        let is_said = step < lengths[sample] || past_ends == PastEnds::AsTraced;
        assert!(!is_said || (e - f).abs() <= CLOSE * e.abs().max(1.0), "{name}: {what}: {f} instead of {e}");
    }
}

/// ŷ and the loss, which every program prints.
#[track_caller]
pub fn check_head(
    name: &str,
    subject: &Experiment<f64>,
    trace: &Trace<f64>,
    past_ends: PastEnds,
    printed: &Printed,
) {
    let ends = (subject.input.lengths.as_slice(), past_ends);
    for step in 0..subject.input.x.dim().0 {
        close_at(name, "yhat", trace.head.yhat.view(), step, ends, printed);
        let losses = trace.head.loss_per_step.row(step);
        close(name, &format!("loss<{}>", step + 1), losses.iter().copied(), printed);
    }
    close(name, "loss", std::iter::once(trace.loss_sum), printed);
}

#[track_caller]
pub fn check_numpy(name: &str, subject: &Experiment<f64>, printed: &Printed) {
    let trace = trace(&subject.model, &subject.input).unwrap();
    let ends = (subject.input.lengths.as_slice(), PastEnds::AsTraced);
    check_head(name, subject, &trace, ends.1, printed);
    for (index, layer) in trace.layers.iter().enumerate() {
        let part = format!("layer {}", index + 1);
        for (symbol, values) in &layer.values {
            for step in 0..subject.input.x.dim().0 {
                let what = format!("{part} {}", ascii(&symbol.0));
                close_at(name, &what, values.view(), step, ends, printed);
            }
        }
        for (symbol, gradient) in &layer.weight_gradients {
            close(name, &format!("{part} d{}", ascii(&symbol.0)), gradient.iter().copied(), printed);
        }
        for (symbol, gradient) in &layer.initial_gradients {
            close(name, &format!("{part} d{}<0>", ascii(&symbol.0)), gradient.iter().copied(), printed);
        }
    }
    for (symbol, gradient) in &trace.head.weight_gradients {
        close(name, &format!("d{}", ascii(&symbol.0)), gradient.iter().copied(), printed);
    }
    close(name, "dx", trace.layers[0].x_gradient.iter().copied(), printed);
}

#[test]
fn exported_numpy_prints_every_value_and_gradient_of_the_trace() {
    let set = reference();
    let programs: Vec<(String, String)> = set
        .iter()
        .map(|(name, one)| (name.clone(), numpy(&Subject { model: &one.model, input: &one.input }).unwrap()))
        .collect();
    let printed = run(&programs, None, "numpy");
    for ((name, subject), printed) in set.iter().zip(&printed) {
        check_numpy(name, subject, printed);
    }
}

#[test]
fn names_that_python_takes_and_long_weights_do_not_disturb_a_program() {
    // Words of Python and of the program itself, a shared unnamed term, a value without a sample of its own, letters
    // without ASCII.
    let text = "state s, t_1\noutput lambda\n\
                np<t> = tanh(W_d [s<t-1>, x<t>] + W_e [s<t-1> * t_1<t-1>, x<t>] + b_d)\n\
                steps<t> = σ(W_f [s<t-1> * t_1<t-1>, np<t>] + if)\n\
                half<t> = 0.5 * b_h\n\
                mean_1<t> = sum(np<t>) / 7 * b_h\n\
                s<t> = steps<t> * np<t> - half<t> * s<t-1> + mean_1<t>\n\
                t_1<t> = softmax(s<t>) + b_测\n\
                lambda<t> = s<t> / (1 + exp(-t_1<t>))\n";
    let big = "state a\na<t> = relu(W_a [a<t-1>, x<t>] + b_a)\n";
    let mut set = Vec::new();
    for (name, model) in [("names", network(&[text, text], 4, 5)), ("long", network(&[big], 40, 30))] {
        let ids: Vec<usize> = (0..6).map(|step| step * 2 % 5).collect();
        let input = sentence(model.input, &ids);
        set.push((name.to_owned(), Experiment { model, input, vocabulary: None }));
    }
    let programs: Vec<(String, String)> = set
        .iter()
        .map(|(name, one)| (name.clone(), numpy(&Subject { model: &one.model, input: &one.input }).unwrap()))
        .collect();
    assert!(programs[1].1.contains("base64"), "more weights than are written in digits");
    for ((name, subject), printed) in set.iter().zip(run(&programs, None, "numpy-names")) {
        check_numpy(name, subject, &printed);
    }
}

/// Presets, the counterparts, a stack of both kinds, and cells that no framework has.
fn for_frameworks() -> Vec<(String, Experiment<f64>)> {
    let mut set = reference();
    for preset in presets::presets().iter().chain(counterparts()) {
        let text = preset.cell.text.as_str();
        for layers in [1, 2] {
            let model = network(&vec![text; layers], 3, 5);
            let input = sentence(5, &[0, 3, 1, 1, 4]);
            set.push((format!("{} × {layers}", preset.id), Experiment { model, input, vocabulary: None }));
        }
    }
    set
}

#[test]
fn exported_pytorch_prints_the_trace_s_numbers_under_pytorch_s_documented_equations() {
    let set = for_frameworks();
    let programs: Vec<(String, String)> = set
        .iter()
        .map(|(name, one)| {
            (name.clone(), pytorch(&Subject { model: &one.model, input: &one.input }).unwrap())
        })
        .collect();
    let has = |what: &str| programs.iter().any(|(_, text)| text.contains(what));
    for layer in ["torch.nn.LSTM(", "torch.nn.GRU(", "torch.nn.RNN(", "class Cell1"] {
        assert!(has(layer), "no program has {layer}");
    }
    for ((name, subject), printed) in set.iter().zip(run(&programs, Some(&documented()), "pytorch")) {
        check_pytorch(name, subject, &printed);
    }
}

#[track_caller]
pub fn check_keras(name: &str, subject: &Experiment<f64>, printed: &Printed) {
    let trace = trace(&subject.model, &subject.input).unwrap();
    let past_ends = PastEnds::of(&subject.model, |_| true);
    let ends = (subject.input.lengths.as_slice(), past_ends);
    check_head(name, subject, &trace, past_ends, printed);
    for (index, (layer, traced)) in subject.model.layers.iter().zip(&trace.layers).enumerate() {
        for step in 0..subject.input.x.dim().0 {
            let what = format!("layer {} {}", index + 1, ascii(&layer.cell.output.0));
            let output = traced.value(&layer.cell.output).unwrap();
            close_at(name, &what, output.view(), step, ends, printed);
        }
    }
}

#[track_caller]
pub fn check_pytorch(name: &str, subject: &Experiment<f64>, printed: &Printed) {
    let trace = trace(&subject.model, &subject.input).unwrap();
    let runs_by_itself = |layer: &Layer<f64>| native(layer, Framework::PyTorch).is_some();
    let past_ends = PastEnds::of(&subject.model, runs_by_itself);
    let ends = (subject.input.lengths.as_slice(), past_ends);
    check_head(name, subject, &trace, past_ends, printed);
    let mut input = subject.model.input;
    for (index, (layer, traced)) in subject.model.layers.iter().zip(&trace.layers).enumerate() {
        let part = format!("layer {}", index + 1);
        for step in 0..subject.input.x.dim().0 {
            let what = format!("{part} {}", ascii(&layer.cell.output.0));
            let output = traced.value(&layer.cell.output).unwrap();
            close_at(name, &what, output.view(), step, ends, printed);
        }
        // PyTorch's own backward pass against the derived one.
        let gradients = Layer { weights: traced.weight_gradients.clone(), ..layer.clone() };
        match fuse(&gradients, input, Framework::PyTorch) {
            Some(fused) => {
                close(name, &format!("{part} dweight_ih_l0"), fused.input.iter().copied(), printed);
                close(name, &format!("{part} dweight_hh_l0"), fused.recurrent.iter().copied(), printed);
                close(name, &format!("{part} dbias_ih_l0"), fused.input_bias.iter().copied(), printed);
            }
            None => {
                for (symbol, gradient) in &traced.weight_gradients {
                    close(name, &format!("{part} d{}", ascii(&symbol.0)), gradient.iter().copied(), printed);
                }
            }
        }
        input = layer.hidden;
    }
    for ((_, gradient), what) in trace.head.weight_gradients.iter().zip(["dweight", "dbias"]) {
        close(name, what, gradient.iter().copied(), printed);
    }
}

#[test]
fn exported_keras_prints_the_trace_s_numbers_under_keras_s_documented_equations() {
    let set = for_frameworks();
    let programs: Vec<(String, String)> = set
        .iter()
        .map(|(name, one)| (name.clone(), keras(&Subject { model: &one.model, input: &one.input }).unwrap()))
        .collect();
    let has = |what: &str| programs.iter().any(|(_, text)| text.contains(what));
    for layer in [
        "layers.LSTM(",
        "layers.GRU(3, return_sequences=True, reset_after=False)",
        "reset_after=True",
        "layers.SimpleRNN(",
        "class Cell1",
    ] {
        assert!(has(layer), "no program has {layer}");
    }
    for ((name, subject), printed) in set.iter().zip(run(&programs, Some(&documented()), "keras")) {
        check_keras(name, subject, &printed);
    }
}

#[test]
fn the_fused_layout_of_a_layer_follows_the_facts_beside_its_cell() {
    // One unit, one input: LSTM's rows of weight_ih are i, f, g, o, our update, forget, candidate, output gate.
    let lstm = network(&[presets::preset("lstm").unwrap().cell.text.as_str()], 1, 1);
    let layer = &lstm.layers[0];
    let fused = fuse(layer, 1, Framework::PyTorch).unwrap();
    let weight = |name: &str| layer.weights.iter().find(|(known, _)| known.0 == name).unwrap().1.clone();
    for (row, name) in ["W_u", "W_f", "W_c", "W_o"].into_iter().enumerate() {
        assert_eq!(
            (fused.recurrent[(row, 0)], fused.input[(row, 0)]),
            (weight(name)[(0, 0)], weight(name)[(0, 1)])
        );
    }
    // GRU after the product: r, z, n, the update gate turned round, the candidate's bias of its own beside the state.
    let gru = network(&[counterparts()[0].cell.text.as_str()], 1, 1);
    let layer = &gru.layers[0];
    let fused = fuse(layer, 1, Framework::PyTorch).unwrap();
    let weight = |name: &str| layer.weights.iter().find(|(known, _)| known.0 == name).unwrap().1[(0, 0)];
    assert_eq!(fused.input_bias.to_vec(), [weight("b_r"), -weight("b_u"), weight("b_c")]);
    assert_eq!(fused.recurrent_bias.to_vec(), [0.0, 0.0, weight("b_cc")]);
    // The notes' GRU has no layer in PyTorch, so its weights are not put into one.
    let notes = network(&[presets::preset("gru").unwrap().cell.text.as_str()], 1, 1);
    assert_eq!(fuse(&notes.layers[0], 1, Framework::PyTorch), None);
    let facts: &Facts = &presets::known(&notes.layers[0].cell).unwrap().facts;
    assert!(facts.reset_after_product_pytorch && facts.pytorch_layer.is_none());
    assert_eq!(notes.head.head.loss, LossKind::SoftmaxCrossEntropy);
}
