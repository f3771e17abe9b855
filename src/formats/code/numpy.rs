//! The network in NumPy, by hand: the equations forward, the derived equations backward, every number printed.

use std::sync::Arc;

use super::data::Data;
use super::expression::{Writer, functions, values};
use super::held::{self, Held};
use super::names::Names;
use super::numpy_backward::{backward_of_cell, backward_of_head};
use super::numpy_dialect::{NumPy, definition};
use super::shared::{OWN, SHOW, cell_number, distinct, first, keep_ended, list};
use super::{Program, Subject, title};
use crate::engine::BackwardEquation;
use crate::engine::derive::{self, Derived};
use crate::engine::syntax::{Cell, Equation, Function, Head, LossKind, Symbol, Time};
use crate::formats::error::FormatError;

/// The program in NumPy.
///
/// # Errors
/// Numbers that are not finite or too many; batch normalisation over samples of different lengths.
pub fn numpy(subject: &Subject<'_>) -> Result<String, FormatError> {
    subject.check()?;
    let mut program = Program::default();
    program.line(title(subject, "NumPy"));
    let data = Data::of(subject);
    data.prelude(&mut program);
    program.line("import numpy as np");
    data.helper(&mut program);
    program.line("");
    data.input(&mut program, subject);
    data.weights(&mut program, subject);
    first(&mut program, subject);
    held::numbers(&mut program, subject);

    let cells = distinct(subject.model);
    let mut called = vec![Function::Softmax];
    if subject.model.head.head.loss == LossKind::Logistic {
        called = vec![Function::Sigmoid];
    }
    for cell in &cells {
        let derived = derive::backward(cell);
        let forward = derived.forward.iter().map(|line| &line.expr);
        forward
            .chain(derived.equations.iter().map(|line| &line.expr))
            .for_each(|expr| functions(expr, &mut called));
    }
    program.define("def wide(v, rows=None):\n    v = np.atleast_2d(v)\n    return np.broadcast_to(v, (rows or v.shape[0], B))");
    for text in called.iter().filter_map(|function| definition(*function)) {
        program.define(text);
    }
    held::definition(&mut program, subject);
    for (index, cell) in cells.iter().enumerate() {
        let derived = derive::backward(cell);
        let held = Held::of(subject, cell);
        forward_of_cell(&mut program, index + 1, cell, &derived, &held, subject.has_ends());
        backward_of_cell(&mut program, index + 1, cell, &derived, &held);
    }
    let derived = derive::backward_of_head(&subject.model.head.head);
    forward_of_head(&mut program, subject, &derived);
    backward_of_head(&mut program, &derived, &read_by(&subject.model.head.head));
    run(&mut program, subject, &cells);
    Ok(program.text)
}

/// Aliases of the parameters: `W_c, b_c = p["W_c"], p["b_c"]`, a line each.
pub(super) fn parameters<'a>(
    program: &mut Program,
    names: &mut Names,
    parameters: impl Iterator<Item = &'a Symbol>,
) {
    for name in parameters {
        program.line(format!("{} = p[\"{name}\"]", names.parameter(name)));
    }
}

fn forward_of_cell(
    program: &mut Program,
    number: usize,
    cell: &Cell,
    derived: &Derived,
    held: &Held,
    has_ends: bool,
) {
    program.line("");
    program.line("");
    program.line(format!("def forward_{number}(p, xs, first{}):", held.argument()));
    program.below(|program| {
        let mut names = Names::beside(&OWN);
        parameters(program, &mut names, cell.parameters.iter().map(|one| &one.name));
        let before: Vec<String> =
            cell.states.iter().map(|state| names.value(state, Time::Previous)).collect();
        program.line(format!("{} = first", list(&before)));
        program.line(format!("n_a = {}.shape[0]", before[0]));
        program.line("steps = []");
        program.line("for t in range(T):");
        program.below(|program| {
            let x = names.value(&Symbol::from("x"), Time::Now);
            program.line(format!("{x} = xs[t]"));
            for equation in &derived.forward {
                assign(program, &mut names, equation, "n_a");
                held.forward(program, &mut names, &equation.target.name);
            }
            if has_ends {
                keep_ended(program, &mut names, cell, "np", "t < lengths");
            }
            let kept: Vec<String> = derived
                .forward
                .iter()
                .map(|line| {
                    let name = &line.target.name;
                    format!("\"{name}\": {}", names.value(name, Time::Now))
                })
                .collect();
            super::data::wrapped(program, "steps.append({", &kept, "})");
            let now: Vec<String> = cell.states.iter().map(|state| names.value(state, Time::Now)).collect();
            program.line(format!("{} = {}", list(&before), list(&now)));
        });
        program.line("return steps");
    });
}

/// `# Γ_f<t> = …` and the same in Python.
pub(super) fn assign(program: &mut Program, names: &mut Names, equation: &Equation, rows: &str) {
    program.line(format!("# {equation}"));
    let mut writer = Writer { dialect: &NumPy, names };
    let right = writer.value(&equation.expr, rows);
    program.line(format!("{} = {right}", names.value(&equation.target.name, Time::Now)));
}

