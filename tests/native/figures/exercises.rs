//! Exercises accept their own numbers.

use unrolled::view::figures::exercise::{Verdict, judge};
use unrolled::view::figures::worksheet::{KNOWN, Known};
use unrolled::view::figures::{Kind, Values, figure, resolve};
use unrolled::view::markup::Node;

use super::{LANGUAGES, WORKSHEETS, all_used, pages, sentences, words};

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

/// How many later numbers follow from each one. What the answers are decides only for a drawn symbol.
fn followers(name: &str, cell: &str, right: &[f64], labels: &[String]) -> Vec<usize> {
    let drawn = |symbols: [f64; 2]| right[2..].iter().filter(|symbol| symbols.contains(symbol)).count();
    match (name, cell) {
        ("padding-task", _) => vec![3, 2, 1, 0],
        ("column-task", _) => vec![1, 1, 0, 0],
        ("state-task", _) => vec![4, 4, 1, 1, 0, 0],
        ("shapes-task", _) => vec![0; 6],
        ("answer-task", _) => {
            let hit = |row: usize| if labels[4].contains(&row.to_string()) { 2 } else { 0 };
            vec![hit(1), hit(2), hit(3), 0, 0]
        }
        ("chain-task", _) => vec![0, 2, 1, 0],
        ("likelier-task", _) => vec![1, 1, 0, 0, 0],
        // b lies below the first sum, c between both, d above the second.
        ("draw-task", _) => vec![drawn([2.0, 3.0]), drawn([3.0, 4.0]), 0, 0, 0],
        ("temperature-task", _) => vec![0; 4],
        ("tail-task", _) => vec![0, 0, 1, 0],
        ("loss-task" | "product-task", _) => vec![1, 1, 1, 0],
        ("clip-task", _) => vec![4, 3, 0, 0, 0],
        ("start-task", _) => vec![1, 0, 1, 0],
        ("mix-task", _) => vec![2, 1, 0, 0],
        ("memory-task", _) => vec![3, 0, 1, 0, 0],
        ("hand", "rnn") => vec![1, 0],
        ("hand", "gru-simplified") => vec![3, 2, 3, 2, 1, 0],
        ("hand", "gru") => vec![5, 4, 3, 2, 3, 2, 1, 0],
        ("hand", "lstm") => vec![3, 2, 3, 2, 3, 2, 2, 1, 1, 0],
        _ => panic!("{name} {cell}"),
    }
}

#[test]
fn only_where_later_numbers_follow_from_a_wrong_one_it_says_so() {
    for used in all_used() {
        let drawn = figure(&used.name).expect("a figure");
        let words = words(used.language, used.chapter).of(&used.name);
        for seed in 1..=20 {
            let mut given = used.attributes.clone();
            given.set("seed", seed);
            given.set("solution", "on");
            let (settings, now) = resolve(&*drawn, &given);
            let answers: Vec<_> = settings.iter().filter(|s| s.kind == Kind::Answer).collect();
            if answers.is_empty() {
                break;
            }
            let solution: Vec<String> = drawn.draw(&now, &words).body.iter().flat_map(items).collect();
            let right: Vec<f64> = solution.iter().map(|line| number(line)).collect();
            let labels: Vec<String> = answers.iter().map(|answer| answer.label.clone()).collect();
            let expected = followers(&used.name, now.text("cell"), &right, &labels);
            assert_eq!(expected.len(), right.len(), "{}", used.name);
            given.set("checked", 1);
            for (answer, value) in answers.iter().zip(&right) {
                given.set(answer.name, value);
            }
            for (place, later) in expected.into_iter().enumerate() {
                let mut wrong = given.clone();
                wrong.set(answers[place].name, right[place] + 1.7);
                let (_, now) = resolve(&*drawn, &wrong);
                let said = drawn.draw(&now, &words).sentence;
                for count in 1..answers.len() {
                    let follows = words.count("followers", count, &[]);
                    assert_eq!(
                        said.contains(&follows),
                        count == later,
                        "{} {seed}, number {}: {said}",
                        used.name,
                        place + 1
                    );
                }
            }
        }
    }
}

