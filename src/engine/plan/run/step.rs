//! One step: instructions over its blocks.

use std::ops::Range;

use super::LayerRunner;
use crate::engine::kernels::{self, Scalar};
use crate::engine::plan::blocks::{self, Others};
use crate::engine::plan::{Instruction, Place, Source};
use crate::engine::syntax::{BinaryOperator, Function};

impl<S: Scalar> LayerRunner<S> {
    /// After its last step a sample's states stay what they were.
    pub(super) fn carry_finished(&mut self, step: usize) {
        let rows = self.plan.sizes.hidden;
        for (sample, length) in self.lengths.iter().enumerate() {
            if step < *length {
                continue;
            }
            for (_, buffer, _) in &self.plan.states {
                let before =
                    self.range(Place { buffer: *buffer, previous: true }, step).start + sample * rows;
                let after =
                    self.range(Place { buffer: *buffer, previous: false }, step).start + sample * rows;
                self.numbers.copy_within(before..before + rows, after);
            }
        }
    }

    pub(super) fn execute(
        &mut self,
        instruction: &Instruction,
        step: usize,
        weights: &[S],
        gradients: &mut [S],
    ) {
        let rows_of = |place: Place| self.plan.buffers[place.buffer].rows;
        let batch = self.plan.sizes.batch;
        macro_rules! write {
            ($to:expr => |$out:ident, $others:ident| $body:expr) => {{
                let range = self.range(*$to, step);
                let ($out, $others) = Others::split(&mut self.numbers, range);
                $body
            }};
        }
        match instruction {
            Instruction::Fill { to } => write!(to => |out, _others| out.fill(S::ZERO)),
            Instruction::Products { from, each } => {
                let read = self.range(*from, step);
                let rows = rows_of(*from);
                for (to, pack) in each {
                    let width = rows_of(*to);
                    let range = self.range(*to, step);
                    let (out, others) = Others::split(&mut self.numbers, range);
                    kernels::multiply_add(
                        out,
                        width,
                        others.get(read.clone()),
                        rows,
                        batch,
                        &self.packs[*pack],
                    );
                }
            }
            Instruction::Product { to, from, pack, adds } => {
                let (read, rows, width) = (self.range(*from, step), rows_of(*from), rows_of(*to));
                write!(to => |out, others| {
                    let multiply = if *adds { kernels::multiply_add } else { kernels::multiply };
                    multiply(out, width, others.get(read), rows, batch, &self.packs[*pack]);
                });
            }
            Instruction::MultiplyAdd { to, left, right } => {
                let (left, right) = (self.range(*left, step), self.range(*right, step));
                write!(to => |out, others| kernels::mul_add_assign(out, others.get(left), others.get(right)));
            }
            Instruction::SigmoidSlope { to, gradient, value } => {
                let (gradient, value) = (self.range(*gradient, step), self.range(*value, step));
                write!(to => |out, others| kernels::sigmoid_slope(out, others.get(gradient), others.get(value)));
            }
            Instruction::TanhSlope { to, gradient, value } => {
                let (gradient, value) = (self.range(*gradient, step), self.range(*value, step));
                write!(to => |out, others| kernels::tanh_slope(out, others.get(gradient), others.get(value)));
            }
            Instruction::Apply { function, to, from } => {
                let from = self.range(*from, step);
                write!(to => |out, others| blocks::apply(*function, out, others.get(from)));
            }
            Instruction::Reduce { function, to, from, site } => {
                let rows = rows_of(*from);
                let from = self.range(*from, step);
                let range = self.range(*to, step);
                let (out, others) = Others::split(&mut self.numbers, range);
                let lengths = &self.lengths;
                let present = |sample: usize| step < lengths[sample];
                if matches!(function, Function::BatchNorm | Function::BatchMean | Function::BatchDeviation) {
                    self.statistics.over_samples(*function, out, others.get(from), rows, *site, present);
                } else {
                    blocks::over_rows(*function, out, others.get(from), rows);
                }
            }
            Instruction::Copy { to, from, adds } => {
                let from = self.operand(*from, step, weights);
                let rows = rows_of(*to);
                write!(to => |out, others| blocks::copy(out, from.read(&others), rows, *adds));
            }
            Instruction::Rows { to, to_row, from, from_row, rows, adds } => {
                let (read, width, height) = (self.range(*from, step), rows_of(*from), rows_of(*to));
                write!(to => |out, others| {
                    for (out, from) in out.chunks_exact_mut(height).zip(others.get(read).chunks_exact(width)) {
                        let (out, from) = (&mut out[*to_row..][..*rows], &from[*from_row..][..*rows]);
                        if *adds { kernels::add_assign(out, from) } else { out.copy_from_slice(from) }
                    }
                });
            }
            Instruction::Binary { operator, to, left, right } => {
                let (left, right) = (self.operand(*left, step, weights), self.operand(*right, step, weights));
                let rows = rows_of(*to);
                write!(to => |out, others| {
                    blocks::binary(*operator, out, left.read(&others), right.read(&others), rows)
                });
            }
            Instruction::Negate { to, from } => {
                let from = self.operand(*from, step, weights);
                let rows = rows_of(*to);
                write!(to => |out, others| {
                    let zero = blocks::Operand::Number(S::ZERO);
                    blocks::binary(BinaryOperator::Subtract, out, zero, from.read(&others), rows)
                });
            }
            Instruction::Power { to, from, exponent } => {
                let from = self.operand(*from, step, weights);
                let rows = rows_of(*to);
                write!(to => |out, others| {
                    blocks::copy(out, from.read(&others), rows, false);
                    out.iter_mut().for_each(|number| *number = number.powi(*exponent));
                });
            }
            Instruction::Hold { value } => self.hold(*value, step),
            Instruction::Stop { value } => self.stop_at_held(*value, step),
            Instruction::ColumnGradient { parameter, from, rows } => {
                let from = self.operand(*from, step, weights);
                let to = &mut gradients[self.parameter_starts[*parameter]..][..*rows];
                let others = Others::all(&self.numbers);
                blocks::column_gradient(to, from.read(&others), batch);
            }
        }
    }

    fn operand<'w>(&self, source: Source, step: usize, weights: &'w [S]) -> Reading<'w, S> {
        match source {
            Source::Number(number) => Reading::Number(S::from_f64(number)),
            Source::Column(parameter) => {
                let rows = self.plan.parameters[parameter].1;
                Reading::Column(&weights[self.parameter_starts[parameter]..][..rows])
            }
            Source::Block(place) => {
                Reading::Block(self.range(place, step), self.plan.buffers[place.buffer].rows)
            }
        }
    }
}

/// An operand before the memory is split into what is written and the others.
enum Reading<'w, S> {
    Number(S),
    Column(&'w [S]),
    Block(Range<usize>, usize),
}

impl<'w, S: Scalar> Reading<'w, S> {
    fn read<'o>(&self, others: &Others<'o, S>) -> blocks::Operand<'o, S>
    where
        'w: 'o,
    {
        match self {
            Reading::Number(number) => blocks::Operand::Number(*number),
            Reading::Column(column) => blocks::Operand::Column(column),
            Reading::Block(range, rows) => blocks::Operand::Block(others.get(range.clone()), *rows),
        }
    }
}
