//! The gradient check: derived gradients against central differences, a few weights at a time, so that a page can
//! show how far it is.

use super::jacobian::AnalysisError;
use super::kinks::{has_kinks, sides};
use crate::engine::architecture::{Architecture, Layout};
use crate::engine::model::Model;
use crate::engine::syntax::Symbol;
use crate::engine::trace::{Trace, TraceInput, loss, trace};

/// Half the distance between the two losses of a difference. With ε = 1e-5 both errors of a central difference, ε² and
/// rounding over ε, lie near 1e-10.
const EPSILON: f64 = 1e-5;
/// Deviations below it come from rounding.
const ROUNDING: f64 = 1e-6;

/// One number of the model, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedWeight {
    /// Its layer, from 0; none is the head.
    pub layer: Option<usize>,
    /// Its matrix or bias.
    pub name: Symbol,
    /// Its row, from 0.
    pub row: usize,
    /// Its column, from 0.
    pub column: usize,
    /// By the derived backward equations.
    pub derived: f64,
    /// `(L(w + ε) - L(w - ε)) / 2ε`.
    pub difference: f64,
    /// Whether the two deviate because the losses lie on both sides of a kink of ReLU: the difference then mixes the two
    /// slopes there, and says nothing about the derived gradient, which is one of them.
    pub is_at_kink: bool,
}

impl CheckedWeight {
    /// `|derived - difference|` over the larger of the two, or over 1e-3 where both are smaller than that: below it the
    /// rounding of the loss is larger than the gradient.
    pub fn deviation(&self) -> f64 {
        let size = self.derived.abs().max(self.difference.abs()).max(1e-3);
        (self.derived - self.difference).abs() / size
    }
}

/// A check under way.
#[derive(Clone, Debug)]
pub struct GradientCheck {
    architecture: Architecture,
    input: TraceInput<f64>,
    layout: Layout,
    weights: Vec<f64>,
    gradients: Vec<f64>,
    /// Whether any cell has a function with a kink.
    has_kinks: bool,
    /// Which of them are checked, in order.
    places: Vec<usize>,
    checked: Vec<CheckedWeight>,
}

impl GradientCheck {
    /// Prepares the check of all weights of a model on an input.
    ///
    /// # Errors
    /// The model and the input do not fit together.
    pub fn new(model: Model<f64>, input: TraceInput<f64>) -> Result<Self, AnalysisError> {
        let found = trace(&model, &input)?;
        let architecture = model.architecture();
        let layout = architecture.layout();
        let gradients = flat_gradients(&found);
        Ok(Self {
            weights: model.to_flat(),
            has_kinks: model.layers.iter().any(|layer| has_kinks(&layer.cell)),
            architecture,
            input,
            places: (0..layout.len).collect(),
            layout,
            gradients,
            checked: Vec::new(),
        })
    }

    /// Prepares the check of one weight alone; `layer` counts from 0, none is the head.
    ///
    /// # Errors
    /// As [`Self::new`], and where there is no such weight.
    pub fn of_weight(
        model: Model<f64>,
        input: TraceInput<f64>,
        layer: Option<usize>,
        name: &Symbol,
    ) -> Result<Self, AnalysisError> {
        let mut check = Self::new(model, input)?;
        let entry = check.layout.entries.iter().find(|entry| entry.layer == layer && entry.name == *name);
        check.places = entry.ok_or_else(|| AnalysisError::NoWeight(name.0.clone()))?.range().collect();
        Ok(check)
    }

    /// Leaves at most so many numbers to be checked, spread evenly over all that there were.
    #[must_use]
    pub fn spread(mut self, most: usize) -> Self {
        let (all, most) = (self.places.len(), most.max(1));
        if all > most {
            self.places = (0..most).map(|n| self.places[n * all / most]).collect();
        }
        self
    }

    /// How many numbers there are.
    pub fn total(&self) -> usize {
        self.places.len()
    }

    /// Those that are checked, in the order of the layout.
    pub fn checked(&self) -> &[CheckedWeight] {
        &self.checked
    }

    /// The one with the largest deviation so far, of those that do not stand at a kink.
    pub fn worst(&self) -> Option<&CheckedWeight> {
        let compared = self.checked.iter().filter(|one| !one.is_at_kink);
        compared.reduce(|worst, one| if one.deviation() > worst.deviation() { one } else { worst })
    }

    /// How many of those that are checked stand at a kink.
    pub fn at_kinks(&self) -> usize {
        self.checked.iter().filter(|one| one.is_at_kink).count()
    }

    /// Checks up to `count` further numbers; each takes two runs of the model. True when all are done.
    ///
    /// # Errors
    /// None that [`Self::new`] has not already met.
    pub fn advance(&mut self, count: usize) -> Result<bool, AnalysisError> {
        for _ in 0..count.min(self.total() - self.checked.len()) {
            let place = self.places[self.checked.len()];
            let Some(entry) = self.layout.entry_at(place).cloned() else { break };
            let within = place - entry.start;
            let difference =
                (self.loss_with(place, EPSILON)? - self.loss_with(place, -EPSILON)?) / (2.0 * EPSILON);
            let mut checked = CheckedWeight {
                layer: entry.layer,
                name: entry.name.clone(),
                row: within / entry.columns.max(1),
                column: within % entry.columns.max(1),
                derived: self.gradients[place],
                difference,
                is_at_kink: false,
            };
            // Where the two agree there is nothing to explain, and most numbers need no more runs.
            if self.has_kinks && checked.deviation() > ROUNDING {
                checked.is_at_kink = self.sides_with(place, EPSILON)? != self.sides_with(place, -EPSILON)?;
            }
            self.checked.push(checked);
        }
        Ok(self.checked.len() == self.total())
    }

    fn loss_with(&mut self, place: usize, change: f64) -> Result<f64, AnalysisError> {
        Ok(loss(&self.model_with(place, change), &self.input)?)
    }

    /// On which side of its kink every function with one stands.
    fn sides_with(&mut self, place: usize, change: f64) -> Result<Vec<bool>, AnalysisError> {
        let model = self.model_with(place, change);
        let trace = trace(&model, &self.input)?;
        sides(&model, &trace, &self.input)
    }

    fn model_with(&mut self, place: usize, change: f64) -> Model<f64> {
        let unchanged = self.weights[place];
        self.weights[place] += change;
        let model = Model::from_flat(&self.architecture, &self.weights);
        self.weights[place] = unchanged;
        model
    }
}

/// All gradients in the order of the layout.
fn flat_gradients(trace: &Trace<f64>) -> Vec<f64> {
    let layers = trace.layers.iter().flat_map(|layer| &layer.weight_gradients);
    layers.chain(&trace.head.weight_gradients).flat_map(|(_, matrix)| matrix.iter().copied()).collect()
}
