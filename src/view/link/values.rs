//! What a value of a link may be: its words, its ranges, and what is said of any other.

use super::{Allowed, LinkError, WeightsFrom};
use crate::training::limits;
use crate::training::settings::{
    Activation, CellChoice, Normalisation, Reading, Rule, Start, TextSource, Unit,
};
use crate::view::formula::Notation;
use crate::view::stepper::Direction;

/// What a cell, text or sentence is called whose own text is behind `#`.
const OWN: &str = "own";
/// Longest id of a sample or preset.
const MOST_ID: usize = 64;

/// The presets' ids, and a cell whose text is behind `#`.
const CELLS: &[&str] =
    &["rnn", "rnn-relu", "rnn-leaky-relu", "rnn-swish", "gru-simplified", "gru", "lstm", OWN];

/// A setting with a word for each of its values.
pub(super) struct Choice<T: 'static> {
    words: &'static [&'static str],
    /// In the order of the words.
    values: &'static [T],
}

pub(super) const UNITS: Choice<Unit> = Choice {
    words: &["characters", "words", "chinese-words"],
    values: &[Unit::Character, Unit::Word, Unit::ChineseWord],
};
pub(super) const READINGS: Choice<Reading> =
    Choice { words: &["running", "lines"], values: &[Reading::Running, Reading::Lines] };
pub(super) const RULES: Choice<Rule> = Choice {
    words: &["sgd", "momentum", "momentum-ema", "rmsprop", "adam"],
    values: &[Rule::Sgd, Rule::Momentum, Rule::MomentumEma, Rule::Rmsprop, Rule::Adam],
};
pub(super) const ACTIVATIONS: Choice<Option<Activation>> = Choice {
    words: &["none", "tanh", "relu", "leaky-relu", "swish"],
    values: &[
        None,
        Some(Activation::Tanh),
        Some(Activation::Relu),
        Some(Activation::LeakyRelu),
        Some(Activation::Swish),
    ],
};
pub(super) const NORMALISATIONS: Choice<Option<Normalisation>> = Choice {
    words: &["none", "layer", "batch"],
    values: &[None, Some(Normalisation::Layer), Some(Normalisation::Batch)],
};
pub(super) const RESIDUAL: Choice<bool> = Choice { words: &["no", "yes"], values: &[false, true] };
pub(super) const DIRECTIONS: Choice<Direction> =
    Choice { words: &["forward", "backward"], values: &[Direction::Forward, Direction::Backward] };
pub(super) const NOTATIONS: Choice<Notation> = Choice {
    words: &["notes", "pytorch", "keras"],
    values: &[Notation::Notes, Notation::PyTorch, Notation::Keras],
};

impl<T: Copy + PartialEq> Choice<T> {
    /// The word for a value.
    pub(super) fn word(&self, value: T) -> String {
        let place = self.values.iter().position(|known| *known == value);
        place.and_then(|place| self.words.get(place)).copied().unwrap_or_default().to_owned()
    }

    /// The value that a word stands for.
    pub(super) fn read(&self, key: &'static str, value: &str) -> Result<T, LinkError> {
        let place = self.words.iter().position(|word| *word == value);
        let found = place.and_then(|place| self.values.get(place)).copied();
        found.ok_or_else(|| wrong(key, value, Allowed::OneOf(self.words)))
    }
}

pub(super) fn text_id(source: &TextSource) -> String {
    match source {
        TextSource::Sample(id) => id.clone(),
        TextSource::Own(_) => OWN.to_owned(),
    }
}

pub(super) fn text_source(key: &'static str, value: &str) -> Result<TextSource, LinkError> {
    // The text itself comes with the fragment.
    match value {
        OWN => Ok(TextSource::Own(String::new())),
        _ => Ok(TextSource::Sample(text(key, value, MOST_ID)?)),
    }
}

pub(super) fn cell_id(cell: &CellChoice) -> String {
    match cell {
        CellChoice::Preset(id) => id.clone(),
        CellChoice::Own(_) => OWN.to_owned(),
    }
}

