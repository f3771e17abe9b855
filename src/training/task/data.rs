//! A task's samples as ids, cut into those that are trained on and those that are held out.

use super::{TaskKind, Wiring};
use crate::engine::syntax::LossKind;
use crate::language::NO_SYMBOL;
use crate::language::tasks::{
    LabelledSample, TaskLanguage, Wanted, judgements, names, opposites, restarted_sums, reversals,
    tagged_names,
};
use crate::language::vocabulary::Vocabulary;
use crate::sorted::sort_by;

/// Held-out samples at most: they are measured while training.
const MOST_HELD_OUT: usize = 128;

/// One sample as ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What is read.
    pub given: Vec<i32>,
    /// What is wanted: ids of symbols (the last is `<EOS>` where the output's length is free), or 0 and 1.
    pub wanted: Vec<i32>,
}

/// A task: its symbols and its samples.
#[derive(Clone, Debug)]
pub struct Task {
    /// Which.
    pub kind: TaskKind,
    /// Symbols of the input, and of the output where it is a symbol.
    pub vocabulary: Vocabulary,
    /// The loss: softmax over the vocabulary, or one logistic output.
    pub loss: LossKind,
    /// Samples that are trained on.
    pub training: Vec<Sample>,
    /// Samples that are not: a fifth, at most 128. For the opposites none: each one-hot word has a column of its own, which no other
    /// word trains.
    pub held_out: Vec<Sample>,
    longest: (usize, usize),
}

impl Task {
    /// The samples of a task, made with a seed.
    pub fn new(kind: TaskKind, language: TaskLanguage, seed: u64) -> Self {
        let samples = match kind {
            TaskKind::OneToOne => opposites(language),
            TaskKind::OneToMany => names(language, seed),
            TaskKind::ManyToOne => judgements(language, seed, 1200),
            TaskKind::ManyToMany => tagged_names(language, seed, 400),
            TaskKind::EncoderDecoder => reversals(language, seed, 1200),
            TaskKind::Distractor => restarted_sums(seed, 1500),
        };
        let ends = matches!(kind, TaskKind::OneToMany | TaskKind::EncoderDecoder);
        let held_out = if kind == TaskKind::OneToOne { 0 } else { (samples.len() / 5).min(MOST_HELD_OUT) };
        Self::from_samples(kind, &samples, ends, held_out)
    }

    /// A task of labelled samples, of which the last `held_out` are not trained on. `ends`: `<EOS>` is wanted last.
    pub fn from_samples(kind: TaskKind, samples: &[LabelledSample], ends: bool, held_out: usize) -> Self {
        let symbols = samples.iter().flat_map(|sample| {
            let wanted: &[String] = match &sample.wanted {
                Wanted::Symbols(symbols) => symbols,
                Wanted::Answers(_) => &[],
            };
            sample.given.iter().chain(wanted)
        });
        let mut symbols: Vec<&str> = symbols.map(String::as_str).collect();
        sort_by(&mut symbols, Ord::cmp);
        symbols.dedup();
        let vocabulary = Vocabulary::build(symbols.into_iter().map(|symbol| (symbol, 1)), None, ends);
        let answers = samples.iter().any(|sample| matches!(sample.wanted, Wanted::Answers(_)));
        let end = vocabulary.end().and_then(|id| i32::try_from(id).ok());
        let ids = |symbols: &[String]| vocabulary.encode(symbols.iter().map(String::as_str)).ids;
        let sample = |sample: &LabelledSample| Sample {
            given: ids(&sample.given),
            wanted: match &sample.wanted {
                Wanted::Symbols(symbols) => ids(symbols).into_iter().chain(end).collect(),
                Wanted::Answers(answers) => answers.iter().map(|answer| i32::from(*answer)).collect(),
            },
        };
        let mut training: Vec<Sample> = samples.iter().map(sample).collect();
        let held_out = training.split_off(training.len().saturating_sub(held_out));
        let loss = if answers { LossKind::Logistic } else { LossKind::SoftmaxCrossEntropy };
        let longest = training.iter().chain(&held_out).fold((0, 0), |(first, second), sample| {
            let wiring = Wiring::new(kind, sample.given.len(), sample.wanted.len());
            let steps = wiring.steps.len();
            let before = wiring.takes_over().unwrap_or(steps);
            (first.max(before), second.max(steps - before))
        });
        Self { kind, vocabulary, loss, training, held_out, longest }
    }

    /// `n_y`.
    pub fn outputs(&self) -> usize {
        match self.loss {
            LossKind::Logistic => 1,
            LossKind::SoftmaxCrossEntropy => self.vocabulary.len(),
        }
    }

    /// The wiring of a sample.
    pub fn wiring(&self, sample: &Sample) -> Wiring {
        Wiring::new(self.kind, sample.given.len(), sample.wanted.len())
    }

    /// The samples that are measured: those held out, or all where there are none.
    pub fn measured(&self) -> &[Sample] {
        if self.held_out.is_empty() { &self.training } else { &self.held_out }
    }

    /// Steps of the longest sample in the first stack and in the second (0: there is only one).
    pub fn longest(&self) -> (usize, usize) {
        self.longest
    }

    /// The id of a symbol; [`NO_SYMBOL`] where it is unknown.
    pub fn id(&self, symbol: &str) -> i32 {
        self.vocabulary.id(symbol).and_then(|id| i32::try_from(id).ok()).unwrap_or(NO_SYMBOL)
    }
}
