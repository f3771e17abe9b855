//! Chapter 4: a sentence's probability from its factors, and two candidates compared.

use super::digits::{joined, of_result, on_the_way, with_significant};
use super::given::{heads, table};
use super::{Exercise, Found, Task, steps};
use crate::language::probability::{SequenceProbability, from_log_probabilities};
use crate::language::random::Random;
use crate::language::vocabulary::EOS;
use crate::view::figures::{Values, Words};
use crate::view::number::brief;

/// What a factor may be.
const FACTORS: [f64; 8] = [0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9];
/// How often two sentences are drawn until they are as they should be.
const TRIES: usize = 60;
/// Words of a sentence with its `<EOS>`.
const LENGTH: usize = 4;

/// Factors as they are written, and what they add up to.
fn chain(random: &mut Random, count: usize) -> (Vec<String>, SequenceProbability) {
    let (mut shown, mut logs) = (Vec::new(), Vec::new());
    for factor in (0..count).filter_map(|_| FACTORS.get(random.below(FACTORS.len()))) {
        shown.push(brief(*factor, 2));
        logs.push(libm::log(*factor));
    }
    (shown, from_log_probabilities(&logs))
}

/// A product of probabilities is small, so its tolerance is a share of it.
fn probability((shown, chain): &(Vec<String>, SequenceProbability)) -> Found {
    // Four significant digits, or as many as there are.
    let decimals = of_result(chain.product, 4);
    (chain.product, 0.006 * chain.product, decimals, shown.join(" · "))
}

fn perplexity((shown, chain): &(Vec<String>, SequenceProbability)) -> Found {
    (chain.perplexity, 0.02, 3, format!("exp({} / {})", on_the_way(-chain.log_product), shown.len()))
}

/// `P`, `L`, the mean and the perplexity of one sentence.
pub struct ChainTask;

impl Exercise for ChainTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        heads("P", &["L", "L / T", "PP"])
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 17);
        let sentences = words.plain("sentences");
        let sentences: Vec<&str> = sentences.split('|').collect();
        let sentence = sentences.get(random.below(sentences.len())).copied().unwrap_or_default();
        let all = chain(&mut random, LENGTH);
        let (shown, chain) = &all;
        let losses: Vec<f64> = chain.log_probabilities.iter().map(|log| -log).collect();
        let loss = -chain.log_product;
        let found = vec![
            probability(&all),
            (loss, 0.02, 3, format!("−log {} = {}", shown.join(" − log "), joined(&losses, 4, " + "))),
            (loss / LENGTH as f64, 0.01, 3, format!("{} / {LENGTH}", on_the_way(loss))),
            perplexity(&all),
        ];
        let mut symbols: Vec<&str> = sentence.split(' ').collect();
        symbols.push(EOS);
        let mut row = vec![words.plain("row")];
        row.extend(shown.iter().cloned());
        let given = vec![table(&heads("y<t>", &symbols), &[row])];
        let steps = steps(self.names(seed, now), found, words);
        // The probability is a way of its own.
        Some(Task { question: words.plain("question"), given, steps, links: vec![(1, 2), (2, 3)] })
    }
}

/// Two candidates of different length: which is likelier, how many times, and what their perplexities say.
pub struct LikelierTask;

impl Exercise for LikelierTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 5]
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 18);
        // In two tasks of three the likelier one has the larger perplexity: that is what is to be seen.
        let is_opposite = !seed.is_multiple_of(3);
        let mut draw = || (chain(&mut random, LENGTH - 1), chain(&mut random, LENGTH));
        let (mut one, mut other) = draw();
        for _ in 0..TRIES {
            let is_likelier = one.1.product > other.1.product;
            let is_better = one.1.perplexity < other.1.perplexity;
            if (is_likelier != is_better) == is_opposite {
                break;
            }
            (one, other) = draw();
        }
        let (large, small) = (one.1.product.max(other.1.product), one.1.product.min(other.1.product));
        let ratio = large / small;
        // Products of so few factors end after eight digits.
        let quotient = format!("{} / {}", with_significant(large, 8), with_significant(small, 8));
        let found = vec![
            probability(&one),
            probability(&other),
            (ratio, (0.02 * ratio).min(1.0), 2, quotient),
            perplexity(&one),
            perplexity(&other),
        ];
        let comma = words.plain("list-comma");
        let (first, second) = (one.0.join(&comma), other.0.join(&comma));
        let question = words.say("question", &[("first", &first), ("second", &second)]);
        let steps = steps(self.names(seed, now), found, words);
        Some(Task { question, given: Vec::new(), steps, links: vec![(0, 2), (1, 2)] })
    }
}
