//! Exercises accept their own numbers.

use unrolled::view::figures::{Kind, Values, figure, resolve};
use unrolled::view::markup::Node;

use super::{all_used, words};

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