#[test]
fn neither_zero_nor_another_magnitude_is_accepted() {
    for known in &KNOWN {
        let words = words("en", WORKSHEETS).of(known.figure);
        for seed in 1..=2000 {
            let task = known.exercise.task(seed, &known.given(seed), &words).expect("a question");
            for step in task.steps {
                // What is no more than its last two printed digits may be anything there.
                let last = 0.1_f64.powi(step.decimals as i32);
                if step.value.abs() < 2.5 * last {
                    continue;
                }
                for factor in [0.0, 0.1, 10.0, -1.0] {
                    let answer = format!("{:.15}", step.value * factor);
                    let is_zero = answer.trim_matches(['-', '0', '.']).is_empty();
                    let answer = if is_zero { "0" } else { &answer };
                    assert_eq!(judge(answer, &step), Verdict::Wrong, "{} {seed}: {step:?}", known.name);
                }
            }
        }
    }
}

#[test]
fn factors_rounded_to_three_digits_lead_to_a_product_that_is_right() {
    let rounded = |value: f64| -> f64 { format!("{value:.2e}").parse().expect("a number") };
    let known = KNOWN.iter().find(|known| known.name == "product-task").expect("the exercise");
    let words = words("en", WORKSHEETS).of(known.figure);
    for seed in 1..=2000 {
        let task = known.exercise.task(seed, &known.given(seed), &words).expect("a question");
        let (product, factors) = task.steps.split_last().expect("steps");
        let factors: Vec<f64> = factors.iter().map(|factor| rounded(factor.value)).collect();
        for (step, factor) in task.steps.iter().zip(&factors) {
            // As a share of a hundred it is the same number.
            assert_eq!(judge(&format!("{:.9}%", factor * 100.0), step), Verdict::Right, "{seed}: {step:?}");
            assert_eq!(judge(&factor.to_string(), step), Verdict::Right, "{seed}: {step:?}");
            // Three digits are asked for: two are too few, unless the third is hardly any.
            let two: f64 = format!("{factor:.1e}").parse().expect("a number");
            let third = (two - factor).abs() / 10_f64.powf(factor.abs().log10().floor() - 2.0);
            let is_right = judge(&two.to_string(), step) == Verdict::Right;
            assert!(third < 2.5 || factor.abs() < 0.05 || !is_right, "{seed}: {two} for {step:?}");
        }
        let own = rounded(factors.iter().product::<f64>());
        assert_eq!(judge(&format!("{own:.12}"), product), Verdict::Right, "{seed}: {own} {product:?}");
    }
}

#[test]
fn a_calculation_by_hand_wants_the_three_decimals_that_it_asks_for() {
    let by_hand: Vec<&Known> = KNOWN.iter().filter(|known| known.figure == "hand").collect();
    assert!(!by_hand.is_empty());
    for known in by_hand {
        let words = words("en", WORKSHEETS).of(known.figure);
        for seed in 1..=200 {
            let task = known.exercise.task(seed, &known.given(seed), &words).expect("a question");
            // A small number has more decimals.
            for step in task.steps.into_iter().filter(|step| step.decimals == 3) {
                assert_eq!(judge(&format!("{:.3}", step.value), &step), Verdict::Right, "{seed}: {step:?}");
                let two = format!("{:.2}", step.value);
                let off = (two.parse::<f64>().expect("a number") - step.value).abs();
                assert!(off < 0.002 || judge(&two, &step) == Verdict::Wrong, "{seed}: {two} for {step:?}");
            }
        }
    }
}

#[test]
fn a_reason_goes_on_after_a_colon() {
    for (language, chapter) in LANGUAGES.iter().flat_map(|language| pages().map(move |page| (language, page)))
    {
        for (key, sentence) in sentences(language, chapter) {
            let is_reason = key
                .split_once('.')
                .is_some_and(|(group, word)| group.ends_with("-task") && word.starts_with("why-"));
            let begins_large = sentence.chars().next().is_some_and(char::is_uppercase);
            assert!(!is_reason || !begins_large, "{language}/{chapter}: {key} {sentence}");
        }
    }
}

/// The number of a line of the solution: behind its equals sign.
fn number(line: &str) -> f64 {
    let after = line.split(" = ").nth(1).expect("a value").replace('−', "-");
    let end = after.find(|c: char| !(c.is_ascii_digit() || "-.".contains(c))).unwrap_or(after.len());
    after[..end].parse().expect("a number")
}

/// The lines of a list.
fn items(node: &Node) -> Vec<String> {
    match node {
        Node::Element(element) if element.tag == "ol" => element.children.iter().map(Node::plain).collect(),
        _ => Vec::new(),
    }
}
