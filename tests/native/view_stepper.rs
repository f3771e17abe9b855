//! The walk through the equations, a row spelled out, sentences about a state.

use proptest::prelude::*;
use unrolled::view::role::Role;
use unrolled::view::stepper::{
    Course, Direction, Observation, Part, Position, Section, observe_gradient, observe_loss,
    observe_prediction, observe_value,
};

fn lstm(steps: usize) -> Course {
    Course {
        steps,
        layers: vec![Section { forward: 6, backward: 21 }],
        head: Section { forward: 2, backward: 4 },
    }
}

fn at(step: usize, equation: usize, direction: Direction) -> Position {
    Position { step, equation, direction }
}

#[test]
fn forward_goes_left_to_right_and_backward_right_to_left() {
    let course = lstm(11);
    assert_eq!(course.positions(Direction::Forward), 88);
    let last_of_step = at(1, 7, Direction::Forward);
    assert_eq!(course.next_equation(last_of_step), Some(at(2, 0, Direction::Forward)));
    assert_eq!(course.first(Direction::Backward), at(11, 0, Direction::Backward));
    assert_eq!(course.next_equation(at(11, 24, Direction::Backward)), Some(at(10, 0, Direction::Backward)));
    assert_eq!(course.last(Direction::Backward), at(1, 24, Direction::Backward));
    assert_eq!(course.next_step(at(5, 3, Direction::Backward)), Some(at(4, 3, Direction::Backward)));
    assert_eq!(course.next_step(at(11, 3, Direction::Forward)), None);
    assert_eq!(course.previous_equation(course.first(Direction::Forward)), None);
    assert_eq!(course.turned(at(5, 3, Direction::Forward)), at(5, 0, Direction::Backward));
}

#[test]
fn the_head_comes_last_forward_and_first_backward() {
    let mut course = lstm(3);
    course.layers.push(Section { forward: 1, backward: 5 });
    assert_eq!(course.part(at(1, 5, Direction::Forward)), (Part::Layer(0), 5));
    assert_eq!(course.part(at(1, 6, Direction::Forward)), (Part::Layer(1), 0));
    assert_eq!(course.part(at(1, 8, Direction::Forward)), (Part::Head, 1));
    assert_eq!(course.part(at(1, 3, Direction::Backward)), (Part::Head, 3));
    assert_eq!(course.part(at(1, 4, Direction::Backward)), (Part::Layer(1), 0));
    assert_eq!(course.part(at(1, 9, Direction::Backward)), (Part::Layer(0), 0));
    assert_eq!(course.offset(Part::Head, Direction::Forward), 7);
}

#[test]
fn a_link_to_a_step_that_does_not_exist_stands_at_the_nearest() {
    let course = lstm(4);
    assert_eq!(course.clamp(at(99, 99, Direction::Forward)), at(4, 7, Direction::Forward));
    assert_eq!(course.clamp(at(0, 0, Direction::Forward)), at(1, 0, Direction::Forward));
}

#[test]
fn an_empty_course_has_one_place_and_no_way_on() {
    let nothing = Section { forward: 0, backward: 0 };
    let course = Course { steps: 0, layers: Vec::new(), head: nothing };
    let first = course.first(Direction::Backward);
    assert_eq!(course.next_equation(first), None);
    assert_eq!(course.previous_equation(first), None);
    assert_eq!(course.previous_step(first), None);
    assert_eq!(course.progress(first), 1.0);
    assert_eq!(course.part(first), (Part::Head, 0));
}

