//! What stands below a figure: its numbers as a table, what leads to it and from it, what can be saved.

use super::frame::Around;
use super::parts::named;
use super::{Opens, Table, Words};
use crate::view::link;
use crate::view::markup::{Element, Node, el};

/// The numbers of the drawing, made only while they are open.
pub(super) fn table(table: &Table, is_open: bool, words: &Words) -> Element {
    // A file has the names as the cell language writes them.
    let head = |cell: &String, scope: &str| {
        let nodes = named(cell);
        let has_names = nodes.iter().any(|node| matches!(node, Node::Element(_)));
        el("th").attr("scope", scope).maybe("data-text", has_names.then_some(cell)).children(nodes)
    };
    let rows = table.rows.iter().map(|cells| {
        el("tr").children(
            cells.iter().enumerate().map(
                |(i, cell)| {
                    if i == 0 { head(cell, "row") } else { el("td").say(cell.clone()) }
                },
            ),
        )
    });
    let details = el("details")
        .class("chart-table")
        .attr("data-table", "")
        .child(el("summary").say(words.plain("table")));
    if !is_open {
        return details;
    }
    details.child(el("div").class("fig-save").child(save(words, "csv"))).child(
        el("div")
            .class("scroller")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", words.plain("table"))
            .child(
                el("table")
                    .child(
                        el("thead")
                            .child(el("tr").children(table.heads.iter().map(|cell| head(cell, "col")))),
                    )
                    .child(el("tbody").children(rows)),
            ),
    )
}

/// Saves the drawing as it stands, or its table.
fn save(words: &Words, kind: &str) -> Element {
    el("button")
        .attr("type", "button")
        .class("ghost small")
        .attr("data-do", format!("save-{kind}"))
        .attr("aria-label", words.plain(&format!("save-{kind}")))
        .say(kind.to_uppercase())
}

/// The link to the figure, the text that embeds it, and the drawing as a picture.
pub(super) fn share(words: &Words, around: &Around) -> Element {
    let field = |word: &str, value: &str, does: &str| {
        el("label")
            .child(el("span").class("fig-label").say(words.plain(word)))
            .child(el("textarea").class("fig-copy").attr("readonly", "").attr("rows", 2).say(value))
            .child(
                el("button")
                    .attr("type", "button")
                    .class("ghost small")
                    .attr("data-do", does)
                    .say(words.plain("copy")),
            )
    };
    el("details")
        .class("chart-table fig-share")
        .child(el("summary").say(words.plain("share")))
        .child(field("share-link", &around.link, "copy-link"))
        .child(field("share-embed", &around.embed, "copy-embed"))
        .child(
            el("div")
                .class("fig-save")
                .child(el("span").class("fig-label").say(words.plain("save")))
                .child(save(words, "svg"))
                .child(save(words, "png")),
        )
}

/// The way to the page where more can be done with what is shown.
pub(super) fn open(opens: Option<Opens>, words: &Words, around: &Around) -> Element {
    let (page, shared, key) = match opens {
        Some(Opens::Stepper(shared)) => (&around.stepper, shared, "open-stepper"),
        Some(Opens::Lab(shared)) => (&around.lab, shared, "open-lab"),
        None => return el("span"),
    };
    let link = link::write(&shared);
    el("a")
        .class("fig-open")
        .attr("href", format!("{page}{}{}", link.query, link.fragment))
        .say(words.plain(key))
}
