//! The current equation opened: its matrices with their numbers, one row spelled out, and what adds up.

use leptos::{ev, prelude::*};

use super::bars::Bars;
use super::blocks::Blocks;
use super::edit::{Panel, use_editing};
use super::files::LineFiles;
use super::growth::Growth;
use super::matrix::scale_of;
use super::spelled;
use super::state::{Shared, use_stepper};
use super::sums::Arrivals;
use super::words;
use crate::app::language::{say, say_with};
use crate::engine::syntax::{Expr, Function};
use crate::formats::latex::{self, Letters};
use crate::view::stepper::Part;
use crate::view::stepper::differences::differences;
use crate::view::stepper::edits::Edits;
use crate::view::stepper::lines::Line;
use crate::view::stepper::opening::{Block, Piece, Sign, Standing, open, result};
use crate::view::stepper::spell::{Entry, Token, spell};
use crate::view::stepper::subject::{Subject, of_expr};
use crate::view::stepper::sums::{Spot, Sum, sum};

/// Where the numbers of an opened equation stand: what they are follows from it.
#[derive(Clone, Copy)]
pub struct OpenedLine {
    /// Whose equation it is.
    pub part: Part,
    /// The step, from 1.
    pub step: Memo<usize>,
}

/// The opened equation.
#[component]
pub fn Opening(line: Line, number: usize) -> impl IntoView {
    let stepper = use_stepper();
    let step = Memo::new(move |_| stepper.position.get().step);
    provide_context(OpenedLine { part: line.part, step });
    let line = StoredValue::new(line);

    let opened = Memo::new(move |_| {
        let at = step.get().saturating_sub(1);
        let of = |model: &Shared| {
            let opened = line.with_value(|line| pieces(model, line, number, at))?;
            Some(Opened { edits: model.0.applied.edits.clone(), ..opened })
        };
        stepper.with_model(of).flatten()
    });
    let rows =
        Memo::new(move |_| opened.with(|opened| opened.as_ref().map_or(1, |opened| opened.rows).max(1)));
    // The pointer shows a row for as long as it is there; the chosen one stays.
    let entry = Memo::new(move |_| {
        let last = rows.get() - 1;
        let entry = stepper.pointed.get().unwrap_or_else(|| stepper.chosen());
        // Among the symbols of the vocabulary the target is what matters, as long as no row is chosen.
        let of_target = |model: &Shared| line.with_value(|line| target_row(model, line, step.get()));
        let target = stepper.with_model(of_target).flatten();
        let is_chosen =
            stepper.pointed.with(Option::is_some) || stepper.state.with(|state| state.row.is_some());
        let row = target.filter(|_| !is_chosen).unwrap_or(entry.row);
        let entry = Entry { row: row.min(last), ..entry };
        let is_matrix = opened.with(|opened| opened.as_ref().is_some_and(|opened| opened.columns > 1));
        if is_matrix && stepper.pointed.get().is_none() && stepper.column.get().is_none() {
            // A column that says something: where the row of the gradient is largest.
            return opened.with(|opened| opened.as_ref().map_or(entry, |opened| opened.largest_in(entry)));
        }
        entry
    });
    let row_name = move || {
        let entry = entry.get();
        let base = stepper.with_model(|model| line.with_value(|line| words::row(&model.0, line, entry.row)));
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
    let editing = use_editing();
    let move_row = move |event: ev::KeyboardEvent| {
        let now = entry.get_untracked();
        let last = rows.get_untracked() - 1;
        let row = match event.key().as_str() {
            "ArrowDown" => (now.row + 1).min(last),
            "ArrowUp" => now.row.saturating_sub(1),
            "Enter" => {
                let of = |model: &Shared| {
                    line.with_value(|line| result_subject(model, line, step.get_untracked() - 1, now))
                };
                if let Some(subject) = untrack(|| stepper.with_model(of)).flatten() {
                    event.prevent_default();
                    editing.open(subject);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        stepper.pointed.set(None);
        stepper.choose(Entry { row, ..now });
    };
    let arrivals = move || opened.with(|opened| opened.as_ref().and_then(|opened| opened.sum.clone()));
    let distribution = line.with_value(|line| matches!(line.expr, Expr::Call(Function::Softmax, _)));
    let blocks = move || {
        let part = stepper.part.get();
        opened.get().map(|opened| {
            let full = opened.full();
            view! { <Blocks pieces=opened.shown(part) full step entry/> }
        })
    };
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
                    Part::Head => None,
                };
                latex::line(cell, &line.equation(), letters)
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
            <div
                class="open-rows"
                role="slider"
                tabindex="0"
                aria-label=say!(stepper.rows)
                aria-orientation="vertical"
                aria-valuemin="1"
                aria-valuemax=move || rows.get()
                aria-valuenow=move || entry.get().row + 1
                aria-valuetext=spoken_row
                data-testid="stepper-rows"
                on:keydown=move_row
            >
                {blocks}
            </div>
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
            {move || stepper.model.get().filter(|_| distribution).map(|model| view! { <Bars model step/> })}
        </div>
    }
}

/// What the chosen entry of the result is.
fn result_subject(model: &Shared, line: &Line, at: usize, entry: Entry) -> Option<Subject> {
    let label = match line.targets.as_slice() {
        [only] => only.clone(),
        several => Expr::Stack(several.to_vec()),
    };
    of_expr(&model.0, line.part, at, &label, entry)
}

/// The row of the target, where the rows are the symbols of the vocabulary.
fn target_row(model: &Shared, line: &Line, step: usize) -> Option<usize> {
    let is_symbols = line.part == Part::Head
        && line.name().is_some_and(|name| matches!(name.0.as_str(), "ŷ" | "dz_y" | "dW_ya" | "db_y"));
    model.0.sequence.labels.get(step.checked_sub(1)?).copied().filter(|_| is_symbols)
}

/// What a line adds, put together with what was there before it.
fn added_up(mut spelled: Vec<Token>, sum: Option<&Sum>, entry: Entry) -> Vec<Token> {
    let Some(sum) = sum.filter(|sum| !sum.sources.is_empty()) else { return spelled };
    let at =
        |values: &ndarray::Array2<f64>| values.get((entry.row, entry.column)).copied().unwrap_or(f64::NAN);
    let name = match spelled.as_slice() {
        // The line adds one number as it is, which need not stand there twice.
        [Token::Result(_, name)] => {
            let name = name.clone();
            spelled.clear();
            name
        }
        [.., Token::Result(_, name)] => {
            let name = name.clone();
            spelled.push(Token::Then);
            name
        }
        _ => return spelled,
    };
    spelled.extend([
        Token::Number(at(&sum.before), None),
        Token::Plus,
        Token::Number(at(&sum.added), None),
        Token::Equals,
        Token::Result(at(&sum.after), name),
    ]);
    spelled
}

/// What an opened equation is made of.
#[derive(Clone, Debug, PartialEq)]
struct Opened {
    pieces: Vec<Piece>,
    /// What is marked in them: it may change where no number does.
    edits: Edits,
    rows: usize,
    columns: usize,
    sum: Option<Sum>,
    /// A matrix that grows: what had arrived, what the line adds, what stands there then.
    growth: Option<[Block; 3]>,
}

impl Opened {
    /// From a row of blocks that ends with the result.
    fn of(pieces: Vec<Piece>, sum: Option<Sum>, growth: Option<[Block; 3]>) -> Opened {
        let (rows, columns) = match pieces.last() {
            Some(Piece::Block(block)) => block.values.dim(),
            _ => (1, 1),
        };
        Opened { pieces, edits: Edits::default(), rows, columns, sum, growth }
    }

    /// The row of blocks, with the one part of a growing matrix that is opened.
    fn shown(&self, part: Standing) -> Vec<Piece> {
        let chosen = self.growth.iter().flatten().find(|block| block.standing == part);
        match chosen {
            Some(block) if part != Standing::Added => vec![Piece::Block(block.clone())],
            _ => self.pieces.clone(),
        }
    }

    /// What can be saved as a table: the row's matrices, and the parts of one that grows.
    fn matrices(&self) -> impl Iterator<Item = &Block> {
        let row = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) if block.values.ncols() > 1 => Some(block),
            _ => None,
        });
        row.chain(self.growth.iter().flatten().filter(|block| block.standing != Standing::Added))
    }

    /// One scale for the three parts of a growing matrix, so that their colours can be compared.
    fn full(&self) -> Option<f64> {
        let parts = self.growth.as_ref()?;
        Some(scale_of(parts.iter().flat_map(|part| part.values.iter()), true))
    }

    fn largest_in(&self, entry: Entry) -> Entry {
        let Some(sum) = &self.sum else { return entry };
        let Some(row) = sum.added.rows().into_iter().nth(entry.row) else { return entry };
        let mut column = 0;
        for (place, value) in row.iter().enumerate() {
            if row.get(column).is_none_or(|most| value.abs() > most.abs()) {
                column = place;
            }
        }
        Entry { column, ..entry }
    }
}

