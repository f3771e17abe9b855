//! What the symbols of an equation stand for at one step.

use ndarray::{Array2, s};

use super::Part;
use super::lines::Line;
use super::model::{Held, StepperModel};
use super::opening::Numbers;
use crate::engine::evaluate::{Scope, evaluate};
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::view::role::value_of_gradient;

/// The numbers of one section at one step: what an equation's symbols stand for there.
#[derive(Clone, Copy)]
pub struct AtStep<'m> {
    pub(super) model: &'m StepperModel,
    pub(super) part: Part,
    pub(super) step: usize,
    /// The line whose result may be held.
    pub(super) line: Option<&'m Line>,
}

impl AtStep<'_> {
    /// A state before the first step, or what arrives there.
    fn initial(&self, symbol: &Symbol) -> Option<Array2<f64>> {
        let Part::Layer(layer) = self.part else { return None };
        let layer = self.model.trace.layers.get(layer)?;
        let known = |states: &[(Symbol, Array2<f64>)], name: &Symbol| {
            states.iter().find(|(known, _)| known == name).map(|(_, state)| state.clone())
        };
        known(&layer.initial, symbol)
            .or_else(|| known(&layer.initial_gradients, &value_of_gradient(symbol)?))
            .or_else(|| {
                let values = self.model.values(self.part, symbol)?;
                Some(Array2::zeros((values.shape()[1], 1)))
            })
    }

    /// What a line's right-hand side gives, its held units at what they are held at.
    fn with_held(&self, line: &Line, mut values: Array2<f64>) -> Array2<f64> {
        for (unit, mut row) in values.rows_mut().into_iter().enumerate() {
            if let Some(Held::At(number)) = self.model.held(line, unit, self.step) {
                row.fill(number);
            }
        }
        values
    }

    fn input(&self, step: usize) -> Option<Array2<f64>> {
        let Part::Layer(layer) = self.part else { return None };
        let x = &self.model.trace.layers.get(layer)?.x;
        (step < x.shape()[0]).then(|| x.slice(s![step, .., ..]).to_owned())
    }

    fn read(&self, symbol: &Symbol, time: Time) -> Option<Array2<f64>> {
        let step = match time {
            Time::Now => self.step,
            Time::Previous if self.step == 0 => return self.initial(symbol),
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
        let values = evaluate(expr, self).ok()?;
        Some(match self.line.filter(|line| line.expr == *expr) {
            Some(line) => self.with_held(line, values),
            None => values,
        })
    }

    fn name_of(&self, argument: &Expr) -> Option<Symbol> {
        self.model.lines.name_of(self.part, argument)
    }
}
