//! What a reader may change at a figure. A setting is declared; its control, its link and its reset follow from that.

use unicode_segmentation::UnicodeSegmentation;

use std::collections::BTreeMap;

use crate::view::stepper::edits::{Edits, Target, read_number};
use crate::view::typed::decimal;

/// A setting. Its label is the figure's word of the same name.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name in links, in the Markdown and among the words: small letters and hyphens.
    pub name: &'static str,
    /// What it may be, and by what it is changed.
    pub kind: Kind,
    /// Its value where neither chapter nor reader says anything.
    pub default: String,
    /// A label that no word is: a symbol. Empty: the word of its name.
    pub label: String,
}

/// What a setting may be, and by what it is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A text of at most `most` characters, in a field of so many lines.
    Text {
        /// Most characters.
        most: usize,
        /// Lines of the field.
        lines: usize,
    },
    /// A number on a slider.
    Slider {
        /// Smallest.
        least: f64,
        /// Largest.
        most: f64,
        /// From one place to the next.
        step: f64,
    },
    /// A number in a field, for what a slider is too coarse for.
    Number {
        /// Smallest.
        least: f64,
        /// Largest.
        most: f64,
    },
    /// One of a few, by value. The words of a choice are `name.value`, unless it has text of its own here.
    Choice(Vec<(String, Option<String>)>),
    /// One of a few, chosen in the drawing (`data-set`); it has no control of its own.
    Drawn(Vec<String>),
    /// On or off.
    Switch,
    /// A whole number from 1 to `most`, with a button to each side.
    Steps {
        /// Largest.
        most: usize,
    },
    /// A whole number from 0 to `most` that is chosen in the drawing (`data-set`); it has no control of its own.
    Place {
        /// Largest.
        most: usize,
    },
    /// A number that is dragged in the drawing; it has no control of its own.
    Dragged {
        /// Smallest.
        least: f64,
        /// Largest.
        most: f64,
    },
    /// An answer, typed as it comes.
    Answer,
    /// Numbers of the figure's network that are typed over those that came, as text; see [`super::numbers`]. It has no
    /// control of its own, nor has the next one.
    Numbers,
    /// Which of them can be changed now; empty: none.
    Chosen,
    /// The value of that one; its controls stand below the drawing.
    Value,
    /// A button; it has no value, and [`super::Figure::press`] hears of it.
    Button,
}

/// Most characters of an answer.
const MOST_OF_ANSWER: usize = 16;

impl Setting {
    /// A line of text.
    pub fn text(name: &'static str, most: usize, default: &str) -> Setting {
        Setting {
            name,
            kind: Kind::Text { most, lines: 1 },
            default: default.to_owned(),
            label: String::new(),
        }
    }

    /// Several lines of text.
    pub fn lines(name: &'static str, most: usize, lines: usize, default: &str) -> Setting {
        Setting { name, kind: Kind::Text { most, lines }, default: default.to_owned(), label: String::new() }
    }

    /// A slider.
    pub fn slider(name: &'static str, least: f64, most: f64, step: f64, default: f64) -> Setting {
        Setting {
            name,
            kind: Kind::Slider { least, most, step },
            default: default.to_string(),
            label: String::new(),
        }
    }

    /// A number field.
    pub fn number(name: &'static str, least: f64, most: f64, default: f64) -> Setting {
        Setting {
            name,
            kind: Kind::Number { least, most },
            default: default.to_string(),
            label: String::new(),
        }
    }

    /// One of a few, the first by default; their words are `name.value`.
    pub fn choice(name: &'static str, values: &[&str]) -> Setting {
        let choices = values.iter().map(|value| ((*value).to_owned(), None)).collect();
        let default = values.first().copied().unwrap_or_default().to_owned();
        Setting { name, kind: Kind::Choice(choices), default, label: String::new() }
    }

    /// One of a few that are drawn, the first by default.
    pub fn drawn(name: &'static str, values: &[&str]) -> Setting {
        let default = values.first().copied().unwrap_or_default().to_owned();
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Setting { name, kind: Kind::Drawn(values), default, label: String::new() }
    }

    /// On or off.
    pub fn switch(name: &'static str, default: bool) -> Setting {
        Setting {
            name,
            kind: Kind::Switch,
            default: if default { "on" } else { "off" }.to_owned(),
            label: String::new(),
        }
    }

    /// A whole number with a button to each side.
    pub fn steps(name: &'static str, most: usize, default: usize) -> Setting {
        Setting {
            name,
            kind: Kind::Steps { most: most.max(1) },
            default: default.to_string(),
            label: String::new(),
        }
    }

