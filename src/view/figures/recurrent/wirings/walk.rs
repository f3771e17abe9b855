//! One equation at one step of a wired model, forward or backward, in either stack.

use ndarray::Array2;

use crate::engine::analysis::LayerAtStep;
use crate::engine::evaluate::{Scope, evaluate};
use crate::engine::syntax::{Expr, LossKind, Symbol, Time};
use crate::engine::trace::Labels;
use crate::training::task::{Answer, AnswerStep, Candidate, Sample, Stepped, Task, TaskTrace};
use crate::view::stepper::Direction;
use crate::view::stepper::lines::Line;

/// A sample's numbers, and where in them the reader is.
pub(super) struct Walked {
    pub trace: TaskTrace,
    /// What goes in and comes out, each label before fed in as in training.
    pub answer: Answer,
    /// From 0, over both stacks.
    pub step: usize,
    /// From 0, of so many.
    pub line_at: (usize, usize),
    /// The equation.
    pub line: Line,
    /// Which way.
    pub direction: Direction,
}

impl Walked {
    pub fn new(
        trace: TaskTrace,
        sample: &Sample,
        task: &Task,
        (step, place, count): (usize, usize, usize),
        line: Line,
        direction: Direction,
    ) -> Walked {
        let answer = said(&trace, sample, task);
        Walked { trace, answer, step, line_at: (place, count), line, direction }
    }

    /// The stack of the step, and the step in it.
    pub fn here(&self) -> (&Stepped, usize) {
        let at = self.trace.wiring.takes_over().unwrap_or(0);
        match (&self.trace.encoder, self.step.checked_sub(at)) {
            (Some(encoder), None) => (encoder, self.step),
            (_, Some(step)) => (&self.trace.stack, step),
            (None, None) => (&self.trace.stack, self.step),
        }
    }
}

/// A trace as an answer: every label before is fed in.
fn said(trace: &TaskTrace, sample: &Sample, task: &Task) -> Answer {
    let (ids, labels) = trace.wiring.ids(&sample.given, &sample.wanted);
    let taken_over = trace.wiring.takes_over().unwrap_or(0);
    let symbol = |id: i32| {
        usize::try_from(id).ok().and_then(|id| task.vocabulary.symbol(id)).unwrap_or_default().to_owned()
    };
    let steps = trace.wiring.steps.iter().enumerate().zip(ids.iter().zip(&labels));
    let steps = steps.map(|((at, step), (id, label))| {
        let mut said = AnswerStep { input: symbol(*id), second: step.second, ..AnswerStep::default() };
        if step.output
            && let Some(at) = at.checked_sub(taken_over)
        {
            let yhat = trace.stack.trace.head.yhat.slice(ndarray::s![at, .., 0]);
            let best = (0..yhat.len()).fold(0, |best, row| if yhat[row] > yhat[best] { row } else { best });
            let probability = yhat.get(best).copied().unwrap_or_default() as f32;
            let is_logistic = task.loss == LossKind::Logistic;
            let name = if is_logistic { String::new() } else { symbol(i32::try_from(best).unwrap_or(-1)) };
            said.outputs = vec![Candidate { symbol: name, probability }];
            said.wanted = if is_logistic { label.to_string() } else { symbol(*label) };
        }
        said
    });
    Answer { steps: steps.collect(), wiring: trace.wiring.clone() }
}

/// A stack at a step: its layer's numbers, and the head's.
pub(super) struct At<'a> {
    /// The stack.
    pub stepped: &'a Stepped,
    /// The step in it, from 0.
    pub step: usize,
}

impl At<'_> {
    fn layer(&self) -> Option<LayerAtStep<'_>> {
        let (layer, trace) = (self.stepped.model.layers.first()?, self.stepped.trace.layers.first()?);
        Some(LayerAtStep { layer, trace, step: self.step, sample: 0 })
    }

    /// The value of an expression; none where it has none.
    pub fn of(&self, target: &Expr) -> Option<Array2<f64>> {
        evaluate(target, self).ok()
    }
}

impl Scope<f64> for At<'_> {
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<f64>> {
        let (head, step) = (&self.stepped.trace.head, self.step);
        let at = |values: &ndarray::Array3<f64>| -> Option<Array2<f64>> {
            (step < values.shape()[0]).then(|| values.slice(ndarray::s![step, .., ..]).to_owned())
        };
        match name.0.as_str() {
            "ŷ" => at(&head.yhat),
            "z_y" => at(&head.logits),
            "dz_y" => at(&head.dlogits),
            "l" => head.loss_per_step.get((step, 0)).map(|loss| Array2::from_elem((1, 1), *loss)),
            "y" => match &self.stepped.input.y {
                Labels::Ids(ids) => {
                    let id = *ids.get((step, 0))?;
                    let rows = self.stepped.model.output;
                    Some(Array2::from_shape_fn((rows, 1), |(row, _)| f64::from(u8::from(row == id))))
                }
                Labels::Binary(labels) => at(labels),
            },
            _ => self.layer()?.value(name, time),
        }
    }

    fn parameter(&self, name: &Symbol) -> Option<Array2<f64>> {
        let of_layer = self.layer().and_then(|layer| layer.parameter(name));
        of_layer.or_else(|| self.stepped.model.weight(None, name).cloned())
    }

    fn term_gradient(&self, term: &Expr) -> Option<Array2<f64>> {
        self.layer()?.term_gradient(term)
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}
