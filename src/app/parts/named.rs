//! Sentences in which names are set as in formulas: `Γ_f`, `dz_y`.

use leptos::{html, prelude::*};

use crate::app::patch::patch;
use crate::view::figures::parts::named;
use crate::view::markup::Node;

/// Words with their names set.
#[component]
pub fn Named(#[prop(into)] words: Signal<String>) -> impl IntoView {
    let place = NodeRef::<html::Span>::new();
    Effect::new(move |before: Option<Vec<Node>>| {
        let before = before.unwrap_or_default();
        let Some(place) = place.get() else { return before };
        let nodes = words.with(|words| named(words));
        patch(&place, &before, &nodes);
        nodes
    });
    view! { <span node_ref=place></span> }
}
