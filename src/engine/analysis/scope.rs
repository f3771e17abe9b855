//! One layer's numbers at one step, as an expression finds them.

use ndarray::{Array2, Array3, Axis};

use crate::engine::evaluate::Scope;
use crate::engine::model::Layer;
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::engine::trace::LayerTrace;

/// Values and gradients of one sample at one step, each n × 1.
#[derive(Clone, Copy, Debug)]
pub struct LayerAtStep<'a> {
    /// The layer's weights.
    pub layer: &'a Layer<f64>,
    /// Its numbers.
    pub trace: &'a LayerTrace<f64>,
    /// The step, from 0.
    pub step: usize,
    /// The sample, from 0.
    pub sample: usize,
}

impl LayerAtStep<'_> {
    fn column(&self, cube: &Array3<f64>, step: usize) -> Option<Array2<f64>> {
        let (steps, _, batch) = cube.dim();
        (step < steps && self.sample < batch).then(|| {
            cube.index_axis(Axis(0), step).index_axis(Axis(1), self.sample).to_owned().insert_axis(Axis(1))
        })
    }

    /// A state before the first step, n_a × 1.
    fn before(&self, states: &[(Symbol, Array2<f64>)], name: &Symbol) -> Option<Array2<f64>> {
        let (_, state) = states.iter().find(|(known, _)| known == name)?;
        (self.sample < state.ncols())
            .then(|| state.index_axis(Axis(1), self.sample).to_owned().insert_axis(Axis(1)))
    }

    fn find(&self, name: &Symbol, time: Time, gradients: bool) -> Option<Array2<f64>> {
        let trace = self.trace;
        if time == Time::Previous && self.step == 0 {
            return self.before(if gradients { &trace.initial_gradients } else { &trace.initial }, name);
        }
        let step = if time == Time::Previous { self.step - 1 } else { self.step };
        let cube = match (name.0.as_str(), gradients) {
            ("x", false) => Some(&trace.x),
            ("x", true) => Some(&trace.x_gradient),
            (_, false) => trace.value(name),
            (_, true) => trace.gradient(name),
        };
        self.column(cube?, step)
    }
}

impl Scope<f64> for LayerAtStep<'_> {
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<f64>> {
        self.find(name, time, false).or_else(|| {
            let of = Symbol::from(name.0.strip_prefix('d')?);
            self.find(&of, time, true)
        })
    }

    fn parameter(&self, name: &Symbol) -> Option<Array2<f64>> {
        self.layer.weights.iter().find(|(known, _)| known == name).map(|(_, matrix)| matrix.clone())
    }

    fn term_gradient(&self, term: &Expr) -> Option<Array2<f64>> {
        let (_, cube) = self.trace.term_gradients.iter().find(|(known, _)| known == term)?;
        self.column(cube, self.step)
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}
