//! The equation in focus: its formula, its place in the cell, its numbers.

use ndarray::Array2;

use super::kept::Kept;
use super::walk::{At, Walked};
use crate::engine::syntax::{Expr, Time};
use crate::view::colour::{full_scale, heat_class};
use crate::view::figures::parts::{
    Cell, Grid, Matrix, caption, column, diagram, facts, gradient, grid, matrix, row,
};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Table, Words};
use crate::view::markup::Node;
use crate::view::number::fixed;
use crate::view::stepper::digits::Digits;
use crate::view::stepper::{Direction, Part};

/// Elements and numbers.
pub(super) struct Opened {
    pub nodes: Vec<Node>,
    pub table: Table,
}

/// A row of numbers under its name.
type Row = (String, Vec<f64>);

/// What an equation reads and gives.
struct Numbers {
    rows: Vec<Row>,
    /// Where the result is no column.
    matrix: Option<Array2<f64>>,
}

fn numbers(walked: &Walked, kept: &Kept, words: &Words) -> Numbers {
    let (stepped, step) = walked.here();
    let at = At { stepped, step };
    let line = &walked.line;
    let mut rows: Vec<Row> = Vec::new();
    let mut leaves = Vec::new();
    collect(&line.expr, &mut leaves);
    for leaf in &leaves {
        rows.extend(
            at.of(leaf).filter(|values| values.ncols() == 1).map(|values| (written(leaf), list(&values))),
        );
    }
    if let Expr::Call(_, inner) = &line.expr
        && let (Some(name), Some(values)) = (kept.lines.name_of(line.part, inner), at.of(inner))
    {
        rows.push((format!("{name}<t>"), list(&values)));
    }
    let Some(result) = at.of(&line.expr) else { return Numbers { rows, matrix: None } };
    if result.ncols() > 1 {
        return Numbers { rows, matrix: Some(result) };
    }
    let mut values = list(&result).into_iter();
    for target in &line.targets {
        let whole = at.of(target);
        // Rows of a stack are shared out among its targets, in order.
        let length =
            if line.targets.len() == 1 { result.nrows() } else { whole.as_ref().map_or(0, Array2::nrows) };
        let own: Vec<f64> = values.by_ref().take(length).collect();
        let name = written(target);
        if !line.adds {
            rows.push((name, own));
            continue;
        }
        rows.push((words.say("adds", &[("name", &name)]), own));
        rows.extend(whole.map(|whole| (words.say("in-all", &[("name", &name)]), list(&whole))));
    }
    Numbers { rows, matrix: None }
}

fn list(values: &Array2<f64>) -> Vec<f64> {
    values.iter().copied().collect()
}

/// The equation in focus with its numbers.
pub(super) fn draw(walked: &Walked, kept: &Kept, words: &Words) -> Opened {
    let found = numbers(walked, kept, words);
    let task = kept.task();
    let (hidden, symbols) = (kept.settings.hidden, task.vocabulary.len());
    let mut table = Table::new([words.plain("what"), words.plain("place"), words.plain("value")]);
    let names: Vec<String> = task.vocabulary.symbols().iter().map(|symbol| shown(symbol)).collect();
    let place = |length: usize, at: usize| -> String {
        if length == symbols && length != hidden {
            return names.get(at).cloned().unwrap_or_default();
        }
        (at + 1).to_string()
    };
    for (name, values) in &found.rows {
        for (at, value) in values.iter().enumerate() {
            table.row([name.clone(), place(values.len(), at), fixed(*value, 5)]);
        }
    }
    if let Some(matrix) = &found.matrix {
        let name = walked.line.targets.first().map(written).unwrap_or_default();
        for ((row, column), value) in matrix.indexed_iter() {
            table.row([name.clone(), format!("{}, {}", row + 1, column + 1), fixed(*value, 5)]);
        }
    }
    let mut right = vec![gradient(&walked.line.equation())];
    let single: Vec<(String, String)> = found
        .rows
        .iter()
        .filter(|(_, values)| values.len() == 1)
        .map(|(name, values)| (name.clone(), Digits::of(values).show(values[0])))
        .collect();
    if !single.is_empty() {
        right.push(facts(single));
    }
    let mut nodes = vec![caption(head(walked, words))];
    let lit: Vec<usize> = lit(walked, kept).into_iter().collect();
    match kept.cell() {
        Some(cell) => nodes.push(row([column([diagram(cell, &lit)]), column(right)])),
        None => nodes.push(column(right)),
    }
    for (length, key) in [(hidden, "units"), (symbols, "symbols")] {
        let rows: Vec<&Row> =
            found.rows.iter().filter(|(_, values)| values.len() == length && length > 1).collect();
        if !rows.is_empty() {
            let heads = (0..length).map(|at| place(length, at)).collect();
            nodes.push(heat(words.plain(key), heads, &rows));
        }
    }
    if let Some(values) = &found.matrix {
        let title = words
            .say("step-share", &[("name", &walked.line.targets.first().map(written).unwrap_or_default())]);
        let how = Matrix { size: (13.0, 13.0), decimals: None, title, ..Matrix::default() };
        nodes.push(matrix(values.view(), &how));
    }
    Opened { nodes, table }
}

