//! The lines a reader walks along: every equation of a model, forward or backward, in order.

use std::sync::Arc;

use crate::engine::syntax::{Cell, Equation, Expr, Head, Symbol, Time, head_reading};
use crate::engine::{BackwardEquation, derive};
use crate::view::stepper::{Course, Direction, Part, Section};

/// One equation of the walk.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Where it belongs.
    pub part: Part,
    /// What it defines or adds to; more than one where the rows of a stack are shared out.
    pub targets: Vec<Expr>,
    /// `+=` instead of `=`.
    pub adds: bool,
    /// Its right-hand side.
    pub expr: Expr,
    /// Forward: its place in the text's equations. Backward: that of the forward line it is derived from.
    pub of: usize,
}

impl Line {
    /// The first target's name.
    pub fn name(&self) -> Option<&Symbol> {
        match self.targets.first() {
            Some(Expr::Value(name, _) | Expr::Parameter(name)) => Some(name),
            _ => None,
        }
    }
}

impl Line {
    /// The line as an equation that can be set in type or read out.
    pub fn equation(&self) -> BackwardEquation {
        BackwardEquation {
            targets: self.targets.clone(),
            adds: self.adds,
            expr: self.expr.clone(),
            of: self.of,
        }
    }
}

/// Every line of a model, and what they are derived from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// Forward, in the order in which the numbers come about at one step.
    pub forward: Vec<Line>,
    /// Backward, in the order in which the gradients come about at one step.
    pub backward: Vec<Line>,
    /// The forward equations with every named intermediate written out, a list a section (layers first, then the head).
    pub written_out: Vec<Vec<Equation>>,
}

impl Lines {
    /// The lines of a stack of cells under a head.
    pub fn of(cells: &[Arc<Cell>], head: &Head) -> Lines {
        let mut lines = Lines::default();
        let derived_head = match cells.last() {
            Some(top) => derive::backward_of_head_on(head, top),
            None => derive::backward_of_head(head),
        };
        push_backward(&mut lines.backward, Part::Head, &derived_head.equations);
        let derived: Vec<_> = cells.iter().map(|cell| derive::backward(cell)).collect();
        for (layer, (cell, derived)) in cells.iter().zip(&derived).enumerate() {
            push_forward(&mut lines.forward, Part::Layer(layer), &cell.equations);
            lines.written_out.push(derived.forward.clone());
        }
        for (layer, derived) in derived.iter().enumerate().rev() {
            push_backward(&mut lines.backward, Part::Layer(layer), &derived.equations);
        }
        let read = cells.last().map(|top| head_reading(head, &top.output));
        push_forward(&mut lines.forward, Part::Head, &read.as_ref().unwrap_or(head).equations);
        lines.written_out.push(derived_head.forward);
        lines
    }

    /// The lines of one direction.
    pub fn along(&self, direction: Direction) -> &[Line] {
        match direction {
            Direction::Forward => &self.forward,
            Direction::Backward => &self.backward,
        }
    }

    /// The walk along them through so many steps.
    pub fn course(&self, steps: usize) -> Course {
        let section = |part: Part| Section {
            forward: self.forward.iter().filter(|line| line.part == part).count(),
            backward: self.backward.iter().filter(|line| line.part == part).count(),
        };
        let layers = (0..self.written_out.len().saturating_sub(1)).map(|layer| section(Part::Layer(layer)));
        Course { steps, layers: layers.collect(), head: section(Part::Head) }
    }

    /// The line of the text (from 0) that a line is, or that it is derived from.
    pub fn text_line(&self, direction: Direction, line: &Line) -> Option<usize> {
        if direction == Direction::Forward {
            return Some(line.of);
        }
        self.written_out(line.part)?.get(line.of).map(|equation| equation.line)
    }

    /// The name of a function's argument in a section: the written-out line with this right-hand side.
    pub fn name_of(&self, part: Part, argument: &Expr) -> Option<Symbol> {
        let equations = self.written_out(part)?;
        equations
            .iter()
            .find(|equation| equation.expr == *argument)
            .map(|equation| equation.target.name.clone())
    }

    /// The forward equations of a section with every named intermediate written out.
    fn written_out(&self, part: Part) -> Option<&[Equation]> {
        let place = match part {
            Part::Layer(layer) => layer,
            Part::Head => self.written_out.len().checked_sub(1)?,
        };
        self.written_out.get(place).map(Vec::as_slice)
    }
}

fn push_forward(lines: &mut Vec<Line>, part: Part, equations: &[Equation]) {
    lines.extend(equations.iter().enumerate().map(|(of, equation)| Line {
        part,
        targets: vec![Expr::Value(equation.target.name.clone(), Time::Now)],
        adds: false,
        expr: equation.expr.clone(),
        of,
    }));
}

fn push_backward(lines: &mut Vec<Line>, part: Part, equations: &[BackwardEquation]) {
    lines.extend(equations.iter().map(|equation| Line {
        part,
        targets: equation.targets.clone(),
        adds: equation.adds,
        expr: equation.expr.clone(),
        of: equation.of,
    }));
}
