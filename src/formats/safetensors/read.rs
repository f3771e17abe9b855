//! A file of named tensors, checked and widened.

use std::collections::BTreeMap;

use ::safetensors::tensor::{Dtype, SafeTensors};
use serde::Deserialize;

use super::ours::ours;
use super::{Named, Said};
use crate::formats::import_error::ImportError;
use crate::formats::import_note::ImportNote;
use crate::formats::weights::{MOST_NUMBERS, Tensor, Tensors, too_many};
use crate::formats::{one_line, torch};

/// Reads a file: one of ours by what it says of itself, else PyTorch's layers by their names.
///
/// # Errors
/// What is wrong, with the tensor's name.
pub(in crate::formats) fn read(bytes: &[u8], notes: &mut Vec<ImportNote>) -> Result<Named, ImportError> {
    let broken = |error: &dyn std::fmt::Display| {
        let (format, what) = ("safetensors", one_line(&error.to_string()));
        if is_cut_off(bytes) { ImportError::CutOff { format } } else { ImportError::Broken { format, what } }
    };
    let (_, table) = SafeTensors::read_metadata(bytes).map_err(|error| broken(&error))?;
    let said = table.metadata().as_ref().and_then(|table| table.get("unrolled"));
    let said = said.and_then(|said| serde_json::from_str::<Said>(said).ok());
    let file = SafeTensors::deserialize(bytes).map_err(|error| broken(&error))?;
    let mut tensors = Tensors::new();
    let mut count = 0usize;
    let mut names = file.names();
    names.sort_unstable();
    for name in names {
        let view = file.tensor(name).map_err(|error| broken(&error))?;
        count = count.saturating_add(view.shape().iter().product());
        if count > MOST_NUMBERS {
            return Err(too_many(count));
        }
        let data = match numbers(view.dtype(), view.data()) {
            Some(data) => data,
            // Counters and masks lie beside the weights in some files.
            None if !name.contains("weight") && !name.contains("bias") => continue,
            None => {
                return Err(ImportError::NumberKind {
                    name: name.to_owned(),
                    kind: format!("{:?}", view.dtype()),
                });
            }
        };
        if matches!(view.dtype(), Dtype::F16 | Dtype::BF16) && !notes.contains(&ImportNote::HalfPrecision) {
            notes.push(ImportNote::HalfPrecision);
        }
        let tensor = Tensor { shape: view.shape().to_vec(), data };
        tensor.check(name)?;
        tensors.insert(name.to_owned(), tensor);
    }
    // Tensors that share their numbers are written once (`safetensors.torch.save_model`): the other's name leads to it.
    let names: BTreeMap<&str, &str> =
        table.metadata().iter().flatten().map(|(other, kept)| (other.as_str(), kept.as_str())).collect();
    for (other, kept) in names.iter().filter(|(other, kept)| is_tied(other, kept, &names)) {
        if let (false, Some(tensor)) = (tensors.contains_key(*other), tensors.get(*kept).cloned()) {
            count = count.saturating_add(tensor.data.len());
            if count > MOST_NUMBERS {
                return Err(too_many(count));
            }
            tensors.insert((*other).to_owned(), tensor);
        }
    }
    match said {
        Some(said) => ours(said, &tensors),
        None => Ok((torch::read(&tensors, notes)?, None)),
    }
}

/// Whether one matrix stands for another module's too, as an output's for an embedding. A module that only has two names is
/// read by one of them.
fn is_tied(other: &str, kept: &str, names: &BTreeMap<&str, &str>) -> bool {
    let Some(module) = other.strip_suffix(".weight") else { return false };
    let is_whole = names.contains_key(format!("{module}.bias").as_str());
    kept.ends_with(".weight") && !is_whole
}

/// Whether a file holds fewer bytes than its header says.
fn is_cut_off(bytes: &[u8]) -> bool {
    /// Longer headers are refused.
    const MOST_HEADER: u64 = 100_000_000;
    #[derive(Deserialize)]
    struct Place {
        data_offsets: (u64, u64),
    }
    let Some(length) = bytes.first_chunk::<8>().map(|length| u64::from_le_bytes(*length)) else {
        return true;
    };
    if length > MOST_HEADER {
        return false;
    }
    let start = 8 + length as usize;
    let Some(header) = bytes.get(8..start) else { return true };
    // The file's own table has no place.
    let places = serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(header).unwrap_or_default();
    let ends = places.values().filter_map(|place| Place::deserialize(place).ok());
    let end = ends.map(|place| place.data_offsets.1).max().unwrap_or(0);
    end > (bytes.len() - start) as u64
}

/// Little-endian numbers, widened; none for a kind that no weight has.
fn numbers(kind: Dtype, bytes: &[u8]) -> Option<Vec<f64>> {
    Some(match kind {
        Dtype::F64 => bytes.as_chunks::<8>().0.iter().map(|one| f64::from_le_bytes(*one)).collect(),
        Dtype::F32 => {
            bytes.as_chunks::<4>().0.iter().map(|one| f64::from(f32::from_le_bytes(*one))).collect()
        }
        Dtype::F16 => bytes.as_chunks::<2>().0.iter().map(|one| half(u16::from_le_bytes(*one))).collect(),
        Dtype::BF16 => bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|one| f64::from(f32::from_bits(u32::from(u16::from_le_bytes(*one)) << 16)))
            .collect(),
        _ => return None,
    })
}

/// IEEE 754 binary16 as a double.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f64::from(bits & 1023);
    let size = match exponent {
        0 => fraction * f64::from_bits((1023u64 - 24) << 52),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        // 2^(exponent - 25) times 1024 + fraction.
        exponent => (1024.0 + fraction) * f64::from_bits(((1023 + exponent - 25) as u64) << 52),
    };
    sign * size
}
