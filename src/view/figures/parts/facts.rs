//! A few numbers that belong together, each under its name.

use crate::view::markup::{Node, el};

/// Names and numbers. They are said by the drawing's table or sentence as well.
pub fn facts(all: impl IntoIterator<Item = (String, String)>) -> Node {
    let entries = all.into_iter().map(|(name, number)| {
        el("div").child(el("dt").children(super::named(&name))).child(el("dd").class("num").say(number))
    });
    el("dl").class("fig-facts").children(entries).into()
}
