//! What stands around every figure's drawing: its controls, its sentence, its table, the links to it and from it.
//!
//! Elements carry their meaning in attributes that `app::figures` listens to: `data-control` (a form control for a
//! setting), `data-press` (a button of the figure), `data-set`, `data-do` (`reset`, `train`, `stop`, `copy-link`,
//! `copy-embed`, `print`, `save-svg`, `save-png`, `save-csv`). Values of form controls are not attributes: the page sets them, except where
//! one is being typed.

use super::control::{control, training};
use super::foot::{open, share, table};
use super::job::Standing;
use super::parts::{named, paragraph};
use super::setting::{Setting, Values};
use super::{Drawing, Figure, Numbers, Opens, Words, letters, numbers};
use crate::view::formula::Notation;
use crate::view::markup::{Element, Node, el};

/// What the frame knows besides the figure's drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Around {
    /// The figure's id in the page, for the names of its radio buttons.
    pub id: String,
    /// What the reader has typed that is not a value, by setting.
    pub refused: Values,
    /// Whether the table is open; only then it is made.
    pub table_is_open: bool,
    /// Whether the network's numbers are open; only then they are made.
    pub numbers_are_open: bool,
    /// Whether anything differs from what the chapter says.
    pub is_changed: bool,
    /// How its job stands; none: it has none.
    pub job: Option<Standing>,
    /// Updates of the job.
    pub job_steps: u32,
    /// Addresses of Stepper and Lab, without query.
    pub stepper: String,
    /// See `stepper`.
    pub lab: String,
    /// Of a figure that stands alone in a frame: its place in the book.
    pub chapter: Option<String>,
    /// The link to the figure.
    pub link: String,
    /// The text that puts the figure into another page.
    pub embed: String,
}

/// What a figure shows under some values.
#[derive(Clone, Debug)]
pub struct Content {
    above: Vec<Node>,
    drawing: Drawing,
    numbers: Option<Numbers>,
    opens: Option<Opens>,
    /// The cell that it speaks of, where it can be shown in other letters, and whether it shows its sums.
    letters_of: Option<(&'static str, bool)>,
}

impl Content {
    /// Has a figure draw itself.
    pub fn of(figure: &dyn Figure, now: &Values, words: &Words) -> Content {
        let mut opens = figure.opens(now);
        if let Some(Opens::Stepper(shared)) = &mut opens {
            shared.stepper.notation = letters::notation(now);
        }
        Content {
            above: figure.above(now, words),
            drawing: figure.draw(now, words),
            numbers: figure.numbers(now),
            opens,
            letters_of: figure.letters_of(now).map(|cell| (cell, figure.shows_sums(now))),
        }
    }
}

/// Everything that stands in a figure, its caption left out.
pub fn frame(
    settings: &[Setting],
    now: &Values,
    content: Content,
    words: &Words,
    around: &Around,
) -> Vec<Node> {
    let Content { above, drawing, numbers: network, opens, letters_of } = content;
    let has_text = settings.iter().any(|setting| setting.name == "text");
    let (of_letters, settings): (Vec<&Setting>, Vec<&Setting>) =
        settings.iter().partition(|setting| setting.name == letters::LETTERS);
    let mut controls: Vec<Element> =
        settings.into_iter().filter_map(|setting| control(setting, now, words, around)).collect();
    controls.extend(around.job.as_ref().map(|standing| training(standing, around.job_steps, words)));
    // The text is all that a training needs: without a job there is too little of it.
    if around.job.is_none() && has_text && words.has("text-needed") {
        controls.push(el("p").class("muted").say(words.plain("text-needed")));
    }
    let has_table = !drawing.table.rows.is_empty();
    // A running job says the same again and again: it is not read out.
    let is_running = matches!(around.job, Some(Standing::Running(_)));
    let says = el("p").class("fig-says").attr("aria-live", if is_running { "off" } else { "polite" });
    let table = table(&drawing.table, around.table_is_open, words);
    let chapter = match &around.chapter {
        Some(address) => {
            el("a").attr("href", address).attr("target", "_blank").say(words.plain("to-chapter"))
        }
        None => el("span"),
    };
    let mut parts: Vec<Element> = Vec::new();
    // Always there, so that what follows keeps its place.
    parts.push(el("div").class("fig-task").children(above));
    parts.push(el("div").class("fig-controls").children(controls));
    parts.push(el("div").class("fig-body").children(drawing.body));
    if let Some(network) = &network {
        let is_used = network.shown != numbers::Shown::Below
            || around.numbers_are_open
            || !now.text(numbers::NUMBERS).is_empty();
        let panel = numbers::panel(now, around.refused.has(numbers::VALUE), words);
        parts.push(if is_used { panel } else { el("div") });
        if network.shown != numbers::Shown::Drawn {
            parts.push(numbers::all(network, now, around.numbers_are_open, words));
        }
    }
    parts.push(says.children(named(&drawing.sentence)));
    let notation = letters::notation(now);
    let mut parts: Vec<Node> = parts.into_iter().map(Node::from).collect();
    if let Some((cell, shows_sums)) = letters_of {
        parts = letters::respelled(parts, cell, notation);
        let mut notes = if shows_sums { letters::notes(cell, notation, words) } else { Vec::new() };
        if notation != Notation::Notes {
            // What stands around a figure was written before anyone chose.
            notes.push(words.plain("letters-text"));
        }
        parts.push(el("div").class("fig-letters").children(notes.into_iter().map(paragraph)).into());
    }
    parts.push(
        el("div")
            .class("fig-foot")
            .child(if has_table { table } else { el("span") })
            .child(share(words, around))
            .child(chapter)
            .children(of_letters.into_iter().filter_map(|setting| control(setting, now, words, around)))
            .child(el("span").class("grow"))
            .child(open(opens, words, around))
            .child(
                el("button")
                    .attr("type", "button")
                    .class("ghost small")
                    .attr("data-do", "reset")
                    .maybe("disabled", (!around.is_changed).then_some(""))
                    .say(words.plain("reset")),
            )
            .into(),
    );
    // Only on paper, which has no button for it.
    parts.push(el("p").class("fig-print").say(&around.link).into());
    parts
}
