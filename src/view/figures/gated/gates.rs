//! Every gate of every unit over the whole sentence, and what a gate reads.

use super::about_cell::AboutCell;
use super::learnt::Learnt;
use super::{UNITS, about, at, heat_row, input, joined, layer, step_heads};
use crate::engine::presets::preset;
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::view::colour::heat_class;
use crate::view::figures::letters;
use crate::view::figures::parts::{Cell, Grid, caption, column, grid};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::formula::Spelling;
use crate::view::number::fixed;
use crate::view::stepper::model::StepperModel;

/// A heat map of one gate, and under it the two states of the chosen unit.
pub struct Gates;

/// The gates of a cell by the words of their choice: `u`, `r`, `f`, `o`.
fn gates_of(cell: &str) -> &'static [&'static str] {
    match cell {
        "gru" => &["u", "r"],
        "lstm" => &["u", "f", "o"],
        _ => &["u"],
    }
}

fn symbol(gate: &str) -> &'static str {
    match gate {
        "r" => "Γ_r",
        "f" => "Γ_f",
        "o" => "Γ_o",
        _ => "Γ_u",
    }
}

impl AboutCell for Gates {
    const CELL: &'static str = "gru-simplified";
    const STEPS: u32 = 600;

    fn cell(now: &Values) -> &str {
        if now.has("cell") { now.text("cell") } else { Self::CELL }
    }

    fn settings(model: Option<&StepperModel>, given: &Values) -> Vec<Setting> {
        let steps = model.map_or(1, StepperModel::steps);
        vec![
            Setting::choice("cell", &["gru-simplified", "gru", "lstm"]),
            Setting::choice("gate", gates_of(given.text("cell"))),
            Setting::place("unit", UNITS, 2),
            Setting::place("step", steps, 4),
        ]
    }

    fn draw(model: StepperModel, learnt: &Learnt, now: &Values, words: &Words) -> Option<Drawing> {
        let layer = layer(&model.trace)?;
        let steps = model.steps();
        let (unit, step) = (now.whole("unit").clamp(1, UNITS), now.whole("step").clamp(1, steps));
        let gate = symbol(now.text("gate"));
        let mut table = Table::new([
            words.plain("unit-head"),
            words.plain("step"),
            words.plain("gate-head"),
            "c".into(),
            "a".into(),
        ]);
        let rows = (1..=UNITS).map(|row| {
            let cells = (1..=steps).map(|column| {
                let value = at(layer, gate, column - 1, row - 1);
                let name =
                    words.say("cell-name", &[("n", &row), ("t", &column), ("value", &fixed(value, 2))]);
                Cell::new(fixed(value, 2))
                    .class(heat_class(value, 1.0))
                    .name(name)
                    .sets(format!("unit={row};step={column}"), (row, column) == (unit, step))
            });
            (Cell::new(words.say("unit", &[("n", &row)])).class("fig-index"), cells.collect())
        });
        let gates = grid(Grid {
            name: words.plain("grid"),
            heads: step_heads(&model, gate),
            rows: rows.collect(),
            class: "fig-heat",
        });
        for row in 0..UNITS {
            for column in 0..steps {
                let value = |name| fixed(at(layer, name, column, row), 4);
                table.row([
                    (row + 1).to_string(),
                    (column + 1).to_string(),
                    value(gate),
                    value("c"),
                    value("a"),
                ]);
            }
        }
        // Where the other letters have one for both, they are one row.
        let names: &[&str] = if has_one_letter(now) { &["c"] } else { &["c", "a"] };
        let states = names.iter().map(|name| {
            let values = (0..steps).map(|column| at(layer, name, column, unit - 1));
            heat_row(format!("{name}<t>"), values, 1.0, 2)
        });
        let states = grid(Grid {
            name: words.plain("states"),
            heads: step_heads(&model, ""),
            rows: states.collect(),
            class: "fig-heat",
        });
        let cell = now.text("cell");
        let body = vec![column([gates, caption(words.say("states-of", &[("n", &unit)])), states])];
        let sentence = says((&model, learnt), (cell, gate), (unit, step), has_one_letter(now), words);
        Some(Drawing { body, sentence, table })
    }

    fn opens(now: &Values) -> (usize, usize) {
        let gate = Symbol::from(symbol(now.text("gate")));
        let place = preset(Gates::cell(now)).and_then(|preset| {
            preset.cell.equations.iter().position(|equation| equation.target.name == gate)
        });
        (place.unwrap_or(0) + 1, now.whole("unit"))
    }
}

fn says(
    (model, learnt): (&StepperModel, &Learnt),
    which: (&str, &str),
    place: (usize, usize),
    has_one_letter: bool,
    words: &Words,
) -> String {
    let (Some(layer), (unit, step)) = (layer(&model.trace), place) else { return String::new() };
    let row = || (0..model.steps()).map(|step| at(layer, which.1, step, unit - 1));
    let (least, most) = (row().fold(f64::INFINITY, f64::min), row().fold(f64::NEG_INFINITY, f64::max));
    let value = at(layer, which.1, step - 1, unit - 1);
    let here = words.say(
        "here",
        &[
            ("gate", &which.1),
            ("n", &unit),
            ("t", &step),
            ("value", &open_share(value, 3)),
            ("state", &reads(which.0, which.1)),
            ("before", &(step - 1)),
            ("token", &input(model, step - 1, words)),
        ],
    );
    let range = words.say("range", &[("least", &open_share(least, 2)), ("most", &open_share(most, 2))]);
    let pair = |name: &str| layer.value(&Symbol::from(name));
    let apart = match (pair("a"), pair("c")) {
        (Some(a), Some(c)) => a.iter().zip(c).fold(0.0, |most: f64, (a, c)| most.max((a - c).abs())),
        _ => f64::NAN,
    };
    let states = if apart == 0.0 {
        words.plain("same-state")
    } else {
        words.say("other-state", &[("apart", &fixed(apart, 2))])
    };
    let mut said = vec![here, range];
    said.extend((!has_one_letter).then_some(states));
    said.push(about(model, learnt, words));
    joined(&said, words)
}

/// Whether the letters in use have one for the memory and for what is shown.
fn has_one_letter(now: &Values) -> bool {
    let notation = letters::notation(now);
    let Some(facts) = preset(Gates::cell(now)).map(|preset| &preset.facts) else { return false };
    let spelled = |name: &str| Spelling::of(&Symbol::from(name), notation, facts).plain();
    spelled("a") == spelled("c")
}

/// A value between 0 and 1, neither of which it reaches.
fn open_share(value: f64, decimals: usize) -> String {
    let step = 0.1_f64.powi(decimals as i32);
    let shown = fixed(value, decimals);
    if value < 1.0 && shown == fixed(1.0, decimals) {
        format!("> {}", fixed(1.0 - step, decimals))
    } else if value > 0.0 && shown == fixed(0.0, decimals) {
        format!("< {}", fixed(step, decimals))
    } else {
        shown
    }
}

/// The state of the step before that a gate reads, by its equation.
fn reads(cell: &str, gate: &str) -> String {
    let find = || {
        let cell = &preset(cell)?.cell;
        let equation = cell.equations.iter().find(|equation| equation.target.name.0 == gate)?;
        previous(&equation.expr)
    };
    find().map(|name| name.0).unwrap_or_default()
}

fn previous(expr: &Expr) -> Option<Symbol> {
    match expr {
        Expr::Value(name, Time::Previous) => Some(name.clone()),
        other => other.parts().find_map(previous),
    }
}