/// Rows of numbers, coloured, under the names of their places.
fn heat(name: String, heads: Vec<String>, rows: &[&Row]) -> Node {
    let cells = |values: &[f64]| -> Vec<Cell> {
        let (full, digits) = (full_scale(values.iter().copied()), Digits::of(values));
        let cell = |value: &f64| {
            Cell::new(digits.show(*value)).class(format!("{} fig-cell", heat_class(*value, full)))
        };
        values.iter().map(cell).collect()
    };
    let rows = rows.iter().map(|(name, values)| (Cell::new(name).class("fig-index"), cells(values)));
    let heads = std::iter::once(name.clone()).chain(heads).map(|head| Cell::new(head).class("fig-index"));
    grid(Grid { name, heads: heads.collect(), rows: rows.collect(), class: "fig-heat" })
}

/// The equation of the cell that a line belongs to, for the diagram.
fn lit(walked: &Walked, kept: &Kept) -> Option<usize> {
    if walked.line.part == Part::Head {
        return None;
    }
    let line = kept.lines.text_line(walked.direction, &walked.line)?;
    let equations = &kept.cell()?.equations;
    match walked.direction {
        Direction::Forward => Some(walked.line.of).filter(|of| *of < equations.len()),
        Direction::Backward => equations.iter().position(|equation| equation.line == line),
    }
}

fn head(walked: &Walked, words: &Words) -> String {
    let (place, count) = walked.line_at;
    let key = match (&walked.trace.encoder, walked.trace.wiring.takes_over()) {
        (Some(_), Some(at)) if walked.step < at => "walk-encoder",
        (Some(_), Some(_)) => "walk-decoder",
        _ => "walk-one",
    };
    let steps = walked.trace.wiring.steps.len();
    words.say(key, &[("t", &(walked.step + 1)), ("steps", &steps), ("i", &(place + 1)), ("n", &count)])
}

/// The same in a sentence.
pub(super) fn says(walked: &Walked, words: &Words) -> String {
    let names: Vec<String> = walked.line.targets.iter().map(written).collect();
    let key = if walked.line.adds { "says-adds" } else { "says-sets" };
    let read = walked.answer.steps.get(walked.step).map(|step| shown(&step.input)).unwrap_or_default();
    let read =
        if read.is_empty() { words.plain("zero-vector") } else { words.say("quoted", &[("token", &read)]) };
    words.say(
        key,
        &[("t", &(walked.step + 1)), ("read", &read), ("name", &names.join(&words.plain("list-comma")))],
    )
}

/// The values and gradients that an expression reads, each once, in order.
fn collect(expr: &Expr, found: &mut Vec<Expr>) {
    expr.each(&mut |part| {
        if matches!(part, Expr::Value(..) | Expr::TermGradient(_)) && !found.contains(part) {
            found.push(part.clone());
        }
    });
}

/// A target or a value as the cell language writes it.
fn written(expr: &Expr) -> String {
    match expr {
        Expr::Value(name, Time::Now) => format!("{name}<t>"),
        Expr::Value(name, Time::Previous) => format!("{name}<t-1>"),
        Expr::Parameter(name) => name.0.clone(),
        Expr::TermGradient(term) => format!("d({})", written(term)),
        Expr::Binary(_, one, other) => format!("{} * {}", written(one), written(other)),
        _ => String::new(),
    }
}
