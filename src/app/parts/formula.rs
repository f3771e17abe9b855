//! Formulas from `view::formula`, as MathML elements.

use leptos::{html, prelude::*};

use crate::view::formula::{Content, Node};

const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// The elements of a formula, made one by one: nothing goes through text.
pub fn element_of(node: &Node) -> Option<web_sys::Element> {
    let element = document().create_element_ns(Some(MATHML), node.tag.name()).ok()?;
    if !node.classes.is_empty() {
        element.set_attribute("class", &node.classes.join(" ")).ok()?;
    }
    for (name, value) in &node.attributes {
        element.set_attribute(name, value).ok()?;
    }
    match &node.content {
        Content::Text(text) => element.set_text_content(Some(text)),
        Content::Children(children) => {
            for child in children.iter().filter_map(element_of) {
                element.append_child(&child).ok()?;
            }
        }
    }
    Some(element)
}

/// A formula that follows its signal.
#[component]
pub fn Formula(
    /// The tree, a `math` element at its root.
    #[prop(into)]
    node: Signal<Node>,
) -> impl IntoView {
    let place = NodeRef::<html::Span>::new();
    Effect::new(move |_| {
        if let (Some(place), Some(element)) = (place.get(), node.with(element_of)) {
            place.replace_children_with_node_1(&element);
        }
    });
    view! { <span class="formula" node_ref=place></span> }
}
