//! Chapter 4: a sentence's probability from its factors, and two candidates compared.

use super::given::table;
use super::{Exercise, Step, Task};
use crate::language::probability::{SequenceProbability, from_log_probabilities};
use crate::language::random::Random;
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

/// What a factor may be.
const FACTORS: [f64; 8] = [0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9];
/// Words of a sentence with its `<EOS>`.
const LENGTH: usize = 4;

fn factors(random: &mut Random, count: usize) -> Vec<f64> {
    (0..count).filter_map(|_| FACTORS.get(random.below(FACTORS.len())).copied()).collect()
}

fn chain(factors: &[f64]) -> SequenceProbability {
    let logs: Vec<f64> = factors.iter().map(|factor| libm::log(*factor)).collect();
    from_log_probabilities(&logs)
}

fn joined(values: impl IntoIterator<Item = f64>, decimals: Option<usize>, sign: &str) -> String {
    let shown = values.into_iter().map(|value| match decimals {
        Some(decimals) => fixed(value, decimals),
        None => value.to_string(),
    });
    shown.collect::<Vec<_>>().join(sign)
}

/// A product of probabilities is small, so its tolerance is a share of it.
fn probability(name: String, chain: &SequenceProbability) -> Step {
    let why = joined(chain.probabilities.iter().map(|p| (p * 1e4).round() / 1e4), None, " · ");
    Step { name, value: chain.product, tolerance: 0.006 * chain.product, why, decimals: 5 }
}

fn perplexity(name: String, chain: &SequenceProbability) -> Step {
    let why = format!("exp({} / {})", fixed(-chain.log_product, 3), chain.probabilities.len());
    Step { name, value: chain.perplexity, tolerance: 0.02, why, decimals: 3 }
}

/// `P`, `L`, the mean and the perplexity of one sentence.
pub struct ChainTask;

impl Exercise for ChainTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        ["P", "L", "L / T", "PP"].map(str::to_owned).to_vec()
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 17);
        let sentences = words.plain("sentences");
        let sentences: Vec<&str> = sentences.split('|').collect();
        let sentence = sentences.get(random.below(sentences.len())).copied().unwrap_or_default();
        let factors = factors(&mut random, LENGTH);
        let chain = chain(&factors);
        let heads: Vec<String> =
            std::iter::once("y<t>").chain(sentence.split(' ')).chain(["<EOS>"]).map(str::to_owned).collect();
        let numbers = factors.iter().map(ToString::to_string);
        let row: Vec<String> = std::iter::once(words.plain("row")).chain(numbers).collect();
        let losses = chain.log_probabilities.iter().map(|log| -log);
        let mut names = self.names(seed, now).into_iter();
        let mut name = || names.next().unwrap_or_default();
        let steps = vec![
            probability(name(), &chain),
            Step {
                name: name(),
                value: -chain.log_product,
                tolerance: 0.02,
                why: joined(losses, Some(3), " + "),
                decimals: 3,
            },
            Step {
                name: name(),
                value: -chain.log_product / LENGTH as f64,
                tolerance: 0.01,
                why: format!("{} / {LENGTH}", fixed(-chain.log_product, 3)),
                decimals: 3,
            },
            perplexity(name(), &chain),
        ];
        Some(Task { question: words.plain("question"), given: vec![table(&heads, &[row])], steps })
    }
}

/// Two candidates of different length: which is likelier, how many times, and what their perplexities say.
pub struct LikelierTask;

impl Exercise for LikelierTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 5]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 18);
        let (first, second) = (factors(&mut random, LENGTH - 1), factors(&mut random, LENGTH));
        let (one, other) = (chain(&first), chain(&second));
        let (large, small) = if one.product >= other.product {
            (one.product, other.product)
        } else {
            (other.product, one.product)
        };
        let ratio = large / small;
        let name = |at: usize| words.plain(&format!("answer-{at}"));
        let steps = vec![
            probability(name(1), &one),
            probability(name(2), &other),
            Step {
                name: name(3),
                value: ratio,
                tolerance: (0.02 * ratio).min(1.0),
                why: format!("{} / {}", fixed(large, 5), fixed(small, 5)),
                decimals: 2,
            },
            perplexity(name(4), &one),
            perplexity(name(5), &other),
        ];
        let list = |factors: &[f64]| joined(factors.iter().copied(), None, ", ");
        let question = words.say("question", &[("first", &list(&first)), ("second", &list(&second))]);
        Some(Task { question, given: Vec::new(), steps })
    }
}
