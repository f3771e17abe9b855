//! The stepper's model: weights, a sentence, and the trace of the one through the other, in double precision.

use std::sync::Arc;

use ndarray::{Array2, Array3, ArrayView1, ArrayView3, s};

use crate::engine::evaluate::{Scope, evaluate};
use crate::engine::facts::Facts;
use crate::engine::model::Model;
use crate::engine::role::role;
use crate::engine::syntax::{Cell, Expr, Symbol, Time};
use crate::engine::trace::{Labels, LossAt, Trace, TraceError, TraceInput, trace};
use crate::view::formula;
use crate::view::role::{Role, value_of_gradient};
use crate::view::stepper::lines::Lines;
use crate::view::stepper::opening::Numbers;
use crate::view::stepper::sequence::Sequence;
use crate::view::stepper::{Direction, Part};

/// Above this estimate of multiply-adds a trace is not computed on the page's own thread (about 30 ms there).
pub const MOST_ON_THE_PAGE: u64 = 8_000_000;

/// Weights, a sentence, and the trace of the one through the other.
#[derive(Clone, Debug)]
pub struct StepperModel {
    /// Layers and head with their weights.
    pub model: Model<f64>,
    /// The sentence, step by step.
    pub sequence: Sequence,
    /// Every value and every gradient, B = 1.
    pub trace: Trace<f64>,
    /// Every equation.
    pub lines: Lines,
    /// What is known beside the cell's text; none for a reader's own cell.
    pub facts: Option<&'static Facts>,
}

impl StepperModel {
    /// Runs the sentence through the model, forward and backward.
    pub fn new(model: Model<f64>, sequence: Sequence) -> Result<StepperModel, TraceError> {
        let trace = trace(&model, &input_of(&sequence))?;
        Ok(StepperModel::with_trace(model, sequence, trace))
    }

    /// With a trace that was computed elsewhere (in the worker).
    pub fn with_trace(model: Model<f64>, sequence: Sequence, trace: Trace<f64>) -> StepperModel {
        let cells: Vec<Arc<Cell>> = model.layers.iter().map(|layer| layer.cell.clone()).collect();
        let lines = Lines::of(&cells, &model.head.head);
        StepperModel { model, sequence, trace, lines, facts: None }
    }

    /// The same with what is known beside the cell's text.
    pub fn with_facts(self, facts: Option<&'static Facts>) -> StepperModel {
        StepperModel { facts, ..self }
    }

    /// What formulas and drawings take roles and letters from.
    pub fn known(&self) -> &'static dyn formula::Facts {
        match self.facts {
            Some(facts) => facts,
            None => &formula::NoFacts,
        }
    }

    /// The role of a symbol, by the preset's facts, else by its letter.
    pub fn role(&self, symbol: &Symbol) -> Role {
        self.known().role(symbol).unwrap_or_else(|| Role::of(symbol))
    }

    /// Whether a gate resets: in colour it is one with the forget gate, in words it is not.
    pub fn is_reset(&self, symbol: &Symbol) -> bool {
        let role = self.facts.map_or_else(|| role(symbol), |facts| facts.role(symbol));
        role == crate::engine::role::Role::Reset
    }

    /// T.
    pub fn steps(&self) -> usize {
        self.sequence.steps()
    }

    /// Hidden units of a layer, `n_a`; 0 where there is no such layer.
    pub fn hidden(&self, layer: usize) -> usize {
        self.model.layers.get(layer).map_or(0, |layer| layer.hidden)
    }

    /// A column over all steps (T × n × 1): a left-hand side, a named intermediate, `x`, `y`, `ŷ`, or a gradient `d…`.
    pub fn values(&self, part: Part, symbol: &Symbol) -> Option<ArrayView3<'_, f64>> {
        match part {
            Part::Layer(layer) => {
                let layer = self.trace.layers.get(layer)?;
                if let Some(values) = layer.value(symbol) {
                    return Some(values.view());
                }
                let value = value_of_gradient(symbol)?;
                if value.0 == "x" {
                    return Some(layer.x_gradient.view());
                }
                layer.gradient(&value).map(|values| values.view())
            }
            Part::Head => match symbol.0.as_str() {
                "ŷ" => Some(self.trace.head.yhat.view()),
                "z_y" => Some(self.trace.head.logits.view()),
                "dz_y" => Some(self.trace.head.dlogits.view()),
                _ => None,
            },
        }
    }

    /// The column of a value at one step, its only sample.
    pub fn column(&self, part: Part, symbol: &Symbol, step: usize) -> Option<Array2<f64>> {
        let values = self.values(part, symbol)?;
        (step < values.shape()[0]).then(|| values.slice(s![step, .., ..]).to_owned())
    }

    /// The distribution at a step, V rows.
    pub fn distribution(&self, step: usize) -> Option<ArrayView1<'_, f64>> {
        let yhat = &self.trace.head.yhat;
        (step < yhat.shape()[0] && yhat.shape()[2] > 0).then(|| yhat.slice(s![step, .., 0]))
    }

    /// The loss at a step in nats.
    pub fn loss(&self, step: usize) -> Option<f64> {
        self.trace.head.loss_per_step.get((step, 0)).copied()
    }

    /// A weight, rows × columns (a bias is n × 1).
    pub fn weight(&self, part: Part, symbol: &Symbol) -> Option<&Array2<f64>> {
        let layer = match part {
            Part::Layer(layer) => Some(layer),
            Part::Head => None,
        };
        self.model.weight(layer, symbol)
    }

    /// The numbers of one section at one step, forward or backward.
    pub fn at(&self, part: Part, step: usize) -> AtStep<'_> {
        AtStep { model: self, part, step }
    }

    /// Trainable numbers.
    pub fn parameters(&self) -> usize {
        weights(&self.model)
    }

    /// How many lines a step has in a direction.
    pub fn line_count(&self, direction: Direction) -> usize {
        self.lines.along(direction).len()
    }
}

