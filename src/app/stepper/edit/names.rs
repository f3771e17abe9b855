//! What numbers and their changes are called in words.

use super::Editing;
use crate::app::language::{say, say_with};
use crate::app::stepper::state::Stepper;
use crate::app::stepper::words::{quoted, symbol};
use crate::engine::syntax::Symbol;
use crate::view::stepper::Part;
use crate::view::stepper::digits::short;
use crate::view::stepper::edits::{Change, Target};
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::subject::{Subject, layer_of};
use crate::view::stepper::terms::hold_of;

/// What holds a unit now: at this step, or at every one.
pub fn hold_in_use(model: &StepperModel, subject: &Subject) -> Option<Target> {
    let is_there = |target: &Target| model.applied.edits.get(target).is_some();
    let at = |is_everywhere| hold_of(model, subject, is_everywhere).filter(is_there);
    at(false).or_else(|| at(true))
}

/// What a number is called: “W_f, row 2, column 5”.
pub fn subject(stepper: Stepper, model: &StepperModel, subject: &Subject) -> String {
    match subject {
        Subject::Given(of) => target(stepper, model, of),
        Subject::Value { part, name, step, row } => {
            let (name, row) =
                (letters(stepper, model, layer_of(*part), name), row_of(model, *part, name, *row));
            say_with!(edit.at_step; "name" => name, "row" => row, "step" => step + 1)
        }
        Subject::Inner { part, expr, step, row } => {
            // Steps as names in sentences have them: `a<2>`.
            let formula = stepper.typesetter(step + 1).expression(expr).line();
            let formula = formula.replace("^⟨", "<").replace('⟩', ">");
            let name = in_layer(model, layer_of(*part), formula);
            say_with!(edit.inner_at_step; "name" => name, "row" => row + 1, "step" => step + 1)
        }
        Subject::Gradient { part, name, step, row } => {
            let row = row_of(model, *part, name, *row);
            let name = letters(stepper, model, layer_of(*part), &name.gradient());
            if *step == 0 {
                say_with!(edit.before_first; "name" => name, "row" => row)
            } else {
                say_with!(edit.at_step; "name" => name, "row" => row, "step" => step)
            }
        }
        Subject::WeightGradient { part, name, row, column } => {
            weight(stepper, model, layer_of(*part), (name, &name.gradient()), *row, *column)
        }
    }
}

/// What can be changed is called.
pub fn target(stepper: Stepper, model: &StepperModel, target: &Target) -> String {
    match target {
        Target::Weight { layer, name, row, column } => {
            weight(stepper, model, *layer, (name, name), *row, *column)
        }
        Target::Input { step, row } => say_with!(edit.at_step;
            "name" => letters(stepper, model, Some(0), &Symbol::from("x")),
            "row" => quoted(model.sequence.symbol(*row)), "step" => step + 1),
        Target::Initial { layer, name, row } => say_with!(edit.before_first;
            "name" => letters(stepper, model, Some(*layer), name),
            "row" => say_with!(stepper.unit; "unit" => row + 1)),
        Target::Held { layer, name, unit, step } => {
            let name = letters(stepper, model, Some(*layer), name);
            let row = say_with!(stepper.unit; "unit" => unit + 1);
            match step {
                Some(step) => say_with!(edit.at_step; "name" => name, "row" => row, "step" => step + 1),
                None => say_with!(edit.at_every_step; "name" => name, "row" => row),
            }
        }
    }
}

/// One change, and the loss that came of it.
pub fn change(editing: Editing, change: &Change) -> String {
    let changed = changes(editing, std::slice::from_ref(change));
    let loss = editing.stepper.with_model(|model| short(model.0.trace.loss_sum)).unwrap_or_default();
    say_with!(edit.changed_to; "change" => changed, "loss" => loss)
}

/// The first of several changes and how many more there are.
pub fn changes(editing: Editing, changes: &[Change]) -> String {
    let Some(first) = changes.first() else { return String::new() };
    let one = editing.stepper.with_model(|model| {
        let name = target(editing.stepper, &model.0, &first.target);
        match (first.new, &first.target) {
            (Some(value), Target::Held { .. }) => {
                say_with!(edit.is_held; "name" => name, "value" => short(value))
            }
            (None, Target::Held { .. }) => say_with!(edit.is_released; "name" => name),
            (Some(value), _) => say_with!(edit.is_now; "name" => name, "value" => short(value)),
            (None, of) => {
                let came = model.0.came(of).map(short).unwrap_or_default();
                say_with!(edit.is_again; "name" => name, "value" => came)
            }
        }
    });
    let one = one.unwrap_or_default();
    if changes.len() > 1 {
        say_with!(edit.and_more; "first" => one, "count" => changes.len() - 1)
    } else {
        one
    }
}

fn weight(
    stepper: Stepper,
    model: &StepperModel,
    layer: Option<usize>,
    (name, shown): (&Symbol, &Symbol),
    row: usize,
    column: usize,
) -> String {
    let letters = letters(stepper, model, layer, shown);
    let is_column = model.model.weight(layer, name).is_some_and(|values| values.ncols() == 1);
    if is_column {
        say_with!(edit.row_of; "name" => letters, "row" => row + 1)
    } else {
        say_with!(edit.entry_of; "name" => letters, "row" => row + 1, "column" => column + 1)
    }
}

/// A name in the letters of the page, with its layer where there are several.
fn letters(stepper: Stepper, model: &StepperModel, layer: Option<usize>, name: &Symbol) -> String {
    in_layer(model, layer, symbol(name, stepper.typesetter(1)))
}

fn in_layer(model: &StepperModel, layer: Option<usize>, letters: String) -> String {
    match layer.filter(|_| model.model.layers.len() > 1) {
        Some(layer) => say_with!(edit.in_layer; "name" => letters, "layer" => layer + 1),
        None => letters,
    }
}

/// A row of a value: a unit, or a symbol of the vocabulary.
fn row_of(model: &StepperModel, part: Part, name: &Symbol, row: usize) -> String {
    match (part, name.0.as_str()) {
        (Part::Head, "l") => say!(stepper.strip_loss).to_owned(),
        (Part::Head, _) | (Part::Layer(0), "x") => quoted(model.sequence.symbol(row)),
        _ => say_with!(stepper.unit; "unit" => row + 1),
    }
}
