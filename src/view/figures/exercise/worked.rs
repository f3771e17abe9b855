//! A small network whose weights have two decimals, so that what is seen is what is computed with, and how each of its
//! numbers comes about.

use ndarray::Array2;

use super::Step;
use super::digits::{of_result, on_the_way};
use crate::engine::model::Model;
use crate::engine::syntax::{BinaryOperator, Expr, Symbol, Time};
use crate::engine::trace::trace;
use crate::view::figures::network::{Network, Wish};
use crate::view::figures::parts::{Matrix, matrix};
use crate::view::formula::function_text;
use crate::view::markup::Node;
use crate::view::number::{MINUS, bracketed};
use crate::view::stepper::edits::{Edits, Target};
use crate::view::stepper::lines::Lines;
use crate::view::stepper::model::{StepperModel, input_of};
use crate::view::stepper::opening::Numbers;
use crate::view::stepper::spell::{Entry, Token, spell};
use crate::view::stepper::{AtStep, Direction, Part};

/// What four decimals on the way and three at the end can bring: half a thousandth, and as much again for the sums.
const TOLERANCE: f64 = 0.001;
/// Decimals of a result.
const DECIMALS: usize = 3;

/// The network of one layer, and its run.
pub(super) struct Worked {
    pub(super) network: Network,
    model: StepperModel,
    /// The number of the run's first step, from 1.
    first: usize,
}

/// A value to work out: its name, and its right-hand side.
pub(super) struct Wanted {
    pub(super) name: Symbol,
    expr: Expr,
}

impl Wanted {
    /// The value that this is another name of: `c` of `a<t> = c<t>`.
    pub(super) fn other_name(&self) -> Option<&Symbol> {
        match &self.expr {
            Expr::Value(name, Time::Now) => Some(name),
            _ => None,
        }
    }
}

impl Worked {
    /// The network of a wish with its weights rounded, and then changed; none for an empty sentence.
    pub(super) fn of(wish: &Wish, change: impl FnOnce(&mut Model<f64>)) -> Option<Worked> {
        let (mut model, sequence) = wish.model()?;
        for (_, weights) in model.layers.iter_mut().flat_map(|layer| layer.weights.iter_mut()) {
            weights.mapv_inplace(hundredth);
        }
        change(&mut model);
        Some(Worked::along(Network::run(model, sequence)?, 1))
    }

    /// A network that has been run, its first step of that number.
    fn along(network: Network, first: usize) -> Worked {
        let model =
            StepperModel::with_trace(network.model.clone(), network.sequence.clone(), network.trace.clone());
        Worked { network, model, first }
    }

    /// The same from a step (from 1) on, the states before it with two decimals: what is seen is what is computed with.
    pub(super) fn resumed(&self, step: usize) -> Option<Worked> {
        let model = self.network.model.clone();
        let numbers = self.at(step);
        let states = model.layers.first()?.cell.states.iter();
        let before = states
            .map(|state| Some(numbers.of(&Expr::Value(state.clone(), Time::Previous))?.mapv(hundredth)));
        let before: Vec<Array2<f64>> = before.collect::<Option<_>>()?;
        let mut sequence = self.network.sequence.clone();
        let read = step.saturating_sub(self.first);
        sequence.inputs = sequence.inputs.get(read..)?.to_vec();
        sequence.labels = sequence.labels.get(read..)?.to_vec();
        let mut input = input_of(&sequence);
        input.initial = vec![before];
        let trace = trace(&model, &input).ok()?;
        Some(Worked::along(Network { model, sequence, input, trace }, step))
    }

    /// What has to be changed in the network of a wish, so that a step (from 1), from which this one goes on, is worked
    /// out with the numbers that are printed: its weights, and the states before the step, which are held one step earlier.
    pub(super) fn printed(&self, wish: &Wish, step: usize) -> Option<Edits> {
        let (drawn, _) = wish.model()?;
        let mut edits = Edits::default();
        let layers = self.network.model.layers.iter().zip(&drawn.layers).enumerate();
        for (layer, (printed, drawn)) in layers {
            for ((name, values), (_, came)) in printed.weights.iter().zip(&drawn.weights) {
                for ((row, column), value) in values.indexed_iter() {
                    if came.get((row, column)) != Some(value) {
                        let target = Target::Weight { layer: Some(layer), name: name.clone(), row, column };
                        edits.put(target, Some(*value));
                    }
                }
            }
            let before = self.network.input.initial.get(layer).into_iter().flatten();
            // Before the first step they are zero, as they come.
            let Some(earlier) = step.checked_sub(2) else { continue };
            for (name, state) in printed.cell.states.iter().zip(before) {
                for (unit, value) in state.column(0).iter().enumerate() {
                    let target = Target::Held { layer, name: name.clone(), unit, step: Some(earlier) };
                    edits.put(target, Some(*value));
                }
            }
        }
        Some(edits)
    }

    /// The numbers of a step (from 1).
    fn at(&self, step: usize) -> AtStep<'_> {
        self.model.at(Part::Layer(0), step.saturating_sub(self.first))
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

