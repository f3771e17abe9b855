//! What is done for all steps of a window at once: input products before the first, weight gradients after the last.

use super::{Input, LayerRunner};
use crate::engine::kernels::{self, Scalar};
use crate::engine::plan::blocks::Others;
use crate::engine::plan::{Deferred, Hoisted};

impl<S: Scalar> LayerRunner<S> {
    pub(super) fn write_input(&mut self, buffer: usize, input: Input<'_, S>) {
        let width = self.plan.sizes.input;
        let range = self.all_steps(buffer);
        let numbers = &mut self.numbers[range];
        match input {
            Input::Dense(dense) => numbers.copy_from_slice(dense),
            Input::OneHot(ids) => {
                numbers.fill(S::ZERO);
                for (row, id) in numbers.chunks_exact_mut(width).zip(ids) {
                    if let Some(number) = usize::try_from(*id).ok().and_then(|id| row.get_mut(id)) {
                        *number = S::ONE;
                    }
                }
            }
        }
    }

    pub(super) fn start_all_steps(&mut self, weights: &[S], input: Input<'_, S>) {
        let hoisted = std::mem::take(&mut self.plan.hoisted);
        let samples = self.plan.sizes.steps * self.plan.sizes.batch;
        let mut table = 0;
        for each in &hoisted {
            match each {
                Hoisted::Start { buffer, biases } => {
                    let rows = self.plan.buffers[*buffer].rows;
                    let range = self.all_steps(*buffer);
                    let numbers = &mut self.numbers[range];
                    let (first, more) = match biases.split_first() {
                        Some((first, more)) => (Some(*first), more),
                        None => (None, &[][..]),
                    };
                    let column = |bias: usize| &weights[self.parameter_starts[bias]..][..rows];
                    match first {
                        Some(bias) => {
                            numbers.chunks_exact_mut(rows).for_each(|row| row.copy_from_slice(column(bias)))
                        }
                        None => numbers.fill(S::ZERO),
                    }
                    for bias in more {
                        numbers
                            .chunks_exact_mut(rows)
                            .for_each(|row| kernels::add_assign(row, column(*bias)));
                    }
                }
                Hoisted::Input { buffer, pack, .. } => {
                    let rows = self.plan.buffers[*buffer].rows;
                    let range = self.all_steps(*buffer);
                    let numbers = &mut self.numbers[range];
                    match input {
                        Input::OneHot(ids) => {
                            kernels::gather_rows_add(numbers, &self.tables[table], rows, ids);
                            table += 1;
                        }
                        Input::Dense(dense) => {
                            let width = self.plan.sizes.input;
                            kernels::multiply_add(numbers, rows, dense, width, samples, &self.packs[*pack]);
                        }
                    }
                }
            }
        }
        self.plan.hoisted = hoisted;
    }

    pub(super) fn finish_all_steps(&mut self, input: Input<'_, S>, gradients: &mut [S]) {
        let deferred = std::mem::take(&mut self.plan.deferred);
        let samples = self.plan.sizes.steps * self.plan.sizes.batch;
        let width = self.plan.sizes.input;
        for each in &deferred {
            match each {
                Deferred::Weight { parameter, first_column, gradient, operand, rows } => {
                    let (_, height, columns) = self.plan.parameters[*parameter];
                    let start = self.range(*operand, 0).start;
                    let operand = &self.numbers[start..start + samples * rows];
                    let gradient = &self.numbers[self.all_steps(*gradient)];
                    let to = &mut gradients[self.parameter_starts[*parameter] + first_column..];
                    kernels::transposed_multiply_add(
                        to,
                        columns,
                        gradient,
                        height,
                        operand,
                        *rows,
                        samples,
                        height,
                        *rows,
                        &mut self.workspace,
                    );
                }
                Deferred::InputWeight { parameter, first_column, gradient, .. } => {
                    let (_, height, columns) = self.plan.parameters[*parameter];
                    let gradient = &self.numbers[self.all_steps(*gradient)];
                    let to = &mut gradients[self.parameter_starts[*parameter] + first_column..];
                    match input {
                        Input::OneHot(ids) => {
                            let table = &mut self.table_gradient[..width * height];
                            table.fill(S::ZERO);
                            kernels::scatter_add_rows(table, height, ids, gradient);
                            kernels::transpose_add(to, columns, table, height, width, height);
                        }
                        Input::Dense(dense) => kernels::transposed_multiply_add(
                            to,
                            columns,
                            gradient,
                            height,
                            dense,
                            width,
                            samples,
                            height,
                            width,
                            &mut self.workspace,
                        ),
                    }
                }
                Deferred::Bias { parameter, gradient } => {
                    let height = self.plan.parameters[*parameter].1;
                    let gradient = &self.numbers[self.all_steps(*gradient)];
                    let to = &mut gradients[self.parameter_starts[*parameter]..][..height];
                    kernels::column_sums_add(to, gradient);
                }
                Deferred::Input { gradient, pack } => {
                    let Some(buffer) = self.plan.input.1 else { continue };
                    let rows = self.plan.buffers[*gradient].rows;
                    let from = self.all_steps(*gradient);
                    let to = self.all_steps(buffer);
                    let (to, others) = Others::split(&mut self.numbers, to);
                    kernels::multiply_add(to, width, others.get(from), rows, samples, &self.packs[*pack]);
                }
            }
        }
        self.plan.deferred = deferred;
    }
}
