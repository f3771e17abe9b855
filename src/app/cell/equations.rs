//! What follows from the text: its drawing, its formulas, and the backward equations that are derived from it.

use leptos::{html, prelude::*};

use super::keep::OwnCell;
use super::present::Shown;
use super::reading::{Known, Reading};
use crate::app::browser::{LETTERS_KEY, remember};
use crate::app::files::{Code, PictureTools, Written};
use crate::app::language::{say, say_with};
use crate::app::parts::{Formula, Segment, Segmented};
use crate::app::stepper::drawing::{Lit, picture, text};
use crate::app::stepper::words;
use crate::engine::BackwardEquation;
use crate::engine::derive::{Derived, backward};
use crate::engine::syntax::{Cell, Expr, Symbol};
use crate::formats::latex::{self, Letters};
use crate::formats::parcel::Export;
use crate::view::diagram::{Label, diagram};
use crate::view::formula::{Facts, NoFacts, Notation, Piece, pieces};
use crate::view::role::Role;
use crate::view::stepper::differences::differences_of;

/// The diagram; what the caret's line computes is lit.
#[component]
pub fn Drawing(own: OwnCell, reading: Reading, shown: Shown) -> impl IntoView {
    let lit = Memo::new(move |_| {
        let line = shown.line.get();
        let equation = reading
            .last
            .with(|last| last.as_ref()?.cell.equations.iter().position(|equation| equation.line == line));
        Lit { equation, direction: shown.direction.get(), is_head: false }
    });
    let drawing = move || {
        let known = reading.last.get()?;
        let facts = known.facts.map_or(&NoFacts as &dyn Facts, |facts| facts);
        let laid = diagram(&known.cell, facts);
        let name = say_with!(cell.drawing_name; "states" => known.cell.states.iter().map(|s| s.0.as_str()).collect::<Vec<_>>().join(", "),
            "equations" => known.cell.equations.len());
        let write = move |label: &Label| text(label, known.letters(own.notation.get()), "").into_any();
        Some(
            view! { <div class="drawing" role="img" aria-label=name data-testid="cell-diagram">{picture(&laid, lit, write)}</div> },
        )
    };
    let place = NodeRef::<html::Div>::new();
    let formulas = Signal::derive(move || {
        let notation = own.notation.get();
        let lines = |known: &Known| -> Vec<Vec<Piece>> {
            let letters = known.letters(notation);
            known.cell.equations.iter().map(|one| pieces(&letters.equation(one))).collect()
        };
        reading.last.with(|last| last.as_ref().map(lines).unwrap_or_default())
    });
    view! {
        <div class:stale=reading.is_wrong node_ref=place>{drawing}</div>
        <PictureTools place name=say!(files.diagram_name) formulas testid="cell-diagram"/>
        <p class="muted" hidden=move || !reading.is_wrong.get() data-testid="cell-stale">{say!(cell.stale)}</p>
    }
}

/// Forward and backward, in the letters that the reader chooses.
#[component]
pub fn Formulas(own: OwnCell, reading: Reading, shown: Shown) -> impl IntoView {
    let value = Signal::derive(move || own.notation.get().id().to_owned());
    let options = Notation::ALL.map(|notation| Segment::new(notation.id(), words::library(notation)));
    let choose = Callback::new(move |chosen: String| {
        let notation = Notation::from_id(&chosen);
        remember(LETTERS_KEY, notation.id());
        own.notation.set(notation);
    });
    let note = move || match own.notation.get() {
        Notation::Notes => None,
        notation => {
            let sentences = reading.last.with(|last| differing(last.as_ref()?, notation))?;
            Some(
                sentences
                    .into_iter()
                    .map(|sentence| view! { <p class="differs" data-testid="cell-differs">{sentence}</p> })
                    .collect_view(),
            )
        }
    };
    let written = RwSignal::new(None);
    let latex = |testid: &'static str, write: fn(&Cell, Letters) -> String| {
        let take = move |_| {
            let letters = Letters::from_id(own.notation.get_untracked().id());
            let text =
                reading.last.with_untracked(|last| last.as_ref().map(|known| write(&known.cell, letters)));
            written.set(text.map(|text| Written {
                what: Export::Latex,
                name: "equations.tex".to_owned(),
                text,
            }));
        };
        view! {
            <button class="matrix-csv" type="button" title=say!(files.lines_latex) data-testid=testid on:click=take>"LaTeX"</button>
        }
    };
    let forward = move || reading.last.get().map(|known| forward(&known, own.notation.get(), shown));
    let back = move || reading.last.get().map(|known| backwards(&known, own.notation.get(), shown));
    view! {
        <section class="card cell-formulas" aria-labelledby="cell-formulas" class:stale=reading.is_wrong data-testid="cell-formulas">
            <div class="row wrap">
                <h2 id="cell-formulas" class="grow">{say!(cell.formulas)}</h2>
                <div data-part="notation">
                    <Segmented label=say!(stepper.notation) options=options.to_vec() value on_change=choose testid="cell-notation"/>
                </div>
            </div>
            {note}
            <div class="cell-two">
                <div class="cell-forward">
                    <div class="row"><h3 class="grow">{say!(cell.forward)}</h3>{latex("cell-latex-forward", latex::forward)}</div>
                    {forward}
                </div>
                <div class="cell-backward" data-part="direction">
                    <div class="row"><h3 class="grow">{say!(cell.backward)}</h3>{latex("cell-latex-backward", latex::backward)}</div>
                    <p class="muted cell-small">{say!(cell.backward_lead)}</p>
                    {back}
                </div>
            </div>
            <Code written testid="cell-latex"/>
        </section>
    }
}

