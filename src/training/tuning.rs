//! Pre-training on statements, then fine-tuning on questions with their answers, over one vocabulary: the losses on
//! both texts through both stages, and the same questions answered at any moment.
//!
//! ```
//! use unrolled::language::tasks::TaskLanguage;
//! use unrolled::training::tuning::{Stage, TuningRun, TuningSettings};
//!
//! let mut settings = TuningSettings::usual(TaskLanguage::English, "lstm", 7);
//! (settings.general_steps, settings.tuning_steps) = (10, 10);
//! let mut run = TuningRun::new(settings)?;
//! assert_eq!(run.stage(), Stage::General);
//! while run.slice(|| false).expect("this run is stable") {}
//! assert_eq!(run.stage(), Stage::Tuning);
//! let answered = run.answer("what does the cat say?");
//! assert_eq!(answered.prompt, "Q: what does the cat say? A:"); // what the model really sees
//! let progress = run.progress(); // both losses, new points only
//! assert_eq!(progress.measured.last().map(|point| point.step), Some(20));
//! # Ok::<(), unrolled::training::report::Refusal>(())
//! ```

mod answerer;
mod run;
mod texts;

pub use answerer::{Answered, Answerer};
pub use run::TuningRun;
pub use texts::TuningTexts;

use serde::{Deserialize, Serialize};

use super::settings::CellChoice;
use crate::language::tasks::TaskLanguage;

/// Everything that decides a run of two stages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningSettings {
    /// The language of both texts. English is cut into words, Chinese into characters.
    pub language: TaskLanguage,
    /// The cell.
    pub cell: CellChoice,
    /// Hidden units, `n_a`, 1 to 128.
    pub hidden: usize,
    /// Decides start weights and the order of the lines.
    pub seed: u64,
    /// Learning rate of Adam in both stages.
    pub learning_rate: f32,
    /// Updates on statements; 0 leaves the first stage out.
    pub general_steps: u32,
    /// Updates on question–answer pairs.
    pub tuning_steps: u32,
}

impl TuningSettings {
    /// Sizes and steps that show both stages within seconds. `cell` is the id of a preset.
    pub fn usual(language: TaskLanguage, cell: &str, seed: u64) -> Self {
        let cell = CellChoice::Preset(cell.to_owned());
        Self { language, cell, hidden: 48, seed, learning_rate: 0.01, general_steps: 300, tuning_steps: 250 }
    }

    /// Updates of both stages.
    pub fn steps(&self) -> u32 {
        self.general_steps + self.tuning_steps
    }
}

/// The two stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Pre-training on the general text.
    General,
    /// Fine-tuning on question–answer pairs.
    Tuning,
}

/// The losses on both texts, in nats per symbol, on up to 64 lines of each. They are lines that are trained on as well:
/// what is compared is how much of either text the network has at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BothLosses {
    /// Updates done in both stages together.
    pub step: u32,
    /// On the general text.
    pub general: f32,
    /// On question–answer pairs.
    pub pairs: f32,
}

/// How many questions are answered word for word, out of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightAnswers {
    /// Updates done.
    pub step: u32,
    /// Of the questions that the pairs hold.
    pub asked: (u16, u16),
    /// Of those that they leave out, whose answers stand in the general text.
    pub left_out: (u16, u16),
}

/// How far a run is; each message holds only what is new.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TuningProgress {
    /// Updates done.
    pub step: u32,
    /// The update from which the second stage runs.
    pub second_from: u32,
    /// Updates in all.
    pub steps: u32,
    /// (step, training loss in nats per symbol) of the stage under way.
    pub losses: Vec<(u32, f32)>,
    /// Losses on both texts.
    pub measured: Vec<BothLosses>,
    /// Questions answered: at the start, at the moment of the switch, at the end.
    pub right: Vec<RightAnswers>,
}
