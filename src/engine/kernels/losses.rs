//! Output and loss together, from the logits, so that neither overflows.

use super::elementwise::generic as blocks;
use super::optimisers;
use super::scalar::Scalar;

pub(super) fn softmax<S: Scalar>(yhat: &mut [S], logits: &[S], columns: usize) {
    assert!(columns > 0 && logits.len() == yhat.len() && logits.len().is_multiple_of(columns));
    for (y, z) in yhat.chunks_exact_mut(columns).zip(logits.chunks_exact(columns)) {
        softmax_row(y, z);
    }
}

/// One row; returns (largest logit, Σ exp(z - largest)).
#[inline]
fn softmax_row<S: Scalar>(y: &mut [S], z: &[S]) -> (S, S) {
    let largest = optimisers::largest(z);
    for (y, &z) in y.iter_mut().zip(z) {
        *y = (z - largest).exp();
    }
    let total = optimisers::sum(y);
    for y in y.iter_mut() {
        *y /= total;
    }
    (largest, total)
}

pub(super) fn softmax_cross_entropy<S: Scalar>(
    logits: &[S],
    columns: usize,
    targets: &[i32],
    scale: S,
    yhat: &mut [S],
    loss: &mut [S],
    dlogits: &mut [S],
) {
    let rows = targets.len();
    assert!(columns > 0 && logits.len() == rows * columns && loss.len() == rows);
    assert!(yhat.len() == logits.len() && dlogits.len() == logits.len());
    let rows = logits
        .chunks_exact(columns)
        .zip(yhat.chunks_exact_mut(columns))
        .zip(dlogits.chunks_exact_mut(columns))
        .zip(targets)
        .zip(loss);
    for ((((z, y), dz), &target), loss) in rows {
        let (largest, total) = softmax_row(y, z);
        let target = usize::try_from(target).ok().filter(|&target| target < columns);
        match target {
            None => {
                *loss = S::ZERO;
                dz.fill(S::ZERO);
            }
            Some(target) => {
                *loss = total.ln() - (z[target] - largest);
                for (dz, &y) in dz.iter_mut().zip(y.iter()) {
                    *dz = scale * y;
                }
                dz[target] = scale * (y[target] - S::ONE);
            }
        }
    }
}

#[allow(clippy::too_many_arguments)]
pub(super) fn logistic_cross_entropy<S: Scalar>(
    logits: &[S],
    columns: usize,
    targets: &[S],
    included: &[bool],
    scale: S,
    yhat: &mut [S],
    loss: &mut [S],
    dlogits: &mut [S],
) {
    let rows = included.len();
    assert!(columns > 0 && logits.len() == rows * columns && loss.len() == rows);
    assert!(targets.len() == logits.len() && yhat.len() == logits.len() && dlogits.len() == logits.len());
    blocks::sigmoid(yhat, logits);
    let rows = logits
        .chunks_exact(columns)
        .zip(targets.chunks_exact(columns))
        .zip(yhat.chunks_exact(columns))
        .zip(dlogits.chunks_exact_mut(columns))
        .zip(included)
        .zip(loss);
    for (((((z, target), y), dz), &included), loss) in rows {
        *loss = S::ZERO;
        if !included {
            dz.fill(S::ZERO);
            continue;
        }
        for (((dz, &z), &target), &y) in dz.iter_mut().zip(z).zip(target).zip(y) {
            let positive = if z < S::ZERO { S::ZERO } else { z };
            *loss += positive - z * target + (-z.abs()).exp().ln_1p();
            *dz = scale * (y - target);
        }
    }
}
