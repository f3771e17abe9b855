//! A model that a figure has trained, as it stands: it reads sentences, expects what comes next, and writes.

use super::Words;
use super::pieces::shown;
use crate::engine::architecture::Architecture;
use crate::language::corpus::Corpus;
use crate::language::probability::{SequenceProbability, from_logits};
use crate::language::sampling::{Distribution, distribution};
use crate::language::text::{cut, join, normalised};
use crate::language::{NO_SYMBOL, SamplingRules, Unit};
use crate::sorted::order;
use crate::training::writer::{Draw, Writer, WritingTask};

/// Most symbols of a sentence that is followed.
pub(super) const MOST_SYMBOLS: usize = 40;

/// The model as it is now, ready to read and to write.
pub(super) struct Reader {
    pub corpus: Corpus,
    /// Updates so far.
    pub updates: u32,
    weights: Vec<f32>,
    writer: Writer,
    unit: Unit,
}

/// A sentence as the model reads it, each step fed the true symbol before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Followed {
    /// The labels, `<EOS>` last (T).
    pub labels: Vec<usize>,
    /// `ŷ<t>` (T × V).
    pub distributions: Vec<Vec<f64>>,
    /// The chain rule's factors.
    pub chain: SequenceProbability,
    /// Symbols that the vocabulary has no place for, left out.
    pub left_out: Vec<String>,
}

/// A draw, kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Drawn {
    /// `ŷ<t>` as the model gives it (V).
    pub whole: Vec<f64>,
    /// What the rules have left of it, drawn from.
    pub distribution: Distribution,
    /// The random number.
    pub u: f64,
    /// The symbol.
    pub id: usize,
}

/// A text that the model has written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Written {
    /// The symbols of the prompt.
    pub prompt: Vec<usize>,
    /// The prompt as it is read: without symbols that the vocabulary has no place for.
    pub read: String,
    /// Those that the vocabulary has no place for, left out.
    pub left_out: Vec<String>,
    /// The draws, that of `<EOS>` included.
    pub draws: Vec<Drawn>,
    /// Prompt and continuation.
    pub text: String,
    /// Whether it ended with `<EOS>`, not at the limit.
    pub ended: bool,
}

impl Reader {
    /// The model with these weights, after so many updates.
    pub(super) fn new(
        corpus: Corpus,
        architecture: &Architecture,
        updates: u32,
        weights: Vec<f32>,
        unit: Unit,
    ) -> Reader {
        let mut writer = Writer::new(architecture, unit);
        writer.load(&weights, &[]);
        Reader { corpus, updates, weights, writer, unit }
    }

    /// Reads a sentence of at most [`MOST_SYMBOLS`] symbols; none where nothing of it is in the vocabulary.
    pub(super) fn follow(&mut self, sentence: &str) -> Option<Followed> {
        let (mut ids, left_out) = self.ids(sentence.trim());
        ids.truncate(MOST_SYMBOLS);
        if ids.is_empty() {
            return None;
        }
        ids.extend(self.corpus.vocabulary.end().and_then(|end| i32::try_from(end).ok()));
        let logits = self.writer.follow(&self.weights, &ids);
        let distributions = logits.iter().map(|logits| whole(logits)).collect();
        let exact: Vec<Vec<f64>> =
            logits.iter().map(|logits| logits.iter().map(|z| f64::from(*z)).collect()).collect();
        let chain = from_logits(exact.iter().map(Vec::as_slice).zip(ids.iter().copied()));
        Some(Followed { labels: places(&ids), distributions, chain, left_out })
    }

    /// The distributions that a beginning meets, one a symbol of it.
    pub(super) fn expected(&mut self, beginning: &str) -> Vec<Vec<f64>> {
        let (ids, _) = self.ids(beginning);
        self.writer.follow(&self.weights, &ids).iter().map(|logits| whole(logits)).collect()
    }

