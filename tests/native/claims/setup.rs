//! What the claims' tests share: models, sentences, small trainings.

use ndarray::{Array2, Array3, Axis};
use unrolled::engine::architecture::{Architecture, Entry};
use unrolled::engine::model::Model;
use unrolled::engine::presets;
use unrolled::engine::syntax::{Cell, Symbol, parse_cell};
use unrolled::engine::trace::{Trace, TraceInput, trace};
use unrolled::language::random::Random;
use unrolled::training::initial::xavier;
use unrolled::training::optimiser::{Clip, Optimiser, RuleConstants};
use unrolled::training::settings::Rule;
use unrolled::training::trainer::{Example, NotFinite, Reduction, Trainer, UpdateRules};

pub use crate::common::{sentence, stacked};

/// Every claim is tried with these.
pub const SEEDS: std::ops::Range<u64> = 1..6;

/// Those of claims that need a longer training.
pub const FEW: std::ops::Range<u64> = 1..4;

pub fn cell(text: &str) -> Cell {
    parse_cell(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

pub fn preset(id: &str) -> &'static Cell {
    &presets::preset(id).expect("a preset of the project").cell
}

/// A model at its start: Xavier, the bias of a forget gate 1, gains of a normalisation 1.
pub fn untrained(cell: &Cell, layers: usize, hidden: usize, symbols: usize, seed: u64) -> Model<f64> {
    let architecture = stacked(cell, layers, hidden, symbols);
    Model::from_flat(&architecture, &xavier(&architecture, seed, start))
}

fn start(entry: &Entry) -> f64 {
    let name = &entry.name.0;
    if name == "b_f" || name.starts_with("g_") { 1.0 } else { 0.0 }
}

pub fn ids(seed: u64, count: usize, symbols: usize) -> Vec<usize> {
    let mut random = Random::new(seed, 21);
    (0..count).map(|_| random.below(symbols)).collect()
}

pub fn run(model: &Model<f64>, input: &TraceInput<f64>) -> Trace<f64> {
    trace(model, input).expect("the input fits its model")
}

/// A value of the top layer, `T × n_a × B`.
pub fn value<'t>(trace: &'t Trace<f64>, name: &str) -> &'t Array3<f64> {
    trace.layers.last().and_then(|layer| layer.value(&Symbol::from(name))).expect("a value of the cell")
}

/// ‖∂L/∂name<t>‖ of a layer for t = 1 … T.
pub fn reach(trace: &Trace<f64>, layer: usize, name: &str) -> Vec<f64> {
    norms(trace.layers[layer].gradient(&Symbol::from(name)).expect("a value of the cell"))
}

pub fn norms(cube: &Array3<f64>) -> Vec<f64> {
    cube.axis_iter(Axis(0))
        .map(|step| step.iter().map(|number| number * number).sum::<f64>().sqrt())
        .collect()
}

pub fn weight<'m>(model: &'m Model<f64>, layer: usize, name: &str) -> &'m Array2<f64> {
    model.weight(Some(layer), &Symbol::from(name)).expect("a weight of the cell")
}

pub fn weight_mut<'m>(model: &'m mut Model<f64>, layer: usize, name: &str) -> &'m mut Array2<f64> {
    let mut weights = model.layers[layer].weights.iter_mut();
    &mut weights.find(|(known, _)| known.0 == name).expect("a weight of the cell").1
}

/// Multiplies every matrix (not the columns) of all layers.
pub fn scale_matrices(model: &mut Model<f64>, factor: f64) {
    for (name, weight) in model.layers.iter_mut().flat_map(|layer| &mut layer.weights) {
        if name.0.starts_with(char::is_uppercase) {
            weight.mapv_inplace(|number| number * factor);
        }
    }
}

pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// How a small training goes.
#[derive(Clone, Copy)]
pub struct Way {
    pub rule: Rule,
    pub rate: f64,
    pub clip: Clip,
    pub l2: f64,
}

pub const ADAM: Way = Way { rule: Rule::Adam, rate: 0.01, clip: Clip::GlobalNorm(1.0), l2: 0.0 };

/// A one-layer model in training, on windows of ids, each from the zero state.
pub struct Learner {
    pub trainer: Trainer<f32>,
    pub architecture: Architecture,
    rules: UpdateRules,
}

impl Learner {
    pub fn new(cell: &Cell, sizes: [usize; 4], seed: u64, way: Way) -> Self {
        let [hidden, symbols, steps, batch] = sizes;
        let architecture = stacked(cell, 1, hidden, symbols);
        let weights = xavier(&architecture, seed, start);
        let optimiser = Optimiser::new(way.rule, weights.len());
        let rules = UpdateRules {
            constants: RuleConstants::usual(way.rule, way.rate),
            clip: way.clip,
            l2: way.l2,
            reduction: Reduction::Mean,
            loss_scale: 1.0,
        };
        Self { trainer: Trainer::new(&architecture, weights, optimiser, steps, batch), architecture, rules }
    }

    /// The loss before the update, nats per counted step.
    pub fn update(&mut self, inputs: &[i32], targets: &[i32]) -> Result<f64, NotFinite> {
        self.trainer.network_mut().zero_initial();
        self.trainer.update(Example { inputs, targets }, &self.rules).map(|update| update.loss)
    }

    /// The loss of each place of a window, `T × B`, without learning from it.
    pub fn losses(&self, inputs: &[i32], targets: &[i32]) -> Vec<f64> {
        let mut trial = self.trainer.clone();
        trial.network_mut().zero_initial();
        let _ = trial.update(Example { inputs, targets }, &self.rules);
        trial.network().head().losses().iter().map(|loss| f64::from(*loss)).collect()
    }

    pub fn model(&self) -> Model<f64> {
        Model::from_flat(&self.architecture, self.trainer.weights()).convert()
    }
}

/// Windows of a row of ids from random places: inputs and targets, `T × B`, `x<1>` the true symbol before.
pub fn windows(row: &[usize], steps: usize, batch: usize, random: &mut Random) -> (Vec<i32>, Vec<i32>) {
    let starts: Vec<usize> = (0..batch).map(|_| random.below(row.len() - steps)).collect();
    let at = |shift: usize| {
        let places = (0..steps).flat_map(|t| starts.iter().map(move |start| start + t + shift));
        places.map(|place| row[place] as i32).collect()
    };
    (at(0), at(1))
}

/// A text as ids, and how many different symbols it has; the order is that of the characters.
pub fn characters(texts: &[&str]) -> (Vec<Vec<usize>>, usize) {
    let mut known: Vec<char> = texts.iter().flat_map(|text| text.chars()).collect();
    known.sort_unstable();
    known.dedup();
    let id = |symbol: char| known.binary_search(&symbol).unwrap_or_default();
    (texts.iter().map(|text| text.chars().map(id).collect()).collect(), known.len())
}
