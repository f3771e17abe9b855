//! Chapter 6: a gradient clipped by its length, and the size of start weights.

use super::digits::{of_result, on_the_way};
use super::given::{heads, list};
use super::{Exercise, Found, Task, steps};
use crate::language::random::Random;
use crate::training::initial::limit;
use crate::training::optimiser::{Clip, clip};
use crate::training::settings::Start;
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

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

/// Rounded on the way.
const WITHIN: f64 = 0.012;

/// Length, factor, and what is left of each entry.
pub struct ClipTask;

impl Exercise for ClipTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        heads("‖g‖", &["", "g_1", "g_2", "g_3"])
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
        let squares = before.map(|entry| fixed(entry.abs(), 0)).join("² + ");
        let (norm, limit) = (fixed(size.norm, 0), fixed(theta, 0));
        let why = match size.clipped {
            true => format!("{limit} / {norm}"),
            false => words.say("why-short", &[("norm", &norm), ("limit", &limit)]),
        };
        let mut found: Vec<Found> = vec![
            (size.norm, WITHIN, 3, format!("√({squares}²)")),
            (factor, WITHIN, of_result(factor, 3), why),
        ];
        let mut links = vec![(0, 1)];
        for (old, new) in before.iter().zip(after) {
            let old = fixed(*old, 0);
            // As a quotient: a rounded factor would be too rough for the larger entries.
            let why = if size.clipped { format!("{old} · {limit} / {norm}") } else { format!("{old} · 1") };
            links.push((1, found.len()));
            found.push((new, WITHIN, of_result(new, 3), why));
        }
        let question = words.say("question", &[("g", &list(&before, 0, ", ")), ("limit", &limit)]);
        let steps = steps(self.names(seed, now), found, words);
        Some(Task { question, given: Vec::new(), steps, links })
    }
}

/// Variance and border of Xavier's and He's start weights.
pub struct StartTask;

impl Exercise for StartTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 4]
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 24);
        let (rows, columns) = (8 * (1 + random.below(8)), 8 * (1 + random.below(12)));
        let mut found: Vec<Found> = Vec::new();
        let xavier = format!("({rows} + {columns})");
        for (start, under) in [(Start::Xavier, xavier), (Start::He, columns.to_string())] {
            let border = limit(start, rows, columns);
            // A number drawn evenly between -r and r has the variance r²/3.
            let variance = border * border / 3.0;
            found.push((variance, 0.02 * variance, of_result(variance, 4), format!("2 / {under}")));
            found.push((border, 0.02 * border, 4, format!("√(3 · {})", on_the_way(variance))));
        }
        let question = words.say("question", &[("m", &rows), ("n", &columns)]);
        let steps = steps(self.names(seed, now), found, words);
        Some(Task { question, given: Vec::new(), steps, links: vec![(0, 1), (2, 3)] })
    }
}
