//! A run at one moment, as bytes: enough to go on with the very same numbers.
//!
//! Layout: `UNRC`, version and header length (u32), checksum (u64, over all that follows), a JSON header, then
//! numbers as little-endian f32 in the header's order. A damaged file is told from a foreign one and from a newer one.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::settings::RunSettings;
use crate::json;
use crate::language::batches::Position;

const MAGIC: &[u8; 4] = b"UNRC";
const VERSION: u32 = 1;
/// Larger headers are not ours: a vocabulary of 5 MB is the largest thing in one.
const LARGEST_HEADER: usize = 64 << 20;

/// Everything about a run but its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkpoint {
    /// What stands in front of the numbers.
    pub header: Header,
    /// All weights, flat, in the order of the architecture's layout.
    pub weights: Vec<f32>,
    /// The optimiser's first memory; empty where the rule has none.
    pub first: Vec<f32>,
    /// The optimiser's second memory.
    pub second: Vec<f32>,
    /// States carried into the next window: layer after layer, state after state, `B × n_a` each.
    pub carried: Vec<f32>,
    /// Running means and variances of batch normalisations, layer after layer.
    pub statistics: Vec<f32>,
}

/// The readable part of a checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The run's settings with the changes made so far. The text is left out.
    pub settings: RunSettings,
    /// Updates done.
    pub step: u32,
    /// The vocabulary's symbols in order.
    pub vocabulary: Vec<String>,
    /// Where the next window is.
    pub position: Position,
    /// Training loss of the last update, nats per symbol.
    pub loss: f32,
    /// Numbers in each list, in the order of the fields.
    pub(super) lengths: [usize; 5],
}

/// Why bytes are no checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// Something else.
    #[error("not a saved model")]
    Foreign,
    /// From a newer version of this page.
    #[error("saved by a newer version ({version})")]
    Newer {
        /// Its version.
        version: u32,
    },
    /// Cut short, or changed.
    #[error("the saved model is damaged")]
    Damaged,
}

impl Checkpoint {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let lists = [&self.weights, &self.first, &self.second, &self.carried, &self.statistics];
        let mut header = self.header.clone();
        header.lengths = lists.map(Vec::len);
        // Settings and positions are plain data: writing them cannot fail. An empty header reads back as damaged.
        let json = json::write(&header).unwrap_or_default();
        let numbers: usize = header.lengths.iter().sum();
        let mut bytes = Vec::with_capacity(20 + json.len() + 4 * numbers);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(json.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&[0; 8]);
        bytes.extend_from_slice(&json);
        for list in lists {
            for number in list.iter() {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        let sum = checksum(&bytes[20..]);
        bytes[12..20].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// From bytes.
    ///
    /// # Errors
    /// When they are something else, newer, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let word = |at: usize| -> Option<[u8; 4]> { bytes.get(at..at + 4)?.try_into().ok() };
        if bytes.get(..4) != Some(MAGIC) {
            return Err(CheckpointError::Foreign);
        }
        let version = u32::from_le_bytes(word(4).ok_or(CheckpointError::Damaged)?);
        if version > VERSION {
            return Err(CheckpointError::Newer { version });
        }
        let header_length = u32::from_le_bytes(word(8).ok_or(CheckpointError::Damaged)?) as usize;
        let sum = bytes.get(12..20).and_then(|sum| sum.try_into().ok()).map(u64::from_le_bytes);
        let body = bytes.get(20..).ok_or(CheckpointError::Damaged)?;
        if sum != Some(checksum(body)) || header_length > LARGEST_HEADER {
            return Err(CheckpointError::Damaged);
        }
        let json = body.get(..header_length).ok_or(CheckpointError::Damaged)?;
        let header: Header = json::read(json).ok_or(CheckpointError::Damaged)?;
        let mut rest = &body[header_length..];
        let mut lists = header.lengths.iter().map(|count| {
            let size =
                count.checked_mul(4).filter(|size| *size <= rest.len()).ok_or(CheckpointError::Damaged)?;
            let (list, after) = rest.split_at(size);
            rest = after;
            let (words, _) = list.as_chunks::<4>();
            Ok(words.iter().map(|word| f32::from_le_bytes(*word)).collect::<Vec<f32>>())
        });
        let mut next = || lists.next().unwrap_or(Err(CheckpointError::Damaged));
        let (weights, first, second, carried, statistics) = (next()?, next()?, next()?, next()?, next()?);
        Ok(Self { header, weights, first, second, carried, statistics })
    }
}

/// Modelled on FNV-1a (Fowler, Noll and Vo), but eight bytes at a time, and rotated, so that high bits come down again. It
/// guards against damage, not against people.
fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| {
        (hash ^ u64::from_le_bytes(*word)).wrapping_mul(PRIME).rotate_left(5)
    });
    rest.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}
