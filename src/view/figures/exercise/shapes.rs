//! Chapter 3: sizes of matrices, from the engine's own shapes.

use super::{Exercise, Found, Task, steps};
use crate::engine::presets::{preset, softmax_head};
use crate::engine::syntax::Parameter;
use crate::language::random::Random;
use crate::view::figures::{Values, Words};

/// Rows and columns of the matrices, and how many numbers there are in all.
pub struct ShapesTask;

impl Exercise for ShapesTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 6]
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 16);
        let (n_a, n_x, n_y) = (2 + random.below(9), 3 + random.below(28), 2 + random.below(12));
        let rnn = preset("rnn")?;
        let head = softmax_head();
        let stacked = &rnn.stacked.as_ref()?.parameters;
        let (cell, top) = (&rnn.cell.parameters, &head.parameters);
        let size = |parameter: &Parameter| {
            (parameter.rows.size(n_a, n_x, n_y), parameter.columns.size(n_a, n_x, n_y))
        };
        let of = |list: &[Parameter], name: &str| list.iter().find(|one| one.name.0 == name).map(size);
        let count = |(rows, columns): (usize, usize)| rows * columns;
        let (recurrent, input) = (of(cell, "W_aa")?, of(cell, "W_ax")?);
        let output = of(top, "W_ya")?;
        let parts: Vec<usize> = cell.iter().chain(top).map(|parameter| count(size(parameter))).collect();
        let sum = parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ");
        let all: usize = parts.iter().sum();
        let whole = |value: usize, why: String| -> Found { (value as f64, 0.0, 0, why) };
        let found = vec![
            whole(input.1, "n_x".to_owned()),
            whole(output.0, "n_y".to_owned()),
            whole(output.1, "n_a".to_owned()),
            whole(of(stacked, "W_a")?.1, format!("n_a + n_x = {n_a} + {n_x}")),
            whole(count(recurrent), format!("n_a · n_a = {} · {}", recurrent.0, recurrent.1)),
            whole(all, words.say("why-all", &[("sum", &sum)])),
        ];
        let question = words.say("question", &[("a", &n_a), ("x", &n_x), ("y", &n_y)]);
        let steps = steps(self.names(seed, now), found, words);
        // Each is counted from what is given.
        Some(Task { question, given: Vec::new(), steps, links: Vec::new() })
    }
}
