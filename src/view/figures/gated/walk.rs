//! The LSTM, equation by equation, forward and backward: the diagram lit, the formula, the numbers of a step.

use ndarray::Array2;

use super::learnt::Learnt;
use super::{UNITS, input, is_blank, numbers, sentence};
use crate::engine::evaluate::evaluate;
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::language::visible::visible;
use crate::view::figures::numbers::edits;
use crate::view::figures::parts::{Matrix, column, diagram, gradient, matrix, row};
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::link::StepperState;
use crate::view::markup::Node;
use crate::view::number::fixed;
use crate::view::stepper::lines::Line;
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::{Direction, Part};

const CELL: &str = "lstm";

/// One equation of an LSTM with its output, at one step.
pub struct Walk;

fn model(given: &Values) -> Option<StepperModel> {
    let sentence = given.text("sentence");
    if is_blank(given) { None } else { Learnt::default().model(CELL, UNITS, sentence, &edits(given)) }
}

fn direction(given: &Values) -> Direction {
    if given.text("direction") == "backward" { Direction::Backward } else { Direction::Forward }
}

impl Figure for Walk {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let model = model(given);
        let steps = model.as_ref().map_or(1, StepperModel::steps);
        let lines = model.as_ref().map_or(1, |model| model.lines.along(direction(given)).len());
        vec![
            sentence(),
            Setting::choice("direction", &["forward", "backward"]),
            Setting::steps("step", steps, 4),
            Setting::steps("line", lines, 1),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        if is_blank(now) {
            return None;
        }
        Learnt::default().numbers(CELL, UNITS, now.text("sentence"), &edits(now))
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some(CELL)
    }