fn pieces(model: &Shared, line: &Line, number: usize, at: usize) -> Option<Opened> {
    let numbers = model.0.at_line(line, at);
    let mut pieces = open(&line.targets, &line.expr, &numbers)?;
    let sum = if line.adds { sum(&model.0, Spot { step: at, line: number }) } else { None };
    if let Some(sum) = &sum {
        // The last block is what the line adds; it stands as such between what was there and what is there then.
        let added = pieces.pop();
        let target = result(&line.targets, sum.after.clone(), &line.expr, &numbers);
        let part = |values: &ndarray::Array2<f64>, standing| Block {
            values: values.clone(),
            standing,
            ..target.clone()
        };
        let is_matrix = target.values.ncols() > 1;
        if is_matrix && sum.sources.is_empty() {
            pieces.push(Piece::Block(part(&sum.after, Standing::After)));
            return Some(Opened::of(pieces, Some(sum.clone()), None));
        }
        if is_matrix {
            // Three matrices beside each other would fill the page: one is opened, the others are small pictures.
            let added = part(&sum.added, Standing::Added);
            pieces.push(Piece::Block(added.clone()));
            let growth =
                Some([part(&sum.before, Standing::Before), added, part(&sum.after, Standing::After)]);
            return Some(Opened::of(pieces, Some(sum.clone()), growth));
        }
        if pieces.len() <= 2 {
            // The right-hand side is one block, which need not be shown twice.
            pieces.pop();
        } else if let Some(Piece::Block(block)) = added {
            pieces.push(Piece::Block(Block { standing: Standing::Added, ..block }));
        }
        if !sum.sources.is_empty() {
            pieces.push(Piece::Sign(Sign::Plus));
            pieces.push(Piece::Block(part(&sum.before, Standing::Before)));
        }
        pieces.push(Piece::Sign(Sign::Equals));
        pieces.push(Piece::Block(Block { standing: Standing::After, ..target }));
    }
    matches!(pieces.last(), Some(Piece::Block(_))).then(|| Opened::of(pieces, sum, None))
}
