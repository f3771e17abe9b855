//! Numbers of a figure's network that a reader changes, in every figure that has a network of its own.

use std::collections::BTreeMap;

use unrolled::view::figures::numbers::{Shown, all};
use unrolled::view::figures::{Figure, NAMES, Opens, Values, Words, figure, resolve};
use unrolled::view::stepper::edits::{Target, number_at};

/// Figures about one small network on the reader's sentence.
const WITH_NUMBERS: [&str; 15] = [
    "column",
    "unrolled",
    "state",
    "stacked",
    "answer",
    "losses",
    "backward",
    "itemised",
    "gradient-check",
    "mixing",
    "reset-gate",
    "gates",
    "lstm-walk",
    "lstm-roles",
    "lstm-memory",
];

fn given(pairs: &[(&str, &str)]) -> Values {
    let text = [("sentence", "the cat"), ("text", "the cat sat\nthe dog sat")];
    text.into_iter().chain(pairs.iter().copied()).collect()
}

fn now(figure: &dyn Figure, pairs: &[(&str, &str)]) -> Values {
    resolve(figure, &given(pairs)).1
}

/// What can be pressed in a figure, in its drawing or below it.
fn offered(figure: &dyn Figure, now: &Values) -> Vec<Target> {
    let words = Words::new(BTreeMap::new());
    let numbers = figure.numbers(now).expect("a network");
    let mut found = Vec::new();
    let mut look = |element: &unrolled::view::markup::Element| {
        let set = element.attribute("data-set").and_then(|set| set.strip_prefix("number="));
        found.extend(set.and_then(|target| target.parse().ok()));
    };
    figure.draw(now, &words).body.iter().for_each(|node| node.each(&mut look));
    if numbers.shown != Shown::Drawn {
        unrolled::view::markup::Node::from(all(&numbers, now, true, &words)).each(&mut look);
    }
    found
}

#[test]
fn a_figure_about_one_network_lets_its_numbers_be_changed() {
    let with_numbers: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| {
            let figure = figure(name).expect("a figure");
            figure.numbers(&now(&*figure, &[])).is_some()
        })
        .collect();
    let expected = NAMES.iter().copied().filter(|name| WITH_NUMBERS.contains(name) || *name == "jacobians");
    assert_eq!(with_numbers, expected.collect::<Vec<_>>());
    for name in WITH_NUMBERS.into_iter().filter(|name| *name != "column") {
        let figure = figure(name).expect("a figure");
        assert!(figure.numbers(&now(&*figure, &[("sentence", "")])).is_none(), "{name}: of no sentence");
    }
}

#[test]
fn every_number_that_is_offered_is_one_of_the_network_and_takes_a_value() {
    for name in WITH_NUMBERS.into_iter().chain(["jacobians"]) {
        let figure = figure(name).expect("a figure");
        let offered = offered(&*figure, &now(&*figure, &[]));
        assert!(offered.iter().any(|target| matches!(target, Target::Weight { .. })), "{name}: no weight");
        assert!(offered.iter().any(|target| matches!(target, Target::Input { .. })), "{name}: no input");
        for target in offered.iter().step_by(7) {
            let change = format!("{target}=0.625");
            let changed = now(&*figure, &[("numbers", &change), ("number", &target.to_string())]);
            assert_eq!(changed.text("value"), "0.625", "{name}: {target}");
            let numbers = figure.numbers(&changed).expect("a network");
            let value = number_at(&numbers.model, &numbers.input, target);
            assert_eq!(value, Some(0.625), "{name}: {target}");
        }
    }
}

#[test]
fn what_a_figure_draws_follows_from_the_changed_numbers() {
    let words = Words::new(BTreeMap::new());
    for name in WITH_NUMBERS.into_iter().chain(["jacobians"]) {
        let figure = figure(name).expect("a figure");
        let before = now(&*figure, &[]);
        let came = figure.draw(&before, &words).table;
        let follows = offered(&*figure, &before).iter().any(|target| {
            let change = format!("{target}=0.625");
            figure.draw(&now(&*figure, &[("numbers", &change)]), &words).table != came
        });
        assert!(follows, "{name}");
        // What is opened elsewhere has the same change.
        let weight =
            offered(&*figure, &before).into_iter().find(|target| matches!(target, Target::Weight { .. }));
        let change = format!("{}=0.625", weight.expect("a weight"));
        if let Some(Opens::Stepper(shared)) = figure.opens(&now(&*figure, &[("numbers", &change)])) {
            assert_eq!(String::from(shared.stepper.edits), change, "{name}");
        }
    }
}

#[test]
fn the_parts_of_a_gates_sum_add_up_with_any_input_and_any_first_state() {
    let roles = figure("lstm-roles").expect("a figure");
    let change = "x.1.2=0.5;x.1.3=-0.75;s1.a.1=0.9;s1.a.4=-0.3;s1.c.2=0.4";
    let words = Words::new(BTreeMap::new());
    let number = |text: &str| text.replace('\u{2212}', "-").parse::<f64>().expect("a number");
    let drawing = roles.draw(&now(&*roles, &[("step", "1"), ("unit", "2"), ("numbers", change)]), &words);
    assert_eq!(drawing.table.rows.len(), 4);
    for row in &drawing.table.rows {
        let [context, news, _, sum, value] = [1, 2, 3, 4, 5].map(|column| number(&row[column]));
        assert!(context != 0.0 && news != 0.0, "{row:?}");
        let squashed = if row[0].starts_with("c~") { sum.tanh() } else { 1.0 / (1.0 + (-sum).exp()) };
        assert!((squashed - value).abs() < 2e-4, "{row:?}");
    }
}
