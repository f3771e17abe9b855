//! Steps by hand against small calculations of their own, from the matrices that a reader is given as they are printed.

use unrolled::engine::model::Model;
use unrolled::language::Unit;
use unrolled::training::choice::architecture;
use unrolled::training::initial::usual_weights;
use unrolled::training::settings::ModelSettings;
use unrolled::view::figures::Opens;
use unrolled::view::figures::exercise::Task;
use unrolled::view::figures::worksheet::KNOWN;
use unrolled::view::link::{Shared, StepperState, WeightsFrom, read, write};
use unrolled::view::markup::{Element, Node};
use unrolled::view::stepper::Part;
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::sequence::own;

use super::printed::{SEEDS, asked, calculated, task};

/// Letters and digits of a name, however it is set.
fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The printed matrices by their titles, row by row.
fn matrices(task: &Task) -> Vec<(String, Vec<f64>)> {
    let mut all = Vec::new();
    for node in &task.given {
        node.each(&mut |element: &Element| {
            if element.attribute("class") == Some("fig-matrix") {
                let title = element.children.first().map(Node::plain).unwrap_or_default();
                let mut numbers = Vec::new();
                Node::Element(element.clone()).each(&mut |text: &Element| {
                    if text.tag == "text" {
                        numbers.extend(calculated(&Node::Element(text.clone()).plain()));
                    }
                });
                all.push((letters(&title), numbers));
            }
        });
    }
    all
}

/// What a reader is given in matrices, at a step.
struct Given {
    matrices: Vec<(String, Vec<f64>)>,
    step: usize,
}

impl Given {
    fn of(&self, name: &str) -> Vec<f64> {
        let found = self.matrices.iter().find(|(title, _)| *title == letters(name));
        found.unwrap_or_else(|| panic!("{name} in {:?}", self.matrices)).1.clone()
    }

    /// A state of one unit before the step.
    fn before(&self, state: &str) -> f64 {
        self.of(&format!("{state}{}", self.step - 1))[0]
    }

    fn input(&self) -> Vec<f64> {
        self.of(&format!("x{}ᵀ", self.step))
    }

    /// `W [before, x] + b` of one unit.
    fn gate(&self, name: &str, before: f64) -> f64 {
        let weights = self.of(&format!("W_{name}"));
        weights[0] * before + dot(&weights[1..], &self.input()) + self.of(&format!("b_{name}"))[0]
    }
}

/// Compares the answers of many questions with what `expected` makes of the printed matrices.
fn check(name: &str, expected: impl Fn(&Given) -> Vec<f64>) {
    let known = KNOWN.iter().find(|known| known.name == name).expect("the exercise");
    for seed in 1..=SEEDS {
        for values in asked(known, seed) {
            let task = task(known, seed, &values);
            let given = Given { matrices: matrices(&task), step: values.whole("step").max(2) };
            let own = expected(&given);
            assert_eq!(own.len(), task.steps.len(), "{name} {seed}");
            for (step, own) in task.steps.iter().zip(own) {
                assert!((step.value - own).abs() < 1e-9, "{name} {seed}: {step:?}, expected {own}");
            }
        }
    }
}

fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

