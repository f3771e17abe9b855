//! The entry points, each of which exists once for `f32` and once for `f64`.
//!
//! Generic code is compiled in the crate that uses it, with that crate's settings, and those of page and trainer are
//! for size. Behind an entry point stands a function without type parameters: it is compiled here, for speed.

use super::optimisers::AdamStep;
use super::product::{Packed, Workspace};
use super::scalar::Scalar;
use super::{losses, optimisers, product, rows};

/// For each line: a function of that name with a type parameter, which calls what stands behind the arrow, compiled
/// for the type. `S` is the number type.
macro_rules! entry_points {
    (
        $(#[$about:meta])* trait $trait:ident;
        $(
            $(#[$attribute:meta])*
            $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? => $generic:path;
        )*
    ) => {
        $(#[$about])*
        #[allow(missing_docs, reason = "each function is documented where it stands alone")]
        #[allow(clippy::too_many_arguments)]
        pub trait $trait<S: Scalar> {
            $(fn $name($($argument: $type),*) $(-> $result)?;)*
        }

        $(
            $(#[$attribute])*
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            pub fn $name<S: Scalar>($($argument: $type),*) $(-> $result)? {
                <S as $trait<S>>::$name($($argument),*)
            }
        )*

        mod single {
            use super::*;
            type S = f32;
            entry_points!(@implement $trait $($name($($argument: $type),*) $(-> $result)? => $generic;)*);
        }

        mod double {
            use super::*;
            type S = f64;
            entry_points!(@implement $trait $($name($($argument: $type),*) $(-> $result)? => $generic;)*);
        }
    };
    (@implement $trait:ident $($name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? => $generic:path;)*) => {
        impl $trait<S> for S {
            $(
                #[inline(never)]
                fn $name($($argument: $type),*) $(-> $result)? {
                    $generic($($argument),*)
                }
            )*
        }
    };
}
pub(super) use entry_points;

entry_points! {
    /// What is more than element by element, for one number type.
    trait Whole;

    // ---- Products ----

    /// `C += A · P`: `c` is m × n with `ldc` between its rows, `a` is m × k with `lda` between its rows, `P` is k × n.
    ///
    /// # Panics
    /// If a slice is shorter than its shape says.
    multiply_add(c: &mut [S], ldc: usize, a: &[S], lda: usize, m: usize, p: &Packed<S>) => product::multiply_add;

    /// `C = A · P`, otherwise like [`multiply_add`].
    ///
    /// # Panics
    /// If a slice is shorter than its shape says.
    multiply(c: &mut [S], ldc: usize, a: &[S], lda: usize, m: usize, p: &Packed<S>) => product::multiply;

    /// `C += Aᵀ · B`: `c` is m × n with `ldc` between its rows, `a` is rows × m with `lda`, `b` is rows × n with `ldb`.
    /// This is a weight gradient, `rows` the steps and samples of a window.
    ///
    /// # Panics
    /// If a slice is shorter than its shape says.
    transposed_multiply_add(
        c: &mut [S],
        ldc: usize,
        a: &[S],
        lda: usize,
        b: &[S],
        ldb: usize,
        rows: usize,
        m: usize,
        n: usize,
        workspace: &mut Workspace<S>,
    ) => product::transposed_multiply_add;

    /// `C += Aᵀ · B` for several pairs (C, A) of equal shapes with the same B, which is packed only once: the weight
    /// gradients of the gates that share an operand. The bits are those of [`transposed_multiply_add`] one by one.
    ///
    /// # Panics
    /// If a slice is shorter than its shape says.
    transposed_multiply_add_shared(
        pairs: &mut [(&mut [S], &[S])],
        ldc: usize,
        lda: usize,
        b: &[S],
        ldb: usize,
        rows: usize,
        m: usize,
        n: usize,
        workspace: &mut Workspace<S>,
    ) => product::transposed_multiply_add_shared;

    /// Packs the k × n matrix whose entry (p, j) is `src[p * row_stride + j * column_stride]`; see [`Packed::pack`].
    ///
    /// # Panics
    /// If `src` is shorter than the shape and the strides say.
    pack(packed: &mut Packed<S>, src: &[S], k: usize, n: usize, row_stride: usize, column_stride: usize) => product::pack;

    /// Multiplies and adds as fast as the machine can: the limit that the products are measured against. Returns the
    /// floating point operations done (a product and a sum are two), and a number that keeps the compiler from leaving
    /// them out.
    multiply_add_peak(iterations: usize) -> (f64, S) => product::multiply_add_peak;

    // ---- Rows ----

    /// `dst[row] += bias` for each row: `dst` is rows × n, `bias` has n entries.
    ///
    /// # Panics
    /// If `dst` is no whole number of rows.
    add_rows(dst: &mut [S], bias: &[S]) => rows::add_rows;

    /// `sums += Σ rows`: `src` is rows × n, `sums` has n entries; rows are added from the first to the last.
    ///
    /// # Panics
    /// If `src` is no whole number of rows.
    column_sums_add(sums: &mut [S], src: &[S]) => rows::column_sums_add;

    /// `dst[i] = table[ids[i]]`: the product with a one-hot input. `dst` is `ids.len()` × n, `table` V × n.
    /// An id outside `0..V` (−1 by convention) gives the zero row.
    ///
    /// # Panics
    /// If the lengths do not agree.
    gather_rows(dst: &mut [S], table: &[S], columns: usize, ids: &[i32]) => rows::gather_rows;

    /// `dst[i] += table[ids[i]]`, otherwise like [`gather_rows`].
    ///
    /// # Panics
    /// If the lengths do not agree.
    gather_rows_add(dst: &mut [S], table: &[S], columns: usize, ids: &[i32]) => rows::gather_rows_add;

    /// `table[ids[i]] += src[i]` in the order of `i`: the weight gradient of a one-hot input.
    /// `src` is `ids.len()` × n, `table` V × n; an id outside `0..V` adds nothing.
    ///
    /// # Panics
    /// If the lengths do not agree.
    scatter_add_rows(table: &mut [S], columns: usize, ids: &[i32], src: &[S]) => rows::scatter_add_rows;

    /// `dst = srcᵀ`: `src` is `rows × columns` with `src_stride` between its rows (at least `columns`), `dst` is
    /// `columns × rows` with `dst_stride` between its rows (at least `rows`).
    ///
    /// # Panics
    /// If a slice is shorter than its shape says.
    transpose(dst: &mut [S], dst_stride: usize, src: &[S], src_stride: usize, rows: usize, columns: usize) => rows::transpose;

    /// `dst += srcᵀ`, otherwise like [`transpose`].
    ///
    /// # Panics
    /// If a slice is shorter than its shape says.
    transpose_add(dst: &mut [S], dst_stride: usize, src: &[S], src_stride: usize, rows: usize, columns: usize) => rows::transpose_add;

    // ---- Losses ----

    /// ŷ = softmax(z), row by row: `logits` and `yhat` are rows × `columns`.
    ///
    /// # Panics
    /// If the lengths differ or are no multiple of `columns`.
    softmax(yhat: &mut [S], logits: &[S], columns: usize) => losses::softmax;

    /// Softmax with cross-entropy, row by row (a row is one sample at one step).
    ///
    /// - `logits`, `yhat`, `dlogits`: rows × `columns`; `targets`, `loss`: one entry a row.
    /// - `ŷ = softmax(z)`; `loss = ln Σ exp(z) - z[target]` in nats, unscaled; `dz = scale · (ŷ - onehot(target))`.
    /// - A target outside `0..columns` (−1 by convention) is masked: loss 0, gradient 0; ŷ is computed all the same.
    ///
    /// # Panics
    /// If the lengths do not agree.
    softmax_cross_entropy(
        logits: &[S],
        columns: usize,
        targets: &[i32],
        scale: S,
        yhat: &mut [S],
        loss: &mut [S],
        dlogits: &mut [S],
    ) => losses::softmax_cross_entropy;

    /// Logistic output with cross-entropy, summed over the outputs of a row.
    ///
    /// - `logits`, `targets` (0 or 1), `yhat`, `dlogits`: rows × `columns`; `included`, `loss`: one entry a row.
    /// - `ŷ = σ(z)`; `loss = Σ max(z, 0) - z·y + ln(1 + e^-|z|)` in nats, unscaled; `dz = scale · (ŷ - y)`.
    /// - A row that is not included has loss 0 and gradient 0; ŷ is computed all the same.
    ///
    /// # Panics
    /// If the lengths do not agree.
    logistic_cross_entropy(
        logits: &[S],
        columns: usize,
        targets: &[S],
        included: &[bool],
        scale: S,
        yhat: &mut [S],
        loss: &mut [S],
        dlogits: &mut [S],
    ) => losses::logistic_cross_entropy;

    // ---- Optimisers ----

    /// `w -= lr·g`.
    sgd(w: &mut [S], g: &[S], learning_rate: f64) => optimisers::sgd;

    /// `v = βv + g; w -= lr·v`.
    momentum(w: &mut [S], v: &mut [S], g: &[S], learning_rate: f64, beta: f64) => optimisers::momentum;

    /// `v = βv + (1-β)g; w -= lr·v`.
    momentum_ema(w: &mut [S], v: &mut [S], g: &[S], learning_rate: f64, beta: f64) => optimisers::momentum_ema;

    /// `s = ρs + (1-ρ)g²; w -= lr·g/(√s + ε)`.
    rmsprop(w: &mut [S], s: &mut [S], g: &[S], learning_rate: f64, rho: f64, epsilon: f64) => optimisers::rmsprop;

    /// `m = β₁m + (1-β₁)g; v = β₂v + (1-β₂)g²; w -= lr·m̂/(√v̂ + ε)` with `m̂ = m/(1-β₁ᵗ)`, `v̂ = v/(1-β₂ᵗ)`
    /// (Kingma and Ba 2015, algorithm 1).
    adam(w: &mut [S], m: &mut [S], v: &mut [S], g: &[S], step: &AdamStep) => optimisers::adam;

    /// `g += λw`: the gradient of `λ/2 · Σ w²`.
    add_l2(g: &mut [S], w: &[S], lambda: f64) => optimisers::add_l2;

    /// Each entry into `-limit ..= limit`; NaN stays NaN.
    clamp_by_value(g: &mut [S], limit: f64) => optimisers::clamp_by_value;

    // ---- Measures ----

    /// Σ a, as eight interleaved partial sums which are then added in pairs.
    sum(a: &[S]) -> S => optimisers::sum;

    /// Σ a², in double precision (no overflow in `f32`).
    sum_of_squares(a: &[S]) -> f64 => optimisers::sum_of_squares;

    /// Largest |a|, 0 for an empty slice. NaN entries are passed over: ask [`all_finite`] first.
    max_abs(a: &[S]) -> S => optimisers::max_abs;

    /// True if no entry is infinite or NaN.
    all_finite(a: &[S]) -> bool => optimisers::all_finite;
}
