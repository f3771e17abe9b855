//! The book's live figures: what a reader may change, and a drawing that the engine computes from it.
//!
//! A figure declares its settings and draws itself as a tree of elements with a sentence and a table; everything else
//! (controls, keyboard, links, embedding, training in the worker) is the same for all of them and stands in [`frame`]
//! and in `app::figures`. Nothing here knows a browser.

mod control;
mod dictionary;
pub mod drawing;
pub mod exercise;
mod foot;
pub mod frame;
pub mod gated;
pub mod gradients;
pub mod job;
mod lesson;
pub mod letters;
pub mod link;
mod list;
pub mod models;
pub mod network;
pub mod notation;
pub mod numbers;
pub mod parts;
mod pieces;
mod reader;
pub mod recurrent;
pub mod sampling;
pub mod setting;
pub mod vectors;
pub mod words;
pub mod worksheet;

pub use drawing::{Drawing, Table};
pub use job::{Job, News, Wanted};
pub use list::{NAMES, figure};
pub use numbers::Numbers;
pub use setting::{Kind, Setting, Values};
pub use words::Words;

use super::link::Shared;
use super::markup::Node;
use crate::training::study::Study;

/// A figure. What it draws follows from its settings alone, and for one that trains from what it has heard.
pub trait Figure {
    /// Its settings, in the order of their controls. What one may be can depend on the values of others.
    fn settings(&self, given: &Values) -> Vec<Setting>;

    /// Draws it. `now` has a possible value for every setting.
    fn draw(&self, now: &Values, words: &Words) -> Drawing;

    /// What stands above the controls: a question.
    fn above(&self, now: &Values, words: &Words) -> Vec<Node> {
        let _ = (now, words);
        Vec::new()
    }

    /// A button was pressed: the values that change.
    fn press(&mut self, button: &str, now: &Values) -> Vec<(&'static str, String)> {
        let _ = (button, now);
        Vec::new()
    }

    /// A reader set this setting: what changes with it.
    fn follow(&self, setting: &str) -> Vec<(&'static str, String)> {
        let _ = setting;
        Vec::new()
    }

    /// The network whose numbers a reader may change.
    fn numbers(&self, now: &Values) -> Option<Numbers> {
        let _ = now;
        None
    }

    /// The cell that its formulas are about, by the id of its preset: such a figure can be shown in other people's
    /// letters.
    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        let _ = now;
        None
    }

    /// Whether it shows the sums and the gates of that cell, in which other people's cells differ in more than letters.
    fn shows_sums(&self, now: &Values) -> bool {
        let _ = now;
        true
    }

    /// Where its state can be opened.
    fn opens(&self, now: &Values) -> Option<Opens> {
        let _ = now;
        None
    }

    /// What it wants trained, for a figure that trains. Nothing runs before the reader asks for it.
    fn job(&self, now: &Values) -> Option<Job> {
        let _ = now;
        None
    }

    /// The same for a run that is none of the Lab's.
    fn study(&self, now: &Values) -> Option<Study> {
        let _ = now;
        None
    }

    /// What to change when its job is finished, to go on with another one; nothing: it stays.
    fn then(&self, now: &Values) -> Vec<(&'static str, String)> {
        let _ = now;
        Vec::new()
    }

    /// News of its job. Another job comes as [`News::Reset`].
    fn hear(&mut self, news: News) {
        let _ = news;
    }
}

/// Where a figure's state can be opened.
#[derive(Clone, Debug, PartialEq)]
pub enum Opens {
    /// In the Stepper.
    Stepper(Box<Shared>),
    /// In the Lab.
    Lab(Box<Shared>),
}

/// A figure's settings under some values, and a possible value for each of them.
pub fn resolve(figure: &dyn Figure, given: &Values) -> (Vec<Setting>, Values) {
    let all = |given: &Values| {
        let mut settings = figure.settings(given);
        settings.extend(figure.numbers(given).iter().flat_map(|network| numbers::settings(given, network)));
        settings.extend(figure.letters_of(given).map(|_| letters::setting()));
        settings
    };
    // What one setting may be can depend on another's value, so the values are read twice.
    let first = read(&all(given), given);
    let settings = all(&first);
    let values = read(&settings, given);
    (settings, values)
}

/// What a chapter says about a figure's settings: its attributes in the Markdown and, for a text that several figures
/// begin with, the chapter's words `<setting>-default`.
pub fn initial(figure: &dyn Figure, attributes: Values, words: &Words) -> Values {
    let mut first = attributes;
    for setting in figure.settings(&first) {
        let word = format!("{}-default", setting.name);
        if !first.has(setting.name) && words.has(&word) {
            first.set(setting.name, words.plain(&word));
        }
    }
    first
}

fn read(settings: &[Setting], given: &Values) -> Values {
    settings
        .iter()
        .map(|setting| {
            let value = if given.has(setting.name) { given.text(setting.name) } else { &setting.default };
            (setting.name, setting.read(value))
        })
        .collect()
}
