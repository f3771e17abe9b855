//! The book's live figures: every one of them draws, in both languages, whatever a reader does; and every row of the
//! curriculum has one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use unrolled::view::address::CHAPTERS;
use unrolled::view::figures::frame::{Around, frame};
use unrolled::view::figures::link::{self, Addressed};
use unrolled::view::figures::{Figure, Kind, NAMES, Setting, Values, Words, figure, initial, resolve};
use unrolled::view::markup::Node;

const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Chapters whose figures are still to be made. The list shrinks to nothing; a finished chapter must not be in it.
const UNFINISHED: [&str; 1] = ["language-model"];

/// Rows across all chapters that no figure shows yet. The list shrinks to nothing.
const UNFINISHED_ROWS: [&str; 0] = [];

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

fn words(language: &str, chapter: &str) -> Words {
    let mut all = sentences(language, "common");
    all.extend(sentences(language, chapter));
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
    let pages = LANGUAGES.iter().flat_map(|language| CHAPTERS.iter().map(move |chapter| (language, chapter)));
    pages.flat_map(|(language, chapter)| figures_of(language, chapter)).collect()
}

/// Keys that only the page and the build read.
const KEYS: [&str; 2] = ["id", "rows"];

/// Draws a figure and looks at what every reader must get.
fn check(used: &Used, figure: &dyn Figure, given: &Values) -> Result<(Vec<Node>, Values), TestCaseError> {
    let words = words(used.language, used.chapter).of(&used.name);
    let (settings, now) = resolve(figure, given);
    let drawing = figure.draw(&now, &words);
    let what = format!("{} in {}/{} with {now:?}", used.name, used.language, used.chapter);
    prop_assert!(!drawing.sentence.trim().is_empty(), "no sentence: {}", what);
    prop_assert!(
        drawing.body.is_empty() || !drawing.table.rows.is_empty(),
        "a drawing without a table: {}",
        what
    );
    for row in &drawing.table.rows {
        prop_assert_eq!(row.len(), drawing.table.heads.len(), "a row of the table: {}", &what);
    }
    let around = Around {
        id: used.name.clone(),
        table_is_open: true,
        job: figure.job(&now).map(|_| Default::default()),
        ..Around::default()
    };
    let nodes =
        frame(&settings, &now, figure.above(&now, &words), drawing, figure.opens(&now), &words, &around);
    for node in &nodes {
        let text = node.to_html();
        prop_assert!(!text.contains('⟦'), "a word is missing: {}: {}", what, text);
        // A reader's own text may look like one, or a model that has learnt its braces may write one.
        let is_typed = now.iter().any(|(_, value)| value.contains('{'));
        prop_assert!(
            is_typed || !has_open_place(&text),
            "a place of a sentence is empty: {}: {}",
            what,
            text
        );
        let mut wrong = Vec::new();
        node.each(&mut |element| {
            let sets = element.attribute("data-set").unwrap_or_default();
            for (name, value) in sets.split(';').filter_map(|pair| pair.split_once('=')) {
                let setting = settings.iter().find(|setting| setting.name == name);
                let is_step = matches!(setting.map(|setting| &setting.kind), Some(Kind::Steps { .. }));
                if !is_step && setting.is_none_or(|setting| setting.read(value) != value) {
                    wrong.push(sets.to_owned());
                }
            }
            if element.tag == "button"
                && element.children.is_empty()
                && element.attribute("aria-label").is_none()
            {
                wrong.push("a button without a name".to_owned());
            }
        });
        prop_assert!(wrong.is_empty(), "{:?}: {}", wrong, what);
    }
    Ok((nodes, now))
}

/// `{n}` that nothing was put into.
fn has_open_place(text: &str) -> bool {
    text.split('{').skip(1).any(|rest| {
        let name = rest.split('}').next().unwrap_or_default();
        rest.contains('}') && !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase())
    })
}

/// What a reader may do to a setting: sensible and not.
fn value(setting: &Setting) -> BoxedStrategy<String> {
    match &setting.kind {
        Kind::Text { .. } => prop_oneof![
            Just(String::new()),
            Just("   ".to_owned()),
            Just("猫坐在垫子上。\n第二行\n\n三".to_owned()),
            Just("a\u{301}👩‍👩‍👧 <EOS> \u{202e}x<1> {n}".to_owned()),
            "[a-e ,.\\n]{0,40}",
            "\\PC{0,60}",
        ]
        .boxed(),
        Kind::Choice(choices) => {
            proptest::sample::select(choices.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>())
                .boxed()
        }
        Kind::Switch => proptest::sample::select(vec!["on".to_owned(), "off".to_owned()]).boxed(),
        _ => prop_oneof![
            Just("NaN".to_owned()),
            Just("-1".to_owned()),
            Just("1e30".to_owned()),
            (-5.0..100.0).prop_map(|value: f64| value.to_string()),
            (0u32..60).prop_map(|value| value.to_string()),
        ]
        .boxed(),
    }
}

