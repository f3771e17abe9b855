//! What can be said about a state, from thresholds on its numbers alone. The page has a sentence for each.

use crate::engine::syntax::Symbol;
use crate::view::role::Role;

/// A gate at least this open in every unit is called open.
const OPEN: f64 = 0.95;
/// A gate at most this open in every unit is called shut.
const SHUT: f64 = 0.05;
/// A value between −1 and 1 beyond this is called saturated.
const SATURATED: f64 = 0.99;
/// A gradient whose norm is below this is called vanished.
const VANISHED: f64 = 1e-6;
/// A gradient whose norm is above this is called exploding.
const EXPLODING: f64 = 1e3;

/// What is said. Steps and units count from 1, as on the page; an index is a symbol's place in the vocabulary; shares
/// and probabilities are between 0 and 1; losses are in nats.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields mean the same in every variant: the line above the enum says what"
)]
pub enum Observation {
    /// A gate differs between units: "keeps 83 % of unit 2, the most, and 60 % of unit 1, the least". The role says
    /// which verb: Forget keeps (or lets through, for `Γ_r`), Update writes, OutputGate shows.
    GateRange {
        step: usize,
        symbol: Symbol,
        role: Role,
        most_unit: usize,
        most: f64,
        least_unit: usize,
        least: f64,
    },
    /// A gate is open as wide in every unit, as far as a reader is told.
    GateEven { step: usize, symbol: Symbol, share: f64, units: usize },
    /// A gate is open in every unit; the least open share.
    GateOpen { step: usize, symbol: Symbol, role: Role, least: f64 },
    /// A gate is shut in every unit; the most open share.
    GateShut { step: usize, symbol: Symbol, role: Role, most: f64 },
    /// So many of all units are close to −1 or 1, where tanh hardly moves.
    Saturated { step: usize, symbol: Symbol, units: usize, of: usize },
    /// The unit with the largest magnitude.
    Largest { step: usize, symbol: Symbol, unit: usize, value: f64 },
    /// All units are exactly zero.
    AllZero { step: usize, symbol: Symbol },
    /// Something is infinite or not a number: the first such unit.
    NotFinite { step: usize, symbol: Symbol, unit: usize },
    /// The likeliest symbol (its index) is the right one.
    PredictionRight { step: usize, index: usize, probability: f64 },
    /// The likeliest symbol is not the right one.
    PredictionWrong { step: usize, index: usize, probability: f64, right: usize, right_probability: f64 },
    /// All symbols are as likely: the network has nothing to say yet.
    PredictionEven { step: usize, probability: f64, symbols: usize },
    /// The likeliest symbol, where there is no label.
    Prediction { step: usize, index: usize, probability: f64 },
    /// The loss of the step is below that of a uniform guess, ln V.
    LossBelowUniform { step: usize, nats: f64, uniform: f64 },
    /// The loss of the step is that of a uniform guess, as far as a reader is told.
    LossAsUniform { step: usize, nats: f64 },
    /// The loss of the step is above that of a uniform guess.
    LossAboveUniform { step: usize, nats: f64, uniform: f64 },
    /// The gradient's norm, and the unit with the largest magnitude.
    Gradient { step: usize, symbol: Symbol, norm: f64, unit: usize },
    /// The gradient has all but vanished.
    GradientVanished { step: usize, symbol: Symbol, norm: f64 },
    /// The gradient has grown large.
    GradientExploding { step: usize, symbol: Symbol, norm: f64 },
}

/// Shares and losses closer than this are said to be alike: they are shown with two decimals.
const EVEN: f64 = 0.005;

