//! What an exercise prints can be calculated with: the working of each number, with its numbers as they are printed,
//! gives the printed result within one unit of its last digit.

use unrolled::view::figures::Values;
use unrolled::view::figures::exercise::{Step, Task};
use unrolled::view::figures::worksheet::{KNOWN, Known};

use super::{WORKSHEETS, words};

/// Seeds of each kind.
pub(super) const SEEDS: u64 = 300;

/// A function by its printed name.
type Function = fn(f64) -> f64;

/// A sum, product or call as it is printed, read from the left.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.takes("+") {
                value += self.product()?;
            } else if self.takes("−") {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.factor()?;
        loop {
            if self.takes("·") || self.takes("∗") {
                value *= self.factor()?;
            } else if self.takes("/") {
                value /= self.factor()?;
            } else {
                return Some(value);
            }
        }
    }

    fn factor(&mut self) -> Option<f64> {
        if self.takes("−") {
            return Some(-self.factor()?);
        }
        let functions: [(&str, Function); 5] = [
            ("tanh", f64::tanh),
            ("exp", f64::exp),
            ("log", f64::ln),
            ("√", f64::sqrt),
            ("σ", |z| 1.0 / (1.0 + (-z).exp())),
        ];
        for (name, function) in functions {
            if self.takes(name) {
                return Some(function(self.factor()?));
            }
        }
        let value = if self.takes("(") {
            let value = self.sum()?;
            self.takes(")").then_some(value)?
        } else {
            self.number()?
        };
        Some(if self.takes("²") { value * value } else { value })
    }

    fn number(&mut self) -> Option<f64> {
        let rest = self.rest.trim_start();
        let end = rest.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(rest.len());
        let value = rest.get(..end)?.parse().ok()?;
        self.rest = rest.get(end..)?;
        Some(value)
    }
}

/// What an expression comes to, a remark in brackets behind it or not; none for words.
pub(super) fn calculated(text: &str) -> Option<f64> {
    let mut reader = Reader { rest: text };
    let value = reader.sum()?;
    let rest = reader.rest.trim();
    (rest.is_empty() || rest.starts_with('(')).then_some(value)
}

#[track_caller]
fn comes_to(text: &str, expected: f64) {
    let value = calculated(text).expect("an expression");
    assert!((value - expected).abs() < 1e-12, "{text}: {value}");
}

#[test]
fn what_is_printed_is_read_as_it_is_meant() {
    comes_to("1.90 · (1 − (−0.5)²)", 1.425);
    comes_to("0.45 ∗ −0.75 + (1 − 0.45) ∗ 0.20", -0.2275);
    comes_to("√(3² + 4²)", 5.0);
    comes_to("−log 0.25 − log 0.5", 8_f64.ln());
    comes_to("exp(0.00) / (exp(0.00) + exp(0.00))", 0.5);
    comes_to("1 + 2 (in all)", 3.0);
    assert_eq!(calculated("the longest sample decides"), None);
    assert_eq!(calculated("0.4 < 0.5 ≤ 0.6"), None);
}

/// One unit of the last digit of a printed number; none for what is no lone number.
fn unit(text: &str) -> Option<f64> {
    let text = text.trim().trim_start_matches('−');
    let is_number = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    is_number.then(|| 0.1_f64.powi(decimals as i32))
}

/// Whether two numbers differ by no more than a unit.
fn is_within(one: f64, other: f64, unit: f64) -> bool {
    (one - other).abs() <= unit * (1.0 + 1e-9)
}

/// Steps whose reason is no calculation: the kind, and the places from 0.
const IN_WORDS: [(&str, &[usize]); 8] = [
    ("padding-task", &[0]),
    ("column-task", &[0, 1]),
    ("shapes-task", &[0, 1, 2]),
    ("draw-task", &[2, 3, 4]),
    ("tail-task", &[2]),
    // Where the gradient is short enough.
    ("clip-task", &[1]),
    // What the cell shows is what it holds.
    ("hand-gru-simplified", &[5]),
    ("hand-gru", &[7]),
];

/// The working of a step against its result: whether there is anything to calculate, or what does not agree.
fn tried(step: &Step) -> Result<bool, String> {
    let printed = step.printed();
    let result = calculated(&printed).ok_or("no number")?;
    let own = unit(&printed).ok_or("no number")?;
    let mut last = None;
    // An arrow leads from a number to a function of it, an equals sign to the same number again.
    for part in step.why.split('→') {
        last = None;
        for text in part.split('=') {
            let Some(value) = calculated(text) else { continue };
            if let Some(before) = last
                && !is_within(before, value, unit(text).unwrap_or(own))
            {
                return Err(format!("{before} is not {text}"));
            }
            last = Some(value);
        }
    }
    match last {
        Some(value) if !is_within(value, result, own) => Err(format!("{value} is not {printed}")),
        last => Ok(last.is_some()),
    }
}

/// What a question is asked with: as a sheet asks it, and a calculation by hand also later, where a state comes in that
/// is not zero.
pub(super) fn asked(known: &Known, seed: u64) -> Vec<Values> {
    let mut all = vec![known.given(seed)];
    if known.figure == "hand" {
        let mut later = known.given(seed);
        later.set("sentence", "aba");
        later.set("step", 3);
        all.push(later);
    }
    all
}

pub(super) fn task(known: &Known, seed: u64, given: &Values) -> Task {
    let words = words("en", WORKSHEETS).of(known.figure);
    known.exercise.task(seed, given, &words).expect("a question")
}

#[test]
fn the_printed_working_gives_the_printed_result() {
    let mut wrong = Vec::new();
    for known in &KNOWN {
        let in_words = IN_WORDS.iter().find(|(name, _)| *name == known.name).map_or(&[][..], |(_, all)| all);
        for seed in 1..=SEEDS {
            let tasks = asked(known, seed).into_iter().map(|given| task(known, seed, &given).steps);
            for (place, step) in tasks.flat_map(|steps| steps.into_iter().enumerate()) {
                let said = format!("{} {seed}: {} = {}: {}", known.name, step.name, step.printed(), step.why);
                match tried(&step) {
                    Ok(calculates) if calculates || in_words.contains(&place) => {}
                    found => wrong.push(format!("{said}: {found:?}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_small_product_has_three_significant_digits() {
    for known in KNOWN.iter().filter(|known| known.name == "product-task") {
        for seed in 1..=SEEDS {
            for step in task(known, seed, &known.given(seed)).steps {
                let digits = step.printed().replace(['−', '.'], "");
                assert!(digits.trim_start_matches('0').len() >= 3 || step.value == 0.0, "{seed}: {step:?}");
            }
        }
    }
}
