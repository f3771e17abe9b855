//! Brings elements from one drawing to the next. What is the same at its place stays the same element, so that the
//! focus, a caret and a finger on a slider stay where they are.
//!
//! An attribute called `style:width` is a property of the element's style: the page's policy refuses a style that is
//! written as text.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node as Dom};

use crate::app::browser::document;
use crate::view::markup::{self, Node};

const HTML: &str = "http://www.w3.org/1999/xhtml";
const SVG: &str = "http://www.w3.org/2000/svg";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// Changes the children of `parent`, which were drawn from `old`, to what `new` says.
pub fn patch(parent: &Dom, old: &[Node], new: &[Node]) {
    children(parent, old, new, HTML);
}

fn children(parent: &Dom, old: &[Node], new: &[Node], space: &'static str) {
    let mut place = parent.first_child();
    for (i, node) in new.iter().enumerate() {
        let Some(child) = place.take() else {
            append(parent, node, space);
            continue;
        };
        place = child.next_sibling();
        match old.get(i) {
            Some(before) if before == node => {}
            Some(before) => update(parent, &child, before, node, space),
            None => replace(parent, &child, node, space),
        }
    }
    while let Some(surplus) = place {
        place = surplus.next_sibling();
        // It is a child of this parent, so it can be removed.
        let _ = parent.remove_child(&surplus);
    }
}

fn update(parent: &Dom, child: &Dom, before: &Node, node: &Node, space: &'static str) {
    match (before, node) {
        (Node::Text(_), Node::Text(words)) => child.set_text_content(Some(words)),
        (Node::Element(before), Node::Element(element)) if is_same(before, element) => {
            let Some(dom) = child.dyn_ref::<Element>() else { return };
            for (name, _) in &before.attributes {
                if element.attribute(name).is_none() {
                    let _ = dom.remove_attribute(name);
                }
            }
            for (name, value) in &element.attributes {
                if before.attribute(name) != Some(value) {
                    set(dom, name, value);
                }
            }
            children(dom, &before.children, &element.children, space_of(element.tag, space));
        }
        _ => replace(parent, child, node, space),
    }
}

fn set(element: &Element, name: &str, value: &str) {
    // No name in a drawing is one that a browser refuses.
    let _ = match (name.strip_prefix("style:"), element.dyn_ref::<HtmlElement>()) {
        (Some(property), Some(element)) => element.style().set_property(property, value),
        _ => element.set_attribute(name, value),
    };
}

/// Whether one element can become the other: a control of another setting is another control.
fn is_same(before: &markup::Element, element: &markup::Element) -> bool {
    let keys = ["type", "data-control", "data-press", "data-do", "data-drag"];
    before.tag == element.tag && keys.iter().all(|key| before.attribute(key) == element.attribute(key))
}

fn replace(parent: &Dom, child: &Dom, node: &Node, space: &'static str) {
    if let Some(made) = make(node, space) {
        let _ = parent.replace_child(&made, child);
    }
}

fn append(parent: &Dom, node: &Node, space: &'static str) {
    if let Some(made) = make(node, space) {
        let _ = parent.append_child(&made);
    }
}

fn make(node: &Node, space: &'static str) -> Option<Dom> {
    match node {
        Node::Text(words) => Some(document().create_text_node(words).into()),
        Node::Element(element) => {
            let space = space_of(element.tag, space);
            let dom = document().create_element_ns(Some(space), element.tag).ok()?;
            for (name, value) in &element.attributes {
                set(&dom, name, value);
            }
            for child in element.children.iter() {
                append(&dom, child, space);
            }
            Some(dom.into())
        }
    }
}

fn space_of(tag: &str, around: &'static str) -> &'static str {
    match tag {
        "svg" => SVG,
        "math" => MATHML,
        _ => around,
    }
}
