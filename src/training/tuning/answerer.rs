//! Questions put to any weights of a run.

use serde::{Deserialize, Serialize};

use super::{RightAnswers, TuningTexts};
use crate::language::SamplingRules;
use crate::language::generate::{Asked, prompt};
use crate::language::tasks::TaskLanguage;
use crate::language::text::{cut, join, normalised};
use crate::training::writer::{Writer, WritingTask};

/// Symbols of an answer, at most.
const LONGEST_ANSWER: usize = 24;

/// A question with what the model wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What the model really sees: the symbols of the prompt that it knows.
    pub prompt: String,
    /// Symbols of the question that it does not know, each once: it reads the zero vector in their place.
    pub left_out: Vec<String>,
    /// How it goes on, always with the likeliest symbol, until `<EOS>`.
    pub continuation: String,
}

/// A model that answers questions, one at a time.
pub struct Answerer {
    language: TaskLanguage,
    writer: Writer,
}

impl Answerer {
    /// Memory for the model of two texts.
    pub fn new(texts: &TuningTexts, language: TaskLanguage) -> Self {
        Self { language, writer: Writer::new(texts.architecture(), texts.unit()) }
    }

    /// Asks a question in the prompt's form and goes on with the likeliest symbols. `weights` as
    /// [`super::TuningRun::weights`] has them.
    pub fn answer(&mut self, texts: &TuningTexts, weights: &[f32], question: &str) -> Answered {
        let prompt = normalised(&prompt(self.language, question)).unwrap_or_default();
        self.writer.load(weights, &[]);
        let rules = SamplingRules { greedy: true, ..SamplingRules::default() };
        let task = WritingTask { prompt: &prompt, length: LONGEST_ANSWER, rules, seed: 0 };
        let written = self.writer.write(weights, texts.vocabulary(), &task, None).unwrap_or_default();
        let continuation = written.strip_prefix(&prompt).unwrap_or(&written).trim().to_owned();
        let vocabulary = texts.vocabulary();
        let symbols = cut(&prompt, texts.unit(), None).unwrap_or_default();
        let (seen, unknown): (Vec<&str>, Vec<&str>) =
            symbols.into_iter().partition(|symbol| vocabulary.id(symbol).or(vocabulary.unknown()).is_some());
        let mut left_out: Vec<String> = Vec::new();
        for symbol in unknown {
            if !left_out.iter().any(|known| known == symbol) {
                left_out.push(symbol.to_owned());
            }
        }
        let prompt = join(seen, texts.unit());
        Answered { prompt, left_out, continuation }
    }

    /// How many questions are answered word for word.
    pub fn right(&mut self, texts: &TuningTexts, weights: &[f32], step: u32) -> RightAnswers {
        let mut count = |all: &[Asked]| {
            let is_right =
                |asked: &&Asked| self.answer(texts, weights, &asked.question).continuation == asked.answer;
            let right = all.iter().filter(is_right).count();
            (u16::try_from(right).unwrap_or(u16::MAX), u16::try_from(all.len()).unwrap_or(u16::MAX))
        };
        let asked = count(texts.asked());
        RightAnswers { step, asked, left_out: count(texts.left_out()) }
    }
}