    /// A row (from 0) of what is wanted at a step (from 1), as a step of a task called `label`. `with_sum`: the sum in
    /// a function's brackets is worked out too, because it is no step of its own.
    pub(super) fn step(
        &self,
        wanted: &Wanted,
        (row, step): (usize, usize),
        label: String,
        with_sum: bool,
    ) -> Option<Step> {
        let numbers = self.at(step);
        let value = numbers.of(&wanted.expr)?.get((row, 0)).copied()?;
        let entry = Entry { row, column: 0 };
        let why = match &wanted.expr {
            Expr::Value(other, Time::Now) => format!("{}<{step}> = {other}<{step}>", wanted.name),
            expr => way(Some(&wanted.name), expr, entry, &numbers, with_sum),
        };
        let decimals = decimals_of(&wanted.expr, value);
        Some(Step { name: label, value, tolerance: TOLERANCE, why, decimals })
    }

    /// A weight's picture.
    pub(super) fn weights(&self) -> Vec<Node> {
        let weights = self.network.model.layers.iter().flat_map(|layer| layer.weights.iter());
        weights.map(|(name, values)| picture(name.to_string(), values)).collect()
    }

    /// The states before a step (from 1), and its input lying on its side.
    pub(super) fn comes_in(&self, step: usize) -> Option<Vec<Node>> {
        let numbers = self.at(step);
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
        let input = self.at(step).of(&Expr::Value(Symbol("x".to_owned()), Time::Now))?;
        Some(picture(format!("x<{step}>ᵀ"), &input.reversed_axes()))
    }
}

/// Which of the values follows from which: the earlier one is read, or is the argument of the later one's function.
pub(super) fn links(wanted: &[Wanted]) -> Vec<(usize, usize)> {
    let mut links = Vec::new();
    for (later, one) in wanted.iter().enumerate() {
        for (earlier, before) in wanted.iter().take(later).enumerate() {
            let named = Expr::Value(before.name.clone(), Time::Now);
            if one.expr.any(&|part| *part == named || *part == before.expr) {
                links.push((earlier, later));
            }
        }
    }
    links
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

/// An entry of an expression, spelled out with its numbers; empty where one is missing. Without the sum that a function
/// is of, if that is not wanted and the sum has a name.
pub(super) fn way(
    target: Option<&Symbol>,
    expr: &Expr,
    entry: Entry,
    numbers: &dyn Numbers,
    with_sum: bool,
) -> String {
    let mut tokens = spell(target, expr, entry, true, numbers).unwrap_or_default();
    let function =
        tokens.windows(2).position(|pair| matches!(pair, [Token::Result(_, Some(_)), Token::Then]));
    if let Some(sum) = function
        && !with_sum
    {
        tokens.drain(..sum + 2);
    }
    // What it comes to is the answer, which stands before it.
    if let [.., Token::Equals, Token::Result(..)] = tokens.as_slice() {
        tokens.truncate(tokens.len().saturating_sub(2));
    }
    written(&tokens)
}

/// Tokens as text. A negative number is taken away instead of added, and stands in brackets behind any other sign.
fn written(tokens: &[Token]) -> String {
    let mut text = String::new();
    let mut before: Option<&Token> = None;
    for (place, token) in tokens.iter().enumerate() {
        let is_raised = matches!(tokens.get(place + 1), Some(Token::Power(_)));
        let number = text_of(token);
        match (before, number.strip_prefix(MINUS)) {
            (Some(Token::Plus), Some(rest)) if is_number(token) && !is_raised => {
                text.truncate(text.len().saturating_sub(text_of(&Token::Plus).len()));
                text.push_str(&text_of(&Token::Minus));
                text.push_str(rest);
            }
            (Some(sign), Some(_)) if is_number(token) && (is_raised || is_sign(sign)) => {
                text.push_str(&bracketed(number));
            }
            _ => text.push_str(&number),
        }
        before = Some(token);
    }
    text
}

fn is_number(token: &Token) -> bool {
    matches!(token, Token::Number(..) | Token::Result(..) | Token::Held(_) | Token::Rest(..))
}

fn is_sign(token: &Token) -> bool {
    matches!(token, Token::Plus | Token::Minus | Token::Negative | Token::Dot | Token::Times | Token::Over)
}

/// Decimals of what an expression comes to: where numbers cancel in a sum, three of them, else three digits too.
pub(super) fn decimals_of(expr: &Expr, value: f64) -> usize {
    match expr {
        Expr::Call(..) | Expr::Binary(BinaryOperator::Multiply | BinaryOperator::Divide, ..) => {
            of_result(value, DECIMALS)
        }
        _ => DECIMALS,
    }
}

/// A token, its numbers with the digits that are worked with.
fn text_of(token: &Token) -> String {
    match token {
        Token::Number(value, _) | Token::Result(value, _) => on_the_way(*value),
        Token::Held(held) => on_the_way(held.number()),
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
        Token::Rest(_, sum) => on_the_way(*sum),
        Token::Equals => " = ".into(),
        Token::Then => " → ".into(),
        Token::Share { entry, log_sum } => format!("exp({} − {})", on_the_way(*entry), on_the_way(*log_sum)),
    }
}
