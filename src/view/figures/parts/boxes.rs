//! A sequence as a row of boxes, one a step.

use crate::view::markup::{Node, el};

/// A box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Box {
    /// What stands in it.
    pub inside: String,
    /// What stands above it; empty: nothing.
    pub above: String,
    /// What stands below it; empty: nothing.
    pub below: String,
    /// The class of the role of that, where it is another one.
    pub below_class: &'static str,
    /// The same in words, for screen readers.
    pub name: String,
    /// The class of its role (`x`, `y`, …), and what else a style sheet knows (`special`, `off`).
    pub class: &'static str,
    /// The symbol that it stands for; empty: none.
    pub symbol: &'static str,
    /// What pressing it sets, where that is not its place.
    pub sets: Option<String>,
}

/// The boxes. With a setting's name one of them is chosen, by pointing, pressing or the arrow keys; places count from 1.
pub fn boxes(all: Vec<Box>, setting: Option<(&str, usize)>, name: &str) -> Node {
    let chosen = setting.map(|(_, chosen)| chosen);
    let entries = all.into_iter().enumerate().map(|(i, one)| {
        let is_on = chosen == Some(i + 1);
        let inside = el("span").class("fig-in").attr("aria-hidden", "true").say(&one.inside);
        let named = |class: &str, words: &str| {
            (!words.is_empty())
                .then(|| el("span").class(class).attr("aria-hidden", "true").children(raised(words)))
        };
        let below_class = format!("fig-below {}", one.below_class);
        let parts = [named("fig-above", &one.above), Some(inside), named(&below_class, &one.below)];
        let class = format!("fig-box {}{}", one.class, if is_on { " on" } else { "" });
        let symbol = (!one.symbol.is_empty()).then_some(one.symbol);
        match setting {
            Some((setting, chosen)) => el("button")
                .attr("type", "button")
                .class(class)
                .attr("role", "radio")
                .attr("aria-checked", is_on)
                .attr("aria-label", &one.name)
                .attr("tabindex", if is_on || (chosen == 0 && i == 0) { "0" } else { "-1" })
                .attr("data-set", one.sets.unwrap_or_else(|| format!("{setting}={}", i + 1)))
                .attr("data-point", "")
                .maybe("data-symbol", symbol),
            None => el("span").class(class).maybe("data-symbol", symbol),
        }
        .children(parts.into_iter().flatten())
    });
    let row = el("div").class("fig-boxes");
    match setting {
        Some(_) => row.attr("role", "radiogroup").attr("aria-label", name).attr("data-arrows", ""),
        None => row.attr("aria-hidden", "true"),
    }
    .children(entries)
    .into()
}

/// `x⟨3⟩` and `x(2)⟨4⟩` with the letter slanted and what is in brackets raised; other words as they are.
pub(super) fn raised(words: &str) -> Vec<Node> {
    match words.find(['(', '⟨']).filter(|at| (1..4).contains(at)) {
        Some(at) => {
            let end = words.find('⟩').map_or(words.len(), |end| end + '⟩'.len_utf8()).max(at);
            let rest = words.get(end..).filter(|rest| !rest.is_empty());
            let named = [
                el("i").say(words.get(..at).unwrap_or_default()).into(),
                el("sup").say(words.get(at..end).unwrap_or_default()).into(),
            ];
            named.into_iter().chain(rest.map(|rest| Node::Text(rest.to_owned()))).collect()
        }
        None => vec![Node::Text(words.to_owned())],
    }
}