proptest! {
    #[test]
    fn every_place_is_passed_once_and_back_again(steps in 1usize..6, forward in 0usize..5, head in 1usize..3) {
        let section = Section { forward, backward: forward * 3 };
        let course = Course {
            steps, layers: vec![section, section], head: Section { forward: head, backward: head + 1 },
        };
        for direction in [Direction::Forward, Direction::Backward] {
            let mut position = course.first(direction);
            let mut passed = vec![position];
            while let Some(next) = course.next_equation(position) {
                prop_assert_eq!(course.previous_equation(next), Some(position));
                prop_assert!(course.progress(next) > course.progress(position));
                position = next;
                passed.push(position);
            }
            prop_assert_eq!(passed.len(), course.positions(direction));
            prop_assert_eq!(position, course.last(direction));
            for (number, position) in passed.iter().enumerate() {
                prop_assert_eq!(course.number(*position), number);
                prop_assert_eq!(course.at(number, direction), *position);
            }
        }
    }
}

#[test]
fn a_gate_is_described_by_its_most_and_least_open_unit() {
    let forget = "Γ_f".into();
    assert_eq!(
        observe_value(5, &forget, Role::Forget, &[0.60, 0.83, 0.66]),
        Some(Observation::GateRange {
            step: 5,
            symbol: forget.clone(),
            role: Role::Forget,
            most_unit: 2,
            most: 0.83,
            least_unit: 1,
            least: 0.60
        })
    );
    assert!(matches!(
        observe_value(1, &forget, Role::Forget, &[0.99, 0.97]),
        Some(Observation::GateOpen { least, .. }) if least == 0.97
    ));
    assert!(matches!(observe_value(1, &forget, Role::Forget, &[0.01]), Some(Observation::GateShut { .. })));
    assert_eq!(observe_value(1, &forget, Role::Forget, &[]), None);
}

#[test]
fn states_predictions_and_gradients_are_described_by_thresholds() {
    let (a, da) = ("a".into(), "da".into());
    let says = |values: &[f64]| observe_value(2, &a, Role::Hidden, values);
    assert!(matches!(says(&[0.995, 0.2]), Some(Observation::Saturated { units: 1, of: 2, .. })));
    assert!(matches!(says(&[0.1, -0.2]), Some(Observation::Largest { unit: 2, .. })));
    assert!(matches!(says(&[0.0, 0.0]), Some(Observation::AllZero { .. })));
    assert!(matches!(says(&[0.0, f64::NAN]), Some(Observation::NotFinite { unit: 2, .. })));
    assert!(matches!(
        observe_prediction(1, &[0.2, 0.5, 0.3], Some(1)),
        Some(Observation::PredictionRight { index: 1, .. })
    ));
    assert!(matches!(
        observe_prediction(1, &[0.2, 0.5, 0.3], Some(2)),
        Some(Observation::PredictionWrong { index: 1, right: 2, .. })
    ));
    assert!(matches!(observe_prediction(1, &[1.0], Some(9)), Some(Observation::Prediction { .. })));
    // What is alike as far as a reader is told is said to be alike.
    assert!(matches!(
        observe_prediction(1, &[0.25; 4], Some(2)),
        Some(Observation::PredictionEven { symbols: 4, .. })
    ));
    let gate = |values: &[f64]| observe_value(1, &"Γ_f".into(), Role::Forget, values);
    assert!(matches!(gate(&[0.5, 0.501, 0.5]), Some(Observation::GateEven { units: 3, .. })));
    assert!(matches!(gate(&[0.5]), Some(Observation::GateEven { units: 1, .. })));
    assert!(matches!(observe_loss(1, 8.0_f64.ln(), 8), Observation::LossAsUniform { .. }));
    assert!(matches!(observe_loss(1, 0.5, 31), Observation::LossBelowUniform { .. }));
    assert!(matches!(observe_loss(1, 9.0, 31), Observation::LossAboveUniform { .. }));
    assert!(matches!(observe_loss(1, f64::NAN, 31), Observation::NotFinite { .. }));
    assert!(matches!(observe_gradient(1, &da, &[1e-9]), Some(Observation::GradientVanished { .. })));
    assert!(matches!(observe_gradient(1, &da, &[1e9]), Some(Observation::GradientExploding { .. })));
    assert!(matches!(
        observe_gradient(1, &da, &[3.0, -4.0]),
        Some(Observation::Gradient { norm: 5.0, unit: 2, .. })
    ));
}
