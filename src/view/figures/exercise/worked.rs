//! A small network whose weights have two decimals, so that what is seen is what is computed with, and how each of its
//! numbers comes about.

use ndarray::Array2;

use super::Step;
use crate::engine::model::Model;
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::view::figures::network::{Network, Wish};
use crate::view::figures::parts::{Matrix, matrix};
use crate::view::formula::function_text;
use crate::view::markup::Node;
use crate::view::number::fixed;
use crate::view::stepper::lines::Lines;
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::opening::Numbers;
use crate::view::stepper::spell::{Entry, Token, spell};
use crate::view::stepper::{Direction, Part};

/// A number rounded to two decimals on the way may be off by a little at the end.
const TOLERANCE: f64 = 0.015;

/// The network of one layer, and its run.
pub(super) struct Worked {
    pub(super) network: Network,
    model: StepperModel,
}

/// A value to work out: its name, and its right-hand side.
pub(super) struct Wanted {
    pub(super) name: Symbol,
    expr: Expr,
}

impl Worked {
    /// The network of a wish with its weights rounded, and then changed; none for an empty sentence.
    pub(super) fn of(wish: &Wish, change: impl FnOnce(&mut Model<f64>)) -> Option<Worked> {
        let (mut model, sequence) = wish.model()?;
        for (_, weights) in model.layers.iter_mut().flat_map(|layer| layer.weights.iter_mut()) {
            weights.mapv_inplace(hundredth);
        }
        change(&mut model);
        let network = Network::run(model, sequence)?;
        let model =
            StepperModel::with_trace(network.model.clone(), network.sequence.clone(), network.trace.clone());
        Some(Worked { network, model })
    }

    /// What is worked out at a step: the argument of each function that holds a product, and what each equation of the
    /// cell defines.
    pub(super) fn wanted(&self) -> Vec<Wanted> {
        let cells: Vec<_> = self.model.model.layers.iter().map(|layer| layer.cell.clone()).collect();
        let lines = Lines::of(&cells, &self.model.model.head.head);
        let mut all = Vec::new();
        for line in lines.along(Direction::Forward).iter().filter(|line| line.part == Part::Layer(0)) {
            if let Expr::Call(_, argument) = &line.expr
                && let Some(name) = lines.name_of(line.part, argument)
            {
                all.push(Wanted { name, expr: (**argument).clone() });
            }
            if let Some(name) = line.name() {
                all.push(Wanted { name: name.clone(), expr: line.expr.clone() });
            }
        }
        all
    }

    /// A row (from 0) of what is wanted at a step (from 1), as a step of a task called `label`.
    pub(super) fn step(&self, wanted: &Wanted, row: usize, step: usize, label: String) -> Option<Step> {
        let numbers = self.model.at(Part::Layer(0), step.saturating_sub(1));
        let value = numbers.of(&wanted.expr)?.get((row, 0)).copied()?;
        let entry = Entry { row, column: 0 };
        let why = way(Some(&wanted.name), &wanted.expr, entry, &numbers);
        Some(Step { name: label, value, tolerance: TOLERANCE, why, decimals: 3 })
    }

    /// A weight's picture.
    pub(super) fn weights(&self) -> Vec<Node> {
        let weights = self.network.model.layers.iter().flat_map(|layer| layer.weights.iter());
        weights.map(|(name, values)| picture(name.to_string(), values)).collect()
    }

    /// The states before a step (from 1), and its input lying on its side.
    pub(super) fn comes_in(&self, step: usize) -> Option<Vec<Node>> {
        let numbers = self.model.at(Part::Layer(0), step.saturating_sub(1));
        let mut values = Vec::new();
        for state in &self.network.model.layers.first()?.cell.states {
            let before = numbers.of(&Expr::Value(state.clone(), Time::Previous))?;
            values.push(picture(format!("{state}<{}>", step.saturating_sub(1)), &before));
        }
        values.push(self.input(step)?);
        Some(values)
    }

    /// The input of a step (from 1), lying on its side.
    pub(super) fn input(&self, step: usize) -> Option<Node> {
        let numbers = self.model.at(Part::Layer(0), step.saturating_sub(1));
        let input = numbers.of(&Expr::Value(Symbol("x".to_owned()), Time::Now))?;
        Some(picture(format!("x<{step}>ᵀ"), &input.reversed_axes()))
    }
}

/// A value with two decimals.
pub(super) fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A matrix as it is given.
fn picture(title: String, values: &Array2<f64>) -> Node {
    let how = Matrix { title, full: Some(1.5), size: (44.0, 24.0), ..Matrix::default() };
    matrix(values.view(), &how)
}

/// An entry of an expression, spelled out with its numbers; empty where one is missing.
pub(super) fn way(target: Option<&Symbol>, expr: &Expr, entry: Entry, numbers: &dyn Numbers) -> String {
    let tokens = spell(target, expr, entry, true, numbers).unwrap_or_default();
    tokens.iter().map(text_of).collect()
}

/// A token with two decimals, as they are worked with by hand; results with three.
fn text_of(token: &Token) -> String {
    match token {
        Token::Number(value, _) => fixed(*value, 2),
        Token::Result(value, _) | Token::Held(value) => fixed(*value, 3),
        Token::Plus => " + ".into(),
        Token::Minus => " − ".into(),
        Token::Negative => "−".into(),
        Token::Dot => "·".into(),
        Token::Times => " ∗ ".into(),
        Token::Over => " / ".into(),
        Token::Open => "(".into(),
        Token::Close => ")".into(),
        Token::Power(exponent) => format!("^{exponent}"),
        Token::Function(function) => function_text(*function).into(),
        Token::Rest(_, sum) => fixed(*sum, 2),
        Token::Equals => " = ".into(),
        Token::Then => " → ".into(),
        Token::Share { entry, log_sum } => format!("exp({} − {})", fixed(*entry, 2), fixed(*log_sum, 2)),
    }
}
