use unrolled::engine::model::Model;
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::{Cell, Expr, Function, Symbol, Time, parse_cell};
use unrolled::language::Unit;
use unrolled::training::initial::xavier;
use unrolled::view::stepper::finite::first_not_finite;
use unrolled::view::stepper::lines::Line;
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::opening::{Numbers, Piece, open};
use unrolled::view::stepper::sequence::own;
use unrolled::view::stepper::spell::{Entry, Token, needs_brackets, spell};
use unrolled::view::stepper::sums::{Spot, sum};
use unrolled::view::stepper::{Direction, Part};

use crate::common::{ODD_CELLS, stacked};

const NEAR: f64 = 1e-11;

fn model(cell: &Cell, layers: usize) -> StepperModel {
    let sequence = own("the cat sat", Unit::Character, None);
    let symbols = sequence.vocabulary.len();
    let architecture = stacked(cell, layers, 4, symbols);
    let weights = xavier::<f64>(&architecture, 3, |_| 0.25);
    StepperModel::new(Model::from_flat(&architecture, &weights), sequence)
        .expect("the sentence fits the model")
}

fn models() -> impl Iterator<Item = (String, StepperModel)> {
    let stacked = presets().iter().filter_map(|preset| {
        preset.stacked.as_ref().map(|cell| (format!("{}, stacked", preset.id), model(cell, 1)))
    });
    let one = presets().iter().map(|preset| (preset.id.to_owned(), model(&preset.cell, 1)));
    let two = presets().iter().map(|preset| (format!("{} on itself", preset.id), model(&preset.cell, 2)));
    let odd = ODD_CELLS.iter().map(|text| ((*text).to_owned(), model(&parse_cell(text).expect("a cell"), 1)));
    one.chain(two).chain(stacked).chain(odd)
}

#[track_caller]
fn near(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() <= NEAR * expected.abs().max(1.0),
        "{what}: {found}, expected {expected}"
    );
}

/// Every line of a direction at every step.
fn lines(model: &StepperModel, direction: Direction) -> Vec<(usize, usize, Line)> {
    let lines = model.lines.along(direction);
    let steps = 0..model.steps();
    steps
        .flat_map(|step| lines.iter().cloned().enumerate().map(move |(number, line)| (step, number, line)))
        .collect()
}

#[test]
fn backward_lines_come_in_groups_of_one_line_of_the_text() {
    for (id, model) in models() {
        let mut seen: Vec<(Part, Option<usize>)> = Vec::new();
        for line in model.lines.along(Direction::Backward) {
            let own = (line.part, model.lines.text_line(Direction::Backward, line));
            assert!(own.1.is_some(), "{id}: {line:?}");
            if seen.last() != Some(&own) {
                seen.push(own);
            }
        }
        assert!(seen.len() < model.lines.backward.len(), "{id}: some lines stand together");
    }
}

#[test]
fn every_forward_line_gives_the_traced_value() {
    for (name, model) in models() {
        for (step, _, line) in lines(&model, Direction::Forward) {
            let numbers = model.at(line.part, step);
            let symbol = line.name().expect("a forward line has a name");
            let worked_out = numbers.of(&line.expr).expect("every value is there");
            let traced = numbers.of(&Expr::Value(symbol.clone(), Time::Now)).expect("the trace holds it");
            assert_eq!(worked_out.dim(), traced.dim(), "{name}: {symbol}");
            for (found, expected) in worked_out.iter().zip(&traced) {
                near(*found, *expected, &format!("{name}: {symbol} at step {}", step + 1));
            }
        }
    }
}

