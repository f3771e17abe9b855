//! What can be read of a layer after a run, and the states that are handed on.

use std::ops::Range;

use super::LayerRunner;
use crate::engine::kernels::Scalar;
use crate::engine::plan::Place;
use crate::engine::syntax::{Expr, Symbol};

impl<S: Scalar> LayerRunner<S> {
    /// The output at every step, `T × B × n_a`.
    pub fn output(&self) -> &[S] {
        &self.numbers[self.all_steps(self.plan.output.0)]
    }

    /// `dx<t>` at every step, `T × B × n_x`; empty where the plan was made without it.
    pub fn input_gradient(&self) -> &[S] {
        self.plan.input.1.map_or(&[], |buffer| &self.numbers[self.all_steps(buffer)])
    }

    /// A named value at every step, `T × B × n_a`.
    pub fn value(&self, name: &Symbol) -> Option<&[S]> {
        let (_, buffer, _) = self.plan.values.iter().find(|(known, ..)| known == name)?;
        Some(&self.numbers[self.all_steps(*buffer)])
    }

    /// The gradient of a named value at every step it was kept for (all, or the last one computed).
    pub fn gradient(&self, name: &Symbol) -> Option<&[S]> {
        let (.., buffer) = self.plan.values.iter().find(|(known, ..)| known == name)?;
        Some(&self.numbers[self.all_steps(*buffer)])
    }

    /// The gradient that reaches an unnamed term, where everything was kept.
    pub fn term_gradients(&self) -> impl Iterator<Item = (&Expr, &[S])> {
        self.plan.terms.iter().map(|(term, buffer)| (term, &self.numbers[self.all_steps(*buffer)]))
    }

    /// The state before the first step and its gradient, `B × n_a` each.
    pub fn initial(&self, state: usize) -> (&[S], &[S]) {
        let (_, value, gradient) = self.plan.states[state];
        let block = |buffer: usize| &self.numbers[self.first_block(buffer)];
        (block(value), block(gradient))
    }

    /// A state after the last step, `B × n_a`: what [`Self::carry`] would carry.
    pub fn last_state(&self, state: usize) -> &[S] {
        &self.numbers[self.last_block(state)]
    }

    /// The same, to set it.
    pub fn last_state_mut(&mut self, state: usize) -> &mut [S] {
        let range = self.last_block(state);
        &mut self.numbers[range]
    }

    pub(super) fn last_block(&self, state: usize) -> Range<usize> {
        let place = Place { buffer: self.plan.states[state].1, previous: false };
        self.range(place, self.plan.sizes.steps - 1)
    }

    /// The running means and variances of the batch normalisations, as flat numbers.
    pub fn statistics(&self) -> Vec<S> {
        self.statistics.to_numbers()
    }

    /// Takes over running means and variances.
    pub fn set_statistics(&mut self, numbers: &[S]) {
        self.statistics.set_numbers(numbers);
    }
}
