//! The derived backward equations in NumPy, a line each.

use super::Program;
use super::expression::{Level, Writer, is_narrow, values};
use super::held::Held;
use super::names::Names;
use super::numpy::{backward_text, parameters};
use super::numpy_dialect::NumPy;
use super::shared::{OWN, list};
use crate::engine::BackwardEquation;
use crate::engine::derive::{Derived, now};
use crate::engine::syntax::{Cell, Expr, Symbol, Time};

/// `backward_1(p, xs, steps, first, above)`: gradients of the weights, of x, and of the states before the first step.
pub(super) fn backward_of_cell(
    program: &mut Program,
    number: usize,
    cell: &Cell,
    derived: &Derived,
    held: &Held,
) {
    program.line("");
    program.line("");
    program.line(format!("def backward_{number}(p, xs, steps, first, above{}):", held.argument()));
    program.below(|program| {
        let mut names = Names::beside(&OWN);
        let input = Symbol::from("x");
        parameters(program, &mut names, cell.parameters.iter().map(|one| &one.name));
        program.line("n_a, n_x = first[0].shape[0], xs[0].shape[0]");
        program.line("d = {name: np.zeros_like(p[name]) for name in p}");
        program.line("dxs = []");
        let next: Vec<String> = cell
            .states
            .iter()
            .map(|state| names.own(&format!("d{}_next", super::names::ascii(&state.0))))
            .collect();
        let zeros = vec!["np.zeros((n_a, B))".to_owned(); next.len()];
        program.line(format!("{} = {}", list(&next), list(&zeros)));
        program.line("for t in reversed(range(T)):");
        program.below(|program| {
            let used = read(&derived.equations);
            program.line("v = steps[t]");
            for (name, _) in used.iter().filter(|(name, time)| {
                *time == Time::Now && derived.forward.iter().any(|line| line.target.name == *name)
            }) {
                program.line(format!("{} = v[\"{name}\"]", names.value(name, Time::Now)));
            }
            for (place, state) in cell.states.iter().enumerate() {
                if used.contains(&(state.clone(), Time::Previous)) {
                    program.line(format!(
                        "{} = steps[t - 1][\"{state}\"] if t > 0 else first[{place}]",
                        names.value(state, Time::Previous)
                    ));
                }
            }
            if used.contains(&(input.clone(), Time::Now)) {
                program.line(format!("{} = xs[t]", names.value(&input, Time::Now)));
            }
            // What arrives: at the states from the next step, at the output from above.
            let mut arrived: Vec<Expr> =
                cell.states.iter().chain([&cell.output]).map(|name| now(&name.gradient())).collect();
            for (state, next) in cell.states.iter().zip(&next) {
                let gradient = names.value(&state.gradient(), Time::Now);
                let above = if *state == cell.output { " + above[t]" } else { "" };
                program.line(format!("{gradient} = {next}{above}"));
            }
            if !cell.states.contains(&cell.output) {
                let gradient = names.value(&cell.output.gradient(), Time::Now);
                program.line(format!("{gradient} = above[t]"));
            }
            // What the equations may never reach.
            let mut ends: Vec<(Expr, &str)> = cell
                .states
                .iter()
                .map(|state| (Expr::Value(state.gradient(), Time::Previous), "n_a"))
                .collect();
            ends.push((Expr::Value(input.gradient(), Time::Now), "n_x"));
            for (end, rows) in &ends {
                if !derived.equations.iter().any(|line| line.targets.contains(end)) {
                    let mut writer = Writer { dialect: &NumPy, names: &mut names };
                    let name = writer.text(end);
                    program.line(format!("{name} = np.zeros(({rows}, B))"));
                }
            }
            for (place, line) in derived.equations.iter().enumerate() {
                // A gradient that is about to be read is complete.
                for name in held.read_first(&derived.equations, place) {
                    held.backward(program, &mut names, name);
                }
                backward_line(program, &mut names, line, &mut arrived);
            }
            program.line(format!("dxs.insert(0, {})", names.value(&input.gradient(), Time::Now)));
            let before: Vec<String> =
                cell.states.iter().map(|state| names.value(&state.gradient(), Time::Previous)).collect();
            program.line(format!("{} = {}", list(&next), list(&before)));
        });
        program.line(format!("return d, dxs, [{}]", next.join(", ")));
    });
}

