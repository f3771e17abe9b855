//! The sentence about the numbers of the current line.

use leptos::prelude::*;
use ndarray::Array2;

use super::state::{Shared, Stepper, use_stepper};
use super::words;
use crate::app::parts::Named;
use crate::engine::syntax::{Expr, Function, Symbol};
use crate::view::role::Role;
use crate::view::stepper::lines::Line;
use crate::view::stepper::opening::Numbers;
use crate::view::stepper::sums::{Spot, sum};
use crate::view::stepper::{
    Direction, Observation, Part, observe_gradient, observe_loss, observe_prediction, observe_value,
};

/// The sentence's element.
#[component]
pub fn Said() -> impl IntoView {
    let sentence = sentence(use_stepper());
    let words = Signal::derive(move || sentence.get().unwrap_or_default());
    view! { <p class="say" data-testid="stepper-sentence-about"><Named words/></p> }
}

/// The sentence.
pub fn sentence(stepper: Stepper) -> Memo<Option<String>> {
    Memo::new(move |_| {
        let position = stepper.position.get();
        let (model, line) = stepper.line()?;
        let found = observe(&model, &line, position.step, position.equation, position.direction)?;
        Some(words::observation(&model.0, &line, &found, stepper.typesetter(position.step)))
    })
}

fn observe(
    model: &Shared,
    line: &Line,
    step: usize,
    number: usize,
    direction: Direction,
) -> Option<Observation> {
    let numbers = model.0.at_line(line, step - 1);
    let values: Array2<f64> = if line.adds {
        sum(&model.0, Spot { step: step - 1, line: number })?.after
    } else {
        numbers.of(&line.expr)?
    };
    let columns = values.ncols();
    let mut values: Vec<f64> = values.iter().copied().collect();
    // Of a stack the sentence is about what stands first in it.
    if let (true, Part::Layer(layer)) = (line.targets.len() > 1, line.part) {
        values.truncate(model.0.hidden(layer));
    }
    let name: Symbol = line.name()?.clone();
    match (direction, line.part) {
        (Direction::Backward, _) => match observe_gradient(step, &name, &values)? {
            // A weight's entries are counted row by row; the sentence names the row.
            Observation::Gradient { step, symbol, norm, unit } => {
                Some(Observation::Gradient { step, symbol, norm, unit: (unit - 1) / columns.max(1) + 1 })
            }
            other => Some(other),
        },
        (Direction::Forward, Part::Head) if matches!(line.expr, Expr::Call(Function::Softmax, _)) => {
            observe_prediction(step, &values, model.0.sequence.labels.get(step - 1).copied())
        }
        (Direction::Forward, Part::Head) => {
            Some(observe_loss(step, values.first().copied()?, model.0.sequence.vocabulary.len()))
        }
        // A gate is what a σ makes, whatever it is called.
        (Direction::Forward, Part::Layer(_)) => {
            let is_gate = matches!(line.expr, Expr::Call(Function::Sigmoid, _));
            let role = match (model.0.role(&name), is_gate) {
                (Role::Neutral, true) => Role::Update,
                (Role::Update | Role::Forget | Role::OutputGate, false) => Role::Neutral,
                (role, _) => role,
            };
            observe_value(step, &name, role, &values)
        }
    }
}
