//! Programs of cells that nobody expects: odd names, numbers alone, no parameters, one symbol, samples that end early.

use unrolled::engine::presets;
use unrolled::engine::trace::{Labels, TraceInput, trace};
use unrolled::formats::FormatError;
use unrolled::formats::code::{Subject, keras, numpy, pytorch};
use unrolled::formats::experiment::Experiment;

use super::exported::{
    PastEnds, check_head, check_keras, check_numpy, check_pytorch, documented, network, sentence,
};
use super::python::run;
use crate::common::ODD_CELLS;

/// Two samples of three steps, which end at these.
fn two(symbols: usize, lengths: [usize; 2]) -> TraceInput<f64> {
    let x = ndarray::Array3::from_shape_fn((3, symbols, 2), |(step, row, sample)| {
        f64::from(u8::from((step * 2 + sample) % symbols == row)) - 0.25 * sample as f64
    });
    let y = ndarray::Array2::from_shape_fn((3, 2), |(step, sample)| (step + 2 * sample) % symbols);
    TraceInput { x, y: Labels::Ids(y), lengths: lengths.to_vec(), ..sentence(symbols, &[0, 0, 0]) }
}

fn of(texts: &[&str], hidden: usize, input: TraceInput<f64>) -> Experiment<f64> {
    Experiment { model: network(texts, hidden, input.x.dim().1), input, vocabulary: None }
}