/// `backward_head(p, steps)`: gradients of the head's weights, and what reaches the top layer's output.
pub(super) fn backward_of_head(program: &mut Program, derived: &Derived, output: &Symbol) {
    program.line("");
    program.line("");
    program.line("def backward_head(p, steps):");
    program.below(|program| {
        let mut names = Names::beside(&OWN);
        program.line("d = {name: np.zeros_like(p[name]) for name in p}");
        let matrices = derived.equations.iter().filter_map(|line| match &line.expr {
            Expr::Product(left, _) => match &**left {
                Expr::Transpose(of) => match &**of {
                    Expr::Parameter(name) => Some(name),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
        let matrices: Vec<Symbol> = matrices.cloned().collect();
        parameters(program, &mut names, matrices.iter());
        program.line("above = []");
        program.line("for t in range(T):");
        program.below(|program| {
            program.line("v = steps[t]");
            for (name, time) in read(&derived.equations) {
                if time == Time::Now && [output.0.as_str(), "ŷ", "y"].contains(&name.0.as_str()) {
                    program.line(format!("{} = v[\"{name}\"]", names.value(&name, Time::Now)));
                }
            }
            let mut arrived = Vec::new();
            for line in &derived.equations {
                backward_line(program, &mut names, line, &mut arrived);
            }
            program.line(format!("above.append({})", names.value(&output.gradient(), Time::Now)));
        });
        program.line("return d, above");
    });
}

/// Everything that the right-hand sides read.
fn read(lines: &[BackwardEquation]) -> Vec<(Symbol, Time)> {
    let mut found = Vec::new();
    for line in lines {
        values(&line.expr, &mut found);
        // The height of a stack's parts is read from the values themselves.
        for target in &line.targets {
            if let Expr::TermGradient(term) = target {
                values(term, &mut found);
            }
        }
    }
    found
}

/// One derived line: its text as a comment, then its Python. `arrived`: gradients that hold something already.
fn backward_line(program: &mut Program, names: &mut Names, line: &BackwardEquation, arrived: &mut Vec<Expr>) {
    program.line(format!("# {}", backward_text(line)));
    let mut writer = Writer { dialect: &NumPy, names };
    match line.targets.as_slice() {
        [Expr::Parameter(gradient)] => {
            let name = gradient.0.strip_prefix('d').unwrap_or(&gradient.0);
            let right = match &line.expr {
                Expr::Product(..) => writer.text(&line.expr),
                // A column is the same for all samples: their gradients add up.
                other => format!("np.sum({}, axis=1, keepdims=True)", writer.text(other)),
            };
            program.line(format!("d[\"{name}\"] += {right}"));
        }
        [target] => {
            let left = writer.text(target);
            let right = if arrived.contains(target) {
                // Not `+=`, which would also change what this was made of.
                format!("{left} + {}", writer.at_least(&line.expr, Level::Product))
            } else if is_narrow(&line.expr) || line.expr.is_one_row() {
                let right = writer.text(&line.expr);
                let rows = height(&mut writer, target);
                writer.dialect.wide(&right, Some(&rows))
            } else {
                writer.text(&line.expr)
            };
            program.line(format!("{left} = {right}"));
            arrived.push(target.clone());
        }
        targets => {
            let right = writer.text(&line.expr);
            program.line(format!("rows = {right}"));
            let mut start = String::new();
            for (place, target) in targets.iter().enumerate() {
                let rows = height(&mut writer, target);
                let end = if start.is_empty() { rows } else { format!("{start} + {rows}") };
                let slice = if place + 1 == targets.len() {
                    format!("rows[{start}:]")
                } else {
                    format!("rows[{start}:{end}]")
                };
                let left = writer.text(target);
                let before = if arrived.contains(target) { format!("{left} + ") } else { String::new() };
                program.line(format!("{left} = {before}{slice}"));
                arrived.push(target.clone());
                start = end;
            }
        }
    }
}

/// The rows of what a gradient belongs to, as Python.
fn height(writer: &mut Writer<'_>, target: &Expr) -> String {
    match target {
        Expr::Value(name, _) if name.0 == "dx" => "n_x".to_owned(),
        Expr::TermGradient(term) => rows(writer, term),
        _ => "n_a".to_owned(),
    }
}

fn rows(writer: &mut Writer<'_>, expr: &Expr) -> String {
    match expr {
        _ if expr.is_one_row() => "1".to_owned(),
        Expr::Value(name, _) if name.0 == "x" => "n_x".to_owned(),
        Expr::Parameter(name) => format!("{}.shape[0]", writer.names.parameter(name)),
        Expr::Product(left, _) => rows(writer, left),
        Expr::Binary(_, left, right) => {
            let tall = if left.is_one_row() { right } else { left };
            rows(writer, tall)
        }
        Expr::Negate(of) | Expr::Power(of, _) | Expr::Call(_, of) | Expr::TermGradient(of) => {
            rows(writer, of)
        }
        Expr::Stack(parts) => parts.iter().map(|part| rows(writer, part)).collect::<Vec<_>>().join(" + "),
        Expr::Number(_) | Expr::Value(..) | Expr::Transpose(_) => "n_a".to_owned(),
    }
}
