//! Element-wise blocks: plain loops over slices of equal length, written so that the compiler vectorises them.

use super::entries::entry_points;
use super::scalar::Scalar;

/// Slope of Leaky ReLU left of 0.
pub const LEAKY_SLOPE: f64 = 0.01;

/// Calls the function for each element; the shortest slice counts.
macro_rules! each {
    ($dst:ident, $d:ident => $body:expr) => {
        for $d in $dst.iter_mut() {
            $body
        }
    };
    ($dst:ident, $d:ident, $a:ident => $body:expr) => {{
        debug_assert_eq!($dst.len(), $a.len());
        for ($d, &$a) in $dst.iter_mut().zip($a) {
            $body
        }
    }};
    ($dst:ident, $d:ident, $a:ident, $b:ident => $body:expr) => {{
        debug_assert_eq!($dst.len(), $a.len());
        debug_assert_eq!($dst.len(), $b.len());
        for (($d, &$a), &$b) in $dst.iter_mut().zip($a).zip($b) {
            $body
        }
    }};
}

/// Defines block functions of one line each.
macro_rules! blocks {
    ($($(#[$doc:meta])* $name:ident($($argument:ident),* $(; $k:ident: $kind:ty)?) $d:ident => $body:expr;)*) => {
        /// The code for any number type, for other kernels.
        pub(super) mod generic {
            use super::*;
            $(
                #[inline]
                pub fn $name<S: Scalar>(dst: &mut [S] $(, $argument: &[S])* $(, $k: $kind)?) {
                    each!(dst, $d $(, $argument)* => $body)
                }
            )*
        }

        entry_points! {
            /// What is done element by element, for one number type.
            trait Elementwise;
            $($(#[$doc])* $name(dst: &mut [S] $(, $argument: &[S])* $(, $k: $kind)?) => generic::$name;)*
        }
    };
}

blocks! {
    /// `dst = value`.
    fill(; value: S) d => *d = value;
    /// `dst = a`.
    copy(a) d => *d = a;
    /// `dst = a + b`.
    add(a, b) d => *d = a + b;
    /// `dst = a - b`.
    sub(a, b) d => *d = a - b;
    /// `dst = a * b`.
    mul(a, b) d => *d = a * b;
    /// `dst = a / b`.
    div(a, b) d => *d = a / b;
    /// `dst = -a`.
    neg(a) d => *d = -a;
    /// `dst = k * a`.
    scale(a; k: S) d => *d = a * k;
    /// `dst = a + k`.
    add_scalar(a; k: S) d => *d = a + k;
    /// `dst = k - a`.
    sub_from_scalar(a; k: S) d => *d = k - a;
    /// `dst += a`.
    add_assign(a) d => *d += a;
    /// `dst -= a`.
    sub_assign(a) d => *d -= a;
    /// `dst *= a`.
    mul_assign(a) d => *d *= a;
    /// `dst /= a`.
    div_assign(a) d => *d /= a;
    /// `dst = -dst`.
    neg_assign() d => *d = -*d;
    /// `dst *= k`.
    scale_assign(; k: S) d => *d *= k;
    /// `dst += k`.
    add_scalar_assign(; k: S) d => *d += k;
    /// `dst += k * a`, not fused.
    scale_add_assign(a; k: S) d => *d += a * k;
    /// `dst += a * b`, not fused.
    mul_add_assign(a, b) d => *d += a * b;
    /// `dst -= a * b`, not fused.
    mul_sub_assign(a, b) d => *d -= a * b;
    /// `dst = σ(a)`.
    sigmoid(a) d => *d = a.sigmoid();
    /// `dst = tanh(a)`.
    tanh(a) d => *d = a.tanh();
    /// `dst = max(a, 0)`; NaN stays NaN.
    relu(a) d => *d = if a < S::ZERO { S::ZERO } else { a };
    /// `dst = a` right of 0, `0.01 a` left of it.
    leaky_relu(a) d => *d = if a < S::ZERO { a * S::from_f64(LEAKY_SLOPE) } else { a };
    /// `dst = a * σ(a)`.
    swish(a) d => *d = a * a.sigmoid();
    /// `dst = eᵃ`.
    exp(a) d => *d = a.exp();
    /// `dst = ln(a)`.
    ln(a) d => *d = a.ln();
    /// `dst = √a`.
    sqrt(a) d => *d = a.sqrt();
    /// `dst = aⁿ`.
    powi(a; n: i32) d => *d = a.powi(n);
    /// Slope of ReLU times a gradient: `dst = g` where `x > 0`, else 0 (0 at 0).
    relu_slope(g, x) d => *d = if x > S::ZERO { g } else { S::ZERO };
    /// `dst += g` where `x > 0`.
    relu_slope_assign(g, x) d => *d += if x > S::ZERO { g } else { S::ZERO };
    /// Slope of Leaky ReLU times a gradient: `dst = g` where `x > 0`, else `0.01 g`.
    leaky_relu_slope(g, x) d => *d = if x > S::ZERO { g } else { g * S::from_f64(LEAKY_SLOPE) };
    /// `dst += g` where `x > 0`, else `dst += 0.01 g`.
    leaky_relu_slope_assign(g, x) d => *d += if x > S::ZERO { g } else { g * S::from_f64(LEAKY_SLOPE) };
    /// Slope of swish at `x` times a gradient: `dst = g * (σ(x) + x * σ(x) * (1 - σ(x)))`.
    swish_slope(g, x) d => *d = swish_gradient(g, x);
    /// `dst += g * (σ(x) + x * σ(x) * (1 - σ(x)))`.
    swish_slope_assign(g, x) d => *d += swish_gradient(g, x);
    /// Slope of σ by its value `y = σ(z)`, times a gradient: `dst = g * y * (1 - y)`.
    sigmoid_slope(g, y) d => *d = g * y * (S::ONE - y);
    /// `dst += g * y * (1 - y)`.
    sigmoid_slope_assign(g, y) d => *d += g * y * (S::ONE - y);
    /// Slope of tanh by its value `y = tanh(z)`, times a gradient: `dst = g * (1 - y * y)`.
    tanh_slope(g, y) d => *d = g * (S::ONE - y * y);
    /// `dst += g * (1 - y * y)`.
    tanh_slope_assign(g, y) d => *d += g * (S::ONE - y * y);
}

#[inline(always)]
fn swish_gradient<S: Scalar>(g: S, x: S) -> S {
    let s = x.sigmoid();
    g * (s + x * s * (S::ONE - s))
}
