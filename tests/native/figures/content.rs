//! What the book says of its figures: names, words, rows of the curriculum, stops of walks.

use std::collections::{BTreeMap, BTreeSet};

use unrolled::view::address::CHAPTERS;
use unrolled::view::figures::{NAMES, figure, resolve};

use super::drawing::check;
use super::{LANGUAGES, Used, all_used, content, figures_of, pages, read, sentences};

/// Keys that only the page and the build read.
const KEYS: [&str; 2] = ["id", "rows"];

/// Chapters whose figures are still to be made. The list shrinks to nothing; a finished chapter must not be in it.
const UNFINISHED: [&str; 0] = [];

/// Rows across all chapters that no figure shows yet. The list shrinks to nothing.
const UNFINISHED_ROWS: [&str; 0] = [];

#[test]
fn every_figure_of_the_book_exists_and_every_figure_is_in_the_book() {
    for language in LANGUAGES {
        let used: Vec<Used> = all_used().into_iter().filter(|used| used.language == language).collect();
        let names: BTreeSet<&str> = used.iter().map(|used| used.name.as_str()).collect();
        assert_eq!(names, NAMES.iter().copied().collect(), "{language}");
        for used in &used {
            let drawn = figure(&used.name).expect("a figure");
            let (settings, now) = resolve(&*drawn, &used.attributes);
            for (key, value) in used.attributes.iter().filter(|(key, _)| !KEYS.contains(key)) {
                let setting = settings.iter().find(|setting| setting.name == key);
                // A setting may be there only while another one has another value.
                let Some(setting) = setting else { continue };
                assert_eq!(setting.read(value), value, "{}/{}: {key}", used.chapter, used.name);
                assert_eq!(now.text(key), value, "{}/{}: {key}", used.chapter, used.name);
            }
            check(used, &*drawn, &used.attributes).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn both_languages_have_the_same_words_with_the_same_places() {
    for chapter in pages().chain(["common"]) {
        let has = |language: &str| content(&format!("{language}/figures/{chapter}.json")).is_file();
        assert_eq!(has("en"), has("zh"), "{chapter}");
        if !has("en") {
            continue;
        }
        let places = |sentence: &str| -> BTreeSet<String> {
            sentence
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(n, _)| n.to_owned())
                .collect()
        };
        // Chinese counts with one form.
        let plain = |all: BTreeMap<String, String>| -> BTreeMap<String, BTreeSet<String>> {
            let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (key, sentence) in all {
                let key = key.split('#').next().unwrap_or_default().to_owned();
                keys.entry(key).or_default().extend(places(&sentence));
            }
            keys
        };
        assert_eq!(plain(sentences("en", chapter)), plain(sentences("zh", chapter)), "{chapter}");
    }
}

#[test]
fn every_row_of_the_curriculum_has_a_figure_in_both_languages() {
    let curriculum: toml::Table = read(&content("curriculum.toml")).parse().expect("TOML");
    let rows: BTreeSet<String> = curriculum["rows"].as_table().expect("rows").keys().cloned().collect();
    let elsewhere: BTreeSet<String> =
        curriculum["shown"].as_table().expect("shown").keys().cloned().collect();
    let shown = |language: &str| -> BTreeSet<String> {
        let used = all_used().into_iter().filter(|used| used.language == language);
        let lists = used.map(|used| used.attributes.text("rows").to_owned());
        lists.flat_map(|list| list.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    assert_eq!(shown("en"), shown("zh"), "the rows that figures show");
    let shown = shown("en");
    assert!(shown.is_subset(&rows), "no such row: {:?}", shown.difference(&rows));
    let chapter = |row: &str| -> Option<&str> {
        let number: usize = row.split('.').next()?.parse().ok()?;
        CHAPTERS.get(number - 1).copied()
    };
    let missing = |row: &&String| !shown.contains(*row) && !elsewhere.contains(*row);
    for row in rows.iter().filter(missing) {
        let is_known = UNFINISHED_ROWS.contains(&row.as_str());
        assert!(
            is_known || chapter(row).is_some_and(|c| UNFINISHED.contains(&c)),
            "no figure shows row {row}"
        );
    }
    for unfinished in UNFINISHED {
        let lacks = rows.iter().filter(missing).any(|row| chapter(row) == Some(unfinished));
        assert!(lacks, "{unfinished} has all its figures: take it out of the list");
    }
    for row in UNFINISHED_ROWS {
        assert!(!shown.contains(row), "row {row} has its figure: take it out of the list");
    }
}

#[test]
fn every_stop_of_a_walk_is_a_figure_of_its_chapter_with_settings_it_has() {
    let mut stops = 0;
    for (language, chapter) in
        LANGUAGES.iter().flat_map(|language| CHAPTERS.iter().map(move |c| (*language, *c)))
    {
        let used = figures_of(language, chapter);
        let text = read(&content(&format!("{language}/{chapter}.md")));
        for stop in text.lines().filter_map(|line| line.strip_prefix('@')) {
            stops += 1;
            let mut words = stop.split(' ');
            let id = words.next().unwrap_or_default();
            let named = |used: &&Used| {
                let own = used.attributes.text("id");
                (if own.is_empty() { used.name.as_str() } else { own }) == id
            };
            let used =
                used.iter().find(named).unwrap_or_else(|| panic!("{language}/{chapter}: no figure {id}"));
            let drawn = figure(&used.name).expect("a figure");
            let mut given = used.attributes.clone();
            for (name, value) in words.filter_map(|pair| pair.split_once('=')) {
                let (settings, _) = resolve(&*drawn, &given);
                let setting = settings.iter().find(|setting| setting.name == name);
                let setting = setting.unwrap_or_else(|| panic!("{language}/{chapter}: {id} has no {name}"));
                given.set(name, value);
                assert_eq!(setting.read(value), value, "{language}/{chapter}: {id} {name}");
            }
        }
    }
    assert!(stops > 20, "{stops}");
}

#[test]
fn a_text_that_is_trained_on_has_no_line_twice() {
    let mut seen = 0;
    for (language, chapter) in LANGUAGES.iter().flat_map(|language| pages().map(move |page| (language, page)))
    {
        for (key, text) in sentences(language, chapter) {
            if !key.ends_with("text-default") {
                continue;
            }
            let mut lines: Vec<&str> = text.lines().collect();
            let count = lines.len();
            lines.sort_unstable();
            lines.dedup();
            assert_eq!(lines.len(), count, "{language}/{chapter}: {key}");
            seen += 1;
        }
    }
    assert!(seen > 3, "{seen} texts");
}
