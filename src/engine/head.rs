//! The output head: `ŷ<t> = softmax(W_ya a<t> + b_y)` (or σ), its loss, and the way back, for all steps at once.
//!
//! The lines run here are those that [`super::derive::backward_of_head`] derives: `dz_y<t> = ŷ<t> - y<t>`,
//! `dW_ya += dz_y<t> a<t>ᵀ`, `db_y += dz_y<t>`, `da<t> = W_yaᵀ dz_y<t>`. The loss is computed from the logits, so
//! that it never overflows.

use super::kernels::{self, Packed, Scalar, Workspace};
use super::syntax::LossKind;

/// What the output should have been.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a, S> {
    /// `T × B` ids; −1 is masked.
    Ids(&'a [i32]),
    /// `T × B × n_y` of 0 or 1, and `T × B` whether the step counts.
    Binary(&'a [S], &'a [bool]),
}

/// Memory of a head for `samples = T·B` rows.
#[derive(Clone)]
pub struct HeadRunner<S: Scalar> {
    loss: LossKind,
    hidden: usize,
    output: usize,
    samples: usize,
    logits: Vec<S>,
    yhat: Vec<S>,
    dlogits: Vec<S>,
    losses: Vec<S>,
    below: Vec<S>,
    forward: Packed<S>,
    backward: Packed<S>,
    workspace: Workspace<S>,
}

impl<S: Scalar> HeadRunner<S> {
    /// Memory for `samples` rows of `hidden` numbers and `output` outputs.
    pub fn new(loss: LossKind, hidden: usize, output: usize, samples: usize) -> Self {
        let zeros = |count: usize| vec![S::ZERO; count];
        Self {
            loss,
            hidden,
            output,
            samples,
            logits: zeros(samples * output),
            yhat: zeros(samples * output),
            dlogits: zeros(samples * output),
            losses: zeros(samples),
            below: zeros(samples * hidden),
            forward: Packed::with_capacity(hidden, output),
            backward: Packed::with_capacity(output, hidden),
            workspace: Workspace::with_capacity(hidden),
        }
    }

    /// Packs `W_ya`; `weights` is `W_ya` (n_y × n_a), then `b_y`.
    pub fn load(&mut self, weights: &[S]) {
        self.forward.pack(weights, self.hidden, self.output, 1, self.hidden);
        self.backward.pack(weights, self.output, self.hidden, self.hidden, 1);
    }

    /// Logits of every row of `a` (`samples × n_a`).
    pub fn forward(&mut self, weights: &[S], a: &[S]) {
        let bias = &weights[self.hidden * self.output..];
        for row in self.logits.chunks_exact_mut(self.output) {
            row.copy_from_slice(bias);
        }
        kernels::multiply_add(&mut self.logits, self.output, a, self.hidden, self.samples, &self.forward);
    }

    /// ŷ, the loss of every row in nats, and `scale · (ŷ - y)`.
    pub fn loss(&mut self, targets: Targets<'_, S>, scale: S) {
        let Self { logits, yhat, losses, dlogits, output, .. } = self;
        match targets {
            Targets::Ids(ids) => {
                kernels::softmax_cross_entropy(logits, *output, ids, scale, yhat, losses, dlogits);
            }
            Targets::Binary(labels, counts) => {
                kernels::logistic_cross_entropy(
                    logits, *output, labels, counts, scale, yhat, losses, dlogits,
                );
            }
        }
    }

    /// Only ŷ, where there is nothing to compare with.
    pub fn predict(&mut self) {
        match self.loss {
            LossKind::SoftmaxCrossEntropy => kernels::softmax(&mut self.yhat, &self.logits, self.output),
            LossKind::Logistic => kernels::sigmoid(&mut self.yhat, &self.logits),
        }
    }

    /// Adds `dW_ya` and `db_y` to `gradients`, and computes what reaches `a`.
    pub fn backward(&mut self, a: &[S], gradients: &mut [S]) {
        let (matrix, bias) = gradients.split_at_mut(self.hidden * self.output);
        kernels::transposed_multiply_add(
            matrix,
            self.hidden,
            &self.dlogits,
            self.output,
            a,
            self.hidden,
            self.samples,
            self.output,
            self.hidden,
            &mut self.workspace,
        );
        kernels::column_sums_add(bias, &self.dlogits);
        let Self { below, dlogits, hidden, output, samples, .. } = self;
        kernels::multiply(below, *hidden, dlogits, *output, *samples, &self.backward);
    }

    /// `samples × n_a`: what reached `a`.
    pub fn below(&self) -> &[S] {
        &self.below
    }

    /// `samples × n_y`.
    pub fn logits(&self) -> &[S] {
        &self.logits
    }

    /// `samples × n_y`.
    pub fn yhat(&self) -> &[S] {
        &self.yhat
    }

    /// `samples × n_y`: the scaled gradient of the logits.
    pub fn dlogits(&self) -> &[S] {
        &self.dlogits
    }

    /// Loss of each row in nats, 0 where masked.
    pub fn losses(&self) -> &[S] {
        &self.losses
    }
}
