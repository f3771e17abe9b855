//! A small network on the reader's sentence, as the Stepper has it: what most figures draw.

use ndarray::s;

use crate::engine::model::Model;
use crate::engine::trace::{Trace, TraceInput, trace};
use crate::language::Unit;
use crate::training::initial::usual_weights;
use crate::training::session::architecture;
use crate::training::settings::{CellChoice, ModelSettings};
use crate::view::link::{Shared, StepperState, WeightsFrom};
use crate::view::stepper::edits::Edits;
use crate::view::stepper::model::input_of;
use crate::view::stepper::sequence::{Sequence, own};

use super::{Numbers, Opens};

/// What decides a small network: the same in a figure and in the Stepper.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish<'a> {
    /// The cell, by the id of its preset.
    pub cell: &'a str,
    /// The reader's sentence, cut into characters.
    pub sentence: &'a str,
    /// Hidden units, `n_a`.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// Seed of the weights.
    pub seed: u64,
    /// Numbers that the reader has changed.
    pub edits: Edits,
}

/// A network, a sentence, and every number of its run.
#[derive(Clone, Debug)]
pub struct Network {
    /// The weights.
    pub model: Model<f64>,
    /// The steps.
    pub sequence: Sequence,
    /// The same as inputs and labels, B = 1.
    pub input: TraceInput<f64>,
    /// Its run, forward and backward.
    pub trace: Trace<f64>,
}

impl<'a> Wish<'a> {
    /// One layer with the weights of a seed, as they come.
    pub fn of(cell: &'a str, sentence: &'a str, hidden: usize, seed: u64) -> Wish<'a> {
        Wish { cell, sentence, hidden, layers: 1, seed, edits: Edits::default() }
    }
}

impl Wish<'_> {
    /// The cell as a setting of a run.
    pub fn choice(&self) -> CellChoice {
        CellChoice::Preset(self.cell.to_owned())
    }

    /// The model with weights drawn from the seed, as the Stepper draws them, and the sentence under its own symbols.
    pub fn model(&self) -> Option<(Model<f64>, Sequence)> {
        let sequence = own(self.sentence, Unit::Character, None);
        let settings = ModelSettings {
            cell: self.choice(),
            hidden: self.hidden,
            layers: self.layers,
            ..ModelSettings::default()
        };
        let architecture = architecture(&settings, sequence.vocabulary.len()).ok()?;
        let weights = usual_weights::<f32>(&architecture, &settings.cell, self.seed);
        Some((Model::from_flat(&architecture, &weights).convert(), sequence))
    }

    /// What of the network a reader may change; none for an empty sentence. Nothing is run.
    pub fn numbers(&self) -> Option<Numbers> {
        let (model, sequence) = self.model()?;
        (sequence.symbols > 0).then(|| Numbers::of(model, &sequence, &self.edits))
    }

    /// The network of [`Self::model`] and its run; none for an empty sentence.
    pub fn network(&self) -> Option<Network> {
        let (model, sequence) = self.model()?;
        Network::edited(model, sequence, &self.edits)
    }

    /// The same network in the Stepper, at a step (from 1) and an equation (from 1).
    pub fn opens(&self, step: usize, equation: usize) -> Option<Opens> {
        // The Stepper draws one layer.
        (self.layers == 1).then(|| {
            let stepper = StepperState {
                cell: self.choice(),
                sentence: self.sentence.to_owned(),
                hidden: self.hidden,
                weights: WeightsFrom::Random { seed: self.seed },
                step,
                equation,
                edits: self.edits.clone(),
                ..StepperState::default()
            };
            Opens::Stepper(Box::new(Shared { stepper, ..Shared::default() }))
        })
    }
}

impl Network {
    /// A model on a sentence; none where there is no step, or the sentence is under another vocabulary.
    pub fn run(model: Model<f64>, sequence: Sequence) -> Option<Network> {
        Network::edited(model, sequence, &Edits::default())
    }

    /// The same with numbers that the reader has changed.
    pub fn edited(mut model: Model<f64>, sequence: Sequence, edits: &Edits) -> Option<Network> {
        if sequence.symbols == 0 {
            return None;
        }
        let mut input = input_of(&sequence);
        edits.apply(&mut model, &mut input);
        let trace = trace(&model, &input).ok()?;
        Some(Network { model, sequence, input, trace })
    }

    /// Whether `x<t>` at a step (from 0) is what the sentence says, the one-hot column of its symbol or zeros: not where
    /// a reader has changed it.
    pub fn reads_the_sentence(&self, step: usize) -> bool {
        let said = self.sequence.inputs.get(step).copied().flatten();
        let x = self.input.x.slice(s![step, .., 0]);
        x.iter().enumerate().all(|(row, x)| *x == f64::from(Some(row) == said))
    }

    /// Whether the states before the first step are zero: not where a reader has changed one.
    pub fn begins_with_zeros(&self) -> bool {
        self.input.initial.iter().flatten().flatten().all(|value| *value == 0.0)
    }

    /// T.
    pub fn steps(&self) -> usize {
        self.sequence.steps()
    }
}