/// About a forward value, one number a unit; none for no units.
pub fn observe_value(step: usize, symbol: &Symbol, role: Role, values: &[f64]) -> Option<Observation> {
    let symbol = symbol.clone();
    if let Some(unit) = values.iter().position(|value| !value.is_finite()) {
        return Some(Observation::NotFinite { step, symbol, unit: unit + 1 });
    }
    let (most_unit, most) = extreme(values, |value| value)?;
    let (least_unit, least) = extreme(values, |value| -value)?;
    if matches!(role, Role::Update | Role::Forget | Role::OutputGate) {
        return Some(if least >= OPEN {
            Observation::GateOpen { step, symbol, role, least }
        } else if most <= SHUT {
            Observation::GateShut { step, symbol, role, most }
        } else if most - least < EVEN {
            Observation::GateEven { step, symbol, share: most, units: values.len() }
        } else {
            Observation::GateRange { step, symbol, role, most_unit, most, least_unit, least }
        });
    }
    if values.iter().all(|value| *value == 0.0) {
        return Some(Observation::AllZero { step, symbol });
    }
    let within = values.iter().all(|value| value.abs() <= 1.0);
    let units = values.iter().filter(|value| value.abs() > SATURATED).count();
    // The memory is no tanh's result: it may pass 1 without being saturated.
    if within && units > 0 && matches!(role, Role::Hidden | Role::Candidate) {
        return Some(Observation::Saturated { step, symbol, units, of: values.len() });
    }
    let (unit, value) = extreme(values, f64::abs)?;
    Some(Observation::Largest { step, symbol, unit, value })
}

/// About a distribution ŷ, one probability a symbol, and the label's index where there is one.
pub fn observe_prediction(step: usize, probabilities: &[f64], label: Option<usize>) -> Option<Observation> {
    let (unit, probability) = extreme(probabilities, |value| value)?;
    let index = unit - 1;
    let (_, least) = extreme(probabilities, |value| -value)?;
    if probabilities.len() > 1 && probability - least < EVEN * probability {
        return Some(Observation::PredictionEven { step, probability, symbols: probabilities.len() });
    }
    Some(match label.and_then(|right| Some((right, *probabilities.get(right)?))) {
        Some((right, _)) if right == index => Observation::PredictionRight { step, index, probability },
        Some((right, right_probability)) => {
            Observation::PredictionWrong { step, index, probability, right, right_probability }
        }
        None => Observation::Prediction { step, index, probability },
    })
}

/// About a step's loss in nats, against a uniform guess among so many symbols.
pub fn observe_loss(step: usize, nats: f64, symbols: usize) -> Observation {
    if !nats.is_finite() {
        return Observation::NotFinite { step, symbol: "l".into(), unit: 1 };
    }
    let uniform = libm::log(symbols.max(1) as f64);
    if (nats - uniform).abs() < EVEN {
        Observation::LossAsUniform { step, nats }
    } else if nats < uniform {
        Observation::LossBelowUniform { step, nats, uniform }
    } else {
        Observation::LossAboveUniform { step, nats, uniform }
    }
}

/// About a gradient, one number a unit (or a weight).
pub fn observe_gradient(step: usize, symbol: &Symbol, values: &[f64]) -> Option<Observation> {
    let symbol = symbol.clone();
    if let Some(unit) = values.iter().position(|value| !value.is_finite()) {
        return Some(Observation::NotFinite { step, symbol, unit: unit + 1 });
    }
    let (unit, _) = extreme(values, f64::abs)?;
    let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
    Some(if norm == 0.0 {
        Observation::AllZero { step, symbol }
    } else if norm < VANISHED {
        Observation::GradientVanished { step, symbol, norm }
    } else if norm > EXPLODING {
        Observation::GradientExploding { step, symbol, norm }
    } else {
        Observation::Gradient { step, symbol, norm, unit }
    })
}

/// The unit (from 1) where a measure is largest, and its value; the first of equal ones.
fn extreme(values: &[f64], measure: impl Fn(f64) -> f64) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (place, value) in values.iter().enumerate() {
        if best.is_none_or(|(_, found)| measure(*value) > measure(found)) {
            best = Some((place + 1, *value));
        }
    }
    best
}
