//! The product of the Jacobians beside the powers of `W_aa` and of its spectral radius.

use ndarray::Array2;

use super::setup::{Setup, change, sequence};
use super::{LONGEST, SEED, SEEDS};
use crate::engine::analysis::{
    LayerAtStep, product_back_to, spectral_norm, spectral_radius, state_jacobian, with_spectral_radius,
};
use crate::engine::options::Options;
use crate::engine::syntax::Symbol;
use crate::engine::trace::trace;
use crate::training::settings::Start;
use crate::view::chart::Dash;
use crate::view::figures::numbers::{Shown, edits};
use crate::view::figures::parts::{Level, caption, levels};
use crate::view::figures::{Drawing, Figure, Numbers, Setting, Table, Values, Words};
use crate::view::number::{brief, fixed};
use crate::view::stepper::model::input_of;

/// Hidden units.
const HIDDEN: usize = 8;

/// `‖∂a<T>/∂a<k>‖` for every k.
pub struct Jacobians;

/// What is drawn, for k = 0 … T.
struct Curves {
    /// ρ(W_aa).
    radius: f64,
    /// `‖J_T ⋯ J_{k+1}‖`
    product: Vec<f64>,
    /// `‖W_aa^(T-k)‖`
    powers: Vec<f64>,
    /// `ρ^(T-k)`
    radii: Vec<f64>,
    /// Mean slope of each step.
    slopes: Vec<f64>,
    /// `‖J_t‖` of each step.
    factors: Vec<f64>,
}

impl Figure for Jacobians {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![
            Setting::text("sentence", LONGEST, ""),
            Setting::slider("radius", 0.1, 3.0, 0.05, 1.2),
            Setting::steps("seed", SEEDS, SEED),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        network(now)
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some("rnn")
    }

    fn shows_sums(&self, _: &Values) -> bool {
        false
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let Some(numbers) = network(now).as_ref().and_then(curves) else {
            return Drawing::only(words.plain("empty"));
        };
        let steps = numbers.slopes.len();
        let curve = |name: &str, dash, class, values: &[f64]| Level {
            name: words.plain(name),
            dash,
            class,
            values: values.to_vec(),
        };
        let all = [
            curve("product", Dash::Solid, "a", &numbers.product),
            curve("powers", Dash::Dashed, "v", &numbers.powers),
            curve("radii", Dash::Dotted, "z", &numbers.radii),
        ];
        let mut table = Table::new([
            words.plain("step"),
            words.plain("slope"),
            words.plain("factor"),
            words.plain("from-here"),
        ]);
        for step in 0..steps {
            table.row([
                (step + 1).to_string(),
                fixed(numbers.slopes[step], 3),
                fixed(numbers.factors[step], 3),
                brief(numbers.product[step + 1], 3),
            ]);
        }
        let whole = numbers.product.first().copied().unwrap_or(1.0);
        let mean = libm::pow(whole, 1.0 / steps.max(1) as f64);
        let slope = numbers.slopes.iter().sum::<f64>() / steps.max(1) as f64;
        let verdict = match whole {
            whole if whole < 0.8 => "shrinks",
            whole if whole > 1.25 => "grows",
            _ => "keeps",
        };
        let sentence = words.say(
            verdict,
            &[
                ("radius", &fixed(numbers.radius, 2)),
                ("steps", &steps),
                ("whole", &brief(whole, 2)),
                ("mean", &fixed(mean, 3)),
                ("slope", &fixed(slope, 2)),
            ],
        );
        let body = vec![caption(words.plain("axis")), levels(&all, "t = 0", &format!("t = T = {steps}"))];
        Drawing { body, sentence, table }
    }
}

/// The network with the wished radius, then with what the reader has changed in it.
fn network(now: &Values) -> Option<Numbers> {
    let sequence = sequence(now.text("sentence"))?;
    let setup = Setup {
        cell: "rnn",
        options: Options::default(),
        hidden: HIDDEN,
        layers: 1,
        start: Start::Xavier,
        seed: now.whole("seed") as u64,
    };
    let radius = now.number("radius");
    let mut model = setup.model(sequence.vocabulary.len())?;
    change(&mut model, "W_aa", |matrix| with_spectral_radius(matrix, radius));
    let mut input = input_of(&sequence);
    edits(now).apply(&mut model, &mut input);
    Some(Numbers { model, input, shown: Shown::Below })
}

fn curves(of: &Numbers) -> Option<Curves> {
    let run = trace(&of.model, &of.input).ok()?;
    let (layer, numbers) = (of.model.layers.first()?, run.layers.first()?);
    let steps = of.input.x.dim().0;
    let jacobians: Vec<Array2<f64>> = (0..steps)
        .map(|step| state_jacobian(LayerAtStep { layer, trace: numbers, step, sample: 0 }))
        .collect::<Result<_, _>>()
        .ok()?;
    let state = numbers.value(&Symbol::from("a"))?;
    let slopes = state.outer_iter().map(|a| a.mapv(|a| 1.0 - a * a).mean().unwrap_or(0.0)).collect();
    let weight = of.model.weight(Some(0), &Symbol::from("W_aa"))?.clone();
    let radius = spectral_radius(&weight);
    let backwards = |all: Vec<Array2<f64>>| all.iter().rev().map(spectral_norm).collect::<Vec<f64>>();
    Some(Curves {
        radius,
        product: backwards(product_back_to(&jacobians)),
        powers: backwards(product_back_to(&vec![weight; steps])),
        radii: (0..=steps).rev().map(|back| libm::pow(radius, back as f64)).collect(),
        slopes,
        factors: jacobians.iter().map(spectral_norm).collect(),
    })
}
