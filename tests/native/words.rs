use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use unrolled::view::words::fill;

#[track_caller]
fn check(sentence: &str, expected: &str) {
    assert_eq!(fill(sentence, &[("n", "3"), ("total", "{n}")]), expected);
}

#[test]
fn values_are_put_into_their_places() {
    check("step {n} of {total}", "step 3 of {n}");
    check("第 {n} 步", "第 3 步");
}

#[test]
fn places_without_a_value_and_lone_braces_stay() {
    check("{m} { {n", "{m} { {n");
    check("{{n}}", "{3}");
}

/// Key → sentence of one file, sections joined with dots.
fn sentences(language: &str, file: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language).join(file);
    let text = std::fs::read_to_string(path).expect("a file of the locales");
    let mut found = BTreeMap::new();
    collect("", &serde_json::from_str(&text).expect("JSON"), &mut found);
    found
}

fn collect(prefix: &str, value: &serde_json::Value, found: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::String(sentence) => {
            found.insert(prefix.to_owned(), sentence.clone());
        }
        serde_json::Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| collect(&format!("{prefix}.{key}"), value, found));
        }
        other => panic!("{prefix}: {other}"),
    }
}

fn places(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_the_same_places() {
    for file in ["shell.json", "home.json", "lab.json", "stepper.json", "errors.json"] {
        let (english, chinese) = (sentences("en", file), sentences("zh", file));
        assert_eq!(english.keys().collect::<Vec<_>>(), chinese.keys().collect::<Vec<_>>(), "{file}");
        for (key, sentence) in &english {
            assert_eq!(places(sentence), places(&chinese[key]), "{file} {key}");
        }
    }
}
