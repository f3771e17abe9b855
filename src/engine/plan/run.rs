//! Running a plan: a window forward, then backward. Nothing is allocated between [`LayerRunner::new`] and its end.

mod hand_over;
mod held;
mod read;
mod step;
mod window;

use super::{Hoisted, Place, Plan, Slots, blocks};
use crate::engine::kernels::{self, Packed, Scalar, Workspace};

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
    /// What reaches the final states from a layer that started from them, state after state, `B × n_a` each; empty:
    /// nothing does.
    arriving: Vec<S>,
    holds: Vec<held::Held<S>>,
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
            workspace: Workspace::with_capacity(widest_operand),
            statistics: blocks::Statistics::new(&plan.batch_sites),
            lengths: vec![plan.sizes.steps; plan.sizes.batch],
            arriving: Vec::new(),
            holds: Vec::new(),
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
        for state in 0..self.plan.states.len() {
            let (first, last) = (self.first_block(self.plan.states[state].1), self.last_block(state));
            self.numbers.copy_within(last, first.start);
        }
    }

    /// The state (by its place in the `state` line) before the first step, `B × n_a`.
    pub fn initial_mut(&mut self, state: usize) -> &mut [S] {
        let range = self.first_block(self.plan.states[state].1);
        &mut self.numbers[range]
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
        let size = sizes.batch * sizes.hidden;
        for index in 0..self.plan.states.len() {
            let last = Place { buffer: self.plan.states[index].2, previous: false };
            let range = self.range(last, sizes.steps - 1);
            match self.arriving.get(index * size..(index + 1) * size) {
                Some(arriving) => self.numbers[range].copy_from_slice(arriving),
                None => self.numbers[range].fill(S::ZERO),
            }
        }
        let (_, output) = self.plan.output;
        let output_is_state = self.plan.buffers[output].slots == Slots::State;
        let instructions = std::mem::take(&mut self.plan.backward);
        for step in (0..sizes.steps).rev() {
            let range = self.range(Place { buffer: output, previous: false }, step);
            let arriving = &above[step * size..(step + 1) * size];
            if output_is_state {
                kernels::add_assign(&mut self.numbers[range], arriving);
            } else {
                self.numbers[range].copy_from_slice(arriving);
            }
            self.hold_finished(step);
            for instruction in &instructions {
                self.execute(instruction, step, weights, gradients);
            }
            self.release_finished(step);
        }
        self.plan.backward = instructions;
        self.finish_all_steps(input, gradients);
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

    /// The block of a state, or of its gradient, before the first step.
    fn first_block(&self, buffer: usize) -> std::ops::Range<usize> {
        self.range(Place { buffer, previous: true }, 0)
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
}
