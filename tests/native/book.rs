//! The book's texts: what they point at exists, and both languages say the same.

use std::fs;
use std::path::Path;

use unrolled::engine::derive::{backward, backward_of_head};
use unrolled::engine::presets::{preset, softmax_head};
use unrolled::training::settings::CellChoice;
use unrolled::view::address::CHAPTERS;
use unrolled::view::editor::start;
use unrolled::view::link::read;
use unrolled::view::stepper::Direction;

use crate::common::page;

/// The queries of a text's links to a page, in order.
fn queries<'t>(text: &'t str, page: &str) -> Vec<&'t str> {
    let start = format!("](page:{page}?");
    text.split(&start).skip(1).map(|rest| rest.split(')').next().expect("the link's end")).collect()
}

/// Sections by id, each with its formulas in the order of their text.
fn sections(text: &str) -> Vec<(String, Vec<String>)> {
    let mut sections = vec![(String::new(), String::new())];
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let id = title.split("{#").nth(1).expect("a heading has an id").trim_end_matches('}');
            sections.push((id.to_owned(), String::new()));
        } else if let Some((_, body)) = sections.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    let formulas = |body: String| {
        let mut formulas: Vec<String> =
            body.replace("$$", "$").split('$').skip(1).step_by(2).map(str::to_owned).collect();
        formulas.sort();
        formulas
    };
    sections.into_iter().map(|(id, body)| (id, formulas(body))).collect()
}

/// Kinds of blocks, in order: the info lines of its fences. A figure has the same name, settings and rows in both
/// languages; the sentence that it begins with may differ.
fn blocks(text: &str) -> Vec<String> {
    let infos = text
        .lines()
        .filter_map(|line| line.strip_prefix("```").or(Some(line).filter(|line| line.starts_with('@'))))
        .filter(|info| !info.is_empty());
    infos
        .map(|info| {
            // The title of a walk is words.
            let info = if info.starts_with("walk ") { "walk" } else { info };
            let mut quoted = false;
            let mut kept = String::new();
            let keeps_words = |kept: &str| kept.ends_with("rows=");
            let mut keeps = true;
            for letter in info.chars() {
                match letter {
                    '"' => {
                        quoted = !quoted;
                        keeps = !quoted || keeps_words(&kept);
                    }
                    letter if keeps => kept.push(letter),
                    _ => {}
                }
            }
            // With which rate and seed a run explodes depends on its text, and each language has its own.
            if kept.starts_with("figure diverging text=") || kept.starts_with("@diverging ") {
                let depends = |word: &&str| word.starts_with("rate=") || word.starts_with("seed=");
                return kept.split(' ').filter(|word| !depends(word)).collect::<Vec<_>>().join(" ");
            }
            kept
        })
        .collect()
}

#[test]
fn every_link_of_the_book_opens_with_nothing_to_complain_about() {
    let keys = "text unit reading vocabulary cell layers hidden rule rate clip window batch steps seed show sentence \
                units step equation direction notation row";
    let samples = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("public").join("samples").join("index.json"),
    )
    .expect("the samples");
    let mut links = 0;
    for (language, chapter) in ["en", "zh"].iter().flat_map(|l| CHAPTERS.iter().map(move |c| (l, c))) {
        let text = page(language, chapter);
        for query in queries(&text, "stepper").into_iter().chain(queries(&text, "lab")) {
            links += 1;
            assert_eq!(read(query, "").errors, [], "{language}/{chapter}: {query}");
            for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
                assert!(keys.split_whitespace().any(|known| known == key), "{language}/{chapter}: {key}");
                if key == "text" {
                    assert!(samples.contains(&format!("\"{value}\"")), "{language}/{chapter}: {value}");
                }
            }
        }
    }
    assert!(links > 40, "{links} links");
}

