//! The book's live figures: every one of them draws, in both languages, whatever a reader does; and every row of the
//! curriculum has one.

mod by_hand;
mod content;
mod drawing;
mod exercise_numbers;
mod exercises;
mod letters;
mod links;
mod numbers;
mod printed;
mod said;
mod worksheets;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use unrolled::view::address::CHAPTERS;
use unrolled::view::figures::{Values, Words, figure, initial};

const LANGUAGES: [&str; 2] = ["en", "zh"];

/// The page that has the words of all exercises.
const WORKSHEETS: &str = "worksheets";

/// Every page that has figures.
fn pages() -> impl Iterator<Item = &'static str> {
    CHAPTERS.into_iter().chain([WORKSHEETS])
}

fn content(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Sentences by key, as the build writes them into a chapter.
fn add(prefix: &str, words: &Value, found: &mut BTreeMap<String, String>) {
    for (key, value) in words.as_object().expect("a group of words") {
        match value {
            Value::String(sentence) => {
                found.insert(format!("{prefix}{key}"), sentence.clone());
            }
            Value::Object(forms) if forms.contains_key("other") => {
                add(&format!("{prefix}{key}#"), value, found)
            }
            _ => add(&format!("{prefix}{key}."), value, found),
        }
    }
}

fn sentences(language: &str, chapter: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let path = content(&format!("{language}/figures/{chapter}.json"));
    let prefix = if chapter == "common" { "common." } else { "" };
    add(prefix, &serde_json::from_str(&read(&path)).expect("JSON"), &mut found);
    found
}

pub fn words(language: &str, chapter: &str) -> Words {
    let mut all = sentences(language, "common");
    all.extend(sentences(language, chapter));
    if chapter == WORKSHEETS {
        let is_of_an_exercise =
            |key: &String| key.split_once('.').is_some_and(|(group, _)| group.ends_with("-task"));
        let others = CHAPTERS.iter().flat_map(|chapter| sentences(language, chapter));
        all.extend(others.filter(|(key, _)| is_of_an_exercise(key)));
    }
    Words::new(all)
}

/// A figure as a chapter uses it: its name, and what the chapter says about its settings.
struct Used {
    language: &'static str,
    chapter: &'static str,
    name: String,
    attributes: Values,
}

fn figures_of(language: &'static str, chapter: &'static str) -> Vec<Used> {
    let text = read(&content(&format!("{language}/{chapter}.md")));
    let lines = text.lines().filter_map(|line| line.strip_prefix("```figure "));
    lines
        .map(|line| {
            let mut words = vec![String::new()];
            let mut quoted = false;
            for letter in line.chars() {
                match letter {
                    '"' => quoted = !quoted,
                    ' ' if !quoted => words.push(String::new()),
                    letter => words.last_mut().expect("a word").push(letter),
                }
            }
            let pairs = words[1..].iter().filter_map(|word| word.split_once('='));
            let attributes = pairs.map(|(key, value)| (key, value.replace("\\n", "\n"))).collect();
            let attributes = match figure(&words[0]) {
                Some(drawn) => {
                    initial(&*drawn, attributes, &crate::figures::words(language, chapter).of(&words[0]))
                }
                None => attributes,
            };
            Used { language, chapter, name: words[0].clone(), attributes }
        })
        .collect()
}

fn all_used() -> Vec<Used> {
    let pages = LANGUAGES.iter().flat_map(|language| pages().map(move |chapter| (language, chapter)));
    pages.flat_map(|(language, chapter)| figures_of(language, chapter)).collect()
}

/// `{n}` that nothing was put into.
fn has_open_place(text: &str) -> bool {
    text.split('{').skip(1).any(|rest| {
        let name = rest.split('}').next().unwrap_or_default();
        rest.contains('}') && !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase())
    })
}

/// A sentence as it reads once its names are set.
fn plain(sentence: &str) -> String {
    unrolled::view::figures::parts::named(sentence).iter().map(unrolled::view::markup::Node::plain).collect()
}
