//! Every number says where it came from: its terms, and the parts of a gradient.

use unrolled::engine::presets::presets;
use unrolled::engine::syntax::{BinaryOperator, Expr, Symbol, Time, parse_cell};
use unrolled::engine::trace::Trace;
use unrolled::view::stepper::edits::Target;
use unrolled::view::stepper::model::{Held, HeldUnit, StepperModel};
use unrolled::view::stepper::opening::{Numbers, Piece, Standing, open};
use unrolled::view::stepper::shares::{by_loss, shares};
use unrolled::view::stepper::spell::Entry;
use unrolled::view::stepper::subject::{Subject, of_expr, place_of_inner, subject};
use unrolled::view::stepper::terms::{hold_of, origin, origin_of};
use unrolled::view::stepper::{Direction, Part};

use super::{base, edits, held, near, sequence};

/// A model of each preset with one and two layers, some of its numbers changed.
fn changed_models() -> impl Iterator<Item = (String, StepperModel)> {
    presets().iter().flat_map(|preset| {
        [1, 2].map(|layers| {
            let states = preset.cell.states.iter();
            let initial = states.map(|name| (Target::Initial { layer: 0, name: name.clone(), row: 2 }, 0.4));
            let changed = edits(initial.chain([(Target::Input { step: 0, row: 1 }, 0.7)]));
            let model = StepperModel::edited(base(&preset.cell, layers), sequence(), &changed);
            (format!("{} {layers}", preset.id), model.unwrap())
        })
    })
}

/// The number that a subject stands for, by the trace.
fn number(model: &StepperModel, subject: &Subject) -> Option<f64> {
    let entry = |part: &Part, name: &Symbol, step: usize, row: usize| {
        if name.0 == "l" {
            return model.loss(step);
        }
        model.column(*part, name, step)?.get((row, 0)).copied()
    };
    match subject {
        Subject::Given(target) => model.number(target),
        Subject::Value { part, name, step, row } => entry(part, name, *step, *row),
        Subject::Inner { part, expr, step, row } => {
            let values = model.at(*part, *step).of(expr)?;
            values.get((if values.nrows() == 1 { 0 } else { *row }, 0)).copied()
        }
        Subject::Gradient { part, name, step, row } => match step.checked_sub(1) {
            Some(step) => entry(part, &name.gradient(), step, *row),
            None => {
                let Part::Layer(layer) = part else { return None };
                let states = &model.trace.layers[*layer].initial_gradients;
                states.iter().find(|(known, _)| known == name)?.1.get((*row, 0)).copied()
            }
        },
        Subject::WeightGradient { .. } => weight_gradient(&model.trace, subject),
    }
}

fn weight_gradient(trace: &Trace<f64>, subject: &Subject) -> Option<f64> {
    let Subject::WeightGradient { part, name, row, column } = subject else { return None };
    let gradients = match part {
        Part::Layer(layer) => &trace.layers[*layer].weight_gradients,
        Part::Head => &trace.head.weight_gradients,
    };
    gradients.iter().find(|(known, _)| known == name)?.1.get((*row, *column)).copied()
}

#[test]
fn every_number_of_an_opened_line_is_what_its_subject_says() {
    for (name, model) in changed_models() {
        let mut given = 0;
        for direction in [Direction::Forward, Direction::Backward] {
            for (number_of_line, line) in model.lines.along(direction).iter().enumerate() {
                for step in [0, model.steps() - 1] {
                    let pieces = open(&line.targets, &line.expr, &model.at_line(line, step)).unwrap();
                    for piece in &pieces {
                        let Piece::Block(block) = piece else { continue };
                        // What a backward line gives is a part of a gradient, not the whole.
                        let is_whole = block.standing == Standing::Read || direction == Direction::Forward;
                        for ((row, column), value) in block.values.indexed_iter() {
                            let what = format!(
                                "{name} {direction:?} {number_of_line} step {step}: {:?}",
                                block.label
                            );
                            let Some(found) = subject(&model, line.part, step, block, Entry { row, column })
                            else {
                                continue;
                            };
                            given += usize::from(matches!(found, Subject::Given(_)));
                            if is_whole && is_plain(&block.label) {
                                let expected = number(&model, &found);
                                near(*value, expected.unwrap_or_else(|| panic!("{what}: {found:?}")), &what);
                            }
                        }
                    }
                }
            }
        }
        assert!(given > 100, "{name}: {given} numbers that can be changed");
    }
}