/// What differs in substance there, of a cell that they have as well; of another one, that they have none like it.
fn differing(known: &Known, notation: Notation) -> Option<Vec<String>> {
    let Some(facts) = known.facts.filter(|facts| !facts.is_kin) else {
        return Some(vec![say_with!(cell.no_such_cell; "library" => words::library(notation))]);
    };
    let found = differences_of(&known.cell, facts, notation);
    Some(found.iter().map(|difference| words::difference(difference, notation)).collect())
}

fn forward(known: &Known, notation: Notation, shown: Shown) -> impl IntoView + use<> {
    let letters = known.letters(notation);
    let items = known.cell.equations.iter().map(|equation| {
        let place = equation.line;
        let spoken = {
            let line = BackwardEquation {
                targets: vec![crate::engine::derive::now(&equation.target.name)],
                adds: false,
                expr: equation.expr.clone(),
                of: 0,
            };
            words::equation(&line, letters)
        };
        view! {
            <li class=format!("role-{}", role(known, &equation.target.name)) class:now=move || shown.line.get() == place>
                <span class="cell-number" aria-hidden="true">{place + 1}</span>
                <span class="sr-only">{spoken}</span>
                <span class="cell-formula" aria-hidden="true" data-testid=format!("cell-formula-{}", place + 1)>
                    <Formula node=Signal::stored(letters.equation(equation))/>
                </span>
            </li>
        }
    });
    view! { <ol class="cell-list" tabindex="0" aria-label=say!(cell.forward) data-testid="cell-forward">{items.collect_view()}</ol> }
}

fn backwards(known: &Known, notation: Notation, shown: Shown) -> impl IntoView + use<> {
    let letters = known.letters(notation);
    let Derived { forward, equations } = backward(&known.cell);
    let mut before = None;
    let items = equations.iter().map(|equation| {
        // Lines that come from one line of the text belong together.
        let line = forward.get(equation.of).map(|equation| equation.line);
        let earlier = before.replace(line);
        let begins = earlier.is_some_and(|earlier| earlier != line);
        let number = line.filter(|_| earlier != Some(line)).map(|line| line + 1);
        let target = match equation.targets.first() {
            Some(Expr::Value(name, _) | Expr::Parameter(name)) => role(known, name),
            _ => "v",
        };
        view! {
            <li class=format!("role-{target}") class:begins=begins class:now=move || line == Some(shown.line.get())>
                <span class="cell-number" aria-hidden="true">{number}</span>
                <span class="sr-only">{words::equation(equation, letters)}</span>
                <span class="cell-formula" aria-hidden="true"><Formula node=Signal::stored(letters.backward(equation))/></span>
            </li>
        }
    });
    view! { <ol class="cell-list" tabindex="0" aria-label=say!(cell.backward) data-testid="cell-backward">{items.collect_view()}</ol> }
}

/// The role whose colour marks a line.
fn role(known: &Known, name: &Symbol) -> &'static str {
    let parameter = |cell: &Cell| {
        cell.parameters.iter().any(|parameter| parameter.name == *name || parameter.name.gradient() == *name)
    };
    if parameter(&known.cell) {
        return "w";
    }
    match known.facts.and_then(|facts| Facts::role(facts, name)).unwrap_or_else(|| Role::of(name)) {
        Role::Neutral | Role::Intermediate => "v",
        role => role.class(),
    }
}
