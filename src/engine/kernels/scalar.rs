//! The two number types that the engine computes in.

use std::fmt::{Debug, Display, LowerExp};
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, Neg, SubAssign};
use std::str::FromStr;

use super::elementwise::Elementwise;
use super::entries::Whole;
use super::functions;
use super::simd::Lanes;

/// `f32` (training) or `f64` (stepper, figures, gradient check).
///
/// The bits of `exp`, `ln`, `tanh`, `sigmoid` are those of the block functions of the same name.
pub trait Scalar:
    Copy
    + Default
    + PartialOrd
    + Debug
    + Display
    + LowerExp
    + FromStr
    + Send
    + Sync
    + 'static
    + ndarray::LinalgScalar
    + ndarray::ScalarOperand
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
    + serde::Serialize
    + serde::de::DeserializeOwned
    + Elementwise<Self>
    + Whole<Self>
{
    /// Four `f32` or two `f64`, one 128-bit register.
    type Lanes: Lanes<Scalar = Self>;

    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// One half.
    const HALF: Self;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number, widened exactly.
    fn to_f64(self) -> f64;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// |x|.
    fn abs(self) -> Self;
    /// √x, correctly rounded.
    fn sqrt(self) -> Self;
    /// The larger one; `other` if `self` is NaN.
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    /// The smaller one; `other` if `self` is NaN.
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    /// eˣ.
    fn exp(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + x), accurate near 0.
    fn ln_1p(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// σ(x) = 1 / (1 + e⁻ˣ), accurate on both sides.
    fn sigmoid(self) -> Self;
    /// xⁿ by repeated squaring; x⁰ = 1, x⁻ⁿ = 1 / xⁿ.
    #[inline(always)]
    fn powi(self, n: i32) -> Self {
        let mut result = Self::ONE;
        let mut square = self;
        let mut rest = n.unsigned_abs();
        while rest > 0 {
            if rest & 1 == 1 {
                result *= square;
            }
            rest >>= 1;
            if rest > 0 {
                square = square * square;
            }
        }
        if n < 0 { Self::ONE / result } else { result }
    }
}

impl Scalar for f32 {
    type Lanes = super::simd::F32x4;
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const HALF: Self = 0.5;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        f32::is_finite(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f32::abs(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        functions::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        // In double precision and rounded: the system's own f32 logarithm differs between machines.
        libm::log(f64::from(self)) as f32
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        libm::log1p(f64::from(self)) as f32
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        functions::tanh(self)
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        functions::sigmoid(self)
    }
}

impl Scalar for f64 {
    type Lanes = super::simd::F64x2;
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const HALF: Self = 0.5;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        f64::is_finite(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        libm::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        libm::log(self)
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        libm::log1p(self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        libm::tanh(self)
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        let e = libm::exp(-self.abs());
        let numerator = if self < 0.0 { e } else { 1.0 };
        numerator / (1.0 + e)
    }
}