    fn follow(&self, setting: &str) -> Vec<(&'static str, String)> {
        // The other direction begins with its own first equation.
        if setting == "direction" { vec![("equation", "1".to_owned())] } else { Vec::new() }
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let empty = || Drawing::only(words.plain("empty"));
        let Some(model) = model(now) else { return empty() };
        let (Some(step), Some(place)) = (now.whole("step").checked_sub(1), now.whole("line").checked_sub(1))
        else {
            return empty();
        };
        let lines = model.lines.along(direction(now));
        let (Some(line), Some(layer)) = (lines.get(place), model.model.layers.first()) else {
            return empty();
        };
        let opened = open(&model, line, step, words);
        let lit: Vec<usize> = equation_of(&model, line, direction(now)).into_iter().collect();
        let right = vec![gradient(&line.equation()), opened.drawing];
        let body = vec![row([column([diagram(&layer.cell, &lit)]), column(right)])];
        let key = match (line.part, line.adds) {
            (Part::Head, _) => "says-output",
            (_, true) => "says-adds",
            (_, false) => "says-sets",
        };
        let said = words.say(
            key,
            &[
                ("i", &(place + 1)),
                ("n", &lines.len()),
                ("t", &(step + 1)),
                ("token", &input(&model, step, words)),
                ("name", &names(&line.targets).join(&words.plain("list-comma"))),
            ],
        );
        let sentence = match opened.has_numbers {
            true => said,
            false => words.say("then", &[("one", &said), ("other", &words.plain("squares"))]),
        };
        Drawing { body, sentence, table: opened.table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let state = StepperState {
            sentence: now.text("sentence").to_owned(),
            step: now.whole("step"),
            equation: now.whole("line"),
            direction: direction(now),
            row: Some(1),
            edits: edits(now),
            ..StepperState::default()
        };
        Some(Learnt::default().stepper(None, CELL, UNITS, state))
    }
}

/// The equation of the cell that a line belongs to, for the diagram.
fn equation_of(model: &StepperModel, line: &Line, direction: Direction) -> Option<usize> {
    let Part::Layer(layer) = line.part else { return None };
    let cell = &model.model.layers.get(layer)?.cell;
    // A backward line counts the lines that are written out; those of one equation share its line of the text.
    let of = match direction {
        Direction::Forward => cell.equations.get(line.of)?.line,
        Direction::Backward => model.lines.written_out.get(layer)?.get(line.of)?.line,
    };
    cell.equations.iter().position(|equation| equation.line == of)
}

struct Opened {
    drawing: Node,
    table: Table,
    /// Whether the drawing has its numbers in it; a matrix is wider than they would allow.
    has_numbers: bool,
}

/// The numbers of a line: what it reads in columns, and what comes out.
fn open(model: &StepperModel, line: &Line, step: usize, words: &Words) -> Opened {
    let scope = model.at(line.part, step);
    let mut table = Table::new([words.plain("row"), words.plain("column"), words.plain("value")]);
    let Ok(result) = evaluate(&line.expr, &scope) else {
        return Opened { drawing: column::<Node>([]), table, has_numbers: true };
    };
    let rows = row_names(model, result.nrows(), words);
    if result.ncols() > 1 {
        for ((row, column), value) in result.indexed_iter() {
            let name = rows.get(row).cloned().unwrap_or_default();
            table.row([name, (column + 1).to_string(), fixed(*value, 4)]);
        }
        let how = Matrix { size: (21.0, 21.0), decimals: None, ..Matrix::default() };
        return Opened { drawing: matrix(result.view(), &how), table, has_numbers: false };
    }
    let mut columns: Vec<(String, Array2<f64>)> = Vec::new();
    let mut leaves = Vec::new();
    collect(&line.expr, &mut leaves);
    for (name, time) in leaves {
        let leaf = Expr::Value(name.clone(), time);
        if let Ok(values) = evaluate(&leaf, &scope) {
            columns.push((written(&name, time), values));
        }
    }
    if let Expr::Call(_, inner) = &line.expr
        && let (Some(name), Ok(values)) = (model.lines.name_of(line.part, inner), evaluate(inner, &scope))
    {
        columns.push((written(&name, Time::Now), values));
    }
    // Only what has a row for each row of the result stands beside it: an input of V rows does not.
    columns.retain(|(_, values)| values.dim() == result.dim());
    columns.push((names(&line.targets).join(", "), result));
    let in_rows: Vec<(String, Vec<f64>)> = rows
        .into_iter()
        .enumerate()
        .map(|(row, name)| (name, columns.iter().map(|(_, values)| values[(row, 0)]).collect()))
        .collect();
    for (name, values) in &in_rows {
        for ((head, _), value) in columns.iter().zip(values) {
            table.row([name.clone(), head.clone(), fixed(*value, 4)]);
        }
    }
    let heads: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
    Opened { drawing: numbers(&heads, &in_rows, words), table, has_numbers: true }
}

/// The names of a block's rows: units, symbols, or both where they are stacked.
fn row_names(model: &StepperModel, rows: usize, words: &Words) -> Vec<String> {
    let units = (1..=UNITS).map(|n| words.say("unit", &[("n", &n)]));
    let symbols = model.sequence.vocabulary.iter().map(|symbol| visible(symbol).into_owned());
    let symbols_alone = rows == model.sequence.vocabulary.len() && rows != UNITS;
    let named: Vec<String> = if symbols_alone { symbols.collect() } else { units.chain(symbols).collect() };
    (0..rows).map(|row| named.get(row).cloned().unwrap_or_else(|| (row + 1).to_string())).collect()
}

/// The values that an expression reads, each once, in order.
fn collect(expr: &Expr, found: &mut Vec<(Symbol, Time)>) {
    expr.each(&mut |part| {
        if let Expr::Value(name, time) = part
            && !found.contains(&(name.clone(), *time))
        {
            found.push((name.clone(), *time));
        }
    });
}

fn written(name: &Symbol, time: Time) -> String {
    match time {
        Time::Now => format!("{name}<t>"),
        Time::Previous => format!("{name}<t-1>"),
    }
}

/// The targets' names as the cell language writes them.
fn names(targets: &[Expr]) -> Vec<String> {
    let name = |target: &Expr| match target {
        Expr::Value(name, time) => written(name, *time),
        Expr::Parameter(name) => name.0.clone(),
        _ => String::new(),
    };
    targets.iter().map(name).collect()
}
