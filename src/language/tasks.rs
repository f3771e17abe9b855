//! Labelled samples made by rule, with a seed, in English and in Chinese: one small task for each way of wiring a
//! recurrent network. All words are ours.

use serde::{Deserialize, Serialize};

use super::generate::names_zh;
use super::random::Random;

mod judged;
mod tagged;
mod words;

/// The language of a task's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskLanguage {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// What belongs to a sample's outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Symbols.
    Symbols(Vec<String>),
    /// Yes or no.
    Answers(Vec<bool>),
}

/// One sample: what is given and what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledSample {
    /// Symbols that are read.
    pub given: Vec<String>,
    /// Labels.
    pub wanted: Wanted,
}

/// Streams of random numbers, one a task.
const STREAM: u64 = 16;

/// A word and its opposite: one in, one out.
pub fn opposites(language: TaskLanguage) -> Vec<LabelledSample> {
    let pairs = match language {
        TaskLanguage::English => words::OPPOSITES_EN,
        TaskLanguage::Chinese => words::OPPOSITES_ZH,
    };
    let sample = |given: &str, wanted: &str| LabelledSample {
        given: vec![given.to_owned()],
        wanted: Wanted::Symbols(vec![wanted.to_owned()]),
    };
    pairs.iter().flat_map(|(one, other)| [sample(one, other), sample(other, one)]).collect()
}

/// A first letter and the name that it begins; a Chinese surname and the given name.
pub fn names(language: TaskLanguage, seed: u64) -> Vec<LabelledSample> {
    let chinese = match language {
        TaskLanguage::English => String::new(),
        TaskLanguage::Chinese => names_zh(),
    };
    let mut names: Vec<&str> = match language {
        TaskLanguage::English => words::NAMES_EN.split_whitespace().collect(),
        TaskLanguage::Chinese => chinese.lines().collect(),
    };
    Random::new(seed, STREAM).shuffle(&mut names);
    let sample = |name: &str| {
        let mut letters = name.chars().map(String::from);
        let given = letters.next().into_iter().collect();
        LabelledSample { given, wanted: Wanted::Symbols(letters.collect()) }
    };
    names.into_iter().map(sample).collect()
}

/// A sentence, and whether it speaks well of something. A negation may stand long before what it turns round, and the
/// last words say nothing.
pub fn judgements(language: TaskLanguage, seed: u64, count: usize) -> Vec<LabelledSample> {
    distinct(count, Random::new(seed, STREAM + 1), |random| match language {
        TaskLanguage::English => judged::english(random),
        TaskLanguage::Chinese => judged::chinese(random),
    })
}

/// A sentence, and for each word whether it is a name. Many of the names are nouns elsewhere (`rose saw the rose`):
/// only what stands before them tells.
pub fn tagged_names(language: TaskLanguage, seed: u64, count: usize) -> Vec<LabelledSample> {
    distinct(count, Random::new(seed, STREAM + 2), |random| match language {
        TaskLanguage::English => tagged::english(random),
        TaskLanguage::Chinese => tagged::chinese(random),
    })
}

/// A sequence of two to five symbols, and the same sequence backwards.
pub fn reversals(language: TaskLanguage, seed: u64, count: usize) -> Vec<LabelledSample> {
    let symbols: Vec<char> = match language {
        TaskLanguage::English => "abcdef".chars().collect(),
        TaskLanguage::Chinese => "春夏秋冬山水".chars().collect(),
    };
    distinct(count, Random::new(seed, STREAM + 3), |random| {
        // Longer sequences more often: there are more of them.
        let length = [2, 3, 3, 4, 4, 4, 5, 5, 5, 5][random.below(10)];
        let given: Vec<String> = (0..length).map(|_| random.one_of(&symbols).to_string()).collect();
        let wanted = given.iter().rev().cloned().collect();
        LabelledSample { given, wanted: Wanted::Symbols(wanted) }
    })
}

/// Running sums modulo 5, the distractor task: `+2` adds, `=3` begins anew from 3, and whatever was summed before is then
/// only disturbing. The sum is wanted at every step.
pub fn restarted_sums(seed: u64, count: usize) -> Vec<LabelledSample> {
    const STEPS: usize = 12;
    const MODULUS: usize = 5;
    distinct(count, Random::new(seed, STREAM + 4), |random| {
        let mut sum = 0;
        let step = |at: usize| {
            let number = random.below(MODULUS);
            let anew = at == 0 || random.below(4) == 0;
            sum = if anew { number } else { (sum + number) % MODULUS };
            (format!("{}{number}", if anew { '=' } else { '+' }), sum.to_string())
        };
        let (given, wanted) = (0..STEPS).map(step).unzip();
        LabelledSample { given, wanted: Wanted::Symbols(wanted) }
    })
}

/// Samples that differ in what is given, at most `count`; fewer where the rule does not give more.
fn distinct(
    count: usize,
    mut random: Random,
    mut make: impl FnMut(&mut Random) -> LabelledSample,
) -> Vec<LabelledSample> {
    let mut known = std::collections::HashSet::new();
    let made = (0..20 * count).map(|_| make(&mut random));
    made.filter(|sample| known.insert(sample.given.clone())).take(count).collect()
}

/// True `often` times in a hundred.
fn chance(often: usize, random: &mut Random) -> bool {
    random.below(100) < often
}