pub(super) fn cell(key: &'static str, value: &str) -> Result<CellChoice, LinkError> {
    match value {
        OWN => Ok(CellChoice::Own(String::new())),
        _ if CELLS.contains(&value) => Ok(CellChoice::Preset(value.to_owned())),
        _ => Err(wrong(key, value, Allowed::OneOf(CELLS))),
    }
}

pub(super) fn start_id(start: Start) -> String {
    match start {
        Start::Xavier => "xavier".to_owned(),
        Start::He => "he".to_owned(),
        Start::Identity => "identity".to_owned(),
        Start::Uniform(limit) => format!("uniform-{limit}"),
    }
}

pub(super) fn start(value: &str) -> Result<Start, LinkError> {
    match (value, value.split_once('-')) {
        ("xavier", _) => Ok(Start::Xavier),
        ("he", _) => Ok(Start::He),
        ("identity", _) => Ok(Start::Identity),
        (_, Some(("uniform", limit))) => Ok(Start::Uniform(setting("start", limit, "start")?)),
        _ => Err(wrong("start", value, Allowed::OneOf(&["xavier", "he", "identity", "uniform-0.05"]))),
    }
}

pub(super) fn weights_id(weights: &WeightsFrom) -> String {
    match weights {
        WeightsFrom::Random { seed } => format!("random-{seed}"),
        WeightsFrom::Preset(id) => format!("preset-{id}"),
        WeightsFrom::Trained => "trained".to_owned(),
        WeightsFrom::Given => "given".to_owned(),
        WeightsFrom::File => "file".to_owned(),
    }
}

pub(super) fn weights_from(value: &str) -> Result<WeightsFrom, LinkError> {
    match (value, value.split_once('-')) {
        ("trained", _) => Ok(WeightsFrom::Trained),
        ("given", _) => Ok(WeightsFrom::Given),
        ("file", _) => Ok(WeightsFrom::File),
        (_, Some(("random", seed))) => {
            Ok(WeightsFrom::Random { seed: whole_setting("weights", seed, "seed")? })
        }
        (_, Some(("preset", id))) => Ok(WeightsFrom::Preset(text("weights", id, MOST_ID)?)),
        _ => {
            let words = &["random-7", "preset-…", "trained", "given", "file"];
            Err(wrong("weights", value, Allowed::OneOf(words)))
        }
    }
}

pub(super) fn optional<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

pub(super) fn none_or<T>(
    value: &str,
    read: impl FnOnce(&str) -> Result<T, LinkError>,
) -> Result<Option<T>, LinkError> {
    if value == "none" { Ok(None) } else { read(value).map(Some) }
}

pub(super) fn whole<T: TryFrom<u64>>(
    key: &'static str,
    value: &str,
    least: u64,
    most: u64,
) -> Result<T, LinkError> {
    let is_plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse::<u64>().ok().filter(|number| is_plain && (least..=most).contains(number));
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| wrong(key, value, Allowed::Whole { least, most }))
}

/// A setting in the range that it can be trained in.
pub(super) fn setting(key: &'static str, value: &str, name: &str) -> Result<f32, LinkError> {
    let (least, most) = limits::range(name).unwrap_or((0.0, f64::MAX));
    // The settings are single precision, and so are their limits there.
    let (least, most) = (least as f32, most as f32);
    let number = value.parse::<f32>().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| wrong(key, value, Allowed::Number { least, most }))
}

/// The same of a whole one.
pub(super) fn whole_setting<T: TryFrom<u64>>(
    key: &'static str,
    value: &str,
    name: &str,
) -> Result<T, LinkError> {
    let (least, most) = limits::range(name).unwrap_or((0.0, f64::MAX));
    whole(key, value, least as u64, most as u64)
}

pub(super) fn text(key: &'static str, value: &str, most: usize) -> Result<String, LinkError> {
    if value.chars().count() <= most {
        Ok(value.to_owned())
    } else {
        Err(wrong(key, value, Allowed::Text { most }))
    }
}

fn wrong(key: &'static str, value: &str, allowed: Allowed) -> LinkError {
    LinkError::WrongValue { key, value: value.chars().take(40).collect(), allowed }
}
