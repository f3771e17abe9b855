//! What a trained model says: texts continued, sentences scored. One symbol at a time, one sample.

use crate::engine::architecture::Architecture;
use crate::engine::head::Targets;
use crate::engine::network::Network;
use crate::engine::plan::{Input, Keep, Mode};
use crate::language::random::Random;
use crate::language::sampling::{Distribution, SamplingError, choose, distribution};
use crate::language::text::{Joined, WordCutter, cut, normalised};
use crate::language::vocabulary::Vocabulary;
use crate::language::{NO_SYMBOL, SamplingRules, Unit};
use crate::training::report::{MOST_UNSEEN, Score, Unseen};

/// The stream of random numbers that symbols are drawn from.
const STREAM: u64 = 2;

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub struct WritingTask<'a> {
    /// The beginning that is given.
    pub prompt: &'a str,
    /// Symbols to add, at most.
    pub length: usize,
    /// How each symbol is chosen.
    pub rules: SamplingRules,
    /// Decides the draws.
    pub seed: u64,
}

/// One draw of a text that is being written.
#[derive(Debug)]
pub struct Draw<'a> {
    /// The logits (V).
    pub logits: &'a [f32],
    /// What the rules made of them.
    pub distribution: &'a Distribution,
    /// The random number, in [0, 1).
    pub u: f64,
    /// The symbol that it hit.
    pub id: usize,
}

/// A network for one sample and one step, which remembers its state from symbol to symbol.
#[derive(Clone)]
pub struct Writer {
    network: Network<f32>,
    unit: Unit,
}

impl Writer {
    /// Memory for a model.
    pub fn new(architecture: &Architecture, unit: Unit) -> Self {
        Self { network: Network::new(architecture, 1, 1, Keep::Training, true, false), unit }
    }

    /// Takes over weights (flat) and the running means of each layer.
    pub fn load(&mut self, weights: &[f32], statistics: &[Vec<f32>]) {
        self.network.load(weights);
        for (layer, numbers) in self.network.layers_mut().iter_mut().zip(statistics) {
            layer.set_statistics(numbers);
        }
    }

    /// Continues the prompt by up to `length` symbols, until `<EOS>`. Returns prompt and continuation as one text.
    ///
    /// # Errors
    /// When the rules are out of range or a logit is not finite.
    pub fn write(
        &mut self,
        weights: &[f32],
        vocabulary: &Vocabulary,
        task: &WritingTask<'_>,
        cutter: Option<&dyn WordCutter>,
    ) -> Result<String, SamplingError> {
        self.write_watched(weights, vocabulary, task, cutter, |_| {})
    }

    /// As [`Self::write`]; `see` is shown every draw, that of `<EOS>` too.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_watched(
        &mut self,
        weights: &[f32],
        vocabulary: &Vocabulary,
        task: &WritingTask<'_>,
        cutter: Option<&dyn WordCutter>,
        mut see: impl FnMut(Draw<'_>),
    ) -> Result<String, SamplingError> {
        let WritingTask { prompt, length, rules, seed } = *task;
        let mut joined = Joined::new(self.unit);
        let mut random = Random::new(seed, STREAM);
        self.network.zero_initial();
        self.step(weights, NO_SYMBOL);
        let prompt = normalised(prompt).unwrap_or_default();
        for symbol in cut(&prompt, self.unit, cutter).unwrap_or_default() {
            joined.push(symbol);
            let id = vocabulary.id(symbol).or(vocabulary.unknown());
            self.step(weights, id.and_then(|id| i32::try_from(id).ok()).unwrap_or(NO_SYMBOL));
        }
        for _ in 0..length {
            let logits = self.network.head().logits();
            let drawn = distribution(logits, &rules, vocabulary.unknown())?;
            let u = random.uniform();
            let id = choose(&drawn, u);
            see(Draw { logits, distribution: &drawn, u, id });
            if vocabulary.end() == Some(id) {
                break;
            }
            joined.push(vocabulary.symbol(id).unwrap_or_default());
            self.step(weights, i32::try_from(id).unwrap_or(NO_SYMBOL));
        }
        Ok(joined.text)
    }

    /// What of a text is not in the vocabulary.
    pub fn unseen(&self, vocabulary: &Vocabulary, text: &str, cutter: Option<&dyn WordCutter>) -> Unseen {
        let text = normalised(text).unwrap_or_default();
        let mut symbols: Vec<String> = Vec::new();
        for symbol in cut(&text, self.unit, cutter).unwrap_or_default() {
            let is_new = vocabulary.id(symbol).is_none() && !symbols.iter().any(|known| known == symbol);
            if is_new && symbols.len() < MOST_UNSEEN {
                symbols.push(symbol.to_owned());
            }
        }
        Unseen { symbols, is_replaced: vocabulary.unknown().is_some() }
    }

    /// −log P of a whole text in nats, by the chain rule; `<EOS>` counts where the vocabulary has it.
    pub fn score(
        &mut self,
        weights: &[f32],
        vocabulary: &Vocabulary,
        text: &str,
        cutter: Option<&dyn WordCutter>,
    ) -> Score {
        let text = normalised(text).unwrap_or_default();
        let symbols = cut(&text, self.unit, cutter).unwrap_or_default();
        let encoded = vocabulary.encode(symbols);
        let end = vocabulary.end().and_then(|id| i32::try_from(id).ok());
        let left_out = encoded.ids.iter().filter(|id| **id < 0).count();
        let unknown = encoded.unknown.len().saturating_sub(left_out);
        let mut score = Score { unknown, left_out, ..Score::default() };
        self.network.zero_initial();
        let mut input = NO_SYMBOL;
        for id in encoded.ids.iter().copied().chain(end) {
            self.step(weights, input);
            if id >= 0 {
                self.network.loss(Targets::Ids(&[id]), 0.0);
                score.nats += f64::from(self.network.head().losses()[0]);
                score.symbols += 1;
            }
            input = id;
        }
        score
    }

    /// The logits of each step of a sequence: each step reads the true symbol before it, the first one the zero vector.
    pub fn follow(&mut self, weights: &[f32], ids: &[i32]) -> Vec<Vec<f32>> {
        self.network.zero_initial();
        let inputs = std::iter::once(NO_SYMBOL).chain(ids.iter().copied()).take(ids.len());
        inputs
            .map(|input| {
                self.step(weights, input);
                self.network.head().logits().to_vec()
            })
            .collect()
    }

    fn step(&mut self, weights: &[f32], id: i32) {
        self.network.forward(weights, Input::OneHot(&[id]), Mode::Evaluate);
        self.network.carry();
    }
}
