//! States handed from one stack to another, and their gradients on the way back.

use super::LayerRunner;
use crate::engine::kernels::Scalar;
use crate::engine::plan::Place;

impl<S: Scalar> LayerRunner<S> {
    /// The states before the first step are those that `before`, a layer with the same cell and sizes, ended with.
    pub fn start_from(&mut self, before: &Self) {
        for state in 0..self.plan.states.len() {
            self.initial_mut(state).copy_from_slice(before.last_state(state));
        }
    }

    /// The gradients that `next`, which [started from](Self::start_from) this layer, has found for its initial states
    /// reach the final states of this one, in every pass backward from now on.
    pub fn receive_from(&mut self, next: &Self) {
        self.arriving.clear();
        for state in 0..self.plan.states.len() {
            self.arriving.extend_from_slice(next.initial(state).1);
        }
    }

    /// Past its length a sample's states were carried unchanged, and so is what reaches them: it waits here while the
    /// step's equations run for the other samples.
    pub(super) fn hold_finished(&mut self, step: usize) {
        self.swap_finished(step, false);
    }

    /// What waited goes on to the step before.
    pub(super) fn release_finished(&mut self, step: usize) {
        self.swap_finished(step, true);
    }

    fn swap_finished(&mut self, step: usize, previous: bool) {
        // Without anything arriving, nothing reaches a step past a sample's length.
        if self.arriving.is_empty() {
            return;
        }
        let rows = self.plan.sizes.hidden;
        let size = self.plan.sizes.batch * rows;
        for (sample, length) in self.lengths.iter().enumerate() {
            if step < *length {
                continue;
            }
            for (index, (.., gradient)) in self.plan.states.iter().enumerate() {
                let held = index * size + sample * rows..index * size + (sample + 1) * rows;
                let start = self.range(Place { buffer: *gradient, previous }, step).start + sample * rows;
                let numbers = &mut self.numbers[start..start + rows];
                if previous {
                    numbers.copy_from_slice(&self.arriving[held]);
                } else {
                    self.arriving[held].copy_from_slice(numbers);
                    numbers.fill(S::ZERO);
                }
            }
        }
    }
}
