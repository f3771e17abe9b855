//! The exercises that a worksheet can hold: the same as in the chapters.

use crate::view::figures::Values;
use crate::view::figures::exercise::{
    AnswerTask, ChainTask, ClipTask, ColumnTask, DrawTask, Exercise, Hand, LikelierTask, LossTask,
    MemoryTask, MixTask, PaddingTask, ProductTask, ShapesTask, StartTask, StateTask, TailTask,
    TemperatureTask,
};

/// A kind of question.
pub struct Known {
    /// Its name here: of the setting that says how many, and of its title among the words.
    pub name: &'static str,
    /// The figure of the chapter that asks it: also the group of its words.
    pub figure: &'static str,
    /// The chapter.
    pub chapter: &'static str,
    /// What its settings are.
    pub values: &'static [(&'static str, &'static str)],
    /// The exercise.
    pub exercise: &'static (dyn Exercise + Sync),
}

impl Known {
    /// The values that its task is made from, the seed among them.
    pub fn given(&self, seed: u64) -> Values {
        let mut given: Values = self.values.iter().copied().collect();
        given.set("seed", seed);
        given
    }
}

/// A question that stands in a chapter under its own name.
const fn task(name: &'static str, chapter: &'static str, exercise: &'static (dyn Exercise + Sync)) -> Known {
    Known { name, figure: name, chapter, values: &[], exercise }
}

/// One step of a cell by hand: a later one, because up to the second the states are zero, and what a gate keeps or a matrix
/// reads of them is nothing. With these sentences hardly any seed rounds the state to zero again.
const fn hand(
    name: &'static str,
    chapter: &'static str,
    values: &'static [(&'static str, &'static str)],
) -> Known {
    Known { name, figure: "hand", chapter, values, exercise: &Hand }
}

/// All of them, in the order of the book.
pub static KNOWN: [Known; 20] = [
    task("padding-task", "notation", &PaddingTask),
    task("column-task", "vectors", &ColumnTask),
    task("state-task", "recurrent", &StateTask),
    task("shapes-task", "recurrent", &ShapesTask),
    task("answer-task", "recurrent", &AnswerTask),
    task("loss-task", "recurrent", &LossTask),
    hand("hand-rnn", "recurrent", &[("cell", "rnn"), ("sentence", "ab"), ("step", "3")]),
    task("chain-task", "language-model", &ChainTask),
    task("likelier-task", "language-model", &LikelierTask),
    task("draw-task", "sampling", &DrawTask),
    task("temperature-task", "sampling", &TemperatureTask),
    task("tail-task", "sampling", &TailTask),
    task("product-task", "gradients", &ProductTask),
    task("clip-task", "gradients", &ClipTask),
    task("start-task", "gradients", &StartTask),
    task("mix-task", "gru", &MixTask),
    hand("hand-gru-simplified", "gru", &[("cell", "gru-simplified"), ("sentence", "ab"), ("step", "3")]),
    hand("hand-gru", "gru", &[("cell", "gru"), ("sentence", "aab"), ("step", "4")]),
    task("memory-task", "lstm", &MemoryTask),
    hand("hand-lstm", "lstm", &[("cell", "lstm"), ("sentence", "ab"), ("step", "3")]),
];
