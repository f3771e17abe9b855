//! Chapter 6: a gradient clipped by its length, and the size of start weights.

use super::{Exercise, Step, Task};
use crate::language::random::Random;
use crate::training::initial::limit;
use crate::training::optimiser::{Clip, clip};
use crate::training::settings::Start;
use crate::view::figures::{Values, Words};
use crate::view::number::{brief, fixed};

/// Gradients whose length is a whole number, so that it can be worked out without a machine.
const GRADIENTS: [[f64; 3]; 10] = [
    [1.0, 2.0, 2.0],
    [2.0, 3.0, 6.0],
    [1.0, 4.0, 8.0],
    [4.0, 4.0, 7.0],
    [2.0, 6.0, 9.0],
    [6.0, 6.0, 7.0],
    [3.0, 4.0, 12.0],
    [2.0, 5.0, 14.0],
    [2.0, 10.0, 11.0],
    [8.0, 9.0, 12.0],
];
/// Limits.
const LIMITS: [f64; 4] = [1.0, 2.0, 5.0, 10.0];

/// Length, factor, and what is left of each entry.
pub struct ClipTask;

impl Exercise for ClipTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        let entries = (1..=3).map(|row| format!("g_{row}"));
        ["‖g‖".to_owned(), String::new()].into_iter().chain(entries).collect()
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 23);
        let mut before = GRADIENTS.get(random.below(GRADIENTS.len())).copied()?;
        random.shuffle(&mut before);
        for entry in &mut before {
            *entry *= if random.below(2) == 0 { 1.0 } else { -1.0 };
        }
        let theta = LIMITS.get(random.below(LIMITS.len())).copied()?;
        let mut after = before;
        let size = clip(&mut after, Clip::GlobalNorm(theta));
        let factor = if size.clipped { theta / size.norm } else { 1.0 };
        let squares = before.map(|entry| format!("{}²", fixed(entry.abs(), 0))).join(" + ");
        let why = match size.clipped {
            true => format!("{} / {}", fixed(theta, 0), fixed(size.norm, 0)),
            false => words.say("why-short", &[("norm", &fixed(size.norm, 0)), ("limit", &fixed(theta, 0))]),
        };
        let mut names = self.names(seed, now);
        if let Some(name) = names.get_mut(1) {
            *name = words.plain("answer-2");
        }
        let mut all = vec![(size.norm, format!("√({squares})")), (factor, why)];
        let entries = before.iter().zip(after);
        all.extend(entries.map(|(old, new)| (new, format!("{} · {}", fixed(factor, 3), fixed(*old, 0)))));
        let steps = names.into_iter().zip(all);
        let steps =
            steps.map(|(name, (value, why))| Step { name, value, tolerance: 0.012, why, decimals: 3 });
        let list = before.map(|entry| fixed(entry, 0)).join(", ");
        let question = words.say("question", &[("g", &list), ("limit", &fixed(theta, 0))]);
        Some(Task { question, given: Vec::new(), steps: steps.collect() })
    }
}

/// Variance and border of Xavier's and He's start weights.
pub struct StartTask;

impl Exercise for StartTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 4]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 24);
        let (rows, columns) = (8 * (1 + random.below(8)), 8 * (1 + random.below(12)));
        let mut steps = Vec::new();
        for (start, under) in
            [(Start::Xavier, format!("({rows} + {columns})")), (Start::He, columns.to_string())]
        {
            let border = limit(start, rows, columns);
            // A number drawn evenly between -r and r has the variance r²/3.
            let variance = border * border / 3.0;
            for (value, why) in
                [(variance, format!("2 / {under}")), (border, format!("√(3 · {})", brief(variance, 4)))]
            {
                let name = words.plain(&format!("answer-{}", steps.len() + 1));
                steps.push(Step { name, value, tolerance: 0.02 * value, why, decimals: 4 });
            }
        }
        let question = words.say("question", &[("m", &rows), ("n", &columns)]);
        Some(Task { question, given: Vec::new(), steps })
    }
}
