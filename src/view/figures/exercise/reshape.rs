//! Chapter 5: a distribution after a temperature, after top-k, after the nucleus.

use super::answers::hundredths;
use super::given::table;
use super::{Exercise, Step, Task};
use crate::language::SamplingRules;
use crate::language::random::Random;
use crate::language::sampling::{Distribution, distribution};
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;

/// The symbols.
const SYMBOLS: [&str; 4] = ["a", "b", "c", "d"];

fn heads(first: String, count: usize) -> Vec<String> {
    std::iter::once(first).chain(SYMBOLS.iter().take(count).map(|symbol| (*symbol).to_owned())).collect()
}

/// Three logits at temperature 1 and at another one.
pub struct TemperatureTask;

impl Exercise for TemperatureTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 4]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 20);
        // Falling, so that the first is the likeliest and the last the least likely.
        let first = 1.0 + random.below(4) as f64 / 2.0;
        let second = first - 0.5 - random.below(3) as f64 / 2.0;
        let third = second - 0.5 - random.below(3) as f64 / 2.0;
        let logits = [first, second, third];
        let tau = if random.below(2) == 0 { 0.5 } else { 2.0 };
        let at = |temperature: f64| -> Option<Vec<f64>> {
            let rules = SamplingRules { temperature, ..SamplingRules::default() };
            distribution(&logits, &rules, None).ok().map(|found| found.probabilities)
        };
        let (plain, heated) = (at(1.0)?, at(tau)?);
        let way = |row: usize, temperature: f64| -> String {
            let scaled: Vec<f64> = logits.iter().map(|z| z / temperature).collect();
            let sum = scaled.iter().map(|z| format!("exp({})", fixed(*z, 2))).collect::<Vec<_>>().join(" + ");
            format!("exp({}) / ({sum})", fixed(scaled.get(row).copied().unwrap_or(0.0), 2))
        };
        let asked = [(&plain, 0, 1.0), (&plain, 2, 1.0), (&heated, 0, tau), (&heated, 2, tau)];
        let steps = asked.into_iter().zip(1..).map(|((all, row, temperature), at)| {
            Some(Step {
                name: words.plain(&format!("answer-{at}")),
                value: all.get(row).copied()?,
                tolerance: 0.006,
                why: way(row, temperature),
                decimals: 3,
            })
        });
        let steps = steps.collect::<Option<_>>()?;
        let numbers = logits.iter().map(|z| fixed(*z, 1));
        let row: Vec<String> = std::iter::once(words.plain("logit")).chain(numbers).collect();
        let question = words.say("question", &[("tau", &tau)]);
        let given = vec![table(&heads(words.plain("symbol"), logits.len()), &[row])];
        Some(Task { question, given, steps })
    }
}

/// Four probabilities after top-k, and after the nucleus.
pub struct TailTask;

impl Exercise for TailTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        vec![String::new(); 4]
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 21);
        let mut parts = hundredths(&mut random, SYMBOLS.len(), 5);
        parts.sort_unstable_by(|one, other| other.cmp(one));
        // No two alike: which of them is kept would be a matter of convention.
        while parts.windows(2).any(|pair| pair.first() == pair.last()) {
            parts = hundredths(&mut random, SYMBOLS.len(), 5);
            parts.sort_unstable_by(|one, other| other.cmp(one));
        }
        let k = 2 + random.below(2);
        let kept = 2 + random.below(2);
        // A border within the piece that crosses it, not at its end.
        let below: usize = parts.iter().take(kept - 1).sum();
        let piece = parts.get(kept - 1).copied()?;
        let p = (below + 1 + random.below(piece.saturating_sub(2).max(1))) as f64 / 100.0;
        let logs: Vec<f64> = parts.iter().map(|part| libm::log(*part as f64 / 100.0)).collect();
        let after = |rules: SamplingRules| -> Option<Distribution> { distribution(&logs, &rules, None).ok() };
        let top = after(SamplingRules { top_k: Some(k), ..SamplingRules::default() })?;
        let nucleus = after(SamplingRules { top_p: Some(p), ..SamplingRules::default() })?;
        let shown = |place: usize| fixed(parts.get(place).copied().unwrap_or(0) as f64 / 100.0, 2);
        let sum = |count: usize| (0..count).map(shown).collect::<Vec<_>>().join(" + ");
        let share = |of: &Distribution, place: usize, why: String, at: usize| -> Option<Step> {
            let value = of.probabilities.get(place).copied()?;
            Some(Step {
                name: words.plain(&format!("answer-{at}")),
                value,
                tolerance: 0.006,
                why,
                decimals: 3,
            })
        };
        let count = nucleus.kept.len();
        let steps = vec![
            share(&top, 0, format!("{} / ({})", shown(0), sum(k)), 1)?,
            share(&top, k - 1, format!("{} / ({})", shown(k - 1), sum(k)), 2)?,
            Step {
                name: words.plain("answer-3"),
                value: count as f64,
                tolerance: 0.0,
                why: format!("{} < {} ≤ {}", fixed(below as f64 / 100.0, 2), fixed(p, 2), sum(count)),
                decimals: 0,
            },
            share(&nucleus, 0, format!("{} / ({})", shown(0), sum(count)), 4)?,
        ];
        let row: Vec<String> =
            std::iter::once(words.plain("probability")).chain((0..SYMBOLS.len()).map(shown)).collect();
        let question = words.say("question", &[("k", &k), ("p", &fixed(p, 2))]);
        let given = vec![table(&heads(words.plain("symbol"), SYMBOLS.len()), &[row])];
        Some(Task { question, given, steps })
    }
}
