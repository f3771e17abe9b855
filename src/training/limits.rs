//! What settings may be, and the refusal that names the one which may not.

use super::settings::{Changed, RunSettings, Start, TrainingSettings};
use crate::engine::architecture::Architecture;
use crate::engine::network::Network;
use crate::training::report::Refusal;

/// The most memory that a run may take, bytes. Browsers give a page up to 4 GB; most phones far less.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// Most changes of a run that are read from a link or a file.
pub const MOST_CHANGES: usize = 10_000;

/// Range of each setting that has one: name, least, most. The page's controls, links and sentences use the same table.
/// Seeds are whole numbers that messages to a worker carry exactly: up to 2⁵³ − 1.
pub const RANGES: [(&str, f64, f64); 12] = [
    ("hidden", 1.0, 1024.0),
    ("layers", 1.0, 4.0),
    ("learning_rate", 1e-6, 100.0),
    ("clip", 1e-3, 1e6),
    ("window", 1.0, 512.0),
    ("batch", 1.0, 512.0),
    ("steps", 1.0, 1e6),
    ("seed", 0.0, 9_007_199_254_740_991.0),
    ("l2", 0.0, 10.0),
    ("vocabulary_limit", 1.0, 1e5),
    ("start", 0.0, 10.0),
    ("forget_bias", -20.0, 20.0),
];

/// The range of a setting of [`RANGES`]: least, most.
pub fn range(name: &str) -> Option<(f64, f64)> {
    RANGES.iter().find(|(setting, ..)| *setting == name).map(|(_, least, most)| (*least, *most))
}

/// Checks every setting that has a range, and every change made while running.
///
/// # Errors
/// The first one outside its range.
pub fn check(settings: &RunSettings) -> Result<(), Refusal> {
    let TrainingSettings { learning_rate, clip, window, batch, steps, seed, l2, start, forget_bias, .. } =
        settings.training;
    whole("hidden", settings.model.hidden as u64)?;
    whole("layers", settings.model.layers as u64)?;
    single("learning_rate", Some(learning_rate))?;
    single("clip", clip)?;
    whole("window", window as u64)?;
    whole("batch", batch as u64)?;
    whole("steps", u64::from(steps))?;
    whole("seed", seed)?;
    single("l2", Some(l2))?;
    settings.text.vocabulary_limit.map_or(Ok(()), |limit| whole("vocabulary_limit", limit as u64))?;
    single(
        "start",
        match start {
            Start::Uniform(limit) => Some(limit),
            Start::Xavier | Start::He | Start::Identity => None,
        },
    )?;
    single("forget_bias", forget_bias)?;
    settings.changes.iter().try_for_each(|change| check_change(change.what))
}

/// Checks what is changed while a run goes on.
///
/// # Errors
/// When it is outside its range.
pub fn check_change(what: Changed) -> Result<(), Refusal> {
    match what {
        Changed::LearningRate(rate) => single("learning_rate", Some(rate)),
        Changed::Clip(clip) => single("clip", clip),
        Changed::Steps(steps) => whole("steps", u64::from(steps)),
    }
}

fn whole(setting: &str, value: u64) -> Result<(), Refusal> {
    let Some((least, most)) = range(setting) else { return Ok(()) };
    in_ranges(&[(setting, value as f64, least, most)])
}

/// A setting in single precision: 1e-6 as `f32` lies a hair below 1e-6, so its range is rounded in the same way.
fn single(setting: &str, value: Option<f32>) -> Result<(), Refusal> {
    let (Some((least, most)), Some(value)) = (range(setting), value) else { return Ok(()) };
    let fits = (least as f32..=most as f32).contains(&value);
    // A value that fits is not compared with the exact limits.
    if fits { Ok(()) } else { in_ranges(&[(setting, f64::from(value), least, most)]) }
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

/// Refuses a model that would not fit, before anything is allocated. `sizes` are the window and the batch of each network
/// that is held: that of the training, and those that measure beside it.
///
/// # Errors
/// With the bytes that it would need.
pub fn check_memory(architecture: &Architecture, sizes: &[(usize, usize)]) -> Result<(), Refusal> {
    // Weights, gradients, two memories of the optimiser, packed copies, the last good copy, a checkpoint on its way.
    let weights = architecture.weights().saturating_mul(4 * 12);
    let networks = sizes.iter().map(|(window, batch)| Network::<f32>::bytes(architecture, *window, *batch));
    let bytes = networks.fold(weights, u64::saturating_add);
    if bytes > MEMORY_LIMIT {
        return Err(Refusal::TooMuchMemory { bytes, limit: MEMORY_LIMIT });
    }
    Ok(())
}
