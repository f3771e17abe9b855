//! A cell's diagram, laid out from its equations.

use super::{svg, tenth};
use crate::engine::syntax::{Cell, Time};
use crate::view::diagram::{Label, PartKind, Rect, diagram as lay_out};
use crate::view::formula::{NoFacts, Notation, Spelling};
use crate::view::markup::{Element, Node, el, text};

/// The diagram with the parts and wires of some equations lit, counted from 0.
pub fn diagram(cell: &Cell, lit: &[usize]) -> Node {
    let drawn = lay_out(cell, &NoFacts);
    let mut parts: Vec<Element> = vec![rectangle(drawn.frame).class("cell-frame").attr("rx", 16)];
    for wire in &drawn.wires {
        let on = lit.iter().any(|equation| wire.is_lit(*equation));
        let role = wire.role.class();
        parts.push(
            el("g")
                .class(if on { "wire on" } else { "wire" })
                .child(el("path").class(format!("wire-line stroke-{role}")).attr("d", wire.path())),
        );
    }
    for dot in &drawn.junctions {
        let class = format!("dot fill-{}", dot.role.class());
        parts
            .push(el("circle").class(class).attr("cx", tenth(dot.x)).attr("cy", tenth(dot.y)).attr("r", 2.4));
    }
    for part in drawn.parts.iter().filter(|part| part.kind != PartKind::Edge) {
        let rect = part.rect;
        let (x, y) = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
        let on = if part.equation.is_some_and(|equation| lit.contains(&equation)) { " on" } else { "" };
        let (kind, shape) = match part.kind {
            PartKind::Operator => {
                let radius = rect.height.min(rect.width) / 2.0;
                let circle = el("circle").attr("cx", tenth(x)).attr("cy", tenth(y)).attr("r", tenth(radius));
                ("operator".to_owned(), circle)
            }
            kind => {
                let small = if kind == PartKind::Function { " small" } else { "" };
                let word = if part.is_word() { " word" } else { "" };
                (format!("box{small}{word} tone-{}", part.role.class()), rectangle(rect).attr("rx", 6))
            }
        };
        parts.push(
            el("g")
                .class(format!("shape {kind}{on}"))
                .maybe("data-symbol", part.symbol.as_ref().map(|symbol| symbol.name.0.clone()))
                .child(shape)
                .child(super::label(x, y + 5.0, part.sign.clone()).attr("text-anchor", "middle")),
        );
    }
    parts.extend(drawn.labels.iter().map(name));
    el("div")
        .class("fig-diagram")
        .child(svg(drawn.width, drawn.height, parts).attr("aria-hidden", "true"))
        .into()
}

fn rectangle(rect: Rect) -> Element {
    el("rect")
        .attr("x", tenth(rect.x))
        .attr("y", tenth(rect.y))
        .attr("width", tenth(rect.width))
        .attr("height", tenth(rect.height))
}

/// A symbol at the edge: its letter, its index below, its time above.
fn name(label: &Label) -> Element {
    let spelling = Spelling::of_value(&label.symbol.name, Notation::Notes, &NoFacts);
    let time = match label.symbol.time {
        Some(Time::Now) => "⟨t⟩",
        Some(Time::Previous) => "⟨t−1⟩",
        None => "",
    };
    let index =
        |class: &str, words: String, dy: i32| el("tspan").class(class).attr("dy", dy).child(text(words));
    let upright = if spelling.upright() { " upright" } else { "" };
    let mut element = el("text")
        .class(format!("drawing-label fill-{}{upright}", label.role.class()))
        .attr("x", tenth(label.x))
        .attr("y", tenth(label.y))
        .attr("text-anchor", label.anchor.svg())
        .attr("data-symbol", &label.symbol.name.0)
        .say(spelling.marked());
    if let Some(below) = spelling.subscript {
        element = element.child(index("index", below, 4)).child(index("index upright", time.to_owned(), -10));
    } else {
        element = element.child(index("index upright", time.to_owned(), -6));
    }
    element
}
