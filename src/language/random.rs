//! Random numbers: one named generator, an explicit seed and stream, the same bits everywhere.
//!
//! ChaCha with 8 rounds gives 32-bit words; everything else is made of them here, so that no other crate's change of
//! method can change a number. No state is stored: whoever draws begins anew from a seed and a stream that name what is
//! drawn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A random generator.
#[derive(Clone, Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// A generator at its beginning. The key is the seed in little-endian order, then zeros; generators of one seed and
    /// different streams are independent.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(seed.to_le_bytes()) {
            *to = from;
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self(generator)
    }

    /// The next 32 bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number in [0, 1), a multiple of 2⁻⁵³. Draws two words.
    pub fn uniform(&mut self) -> f64 {
        let high = u64::from(self.bits() >> 5);
        let low = u64::from(self.bits() >> 6);
        ((high << 26) | low) as f64 / (1_u64 << 53) as f64
    }

    /// One of some choices, all equally likely. There is at least one.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A whole number in [0, n), all equally likely; 0 where n is 0. Draws two words, rarely more.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n < 2 {
            return 0;
        }
        // The last, incomplete round of remainders is refused.
        let last = u64::MAX - u64::MAX % n;
        loop {
            let word = (u64::from(self.bits()) << 32) | u64::from(self.bits());
            if word < last {
                return (word % n) as usize;
            }
        }
    }

    /// A number from the normal distribution with mean 0 and variance 1 (Box and Muller, 1958; the second of the pair
    /// is thrown away). Draws four words.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// Puts items into a random order (Fisher and Yates, from the back).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }
}
