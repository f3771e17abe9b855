//! Chapter 5: which symbol a random number draws.

use super::answers::hundredths;
use super::given::table;
use super::{Exercise, Step, Task};
use crate::language::random::Random;
use crate::language::sampling::{Distribution, choose};
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

/// The symbols.
const SYMBOLS: [&str; 4] = ["a", "b", "c", "d"];
/// Random numbers.
const DRAWS: usize = 3;

/// The cumulative probabilities, then three draws.
pub struct DrawTask;

impl Exercise for DrawTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 2 + DRAWS]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 19);
        let parts = hundredths(&mut random, SYMBOLS.len(), 6);
        let probabilities: Vec<f64> = parts.iter().map(|part| *part as f64 / 100.0).collect();
        let distribution =
            Distribution { probabilities: probabilities.clone(), kept: (0..SYMBOLS.len()).collect() };
        // Half a hundredth away from every end of a piece.
        let draws: Vec<f64> = (0..DRAWS).map(|_| (random.below(100) as f64 + 0.5) / 100.0).collect();
        let ends: Vec<f64> = parts
            .iter()
            .scan(0, |sum, part| {
                *sum += *part;
                Some(*sum as f64 / 100.0)
            })
            .collect();
        let name = |at: usize| words.plain(&format!("answer-{at}"));
        let mut steps = Vec::new();
        for count in [2, 3] {
            let value = ends.get(count - 1).copied()?;
            let sum = probabilities.iter().take(count).map(|p| fixed(*p, 2)).collect::<Vec<_>>().join(" + ");
            steps.push(Step { name: name(count - 1), value, tolerance: 0.004, why: sum, decimals: 2 });
        }
        for (draw, at) in draws.iter().zip(3..) {
            let hit = choose(&distribution, *draw);
            let from = if hit == 0 { 0.0 } else { ends.get(hit - 1).copied()? };
            let (to, symbol) = (ends.get(hit).copied()?, SYMBOLS.get(hit)?);
            let why = words.say(
                "why-piece",
                &[
                    ("u", &fixed(*draw, 3)),
                    ("from", &fixed(from, 2)),
                    ("to", &fixed(to, 2)),
                    ("symbol", symbol),
                ],
            );
            steps.push(Step { name: name(at), value: (hit + 1) as f64, tolerance: 0.0, why, decimals: 0 });
        }
        let heads: Vec<String> =
            std::iter::once(words.plain("symbol")).chain(SYMBOLS.map(str::to_owned)).collect();
        let numbers = probabilities.iter().map(|p| fixed(*p, 2));
        let row: Vec<String> = std::iter::once(words.plain("probability")).chain(numbers).collect();
        let places = (1..=SYMBOLS.len()).map(|place| place.to_string());
        let place: Vec<String> = std::iter::once(words.plain("place")).chain(places).collect();
        let list = draws.iter().map(|u| fixed(*u, 3)).collect::<Vec<_>>().join(", ");
        let question = words.say("question", &[("draws", &list)]);
        Some(Task { question, given: vec![table(&heads, &[place, row])], steps })
    }
}