fn dot(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

#[test]
fn a_step_by_hand_follows_from_the_printed_numbers() {
    check("hand-rnn", |given| {
        let sum = given.of("W_aa")[0] * given.before("a")
            + dot(&given.of("W_ax"), &given.input())
            + given.of("b_a")[0];
        vec![sum, sum.tanh()]
    });
    check("hand-gru-simplified", |given| {
        let before = given.before("c");
        let (candidate, update) = (given.gate("c", before), given.gate("u", before));
        let share = sigmoid(update);
        let state = share * candidate.tanh() + (1.0 - share) * before;
        vec![candidate, candidate.tanh(), update, share, state, state]
    });
    check("hand-gru", |given| {
        let before = given.before("c");
        let (reset, update) = (given.gate("r", before), given.gate("u", before));
        let candidate = given.gate("c", sigmoid(reset) * before);
        let share = sigmoid(update);
        let state = share * candidate.tanh() + (1.0 - share) * before;
        vec![reset, sigmoid(reset), candidate, candidate.tanh(), update, share, state, state]
    });
    check("hand-lstm", |given| {
        let sums = ["c", "f", "u", "o"].map(|name| given.gate(name, given.before("a")));
        let [candidate, forget, update, output] = sums;
        let memory = sigmoid(update) * candidate.tanh() + sigmoid(forget) * given.before("c");
        let mut all = vec![candidate, candidate.tanh()];
        all.extend([forget, update, output].iter().flat_map(|sum| [*sum, sigmoid(*sum)]));
        all.extend([memory, sigmoid(output) * memory.tanh()]);
        all
    });
    check("state-task", |given| {
        let (bias, recurrent, weights, input) =
            (given.of("b_a"), given.of("W_aa"), given.of("W_ax"), given.input());
        let first = [bias[0].tanh(), bias[1].tanh()];
        let sum = |row: usize| {
            let columns = input.len();
            dot(&recurrent[2 * row..], &first)
                + dot(&weights[columns * row..columns * (row + 1)], &input)
                + bias[row]
        };
        vec![first[0], first[1], sum(0), sum(1), sum(0).tanh(), sum(1).tanh()]
    });
}

/// What the Stepper shows of a link.
pub(super) fn stepped(state: &Shared) -> (StepperModel, StepperState) {
    let link = write(state);
    let opened = read(&link.query, &link.fragment);
    assert_eq!(opened.errors, []);
    let stepper = opened.state.stepper;
    let WeightsFrom::Random { seed } = stepper.weights else { panic!("{:?}", stepper.weights) };
    let sequence = own(&stepper.sentence, Unit::Character, None);
    let settings = ModelSettings {
        cell: stepper.cell.clone(),
        hidden: stepper.hidden,
        layers: 1,
        ..ModelSettings::default()
    };
    let architecture = architecture(&settings, sequence.vocabulary.len()).expect("a cell");
    let weights = usual_weights::<f32>(&architecture, &settings.cell, seed);
    let model = Model::from_flat(&architecture, &weights).convert();
    (StepperModel::edited(model, sequence, &stepper.edits).expect("the sentence fits"), stepper)
}

#[test]
fn a_calculation_by_hand_opens_in_the_stepper_with_the_numbers_that_are_printed() {
    let mut compared = 0;
    for known in KNOWN.iter().filter(|known| known.figure == "hand") {
        for seed in 1..=SEEDS {
            for values in asked(known, seed) {
                let task = task(known, seed, &values);
                let Some(Opens::Stepper(state)) = known.exercise.opens(&values) else {
                    panic!("{} {seed} opens nothing", known.name)
                };
                let (model, stepper) = stepped(&state);
                let at = stepper.step - 1;
                let numbers = |name: &str, step: usize| {
                    let values = model.column(Part::Layer(0), &name.into(), step);
                    values.unwrap_or_else(|| panic!("{}: {name}", known.name))[(0, 0)]
                };
                for step in &task.steps {
                    let (name, _) = step.name.split_once('<').expect("a name with its step");
                    let there = numbers(name, at);
                    assert!(
                        (there - step.value).abs() < 1e-12,
                        "{} {seed}: {} is {there}, asked for {}",
                        known.name,
                        step.name,
                        step.value
                    );
                    compared += 1;
                }
                // What is given stands there as it is printed.
                let given = Given { matrices: matrices(&task), step: stepper.step };
                let layer = &model.model.layers[0];
                for (name, weights) in &layer.weights {
                    assert_eq!(given.of(&name.0), weights.iter().copied().collect::<Vec<_>>(), "{name}");
                }
                for state in layer.cell.states.iter().filter(|_| at > 0) {
                    assert_eq!(given.before(&state.0), numbers(&state.0, at - 1), "{state}");
                }
            }
        }
    }
    assert!(compared > 1000, "{compared} numbers");
}

#[test]
fn a_step_by_hand_on_a_sheet_begins_with_a_state_that_is_not_zero() {
    for known in KNOWN.iter().filter(|known| known.figure == "hand") {
        for seed in 1..=40 {
            let values = known.given(seed);
            let task = task(known, seed, &values);
            let given = Given { matrices: matrices(&task), step: values.whole("step") };
            let state = if known.name == "hand-rnn" { "a" } else { "c" };
            assert_ne!(given.before(state), 0.0, "{} {seed}", known.name);
        }
    }
}
