//! The numbers of one step of a small network, as expressions of the cell language ask for them.

use ndarray::{Array2, Array3, Axis, concatenate, s};

use crate::engine::analysis::LayerAtStep;
use crate::engine::evaluate::{Scope, evaluate};
use crate::engine::syntax::{Expr, Symbol, Time, parse_expression};
use crate::engine::trace::Labels;
use crate::view::figures::network::Network;

/// A network at a step.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// The network with its run.
    pub network: &'a Network,
    /// The step, from 0.
    pub step: usize,
}

/// Names that stand for values of a step; every other name is a weight.
const VALUES: [&str; 9] = ["a", "x", "y", "ŷ", "z_a", "z_y", "da", "dz_a", "dz_y"];

impl At<'_> {
    /// The value of an expression: `W_aa a<t-1> + b_a`. `W_a` is `[W_aa : W_ax]`. None where it has no value.
    pub fn of(&self, text: &str) -> Option<Array2<f64>> {
        let values = VALUES.map(|name| Symbol(name.to_owned()));
        evaluate(&parse_expression(text, &values).ok()?, self).ok()
    }

    /// The product of a turned-over weight and a value of this step.
    pub fn turned(&self, weight: &str, value: &str) -> Option<Array2<f64>> {
        let weight = Expr::Parameter(Symbol(weight.to_owned()));
        let value = Expr::Value(Symbol(value.to_owned()), Time::Now);
        evaluate(&Expr::Product(Expr::Transpose(weight.into()).into(), value.into()), self).ok()
    }

    /// The same network one step on; none after the last.
    pub fn next(&self) -> Option<Self> {
        (self.step + 1 < self.network.steps()).then_some(At { step: self.step + 1, ..*self })
    }

    fn layer(&self) -> Option<LayerAtStep<'_>> {
        let (layer, trace) = (self.network.model.layers.first()?, self.network.trace.layers.first()?);
        Some(LayerAtStep { layer, trace, step: self.step, sample: 0 })
    }

    fn weight(&self, name: &str) -> Option<Array2<f64>> {
        let name = Symbol(name.to_owned());
        self.layer()?.parameter(&name).or_else(|| self.network.model.weight(None, &name).cloned())
    }
}

impl Scope<f64> for At<'_> {
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<f64>> {
        let (head, step) = (&self.network.trace.head, self.step);
        let at = |values: &Array3<f64>| -> Option<Array2<f64>> {
            (step < values.shape()[0]).then(|| values.slice(s![step, .., ..]).to_owned())
        };
        // The head has no state, so its values are those of this step; all others are the layer's.
        match name.0.as_str() {
            "ŷ" => at(&head.yhat),
            "z_y" => at(&head.logits),
            "dz_y" => at(&head.dlogits),
            "y" => match &self.network.input.y {
                Labels::Ids(ids) => {
                    let id = *ids.get((step, 0))?;
                    let rows = self.network.model.output;
                    Some(Array2::from_shape_fn((rows, 1), |(row, _)| f64::from(u8::from(row == id))))
                }
                Labels::Binary(labels) => at(labels),
            },
            _ => self.layer()?.value(name, time),
        }
    }

    fn parameter(&self, name: &Symbol) -> Option<Array2<f64>> {
        if name.0 == "W_a" {
            let (left, right) = (self.weight("W_aa")?, self.weight("W_ax")?);
            return concatenate(Axis(1), &[left.view(), right.view()]).ok();
        }
        self.weight(&name.0)
    }

    fn term_gradient(&self, _: &Expr) -> Option<Array2<f64>> {
        None
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}
