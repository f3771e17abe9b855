//! The networks of this chapter's figures, and the size of what arrives in them.

use ndarray::{Array2, Array3, Axis};

use crate::engine::model::Model;
use crate::engine::options::Options;
use crate::engine::syntax::Symbol;
use crate::engine::trace::{Labels, LossAt, TraceInput};
use crate::language::Unit;
use crate::training::initial::start_weights;
use crate::training::session::architecture;
use crate::training::settings::{CellChoice, ModelSettings, Start, TrainingSettings};
use crate::view::stepper::sequence::{Sequence, own};

/// What decides the weights.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Setup<'a> {
    /// The id of the preset.
    pub(super) cell: &'a str,
    pub(super) options: Options,
    pub(super) hidden: usize,
    pub(super) layers: usize,
    pub(super) start: Start,
    pub(super) seed: u64,
}

impl Setup<'_> {
    /// The model for a vocabulary, its numbers drawn as for a training; none where an option does not go with it.
    pub(super) fn model(&self, symbols: usize) -> Option<Model<f64>> {
        let model = ModelSettings {
            cell: CellChoice::Preset(self.cell.to_owned()),
            layers: self.layers,
            hidden: self.hidden,
            options: self.options,
        };
        let training = TrainingSettings { seed: self.seed, start: self.start, ..TrainingSettings::default() };
        let architecture = architecture(&model, symbols).ok()?;
        let weights: Vec<f32> = start_weights(&architecture, &model, &training).ok()?;
        Some(Model::from_flat(&architecture, &weights).convert())
    }
}

/// The sentence, its characters as symbols; none where it is empty.
pub(super) fn sequence(sentence: &str) -> Option<Sequence> {
    let sequence = own(sentence, Unit::Character, None);
    (sequence.symbols > 0).then_some(sequence)
}

/// A batch of equal lengths: the sentence, and the same begun at other places, for what takes means over samples.
pub(super) fn turned(sequence: &Sequence, samples: usize, loss_at: LossAt) -> TraceInput<f64> {
    let (steps, symbols) = (sequence.steps(), sequence.vocabulary.len());
    let label = |step: usize, sample: usize| {
        let place = (step + sample * steps / samples.max(1)) % steps.max(1);
        sequence.labels.get(place).copied().unwrap_or(0)
    };
    let x = Array3::from_shape_fn((steps, symbols, samples), |(step, row, sample)| {
        f64::from(step > 0 && label(step - 1, sample) == row)
    });
    TraceInput {
        x,
        y: Labels::Ids(Array2::from_shape_fn((steps, samples), |(step, sample)| label(step, sample))),
        lengths: vec![steps; samples],
        initial: Vec::new(),
        loss_at,
        holds: Vec::new(),
    }
}

/// The length of a gradient at each step, all samples together.
pub(super) fn norms(gradient: Option<&Array3<f64>>) -> Vec<f64> {
    let Some(gradient) = gradient else { return Vec::new() };
    gradient
        .axis_iter(Axis(0))
        .map(|step| step.iter().map(|number| number * number).sum::<f64>().sqrt())
        .collect()
}

/// Changes a weight of the lowest layer, where there is one of this name.
pub(super) fn change(model: &mut Model<f64>, name: &str, to: impl Fn(&Array2<f64>) -> Array2<f64>) {
    let name = Symbol::from(name);
    for (known, matrix) in model.layers.iter_mut().take(1).flat_map(|layer| &mut layer.weights) {
        if *known == name {
            *matrix = to(matrix);
        }
    }
}