#[test]
fn the_parts_of_a_gradient_add_up_to_the_traced_one() {
    for (name, model) in models() {
        let mut weights_seen = 0;
        for (step, number, line) in lines(&model, Direction::Backward) {
            let what = format!("{name}: line {} at step {}", number + 1, step + 1);
            let sum = sum(&model, Spot { step, line: number }).expect(&what);
            let later_part = model.lines.backward[number + 1..].iter().any(|later| {
                later.part == line.part && later.targets.iter().any(|target| line.targets.contains(target))
            });
            match &line.targets[..] {
                // The last part of a value's gradient completes it.
                [Expr::Value(symbol, Time::Now)] if !later_part && line.part != Part::Head => {
                    let traced = model.column(line.part, symbol, step).expect("the trace holds it");
                    for (found, expected) in sum.after.iter().zip(&traced) {
                        near(*found, *expected, &what);
                    }
                }
                // At the first step the walk is over, and the weights' gradients are whole.
                [Expr::Parameter(symbol)] if !later_part && step == 0 => {
                    weights_seen += 1;
                    let gradients = match line.part {
                        Part::Layer(layer) => &model.trace.layers[layer].weight_gradients,
                        Part::Head => &model.trace.head.weight_gradients,
                    };
                    let traced = gradients.iter().find(|(known, _)| known.gradient() == *symbol);
                    let (_, traced) = traced.expect("every weight has a gradient");
                    assert_eq!(sum.after.dim(), traced.dim(), "{what}");
                    for (found, expected) in sum.after.iter().zip(traced) {
                        near(*found, *expected, &what);
                    }
                }
                _ => {}
            }
        }
        let weights: usize = model.model.layers.iter().map(|layer| layer.weights.len()).sum();
        assert_eq!(weights_seen, weights + model.model.head.weights.len(), "{name}");
    }
}

#[test]
fn a_spelled_out_row_adds_up_to_the_traced_number() {
    for (name, model) in models() {
        for direction in [Direction::Forward, Direction::Backward] {
            for (step, number, line) in lines(&model, direction) {
                let numbers = model.at(line.part, step);
                let result = numbers.of(&line.expr).expect("every value is there");
                for ((row, column), expected) in result.indexed_iter() {
                    let what = format!("{name}: {direction:?} {} step {} row {row}", number + 1, step + 1);
                    for all in [false, true] {
                        let tokens = spell(line.name(), &line.expr, Entry { row, column }, all, &numbers)
                            .expect(&what);
                        near(add_up(&tokens, &what), *expected, &what);
                    }
                }
            }
        }
    }
}

#[test]
fn an_opened_line_ends_in_its_result_and_shows_every_factor() {
    for (name, model) in models() {
        for direction in [Direction::Forward, Direction::Backward] {
            for (step, number, line) in lines(&model, direction) {
                let numbers = model.at(line.part, step);
                let what = format!("{name}: {direction:?} {} at step {}", number + 1, step + 1);
                let pieces = open(&line.targets, &line.expr, &numbers).expect(&what);
                let Some(Piece::Block(last)) = pieces.last() else { panic!("{what}: no result") };
                assert_eq!(Some(&last.values), numbers.of(&line.expr).as_ref(), "{what}");
                for piece in &pieces {
                    let Piece::Block(block) = piece else { continue };
                    for (groups, size) in
                        [(&block.rows, block.values.nrows()), (&block.columns, block.values.ncols())]
                    {
                        let together: usize = groups.iter().map(|group| group.size).sum();
                        assert!(groups.is_empty() || together == size, "{what}: {together} of {size}");
                    }
                }
            }
        }
    }
}

#[test]
fn an_empty_sentence_is_one_step_to_the_end_sign() {
    let sequence = own("", Unit::Character, None);
    assert_eq!((sequence.inputs.clone(), sequence.labels.clone()), (vec![None], vec![0]));
    assert_eq!(sequence.vocabulary, ["<EOS>"]);
}

