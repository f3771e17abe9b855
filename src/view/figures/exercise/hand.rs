//! Check my hand calculation: one step of a cell with one unit, every intermediate value.

use ndarray::Array2;

use super::{Exercise, Step, Task};
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::view::figures::network::{Network, Wish};
use crate::view::figures::parts::{Matrix, caption, equation, matrix, row};
use crate::view::figures::{Opens, Setting, Values, Words};
use crate::view::formula::function_text;
use crate::view::markup::Node;
use crate::view::number::fixed;
use crate::view::stepper::lines::Lines;
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::opening::Numbers;
use crate::view::stepper::spell::{Entry, Token, spell};
use crate::view::stepper::{Direction, Part};

/// Most characters of the sentence.
const LONGEST: usize = 8;
/// The cells on offer.
const CELLS: [&str; 4] = ["rnn", "gru-simplified", "gru", "lstm"];
/// A number rounded to two decimals on the way may be off by a little at the end.
const TOLERANCE: f64 = 0.015;

/// One step of a cell, worked out by hand.
pub struct Hand;

/// A value to work out: its name, its right-hand side, and what defines it.
struct Wanted {
    name: Symbol,
    expr: Expr,
}

impl Exercise for Hand {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let steps = wish(given).network().map_or(1, |network| network.steps());
        vec![
            Setting::text("sentence", LONGEST, "ab"),
            Setting::choice("cell", &CELLS),
            Setting::steps("step", steps, 2.min(steps)),
        ]
    }

    fn names(&self, _: u64, now: &Values) -> Vec<String> {
        let step = now.whole("step").max(1);
        let wanted = solved(now).map(|(model, _)| wanted(&model)).unwrap_or_default();
        wanted.into_iter().map(|wanted| format!("{}<{step}>", wanted.name)).collect()
    }

    fn task(&self, _: u64, now: &Values, words: &Words) -> Option<Task> {
        let (model, network) = solved(now)?;
        let step = now.whole("step").clamp(1, network.steps());
        let numbers = model.at(Part::Layer(0), step - 1);
        let entry = Entry::default();
        let mut steps = Vec::new();
        for Wanted { name, expr } in wanted(&model) {
            let value = numbers.of(&expr)?.get((0, 0)).copied()?;
            let tokens = spell(Some(&name), &expr, entry, true, &numbers).unwrap_or_default();
            let why = tokens.iter().map(text_of).collect();
            steps.push(Step {
                name: format!("{name}<{step}>"),
                value,
                tolerance: TOLERANCE,
                why,
                decimals: 3,
            });
        }
        let cell = &network.model.layers.first()?.cell;
        let mut given: Vec<Node> = cell.equations.iter().map(equation).collect();
        let picture = |title: String, values: &Array2<f64>| {
            let how = Matrix { title, full: Some(1.5), size: (44.0, 24.0), ..Matrix::default() };
            matrix(values.view(), &how)
        };
        let weights = network.model.layers.first()?.weights.iter();
        given.push(caption(words.plain("weights")));
        given.push(row(weights.map(|(name, values)| picture(name.to_string(), values))));
        let mut values = Vec::new();
        for state in &cell.states {
            let before = numbers.of(&Expr::Value(state.clone(), Time::Previous))?;
            values.push(picture(format!("{state}<{}>", step - 1), &before));
        }
        let input = numbers.of(&Expr::Value(Symbol("x".to_owned()), Time::Now))?;
        values.push(picture(format!("x<{step}>ᵀ"), &input.reversed_axes()));
        given.push(caption(words.plain("values")));
        given.push(row(values));
        Some(Task { question: words.say("question", &[("t", &step)]), given, steps })
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        wish(now).opens(now.whole("step").max(1), 1)
    }

    fn has_more(&self) -> bool {
        true
    }
}

fn wish(now: &Values) -> Wish<'_> {
    let cell = CELLS.iter().find(|cell| **cell == now.text("cell")).copied().unwrap_or(CELLS[0]);
    let seed = if now.has("seed") { now.whole("seed") as u64 } else { 1 };
    Wish { cell, sentence: now.text("sentence"), hidden: 1, layers: 1, seed }
}

/// The network with weights of two decimals, so that what is seen is what is computed with.
fn solved(now: &Values) -> Option<(StepperModel, Network)> {
    let mut network = wish(now).network()?;
    for (_, weights) in network.model.layers.iter_mut().flat_map(|layer| layer.weights.iter_mut()) {
        weights.mapv_inplace(|weight| (weight * 100.0).round() / 100.0);
    }
    let network = Network::run(network.model, network.sequence)?;
    let model =
        StepperModel::with_trace(network.model.clone(), network.sequence.clone(), network.trace.clone());
    Some((model, network))
}

/// What is worked out: the argument of each function that holds a product, and what each equation defines.
fn wanted(model: &StepperModel) -> Vec<Wanted> {
    let cells: Vec<_> = model.model.layers.iter().map(|layer| layer.cell.clone()).collect();
    let lines = Lines::of(&cells, &model.model.head.head);
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
