//! Where a gradient comes from: what had arrived at it before a line, what the line adds, and what stands then.
//!
//! A trace holds a gradient as it is when all of its parts are in it. The parts are evaluated again here, on demand,
//! along the same backward equations, from the last step to the first.

use ndarray::{Array2, s};

use crate::engine::syntax::{Expr, Symbol, Time};
use crate::view::role::value_of_gradient;
use crate::view::stepper::Part;
use crate::view::stepper::lines::Line;
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::opening::{Numbers, stacked};

/// A gradient that parts arrive at: whose, and at which step (a weight's has none).
#[derive(Clone, Debug, PartialEq)]
enum Arrival {
    /// A value's: its part, its name, its step + 1 (0 is the initial state).
    Value(Part, Symbol, usize),
    /// A weight's.
    Weight(Part, Symbol),
    /// An unnamed inner term's at one step.
    Term(Part, Expr, usize),
}

/// A backward line at one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The step, from 0.
    pub step: usize,
    /// The backward line, from 0.
    pub line: usize,
}

/// A line that adds to what is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// What had arrived, zero where nothing had (rows × columns of the line's targets, stacked).
    pub before: Array2<f64>,
    /// What this line adds.
    pub added: Array2<f64>,
    /// What stands then.
    pub after: Array2<f64>,
    /// The places that had added to it, in the order of the walk.
    pub sources: Vec<Spot>,
}

/// What a backward line at a place adds, and to what. None where a number is missing.
pub fn sum(model: &StepperModel, place: Spot) -> Option<Sum> {
    let line = model.lines.backward.get(place.line)?;
    let parts = parts(model, line, place.step)?;
    let mut before = Vec::new();
    let mut sources: Vec<Spot> = Vec::new();
    for (target, part) in line.targets.iter().zip(&parts) {
        let mut arrived = Array2::zeros(part.raw_dim());
        // What the head adds to is the gradient of the output below it.
        let of_head =
            if line.part == Part::Head { arrival_below(model, line.part, target, place.step) } else { None };
        let arrival = of_head.or_else(|| arrival(line.part, target, place.step))?;
        for (source, value) in earlier(model, &arrival, place) {
            arrived += &value;
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        before.push(arrived);
    }
    let (before, added) = (stacked(&before)?, stacked(&parts)?);
    let after = &before + &added;
    Some(Sum { before, added, after, sources })
}

/// All parts of a value's gradient, in the order of the walk; `step` + 1, 0 is the state before the first step.
pub fn of_value(model: &StepperModel, part: Part, name: &Symbol, step: usize) -> Vec<(Spot, Array2<f64>)> {
    let first = Spot { step: step.saturating_sub(1), line: usize::MAX };
    earlier(model, &Arrival::Value(part, name.gradient(), step), first)
}

/// All parts of a weight's gradient, in the order of the walk.
pub fn of_weight(model: &StepperModel, part: Part, name: &Symbol) -> Vec<(Spot, Array2<f64>)> {
    earlier(model, &Arrival::Weight(part, name.gradient()), Spot { step: 0, line: usize::MAX })
}

/// All parts that arrive at an arrival before a place, in the order of the walk.
fn earlier(model: &StepperModel, arrival: &Arrival, place: Spot) -> Vec<(Spot, Array2<f64>)> {
    let mut found = Vec::new();
    // A value's parts come from its own step and from the one after; a weight's from every step.
    let last = match arrival {
        Arrival::Value(_, _, step) => (*step).min(model.steps().saturating_sub(1)),
        Arrival::Term(_, _, step) => *step,
        Arrival::Weight(..) => model.steps().saturating_sub(1),
    };
    for step in (place.step..=last).rev() {
        for (index, line) in model.lines.backward.iter().enumerate() {
            if step == place.step && index >= place.line {
                break;
            }
            for (number, target) in line.targets.iter().enumerate() {
                let own = self::arrival(line.part, target, step);
                let below = arrival_below(model, line.part, target, step);
                if own.as_ref() != Some(arrival) && below.as_ref() != Some(arrival) {
                    continue;
                }
                if let Some(part) = parts(model, line, step)
                    .and_then(|mut parts| (number < parts.len()).then(|| parts.swap_remove(number)))
                {
                    found.push((Spot { step, line: index }, part));
                }
            }
        }
    }
    found
}

/// The right-hand side of a line, its rows shared out among its targets.
fn parts(model: &StepperModel, line: &Line, step: usize) -> Option<Vec<Array2<f64>>> {
    let numbers = model.at(line.part, step);
    let value = numbers.of(&line.expr)?;
    if line.targets.len() == 1 {
        // One number that reaches every row (the gradient of a sum) is spread over the rows of its target.
        let rows = rows(model, line.part, line.targets.first()?).unwrap_or(value.nrows());
        return if value.nrows() == 1 && rows > 1 {
            value.broadcast((rows, value.ncols())).map(|spread| vec![spread.to_owned()])
        } else {
            Some(vec![value])
        };
    }
    let mut start = 0;
    let mut parts = Vec::new();
    for target in &line.targets {
        let end = start + rows(model, line.part, target)?;
        if end > value.nrows() {
            return None;
        }
        parts.push(value.slice(s![start..end, ..]).to_owned());
        start = end;
    }
    Some(parts)
}

/// The rows of a gradient.
fn rows(model: &StepperModel, part: Part, target: &Expr) -> Option<usize> {
    match target {
        Expr::Value(name, _) => {
            model.at(part, 0).of(&Expr::Value(name.clone(), Time::Now)).map(|v| v.nrows())
        }
        Expr::TermGradient(_) => model.at(part, 0).of(target).map(|v| v.nrows()),
        Expr::Parameter(name) => model.weight(part, &value_of_gradient(name)?).map(|weight| weight.nrows()),
        _ => None,
    }
}

/// Which gradient a target is.
fn arrival(part: Part, target: &Expr, step: usize) -> Option<Arrival> {
    match target {
        Expr::Parameter(name) => Some(Arrival::Weight(part, name.clone())),
        Expr::TermGradient(term) => Some(Arrival::Term(part, (**term).clone(), step)),
        Expr::Value(name, Time::Now) => Some(Arrival::Value(part, name.clone(), step + 1)),
        Expr::Value(name, Time::Previous) => Some(Arrival::Value(part, name.clone(), step)),
        _ => None,
    }
}

/// What the head or a layer hands down is also the gradient of the output below it.
fn arrival_below(model: &StepperModel, part: Part, target: &Expr, step: usize) -> Option<Arrival> {
    let Expr::Value(name, Time::Now) = target else { return None };
    let below = match part {
        Part::Head if name.0 != "dz_y" => model.model.layers.len().checked_sub(1)?,
        Part::Layer(above) if name.0 == "dx" => above.checked_sub(1)?,
        _ => return None,
    };
    let output = model.model.layers.get(below)?.cell.output.gradient();
    Some(Arrival::Value(Part::Layer(below), output, step + 1))
}
