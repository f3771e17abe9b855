//! What instructions do with blocks: operands that broadcast, functions over rows, functions over samples.

use std::ops::Range;

use super::run::Mode;
use crate::engine::kernels::{self, Scalar};
use crate::engine::syntax::{BinaryOperator, Function};

/// Added to a variance under the root (Ioffe and Szegedy 2015).
const EPSILON: f64 = 1e-5;

/// How much of a running mean is replaced at each step.
const RUNNING_RATE: f64 = 0.1;

/// The memory beside the block that is being written.
pub struct Others<'a, S> {
    before: &'a [S],
    after: &'a [S],
    after_start: usize,
}

impl<'a, S> Others<'a, S> {
    /// Splits off the block that is written.
    pub fn split(numbers: &'a mut [S], written: Range<usize>) -> (&'a mut [S], Self) {
        let (before, rest) = numbers.split_at_mut(written.start);
        let (out, after) = rest.split_at_mut(written.len());
        (out, Self { before, after, after_start: written.end })
    }

    /// Nothing is written.
    pub fn all(numbers: &'a [S]) -> Self {
        Self { before: numbers, after: &[], after_start: numbers.len() }
    }

    /// A block; it never overlaps the one that is written (a plan reads and writes different blocks).
    pub fn get(&self, range: Range<usize>) -> &'a [S] {
        if range.end <= self.before.len() {
            &self.before[range]
        } else {
            &self.after[range.start - self.after_start..range.end - self.after_start]
        }
    }
}

/// Something to read, with how it spreads.
#[derive(Clone, Copy)]
pub enum Operand<'a, S> {
    /// The same everywhere.
    Number(S),
    /// The same for every sample.
    Column(&'a [S]),
    /// `B × rows`; one row spreads over all rows.
    Block(&'a [S], usize),
}

impl<S: Scalar> Operand<'_, S> {
    fn at(&self, sample: usize, row: usize) -> S {
        match self {
            Operand::Number(number) => *number,
            Operand::Column(column) => column[row],
            Operand::Block(block, 1) => block[sample],
            Operand::Block(block, rows) => block[sample * rows + row],
        }
    }
}

/// `out = left operator right`, element by element; `out` has `rows` rows.
pub fn binary<S: Scalar>(
    operator: BinaryOperator,
    out: &mut [S],
    left: Operand<'_, S>,
    right: Operand<'_, S>,
    rows: usize,
) {
    match (operator, left, right) {
        (_, Operand::Block(left, left_rows), Operand::Block(right, right_rows))
            if left_rows == rows && right_rows == rows =>
        {
            whole(operator, out, left, right);
        }
        // A bias, sample by sample.
        (_, Operand::Block(left, width), Operand::Column(right)) if width == rows => {
            for (out, left) in out.chunks_exact_mut(rows).zip(left.chunks_exact(rows)) {
                whole(operator, out, left, right);
            }
        }
        (BinaryOperator::Subtract, Operand::Number(number), Operand::Block(block, width))
            if width == rows =>
        {
            kernels::sub_from_scalar(out, block, number);
        }
        (BinaryOperator::Multiply, Operand::Number(number), Operand::Block(block, width))
        | (BinaryOperator::Multiply, Operand::Block(block, width), Operand::Number(number))
            if width == rows =>
        {
            kernels::scale(out, block, number);
        }
        (BinaryOperator::Add, Operand::Number(number), Operand::Block(block, width))
        | (BinaryOperator::Add, Operand::Block(block, width), Operand::Number(number))
            if width == rows =>
        {
            kernels::add_scalar(out, block, number);
        }
        _ => {
            for (sample, out) in out.chunks_exact_mut(rows).enumerate() {
                for (row, number) in out.iter_mut().enumerate() {
                    let (left, right) = (left.at(sample, row), right.at(sample, row));
                    *number = match operator {
                        BinaryOperator::Add => left + right,
                        BinaryOperator::Subtract => left - right,
                        BinaryOperator::Multiply => left * right,
                        BinaryOperator::Divide => left / right,
                    };
                }
            }
        }
    }
}

/// The same of slices of equal length.
fn whole<S: Scalar>(operator: BinaryOperator, out: &mut [S], left: &[S], right: &[S]) {
    match operator {
        BinaryOperator::Add => kernels::add(out, left, right),
        BinaryOperator::Subtract => kernels::sub(out, left, right),
        BinaryOperator::Multiply => kernels::mul(out, left, right),
        BinaryOperator::Divide => kernels::div(out, left, right),
    }
}

/// `out = from`, or `out += from`.
pub fn copy<S: Scalar>(out: &mut [S], from: Operand<'_, S>, rows: usize, adds: bool) {
    match from {
        Operand::Block(block, width) if width == rows => {
            if adds {
                kernels::add_assign(out, block);
            } else {
                out.copy_from_slice(block);
            }
        }
        Operand::Column(column) if adds => kernels::add_rows(out, column),
        Operand::Column(column) => out.chunks_exact_mut(rows).for_each(|out| out.copy_from_slice(column)),
        _ => {
            for (sample, out) in out.chunks_exact_mut(rows).enumerate() {
                for (row, number) in out.iter_mut().enumerate() {
                    let from = from.at(sample, row);
                    *number = if adds { *number + from } else { from };
                }
            }
        }
    }
}

/// `to += Σ_samples from`.
pub fn column_gradient<S: Scalar>(to: &mut [S], from: Operand<'_, S>, batch: usize) {
    for sample in 0..batch {
        for (row, number) in to.iter_mut().enumerate() {
            *number += from.at(sample, row);
        }
    }
}