fn forward_of_head(program: &mut Program, subject: &Subject<'_>, derived: &Derived) {
    let head = &subject.model.head.head;
    program.line("");
    program.line("");
    program.line("def forward_head(p, out):");
    program.below(|program| {
        let mut names = Names::beside(&OWN);
        parameters(program, &mut names, head.parameters.iter().map(|one| &one.name));
        program.line("steps = []");
        program.line("for t in range(T):");
        program.below(|program| {
            let read = read_by(head);
            let a = names.value(&read, Time::Now);
            program.line(format!("{a} = out[t]"));
            derived.forward.iter().take(2).for_each(|line| assign(program, &mut names, line, "n_y"));
            let logits = names.value(&Symbol::from("z_y"), Time::Now);
            let yhat = names.value(&Symbol::from("ŷ"), Time::Now);
            if let Some(loss) = derived.forward.get(2) {
                program.line(format!("# {loss}"));
            }
            match head.loss {
                LossKind::SoftmaxCrossEntropy => {
                    program.line(format!("top = np.max({logits}, axis=0)"));
                    program.line(format!(
                        "losses = top + np.log(np.sum(np.exp({logits} - top), axis=0)) - {logits}[ys[t], np.arange(B)]"
                    ));
                }
                LossKind::Logistic => program.line(format!(
                    "losses = np.sum(np.maximum({logits}, 0) - {logits} * ys[t] + np.log1p(np.exp(-np.abs({logits}))), axis=0)"
                )),
            }
            if !subject.counts_all() {
                program.line("losses = losses * counts[t]");
            }
            program.line("y_t = np.zeros((n_y, B))");
            match head.loss {
                LossKind::SoftmaxCrossEntropy => program.line("y_t[ys[t], np.arange(B)] = 1"),
                LossKind::Logistic => program.line("y_t[:] = ys[t]"),
            }
            if !subject.counts_all() {
                // Where there is no loss, the label is the prediction, so that no gradient comes of it.
                program.line(format!("y_t = np.where(counts[t] > 0, y_t, {yhat})"));
            }
            program.line(format!(
                "steps.append({{\"{read}\": {a}, \"z_y\": {logits}, \"ŷ\": {yhat}, \"y\": y_t, \"l\": losses}})"
            ));
        });
        program.line("return steps");
    });
}

/// What a head reads: the top layer's output, `a` or what it is called in other letters.
fn read_by(head: &Head) -> Symbol {
    let mut read = Vec::new();
    head.equations.first().iter().for_each(|line| values(&line.expr, &mut read));
    read.into_iter().next().map_or_else(|| Symbol::from("a"), |(name, _)| name)
}

/// The layers forward, the head, the layers backward; then everything is printed.
fn run(program: &mut Program, subject: &Subject<'_>, cells: &[Arc<Cell>]) {
    let layers = &subject.model.layers;
    program.define(SHOW);
    program.line("");
    program.line("");
    program.line("out = xs");
    for (index, layer) in layers.iter().enumerate() {
        let (layer_number, cell) = (index + 1, cell_number(cells, &layer.cell));
        program.line(format!(
            "inputs_{layer_number}, steps_{layer_number} = out, forward_{cell}(layer_{layer_number}, out, first_{layer_number}{})",
            Held::of(subject, &layer.cell).given(layer_number)
        ));
        program.line(format!("out = [step[\"{}\"] for step in steps_{layer_number}]", layer.cell.output));
    }
    program.line("steps = forward_head(head, out)");
    program.line("");
    program.line("d_head, above = backward_head(head, steps)");
    for (index, layer) in layers.iter().enumerate().rev() {
        let (layer_number, cell) = (index + 1, cell_number(cells, &layer.cell));
        program.line(format!(
            "d_{layer_number}, above, d_first_{layer_number} = backward_{cell}(layer_{layer_number}, inputs_{layer_number}, steps_{layer_number}, first_{layer_number}, above{})",
            Held::of(subject, &layer.cell).given(layer_number)
        ));
    }
    program.line("");
    program.line("for t in range(T):");
    program.below(|program| {
        for (index, layer) in layers.iter().enumerate() {
            let layer_number = index + 1;
            for line in derive::backward(&layer.cell).forward {
                let name = &line.target.name;
                program.line(format!(
                    "show(f\"layer {layer_number}  {}<{{t + 1}}>\", steps_{layer_number}[t][\"{name}\"])",
                    super::names::ascii(&name.0)
                ));
            }
        }
        program.line("show(f\"yhat<{t + 1}>\", steps[t][\"ŷ\"])");
        program.line("show(f\"loss<{t + 1}>\", steps[t][\"l\"])");
    });
    program.line("show(\"loss\", sum(np.sum(step[\"l\"]) for step in steps))");
    let gradients = layers
        .iter()
        .enumerate()
        .map(|(index, layer)| (format!("layer {}  ", index + 1), format!("d_{}", index + 1), &layer.weights));
    let head = (String::new(), "d_head".to_owned(), &subject.model.head.weights);
    for (start, dictionary, weights) in gradients.chain([head]) {
        for (name, _) in weights {
            let shown = super::names::ascii(&name.0);
            program.line(format!("show(\"{start}d{shown}\", {dictionary}[\"{name}\"])"));
        }
    }
    for (index, layer) in layers.iter().enumerate() {
        for (place, state) in layer.cell.states.iter().enumerate() {
            let shown = super::names::ascii(&state.0);
            program.line(format!("show(\"layer {0}  d{shown}<0>\", d_first_{0}[{place}])", index + 1));
        }
    }
    program.line("show(\"dx\", above)");
}

/// The lines of a derivation with their text, in the learners' letters.
pub(super) fn backward_text(line: &BackwardEquation) -> String {
    let targets: Vec<String> = line.targets.iter().map(ToString::to_string).collect();
    let left =
        if let [only] = targets.as_slice() { only.clone() } else { format!("[{}]", targets.join(", ")) };
    format!("{left} {} {}", if line.adds { "+=" } else { "=" }, line.expr)
}
