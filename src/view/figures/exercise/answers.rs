//! Chapter 3: the softmax of some logits with its loss, and the losses of three steps.

use ndarray::{Array2, Axis};

use super::given::{Columns, table};
use super::{Exercise, Step, Task};
use crate::engine::derive::backward_of_head;
use crate::engine::presets::softmax_head;
use crate::engine::syntax::{Expr, Function, Head, Symbol, Time};
use crate::language::probability::from_log_probabilities;
use crate::language::random::Random;
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;
use crate::view::stepper::opening::Numbers;

/// Rows of `ŷ`.
const ROWS: usize = 3;

/// From the logits of one step to `ŷ`, its loss and `dz_y`.
pub struct AnswerTask;

/// Logits in halves, and the row of the right symbol (from 0).
fn logits(seed: u64) -> (Vec<f64>, usize) {
    let mut random = Random::new(seed, 14);
    let logits: Vec<f64> = (0..ROWS).map(|_| random.below(9) as f64 / 2.0 - 1.5).collect();
    (logits, random.below(ROWS))
}

impl Exercise for AnswerTask {
    fn names(&self, seed: u64, _: &Values) -> Vec<String> {
        let right = logits(seed).1 + 1;
        let shares = (1..=ROWS).map(|row| format!("ŷ_{row}<t>"));
        shares.chain(["l<t>".to_owned(), format!("dz_{right}<t>")]).collect()
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let (logits, right) = logits(seed);
        let head = softmax_head();
        let column = Array2::from_shape_vec((ROWS, 1), logits.clone()).ok()?;
        let argument = Expr::Value(Symbol::from("z_y"), Time::Now);
        let softmax = Expr::Call(Function::Softmax, Box::new(argument));
        let shares = Columns::default().with("z_y", Time::Now, column).of(&softmax)?;
        let label = Array2::from_shape_fn((ROWS, 1), |(row, _)| f64::from(row == right));
        let known = Columns::default().with("ŷ", Time::Now, shares.clone()).with("y", Time::Now, label);
        let loss = known.number(&line(&head, "l")?)?;
        // The first line of the way back: dz_y = ŷ - y.
        let slope = known.of(&backward_of_head(&head).equations.first()?.expr)?.get((right, 0)).copied()?;
        let sum = logits.iter().map(|z| libm::exp(*z)).sum::<f64>();
        let mut steps = Vec::new();
        for (share, logit) in shares.iter().zip(&logits) {
            let why = format!("exp({}) / {}", fixed(*logit, 1), fixed(sum, 3));
            steps.push((*share, why));
        }
        let hit = shares.get((right, 0)).copied()?;
        steps.push((loss, format!("−log {}", fixed(hit, 3))));
        steps.push((slope, format!("{} − 1", fixed(hit, 3))));
        let names = self.names(seed, now).into_iter();
        let steps = names.zip(steps).map(|(name, (value, why))| Step {
            name,
            value,
            tolerance: 0.006,
            why,
            decimals: 3,
        });
        let list = logits.iter().map(|z| fixed(*z, 1)).collect::<Vec<_>>().join(", ");
        let question = words.say("question", &[("logits", &list), ("row", &(right + 1))]);
        Some(Task { question, given: Vec::new(), steps: steps.collect() })
    }
}

/// The loss of three steps from given distributions, and their sum.
pub struct LossTask;

impl Exercise for LossTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        (1..=ROWS).map(|step| format!("l<{step}>")).chain(["L".to_owned()]).collect()
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 15);
        // A column a step: hundredths that sum to 1, none of them small.
        let mut shares = Array2::zeros((ROWS, ROWS));
        for mut column in shares.axis_iter_mut(Axis(1)) {
            let all = hundredths(&mut random, ROWS, 5);
            column.iter_mut().zip(all).for_each(|(share, part)| *share = part as f64 / 100.0);
        }
        let labels: Vec<usize> = (0..ROWS).map(|_| random.below(ROWS)).collect();
        let hits: Vec<f64> =
            labels.iter().enumerate().filter_map(|(step, row)| shares.get((*row, step)).copied()).collect();
        let logs: Vec<f64> = hits.iter().map(|hit| libm::log(*hit)).collect();
        let chain = from_log_probabilities(&logs);
        let mut steps: Vec<(f64, String)> = chain
            .log_probabilities
            .iter()
            .zip(&hits)
            .map(|(log, hit)| (-log, format!("−log {hit}")))
            .collect();
        let sum = steps.iter().map(|(loss, _)| fixed(*loss, 3)).collect::<Vec<_>>().join(" + ");
        steps.push((-chain.log_product, sum));
        let names = self.names(seed, now).into_iter();
        let steps = names.zip(steps).map(|(name, (value, why))| Step {
            name,
            value,
            tolerance: 0.012,
            why,
            decimals: 3,
        });
        let heads: Vec<String> =
            std::iter::once(String::new()).chain((1..=ROWS).map(|step| format!("ŷ<{step}>"))).collect();
        let rows: Vec<Vec<String>> = (0..ROWS)
            .map(|row| {
                let numbers = shares.row(row).iter().map(|share| fixed(*share, 2)).collect::<Vec<_>>();
                std::iter::once(words.say("row", &[("n", &(row + 1))])).chain(numbers).collect()
            })
            .collect();
        let list = labels.iter().map(|row| (row + 1).to_string()).collect::<Vec<_>>().join(", ");
        let question = words.say("question", &[("rows", &list)]);
        Some(Task { question, given: vec![table(&heads, &rows)], steps: steps.collect() })
    }
}

/// Whole numbers that sum to 100, each at least `least`.
pub(super) fn hundredths(random: &mut Random, count: usize, least: usize) -> Vec<usize> {
    let mut parts = vec![least; count];
    let mut rest = 100_usize.saturating_sub(least * count);
    let last = count.saturating_sub(1);
    for part in parts.iter_mut().take(last) {
        let more = random.below(rest + 1);
        *part += more;
        rest -= more;
    }
    if let Some(part) = parts.last_mut() {
        *part += rest;
    }
    random.shuffle(&mut parts);
    parts
}

/// The right-hand side of a line of the head's text: `ŷ<t>` or `l<t>`.
fn line(head: &Head, name: &str) -> Option<Expr> {
    let found = head.equations.iter().find(|equation| equation.target.name.0 == name);
    found.map(|equation| equation.expr.clone())
}
