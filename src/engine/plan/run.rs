//! Running a plan: a window forward, then backward. Nothing is allocated between [`LayerRunner::new`] and its end.

use super::blocks::{self, Others};
use super::{Deferred, Hoisted, Instruction, Place, Plan, Slots, Source};
use crate::engine::kernels::{self, Packed, Scalar, Workspace};
use crate::engine::syntax::{BinaryOperator, Function, Symbol};

/// Numbers left free between two buffers, beside a block: no power of two, and a multiple of a register.
const GAP: usize = 272;

/// What a layer reads.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a, S> {
    /// `T × B` ids; a one-hot input picks a column of its matrix. −1 is the zero vector.
    OneHot(&'a [i32]),
    /// `T × B × n_x` numbers.
    Dense(&'a [S]),
}

/// Whether batch normalisation uses the step's own samples or the running means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The step's own samples; running means are updated.
    Train,
    /// Running means.
    Evaluate,
}

/// One layer's memory and the plan that runs in it.
///
/// Weights and gradients are flat: the plan's parameters in order, each row-major.
#[derive(Clone)]
pub struct LayerRunner<S: Scalar> {
    plan: Plan,
    numbers: Vec<S>,
    starts: Vec<usize>,
    parameter_starts: Vec<usize>,
    packs: Vec<Packed<S>>,
    /// `V × n` copies of the columns that a one-hot input picks, one for each input product.
    tables: Vec<Vec<S>>,
    table_gradient: Vec<S>,
    workspace: Workspace<S>,
    statistics: blocks::Statistics<S>,
    /// Each sample's length; steps after it carry the state unchanged.
    lengths: Vec<usize>,
}

impl<S: Scalar> LayerRunner<S> {
    /// Memory for a plan. `one_hot`: whether its inputs will be [`Input::OneHot`].
    pub fn new(plan: Plan, one_hot: bool) -> Self {
        let mut starts = Vec::with_capacity(plan.buffers.len());
        let mut end = 0;
        for buffer in &plan.buffers {
            starts.push(end);
            let block = plan.sizes.batch * buffer.rows;
            // Sizes are often powers of two: without a gap the same step of every buffer would fall into the same sets
            // of the cache, and a step's blocks would push each other out (measured: LSTM 1×128 three times slower).
            end += plan.blocks(buffer) * block + block + GAP;
        }
        let mut parameter_starts = Vec::with_capacity(plan.parameters.len());
        let mut parameters_end = 0;
        for (_, rows, columns) in &plan.parameters {
            parameter_starts.push(parameters_end);
            parameters_end += rows * columns;
        }
        let packs = plan
            .packs
            .iter()
            .map(|pack| {
                let rows = plan.parameters[pack.parameter].1;
                let (k, n) = if pack.transposed { (pack.columns, rows) } else { (rows, pack.columns) };
                Packed::with_capacity(k, n)
            })
            .collect();
        let input = plan.sizes.input;
        let inputs = plan.hoisted.iter().filter_map(|hoisted| match hoisted {
            Hoisted::Input { parameter, .. } if one_hot => Some(plan.parameters[*parameter].1),
            _ => None,
        });
        let tables: Vec<Vec<S>> = inputs.map(|rows| vec![S::ZERO; input * rows]).collect();
        let tallest = plan.parameters.iter().map(|(_, rows, _)| *rows).max().unwrap_or(0);
        let widest_operand = plan.parameters.iter().map(|(.., columns)| *columns).max().unwrap_or(0);
        let widest = if one_hot { tallest } else { 0 };
        Self {
            numbers: vec![S::ZERO; end],
            starts,
            parameter_starts,
            packs,
            tables,
            table_gradient: vec![S::ZERO; input * widest],
            workspace: Workspace::with_capacity(tallest, widest_operand),
            statistics: blocks::Statistics::new(&plan.batch_sites),
            lengths: vec![plan.sizes.steps; plan.sizes.batch],
            plan,
        }
    }

    /// The plan that runs here.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many steps each sample has, 1 to T.
    pub fn set_lengths(&mut self, lengths: &[usize]) {
        self.lengths.copy_from_slice(lengths);
    }

    /// The states before the first step are zero.
    pub fn zero_initial(&mut self) {
        for state in 0..self.plan.states.len() {
            self.initial_mut(state).fill(S::ZERO);
        }
    }

    /// The states after the last step become the states before the first.
    pub fn carry(&mut self) {
        let steps = self.plan.sizes.steps;
        for (_, buffer, _) in &self.plan.states {
            let size = self.plan.sizes.batch * self.plan.buffers[*buffer].rows;
            let start = self.starts[*buffer];
            self.numbers.copy_within(start + steps * size..start + (steps + 1) * size, start);
        }
    }

    /// The state (by its place in the `state` line) before the first step, `B × n_a`.
    pub fn initial_mut(&mut self, state: usize) -> &mut [S] {
        let buffer = self.plan.states[state].1;
        let size = self.plan.sizes.batch * self.plan.buffers[buffer].rows;
        let start = self.starts[buffer];
        &mut self.numbers[start..start + size]
    }

