//! The words of figures: `content/<language>/figures/*.json`, handed to the page with the chapter.
//!
//! A key is `figure.word`, or `common.word` for what several figures say. A sentence that counts has two forms,
//! `{"one": …, "other": …}`, written `key#one` and `key#other` here; Chinese needs only one.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::view::number;
use crate::view::words::fill;

/// The words of a chapter's figures, and whose turn it is.
#[derive(Clone, Debug)]
pub struct Words {
    entries: Rc<BTreeMap<String, String>>,
    figure: String,
}

impl Words {
    /// From sentences by key.
    pub fn new(entries: BTreeMap<String, String>) -> Words {
        Words { entries: Rc::new(entries), figure: "common".to_owned() }
    }

    /// The words of one figure; what it does not have is looked for in the common ones.
    pub fn of(&self, figure: &str) -> Words {
        Words { entries: Rc::clone(&self.entries), figure: figure.to_owned() }
    }

    /// A sentence without places.
    pub fn plain(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// A sentence with values in its places. A key that is missing comes back as `⟦key⟧`, which a test looks for.
    pub fn say(&self, key: &str, values: &[(&str, &dyn ToString)]) -> String {
        match self.find(key) {
            Some(sentence) => fill_in(sentence, values),
            None => format!("⟦{}.{key}⟧", self.figure),
        }
    }

    /// A sentence about a number of things: `{n}` is the number, and the form is the one that goes with it.
    pub fn count(&self, key: &str, n: usize, values: &[(&str, &dyn ToString)]) -> String {
        let form = if n == 1 { "one" } else { "other" };
        let found = self
            .find(&format!("{key}#{form}"))
            .or_else(|| self.find(&format!("{key}#other")))
            .or_else(|| self.find(key));
        let Some(sentence) = found else { return format!("⟦{}.{key}⟧", self.figure) };
        let n = number::count(n as u64);
        let mut all: Vec<(&str, &dyn ToString)> = vec![("n", &n)];
        all.extend_from_slice(values);
        fill_in(sentence, &all)
    }

    /// Whether there is such a sentence.
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &str) -> Option<&str> {
        // A figure that several chapters use has its group among the common words.
        let places = [
            format!("{}.{key}", self.figure),
            format!("common.{}.{key}", self.figure),
            format!("common.{key}"),
        ];
        places.iter().find_map(|place| self.entries.get(place)).map(String::as_str)
    }
}

fn fill_in(sentence: &str, values: &[(&str, &dyn ToString)]) -> String {
    let values: Vec<(&str, String)> = values.iter().map(|(name, value)| (*name, value.to_string())).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(sentence, &values)
}
