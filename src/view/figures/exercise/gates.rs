//! Chapters 7 and 8: what a unit holds over some steps when its gates and candidates are given, and what is left of a
//! gradient on the direct way back. The lines are the cells' own.

use super::digits::joined;
use super::given::{Columns, heads, numbers, table};
use super::worked::{decimals_of, way};
use super::{Exercise, Found, Task, steps};
use crate::engine::derive::backward;
use crate::engine::presets::preset;
use crate::engine::syntax::{Cell, Equation, Expr, Symbol, Time};
use crate::language::random::Random;
use crate::view::figures::{Values, Words};
use crate::view::number::fixed;
use crate::view::stepper::spell::Entry;

/// A number rounded to two decimals is off by less.
const TOLERANCE: f64 = 0.006;

/// The simplified GRU's mixing line over three steps.
pub struct MixTask;

/// The LSTM's memory and what it shows, over two steps.
pub struct MemoryTask;

/// A cell's given values, in the order in which they are drawn.
struct Plan {
    cell: &'static str,
    /// Gates and candidate.
    given: &'static [&'static str],
    /// What stands over them.
    heads: &'static [&'static str],
    /// What is worked out at each step.
    wanted: &'static [&'static str],
    /// The names of all that; the last is named by a word.
    names: &'static [&'static str],
    /// What the direct way back is multiplied by at each step.
    keeps: &'static [&'static str],
    steps: usize,
    /// Which of the names follows from which.
    links: &'static [(usize, usize)],
    stream: u64,
}

const MIX: Plan = Plan {
    cell: "gru-simplified",
    given: &["Γ_u", "c~"],
    heads: &["Γ_u<t>", "c~<t>"],
    wanted: &["c"],
    names: &["c<1>", "c<2>", "c<3>", ""],
    keeps: &["(1 − Γ_u<1>)", "(1 − Γ_u<2>)", "(1 − Γ_u<3>)"],
    steps: 3,
    links: &[(0, 1), (1, 2)],
    stream: 25,
};
const MEMORY: Plan = Plan {
    cell: "lstm",
    given: &["Γ_f", "Γ_u", "Γ_o", "c~"],
    heads: &["Γ_f<t>", "Γ_u<t>", "Γ_o<t>", "c~<t>"],
    wanted: &["c", "a"],
    names: &["c<1>", "a<1>", "c<2>", "a<2>", ""],
    keeps: &["Γ_f<1>", "Γ_f<2>"],
    steps: 2,
    links: &[(0, 1), (0, 2), (2, 3)],
    stream: 26,
};

impl Exercise for MixTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        MIX.names()
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        MIX.task(seed, words)
    }
}

impl Exercise for MemoryTask {
    fn names(&self, _: u64, _: &Values) -> Vec<String> {
        MEMORY.names()
    }

    fn task(&self, seed: u64, _: &Values, words: &Words) -> Option<Task> {
        MEMORY.task(seed, words)
    }
}

impl Plan {
    fn names(&self) -> Vec<String> {
        self.names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn task(&self, seed: u64, words: &Words) -> Option<Task> {
        let mut random = Random::new(seed, self.stream);
        let cell = &preset(self.cell)?.cell;
        let before = (random.below(17) as f64 - 8.0) / 10.0;
        let mut memory = before;
        let (mut found, mut rows): (Vec<Found>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
        let (mut share, mut factors) = (1.0, Vec::new());
        for step in 1..=self.steps {
            let mut known = Columns::default().with_number("c", Time::Previous, memory);
            let mut row = Vec::new();
            for name in self.given {
                let value = match name.starts_with('Γ') {
                    true => random.below(11) as f64 / 10.0,
                    false => (random.below(19) as f64 - 9.0) / 10.0,
                };
                row.push(value);
                known = known.with_number(name, Time::Now, value);
            }
            rows.push(numbers(step.to_string(), &row, 1));
            for name in self.wanted {
                let line = line(cell, name)?;
                let value = known.number(&line.expr)?;
                let why = way(Some(&line.target.name), &line.expr, Entry::default(), &known, true);
                found.push((value, TOLERANCE, decimals_of(&line.expr, value), why));
                known = known.with_number(name, Time::Now, value);
                if *name == "c" {
                    memory = value;
                }
            }
            let factor = direct(cell, known)?;
            share *= factor;
            factors.push(factor);
        }
        let why = format!("{} = {}", self.keeps.join(" · "), joined(&factors, 4, " · "));
        found.push((share, TOLERANCE, 3, why));
        let given = vec![table(&heads("t", self.heads), &rows)];
        let question = words.say("question", &[("before", &fixed(before, 1))]);
        Some(Task { question, given, steps: steps(self.names(), found, words), links: self.links.to_vec() })
    }
}

/// The line of a cell that defines a value.
fn line<'a>(cell: &'a Cell, name: &str) -> Option<&'a Equation> {
    cell.equations.iter().find(|equation| equation.target.name.0 == name)
}

/// What arrives at `dc<t-1>` of a `dc<t>` of 1 where no matrix lies between: the derived line for it alone.
fn direct(cell: &Cell, known: Columns) -> Option<f64> {
    let target = Expr::Value(Symbol::from("dc"), Time::Previous);
    let derived = backward(cell);
    let line = derived.equations.iter().find(|line| line.targets == [target.clone()])?;
    known.with_number("dc", Time::Now, 1.0).number(&line.expr)
}