/// An element-wise function.
pub fn apply<S: Scalar>(function: Function, out: &mut [S], from: &[S]) {
    let slope = |out: &mut [S], left: S| {
        for (number, from) in out.iter_mut().zip(from) {
            *number = if *from > S::ZERO { S::ONE } else { left };
        }
    };
    match function {
        Function::Sigmoid => kernels::sigmoid(out, from),
        Function::Tanh => kernels::tanh(out, from),
        Function::Relu => kernels::relu(out, from),
        Function::LeakyRelu => kernels::leaky_relu(out, from),
        Function::Swish => kernels::swish(out, from),
        Function::Exp => kernels::exp(out, from),
        Function::Log => kernels::ln(out, from),
        Function::ReluSlope => slope(out, S::ZERO),
        Function::LeakyReluSlope => slope(out, S::from_f64(kernels::LEAKY_SLOPE)),
        // The others are no element-wise functions; a plan never asks for them here.
        _ => debug_assert!(false, "{function:?} is not element-wise"),
    }
}

/// A function over the rows of each sample. `out` is `B × rows`, or `B × 1` for sum, mean and deviation.
pub fn over_rows<S: Scalar>(function: Function, out: &mut [S], from: &[S], rows: usize) {
    let count = S::from_f64(rows as f64);
    match function {
        Function::Softmax => {
            for (out, from) in out.chunks_exact_mut(rows).zip(from.chunks_exact(rows)) {
                let largest = from.iter().fold(from[0], |largest, number| largest.max(*number));
                let mut total = S::ZERO;
                for (number, from) in out.iter_mut().zip(from) {
                    *number = (*from - largest).exp();
                    total += *number;
                }
                out.iter_mut().for_each(|number| *number /= total);
            }
        }
        Function::LayerNorm => {
            for (out, from) in out.chunks_exact_mut(rows).zip(from.chunks_exact(rows)) {
                let (mean, deviation) = moments(from.iter().copied(), count);
                for (number, from) in out.iter_mut().zip(from) {
                    *number = (*from - mean) / deviation;
                }
            }
        }
        _ => {
            for (out, from) in out.iter_mut().zip(from.chunks_exact(rows)) {
                *out = match function {
                    Function::Mean => total(from.iter().copied()) / count,
                    Function::Deviation => moments(from.iter().copied(), count).1,
                    _ => total(from.iter().copied()),
                };
            }
        }
    }
}

fn total<S: Scalar>(numbers: impl Iterator<Item = S>) -> S {
    numbers.fold(S::ZERO, |total, number| total + number)
}

/// Mean and `√(variance + ε)`; the variance is divided by the count.
fn moments<S: Scalar>(numbers: impl Iterator<Item = S> + Clone, count: S) -> (S, S) {
    let mean = total(numbers.clone()) / count;
    let variance = total(numbers.map(|number| (number - mean) * (number - mean))) / count;
    (mean, (variance + S::from_f64(EPSILON)).sqrt())
}

/// Running means and variances of the batch normalisations of a cell.
#[derive(Clone, Debug)]
pub struct Statistics<S> {
    /// Whether the step's own samples are used.
    pub mode: Mode,
    sites: Vec<(Vec<S>, Vec<S>)>,
}

impl<S: Scalar> Statistics<S> {
    /// Mean 0 and variance 1 for each of the rows.
    pub fn new(sites: &[usize]) -> Self {
        let sites = sites.iter().map(|rows| (vec![S::ZERO; *rows], vec![S::ONE; *rows])).collect();
        Self { mode: Mode::Train, sites }
    }

    /// All of them, one after the other.
    pub fn to_numbers(&self) -> Vec<S> {
        self.sites.iter().flat_map(|(means, variances)| means.iter().chain(variances)).copied().collect()
    }

    /// The inverse of [`Self::to_numbers`].
    pub fn set_numbers(&mut self, numbers: &[S]) {
        let all = self.sites.iter_mut().flat_map(|(means, variances)| means.iter_mut().chain(variances));
        all.zip(numbers).for_each(|(number, from)| *number = *from);
    }

    /// A function over the samples that are present, for each row. `out` and `from` are `B × rows`.
    pub fn over_samples(
        &mut self,
        function: Function,
        out: &mut [S],
        from: &[S],
        rows: usize,
        site: usize,
        present: impl Fn(usize) -> bool,
    ) {
        let batch = from.len() / rows;
        let here = (0..batch).filter(|sample| present(*sample)).count();
        let count = S::from_f64(here.max(1) as f64);
        for row in 0..rows {
            let column = (0..batch).filter(|sample| present(*sample)).map(|sample| from[sample * rows + row]);
            let (mut mean, mut deviation) = moments(column, count);
            if function == Function::BatchNorm
                && let Some((means, variances)) = self.sites.get_mut(site)
            {
                // Past the end of every sample there is nothing to learn a mean from.
                if self.mode == Mode::Train && here > 0 {
                    let rate = S::from_f64(RUNNING_RATE);
                    let variance = deviation * deviation - S::from_f64(EPSILON);
                    means[row] = means[row] + rate * (mean - means[row]);
                    variances[row] = variances[row] + rate * (variance - variances[row]);
                } else if self.mode == Mode::Evaluate {
                    mean = means[row];
                    deviation = (variances[row] + S::from_f64(EPSILON)).sqrt();
                }
            }
            for sample in 0..batch {
                let place = sample * rows + row;
                out[place] = match function {
                    // A mean stands only in derived equations. A sample that is absent has no gradient.
                    Function::BatchMean if present(sample) => mean,
                    Function::BatchMean => S::ZERO,
                    Function::BatchDeviation => deviation,
                    _ => (from[place] - mean) / deviation,
                };
            }
        }
    }
}
