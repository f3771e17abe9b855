//! Chapter 6: the factors of one unit from step to step, and their product.

use super::digits::{joined, of_result};
use super::given::{heads, numbers, table};
use super::worked::{Worked, hundredth};
use super::{Exercise, Found, Task, steps};
use crate::engine::analysis::{LayerAtStep, product_back_to, state_jacobian};
use crate::engine::syntax::Symbol;
use crate::language::random::Random;
use crate::view::figures::network::Wish;
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

/// What the unit reads: so many symbols, and `<EOS>`.
const SENTENCE: &str = "abc";
/// T.
const STEPS: usize = 4;
/// What a square of four decimals on the way leaves open of 1 − a².
const SQUARE: f64 = 0.00005;
/// The share of the product that three significant digits of its factors and of itself leave open, with room.
const SHARE: f64 = 0.021;

/// `J_2 … J_T` of a unit with given states, and `∂a<T>/∂a<1>`.
pub struct ProductTask;

impl Exercise for ProductTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        heads("J_2", &["J_3", "J_4", "∂a<4> / ∂a<1>"])
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 22);
        let size = 0.5 + random.below(16) as f64 / 10.0;
        let weight = hundredth(if random.below(4) == 0 { -size } else { size });
        let bias = hundredth(random.below(13) as f64 / 10.0 - 0.6);
        let wish = Wish::of("rnn", SENTENCE, 1, seed);
        let worked = Worked::of(&wish, |model| {
            for (name, values) in model.layers.iter_mut().flat_map(|layer| &mut layer.weights) {
                match name.0.as_str() {
                    "W_aa" => values.fill(weight),
                    "b_a" => values.fill(bias),
                    _ => {}
                }
            }
        })?;
        let (layer, mut trace) =
            (worked.network.model.layers.first()?, worked.network.trace.layers.first()?.clone());
        // The states are given with three decimals, and the factors are those of the given states.
        let state = Symbol::from("a");
        for (_, values) in trace.values.iter_mut().filter(|(name, _)| *name == state) {
            values.mapv_inplace(|value| (value * 1000.0).round() / 1000.0);
        }
        let trace = &trace;
        let jacobians = (1..STEPS)
            .map(|step| state_jacobian(LayerAtStep { layer, trace, step, sample: 0 }).ok())
            .collect::<Option<Vec<_>>>()?;
        let factors: Vec<f64> =
            jacobians.iter().filter_map(|jacobian| jacobian.get((0, 0)).copied()).collect();
        let product = product_back_to(&jacobians).last()?.get((0, 0)).copied()?;
        let states: Vec<f64> = trace.value(&state)?.iter().copied().collect();
        let mut found: Vec<Found> = Vec::new();
        for (factor, state) in factors.iter().zip(states.iter().skip(1)) {
            let why = format!("{} · (1 − ({})²)", fixed(weight, 2), fixed(*state, 3));
            let within = 0.6 * third_digit(*factor) + SQUARE * weight.abs();
            found.push((*factor, within, of_result(*factor, 3), why));
        }
        // One digit more than usual: each factor adds its own rounding.
        found.push((product, SHARE * product.abs(), of_result(product, 3), joined(&factors, 5, " · ")));
        let row = numbers(words.plain("state"), &states, 3);
        let given = vec![table(&heads("", &["a<1>", "a<2>", "a<3>", "a<4>"]), &[row])];
        let question = words.say("question", &[("w", &fixed(weight, 2))]);
        let links = (0..factors.len()).map(|factor| (factor, factors.len())).collect();
        Some(Task { question, given, steps: steps(self.names(seed, now), found, words), links })
    }
}

/// One unit of a number’s third significant digit.
fn third_digit(value: f64) -> f64 {
    libm::pow(10.0, libm::floor(libm::log10(value.abs())) - 2.0)
}
