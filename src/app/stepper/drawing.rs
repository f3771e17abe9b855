//! The cell's drawing, with the parts and wires of the current equation lit; backward, the gradient walks them the
//! other way.

use leptos::{html, prelude::*};

use super::away::away;
use super::room::use_room;
use super::said::sentence;
use super::stages::{Stage, use_stages};
use super::state::{Shared, Stepper, use_stepper};
use super::words;
use crate::app::files::PictureTools;
use crate::app::language::{say, say_with};
use crate::app::parts::{Formula, Named};
use crate::engine::syntax::Cell;
use crate::view::diagram::{Diagram, Label, LabelKind, Part as Shape, PartKind, Wire, diagram};
use crate::view::formula::{Facts, NoFacts, Notation, Spelling, Typesetter, pieces};
use crate::view::role::Role;
use crate::view::stepper::lines::Line;
use crate::view::stepper::{Direction, Part};

/// What is lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lit {
    /// The cell's equation; none while the head's lines are walked.
    pub equation: Option<usize>,
    /// Which way the wires are walked.
    pub direction: Direction,
    /// Whether the head's lines are walked, which read what leaves the cell.
    pub is_head: bool,
}

/// The drawing.
#[component]
pub fn Drawing() -> impl IntoView {
    let stepper = use_stepper();
    // The layer that is walked; the head reads the top one.
    let layer = Memo::new(move |_| {
        let top =
            stepper.model.with(|model| model.as_ref().map_or(0, |model| model.0.model.layers.len() - 1));
        stepper.line().map_or(0, |(_, line)| match line.part {
            Part::Layer(layer) => layer,
            Part::Head => top,
        })
    });
    let lit = Memo::new(move |_| {
        let direction = stepper.position.get().direction;
        let equation = stepper.line().and_then(|(model, line)| equation(&model, &line, direction));
        Lit { equation, direction, is_head: equation.is_none() }
    });
    let cell = Memo::new(move |_| {
        stepper.model.with(|model| {
            let model = model.as_ref()?;
            model.0.model.layers.get(layer.get()).map(|layer| (layer.cell.clone(), model.0.facts))
        })
    });
    let name = move || {
        let step = stepper.position.get().step;
        let letters = stepper.typesetter(step);
        let equation = stepper.line().map(|(_, line)| words::line(&line, letters)).unwrap_or_default();
        say_with!(stepper.diagram; "step" => step, "equation" => equation)
    };
    let is_due = use_stages().reached(Stage::Drawing);
    let laid = Memo::new(move |_| {
        let (cell, facts) = if is_due.get() { cell.get()? } else { return None };
        Some(diagram(&cell, facts.map_or(&NoFacts as &dyn Facts, |facts| facts)))
    });
    let formulas = Signal::derive(move || {
        // Of no step: what is saved is the cell's own text, in the letters that the drawing has.
        let letters = Typesetter { step: None, ..stepper.typesetter(1) };
        let lines = |cell: &Cell| cell.equations.iter().map(|one| pieces(&letters.equation(one))).collect();
        cell.with(|cell| cell.as_ref().map(|(cell, _)| lines(cell)).unwrap_or_default())
    });
    let picture = move || laid.get().map(|diagram| view! { <Picture diagram lit/> });
    let place = NodeRef::<html::Div>::new();
    fit_in(place, laid);
    let is_away = away(place);
    // Where the page is narrow the drawing stands above the equations: once it is out of view, a small one takes its
    // place at the top of the window, with the equation that is lit in it. It repeats what is said elsewhere.
    let small = move || {
        is_away.get().then(|| {
            let said = sentence(stepper);
            let formula = move || {
                let letters = stepper.typesetter(stepper.position.get().step);
                let node = letters.backward(&stepper.line()?.1.equation());
                Some(view! { <Formula node=Signal::stored(node)/> })
            };
            view! {
                <div class="small-drawing" aria-hidden="true" data-testid="stepper-small-diagram">
                    {picture}
                    <div class="small-text">
                        {formula}
                        <p><Named words=Signal::derive(move || said.get().unwrap_or_default())/></p>
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="drawing" role="img" aria-label=name data-testid="stepper-diagram" node_ref=place>{picture}</div>
        <PictureTools place name=say!(files.diagram_name) formulas testid="stepper-diagram"/>
        {small}
    }
}

/// Says to the style sheet how high a presented drawing stands, and how large its letters have to be for the back row.
fn fit_in(place: NodeRef<html::Div>, laid: Memo<Option<Diagram>>) {
    let room = use_room();
    Effect::new(move |_| {
        let Some(place) = place.get() else { return };
        let size = laid.with(|laid| laid.as_ref().map(|diagram| (diagram.width, diagram.height)));
        let fitted = size.and_then(|size| room.get().drawing(size));
        let style = web_sys::HtmlElement::style(&place);
        for (name, pixels) in
            [("--tall", fitted.map(|fitted| fitted.0)), ("--letters", fitted.map(|fitted| fitted.1))]
        {
            let _ = match pixels {
                Some(pixels) => style.set_property(name, &format!("{pixels:.1}px")),
                None => style.remove_property(name).map(drop),
            };
        }
    });
}

/// The cell's equation that a line belongs to: backward lines know the line of the text they are derived from.
fn equation(model: &Shared, line: &Line, direction: Direction) -> Option<usize> {
    let Part::Layer(layer) = line.part else { return None };
    match direction {
        Direction::Forward => Some(line.of),
        Direction::Backward => {
            let line = model.0.lines.text_line(direction, line)?;
            let cell = &model.0.model.layers.get(layer)?.cell;
            cell.equations.iter().position(|equation| equation.line == line)
        }
    }
}

#[component]
fn Picture(diagram: Diagram, lit: Memo<Lit>) -> impl IntoView {
    let stepper = use_stepper();
    let step = Memo::new(move |_| stepper.position.get().step);
    let write = move |label: &Label| {
        text(label, stepper.typesetter(step.get()), &input(stepper, label, step.get())).into_any()
    };
    picture(&diagram, lit, write)
}

/// A drawing whose labels are written anew whenever what they read changes.
pub fn picture<F>(diagram: &Diagram, lit: Memo<Lit>, write: F) -> impl IntoView + use<F>
where
    F: Fn(&Label) -> AnyView + Clone + Send + 'static,
{
    let frame = diagram.frame;
    let outward =
        diagram.labels.iter().find(|label| label.kind == LabelKind::Output).map(|label| label.symbol.clone());
    let wires = diagram
        .wires
        .iter()
        .map(|wire| {
            let to_edge = diagram.parts.get(wire.to).is_some_and(|part| part.kind == PartKind::Edge);
            let leaves = to_edge && wire.symbol == outward;
            view! { <WireView wire=wire.clone() leaves lit/> }
        })
        .collect_view();
    let junctions = diagram
        .junctions
        .iter()
        .map(|dot| view! { <circle class=format!("dot fill-{}", dot.role.class()) cx=dot.x cy=dot.y r="2.4"></circle> })
        .collect_view();
    let shapes = diagram.parts.iter().map(|part| shape(part, lit)).collect_view();
    let labels = diagram
        .labels
        .iter()
        .map(|label| {
            let (label, write) = (label.clone(), write.clone());
            view! { <g>{move || write(&label)}</g> }
        })
        .collect_view();
    view! {
        <svg viewBox=format!("0 0 {} {}", diagram.width, diagram.height) aria-hidden="true">
            <rect class="cell-frame" x=frame.x y=frame.y width=frame.width height=frame.height rx="16"></rect>
            {wires}
            {junctions}
            {shapes}
            {labels}
        </svg>
    }
}

/// What the input's label adds: ` = “c”`, or ` ≠ “c”` where a number of it was changed.
fn input(stepper: Stepper, label: &Label, step: usize) -> String {
    if label.kind != LabelKind::Input {
        return String::new();
    }
    stepper.model.with(|model| {
        let Some(model) = model else { return String::new() };
        // Above the first layer the input is a state, not a symbol.
        match stepper.line().map(|(_, line)| line.part) {
            Some(Part::Layer(layer)) if layer > 0 => String::new(),
            _ => {
                let input = model.0.sequence.input(step - 1).map_or_else(|| "0".to_owned(), words::quoted);
                let sign = if model.0.is_input_changed(step - 1) { "≠" } else { "=" };
                format!(" {sign} {input}")
            }
        }
    })
}

#[component]
fn WireView(wire: Wire, leaves: bool, lit: Memo<Lit>) -> impl IntoView {
    let role = wire.role.class();
    let (forward, backward) = (wire.path(), wire.path_backward());
    let arrows = (arrow(&wire.points, false), arrow(&wire.points, true));
    let is_lit = Memo::new(move |_| match lit.get().equation {
        Some(equation) => wire.is_lit(equation),
        None => leaves && lit.get().is_head,
    });
    let is_backward = Memo::new(move |_| lit.get().direction == Direction::Backward);
    view! {
        <g class="wire" class:on=is_lit>
            <path
                class=format!("wire-line stroke-{role}")
                d=move || if is_backward.get() { backward.clone() } else { forward.clone() }
            ></path>
            <path
                class=format!("wire-arrow fill-{role}")
                d=move || if is_backward.get() { arrows.1.clone() } else { arrows.0.clone() }
            ></path>
        </g>
    }
}

/// A small arrow in the middle of a wire's longest stretch.
fn arrow(points: &[(f64, f64)], is_backward: bool) -> String {
    let length = |pair: &[(f64, f64)]| match pair {
        [from, to] => (to.0 - from.0).abs() + (to.1 - from.1).abs(),
        _ => 0.0,
    };
    let longest = points.windows(2).max_by(|one, other| length(one).total_cmp(&length(other)));
    let Some(&[from, to]) = longest else { return String::new() };
    let length = length(&[from, to]);
    if length <= 12.0 {
        return String::new();
    }
    let sign = if is_backward { -1.0 } else { 1.0 };
    let (dx, dy) = (sign * (to.0 - from.0) / length, sign * (to.1 - from.1) / length);
    let (x, y) = ((from.0 + to.0) / 2.0 + 4.0 * dx, (from.1 + to.1) / 2.0 + 4.0 * dy);
    let (back_x, back_y) = (x - 8.0 * dx, y - 8.0 * dy);
    format!(
        "M{x:.1} {y:.1}L{:.1} {:.1}L{:.1} {:.1}z",
        back_x - 4.5 * dy,
        back_y + 4.5 * dx,
        back_x + 4.5 * dy,
        back_y - 4.5 * dx
    )
}

fn shape(part: &Shape, lit: Memo<Lit>) -> AnyView {
    let equation = part.equation;
    let is_lit = Memo::new(move |_| equation.is_some() && lit.get().equation == equation);
    let role = part.role.class();
    let rect = part.rect;
    let (x, y) = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
    let (before, index, after) = part.sign_around_index();
    let after = (!index.is_empty())
        .then(|| view! { <tspan class="index" dy="3">{index.to_owned()}</tspan><tspan dy="-3">{after.to_owned()}</tspan> });
    let sign = view! { {before.to_owned()} {after} };
    match part.kind {
        PartKind::Edge => ().into_any(),
        PartKind::Product | PartKind::Function => {
            let small = part.kind == PartKind::Function;
            // Larger letters than its room is made for are for short signs.
            let long = part.sign.chars().count() > 4;
            view! {
                <g class=format!("shape box tone-{role}") class:on=is_lit class:small=small class:long=long class:word=part.is_word()>
                    <rect x=rect.x y=rect.y width=rect.width height=rect.height rx="6"></rect>
                    <text x=x y=y + 4.5 text-anchor="middle">{sign}</text>
                </g>
            }
            .into_any()
        }
        PartKind::Operator => view! {
            <g class="shape operator" class:on=is_lit>
                <circle cx=x cy=y r=rect.height.min(rect.width) / 2.0></circle>
                <text x=x y=y + 5.0 text-anchor="middle">{sign}</text>
            </g>
        }
        .into_any(),
    }
}

/// A name with its index below and its step above, as in a formula; in the other notations the step stands below too.
pub fn text(label: &Label, letters: Typesetter<'_>, more: &str) -> impl IntoView + use<> {
    let spelling = Spelling::of_value(&label.symbol.name, letters.notation, letters.facts);
    let (letter, is_upright) = (spelling.marked(), spelling.upright());
    let time = label.symbol.time.filter(|_| label.kind != LabelKind::Inner).map(|time| letters.time(time));
    let index = spelling.subscript.unwrap_or_default();
    let (below, time) = match (letters.notation, time) {
        (_, None) => (index, String::new()),
        (Notation::Notes, Some(time)) => (index, format!("⟨{time}⟩")),
        (_, Some(time)) if index.is_empty() => (time, String::new()),
        (_, Some(time)) => (format!("{index},{time}"), String::new()),
    };
    // What follows an index goes back to the base line of the letter.
    let (down, up) = (if below.is_empty() { 0.0 } else { 4.0 }, if time.is_empty() { 0.0 } else { -6.0 });
    let back = if time.is_empty() { -down } else { -up };
    let role = if label.role == Role::Neutral { "v" } else { label.role.class() };
    view! {
        <text class=format!("drawing-label fill-{role}") class:upright=is_upright x=label.x y=label.y text-anchor=label.anchor.svg()>
            {letter}
            {(!below.is_empty()).then(|| view! { <tspan class="index" dy=down>{below}</tspan> })}
            {(!time.is_empty()).then(|| view! { <tspan class="index upright" dy=up - down>{time}</tspan> })}
            {(!more.is_empty()).then(|| view! { <tspan class="upright" dy=back>{more.to_owned()}</tspan> })}
        </text>
    }
}
