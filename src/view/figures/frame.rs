//! What stands around every figure's drawing: its controls, its sentence, its table, the links to it and from it.
//!
//! Elements carry their meaning in attributes that `app::figures` listens to: `data-control` (a form control for a
//! setting), `data-press` (a button of the figure), `data-set`, `data-do` (`reset`, `train`, `stop`, `copy-link`,
//! `copy-embed`, `print`, `save-svg`, `save-png`, `save-csv`). Values of form controls are not attributes: the page sets them, except where
//! one is being typed.

use super::job::Standing;
use super::parts::{named, paragraph};
use super::setting::{Kind, Setting, Values};
use super::{Drawing, Figure, Numbers, Opens, Table, Words, letters, numbers};
use crate::view::formula::Notation;
use crate::view::link;
use crate::view::markup::{Element, Node, el};
use crate::view::number::{brief, count};

/// UTF-16 units that every text field takes.
const MOST_TYPED: usize = 2_000;

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

fn control(setting: &Setting, now: &Values, words: &Words, around: &Around) -> Option<Element> {
    let name = setting.name;
    let text = match setting.label.as_str() {
        "" => words.plain(name),
        key if words.has(key) => words.plain(key),
        label => label.to_owned(),
    };
    let label = || el("span").class("fig-label").children(named(&text));
    let refused = around.refused.has(name);
    let input =
        |kind: &str| el("input").attr("type", kind).attr("data-control", name).attr("autocomplete", "off");
    let element = match &setting.kind {
        Kind::Text { most, lines } => {
            let field = if *lines > 1 {
                el("textarea").attr("rows", lines)
            } else {
                el("input").attr("type", "text").attr("autocomplete", "off")
            };
            // What is typed beyond what is used stays in the field, so that the reader sees where it ends.
            let field = field.class("fig-text").attr("maxlength", (4 * most).max(MOST_TYPED));
            let field = field.attr("spellcheck", "false").attr("data-control", name);
            let complaint = el("span").class("field-error").attr("role", "status");
            let complaint =
                if refused { complaint.say(words.say("text-longest", &[("most", most)])) } else { complaint };
            el("label").class("fig-wide").child(label()).child(field).child(complaint)
        }
        Kind::Answer => {
            let field =
                input("text").class("num field field-5").attr("inputmode", "decimal").attr("maxlength", 16);
            el("label").class("fig-field").child(label()).child(field)
        }
        Kind::Slider { least, most, step } => {
            let value = now.number(name);
            let slider = input("range").attr("min", least).attr("max", most).attr("step", step);
            let shown = if words.has(&format!("{name}-value")) {
                words.say(&format!("{name}-value"), &[("value", &brief(value, 4))])
            } else {
                brief(value, 4)
            };
            el("label")
                .class("slider")
                .child(label())
                .child(slider.attr("aria-valuetext", &shown))
                .child(el("span").class("num slider-number").attr("aria-hidden", "true").say(shown))
        }
        Kind::Number { least, most } => {
            let sentence =
                words.say("number-range", &[("least", &brief(*least, 4)), ("most", &brief(*most, 4))]);
            let field = el("input")
                .attr("type", "text")
                .attr("inputmode", "decimal")
                .class("num field field-5")
                .attr("data-control", name)
                .maybe("aria-invalid", refused.then_some("true"));
            let complaint = el("span").class("field-error").attr("role", "alert");
            el("label").class("fig-field").child(label()).child(field).child(if refused {
                complaint.say(sentence)
            } else {
                complaint
            })
        }
        Kind::Choice(choices) => {
            let buttons = choices.iter().map(|(value, own)| {
                let is_on = now.text(name) == value;
                let shown = own.clone().unwrap_or_else(|| words.plain(&format!("{name}.{value}")));
                el("label")
                    .class(if is_on { "segment on" } else { "segment" })
                    .child(input("radio").attr("name", format!("{}-{name}", around.id)).attr("value", value))
                    .child(el("span").children(named(&shown)))
            });
            el("div").class("fig-choice").child(label()).child(
                el("div")
                    .class("seg")
                    .attr("role", "radiogroup")
                    .attr("aria-label", words.plain(name))
                    .children(buttons),
            )
        }
        Kind::Switch => el("label").class("fig-switch").child(input("checkbox")).child(label()),
        Kind::Steps { most } => {
            let here = now.whole(name);
            let button = |to: usize, sign: &str, word: &str| {
                let is_there = (1..=*most).contains(&to);
                el("button")
                    .attr("type", "button")
                    .class("ghost small icon")
                    .attr("aria-label", format!("{}: {}", words.plain(name), words.plain(word)))
                    // At an end it stays where the focus is, and sets nothing.
                    .maybe("aria-disabled", (!is_there).then_some("true"))
                    .maybe("data-set", is_there.then(|| format!("{name}={to}")))
                    .say(sign)
            };
            el("div")
                .class("fig-steps")
                .child(label())
                .child(button(here.saturating_sub(1), "‹", "previous"))
                .child(el("span").class("num").say(format!("{here} / {most}")))
                .child(button(here + 1, "›", "next"))
        }
        Kind::Button => el("button").attr("type", "button").class("ghost").attr("data-press", name).say(text),
        Kind::Place { .. }
        | Kind::Drawn(_)
        | Kind::Dragged { .. }
        | Kind::Numbers
        | Kind::Chosen
        | Kind::Value => {
            return None;
        }
    };
    Some(element)
}

/// The controls of a job: one button, and how far it is.
fn training(standing: &Standing, steps: u32, words: &Words) -> Element {
    let (does, key, step, state) = match standing {
        Standing::Idle => ("train", "train", 0, "train-idle"),
        Standing::Running(step) => ("stop", "stop", *step, "train-running"),
        Standing::Stopped(step) => ("train", "go-on", *step, "train-stopped"),
        Standing::Finished(step) => ("again", "train-again", *step, "train-finished"),
        Standing::Diverged(step) => ("again", "train-again", *step, "train-diverged"),
        Standing::Failed => ("again", "train-again", 0, "train-failed"),
    };
    let (step, steps) = (count(u64::from(step)), count(u64::from(steps)));
    el("div")
        .class("fig-train")
        .child(
            el("button")
                .attr("type", "button")
                .class("solid small")
                .attr("data-do", does)
                .say(words.plain(key)),
        )
        .child(el("span").class("num muted").say(words.say(state, &[("step", &step), ("steps", &steps)])))
}

/// The numbers of the drawing, made only while they are open.
fn table(table: &Table, is_open: bool, words: &Words) -> Element {
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
fn share(words: &Words, around: &Around) -> Element {
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

fn open(opens: Option<Opens>, words: &Words, around: &Around) -> Element {
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
