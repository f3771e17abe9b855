//! Chapter 5: a distribution after a temperature, after top-k, after the nucleus.

use super::answers::hundredths;
use super::digits::of_result;
use super::draw::SYMBOLS;
use super::given::{heads, list, numbers, table};
use super::{Exercise, Found, Task, steps};
use crate::language::SamplingRules;
use crate::language::random::Random;
use crate::language::sampling::{Distribution, distribution};
use crate::sorted::sort_by;
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

/// An answer rounded to two decimals is off by less.
const WITHIN: f64 = 0.006;

/// Three logits at temperature 1 and at another one.
pub struct TemperatureTask;

/// Three falling logits, so that the first is the likeliest and the last the least likely, and the other temperature.
fn logits(seed: u64) -> ([f64; 3], f64) {
    let mut random = Random::new(seed, 20);
    let mut half = |most: usize| random.below(most) as f64 / 2.0;
    let first = 1.0 + half(4);
    let second = first - 0.5 - half(3);
    let logits = [first, second, second - 0.5 - half(3)];
    (logits, if half(2) == 0.0 { 0.5 } else { 2.0 })
}

impl Exercise for TemperatureTask {
    fn names(&self, seed: u64, _: &Values) -> Vec<String> {
        let (_, tau) = logits(seed);
        // Words with the temperature in them.
        heads("a-at-1", &["c-at-1", &format!("a-at-{tau}"), &format!("c-at-{tau}")])
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let (logits, tau) = logits(seed);
        let mut found: Vec<Found> = Vec::new();
        for temperature in [1.0, tau] {
            let rules = SamplingRules { temperature, ..SamplingRules::default() };
            let shares = distribution(&logits, &rules, None).ok()?.probabilities;
            let scaled = logits.map(|z| fixed(z / temperature, 2));
            let sum = scaled.join(") + exp(");
            for row in [0, 2] {
                let why = format!("exp({}) / (exp({sum}))", scaled.get(row)?);
                let share = shares.get(row).copied()?;
                found.push((share, WITHIN, of_result(share, 3), why));
            }
        }
        let row = numbers(words.plain("logit"), &logits, 1);
        let given = vec![table(&heads(&words.plain("symbol"), SYMBOLS.get(..3)?), &[row])];
        let question = words.say("question", &[("tau", &tau)]);
        let steps = steps(self.names(seed, now), found, words);
        Some(Task { question, given, steps, links: Vec::new() })
    }
}

/// Four probabilities after top-k, and after the nucleus.
pub struct TailTask;

impl Exercise for TailTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 4]
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 21);
        // No two alike: which of them is kept would be a matter of convention.
        let shares = loop {
            let mut shares = hundredths(&mut random, SYMBOLS.len(), 5);
            sort_by(&mut shares, |one, other| other.total_cmp(one));
            if shares.windows(2).all(|pair| pair.first() != pair.last()) {
                break shares;
            }
        };
        let (k, kept) = (2 + random.below(2), 2 + random.below(2));
        // A border within the piece that crosses it, not at its end.
        let below: f64 = shares.iter().take(kept - 1).sum();
        let piece = (shares.get(kept - 1)? * 100.0).round() as usize;
        let p = below + (1 + random.below(piece.saturating_sub(2).max(1))) as f64 / 100.0;
        let p = (p * 100.0).round() / 100.0;
        let logs: Vec<f64> = shares.iter().map(|share| libm::log(*share)).collect();
        let after = |top_k: Option<usize>, top_p: Option<f64>| -> Option<Distribution> {
            distribution(&logs, &SamplingRules { top_k, top_p, ..SamplingRules::default() }, None).ok()
        };
        let (top, nucleus) = (after(Some(k), None)?, after(None, Some(p))?);
        let sum = |count: usize| list(shares.get(..count).unwrap_or_default(), 2, " + ");
        let share = |of: &Distribution, place: usize, count: usize| -> Option<Found> {
            let why = format!("{} / ({})", fixed(*shares.get(place)?, 2), sum(count));
            Some((of.probabilities.get(place).copied()?, WITHIN, 3, why))
        };
        let count = nucleus.kept.len();
        let border = format!("{} < {} ≤ {}", fixed(below, 2), fixed(p, 2), sum(count));
        let found = vec![
            share(&top, 0, k)?,
            share(&top, k - 1, k)?,
            (count as f64, 0.0, 0, border),
            share(&nucleus, 0, count)?,
        ];
        let row = numbers(words.plain("probability"), &shares, 2);
        let given = vec![table(&heads(&words.plain("symbol"), &SYMBOLS), &[row])];
        let question = words.say("question", &[("k", &k), ("p", &fixed(p, 2))]);
        let steps = steps(self.names(seed, now), found, words);
        Some(Task { question, given, steps, links: vec![(2, 3)] })
    }
}