    /// Packs the weights for the products of the window to come.
    pub fn load(&mut self, weights: &[S]) {
        for (pack, packed) in self.plan.packs.iter().zip(&mut self.packs) {
            let (_, rows, columns) = self.plan.parameters[pack.parameter];
            let source = &weights[self.parameter_starts[pack.parameter] + pack.first_column..];
            if pack.transposed {
                packed.pack(source, pack.columns, rows, 1, columns);
            } else {
                packed.pack(source, rows, pack.columns, columns, 1);
            }
        }
        let mut tables = self.tables.iter_mut();
        for hoisted in &self.plan.hoisted {
            if let Hoisted::Input { parameter, first_column, .. } = hoisted
                && let Some(table) = tables.next()
            {
                let (_, rows, columns) = self.plan.parameters[*parameter];
                let source = &weights[self.parameter_starts[*parameter]..];
                let symbols = self.plan.sizes.input;
                kernels::transpose(table, rows, &source[*first_column..], columns, rows, symbols);
            }
        }
    }

    /// One window forward. `weights` are those that were [loaded](Self::load).
    pub fn forward(&mut self, weights: &[S], input: Input<'_, S>, mode: Mode) {
        if let Some(buffer) = self.plan.input.0 {
            self.write_input(buffer, input);
        }
        self.start_all_steps(weights, input);
        self.statistics.mode = mode;
        let instructions = std::mem::take(&mut self.plan.forward);
        for step in 0..self.plan.sizes.steps {
            for instruction in &instructions {
                self.execute(instruction, step, weights, &mut []);
            }
            self.carry_finished(step);
        }
        self.plan.forward = instructions;
    }

    /// One window backward, after [`Self::forward`] with the same weights and input.
    /// `above`: `T × B × n_a`, what reaches the output. Adds to `gradients` (flat, like `weights`).
    pub fn backward(&mut self, weights: &[S], input: Input<'_, S>, above: &[S], gradients: &mut [S]) {
        let Plan { sizes, .. } = self.plan;
        if let Some(buffer) = self.plan.input.1 {
            let range = self.all_steps(buffer);
            self.numbers[range].fill(S::ZERO);
        }
        for index in 0..self.plan.states.len() {
            let last = Place { buffer: self.plan.states[index].2, previous: false };
            let range = self.range(last, sizes.steps - 1);
            self.numbers[range].fill(S::ZERO);
        }
        let (_, output) = self.plan.output;
        let output_is_state = self.plan.buffers[output].slots == Slots::State;
        let size = sizes.batch * sizes.hidden;
        let instructions = std::mem::take(&mut self.plan.backward);
        for step in (0..sizes.steps).rev() {
            let range = self.range(Place { buffer: output, previous: false }, step);
            let arriving = &above[step * size..(step + 1) * size];
            if output_is_state {
                kernels::add_assign(&mut self.numbers[range], arriving);
            } else {
                self.numbers[range].copy_from_slice(arriving);
            }
            for instruction in &instructions {
                self.execute(instruction, step, weights, gradients);
            }
        }
        self.plan.backward = instructions;
        self.finish_all_steps(input, gradients);
    }

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
    pub fn term_gradients(&self) -> impl Iterator<Item = (&crate::engine::syntax::Expr, &[S])> {
        self.plan.terms.iter().map(|(term, buffer)| (term, &self.numbers[self.all_steps(*buffer)]))
    }

    /// The state before the first step and its gradient, `B × n_a` each.
    pub fn initial(&self, state: usize) -> (&[S], &[S]) {
        let (_, value, gradient) = self.plan.states[state];
        let size = self.plan.sizes.batch * self.plan.sizes.hidden;
        let block = |buffer: usize| &self.numbers[self.starts[buffer]..self.starts[buffer] + size];
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

    fn last_block(&self, state: usize) -> std::ops::Range<usize> {
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

    /// The blocks of all steps, without a state's block before the first.
    fn all_steps(&self, buffer: usize) -> std::ops::Range<usize> {
        let Plan { sizes, .. } = self.plan;
        let block = sizes.batch * self.plan.buffers[buffer].rows;
        let (first, count) = match self.plan.buffers[buffer].slots {
            Slots::One => (0, 1),
            Slots::PerStep => (0, sizes.steps),
            Slots::State => (1, sizes.steps),
        };
        let start = self.starts[buffer] + first * block;
        start..start + count * block
    }

    fn range(&self, place: Place, step: usize) -> std::ops::Range<usize> {
        let buffer = &self.plan.buffers[place.buffer];
        let block = self.plan.sizes.batch * buffer.rows;
        let slot = match buffer.slots {
            Slots::One => 0,
            Slots::PerStep => step,
            Slots::State => step + usize::from(!place.previous),
        };
        let start = self.starts[place.buffer] + slot * block;
        start..start + block
    }

    fn write_input(&mut self, buffer: usize, input: Input<'_, S>) {
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

    fn start_all_steps(&mut self, weights: &[S], input: Input<'_, S>) {
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

    /// After its last step a sample's states stay what they were.
    fn carry_finished(&mut self, step: usize) {
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

    fn finish_all_steps(&mut self, input: Input<'_, S>, gradients: &mut [S]) {
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

    fn execute(&mut self, instruction: &Instruction, step: usize, weights: &[S], gradients: &mut [S]) {
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
    Block(std::ops::Range<usize>, usize),
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
