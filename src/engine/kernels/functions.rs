//! `exp`, `tanh` and `σ` of our own in `f32`: without branches, so that a loop over a block becomes vector
//! instructions, and made of exactly rounded operations only, so that every machine gives the same bits.
//!
//! All three rest on one reduction: `x = n·ln 2 + r` with a whole `n` and `|r| ≤ ln 2 / 2`, then
//! `eʳ - 1 = r + r²·Q(r)`. The coefficients of `Q` minimise the largest error of `r·Q(r)` on that interval (exchange
//! algorithm of Remez, computed for this file; 1.4e-8, a quarter of the rounding error of an `f32`).

const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts; the first has 12 bits, so that its products with `|n| < 4096` are exact.
const LN_2_HIGH: f32 = 0.693_115_23;
const LN_2_LOW: f32 = 3.194_618_3e-5;
/// 1.5·2²³: adding it leaves the nearest whole number in the low bits of the sum.
const ROUNDER: f32 = 12_582_912.0;
/// Coefficients of `Q`, lowest first.
const Q: [f32; 5] = [0.5, 0.166_665_42, 0.041_666_277, 0.008_366_776, 0.001_394_678_3];

/// `(n, eʳ - 1)` of `x = n·ln 2 + r`; `n` as the bits of `ROUNDER + n`. For `|x| < 1,000`.
#[inline(always)]
fn reduce(x: f32) -> (u32, f32) {
    let shifted = x * LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let r2 = r * r;
    // Two half polynomials: a shorter chain than Horner's.
    let low = Q[0] + Q[1] * r;
    let high = (Q[2] + Q[3] * r) + Q[4] * r2;
    (shifted.to_bits(), r + r2 * (low + high * r2))
}

/// 2ⁿ for whole `-127 < n < 128` (only the low 9 bits of `n` matter).
#[inline(always)]
fn power_of_two(n: u32) -> f32 {
    f32::from_bits(n.wrapping_add(127) << 23)
}

/// eˣ, within 2 units in the last place, subnormal results included.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // Beyond these bounds the result is 0 or infinite anyway. NaN passes both comparisons unchanged.
    let x = if x < -104.0 { -104.0 } else { x };
    let x = if x > 89.0 { 89.0 } else { x };
    let (bits, e) = reduce(x);
    // 2ⁿ in two factors: n itself may lie outside the exponents of an f32. The arithmetic shift halves n downwards.
    let n = bits.wrapping_sub(ROUNDER.to_bits()) as i32;
    let half = n >> 1;
    (1.0 + e) * power_of_two(half as u32) * power_of_two((n - half) as u32)
}

/// σ(x) = 1 / (1 + e⁻ˣ), within 3 units in the last place on both sides of 0.
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    let numerator = if x < 0.0 { e } else { 1.0 };
    numerator / (1.0 + e)
}

/// tanh(x) = (e²ˣ - 1) / (e²ˣ + 1), within 3 units in the last place.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    let magnitude = x.abs();
    // tanh(9.1) is 1 in f32.
    let magnitude = if magnitude > 9.1 { 9.1 } else { magnitude };
    let (bits, e) = reduce(magnitude + magnitude);
    let scale = power_of_two(bits);
    // e²ˣ - 1 without cancellation: 2ⁿ·(eʳ - 1) + (2ⁿ - 1).
    let expm1 = scale * e + (scale - 1.0);
    let result = expm1 / (expm1 + 2.0);
    f32::from_bits(result.to_bits() | (x.to_bits() & 0x8000_0000))
}
