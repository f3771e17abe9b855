//! One 128-bit register of numbers: four `f32` or two `f64`.
//!
//! In the browser this is plain `simd128`, whose operations give the same bits everywhere; on the host it is an array,
//! which the compiler turns into vector instructions with the same bits.

/// A register of [`Lanes::COUNT`] numbers. A product and a sum are never fused.
pub trait Lanes: Copy + Send + Sync + 'static {
    /// The type of one lane.
    type Scalar: Copy;
    /// Number of lanes.
    const COUNT: usize;

    /// The same number in each lane.
    fn splat(value: Self::Scalar) -> Self;
    /// The first [`Lanes::COUNT`] numbers of `source`; zeros if it is shorter.
    fn load(source: &[Self::Scalar]) -> Self;
    /// Writes the first [`Lanes::COUNT`] numbers of `target`; does nothing if it is shorter.
    fn store(self, target: &mut [Self::Scalar]);
    /// Lane by lane `self + other`.
    fn add(self, other: Self) -> Self;
    /// Lane by lane `self * other`.
    fn mul(self, other: Self) -> Self;
}

#[cfg(target_arch = "wasm32")]
mod registers {
    use super::Lanes;
    use core::arch::wasm32::*;

    /// Four `f32`.
    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub struct F32x4(v128);

    /// Two `f64`.
    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub struct F64x2(v128);

    impl Lanes for F32x4 {
        type Scalar = f32;
        const COUNT: usize = 4;

        #[inline(always)]
        fn splat(value: f32) -> Self {
            Self(f32x4_splat(value))
        }
        #[inline(always)]
        fn load(source: &[f32]) -> Self {
            match source.first_chunk::<4>() {
                Some(&[a, b, c, d]) => Self(f32x4(a, b, c, d)),
                None => Self::splat(0.0),
            }
        }
        #[inline(always)]
        fn store(self, target: &mut [f32]) {
            if let Some(target) = target.first_chunk_mut::<4>() {
                *target = [
                    f32x4_extract_lane::<0>(self.0),
                    f32x4_extract_lane::<1>(self.0),
                    f32x4_extract_lane::<2>(self.0),
                    f32x4_extract_lane::<3>(self.0),
                ];
            }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }
    }

    impl Lanes for F64x2 {
        type Scalar = f64;
        const COUNT: usize = 2;

        #[inline(always)]
        fn splat(value: f64) -> Self {
            Self(f64x2_splat(value))
        }
        #[inline(always)]
        fn load(source: &[f64]) -> Self {
            match source.first_chunk::<2>() {
                Some(&[a, b]) => Self(f64x2(a, b)),
                None => Self::splat(0.0),
            }
        }
        #[inline(always)]
        fn store(self, target: &mut [f64]) {
            if let Some(target) = target.first_chunk_mut::<2>() {
                *target = [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)];
            }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f64x2_add(self.0, other.0))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(f64x2_mul(self.0, other.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod registers {
    use super::Lanes;

    /// Four `f32`.
    #[derive(Clone, Copy)]
    #[repr(C, align(16))]
    pub struct F32x4([f32; 4]);

    /// Two `f64`.
    #[derive(Clone, Copy)]
    #[repr(C, align(16))]
    pub struct F64x2([f64; 2]);

    impl Lanes for F32x4 {
        type Scalar = f32;
        const COUNT: usize = 4;

        #[inline(always)]
        fn splat(value: f32) -> Self {
            Self([value; 4])
        }
        #[inline(always)]
        fn load(source: &[f32]) -> Self {
            Self(source.first_chunk().copied().unwrap_or_default())
        }
        #[inline(always)]
        fn store(self, target: &mut [f32]) {
            if let Some(target) = target.first_chunk_mut() {
                *target = self.0;
            }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(std::array::from_fn(|i| self.0[i] * other.0[i]))
        }
    }

    impl Lanes for F64x2 {
        type Scalar = f64;
        const COUNT: usize = 2;

        #[inline(always)]
        fn splat(value: f64) -> Self {
            Self([value; 2])
        }
        #[inline(always)]
        fn load(source: &[f64]) -> Self {
            Self(source.first_chunk().copied().unwrap_or_default())
        }
        #[inline(always)]
        fn store(self, target: &mut [f64]) {
            if let Some(target) = target.first_chunk_mut() {
                *target = self.0;
            }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(std::array::from_fn(|i| self.0[i] * other.0[i]))
        }
    }
}

pub use registers::{F32x4, F64x2};
