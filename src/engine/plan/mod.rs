//! The plan: a cell's forward and backward equations as a list of instructions over blocks of numbers.
//!
//! Memory: every value is `T × B × n`, row-major, so that a step is one `B × n` block (a sample's column lies
//! contiguous) and a window is one `(T·B) × n` matrix. What does not depend on a state is done for all steps at
//! once: products with `x<t>`, weight gradients, gradients of `x<t>`. Products which share an operand stand side by
//! side in one instruction. The plan knows no number type; [`LayerRunner`] executes it.

mod blocks;
mod expression;
mod lower;
mod run;

pub use lower::plan;
pub use run::{Input, LayerRunner, Mode};

use super::syntax::{BinaryOperator, Expr, Function, Symbol};

/// Which gradients and intermediate values have to stay readable after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What training needs.
    Training,
    /// Every named value and its gradient, at every step.
    Everything,
}

/// The sizes a plan is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Hidden units, `n_a`.
    pub hidden: usize,
    /// Rows of `x<t>`, `n_x`.
    pub input: usize,
    /// Samples, `B`.
    pub batch: usize,
    /// Steps, `T`.
    pub steps: usize,
}

/// How many blocks a buffer has, and which one a step reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slots {
    /// One block that every step uses anew.
    One,
    /// One block a step.
    PerStep,
    /// `T + 1` blocks: the state before the first step, then one a step.
    State,
}

#[derive(Clone, Debug)]
pub(super) struct Buffer {
    pub rows: usize,
    pub slots: Slots,
}

/// A block of a buffer at the current step; of a state also the block before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub buffer: usize,
    pub previous: bool,
}

/// Something to read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    Block(Place),
    /// A column parameter, the same for every sample.
    Column(usize),
    Number(f64),
}

/// A block that is packed for a product once a window: `columns` of a matrix parameter, as it is or transposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pack {
    pub parameter: usize,
    pub first_column: usize,
    pub columns: usize,
    /// `Wᵀ` as the right factor (forward: `z = W v` is `Z = V Wᵀ` with samples as rows), else `W`.
    pub transposed: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Instruction {
    Fill {
        to: Place,
    },
    /// `to = from`, or `to += from`.
    Copy {
        to: Place,
        from: Source,
        adds: bool,
    },
    /// Some rows of a block: `to = from`, or `to += from`.
    Rows {
        to: Place,
        to_row: usize,
        from: Place,
        from_row: usize,
        rows: usize,
        adds: bool,
    },
    Binary {
        operator: BinaryOperator,
        to: Place,
        left: Source,
        right: Source,
    },
    /// `to += left * right`.
    MultiplyAdd {
        to: Place,
        left: Place,
        right: Place,
    },
    Negate {
        to: Place,
        from: Source,
    },
    Power {
        to: Place,
        from: Source,
        exponent: i32,
    },
    /// An element-wise function.
    Apply {
        function: Function,
        to: Place,
        from: Place,
    },
    /// `to = gradient * y * (1 - y)`.
    SigmoidSlope {
        to: Place,
        gradient: Place,
        value: Place,
    },
    /// `to = gradient * (1 - y²)`.
    TanhSlope {
        to: Place,
        gradient: Place,
        value: Place,
    },
    /// A function over the rows of each sample, or over the samples of each row. `site` counts the batch
    /// normalisations of the text, whose running means are kept.
    Reduce {
        function: Function,
        to: Place,
        from: Place,
        site: usize,
    },
    /// `to += from · packs[pack]` for every pair: the products that share the operand `from`.
    Products {
        from: Place,
        each: Vec<(Place, usize)>,
    },
    /// `to = from · pack`, or `to += …`.
    Product {
        to: Place,
        from: Place,
        pack: usize,
        adds: bool,
    },
    /// A value (by its place among the values) is complete: its held units are set to what they are held at.
    Hold {
        value: usize,
    },
    /// Its gradient is complete: nothing flows on through its held units.
    Stop {
        value: usize,
    },
    /// The gradient of a column parameter: `+=` the sum of the samples.
    ColumnGradient {
        parameter: usize,
        from: Source,
        rows: usize,
    },
}

/// What is done for all steps at once, before the first step.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hoisted {
    /// Zero, plus these column parameters.
    Start { buffer: usize, biases: Vec<usize> },
    /// Plus `W x<t>`: the columns of `parameter` from `first_column` on act on `x`. A one-hot input picks columns.
    Input { buffer: usize, parameter: usize, first_column: usize, pack: usize },
}

/// What is done for all steps at once, after the first step's gradients are known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deferred {
    /// `dW += Σ_t g<t> operand<t>ᵀ`.
    Weight { parameter: usize, first_column: usize, gradient: usize, operand: Place, rows: usize },
    /// The same with `x<t>` as operand.
    InputWeight { parameter: usize, first_column: usize, gradient: usize, rows: usize },
    /// `db += Σ_t g<t>`.
    Bias { parameter: usize, gradient: usize },
    /// `dx<t> += W_xᵀ g<t>`.
    Input { gradient: usize, pack: usize },
}

/// A cell, planned for given sizes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Sizes it was made for.
    pub sizes: Sizes,
    /// Parameters: name, rows, columns.
    pub parameters: Vec<(Symbol, usize, usize)>,
    pub(super) buffers: Vec<Buffer>,
    /// Named values in the order of the forward equations: name, buffer, buffer of its gradient.
    pub(super) values: Vec<(Symbol, usize, usize)>,
    /// Buffers of the states, in order, and of their gradients.
    pub(super) states: Vec<(Symbol, usize, usize)>,
    /// Buffers of the output and its gradient.
    pub(super) output: (usize, usize),
    /// Gradients that reach unnamed terms.
    pub(super) terms: Vec<(Expr, usize)>,
    /// Buffers of `x` and `dx`, where an element-wise use or the trace needs them.
    pub(super) input: (Option<usize>, Option<usize>),
    pub(super) packs: Vec<Pack>,
    pub(super) hoisted: Vec<Hoisted>,
    pub(super) forward: Vec<Instruction>,
    pub(super) backward: Vec<Instruction>,
    pub(super) deferred: Vec<Deferred>,
    /// Rows of each batch normalisation in the text.
    pub(super) batch_sites: Vec<usize>,
}

impl Plan {
    /// Numbers (not bytes) that a run of this plan holds.
    pub fn numbers(&self) -> usize {
        self.buffers.iter().map(|buffer| self.blocks(buffer) * self.sizes.batch * buffer.rows).sum()
    }

    /// Names of every value, in the order of the forward equations.
    pub fn value_names(&self) -> impl Iterator<Item = &Symbol> {
        self.values.iter().map(|(name, ..)| name)
    }

    /// Names of the states, in the order of the `state` line.
    pub fn state_names(&self) -> Vec<Symbol> {
        self.states.iter().map(|(name, ..)| name.clone()).collect()
    }

    /// Unnamed terms whose gradients are kept, with their rows.
    pub fn term_rows(&self) -> impl Iterator<Item = (&Expr, usize)> {
        self.terms.iter().map(|(term, buffer)| (term, self.buffers[*buffer].rows))
    }

    pub(super) fn blocks(&self, buffer: &Buffer) -> usize {
        match buffer.slots {
            Slots::One => 1,
            Slots::PerStep => self.sizes.steps,
            Slots::State => self.sizes.steps + 1,
        }
    }
}
