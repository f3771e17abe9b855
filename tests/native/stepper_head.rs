//! The head on a cell whose output is not called `a`: the lines, their numbers and what is exported name what it reads.

use unrolled::engine::derive::now;
use unrolled::engine::model::Model;
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::{Cell, Expr, Symbol, parse_cell};
use unrolled::formats::latex::{Letters, document};
use unrolled::language::Unit;
use unrolled::training::initial::xavier;
use unrolled::view::stepper::lines::Line;
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::opening::Numbers;
use unrolled::view::stepper::sequence::own;
use unrolled::view::stepper::{Direction, Part};

use crate::common::stacked;

const RESIDUAL: &str =
    "state a\noutput o\na<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)\no<t> = a<t> + W_r x<t>";

fn cell(text: &str) -> Cell {
    parse_cell(text).expect("a cell of this test")
}

fn model(cell: &Cell, layers: usize) -> StepperModel {
    let sequence = own("the cat", Unit::Character, None);
    let architecture = stacked(cell, layers, 4, sequence.vocabulary.len());
    let weights = xavier::<f64>(&architecture, 3, |_| 0.25);
    StepperModel::new(Model::from_flat(&architecture, &weights), sequence)
        .expect("the sentence fits the model")
}

fn of_head(model: &StepperModel, direction: Direction) -> Vec<Line> {
    let lines = model.lines.along(direction).iter();
    lines.filter(|line| line.part == Part::Head).cloned().collect()
}

fn mentions(line: &Line, what: &Expr) -> bool {
    line.targets.contains(what) || line.expr.any(&|part| part == what)
}

#[test]
fn the_head_reads_the_output_of_the_cell_under_its_own_name() {
    let [a, o] = [Symbol::from("a"), Symbol::from("o")];
    for layers in [1, 2] {
        let model = model(&cell(RESIDUAL), layers);
        for direction in [Direction::Forward, Direction::Backward] {
            let lines = of_head(&model, direction);
            assert!(lines.iter().any(|line| mentions(line, &now(&o))), "{direction:?}");
            for line in &lines {
                assert!(!mentions(line, &now(&a)) && !mentions(line, &now(&a.gradient())), "{line:?}");
            }
        }
        let top = Part::Layer(layers - 1);
        for step in 0..model.steps() {
            for name in [o.clone(), o.gradient()] {
                let shown = model.at(Part::Head, step).of(&now(&name));
                assert_eq!(shown, model.column(top, &name, step), "{name}");
            }
        }
    }
}

#[test]
fn every_gradient_that_a_line_reads_is_given_by_a_line_before_it() {
    let model = model(&cell(RESIDUAL), 1);
    let mut given: Vec<Expr> = Vec::new();
    for line in model.lines.along(Direction::Backward) {
        let reads = now(&Symbol::from("do"));
        if line.expr.any(&|part| *part == reads) {
            assert!(given.contains(&reads), "{line:?}");
        }
        given.extend(line.targets.clone());
    }
    assert!(given.contains(&now(&Symbol::from("do"))));
}

#[test]
fn the_exported_equations_name_what_the_head_reads() {
    let latex = document(&model(&cell(RESIDUAL), 1).model, Letters::Notes);
    let head = latex.lines().find(|line| line.starts_with("z_{y}")).expect("the line of the logits");
    assert!(head.contains("W_{ya} \\, o^{\\langle t\\rangle}"), "{head}");
    let below = latex.lines().find(|line| line.contains("{W_{ya}}^{\\top}")).expect("what is handed down");
    assert!(below.starts_with("\\mathrm{d}o^{\\langle t\\rangle}"), "{below}");
}

#[test]
fn a_head_on_a_cell_whose_output_is_a_stays_as_it_is_written() {
    for preset in presets().iter().filter(|preset| preset.cell.output == "a".into()) {
        let model = model(&preset.cell, 1);
        let written: Vec<Expr> =
            model.model.head.head.equations.iter().map(|line| line.expr.clone()).collect();
        let shown: Vec<Expr> =
            of_head(&model, Direction::Forward).into_iter().map(|line| line.expr).collect();
        assert_eq!(shown, written, "{}", preset.id);
    }
}
