//! The pages of a worksheet: the questions with their blanks, then the key.

use super::Question;
use crate::view::address::Page;
use crate::view::figures::exercise;
use crate::view::figures::link::{Addressed, write};
use crate::view::figures::parts::{named, paragraph};
use crate::view::figures::{Values, Words};
use crate::view::markup::{Element, Node, el};

/// The questions, and the key on a page of its own.
pub(super) fn sheet(questions: &[Question], now: &Values, words: &Words) -> Element {
    let number = words.say("sheet", &[("seed", &now.whole("seed"))]);
    let given = now.text("title").trim();
    let title = if given.is_empty() { words.plain("title-default") } else { given.to_owned() };
    let mut page = el("section").class("sheet-page").child(head(&title, &number)).child(lines(words));
    for (question, place) in questions.iter().zip(1..) {
        page = page.child(asked(question, place, now.is_on("room"), words));
    }
    let mut sheet = el("div").class("sheet").child(page);
    if now.is_on("key") {
        let mut key = el("section").class("sheet-page sheet-key");
        key = key.child(head(&words.say("key-of", &[("title", &title)]), &number));
        for (question, place) in questions.iter().zip(1..) {
            key = key.child(solved(question, place, words));
        }
        sheet = sheet.child(key);
    }
    sheet
}

/// The title, the sheet's number at its side.
fn head(title: &str, number: &str) -> Element {
    el("div").class("sheet-head").child(el("h2").say(title)).child(el("p").class("sheet-number").say(number))
}

/// Lines for a name and a date.
fn lines(words: &Words) -> Element {
    let line = |word: &str, class: &str| {
        el("span").class(class).child(el("span").say(words.plain(word))).child(blank("sheet-line"))
    };
    el("p").class("sheet-names").child(line("name", "sheet-name")).child(line("date", "sheet-date"))
}

/// A place to write in.
fn blank(class: &str) -> Element {
    el("span").class(class).say("\u{a0}")
}

fn heading(question: &Question, place: usize, words: &Words) -> Element {
    el("h3").say(format!("{place}. {}", words.plain(question.known.name)))
}

/// A question, with a blank for each of its steps.
fn asked(question: &Question, place: usize, has_room: bool, words: &Words) -> Element {
    let blanks = question.task.steps.iter().map(|step| {
        el("li")
            .child(el("span").class("sheet-symbol").children(named(&step.name)))
            .say(" = ")
            .child(blank("sheet-blank"))
    });
    el("section")
        .class("sheet-question")
        .child(heading(question, place, words))
        .child(paragraph(&question.task.question))
        .children(question.task.given.iter().cloned())
        .child(el("ul").class("sheet-blanks").children(blanks))
        .children(has_room.then(|| el("div").class("sheet-room").attr("aria-hidden", "true")))
}

/// The answers to a question, each with how it comes about.
fn solved(question: &Question, place: usize, words: &Words) -> Element {
    let own = words.of(question.known.figure);
    let steps =
        question.task.steps.iter().map(|step| el("li").children(named(&exercise::solved(step, &own))));
    el("section")
        .class("sheet-question")
        .child(heading(question, place, words))
        .child(el("ol").class("fig-solution").children(steps))
        .child(in_the_book(question, words))
}

/// The same question in its chapter, where the page checks the answers.
fn in_the_book(question: &Question, words: &Words) -> Node {
    let known = question.known;
    let addressed =
        Addressed { id: known.figure.to_owned(), embedded: false, changed: known.given(question.seed) };
    let chapter = Page::Chapter(known.chapter.to_owned()).path();
    let link = el("a")
        .attr("href", format!("../{chapter}/{}#figure-{}", write(&addressed), known.figure))
        .say(words.plain("in-the-book"));
    el("p").class("sheet-link").child(link).into()
}