/// An estimate of the multiply-adds of a trace: every weight once forward and twice backward at each step.
pub fn cost(model: &Model<f64>, steps: usize) -> u64 {
    3 * weights(model) as u64 * steps as u64
}

fn weights(model: &Model<f64>) -> usize {
    let layers = model.layers.iter().flat_map(|layer| layer.weights.iter());
    layers.chain(model.head.weights.iter()).map(|(_, values)| values.len()).sum()
}

/// The one-hot inputs and labels of a sentence, B = 1.
pub fn input_of(sequence: &Sequence) -> TraceInput<f64> {
    let (steps, symbols) = (sequence.steps(), sequence.vocabulary.len());
    let mut x = Array3::zeros((steps, symbols, 1));
    for (step, input) in sequence.inputs.iter().enumerate() {
        if let Some(entry) = input.and_then(|place| x.get_mut((step, place, 0))) {
            *entry = 1.0;
        }
    }
    let labels = Array2::from_shape_fn((steps, 1), |(step, _)| sequence.labels[step]);
    TraceInput {
        x,
        y: Labels::Ids(labels),
        lengths: vec![steps],
        initial: Vec::new(),
        loss_at: LossAt::EveryStep,
    }
}

/// The numbers of one section at one step: what an equation's symbols stand for there.
#[derive(Clone, Copy)]
pub struct AtStep<'m> {
    model: &'m StepperModel,
    part: Part,
    step: usize,
}

impl AtStep<'_> {
    fn zero_state(&self, symbol: &Symbol) -> Option<Array2<f64>> {
        let values = self.model.values(self.part, symbol)?;
        Some(Array2::zeros((values.shape()[1], 1)))
    }

    fn input(&self, step: usize) -> Option<Array2<f64>> {
        let Part::Layer(layer) = self.part else { return None };
        let x = &self.model.trace.layers.get(layer)?.x;
        (step < x.shape()[0]).then(|| x.slice(s![step, .., ..]).to_owned())
    }

    fn read(&self, symbol: &Symbol, time: Time) -> Option<Array2<f64>> {
        let step = match time {
            Time::Now => self.step,
            // The state before the first step is zero.
            Time::Previous if self.step == 0 => return self.zero_state(symbol),
            Time::Previous => self.step - 1,
        };
        match (self.part, symbol.0.as_str()) {
            (Part::Layer(_), "x") => self.input(step),
            (Part::Head, "y") => Some(self.model.one_hot(Some(*self.model.sequence.labels.get(step)?))),
            (Part::Head, "l") => Some(Array2::from_elem((1, 1), self.model.loss(step)?)),
            (Part::Head, name) if self.model.values(Part::Head, symbol).is_none() => {
                // The head reads the top layer's output under the name that its text gives it.
                let top = self.model.model.layers.len().checked_sub(1)?;
                let output = &self.model.model.layers.get(top)?.cell.output;
                let gradient = value_of_gradient(&Symbol::from(name)).is_some();
                let name = if gradient { output.gradient() } else { output.clone() };
                self.model.column(Part::Layer(top), &name, step)
            }
            _ => self.model.column(self.part, symbol, step),
        }
    }
}

impl StepperModel {
    /// A one-hot column of V rows; the zero vector for none.
    pub fn one_hot(&self, place: Option<usize>) -> Array2<f64> {
        let mut column = Array2::zeros((self.sequence.vocabulary.len(), 1));
        if let Some(entry) = place.and_then(|place| column.get_mut((place, 0))) {
            *entry = 1.0;
        }
        column
    }
}

impl Scope<f64> for AtStep<'_> {
    fn value(&self, symbol: &Symbol, time: Time) -> Option<Array2<f64>> {
        self.read(symbol, time)
    }

    fn parameter(&self, symbol: &Symbol) -> Option<Array2<f64>> {
        self.model.weight(self.part, symbol).cloned()
    }

    fn term_gradient(&self, term: &Expr) -> Option<Array2<f64>> {
        let Part::Layer(layer) = self.part else { return None };
        let gradients = &self.model.trace.layers.get(layer)?.term_gradients;
        let (_, values) = gradients.iter().find(|(expr, _)| expr == term)?;
        (self.step < values.shape()[0]).then(|| values.slice(s![self.step, .., ..]).to_owned())
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}

impl Numbers for AtStep<'_> {
    fn of(&self, expr: &Expr) -> Option<Array2<f64>> {
        evaluate(expr, self).ok()
    }

    fn name_of(&self, argument: &Expr) -> Option<Symbol> {
        self.model.lines.name_of(self.part, argument)
    }
}
