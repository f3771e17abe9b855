//! The page for teachers: its links open as it says, and both languages give the same lessons.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use unrolled::view::address::CHAPTERS;
use unrolled::view::figures::{Values, link as figure_link};
use unrolled::view::link::{Lesson, Part, Tool, read};

/// A language's page for teachers.
fn teachers(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(language).join("teachers.md");
    fs::read_to_string(path).expect("the page for teachers")
}

/// Links to something: what stands behind `](kind:`.
fn links<'t>(text: &'t str, kind: &str) -> Vec<&'t str> {
    let start = format!("]({kind}:");
    text.split(&start).skip(1).map(|rest| rest.split(')').next().expect("the link's end")).collect()
}

#[test]
fn every_link_of_the_page_for_teachers_opens_as_it_says() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/samples/index.json");
    let samples = fs::read_to_string(samples).expect("the samples");
    let keys = "present hide text reading cell hidden rule rate clip window steps show sentence units weights step \
                equation direction notation row";
    let keys: BTreeSet<&str> = keys.split_whitespace().collect();
    for language in ["en", "zh"] {
        let text = teachers(language);
        let (mut tools, mut lessons, mut sheets) = (0, 0, 0);
        for link in links(&text, "page") {
            let (target, query) = link.split_once('?').unwrap_or((link, ""));
            if target == "worksheets" {
                // The page as it begins, or the sheet of a chapter.
                let sheet = query.is_empty().then(Values::default);
                let sheet = sheet.or_else(|| figure_link::read(query).map(|figure| figure.changed));
                let sheet = sheet.unwrap_or_else(|| panic!("{language}: {link}"));
                let chapter = sheet.text("chapter");
                assert!(chapter.is_empty() || CHAPTERS.contains(&chapter), "{language}: {link}");
                sheets += 1;
                continue;
            }
            assert!(!query.is_empty(), "{language}: {link} has no state");
            let tool = match target {
                "stepper" => Tool::Stepper,
                "lab" => Tool::Lab,
                other => panic!("{language}: {other}"),
            };
            tools += 1;
            let opened = read(query, "");
            assert_eq!(opened.errors, [], "{language}: {link}");
            for (key, value) in query.split('&').map(|pair| pair.split_once('=').expect("key=value")) {
                assert!(keys.contains(key), "{language}: {key} in {link}");
                if key == "text" {
                    assert!(samples.contains(&format!("\"{value}\"")), "{language}: {value}");
                }
                if key == "hide" {
                    lessons += 1;
                    assert_eq!(
                        opened.state.lesson.hide.len(),
                        value.split(',').count(),
                        "{language}: {link}"
                    );
                    assert!(
                        opened.state.lesson.hide.iter().all(|part| part.is_in(tool)),
                        "{language}: {link}"
                    );
                }
            }
            let stepper = &opened.state.stepper;
            let steps = stepper.sentence.chars().count() + 1;
            assert!(stepper.step <= steps, "{language}: {link} has {steps} steps");
        }
        assert!(tools > 15 && lessons == 6, "{language}: {tools} links, {lessons} lessons");
        assert!(sheets > 0, "{language}: no link to the worksheets");
        for link in links(&text, "chapter") {
            let chapter = link.split(['?', '#']).next().expect("a name");
            assert!(CHAPTERS.contains(&chapter), "{language}: {link}");
            if let Some((_, rest)) = link.split_once('?') {
                let query = rest.split('#').next().expect("a query");
                assert!(Lesson::read(query).present, "{language}: {link}");
            }
        }
    }
}

#[test]
fn both_pages_for_teachers_give_the_same_lessons() {
    let shape = |language: &str| {
        let text = teachers(language);
        let minutes: Vec<String> = text
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
            .map(|(first, _)| first.to_owned())
            .filter(|first| first.contains('–'))
            .collect();
        let chapters: Vec<String> = links(&text, "chapter").into_iter().map(str::to_owned).collect();
        let hidden: Vec<Vec<Part>> =
            links(&text, "page").iter().map(|link| read(link, "").state.lesson.hide).collect();
        let points = text.lines().filter(|line| line.starts_with("- *")).count();
        (minutes, chapters, hidden, points)
    };
    assert_eq!(shape("en"), shape("zh"));
    // Each plan leaves no minute out.
    let (minutes, ..) = shape("en");
    let mut ends = Vec::new();
    let mut last = 0;
    for stretch in minutes {
        let (from, to) = stretch.split_once('–').expect("from–to");
        let (from, to): (u32, u32) = (from.parse().expect("minutes"), to.parse().expect("minutes"));
        if from == 0 {
            ends.extend((last > 0).then_some(last));
        } else {
            assert_eq!(from, last, "{stretch}");
        }
        assert!(to > from, "{stretch}");
        last = to;
    }
    ends.push(last);
    assert_eq!(ends, [45, 45, 90, 90]);
}
