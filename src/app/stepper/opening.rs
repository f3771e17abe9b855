//! The current equation opened: its matrices with their numbers, one row spelled out, and what adds up.

use leptos::prelude::*;

use super::bars::Bars;
use super::blocks::Blocks;
use super::edit::Panel;
use super::files::LineFiles;
use super::growth::Growth;
use super::room::use_room;
use super::spelled;
use super::state::{Shared, use_stepper};
use super::sums::Arrivals;
use super::words;
use crate::app::language::{say, say_with};
use crate::engine::syntax::{Expr, Function};
use crate::formats::latex::{self, Letters};
use crate::view::stepper::Part;
use crate::view::stepper::differences::differences;
use crate::view::stepper::lines::Line;
use crate::view::stepper::model::HeldUnit;
use crate::view::stepper::opened_line::{self, Opened, added_up, target_row};
use crate::view::stepper::opening::Block;
use crate::view::stepper::spell::{Entry, Token, spell};

/// The opened equation.
#[component]
pub fn Opening(line: Line, number: usize) -> impl IntoView {
    let stepper = use_stepper();
    let room = use_room();
    let step = Memo::new(move |_| stepper.position.get().step);
    let line = StoredValue::new(line);

    let opened = Memo::new(move |_| {
        let at = step.get().saturating_sub(1);
        let of = |model: &Shared| line.with_value(|line| opened_line::opened(&model.0, line, number, at));
        stepper.with_model(of).flatten()
    });
    let rows =
        Memo::new(move |_| opened.with(|opened| opened.as_ref().map_or(1, |opened| opened.rows).max(1)));
    // What is spelled out as long as no pointer shows another row: the chosen entry.
    let chosen = Memo::new(move |_| {
        // Among the symbols of the vocabulary the target is what matters, as long as no row is chosen.
        let of_target = |model: &Shared| line.with_value(|line| target_row(&model.0, line, step.get()));
        let target = stepper.with_model(of_target).flatten();
        let entry = stepper.chosen();
        let is_chosen = stepper.state.with(|state| state.row.is_some());
        let row = target.filter(|_| !is_chosen).unwrap_or(entry.row);
        Entry { row: row.min(rows.get() - 1), ..entry }
    });
    // The pointer shows a row for as long as it is there; the chosen one stays.
    let entry = Memo::new(move |_| {
        let pointed = stepper.pointed.get();
        let entry = match pointed {
            Some(entry) => Entry { row: entry.row.min(rows.get() - 1), ..entry },
            None => chosen.get(),
        };
        let is_matrix = opened.with(|opened| opened.as_ref().is_some_and(|opened| opened.columns > 1));
        if is_matrix && pointed.is_none() && stepper.column.get().is_none() {
            // A column that says something: where the row of the gradient is largest.
            return opened.with(|opened| opened.as_ref().map_or(entry, |opened| opened.largest_in(entry)));
        }
        entry
    });
    let row_name = move || {
        let entry = entry.get();
        // Where rows are left out those that are there are numbered, and a symbol is found by its number.
        let is_numbered = rows.get() > room.get().rows(1);
        let of = |model: &Shared| {
            line.with_value(|line| {
                if is_numbered {
                    words::numbered_row(&model.0, line, entry.row)
                } else {
                    words::row(&model.0, line, entry.row)
                }
            })
        };
        let base = stepper.with_model(of);
        let base = base.unwrap_or_default();
        let column = opened
            .with(|opened| opened.as_ref().filter(|opened| opened.columns > 1).map(|_| entry.column + 1));
        match column {
            Some(column) => say_with!(stepper.row_and_column; "row" => base, "column" => column),
            None => base,
        }
    };
    let tokens = Memo::new(move |_| {
        let at = step.get().saturating_sub(1);
        let (entry, all) = (entry.get(), stepper.all_terms.get());
        let spelled = |model: &Shared| {
            line.with_value(|line| {
                let spelled = spell(line.name(), &line.expr, entry, all, &model.0.at(line.part, at));
                let sum = opened.with(|opened| opened.as_ref().and_then(|opened| opened.sum.clone()));
                let mut spelled = added_up(spelled?, sum.as_ref(), entry);
                // What the equation gives is not what stands there.
                if let Some(held) = model.0.held(line, entry.row, at) {
                    spelled.extend([Token::Then, Token::Held(held)]);
                }
                Some(spelled)
            })
        };
        stepper.with_model(spelled).flatten().unwrap_or_default()
    });
    let has_more = move || {
        stepper.all_terms.get()
            || tokens.with(|tokens| tokens.iter().any(|token| matches!(token, Token::Rest(..))))
    };
    let spoken_row = move || say_with!(stepper.said_row; "row" => row_name(), "sum" => tokens.with(|tokens| spelled::plain(tokens)));
    let arrivals = move || opened.with(|opened| opened.as_ref().and_then(|opened| opened.sum.clone()));
    let distribution = line.with_value(|line| matches!(line.expr, Expr::Call(Function::Softmax, _)));
    let growth = move || {
        opened.get().and_then(|opened| {
            let full = opened.full()?;
            opened.growth.map(|growth| view! { <Growth growth full/> })
        })
    };
    let names = Memo::new(move |_| {
        let of = |block: &Block| (block.label.clone(), block.standing);
        opened.with(|opened| opened.iter().flat_map(Opened::matrices).map(of).collect::<Vec<_>>())
    });
    let matrix = Callback::new(move |place: usize| {
        opened.with_untracked(|opened| opened.iter().flat_map(Opened::matrices).nth(place).cloned())
    });
    let latex = Callback::new(move |()| {
        let letters = Letters::from_id(stepper.notation.get_untracked().id());
        let of = |model: &Shared| {
            line.with_value(|line| {
                let cell = match line.part {
                    Part::Layer(layer) => model.0.model.layers.get(layer).map(|layer| &*layer.cell),
                    Part::Head => model.0.model.layers.last().map(|layer| &*layer.cell),
                };
                let equation = latex::line(cell, &line.equation(), letters);
                // What the equation does not say stands behind it.
                let step = step.get();
                let units = 0..opened.with(|opened| opened.as_ref().map_or(0, |opened| opened.rows));
                let held = units.filter_map(|row| {
                    let HeldUnit { held, name, unit, step } =
                        model.0.held_unit(line, row, step.checked_sub(1)?)?;
                    Some(latex::held(cell?, name, unit, step + 1, held.number(), letters))
                });
                std::iter::once(equation).chain(held).collect::<Vec<_>>().join(",\\quad ")
            })
        };
        untrack(|| stepper.with_model(of))
    });
    let differs = move || {
        let notation = stepper.notation.get();
        let found = stepper.with_model(|model| {
            let facts = model.0.facts?;
            Some(line.with_value(|line| differences(facts, notation, line)))
        });
        let found = found.flatten();
        let sentences = found.into_iter().flatten().map(|found| words::difference(&found, notation));
        sentences
            .map(|sentence| view! { <p class="differs" data-testid="stepper-differs">{sentence}</p> })
            .collect_view()
    };
    view! {
        <div class="opened" data-part="numbers" data-testid="stepper-open">
            <Blocks line opened step entry chosen spoken=Signal::derive(spoken_row)/>
            {growth}
            <LineFiles names matrix latex step=step.into()/>
            <Panel/>
            <p class="spell" data-testid="stepper-spell">
                <b class="spell-row">{row_name}</b>
                " "
                {move || tokens.with(|tokens| stepper.with_model(|model| spelled::elements(tokens, &model.0)))}
            </p>
            <Show when=has_more>
                <button
                    class="ghost small"
                    type="button"
                    data-testid="stepper-all-terms"
                    aria-pressed=move || if stepper.all_terms.get() { "true" } else { "false" }
                    on:click=move |_| stepper.all_terms.update(|all| *all = !*all)
                >
                    {move || if stepper.all_terms.get() { say!(stepper.fewer_terms) } else { say!(stepper.all_terms) }}
                </button>
            </Show>
            {differs}
            {move || {
                let (sum, model) = (arrivals()?, stepper.model.get()?);
                Some(view! { <Arrivals model line=line.get_value() sum/> })
            }}
            {distribution.then(|| view! { <Bars step/> })}
        </div>
    }
}
