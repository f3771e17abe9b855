//! Chapter 3: the softmax of some logits with its loss, and the losses of three steps.

use ndarray::{Array2, Axis};

use super::digits::{joined, of_result, on_the_way};
use super::given::{Columns, heads, list, numbers, table};
use super::{Exercise, Found, Task, steps};
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
/// An answer rounded to two decimals is off by less.
const WITHIN: f64 = 0.006;

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
        let mut names: Vec<String> = (1..=ROWS).map(|row| format!("ŷ_{row}<t>")).collect();
        names.extend(["l<t>".to_owned(), format!("dz_{right}<t>")]);
        names
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
        let sum = on_the_way(logits.iter().map(|z| libm::exp(*z)).sum::<f64>());
        let mut found: Vec<Found> = Vec::new();
        for (share, logit) in shares.iter().zip(&logits) {
            let decimals = of_result(*share, 3);
            found.push((*share, WITHIN, decimals, format!("exp({}) / {sum}", fixed(*logit, 1))));
        }
        let hit = on_the_way(shares.get((right, 0)).copied()?);
        found.push((loss, WITHIN, 3, format!("−log {hit}")));
        found.push((slope, WITHIN, 3, format!("{hit} − 1")));
        let logits = list(&logits, 1, &words.plain("list-comma"));
        let question = words.say("question", &[("logits", &logits), ("row", &(right + 1))]);
        let steps = steps(self.names(seed, now), found, words);
        Some(Task { question, given: Vec::new(), steps, links: vec![(right, ROWS), (right, ROWS + 1)] })
    }
}

/// The loss of three steps from given distributions, and their sum.
pub struct LossTask;

impl Exercise for LossTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        heads("l<1>", &["l<2>", "l<3>", "L"])
    }

    fn task(&self, seed: u64, now: &Values, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, 15);
        // A column a step: hundredths that sum to 1, none of them small.
        let mut shares = Array2::zeros((ROWS, ROWS));
        for mut column in shares.axis_iter_mut(Axis(1)) {
            let all = hundredths(&mut random, ROWS, 5);
            column.iter_mut().zip(all).for_each(|(share, part)| *share = part);
        }
        let labels: Vec<f64> = (0..ROWS).map(|_| (random.below(ROWS) + 1) as f64).collect();
        let mut logs = Vec::new();
        for (step, row) in labels.iter().enumerate() {
            logs.push(libm::log(shares.get((*row as usize - 1, step)).copied()?));
        }
        let chain = from_log_probabilities(&logs);
        let mut found: Vec<Found> = Vec::new();
        for (log, hit) in chain.log_probabilities.iter().zip(&chain.probabilities) {
            found.push((-log, WITHIN, 3, format!("−log {}", fixed(*hit, 2))));
        }
        let losses: Vec<f64> = found.iter().map(|(loss, ..)| *loss).collect();
        found.push((-chain.log_product, 2.0 * WITHIN, 3, joined(&losses, 4, " + ")));
        let mut rows = Vec::new();
        for (row, place) in shares.outer_iter().zip(1..) {
            rows.push(numbers(words.say("row", &[("n", &place)]), &row.to_vec(), 2));
        }
        let given = vec![table(&heads("", &["ŷ<1>", "ŷ<2>", "ŷ<3>"]), &rows)];
        let question = words.say("question", &[("rows", &list(&labels, 0, &words.plain("list-comma")))]);
        let steps = steps(self.names(seed, now), found, words);
        Some(Task { question, given, steps, links: (0..ROWS).map(|step| (step, ROWS)).collect() })
    }
}

/// Hundredths that sum to 1, each at least `least` of them.
pub(super) fn hundredths(random: &mut Random, count: usize, least: usize) -> Vec<f64> {
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
    parts.into_iter().map(|part| part as f64 / 100.0).collect()
}

/// The right-hand side of a line of the head's text: `ŷ<t>` or `l<t>`.
fn line(head: &Head, name: &str) -> Option<Expr> {
    let found = head.equations.iter().find(|equation| equation.target.name.0 == name);
    found.map(|equation| equation.expr.clone())
}
