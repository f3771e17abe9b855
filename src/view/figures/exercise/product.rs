//! Chapter 6: the factors of one unit from step to step, and their product.

use super::given::{heads, list, numbers, table};
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
/// Rounded on the way.
const WITHIN: f64 = 0.012;

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
        let (layer, trace) = (worked.network.model.layers.first()?, worked.network.trace.layers.first()?);
        let jacobians = (1..STEPS)
            .map(|step| state_jacobian(LayerAtStep { layer, trace, step, sample: 0 }).ok())
            .collect::<Option<Vec<_>>>()?;
        let factors: Vec<f64> =
            jacobians.iter().filter_map(|jacobian| jacobian.get((0, 0)).copied()).collect();
        let product = product_back_to(&jacobians).last()?.get((0, 0)).copied()?;
        let states: Vec<f64> = trace.value(&Symbol::from("a"))?.iter().copied().collect();
        let mut found: Vec<Found> = Vec::new();
        for (factor, state) in factors.iter().zip(states.iter().skip(1)) {
            let why = format!("{} · (1 − ({})²)", fixed(weight, 2), fixed(*state, 3));
            found.push((*factor, WITHIN, 3, why));
        }
        found.push((product, WITHIN, 3, list(&factors, 3, " · ")));
        let row = numbers(words.plain("state"), &states, 3);
        let given = vec![table(&heads("", &["a<1>", "a<2>", "a<3>", "a<4>"]), &[row])];
        let question = words.say("question", &[("w", &fixed(weight, 2))]);
        Some(Task { question, given, steps: steps(self.names(seed, now), found, words) })
    }
}
