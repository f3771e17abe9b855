//! The stepper's model: weights, a sentence, and the trace of the one through the other, in double precision.

use std::sync::Arc;

use ndarray::{Array2, Array3, ArrayView1, ArrayView3, s};

use crate::engine::facts::Facts;
use crate::engine::model::Model;
use crate::engine::role::role;
use crate::engine::syntax::{Cell, Expr, LossKind, Symbol, Time};
use crate::engine::trace::{Labels, LossAt, Trace, TraceError, TraceInput, trace};
use crate::view::formula;
use crate::view::role::{Role, value_of_gradient};
use crate::view::stepper::edits::{Applied, Edits, Target};
use crate::view::stepper::lines::{Line, Lines};
use crate::view::stepper::scope::AtStep;
use crate::view::stepper::sequence::Sequence;
use crate::view::stepper::subject::Subject;
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
    pub lines: Arc<Lines>,
    /// What is known beside the cell's text; none for a reader's own cell.
    pub facts: Option<&'static Facts>,
    /// What the reader has changed in it.
    pub applied: Applied,
}

/// What stands at a unit whatever its equation gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Held {
    /// The number that the reader holds the unit at.
    At(f64),
    /// The gradient of a unit that is held: what has arrived is not passed on, so 0 stands there.
    GradientStops,
}

/// A unit that is held, as a line of the walk calls it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldUnit<'l> {
    /// What stands there.
    pub held: Held,
    /// The value, or its gradient.
    pub name: &'l Symbol,
    /// The unit.
    pub unit: usize,
    /// The step (from 0) that it belongs to: of `dc<t-1>`, the one before.
    pub step: usize,
}

impl Held {
    /// The number that stands there.
    pub fn number(self) -> f64 {
        match self {
            Held::At(number) => number,
            Held::GradientStops => 0.0,
        }
    }
}

/// The lines of a model's cells under its head.
pub fn lines_of(model: &Model<f64>) -> Arc<Lines> {
    let cells: Vec<Arc<Cell>> = model.layers.iter().map(|layer| layer.cell.clone()).collect();
    Arc::new(Lines::of(&cells, &model.head.head))
}

impl StepperModel {
    /// Runs the sentence through the model, forward and backward.
    ///
    /// # Errors
    /// As [`trace`]: where the sentence and the model do not fit together.
    pub fn new(model: Model<f64>, sequence: Sequence) -> Result<StepperModel, TraceError> {
        StepperModel::edited(model, sequence, &Edits::default())
    }

    /// The same with what the reader has changed: numbers of the model and its input, units that are held.
    ///
    /// # Errors
    /// As [`StepperModel::new`].
    pub fn edited(model: Model<f64>, sequence: Sequence, edits: &Edits) -> Result<StepperModel, TraceError> {
        let lines = lines_of(&model);
        StepperModel::edited_along(lines, model, sequence, edits)
    }

    /// The same along lines that are known already: those of this model's cells.
    ///
    /// # Errors
    /// As [`StepperModel::new`].
    pub fn edited_along(
        lines: Arc<Lines>,
        mut model: Model<f64>,
        sequence: Sequence,
        edits: &Edits,
    ) -> Result<StepperModel, TraceError> {
        let mut input = input_for(&model, &sequence);
        let applied = edits.apply(&mut model, &mut input);
        let trace = trace(&model, &input)?;
        Ok(StepperModel { model, sequence, trace, lines, facts: None, applied })
    }