/// Works a spelled-out row out again, each `=` checked on the way.
#[track_caller]
fn add_up(tokens: &[Token], what: &str) -> f64 {
    let mut reader = Reader { tokens, at: 0 };
    loop {
        if let [Token::Result(value, _)] = reader.rest() {
            return *value;
        }
        let worked_out = reader.sum();
        assert_eq!(reader.next(), Some(&Token::Equals), "{what}: {tokens:?}");
        let Some(Token::Result(value, _)) = reader.next() else { panic!("{what}: {tokens:?}") };
        near(worked_out, *value, what);
        match reader.next() {
            None => return *value,
            Some(Token::Then) => {}
            other => panic!("{what}: {other:?} in {tokens:?}"),
        }
    }
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t [Token] {
        &self.tokens[self.at..]
    }

    fn next(&mut self) -> Option<&'t Token> {
        self.at += 1;
        self.tokens.get(self.at - 1)
    }

    fn sum(&mut self) -> f64 {
        let mut sum = self.product();
        loop {
            match self.rest().first() {
                Some(Token::Plus) => {
                    self.next();
                    sum += self.product();
                }
                Some(Token::Minus) => {
                    self.next();
                    sum -= self.product();
                }
                _ => return sum,
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut product = self.factor();
        loop {
            match self.rest().first() {
                Some(Token::Times | Token::Dot) => {
                    self.next();
                    product *= self.factor();
                }
                Some(Token::Over) => {
                    self.next();
                    product /= self.factor();
                }
                _ => return product,
            }
        }
    }

    fn factor(&mut self) -> f64 {
        let base = match self.next() {
            Some(Token::Number(value, _)) => *value,
            Some(Token::Rest(_, value)) => *value,
            Some(Token::Negative) => -self.factor(),
            Some(Token::Open) => {
                let inner = self.sum();
                assert_eq!(self.next(), Some(&Token::Close));
                inner
            }
            Some(Token::Function(function)) => {
                assert_eq!(self.next(), Some(&Token::Open));
                let argument = self.sum();
                assert_eq!(self.next(), Some(&Token::Close));
                apply(*function, argument)
            }
            Some(Token::Share { entry, log_sum }) => (entry - log_sum).exp(),
            other => panic!("{other:?} in {:?}", self.tokens),
        };
        match self.rest().first() {
            Some(Token::Power(exponent)) => {
                self.next();
                base.powi(*exponent)
            }
            _ => base,
        }
    }
}

fn apply(function: Function, z: f64) -> f64 {
    match function {
        Function::Sigmoid => 1.0 / (1.0 + (-z).exp()),
        Function::Tanh => z.tanh(),
        Function::Relu => z.max(0.0),
        Function::LeakyRelu => {
            if z > 0.0 {
                z
            } else {
                0.01 * z
            }
        }
        Function::Swish => z / (1.0 + (-z).exp()),
        Function::Exp => z.exp(),
        Function::Log => z.ln(),
        Function::ReluSlope => f64::from(z > 0.0),
        Function::LeakyReluSlope => {
            if z > 0.0 {
                1.0
            } else {
                0.01
            }
        }
        other => panic!("{other:?} is no function of one entry"),
    }
}

#[test]
fn the_walk_has_as_many_lines_as_the_model() {
    let model = model(&presets()[0].cell, 2);
    let course = model.lines.course(model.steps());
    for direction in [Direction::Forward, Direction::Backward] {
        assert_eq!(course.equations(direction), model.line_count(direction));
    }
    assert!(model.lines.name_of(Part::Head, &Expr::Number(1.0)).is_none());
    assert_eq!(model.lines.forward.last().and_then(Line::name), Some(&Symbol::from("l")));
}

#[test]
fn the_first_equation_that_is_not_finite_is_found() {
    let on = |text: &str| {
        let cell = parse_cell(text).expect("a cell");
        let sequence = own("abab", Unit::Character, None);
        let architecture = stacked(&cell, 1, 3, sequence.vocabulary.len());
        let weights = xavier::<f64>(&architecture, 3, |_| 0.25);
        StepperModel::new(Model::from_flat(&architecture, &weights), sequence).expect("it fits")
    };
    let sum = "tanh(W_a [a<t-1>, x<t>] + b_a)";
    let divides = on(&format!("state a\nb<t> = {sum}\na<t> = b<t> / a<t-1>"));
    let place = first_not_finite(&divides).expect("the first state is zero");
    assert_eq!((place.step, place.equation), (1, 1));
    assert_eq!(first_not_finite(&on(&format!("state a\na<t> = {sum}"))), None);
}

#[test]
fn a_name_that_begins_with_a_d_is_no_gradient_where_it_is_the_text_s_own() {
    let text = "state decay\noutput decay\ndecay<t> = tanh(W_d [decay<t-1>, x<t>] + b_d)";
    let model = model(&parse_cell(text).expect("a cell"), 1);
    for (name, is_gradient) in
        [("decay", false), ("ddecay", true), ("dW_d", true), ("dx", true), ("dŷ", true), ("x", false)]
    {
        assert_eq!(model.is_gradient(&Symbol::from(name)), is_gradient, "{name}");
    }
}

#[test]
fn a_negative_number_that_is_raised_or_follows_a_sign_stands_in_brackets() {
    let number = || Token::Number(-0.84, None);
    let square = [Token::Number(1.0, None), Token::Minus, number(), Token::Power(2)];
    assert_eq!([0, 1, 2, 3].map(|place| needs_brackets(&square, place)), [false, false, true, false]);
    // In a sum of products the terms stay as short as they are drawn.
    let products = [number(), Token::Dot, number(), Token::Plus, number(), Token::Dot, number()];
    assert!((0..products.len()).all(|place| !needs_brackets(&products, place)));
    assert!(needs_brackets(&[number(), Token::Times, number()], 2));
}
