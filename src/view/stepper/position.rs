//! Where one stands in a walk through all equations of all steps.

use serde::{Deserialize, Serialize};

/// Which way the walk goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// The equations of the cell, step 1 to T.
    #[default]
    Forward,
    /// The derived equations, step T to 1.
    Backward,
}

/// A place in the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The time step, from 1.
    pub step: usize,
    /// The equation among all of a step in this direction, from 0; [`Course::part`] says whose it is.
    pub equation: usize,
    /// Which way.
    pub direction: Direction,
}

/// What the equations of a section belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A layer, from 0.
    Layer(usize),
    /// The output head: `ŷ` and `l` forward, `dz_y` and the rest backward.
    Head,
}

/// The equations of one layer or of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Equations forward.
    pub forward: usize,
    /// Derived equations.
    pub backward: usize,
}

/// The whole walk: T steps through the layers from the lowest up, then the head; backward the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Time steps, T.
    pub steps: usize,
    /// The layers, lowest first.
    pub layers: Vec<Section>,
    /// The head.
    pub head: Section,
}

impl Course {
    /// Equations in one step.
    pub fn equations(&self, direction: Direction) -> usize {
        self.sections(direction).iter().map(|section| section.1).sum()
    }

    /// Places in the whole walk.
    pub fn positions(&self, direction: Direction) -> usize {
        self.steps * self.equations(direction)
    }

    /// The first place: step 1 forward, step T backward. An empty course has it too, at step 1.
    pub fn first(&self, direction: Direction) -> Position {
        let step = match direction {
            Direction::Forward => 1,
            Direction::Backward => self.steps.max(1),
        };
        Position { step, equation: 0, direction }
    }

    /// The last place.
    pub fn last(&self, direction: Direction) -> Position {
        self.at(self.positions(direction).saturating_sub(1), direction)
    }

    /// The place with a number, counted from 0 in the order of the walk; the last one for larger numbers.
    pub fn at(&self, number: usize, direction: Direction) -> Position {
        let equations = self.equations(direction);
        if equations == 0 || self.steps == 0 {
            return self.first(direction);
        }
        let number = number.min(self.positions(direction) - 1);
        let passed = number / equations;
        let step = match direction {
            Direction::Forward => passed + 1,
            Direction::Backward => self.steps - passed,
        };
        Position { step, equation: number % equations, direction }
    }

    /// The number of a place; [`Course::at`] the other way round.
    pub fn number(&self, position: Position) -> usize {
        let position = self.clamp(position);
        let passed = match position.direction {
            Direction::Forward => position.step - 1,
            Direction::Backward => self.steps.max(1) - position.step,
        };
        passed * self.equations(position.direction) + position.equation
    }

    /// The nearest place that exists: a link may name a step that a shorter sentence does not have.
    pub fn clamp(&self, position: Position) -> Position {
        let most = self.equations(position.direction).saturating_sub(1);
        Position {
            step: position.step.clamp(1, self.steps.max(1)),
            equation: position.equation.min(most),
            direction: position.direction,
        }
    }

    /// One equation on; none at the end.
    pub fn next_equation(&self, position: Position) -> Option<Position> {
        let next = self.number(position) + 1;
        (next < self.positions(position.direction)).then(|| self.at(next, position.direction))
    }

    /// One equation back; none at the start.
    pub fn previous_equation(&self, position: Position) -> Option<Position> {
        let number = self.number(position).checked_sub(1)?;
        Some(self.at(number, position.direction))
    }

    /// The same equation one time step further in the direction of the walk: t + 1 forward, t − 1 backward.
    pub fn next_step(&self, position: Position) -> Option<Position> {
        let next = self.number(position) + self.equations(position.direction);
        (next < self.positions(position.direction)).then(|| self.at(next, position.direction))
    }

    /// The same equation one time step back in the walk.
    pub fn previous_step(&self, position: Position) -> Option<Position> {
        let number = self.number(position).checked_sub(self.equations(position.direction).max(1))?;
        Some(self.at(number, position.direction))
    }

    /// The same time step in the other direction, at its first equation.
    pub fn turned(&self, position: Position) -> Position {
        let direction = match position.direction {
            Direction::Forward => Direction::Backward,
            Direction::Backward => Direction::Forward,
        };
        self.clamp(Position { step: position.step, equation: 0, direction })
    }

    /// How much of the walk is behind, 0 at the first place and 1 at the last.
    pub fn progress(&self, position: Position) -> f64 {
        let most = self.positions(position.direction).saturating_sub(1);
        if most == 0 { 1.0 } else { self.number(position) as f64 / most as f64 }
    }

    /// Whose equation it is, and its place among that section's, from 0.
    pub fn part(&self, position: Position) -> (Part, usize) {
        let mut equation = self.clamp(position).equation;
        let sections = self.sections(position.direction);
        for (part, count) in &sections {
            if equation < *count {
                return (*part, equation);
            }
            equation -= count;
        }
        (Part::Head, 0)
    }

    /// The first equation of a section, as [`Position::equation`] counts.
    pub fn offset(&self, part: Part, direction: Direction) -> usize {
        self.sections(direction).iter().take_while(|section| section.0 != part).map(|section| section.1).sum()
    }

    fn sections(&self, direction: Direction) -> Vec<(Part, usize)> {
        let layers = self.layers.iter().enumerate();
        match direction {
            Direction::Forward => layers
                .map(|(layer, section)| (Part::Layer(layer), section.forward))
                .chain([(Part::Head, self.head.forward)])
                .collect(),
            Direction::Backward => [(Part::Head, self.head.backward)]
                .into_iter()
                .chain(layers.rev().map(|(layer, section)| (Part::Layer(layer), section.backward)))
                .collect(),
        }
    }
}