    /// A whole number that is chosen in the drawing.
    pub fn place(name: &'static str, most: usize, default: usize) -> Setting {
        Setting { name, kind: Kind::Place { most }, default: default.to_string(), label: String::new() }
    }

    /// A number that is dragged in the drawing.
    pub fn dragged(name: &'static str, least: f64, most: f64, default: f64) -> Setting {
        Setting {
            name,
            kind: Kind::Dragged { least, most },
            default: default.to_string(),
            label: String::new(),
        }
    }

    /// An answer to a question, read as a number when it is checked. `label` is the symbol asked for, or the
    /// key of a word; empty: the word of the setting's name.
    pub fn answer(name: &'static str, label: String) -> Setting {
        Setting { name, kind: Kind::Answer, default: String::new(), label }
    }

    /// A button.
    pub fn button(name: &'static str) -> Setting {
        Setting { name, kind: Kind::Button, default: String::new(), label: String::new() }
    }

    /// With another default.
    pub fn or(mut self, default: impl ToString) -> Setting {
        self.default = default.to_string();
        self
    }

    /// The value that a text stands for; what cannot be is brought to what can, else to the default.
    pub fn read(&self, given: &str) -> String {
        match &self.kind {
            Kind::Text { most, .. } => given.graphemes(true).take(*most).collect(),
            Kind::Slider { least, most, .. }
            | Kind::Number { least, most }
            | Kind::Dragged { least, most } => self.number_in(given, *least, *most),
            Kind::Choice(choices) => {
                let known = choices.iter().any(|(value, _)| value == given);
                if known { given.to_owned() } else { self.default.clone() }
            }
            Kind::Drawn(values) => {
                if values.iter().any(|value| value == given) {
                    given.to_owned()
                } else {
                    self.default.clone()
                }
            }
            Kind::Switch => if given == "on" { "on" } else { "off" }.to_owned(),
            Kind::Steps { most } => self.whole_in(given, 1, *most),
            Kind::Place { most } => self.whole_in(given, 0, *most),
            Kind::Answer => {
                given.chars().filter(|letter| !letter.is_control()).take(MOST_OF_ANSWER).collect()
            }
            Kind::Numbers => Edits::try_from(given.to_owned()).map(String::from).unwrap_or_default(),
            Kind::Chosen => given.parse::<Target>().map(|target| target.to_string()).unwrap_or_default(),
            // It is what it is in the network.
            Kind::Value => self.default.clone(),
            Kind::Button => String::new(),
        }
    }

    /// Whether a text is a value as it stands; else the page says what would be possible.
    pub fn accepts(&self, given: &str) -> bool {
        match &self.kind {
            Kind::Number { least, most } => {
                decimal(given).is_some_and(|value| (*least..=*most).contains(&value))
            }
            Kind::Value => read_number(given).is_ok(),
            _ => true,
        }
    }

    /// Whether a text has more symbols than are used of it.
    pub fn is_too_long(&self, given: &str) -> bool {
        matches!(&self.kind, Kind::Text { most, .. } if given.graphemes(true).nth(*most).is_some())
    }

    fn number_in(&self, given: &str, least: f64, most: f64) -> String {
        let value = decimal(given).or_else(|| decimal(&self.default)).unwrap_or(least);
        value.max(least).min(most).to_string()
    }

    fn whole_in(&self, given: &str, least: usize, most: usize) -> String {
        let value = given.parse().ok().or_else(|| self.default.parse().ok()).unwrap_or(least);
        value.max(least).min(most.max(least)).to_string()
    }
}

/// Values by the name of their setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// A text; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A number; 0 where there is none.
    pub fn number(&self, name: &str) -> f64 {
        decimal(self.text(name)).unwrap_or(0.0)
    }

    /// A whole number; 0 where there is none.
    pub fn whole(&self, name: &str) -> usize {
        // A cast from a float saturates.
        self.number(name).round().max(0.0) as usize
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name) == "on"
    }

    /// Whether there is a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Sets a value.
    pub fn set(&mut self, name: &str, value: impl ToString) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    /// Forgets a value.
    pub fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Names and values in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// These values, and what another list says besides or instead.
    pub fn with(&self, other: &Values) -> Values {
        let mut all = self.clone();
        all.0.extend(other.0.iter().map(|(name, value)| (name.clone(), value.clone())));
        all
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Values {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Values {
        Values(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
