//! The reset gate as it is, held at 1, held at 0: what the candidate is made of.

use super::about_cell::AboutCell;
use super::clamp::{Hold, held};
use super::learnt::Learnt;
use super::{UNITS, about, at, before, input, joined, layer, news, numbers};
use ndarray::Axis;

use crate::engine::model::{Layer, Model};
use crate::engine::presets::preset;
use crate::engine::syntax::Symbol;
use crate::engine::trace::{Trace, trace};
use crate::view::figures::parts::{Signed, caption, column, row, signed};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::markup::Node;
use crate::view::number::{brief, fixed};
use crate::view::stepper::model::StepperModel;

/// The full GRU's candidate at one step.
pub struct Reset;

impl AboutCell for Reset {
    const CELL: &'static str = "gru";
    const STEPS: u32 = 600;

    fn settings(model: Option<&StepperModel>, _: &Values) -> Vec<Setting> {
        let steps = model.map_or(1, StepperModel::steps);
        vec![Setting::steps("step", steps, 4), Setting::choice("gate", &["free", "open", "shut"])]
    }

    fn draw(model: StepperModel, learnt: &Learnt, now: &Values, words: &Words) -> Option<Drawing> {
        let step = now.whole("step").clamp(1, model.steps()) - 1;
        let gate = now.text("gate");
        let trace = held(&model.model, &model.input(), &Reset::holds(&model, now))?;
        let layer = layer(&trace)?;
        let (mut bars, mut rows): (Vec<Node>, Vec<(String, Vec<f64>)>) = (Vec::new(), Vec::new());
        let heads =
            ["unit-head", "old", "gate-head", "past", "news", "candidate"].map(|key| words.plain(key));
        let mut table = Table::new(heads);
        let made: Vec<[f64; 2]> = (0..UNITS).map(|unit| made_of(&model, layer, step, unit)).collect();
        let full = made.iter().flatten().fold(0.0, |most: f64, value| most.max(value.abs()));
        for (unit, [past, news]) in made.iter().enumerate() {
            let (old, open) = (before(layer, "c", step, unit), at(layer, "Γ_r", step, unit));
            let candidate = at(layer, "c~", step, unit);
            let part = |class, value, key| Signed { class, value, name: words.plain(key) };
            bars.push(column([
                caption(words.say("unit", &[("n", &(unit + 1))])),
                signed(&[part("c", *past, "past"), part("x", *news, "news")], full),
            ]));
            rows.push((words.say("unit", &[("n", &(unit + 1))]), vec![old, open, candidate]));
            let mut cells = vec![(unit + 1).to_string()];
            cells.extend([old, open, *past, *news, candidate].map(|value| fixed(value, 4)));
            table.row(cells);
        }
        let heads = ["c<t-1>", "Γ_r<t>", "c~<t>"].map(str::to_owned);
        let body = vec![row([column(bars), column([numbers(&heads, &rows, words)])])];
        let token = input(&model, step, words);
        let begin = words.say("reads", &[("t", &(step + 1)), ("token", &token)]);
        let middle = match gate {
            "open" => apart("says-open", from_simplified(&model, layer), 0, words),
            "shut" => says_shut(&model, layer, step, words),
            _ => {
                let gates = (0..UNITS).map(|unit| at(layer, "Γ_r", step, unit));
                let least = gates.clone().fold(1.0, f64::min);
                let most = gates.fold(0.0, f64::max);
                words.say("says-free", &[("least", &fixed(least, 2)), ("most", &fixed(most, 2))])
            }
        };
        let sentence = joined(&[begin, middle, about(&model, learnt, words)], words);
        Some(Drawing { body, sentence, table })
    }

    fn holds(model: &StepperModel, now: &Values) -> Vec<Hold> {
        let value = match now.text("gate") {
            "open" => 1.0,
            "shut" => 0.0,
            _ => return Vec::new(),
        };
        vec![Hold { gate: "Γ_r", unit: None, value, from: 0, to: model.steps() }]
    }

    fn opens(_: &Values) -> (usize, usize) {
        (2, 1)
    }
}

/// The two parts of what stands in the candidate's tanh: from the past through the gate, and from input and bias.
fn made_of(
    model: &StepperModel,
    layer: &crate::engine::trace::LayerTrace<f64>,
    step: usize,
    unit: usize,
) -> [f64; 2] {
    let weight = |name: &str| model.model.weight(Some(0), &Symbol::from(name));
    let (Some(matrix), Some(bias)) = (weight("W_c"), weight("b_c")) else { return [f64::NAN; 2] };
    let past = (0..UNITS)
        .map(|other| matrix[(unit, other)] * at(layer, "Γ_r", step, other) * before(layer, "c", step, other));
    [past.sum(), news(matrix, layer, step, unit) + bias[(unit, 0)]]
}

/// The largest difference of any state at any step from the simplified cell with the same matrices.
fn from_simplified(model: &StepperModel, layer: &crate::engine::trace::LayerTrace<f64>) -> f64 {
    let simple = || -> Option<Trace<f64>> {
        let cell = &preset("gru-simplified")?.cell;
        let known = &model.model.layers.first()?.weights;
        let weights = cell
            .parameters
            .iter()
            .map(|parameter| known.iter().find(|(name, _)| *name == parameter.name).cloned());
        let only = Layer {
            cell: std::sync::Arc::new(cell.clone()),
            hidden: UNITS,
            weights: weights.collect::<Option<_>>()?,
        };
        let simple = Model { layers: vec![only], ..model.model.clone() };
        trace(&simple, &model.input()).ok()
    };
    let c = Symbol::from("c");
    let simple = simple();
    let other = simple.as_ref().and_then(super::layer).and_then(|layer| layer.value(&c));
    match (layer.value(&c), other) {
        (Some(one), Some(other)) => {
            one.iter().zip(other).fold(0.0, |most: f64, (one, other)| most.max((one - other).abs()))
        }
        _ => f64::NAN,
    }
}

/// With the past shut out, a symbol has the same candidate wherever it stands.
fn says_shut(
    model: &StepperModel,
    layer: &crate::engine::trace::LayerTrace<f64>,
    step: usize,
    words: &Words,
) -> String {
    let read = |step: usize| layer.x.index_axis(Axis(0), step);
    let twin = (0..model.steps()).find(|other| *other != step && read(*other) == read(step));
    match twin {
        Some(other) => {
            let difference = (0..UNITS)
                .map(|unit| (at(layer, "c~", step, unit) - at(layer, "c~", other, unit)).abs())
                .fold(0.0, f64::max);
            apart("says-shut-twin", difference, other + 1, words)
        }
        None => words.plain("says-shut"),
    }
}

/// How far two runs are apart; a sentence of its own where they are the same to the last digit.
fn apart(key: &str, difference: f64, t: usize, words: &Words) -> String {
    let key = if difference == 0.0 { format!("{key}-same") } else { key.to_owned() };
    words.say(&key, &[("t", &t), ("difference", &brief(difference, 2))])
}
