//! Everything that decides a task's run.

use serde::{Deserialize, Serialize};

use crate::language::tasks::TaskLanguage;
use crate::training::settings::CellChoice;

/// A way of wiring a recurrent network, with the task that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// One step: the opposite of a word.
    OneToOne,
    /// A first letter in, a name out.
    OneToMany,
    /// A sentence in, one judgement out: does it speak well of something?
    ManyToOne,
    /// For each word of a sentence: is it a name?
    ManyToMany,
    /// An encoder reads a sequence, a decoder writes it backwards.
    EncoderDecoder,
    /// Wired like [`Self::ManyToMany`]: running sums that begin anew, where part of the past only disturbs. A reset gate
    /// helps here.
    Distractor,
}

impl TaskKind {
    /// Every task: the five architectures in the order in which they are taught, then the distractor.
    pub const ALL: [Self; 6] = [
        Self::OneToOne,
        Self::OneToMany,
        Self::ManyToOne,
        Self::ManyToMany,
        Self::EncoderDecoder,
        Self::Distractor,
    ];
}

/// A task's run. The same settings give the same numbers, bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskSettings {
    /// The task.
    pub kind: TaskKind,
    /// The language of its words.
    pub language: TaskLanguage,
    /// The cell, of both stacks where there are two.
    pub cell: CellChoice,
    /// Hidden units, `n_a`, 1 to 64.
    pub hidden: usize,
    /// Decides data, start weights and the order of the samples.
    pub seed: u64,
    /// Learning rate of Adam.
    pub learning_rate: f32,
    /// Samples in a batch, `B`, 1 to 128.
    pub batch: usize,
    /// Updates until the run is finished.
    pub steps: u32,
}

impl TaskSettings {
    /// Sizes and steps with which a task is learnt within seconds. `cell` is the id of a preset.
    pub fn usual(kind: TaskKind, language: TaskLanguage, cell: &str, seed: u64) -> Self {
        let (hidden, learning_rate, steps) = match kind {
            TaskKind::OneToOne => (16, 0.02, 200),
            // Longer, and the names are learnt by heart.
            TaskKind::OneToMany => (24, 0.01, 200),
            TaskKind::ManyToOne => (16, 0.01, 500),
            TaskKind::ManyToMany => (16, 0.01, 200),
            TaskKind::EncoderDecoder => (32, 0.01, 500),
            // As long as shows a difference: both cells learn it in the end.
            TaskKind::Distractor => (12, 0.01, 200),
        };
        let cell = CellChoice::Preset(cell.to_owned());
        Self { kind, language, cell, hidden, seed, learning_rate, batch: 32, steps }
    }
}
