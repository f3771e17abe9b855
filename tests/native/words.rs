use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use unrolled::engine::syntax::parse_cell;
use unrolled::view::address::Language;
use unrolled::view::words::{fill, gap};

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

#[test]
fn sentences_stand_apart_in_english_alone() {
    assert_eq!(Language::ALL.map(gap), [" ", ""]);
    // What joins them inside of a sentence's own text does the same.
    for file in files("zh") {
        for (key, sentence) in sentences("zh", &file) {
            let has_gap =
                ["。 ", "！ ", "？ ", "； ", "： ", "， "].iter().any(|stop| sentence.contains(stop));
            assert!(!has_gap, "{file} {key}: {sentence}");
        }
    }
}

#[test]
fn only_what_tells_of_a_cut_says_so() {
    for (language, words) in [("en", "cut off"), ("zh", "截断")] {
        let said = sentences(language, "files.json");
        let keys: Vec<&str> =
            said.iter().filter(|(_, text)| text.contains(words)).map(|(key, _)| &**key).collect();
        assert_eq!(keys, [".err_cut_off"], "{language}");
    }
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

/// The codes of what can be wrong with a cell's text, as the engine's own source names them.
fn codes() -> Vec<String> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engine/syntax/error.rs");
    let source = std::fs::read_to_string(source).expect("the engine's errors");
    let parts = source.split("fn parts(&self)").nth(1).and_then(|rest| rest.split("\nfn form").next());
    let quoted = parts.expect("the list of codes").split('"').skip(1).step_by(2);
    // Names of arguments have no hyphen; of the codes only one has none.
    quoted.filter(|word| word.contains('-') || *word == "reserved").map(str::to_owned).collect()
}

#[test]
fn every_error_of_a_cell_has_a_sentence_in_both_languages() {
    let codes = codes();
    assert!(codes.len() > 40, "{codes:?}");
    let said = concat!(env!("CARGO_MANIFEST_DIR"), "/src/app/lab/cell_error.rs");
    let said = std::fs::read_to_string(said).expect("the page's sentences");
    for code in codes {
        let key = format!(".cell_{}", code.replace('-', "_"));
        assert!(said.contains(&format!("\"{code}\" =>")), "{code} has no sentence");
        for language in ["en", "zh"] {
            assert!(sentences(language, "errors.json").contains_key(&key), "{language}: {key}");
        }
    }
}

#[test]
fn what_a_cell_s_error_names_stands_in_its_sentence() {
    for text in
        ["state a\na<t> = tahn(x<t>)", "state a\na<t> = tanh(q<t>)", "a<t> = x<t>", "state a\na<t> = [x<t>"]
    {
        for error in parse_cell(text).expect_err("this is no cell") {
            let key = format!(".cell_{}", error.kind.code().replace('-', "_"));
            let named: BTreeSet<&str> = error.kind.arguments().into_iter().map(|(name, _)| name).collect();
            for language in ["en", "zh"] {
                let said = sentences(language, "errors.json");
                assert!(places(&said[&key]).is_subset(&named), "{language} {key}: {named:?}");
            }
        }
    }
}

/// The files of a language.
fn files(language: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
    let entries = std::fs::read_dir(folder).expect("a language's folder");
    entries.map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned()).collect()
}

/// All source text below a folder.
fn source(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let read = |path: std::path::PathBuf| {
        if path.is_dir() { source(&path) } else { std::fs::read_to_string(path).expect("a source file") }
    };
    entries.map(read).collect()
}

#[test]
fn every_sentence_is_said_somewhere() {
    let page = source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app"));
    // As the macros write them: `lab.title`, without what the formatter puts between.
    let page: String = page.chars().filter(|letter| !letter.is_whitespace()).collect();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_said =
        |name: &str| page.match_indices(name).any(|(at, _)| !page[at + name.len()..].starts_with(is_word));
    let mut unsaid = Vec::new();
    for file in files("en") {
        let namespace = file.trim_end_matches(".json").to_owned();
        // Some are said by a macro that is given the bare key.
        let keys = sentences("en", &file).into_keys().map(|key| key.trim_start_matches('.').to_owned());
        let names = keys.map(|key| (format!("{namespace}.{key}"), key));
        unsaid.extend(names.filter(|(name, key)| !is_said(name) && !is_said(&format!("({key})"))));
    }
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

#[test]
fn both_languages_have_the_same_keys_and_the_same_places() {
    assert_eq!(files("en"), files("zh"));
    for file in &files("en") {
        let (english, chinese) = (sentences("en", file), sentences("zh", file));
        assert_eq!(english.keys().collect::<Vec<_>>(), chinese.keys().collect::<Vec<_>>(), "{file}");
        for (key, sentence) in &english {
            assert_eq!(places(sentence), places(&chinese[key]), "{file} {key}");
        }
    }
}

#[test]
fn every_word_about_a_file_has_a_sentence_in_both_languages() {
    let read = |path: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a source file")
    };
    let said = read("src/app/files/words.rs");
    let mut count = 0;
    for (file, start) in [("import_error", ".err_"), ("import_note", ".note_")] {
        let source = read(&format!("src/formats/{file}.rs"));
        let list = source.split("fn code(&self)").nth(1).expect("a list of codes");
        let list = list.split("\n    }\n").next().unwrap_or_default();
        for code in list.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()) {
            count += 1;
            assert!(said.contains(&format!("\"{code}\" => say!")), "{code} is not said");
            for language in ["en", "zh"] {
                let key = format!("{start}{code}");
                assert!(sentences(language, "files.json").contains_key(&key), "{language}: {key}");
            }
        }
    }
    assert!(count >= 29, "{count} codes");
    let english = &sentences("en", "files.json")[".err_onnx"];
    assert!([".weights.h5", ".keras", "safetensors"].iter().all(|format| english.contains(format)));
}