    /// With a trace that was computed elsewhere (in the worker).
    pub fn with_trace(model: Model<f64>, sequence: Sequence, trace: Trace<f64>) -> StepperModel {
        let lines = lines_of(&model);
        StepperModel { model, sequence, trace, lines, facts: None, applied: Applied::default() }
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

    /// Whether a name is that of a gradient: `dΓ_f`, but not a reader's own `decay`.
    pub fn is_gradient(&self, symbol: &Symbol) -> bool {
        let is_own = self.trace.layers.iter().any(|layer| layer.value(symbol).is_some());
        !is_own && value_of_gradient(symbol).is_some()
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
        AtStep { model: self, part, step, line: None }
    }

    /// The same for one line: where units of what it defines are held, its right-hand side has their numbers.
    pub fn at_line<'m>(&'m self, line: &'m Line, step: usize) -> AtStep<'m> {
        let line_of = self.applied.edits.holds_something().then_some(line);
        AtStep { model: self, part: line.part, step, line: line_of }
    }

    /// What was traced: the input with its states before the first step, and the holds.
    pub fn input(&self) -> TraceInput<f64> {
        let mut input = input_for(&self.model, &self.sequence);
        self.applied.edits.apply(&mut self.model.clone(), &mut input);
        input
    }

    /// What stands at a row of a line's result at a step (from 0), whatever the equation gives, because the reader holds it.
    pub fn held(&self, line: &Line, row: usize, step: usize) -> Option<Held> {
        Some(self.held_unit(line, row, step)?.held)
    }

    /// The same with what it is called.
    pub fn held_unit<'l>(&self, line: &'l Line, row: usize, step: usize) -> Option<HeldUnit<'l>> {
        let (Part::Layer(layer), edits) = (line.part, &self.applied.edits) else { return None };
        // Asked for every number that is drawn: most models have nothing held.
        if !edits.holds_something() {
            return None;
        }
        let (name, time, unit) = self.target_at(line, row)?;
        // `da<t-1>` is the gradient of the step before.
        let step = if time == Time::Previous { step.checked_sub(1)? } else { step };
        let of_value = |name: &Symbol| edits.held(layer, name, unit, step);
        let held = of_value(name)
            .map(Held::At)
            .or_else(|| of_value(&value_of_gradient(name)?).map(|_| Held::GradientStops))?;
        Some(HeldUnit { held, name, unit, step })
    }

    /// The target that a row of a line's result belongs to, and its row there: of a stack such as `[da<t-1>, dx<t>]` each
    /// target has its own.
    fn target_at<'l>(&self, line: &'l Line, mut row: usize) -> Option<(&'l Symbol, Time, usize)> {
        for target in &line.targets {
            let Expr::Value(name, time) = target else { return None };
            if line.targets.len() == 1 {
                return Some((name, *time, row));
            }
            let rows = self.values(line.part, name)?.shape()[1];
            if row < rows {
                return Some((name, *time, row));
            }
            row -= rows;
        }
        None
    }

    /// Whether a gradient is that of a unit that is held: what has arrived there is not passed on.
    pub fn stops(&self, subject: &Subject) -> bool {
        let Subject::Gradient { part: Part::Layer(layer), name, step, row } = subject else { return false };
        let held = |step| self.applied.edits.held(*layer, name, *row, step);
        step.checked_sub(1).and_then(held).is_some()
    }

    /// The number that stands at a place now; none where there is none, and for what an equation computes.
    pub fn number(&self, target: &Target) -> Option<f64> {
        match target {
            Target::Weight { layer, name, row, column } => {
                self.model.weight(*layer, name)?.get((*row, *column)).copied()
            }
            Target::Input { step, row } => self.trace.layers.first()?.x.get((*step, *row, 0)).copied(),
            Target::Initial { layer, name, row } => {
                let (_, state) =
                    self.trace.layers.get(*layer)?.initial.iter().find(|(known, _)| known == name)?;
                state.get((*row, 0)).copied()
            }
            Target::Held { layer, name, unit, step } => {
                self.applied.edits.held(*layer, name, *unit, (*step)?)
            }
        }
    }

    /// Whether what goes in at a step (from 0) is no longer the symbol of the sentence: a number of `x<t>` was changed.
    pub fn is_input_changed(&self, step: usize) -> bool {
        let is_other = |target: &Target, came: f64| self.number(target).is_some_and(|number| number != came);
        self.applied.came.iter().any(|(target, came)| {
            matches!(target, Target::Input { step: of, .. } if *of == step) && is_other(target, *came)
        })
    }

    /// The number that came there, before any change.
    pub fn came(&self, target: &Target) -> Option<f64> {
        self.applied.came.get(target).copied().or_else(|| self.number(target))
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

/// What a sentence is to a model: where each output has a loss of its own, the label's is 1 and the others' are 0.
pub fn input_for(model: &Model<f64>, sequence: &Sequence) -> TraceInput<f64> {
    let mut input = input_of(sequence);
    if model.head.head.loss == LossKind::Logistic {
        let (steps, symbols) = (sequence.steps(), model.output);
        input.y = Labels::Binary(Array3::from_shape_fn((steps, symbols, 1), |(step, row, _)| {
            if sequence.labels[step] == row { 1.0 } else { 0.0 }
        }));
    }
    input
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
        holds: Vec::new(),
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
