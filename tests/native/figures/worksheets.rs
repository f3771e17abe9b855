//! Worksheets: the same number makes the same sheet, and every blank has its answer in the key.

use unrolled::view::address::CHAPTERS;
use unrolled::view::figures::exercise::{Verdict, judge};
use unrolled::view::figures::worksheet::{KNOWN, Question, questions};
use unrolled::view::figures::{Drawing, Values, Words, figure, link, resolve};
use unrolled::view::markup::{Element, Node};

use super::{LANGUAGES, WORKSHEETS, all_used, plain, words};

fn own_words(language: &str) -> Words {
    words(language, WORKSHEETS).of("worksheet")
}

/// The values of a sheet of a chapter (or `all`), its settings as they are at first.
fn values(chapter: &str, seed: u64) -> Values {
    let given: Values = [("chapter", chapter.to_owned()), ("seed", seed.to_string())].into_iter().collect();
    resolve(&*figure("worksheet").expect("the figure"), &given).1
}

fn draw(now: &Values, words: &Words) -> Drawing {
    figure("worksheet").expect("the figure").draw(now, words)
}

/// The elements of a class, outer ones first.
fn of_class<'a>(node: &'a Node, class: &str, found: &mut Vec<&'a Element>) {
    if let Node::Element(element) = node {
        if element.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class)) {
            found.push(element);
        }
        element.children.iter().for_each(|child| of_class(child, class, found));
    }
}

fn all_of_class<'a>(drawing: &'a Drawing, class: &str) -> Vec<&'a Element> {
    let mut found = Vec::new();
    drawing.body.iter().for_each(|node| of_class(node, class, &mut found));
    found
}

#[test]
fn the_same_number_makes_the_same_sheet_and_another_number_another_one() {
    for language in LANGUAGES {
        let words = own_words(language);
        for chapter in CHAPTERS.into_iter().chain(["all"]) {
            let sheet = |seed| draw(&values(chapter, seed), &words);
            assert_eq!(sheet(17), sheet(17), "{language}/{chapter}");
            let tasks = |seed| -> Vec<_> {
                questions(&values(chapter, seed), &words).into_iter().map(|question| question.task).collect()
            };
            for (one, other) in tasks(17).iter().zip(&tasks(18)) {
                assert_ne!(one, other, "{language}/{chapter}");
            }
        }
    }
}

#[test]
fn every_blank_of_a_sheet_has_its_answer_in_the_key() {
    for language in LANGUAGES {
        let words = own_words(language);
        for chapter in CHAPTERS.into_iter().chain(["all"]) {
            for seed in [1, 2, 4711, 9999] {
                let now = values(chapter, seed);
                let asked: Vec<Question> = questions(&now, &words);
                let drawing = draw(&now, &words);
                let pages = all_of_class(&drawing, "sheet-page");
                let [page, key] = pages[..] else { panic!("{} pages", pages.len()) };
                let of_page = |page: &Element, class: &str| -> Vec<String> {
                    let node = Node::Element(page.clone());
                    let mut found = Vec::new();
                    of_class(&node, class, &mut found);
                    found.into_iter().flat_map(|list| list.children.iter().map(Node::plain)).collect()
                };
                let (blanks, answers) = (of_page(page, "sheet-blanks"), of_page(key, "fig-solution"));
                let steps: Vec<_> = asked.iter().flat_map(|question| &question.task.steps).collect();
                assert!(!steps.is_empty(), "{language}/{chapter}");
                assert_eq!(blanks.len(), steps.len(), "{language}/{chapter}");
                assert_eq!(answers.len(), steps.len(), "{language}/{chapter}");
                for ((step, blank), answer) in steps.into_iter().zip(blanks).zip(answers) {
                    // The names are set as in formulas, so they are compared from the equals sign on.
                    let (_, said) = answer.split_once(" = ").expect("name = value");
                    assert!(blank.trim_end().ends_with('='), "{blank}");
                    let number: String = said
                        .replace('−', "-")
                        .chars()
                        .take_while(|letter| letter.is_ascii_digit() || "-.".contains(*letter))
                        .collect();
                    assert_eq!(judge(&number, step), Verdict::Right, "{language}/{chapter}: {answer}");
                    assert!(answer.contains(&plain(&step.why)), "{answer}: {}", step.why);
                }
                let number = all_of_class(&drawing, "sheet-number");
                assert!(
                    number.len() == 2 && Node::Element(number[0].clone()).plain().contains(&seed.to_string())
                );
            }
        }
    }
}

#[test]
fn both_languages_ask_for_the_same_numbers() {
    for seed in 1..40 {
        let now = values("all", seed);
        let numbers = |language| -> Vec<(u64, Vec<f64>)> {
            let asked = questions(&now, &own_words(language)).into_iter();
            asked.map(|one| (one.seed, one.task.steps.iter().map(|step| step.value).collect())).collect()
        };
        assert_eq!(numbers("en"), numbers("zh"));
    }
}

#[test]
fn a_sheet_without_a_key_or_a_question_says_so() {
    let words = own_words("en");
    let mut now = values("gru", 3);
    now.set("key", "off");
    assert_eq!(all_of_class(&draw(&now, &words), "sheet-key").len(), 0);
    KNOWN.iter().for_each(|known| now.set(known.name, 0));
    let drawing = draw(&now, &words);
    assert!(drawing.body.is_empty());
    assert_eq!(drawing.sentence, words.plain("empty"));
}

#[test]
fn every_exercise_of_a_chapter_can_be_printed_and_the_key_leads_back_to_it() {
    let used = all_used();
    for known in &KNOWN {
        let mut in_chapter = used.iter().filter(|used| used.chapter == known.chapter);
        let place =
            in_chapter.find(|used| used.name == known.figure && used.attributes.text("id").is_empty());
        assert!(place.is_some(), "{} is not in {}", known.figure, known.chapter);
    }
    let printed = |name: &str, chapter: &str| {
        KNOWN.iter().any(|known| known.figure == name && known.chapter == chapter)
    };
    for used in used.iter().filter(|used| used.name.ends_with("-task") || used.name == "hand") {
        assert!(printed(&used.name, used.chapter), "{} of {}", used.name, used.chapter);
    }
    let words = own_words("en");
    let now = values("all", 5);
    let drawing = draw(&now, &words);
    let links = all_of_class(&drawing, "sheet-link");
    for (question, place) in questions(&now, &words).iter().zip(links) {
        let Some(Node::Element(anchor)) = place.children.first() else { panic!("no link") };
        let address = anchor.attribute("href").expect("an address");
        let start = format!("../book/{}/?", question.known.chapter);
        let query = address.strip_prefix(&start).and_then(|rest| rest.split('#').next()).expect("a query");
        let found = link::read(query).expect("a figure");
        assert_eq!(
            (found.id.as_str(), found.changed.whole("seed") as u64),
            (question.known.figure, question.seed)
        );
        let exam = figure(question.known.figure).expect("the exercise");
        let (_, given) = resolve(&*exam, &found.changed);
        let own = words.of(question.known.figure);
        let above: String = exam.above(&given, &own).iter().map(Node::plain).collect();
        let asked = plain(&question.task.question);
        assert!(above.starts_with(&asked), "{above}: {asked}");
    }
}
