//! Chapter 1: how much of a padded batch is padding.

use super::{Exercise, Step, Task};
use crate::language::random::Random;
use crate::view::figures::{Values, Words};

/// Lengths of a few samples; columns, places, padding and its share are asked for.
pub struct PaddingTask;

fn lengths(seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed, 11);
    let samples = 3 + random.below(3);
    (0..samples).map(|_| 2 + random.below(9)).collect()
}

impl Exercise for PaddingTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        // The fields are named by the words of the same number.
        vec![String::new(); 4]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let lengths = lengths(seed);
        let longest = lengths.iter().copied().max()?;
        let places = longest * lengths.len();
        let real: usize = lengths.iter().sum();
        let padding = places - real;
        let share = 100.0 * padding as f64 / places as f64;
        let list = lengths.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (sum, list) = (list.join(" + "), list.join(&words.plain("list-comma")));
        let step = |at: usize, value: f64, tolerance: f64, why: String| Step {
            name: words.plain(&format!("answer-{at}")),
            value,
            tolerance,
            why,
            decimals: if at == 4 { 1 } else { 0 },
        };
        Some(Task {
            question: words.say("question", &[("b", &lengths.len()), ("lengths", &list)]),
            given: Vec::new(),
            steps: vec![
                step(1, longest as f64, 0.0, words.plain("why-columns")),
                step(2, places as f64, 0.0, format!("{} · {longest} = {places}", lengths.len())),
                step(3, padding as f64, 0.0, format!("{places} − ({sum}) = {places} − {real} = {padding}")),
                step(4, share, 0.6, format!("{padding} / {places} · 100")),
            ],
            links: vec![(0, 1), (1, 2), (1, 3), (2, 3)],
        })
    }
}