/// What the equation at a place of a step is for, counted from 1.
fn target(cell: &str, direction: Direction, equation: usize) -> String {
    let cell = &preset(cell).expect("a preset").cell;
    let head = softmax_head();
    let targets: Vec<String> = match direction {
        Direction::Forward => cell
            .equations
            .iter()
            .chain(&head.equations)
            .map(|line| format!("{}<t>", line.target.name.0))
            .collect(),
        Direction::Backward => backward_of_head(&head)
            .equations
            .iter()
            .chain(&backward(cell).equations)
            .map(|line| line.targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            .collect(),
    };
    targets.get(equation - 1).cloned().unwrap_or_else(|| format!("none: {targets:?}"))
}

#[test]
fn the_equations_that_the_book_points_at_are_those_it_speaks_of() {
    let mut found = Vec::new();
    for chapter in CHAPTERS {
        for query in queries(&page("en", chapter), "stepper") {
            let stepper = read(query, "").state.stepper;
            let CellChoice::Preset(cell) = &stepper.cell else { panic!("{query}") };
            if query.contains("equation=") {
                let target = target(cell, stepper.direction, stepper.equation);
                found.push(format!("{chapter}: {cell} {target}"));
            }
        }
    }
    let expected = [
        "vectors: rnn a<t>",
        "recurrent: rnn a<t>",
        "recurrent: rnn da<t>",
        "language-model: gru ŷ<t>",
        "gradients: rnn da<t-1>",
        "gru: gru-simplified c<t>",
        "gru: gru-simplified dc<t-1>",
        "gru: gru c~<t>",
        "lstm: lstm c~<t>",
        "lstm: lstm c<t>",
        "lstm: lstm dc<t-1>",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_cell_that_the_book_begins_from_is_there() {
    let mut found = 0;
    for (language, chapter) in ["en", "zh"].iter().flat_map(|l| CHAPTERS.iter().map(move |c| (l, c))) {
        for query in queries(&page(language, chapter), "cell") {
            let id = query.strip_prefix("from=").unwrap_or_else(|| panic!("{language}/{chapter}: {query}"));
            assert!(start(id).is_some(), "{language}/{chapter}: {id}");
            found += 1;
        }
    }
    assert!(found > 0, "no chapter leads to the reader's own cell");
}

#[test]
fn a_step_that_the_book_points_at_is_in_its_sentence() {
    for (language, chapter) in ["en", "zh"].iter().flat_map(|l| CHAPTERS.iter().map(move |c| (l, c))) {
        for query in queries(&page(language, chapter), "stepper") {
            let stepper = read(query, "").state.stepper;
            // Every symbol is a label, and so is <EOS>.
            let steps = stepper.sentence.chars().count() + 1;
            assert!(stepper.step <= steps, "{language}/{chapter}: {query} has {steps} steps");
        }
    }
}

#[test]
fn both_languages_have_the_same_sections_formulas_and_boxes() {
    for id in CHAPTERS.into_iter().chain(["worksheets", "about", "glossary", "teachers"]) {
        let (english, chinese) = (page("en", id), page("zh", id));
        assert_eq!(sections(&english), sections(&chinese), "{id}");
        assert_eq!(blocks(&english), blocks(&chinese), "{id}");
        for target in ["stepper", "lab", "cell"] {
            assert_eq!(queries(&english, target).len(), queries(&chinese, target).len(), "{id}: {target}");
        }
    }
}

#[test]
fn every_section_of_the_book_asks_the_reader_before_it_answers() {
    for (language, chapter) in ["en", "zh"].iter().flat_map(|l| CHAPTERS.iter().map(move |c| (l, c))) {
        let text = page(language, chapter);
        for section in text.split("\n## ").skip(1) {
            let title = section.lines().next().unwrap_or_default();
            let asked = section.split("```reveal\n").skip(1).map(|rest| rest.split("\n```").next());
            let asked: Vec<&str> = asked.flatten().collect();
            assert!(!asked.is_empty(), "{language}/{chapter}: {title} asks nothing");
            for question in asked {
                // The question is the first paragraph; the answer gives a reason, not a number alone.
                let (question, answer) = question.split_once("\n\n").unwrap_or_default();
                let says = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).count();
                let has_reason = title.contains("{#exercises}") || says(answer) > 8;
                assert!(says(question) > 4 && has_reason, "{language}/{chapter}: {question}");
            }
        }
    }
}

#[test]
fn the_contents_say_of_each_chapter_what_it_says_of_itself() {
    for language in ["en", "zh"] {
        let path = format!("{}/locales/{language}/shell.json", env!("CARGO_MANIFEST_DIR"));
        let said: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for id in unrolled::view::address::CHAPTERS {
            let path = format!("{}/content/{language}/{id}.md", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let lead = text.lines().find_map(|line| line.strip_prefix("lead: ")).unwrap();
            assert_eq!(said[format!("lead_{}", id.replace('-', "_"))], lead, "{language} {id}");
        }
    }
}
