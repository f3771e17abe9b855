//! Chapter 3: two units over the first two steps.

use ndarray::Array2;

use super::worked::Worked;
use super::{Exercise, Step, Task};
use crate::engine::syntax::Symbol;
use crate::language::random::Random;
use crate::view::figures::network::Wish;
use crate::view::figures::parts::{equation, row};
use crate::view::figures::{Values, Words};
use crate::view::markup::Node;

/// Hidden units.
const UNITS: usize = 2;

/// `a<1>` from the bias alone, then `z_a<2>` and `a<2>`, both rows.
pub struct StateTask;

impl Exercise for StateTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 3 * UNITS]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 13);
        let sentence = if random.below(2) == 0 { "ab" } else { "ba" };
        let wish = Wish::of("rnn", sentence, UNITS, seed);
        // Far enough from 0 that a forgotten tanh is seen.
        let bias = Array2::from_shape_fn((UNITS, 1), |_| {
            let size = (4 + random.below(6)) as f64 / 10.0;
            if random.below(2) == 0 { size } else { -size }
        });
        let worked = Worked::of(&wish, |model| {
            let name = Symbol::from("b_a");
            for (known, values) in model.layers.iter_mut().flat_map(|layer| &mut layer.weights) {
                if *known == name {
                    values.assign(&bias);
                }
            }
        })?;
        let wanted = worked.wanted();
        let [sum, state] = wanted.as_slice() else { return None };
        let mut steps: Vec<Step> = Vec::new();
        for (at, wanted) in [(1, state), (2, sum), (2, state)] {
            for row in 0..UNITS {
                let label = words.plain(&format!("answer-{}", steps.len() + 1));
                // Of the first step the sums are not asked for.
                steps.push(worked.step(wanted, (row, at), label, at == 1)?);
            }
        }
        let cell = &worked.network.model.layers.first()?.cell;
        let mut given: Vec<Node> = cell.equations.iter().map(equation).collect();
        given.push(row(worked.weights().into_iter().chain(worked.input(2))));
        // Both rows of a<1> go into each row of the sum, and each of those into its own row of a<2>.
        let links = vec![(0, 2), (0, 3), (1, 2), (1, 3), (2, 4), (3, 5)];
        Some(Task { question: words.plain("question"), given, steps, links })
    }
}