    /// Continues a prompt; none where the rules or the numbers do not allow it.
    pub(super) fn write(
        &mut self,
        prompt: &str,
        length: usize,
        rules: SamplingRules,
        seed: u64,
    ) -> Option<Written> {
        let (ids, left_out) = self.ids(prompt);
        let given = places(&ids);
        let vocabulary = &self.corpus.vocabulary;
        let prompt = join(given.iter().filter_map(|id| vocabulary.symbol(*id)), self.unit);
        let mut draws = Vec::new();
        let task = WritingTask { prompt: &prompt, length, rules, seed };
        let keep = |draw: Draw| {
            draws.push(Drawn {
                whole: whole(draw.logits),
                distribution: draw.distribution.clone(),
                u: draw.u,
                id: draw.id,
            });
        };
        let text = self.writer.write_watched(&self.weights, vocabulary, &task, None, keep).ok()?;
        let ended = draws.last().is_some_and(|draw| Some(draw.id) == vocabulary.end());
        Some(Written { read: prompt, prompt: given, left_out, draws, text, ended })
    }

    /// The ids of a text's symbols, and the symbols that have none, each once.
    fn ids(&self, text: &str) -> (Vec<i32>, Vec<String>) {
        let text = normalised(text).unwrap_or_default();
        let symbols = cut(&text, self.unit, None).unwrap_or_default();
        let encoded = self.corpus.vocabulary.encode(symbols);
        let mut left_out: Vec<String> = Vec::new();
        if self.corpus.vocabulary.unknown().is_none() {
            for unknown in encoded.unknown {
                if !left_out.contains(&unknown.symbol) {
                    left_out.push(unknown.symbol);
                }
            }
        }
        (encoded.ids.into_iter().filter(|id| *id != NO_SYMBOL).collect(), left_out)
    }

    /// A sentence as it was read: without what was left out, and without its end.
    pub(super) fn read(&self, followed: &Followed) -> String {
        let vocabulary = &self.corpus.vocabulary;
        let symbols = followed.labels.iter().filter(|id| Some(**id) != vocabulary.end());
        join(symbols.filter_map(|id| vocabulary.symbol(*id)), self.unit)
    }

    /// A symbol as it is shown.
    pub(super) fn shown(&self, id: usize) -> String {
        self.corpus.vocabulary.symbol(id).map(shown).unwrap_or_default()
    }

    /// Whether a line of the text is this one.
    pub(super) fn knows(text: &str, line: &str) -> bool {
        text.lines().any(|known| known.trim() == line.trim())
    }

    /// Whether a line of the text holds this.
    pub(super) fn holds(text: &str, part: &str) -> bool {
        text.lines().any(|known| known.contains(part.trim()))
    }

    /// How much it has been trained, as a sentence that follows another one.
    pub(super) fn standing(&self, words: &Words) -> String {
        let standing = if self.updates == 0 {
            words.plain("untrained")
        } else {
            words.count("trained", self.updates as usize, &[])
        };
        format!("{}{standing}", words.plain("gap"))
    }

    /// Which symbols of a sentence were left out, as a sentence that follows another one; empty: none.
    pub(super) fn left_out(left_out: &[String], words: &Words) -> String {
        if left_out.is_empty() {
            return String::new();
        }
        let symbols: Vec<String> = left_out.iter().map(|symbol| shown(symbol)).collect();
        format!("{}{}", words.plain("gap"), words.say("left-out", &[("symbols", &symbols.join(" "))]))
    }
}

/// The softmax of logits, `<UNK>` not refused.
fn whole(logits: &[f32]) -> Vec<f64> {
    let rules = SamplingRules { refuse_unknown: false, ..SamplingRules::default() };
    distribution(logits, &rules, None).map(|all| all.probabilities).unwrap_or_default()
}

fn places(ids: &[i32]) -> Vec<usize> {
    ids.iter().filter_map(|id| usize::try_from(*id).ok()).collect()
}

/// Places of the largest probabilities, the largest first; of equal ones the lower place first.
pub(super) fn likeliest(probabilities: &[f64], most: usize) -> Vec<usize> {
    let value = |place: usize| probabilities.get(place).copied().unwrap_or_default();
    let mut order = order(probabilities.len(), &|one, other| value(other).total_cmp(&value(one)));
    order.truncate(most);
    order
}
