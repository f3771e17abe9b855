//! What a reader sets in a figure: a form control for each kind of setting, and the button of its job.

use super::Words;
use super::frame::Around;
use super::job::Standing;
use super::parts::named;
use super::setting::{Kind, Setting, Values};
use crate::view::markup::{Element, el};
use crate::view::number::{brief, count};

/// UTF-16 units that every text field takes.
const MOST_TYPED: usize = 2_000;

/// The form control of a setting; none for one that is set in the drawing, or has its own panel.
pub(super) fn control(setting: &Setting, now: &Values, words: &Words, around: &Around) -> Option<Element> {
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
pub(super) fn training(standing: &Standing, steps: u32, words: &Words) -> Element {
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
