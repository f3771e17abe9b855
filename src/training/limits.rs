//! What settings may be, and the refusal that names the one which may not.

use super::settings::{RunSettings, Start, TrainingSettings};
use crate::engine::architecture::Architecture;
use crate::engine::network::Network;
use crate::training::report::Refusal;

/// The most memory that a run may take, bytes. Browsers give a page up to 4 GB; most phones far less.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// Range of each setting that has one: name, least, most. The page's controls, links and sentences use the same table.
pub const RANGES: [(&str, f64, f64); 11] = [
    ("hidden", 1.0, 1024.0),
    ("layers", 1.0, 4.0),
    ("learning_rate", 1e-6, 100.0),
    ("clip", 1e-3, 1e6),
    ("window", 1.0, 512.0),
    ("batch", 1.0, 512.0),
    ("steps", 1.0, 1e6),
    ("l2", 0.0, 10.0),
    ("vocabulary_limit", 1.0, 1e5),
    ("start", 0.0, 10.0),
    ("forget_bias", -20.0, 20.0),
];

/// The range of a setting of [`RANGES`]: least, most.
pub fn range(name: &str) -> Option<(f64, f64)> {
    RANGES.iter().find(|(setting, ..)| *setting == name).map(|(_, least, most)| (*least, *most))
}

/// Checks every setting that has a range.
///
/// # Errors
/// The first one outside its range.
pub fn check(settings: &RunSettings) -> Result<(), Refusal> {
    let TrainingSettings { learning_rate, clip, window, batch, steps, l2, start, forget_bias, .. } =
        settings.training;
    let values = [
        Some(settings.model.hidden as f64),
        Some(settings.model.layers as f64),
        Some(f64::from(learning_rate)),
        clip.map(f64::from),
        Some(window as f64),
        Some(batch as f64),
        Some(f64::from(steps)),
        Some(f64::from(l2)),
        settings.text.vocabulary_limit.map(|limit| limit as f64),
        match start {
            Start::Uniform(limit) => Some(f64::from(limit)),
            Start::Xavier | Start::He | Start::Identity => None,
        },
        forget_bias.map(f64::from),
    ];
    for ((setting, least, most), value) in RANGES.iter().zip(values) {
        let Some(value) = value else { continue };
        // Settings are single precision: 1e-6 as f32 lies a hair below 1e-6.
        let fits = value >= least - 1e-6 * least.abs() && value <= most + 1e-6 * most.abs();
        if !fits {
            return Err(Refusal::SettingOutOfRange {
                setting: (*setting).to_owned(),
                value,
                least: *least,
                most: *most,
            });
        }
    }
    Ok(())
}

/// Checks values that have ranges of their own: name, value, least, most. Not a number is in no range.
///
/// # Errors
/// The first one outside its range.
pub fn in_ranges(values: &[(&str, f64, f64, f64)]) -> Result<(), Refusal> {
    match values.iter().find(|(_, value, least, most)| !(least..=most).contains(&value)) {
        Some(&(setting, value, least, most)) => {
            Err(Refusal::SettingOutOfRange { setting: setting.to_owned(), value, least, most })
        }
        None => Ok(()),
    }
}

/// Refuses a model that would not fit, before anything is allocated.
///
/// # Errors
/// With the bytes that it would need.
pub fn check_memory(architecture: &Architecture, window: usize, batch: usize) -> Result<(), Refusal> {
    let weights = architecture.layout().len as u64;
    // Weights, gradients, two memories of the optimiser, packed copies, the last good copy, a checkpoint on its way.
    let bytes =
        Network::<f32>::bytes(architecture, window, batch).saturating_add(weights.saturating_mul(4 * 12));
    if bytes > MEMORY_LIMIT {
        return Err(Refusal::TooMuchMemory { bytes, limit: MEMORY_LIMIT });
    }
    Ok(())
}
