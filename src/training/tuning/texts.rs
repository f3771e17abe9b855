//! Two texts over one vocabulary, and the model for them.

use super::TuningSettings;
use crate::engine::architecture::Architecture;
use crate::language::batches::{Batches, Part};
use crate::language::corpus::{Corpus, ReadingRules, read};
use crate::language::generate::{Asked, asked, prompt, question_of};
use crate::language::tasks::TaskLanguage;
use crate::language::vocabulary::Vocabulary;
use crate::language::{Reading, Unit};
use crate::training::choice::{architecture, cell_error, cell_of};
use crate::training::initial::usual_weights;
use crate::training::limits::in_ranges;
use crate::training::report::Refusal;
use crate::training::settings::ModelSettings;

/// Samples in a batch.
const BATCH: usize = 16;
/// A longer line is cut to its first symbols.
const LONGEST_LINE: usize = 64;

/// The general text and the question–answer pairs, one sample a line, under one vocabulary.
pub struct TuningTexts {
    /// The vocabulary, its symbols, and the lines of both.
    whole: Corpus,
    general: Corpus,
    pairs: Corpus,
    unit: Unit,
    architecture: Architecture,
    /// Questions that the pairs hold, with their answers.
    asked: Vec<Asked>,
    /// Questions that they leave out, though the general text has the answer.
    left_out: Vec<Asked>,
}

impl TuningTexts {
    /// Reads both texts.
    ///
    /// # Errors
    /// When a size is out of range, the cell cannot be used, or a text cannot be trained on.
    pub fn read(settings: &TuningSettings, general: &str, pairs: &str) -> Result<Self, Refusal> {
        check(settings)?;
        let unit = match settings.language {
            TaskLanguage::English => Unit::Word,
            TaskLanguage::Chinese => Unit::Character,
        };
        let rules = ReadingRules { unit, reading: Reading::Lines, vocabulary_limit: None };
        let whole = read(&format!("{general}\n{pairs}"), &rules, None)?;
        // Lines keep their order: the first text's come first.
        let count = read(general, &rules, None)?.lines.len();
        let (first, rest) = whole.lines.split_at(count.min(whole.lines.len()));
        let part = |lines: &[std::ops::Range<usize>]| {
            // A part's last tenth is never trained on. All of these shall be, so the first ones stand there again.
            let again = &lines[..lines.len() / 9];
            Corpus { lines: [lines, again].concat(), ..whole.clone() }
        };
        let (general_part, pairs_part) = (part(first), part(rest));
        let cell = cell_of(&settings.cell)?;
        cell.check_sizes(settings.hidden, whole.vocabulary.len()).map_err(cell_error)?;
        let model = ModelSettings {
            cell: settings.cell.clone(),
            layers: 1,
            hidden: settings.hidden,
            ..ModelSettings::default()
        };
        let architecture = architecture(&model, whole.vocabulary.len())?;
        let asked_of = |line| question_of(settings.language, line);
        let left_out = asked(settings.language).into_iter().filter(|asked| {
            !pairs.contains(&prompt(settings.language, &asked.question)) && general.contains(&asked.answer)
        });
        Ok(Self {
            asked: pairs.lines().filter_map(asked_of).collect(),
            left_out: left_out.collect(),
            general: general_part,
            pairs: pairs_part,
            whole,
            unit,
            architecture,
        })
    }

    /// Cell and sizes.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The weights drawn from the seed.
    pub fn start_weights(&self, settings: &TuningSettings) -> Vec<f32> {
        usual_weights(&self.architecture, &settings.cell, settings.seed)
    }

    /// The symbols of both texts.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.whole.vocabulary
    }

    /// What one symbol is.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The questions of the pairs, with their answers.
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// Questions that the pairs leave out, though the general text has the answer.
    pub fn left_out(&self) -> &[Asked] {
        &self.left_out
    }

    /// Endless windows over the general text and over the pairs.
    ///
    /// # Errors
    /// When one of them has no line.
    pub(super) fn batches(&self, seed: u64) -> Result<[Batches; 2], Refusal> {
        let longest = self.whole.lines.iter().map(|line| line.len() + 1).max().unwrap_or(1).min(LONGEST_LINE);
        let of = |part| Batches::new(part, Part::Training, BATCH, longest, seed).ok_or(Refusal::EmptyText);
        Ok([of(&self.general)?, of(&self.pairs)?])
    }
}

fn check(settings: &TuningSettings) -> Result<(), Refusal> {
    let steps = f64::from(settings.general_steps) + f64::from(settings.tuning_steps);
    let values = [
        ("hidden", settings.hidden as f64, 1.0, 128.0),
        ("steps", steps, 1.0, 20_000.0),
        ("learning_rate", f64::from(settings.learning_rate), 1e-6, 10.0),
    ];
    in_ranges(&values)
}
