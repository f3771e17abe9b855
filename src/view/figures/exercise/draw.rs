//! Chapter 5: which symbol a random number draws.

use super::answers::hundredths;
use super::given::{heads, list, numbers, table};
use super::{Exercise, Found, Task, steps};
use crate::language::random::Random;
use crate::language::sampling::{Distribution, choose};
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

/// The symbols.
pub(super) const SYMBOLS: [&str; 4] = ["a", "b", "c", "d"];
/// Random numbers.
const DRAWS: usize = 3;

/// The cumulative probabilities, then three draws.
pub struct DrawTask;

impl Exercise for DrawTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 2 + DRAWS]
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 19);
        let shares = hundredths(&mut random, SYMBOLS.len(), 6);
        // Half a hundredth away from every end of a piece.
        let draws: Vec<f64> = (0..DRAWS).map(|_| (random.below(100) as f64 + 0.5) / 100.0).collect();
        let up_to = |count: usize| shares.iter().take(count).sum::<f64>();
        let mut found: Vec<Found> = Vec::new();
        for count in [2, 3] {
            found.push((up_to(count), 0.004, 2, list(shares.get(..count)?, 2, " + ")));
        }
        let all = Distribution { probabilities: shares.clone(), kept: (0..shares.len()).collect() };
        let mut links = Vec::new();
        for draw in &draws {
            let hit = choose(&all, *draw);
            // Its piece lies between two sums; the fields ask for those of two and of three.
            let ends = [hit, hit + 1].into_iter().filter(|count| [2, 3].contains(count));
            links.extend(ends.map(|count| (count - 2, found.len())));
            let (u, from, to) = (fixed(*draw, 3), fixed(up_to(hit), 2), fixed(up_to(hit + 1), 2));
            let symbol = SYMBOLS.get(hit)?;
            let why = words.say("why-piece", &[("u", &u), ("from", &from), ("to", &to), ("symbol", symbol)]);
            found.push(((hit + 1) as f64, 0.0, 0, why));
        }
        let rows = [
            numbers(words.plain("place"), &[1.0, 2.0, 3.0, 4.0], 0),
            numbers(words.plain("probability"), &shares, 2),
        ];
        let given = vec![table(&heads(&words.plain("symbol"), &SYMBOLS), &rows)];
        let question = words.say("question", &[("draws", &list(&draws, 3, &words.plain("list-comma")))]);
        Some(Task { question, given, steps: steps(self.names(seed, now), found, words), links })
    }
}