fn programs(
    set: &[(String, Experiment<f64>)],
    write: fn(&Subject<'_>) -> Result<String, FormatError>,
) -> Vec<(String, String)> {
    let text = |one: &Experiment<f64>| write(&Subject { model: &one.model, input: &one.input }).unwrap();
    set.iter().map(|(name, one)| (name.clone(), text(one))).collect()
}

/// Every program of a set prints the trace's numbers.
#[track_caller]
fn check_all(set: &[(String, Experiment<f64>)], test: &str) {
    for ((name, one), printed) in set.iter().zip(run(&programs(set, numpy), None, &format!("{test}-numpy"))) {
        check_numpy(name, one, &printed);
    }
    let frameworks = documented();
    let torch = run(&programs(set, pytorch), Some(&frameworks), &format!("{test}-pytorch"));
    for ((name, one), printed) in set.iter().zip(torch) {
        check_pytorch(name, one, &printed);
    }
    let keras = run(&programs(set, keras), Some(&frameworks), &format!("{test}-keras"));
    for ((name, one), printed) in set.iter().zip(keras) {
        check_keras(name, one, &printed);
    }
}

#[test]
fn parameters_of_one_latin_spelling_keep_their_own_numbers_in_every_program() {
    let text = "state a\na<t> = tanh(W_α a<t-1> + W_alpha x<t> + b_α + b_alpha)";
    let one = of(&[text], 3, sentence(4, &[1, 0, 3]));
    let subject = Subject { model: &one.model, input: &one.input };
    let programs = [("numpy", numpy(&subject)), ("pytorch", pytorch(&subject)), ("keras", keras(&subject))];
    let programs = programs.map(|(name, text)| (name.to_owned(), text.unwrap()));
    let trace = trace(&one.model, &one.input).unwrap();
    // Gradients are printed in Latin letters, so that only what follows from the numbers is looked at.
    for ((name, _), printed) in programs.iter().zip(run(&programs, Some(&documented()), "spelling")) {
        check_head(name, &one, &trace, PastEnds::AsTraced, &printed);
    }
}

#[test]
fn parameters_may_be_called_what_modules_of_the_frameworks_call_their_own() {
    // Methods and attributes of torch.nn.Module, of keras.layers.Layer, and of the cells that are written.
    let names = [
        "to",
        "zero_grad",
        "bfloat16",
        "state_dict",
        "train",
        "forward",
        "weights",
        "state_size",
        "add_weight",
        "build",
        "name",
        "call",
        "output_size",
        "n_a",
        "get_config",
    ];
    let text = |name: &str| format!("state a\na<t> = tanh(W_a x<t> + 0.5 * a<t-1> + {name})");
    let one = |name: &str| (name.to_owned(), of(&[&text(name)], 2, sentence(3, &[1, 0, 2])));
    check_all(&names.map(one), "modules");
}

#[test]
fn stacks_anywhere_and_single_rows_and_numbers_alone_are_what_every_program_computes() {
    let one = |text: &&str| ((*text).to_owned(), of(&[text, text], 3, two(3, [3, 3])));
    let mut set: Vec<(String, Experiment<f64>)> = ODD_CELLS.iter().map(one).collect();
    let single = |text: &&str| (format!("one sample: {text}"), of(&[text, text], 3, sentence(3, &[1, 0, 2])));
    set.extend(ODD_CELLS.iter().map(single));
    // Without parameters too, where the input has as many rows as the state.
    set.push(one(&"state a, c\nc<t> = 0.5 * c<t-1> + x<t>\na<t> = c / (1 + c^2)"));
    check_all(&set, "odd");
}

#[test]
fn one_unit_and_one_symbol_are_written_without_a_warning() {
    let text = "state a\na<t> = softmax(W_a x<t> + a<t-1>) + leaky_relu(b_a)";
    check_all(&[("one".to_owned(), of(&[text], 1, two(1, [3, 3])))], "one");
}

#[test]
fn samples_that_have_ended_keep_their_states_in_every_program() {
    // Outputs that are states and outputs that are not, layers of the frameworks and cells that are written out.
    let own = "state c\noutput h\nc<t> = tanh(W_c [c<t-1>, x<t>])\nh<t> = c<t> * b_h";
    let mut set = Vec::new();
    for preset in presets::presets().iter().chain(presets::counterparts()) {
        let text = preset.cell.text.as_str();
        set.push((preset.id.to_owned(), of(&[text, text], 3, two(3, [1, 3]))));
        set.push((format!("{} below", preset.id), of(&[text, own], 3, two(3, [2, 1]))));
    }
    check_all(&set, "ends");
}

#[test]
fn programs_say_in_which_order_a_framework_keeps_its_gates() {
    let has = |text: &str, lines: &[&str]| {
        for line in lines {
            assert!(text.lines().any(|found| found == *line), "{line} is not in {text}");
        }
    };
    let one = |id: &str| {
        let all = presets::presets().iter().chain(presets::counterparts());
        let text = all.clone().find(|preset| preset.id == id).unwrap().cell.text.as_str();
        of(&[text], 2, sentence(3, &[1, 0, 2]))
    };
    let text = |id: &str, write: fn(&Subject<'_>) -> Result<String, FormatError>| {
        let one = one(id);
        write(&Subject { model: &one.model, input: &one.input }).unwrap()
    };
    has(
        &text("lstm", pytorch),
        &["# PyTorch's blocks of rows, from the top: i (here Γ_u), f (here Γ_f), g (here c~), o (here Γ_o)."],
    );
    has(
        &text("gru-reset-after", pytorch),
        &[
            "# PyTorch's blocks of rows, from the top: r (here Γ_r), z (here Γ_u), n (here c~).",
            "# z is 1 - Γ_u: the numbers of W_u and b_u have the other sign there.",
        ],
    );
    has(
        &text("gru", keras),
        &[
            "# Keras's blocks of columns, from the left: z (here Γ_u), r (here Γ_r), h~ (here c~).",
            "# z is 1 - Γ_u: the numbers of W_u and b_u have the other sign there.",
        ],
    );
    let notes = text("gru", pytorch);
    has(&notes, &["# r * (W_hn h + b_hn); here the reset gate stands before it, which is another cell."]);
    assert!(notes.contains("class Cell1") && !notes.contains("torch.nn.GRU("), "{notes}");
    assert!(!text("rnn", pytorch).contains("blocks of"), "one block has no order");
}
