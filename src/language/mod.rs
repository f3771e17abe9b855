//! Cutting text, vocabularies, batches, sequence probability, sampling.
//!
//! The way of a text through this layer: [`text::normalised`] → [`text::cut`] (symbols) → [`corpus::read`]
//! (vocabulary and ids) → [`batches::Batches`] (windows for training). The way back: [`sampling::distribution`]
//! → [`sampling::choose`] (an id) → [`vocabulary::Vocabulary::decode`] and [`text::join`] (a text).
//!
//! Nothing here can panic on any text; nothing here depends on the order of a hash map, on time or on a global
//! random generator.

use serde::{Deserialize, Serialize};

pub mod batches;
pub mod corpus;
pub mod generate;
pub mod probability;
pub mod random;
pub mod sampling;
#[cfg(feature = "segmenter")]
pub mod segmenter;
pub mod tasks;
pub mod text;
pub mod visible;
pub mod vocabulary;

/// The id of no symbol: the zero vector as an input (the first step of a sequence, or a symbol that the
/// vocabulary has no place for).
pub const NO_SYMBOL: i32 = -1;

/// What one symbol is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Grapheme clusters.
    #[default]
    Character,
    /// Words by UAX #29 (each Han character a word).
    Word,
    /// Words, Chinese cut by a dictionary.
    ChineseWord,
}

/// How a text becomes sequences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    /// B contiguous streams, windows of T steps, state carried.
    #[default]
    Running,
    /// One line a sample, zero state, `<EOS>`, padded and masked.
    Lines,
}

/// How the next symbol is chosen. Order: temperature, then top-k, then top-p.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SamplingRules {
    /// Logits are divided by it.
    pub temperature: f64,
    /// Only the k most probable are kept.
    pub top_k: Option<usize>,
    /// The shortest prefix whose probabilities reach p is kept.
    pub top_p: Option<f64>,
    /// The largest logit is taken.
    pub greedy: bool,
    /// `<UNK>` is never drawn.
    pub refuse_unknown: bool,
}

impl Default for SamplingRules {
    fn default() -> Self {
        Self { temperature: 1.0, top_k: None, top_p: None, greedy: false, refuse_unknown: true }
    }
}