/// Whether a block shows values as they are, not a function of them. A gradient that is still on its way is read too.
fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Value(..) | Expr::Parameter(_) => true,
        Expr::Transpose(inner) => is_plain(inner),
        Expr::Stack(parts) => parts.iter().all(is_plain),
        _ => false,
    }
}

#[test]
fn the_terms_of_every_value_add_up_to_it_and_each_leads_to_its_number() {
    for (what, model) in changed_models() {
        for line in &model.lines.forward {
            for step in 0..model.steps() {
                let name = line.name().unwrap();
                let rows = model.at(line.part, step).of(&line.expr).unwrap().nrows();
                for row in 0..rows {
                    let came = origin(&model, line.part, name, step, row).unwrap();
                    let what = format!("{what}: {name} step {step} row {row}");
                    near(came.terms.iter().map(|term| term.value).sum(), came.sum, &what);
                    near(came.computed, model.at(line.part, step).of(&line.expr).unwrap()[(row, 0)], &what);
                    for term in &came.terms {
                        let product: f64 = term.factors.iter().map(|factor| factor.value).product();
                        near(product, term.value.abs() * product.signum(), &what);
                        for factor in &term.factors {
                            let is_plain = matches!(factor.label, Expr::Value(..) | Expr::Parameter(_));
                            if let Some(subject) = factor.subject.as_ref().filter(|_| is_plain) {
                                let there =
                                    number(&model, subject).unwrap_or_else(|| panic!("{what}: {subject:?}"));
                                near(factor.value, there, &what);
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_parts_of_every_gradient_add_up_by_line_and_by_loss() {
    for (what, model) in changed_models() {
        let mut subjects = Vec::new();
        for (layer, traced) in model.trace.layers.iter().enumerate() {
            let part = Part::Layer(layer);
            for (name, _) in &traced.values {
                for step in [1, 3, model.steps()] {
                    subjects.push(Subject::Gradient { part, name: name.clone(), step, row: 1 });
                }
            }
            for (name, _) in &traced.initial {
                subjects.push(Subject::Gradient { part, name: name.clone(), step: 0, row: 2 });
            }
            for (name, values) in &traced.weight_gradients {
                let column = values.ncols() - 1;
                subjects.push(Subject::WeightGradient { part, name: name.clone(), row: 0, column });
            }
        }
        subjects.push(Subject::Gradient { part: Part::Layer(0), name: "x".into(), step: 2, row: 1 });
        subjects.push(Subject::Gradient { part: Part::Head, name: "z_y".into(), step: 2, row: 1 });
        subjects.push(Subject::WeightGradient { part: Part::Head, name: "W_ya".into(), row: 1, column: 2 });
        for subject in subjects {
            let what = format!("{what}: {subject:?}");
            let whole = match &subject {
                Subject::Gradient { part: Part::Layer(0), name, step, row } if name.0 == "x" => {
                    model.trace.layers[0].x_gradient[(step - 1, *row, 0)]
                }
                subject => number(&model, subject).unwrap_or_else(|| panic!("{what}")),
            };
            let parts = shares(&model, &subject).unwrap_or_else(|| panic!("{what}"));
            near(parts.iter().map(|part| part.value).sum(), whole, &format!("{what}, by line"));
            let losses = by_loss(&model, &subject).unwrap_or_else(|| panic!("{what}"));
            assert_eq!(losses.len(), model.steps());
            near(losses.iter().sum(), whole, &format!("{what}, by loss"));
        }
    }
}

#[test]
fn what_an_equation_computes_can_be_held_and_what_is_given_cannot() {
    let model = StepperModel::new(base(&presets()[0].cell, 1), sequence()).unwrap();
    let value = |part, name: &str| Subject::Value { part, name: name.into(), step: 2, row: 1 };
    assert_eq!(hold_of(&model, &value(Part::Layer(0), "a"), false), Some(held("a", 1, Some(2))));
    assert_eq!(hold_of(&model, &value(Part::Layer(0), "a"), true), Some(held("a", 1, None)));
    assert_eq!(hold_of(&model, &value(Part::Layer(0), "z_a"), true), None);
    assert_eq!(hold_of(&model, &value(Part::Head, "ŷ"), true), None);
    assert_eq!(hold_of(&model, &Subject::Given(Target::Input { step: 0, row: 0 }), true), None);
}

/// A cell whose products stand inside of other expressions, and which divides, negates and squares.
const NESTED: &str = "state a
Γ<t> = σ(W_g x<t> + b_g)
r<t> = -(W_r a<t-1>) * Γ<t> / (1 + Γ<t>^2)
a<t> = tanh(W_a (Γ<t> * (W_x x<t>)) + relu(W_s (1 - W_t a<t-1>)) * 2 + (W_q r<t>)^2 + b)";

/// Goes from a subject to all that its terms lead to, and says how many values without a name it met.
fn follow(model: &StepperModel, subject: &Subject, depth: usize, what: &str) -> usize {
    assert!(depth < 12, "{what}: it leads round in a circle");
    let Some(came) = origin_of(model, subject) else {
        assert!(!matches!(subject, Subject::Inner { .. }), "{what}: {subject:?} is not explained");
        return 0;
    };
    near(came.terms.iter().map(|term| term.value).sum(), came.sum, what);
    let mut met = 0;
    for term in &came.terms {
        let sign = if term.is_negative { -1.0 } else { 1.0 };
        let product = term.factors.iter().fold(sign, |product, factor| {
            if factor.is_divisor { product / factor.value } else { product * factor.value }
        });
        near(product, term.value, what);
        for factor in &term.factors {
            match &factor.subject {
                Some(inner @ Subject::Inner { .. }) => {
                    // What a power leads to is what is raised; everything else is the number itself.
                    if !matches!(factor.label, Expr::Power(..)) {
                        let there = origin_of(model, inner).unwrap_or_else(|| panic!("{what}: {inner:?}"));
                        near(factor.value, there.computed, what);
                    }
                    met += 1 + follow(model, inner, depth + 1, what);
                }
                Some(_) => {}
                None => {
                    assert!(
                        matches!(factor.label, Expr::Number(_)),
                        "{what}: {:?} leads nowhere",
                        factor.label
                    );
                }
            }
        }
    }
    met
}

#[test]
fn a_product_inside_of_another_expression_opens_into_its_own_terms() {
    let cell = parse_cell(NESTED).expect("it is right");
    let model = StepperModel::new(base(&cell, 1), sequence()).expect("the sentence fits the model");
    let mut met = 0;
    for line in &model.lines.forward {
        let name = line.name().expect("it defines a value").clone();
        let rows = model.at(line.part, 2).of(&line.expr).expect("its numbers").nrows();
        for row in 0..rows {
            let subject = Subject::Value { part: line.part, name: name.clone(), step: 2, row };
            if line.part != Part::Head {
                met += follow(&model, &subject, 0, &format!("{name} row {row}"));
            }
        }
    }
    // Each of three units: three of Γ<t> * (W_x x<t>) with the product in each, relu and its three 1 - W_t a<t-1>, the
    // base of the square; and the product in r<t>.
    assert_eq!(met, 3 * (3 * 2 + 4 + 1 + 1), "values without a name");

    // The block that a nested product stands in can be pointed at as well.
    let line = model.lines.forward.iter().find(|line| line.name() == Some(&"a".into())).expect("it is there");
    let pieces = open(&line.targets, &line.expr, &model.at_line(line, 2)).expect("its numbers");
    let inner = pieces.iter().find_map(|piece| match piece {
        Piece::Block(block) if matches!(block.label, Expr::Binary(..)) => Some(block),
        _ => None,
    });
    let inner = inner.expect("Γ<t> * (W_x x<t>)");
    let found = subject(&model, line.part, 2, inner, Entry { row: 1, column: 0 }).expect("it is a value");
    let came = origin_of(&model, &found).expect("it is explained");
    near(came.computed, inner.values[(1, 0)], "the block's number");
    let Subject::Inner { part, expr, step, .. } = &found else { panic!("{found:?}") };
    let place = place_of_inner(&model, *part, expr, *step).expect("it is part of an equation");
    assert_eq!(model.lines.forward[place.equation].name(), Some(&"a".into()));
}

#[test]
fn a_number_with_a_value_still_leads_to_that_value() {
    let model =
        StepperModel::new(base(&presets()[1].cell, 1), sequence()).expect("the sentence fits the model");
    let value = Expr::Value("a".into(), Time::Previous);
    let one = Expr::Binary(BinaryOperator::Subtract, Box::new(Expr::Number(1.0)), Box::new(value));
    let found = of_expr(&model, Part::Layer(0), 2, &one, Entry { row: 1, column: 0 });
    assert!(matches!(found, Some(Subject::Value { step: 1, row: 1, .. })), "{found:?}");
    let constant = Expr::Negate(Box::new(Expr::Number(2.0)));
    assert_eq!(of_expr(&model, Part::Layer(0), 2, &constant, Entry::default()), None);
}

#[test]
fn where_a_unit_is_held_its_backward_line_says_that_the_gradient_stops() {
    let cell = &presets().iter().find(|preset| preset.id == "lstm").unwrap().cell;
    let changed = edits([(held("Γ_f", 1, Some(2)), 0.25)]);
    let model = StepperModel::edited(base(cell, 1), sequence(), &changed).unwrap();
    let mut stopped = 0;
    for line in &model.lines.backward {
        for (step, unit) in [(1, 1), (2, 0), (2, 1)] {
            let of_the_held = line.name().is_some_and(|name| name.0 == "dΓ_f") && (step, unit) == (2, 1);
            let expected = of_the_held.then_some(Held::GradientStops);
            assert_eq!(model.held(line, unit, step), expected, "{:?} unit {unit} step {step}", line.name());
            stopped += usize::from(of_the_held);
        }
    }
    assert_eq!(stopped, 1, "one line brings the gate's gradient");
    // A state's gradient is brought by the step after it too: the line is of the step before then.
    let simplified = &presets().iter().find(|preset| preset.id == "gru-simplified").unwrap().cell;
    let changed = edits([(held("c", 1, Some(1)), 0.25)]);
    let of_state = StepperModel::edited(base(simplified, 1), sequence(), &changed).unwrap();
    let before = Expr::Value("dc".into(), Time::Previous);
    let brings = of_state.lines.backward.iter().find(|line| line.targets == [before.clone()]).unwrap();
    let stops = [0, 1, 2, 3].map(|step| of_state.held(brings, 1, step).is_some());
    assert_eq!(stops, [false, false, true, false], "the line of step 3 brings the gradient of c<2>");
    // So do the rows of a stack that are its own, and no others.
    let lstm =
        StepperModel::edited(base(cell, 1), sequence(), &edits([(held("a", 1, Some(1)), 0.0)])).unwrap();
    let stack = lstm.lines.backward.iter().find(|line| line.targets.len() > 1).unwrap();
    let rows = |step| (0..8).filter(|row| lstm.held(stack, *row, step).is_some()).collect::<Vec<_>>();
    assert_eq!([rows(0), rows(1), rows(2), rows(3)], [vec![], vec![], vec![1], vec![]]);
    let text = "state a\na<t> = tanh(W [x<t>, a<t-1>] + b)";
    let own = parse_cell(text).unwrap();
    let own =
        StepperModel::edited(base(&own, 1), sequence(), &edits([(held("a", 2, Some(1)), 0.5)])).unwrap();
    let stack = own.lines.backward.iter().find(|line| line.targets.len() > 1).unwrap();
    let symbols = own.sequence.vocabulary.len();
    let found =
        (0..symbols + 3).filter_map(|row| Some((row, own.held_unit(stack, row, 2)?))).collect::<Vec<_>>();
    let name = &"da".into();
    let unit = HeldUnit { held: Held::GradientStops, name, unit: 2, step: 1 };
    assert_eq!(found, [(symbols + 2, unit)], "the gradient of a<2> stops in the line of step 3");
    // What arrives is taken apart as ever; what stands there is 0, and that is said.
    let gradient =
        |unit, step| Subject::Gradient { part: Part::Layer(0), name: "Γ_f".into(), step, row: unit };
    let arrived: f64 = shares(&model, &gradient(1, 3)).unwrap().iter().map(|share| share.value).sum();
    assert!(arrived.abs() > 1e-6, "something arrives: {arrived}");
    assert_eq!(number(&model, &gradient(1, 3)), Some(0.0));
    assert!(model.stops(&gradient(1, 3)));
    assert!(!model.stops(&gradient(1, 2)) && !model.stops(&gradient(0, 3)));
}
