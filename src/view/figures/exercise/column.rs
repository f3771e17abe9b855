//! Chapter 2: a matrix times one-hot columns.

use ndarray::Array2;

use super::{Exercise, Step, Task};
use crate::language::random::Random;
use crate::view::figures::parts::{Matrix, matrix, row};
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

/// Rows and columns of the matrix.
const SIZE: (usize, usize) = (2, 4);

/// A column that is picked, and the sum of two.
pub struct ColumnTask;

impl Exercise for ColumnTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 4]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 12);
        let weights = Array2::from_shape_fn(SIZE, |_| (random.below(19) as f64 - 9.0) / 10.0);
        let first = random.below(SIZE.1);
        let second = (first + 1 + random.below(SIZE.1 - 1)) % SIZE.1;
        let entry = |row: usize, column: usize| weights.get((row, column)).copied().unwrap_or(0.0);
        let name = |at: usize| words.plain(&format!("answer-{at}"));
        let mut steps = Vec::new();
        for row in 0..SIZE.0 {
            let why = words.say("why-picked", &[("column", &(first + 1)), ("row", &(row + 1))]);
            let value = entry(row, first);
            steps.push(Step { name: name(row + 1), value, tolerance: 0.004, why, decimals: 1 });
        }
        for row in 0..SIZE.0 {
            let (one, other) = (entry(row, first), entry(row, second));
            let value = one + other;
            let why = format!("{} + ({}) = {}", fixed(one, 1), fixed(other, 1), fixed(value, 1));
            steps.push(Step { name: name(SIZE.0 + row + 1), value, tolerance: 0.004, why, decimals: 1 });
        }
        let how = Matrix { decimals: Some(1), symbol: "W_ax", title: "W_ax".to_owned(), ..Matrix::default() };
        Some(Task {
            question: words.say("question", &[("k", &(first + 1)), ("j", &(second + 1))]),
            given: vec![row([matrix(weights.view(), &how)])],
            steps,
            // The picked entry is one part of the sum of the same row.
            links: (0..SIZE.0).map(|row| (row, SIZE.0 + row)).collect(),
        })
    }
}