/// Some changes, one after the other.
fn changes(settings: Vec<Setting>) -> BoxedStrategy<Vec<(String, String)>> {
    let one = proptest::sample::select(settings)
        .prop_flat_map(|setting| value(&setting).prop_map(move |value| (setting.name.to_owned(), value)));
    proptest::collection::vec(one, 1..6).boxed()
}

fn check_all_changes(name: &str) {
    for used in all_used().into_iter().filter(|used| used.name == name) {
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            cases: 60,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let drawn = figure(name).expect("a figure");
        let (settings, _) = resolve(&*drawn, &used.attributes);
        let result = runner.run(&changes(settings), |changes| {
            let mut given = used.attributes.clone();
            let mut drawn = figure(name).expect("a figure");
            for (setting, value) in changes {
                let (settings, now) = resolve(&*drawn, &given);
                if settings.iter().any(|known| known.name == setting && known.kind == Kind::Button) {
                    drawn.press(&setting, &now).into_iter().for_each(|(name, value)| given.set(name, value));
                } else {
                    given.set(&setting, value);
                }
                check(&used, &*drawn, &given)?;
            }
            Ok(())
        });
        if let Err(error) = result {
            panic!("{name} in {}/{}: {error}", used.language, used.chapter);
        }
    }
}

#[test]
fn every_figure_draws_whatever_a_reader_changes() {
    for name in NAMES {
        check_all_changes(name);
    }
}

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
    for chapter in CHAPTERS.into_iter().chain(["common"]) {
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
fn an_exercise_accepts_its_own_numbers_and_names_the_first_that_is_wrong() {
    for used in all_used() {
        let mut drawn = figure(&used.name).expect("a figure");
        let words = words(used.language, used.chapter).of(&used.name);
        let (settings, _) = resolve(&*drawn, &used.attributes);
        let answers: Vec<&str> = settings.iter().filter(|s| s.kind == Kind::Answer).map(|s| s.name).collect();
        if answers.is_empty() {
            continue;
        }
        for seed in 1..=20 {
            let mut given = used.attributes.clone();
            given.set("seed", seed);
            let says = |given: &Values| {
                let (_, now) = resolve(&*drawn, given);
                drawn.draw(&now, &words).sentence
            };
            // The solution says the numbers; they are what is accepted.
            given.set("solution", "on");
            let (_, now) = resolve(&*drawn, &given);
            let solution: Vec<String> = drawn.draw(&now, &words).body.iter().flat_map(items).collect();
            assert_eq!(solution.len(), answers.len(), "{}: {solution:?}", used.name);
            let number = |line: &str| -> f64 {
                let after = line.split(" = ").nth(1).expect("a value").replace('−', "-");
                let end =
                    after.find(|c: char| !(c.is_ascii_digit() || "-.".contains(c))).unwrap_or(after.len());
                after[..end].parse().expect("a number")
            };
            for (answer, line) in answers.iter().zip(&solution) {
                given.set(answer, number(line));
            }
            given.set("checked", 1);
            let right = says(&given);
            assert_eq!(
                right,
                words.count("all-right", answers.len(), &[]),
                "{} seed {seed}: {solution:?}",
                used.name
            );
            let off = |line: &str| format!("{:.2}", number(line) + 1.7);
            for (answer, line) in answers.iter().zip(&solution) {
                let mut wrong = given.clone();
                wrong.set(answer, off(line));
                // A later one that is wrong too is not the one that is named.
                wrong.set(answers[answers.len() - 1], off(&solution[answers.len() - 1]));
                let said = says(&wrong);
                assert!(said.contains(&off(line)), "{}: {said}", used.name);
            }
        }
        let (_, now) = resolve(&*drawn, &used.attributes);
        assert_eq!(drawn.press("check", &now), [("checked", "1".to_owned())]);
    }
}

/// The lines of a list.
fn items(node: &Node) -> Vec<String> {
    match node {
        Node::Element(element) if element.tag == "ol" => element.children.iter().map(Node::plain).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a_figure_of_default_size_draws_within_a_frame() {
    for used in all_used() {
        let drawn = figure(&used.name).expect("a figure");
        let (_, now) = resolve(&*drawn, &used.attributes);
        let words = words(used.language, used.chapter).of(&used.name);
        let best = (0..3).map(|_| {
            let began = Instant::now();
            drawn.draw(&now, &words);
            began.elapsed()
        });
        let best = best.min().expect("a time");
        // The host's own time with a wide margin: the browser's is measured from end to end.
        assert!(best.as_millis() < 100, "{} takes {best:?}", used.name);
    }
}

proptest! {
    #[test]
    fn a_figures_link_is_read_as_it_was_written(
        pairs in proptest::collection::btree_map("[a-d-]{1,6}", "\\PC{0,40}", 0..5),
        embedded: bool,
    ) {
        let changed: Values = pairs.into_iter().collect();
        let addressed = Addressed { id: "cut-2".to_owned(), embedded, changed };
        let query = link::write(&addressed);
        prop_assert_eq!(link::read(&query), Some(addressed));
    }
}

#[test]
fn a_query_without_a_figure_names_none() {
    assert_eq!(link::read("?sentence=the+cat"), None);
    assert_eq!(link::read(""), None);
}
