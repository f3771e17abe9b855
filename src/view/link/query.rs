//! The readable part: settings as `key=value`.

use std::fmt::Write;

use super::lesson::is_own_key;
use super::{Allowed, Lesson, LinkError, Opened, Shared, VERSION, WeightsFrom};
use crate::training::limits;
use crate::training::settings::{
    Activation, CellChoice, Normalisation, Reading, Rule, Start, TextSource, Unit,
};
use crate::view::formula::Notation;
use crate::view::stepper::{Direction, MOST_HIDDEN};

/// What a cell, text or sentence is called whose own text is behind `#`.
const OWN: &str = "own";
/// Longest sentence that stands in the query, in characters; longer ones are packed.
pub(super) const SENTENCE_IN_QUERY: usize = 120;
/// Longest sentence at all.
pub(super) const MOST_SENTENCE: usize = 2000;
/// Longest id of a sample or preset.
const MOST_ID: usize = 64;

const CELLS: &[&str] =
    &["rnn", "rnn-relu", "rnn-leaky-relu", "rnn-swish", "gru-simplified", "gru", "lstm", OWN];
const UNITS: &[(&str, Unit)] =
    &[("characters", Unit::Character), ("words", Unit::Word), ("chinese-words", Unit::ChineseWord)];
const READINGS: &[(&str, Reading)] = &[("running", Reading::Running), ("lines", Reading::Lines)];
const RULES: &[(&str, Rule)] = &[
    ("sgd", Rule::Sgd),
    ("momentum", Rule::Momentum),
    ("momentum-ema", Rule::MomentumEma),
    ("rmsprop", Rule::Rmsprop),
    ("adam", Rule::Adam),
];
const ACTIVATIONS: &[(&str, Option<Activation>)] = &[
    ("none", None),
    ("tanh", Some(Activation::Tanh)),
    ("relu", Some(Activation::Relu)),
    ("leaky-relu", Some(Activation::LeakyRelu)),
    ("swish", Some(Activation::Swish)),
];
const NORMALISATIONS: &[(&str, Option<Normalisation>)] =
    &[("none", None), ("layer", Some(Normalisation::Layer)), ("batch", Some(Normalisation::Batch))];
const RESIDUAL: &[(&str, bool)] = &[("no", false), ("yes", true)];
const DIRECTIONS: &[(&str, Direction)] =
    &[("forward", Direction::Forward), ("backward", Direction::Backward)];
const NOTATIONS: &[(&str, Notation)] =
    &[("notes", Notation::Notes), ("pytorch", Notation::PyTorch), ("keras", Notation::Keras)];

/// Writes what differs from the default, behind `v=version.length`.
pub(super) fn write(state: &Shared, has_fragment: bool) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    let plain = Shared::default();
    let (run, plain_run) = (&state.run, &plain.run);
    let mut put = |key, value: String, plain: String| {
        if value != plain {
            pairs.push((key, value));
        }
    };
    put("text", text_id(&run.text.source), text_id(&plain_run.text.source));
    put("unit", word(UNITS, run.text.unit), word(UNITS, plain_run.text.unit));
    put("reading", word(READINGS, run.text.reading), word(READINGS, plain_run.text.reading));
    put("vocabulary", optional(run.text.vocabulary_limit), optional(plain_run.text.vocabulary_limit));
    put("cell", cell_id(&run.model.cell), cell_id(&plain_run.model.cell));
    put("layers", run.model.layers.to_string(), plain_run.model.layers.to_string());
    put("hidden", run.model.hidden.to_string(), plain_run.model.hidden.to_string());
    let (options, plain_options) = (&run.model.options, &plain_run.model.options);
    put("activation", word(ACTIVATIONS, options.activation), word(ACTIVATIONS, plain_options.activation));
    put(
        "normalise",
        word(NORMALISATIONS, options.normalisation),
        word(NORMALISATIONS, plain_options.normalisation),
    );
    put("residual", word(RESIDUAL, options.residual), word(RESIDUAL, plain_options.residual));
    let (training, plain_training) = (&run.training, &plain_run.training);
    put("start", start_id(training.start), start_id(plain_training.start));
    put("forget", optional(training.forget_bias), optional(plain_training.forget_bias));
    put("rule", word(RULES, training.rule), word(RULES, plain_training.rule));
    put("rate", training.learning_rate.to_string(), plain_training.learning_rate.to_string());
    put("clip", optional(training.clip), optional(plain_training.clip));
    put("window", training.window.to_string(), plain_training.window.to_string());
    put("batch", training.batch.to_string(), plain_training.batch.to_string());
    put("steps", training.steps.to_string(), plain_training.steps.to_string());
    put("seed", training.seed.to_string(), plain_training.seed.to_string());
    put("l2", training.l2.to_string(), plain_training.l2.to_string());
    put("trained", state.trained.to_string(), plain.trained.to_string());
    let (stepper, plain_stepper) = (&state.stepper, &plain.stepper);
    put("show", cell_id(&stepper.cell), cell_id(&plain_stepper.cell));
    if stepper.sentence.chars().count() <= SENTENCE_IN_QUERY {
        put("sentence", stepper.sentence.clone(), plain_stepper.sentence.clone());
    }
    put("units", stepper.hidden.to_string(), plain_stepper.hidden.to_string());
    put("weights", weights_id(&stepper.weights), weights_id(&plain_stepper.weights));
    put("step", stepper.step.to_string(), plain_stepper.step.to_string());
    put("equation", stepper.equation.to_string(), plain_stepper.equation.to_string());
    put("direction", word(DIRECTIONS, stepper.direction), word(DIRECTIONS, plain_stepper.direction));
    put("notation", word(NOTATIONS, stepper.notation), word(NOTATIONS, plain_stepper.notation));
    put("row", optional(stepper.row), optional(plain_stepper.row));
    if has_fragment {
        pairs.push(("more", "packed".to_owned()));
    }
    let lesson = state.lesson.pairs();
    if pairs.is_empty() && lesson.is_empty() {
        return String::new();
    }
    let length: usize = pairs.iter().map(|(key, value)| pair_length(key, value)).sum();
    let mut query = format!("?v={VERSION}.{length}");
    for pair in lesson {
        let _ = write!(query, "&{pair}");
    }
    for (key, value) in pairs {
        // Writing into a string cannot fail.
        let _ = write!(query, "&{key}={}", percent_encoded(&value));
    }
    query
}

/// Reads a query into a state; says whether a fragment should follow.
pub(super) fn read(query: &str, opened: &mut Opened) -> bool {
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (percent_decoded(key), percent_decoded(value)))
        .collect();
    opened.state.lesson = Lesson::read(query);
    let mut expects_fragment = false;
    let mut length = 0;
    let mut promised = 0;
    for (key, value) in &pairs {
        if key == "v" {
            let (version, said) = value.split_once('.').unwrap_or((value, "0"));
            match version.parse::<u32>() {
                Ok(version) if version > VERSION => opened.errors.push(LinkError::Newer { version }),
                _ => {}
            }
            promised = said.parse::<usize>().unwrap_or(0);
            continue;
        }
        // How the page is shown can be changed without writing the state anew.
        if is_own_key(key, value) {
            continue;
        }
        length += pair_length(key, value);
        expects_fragment |= key == "more";
        if let Err(error) = set(key, value, &mut opened.state) {
            opened.errors.push(error);
        }
    }
    if length < promised {
        opened.errors.push(LinkError::Cut);
    }
    expects_fragment
}

fn set(key: &str, value: &str, state: &mut Shared) -> Result<(), LinkError> {
    let (run, stepper) = (&mut state.run, &mut state.stepper);
    let training = &mut run.training;
    match key {
        "text" => run.text.source = text_source("text", value)?,
        "unit" => run.text.unit = choice("unit", value, UNITS, &["characters", "words", "chinese-words"])?,
        "reading" => run.text.reading = choice("reading", value, READINGS, &["running", "lines"])?,
        "vocabulary" => {
            run.text.vocabulary_limit =
                none_or(value, |v| whole_setting("vocabulary", v, "vocabulary_limit"))?
        }
        "cell" => run.model.cell = cell("cell", value)?,
        "layers" => run.model.layers = whole_setting("layers", value, "layers")?,
        "hidden" => run.model.hidden = whole_setting("hidden", value, "hidden")?,
        "rule" => {
            let words = &["sgd", "momentum", "momentum-ema", "rmsprop", "adam"];
            training.rule = choice("rule", value, RULES, words)?;
        }
        "rate" => training.learning_rate = setting("rate", value, "learning_rate")?,
        "clip" => training.clip = none_or(value, |v| setting("clip", v, "clip"))?,
        "window" => training.window = whole_setting("window", value, "window")?,
        "batch" => training.batch = whole_setting("batch", value, "batch")?,
        "steps" => training.steps = whole_setting("steps", value, "steps")?,
        "seed" => training.seed = whole("seed", value, 0, u64::MAX)?,
        "l2" => training.l2 = setting("l2", value, "l2")?,
        "activation" => {
            let words = &["none", "tanh", "relu", "leaky-relu", "swish"];
            run.model.options.activation = choice("activation", value, ACTIVATIONS, words)?;
        }
        "normalise" => {
            let words = &["none", "layer", "batch"];
            run.model.options.normalisation = choice("normalise", value, NORMALISATIONS, words)?;
        }
        "residual" => {
            run.model.options.residual = choice("residual", value, RESIDUAL, &["no", "yes"])?;
        }
        "start" => training.start = start(value)?,
        "forget" => training.forget_bias = none_or(value, |v| setting("forget", v, "forget_bias"))?,
        "trained" => state.trained = whole("trained", value, 0, u64::from(u32::MAX))?,
        "show" => stepper.cell = cell("show", value)?,
        "sentence" => stepper.sentence = text("sentence", value, MOST_SENTENCE)?,
        "units" => stepper.hidden = whole("units", value, 1, MOST_HIDDEN as u64)?,
        "weights" => stepper.weights = weights_from(value)?,
        "step" => stepper.step = whole("step", value, 1, 1_000_000)?,
        "equation" => stepper.equation = whole("equation", value, 1, 100_000)?,
        "direction" => {
            stepper.direction = choice("direction", value, DIRECTIONS, &["forward", "backward"])?;
        }
        "notation" => {
            stepper.notation = choice("notation", value, NOTATIONS, &["notes", "pytorch", "keras"])?;
        }
        "row" => stepper.row = none_or(value, |v| whole("row", v, 1, 1_000_000))?,
        // Keys of others, and of versions to come.
        _ => {}
    }
    Ok(())
}

fn pair_length(key: &str, value: &str) -> usize {
    key.chars().count() + value.chars().count()
}

fn text_id(source: &TextSource) -> String {
    match source {
        TextSource::Sample(id) => id.clone(),
        TextSource::Own(_) => OWN.to_owned(),
    }
}

fn text_source(key: &'static str, value: &str) -> Result<TextSource, LinkError> {
    // The text itself comes with the fragment.
    match value {
        OWN => Ok(TextSource::Own(String::new())),
        _ => Ok(TextSource::Sample(text(key, value, MOST_ID)?)),
    }
}

fn cell_id(cell: &CellChoice) -> String {
    match cell {
        CellChoice::Preset(id) => id.clone(),
        CellChoice::Own(_) => OWN.to_owned(),
    }
}

fn cell(key: &'static str, value: &str) -> Result<CellChoice, LinkError> {
    match value {
        OWN => Ok(CellChoice::Own(String::new())),
        _ if CELLS.contains(&value) => Ok(CellChoice::Preset(value.to_owned())),
        _ => Err(wrong(key, value, Allowed::OneOf(CELLS))),
    }
}

fn start_id(start: Start) -> String {
    match start {
        Start::Xavier => "xavier".to_owned(),
        Start::He => "he".to_owned(),
        Start::Identity => "identity".to_owned(),
        Start::Uniform(limit) => format!("uniform-{limit}"),
    }
}

fn start(value: &str) -> Result<Start, LinkError> {
    match (value, value.split_once('-')) {
        ("xavier", _) => Ok(Start::Xavier),
        ("he", _) => Ok(Start::He),
        ("identity", _) => Ok(Start::Identity),
        (_, Some(("uniform", limit))) => Ok(Start::Uniform(setting("start", limit, "start")?)),
        _ => Err(wrong("start", value, Allowed::OneOf(&["xavier", "he", "identity", "uniform-0.05"]))),
    }
}

fn weights_id(weights: &WeightsFrom) -> String {
    match weights {
        WeightsFrom::Random { seed } => format!("random-{seed}"),
        WeightsFrom::Preset(id) => format!("preset-{id}"),
        WeightsFrom::Trained => "trained".to_owned(),
        WeightsFrom::Given => "given".to_owned(),
        WeightsFrom::File => "file".to_owned(),
    }
}

fn weights_from(value: &str) -> Result<WeightsFrom, LinkError> {
    match (value, value.split_once('-')) {
        ("trained", _) => Ok(WeightsFrom::Trained),
        ("given", _) => Ok(WeightsFrom::Given),
        ("file", _) => Ok(WeightsFrom::File),
        (_, Some(("random", seed))) => Ok(WeightsFrom::Random { seed: whole("weights", seed, 0, u64::MAX)? }),
        (_, Some(("preset", id))) => Ok(WeightsFrom::Preset(text("weights", id, MOST_ID)?)),
        _ => {
            let words = &["random-7", "preset-…", "trained", "given", "file"];
            Err(wrong("weights", value, Allowed::OneOf(words)))
        }
    }
}

fn word<T: Copy + PartialEq>(table: &[(&str, T)], value: T) -> String {
    table.iter().find(|(_, known)| *known == value).map(|(word, _)| (*word).to_owned()).unwrap_or_default()
}

fn choice<T: Copy>(
    key: &'static str,
    value: &str,
    table: &[(&str, T)],
    words: &'static [&'static str],
) -> Result<T, LinkError> {
    let found = table.iter().find(|(word, _)| *word == value);
    found.map(|(_, known)| *known).ok_or_else(|| wrong(key, value, Allowed::OneOf(words)))
}

fn optional<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn none_or<T>(value: &str, read: impl FnOnce(&str) -> Result<T, LinkError>) -> Result<Option<T>, LinkError> {
    if value == "none" { Ok(None) } else { read(value).map(Some) }
}

fn whole<T: TryFrom<u64>>(key: &'static str, value: &str, least: u64, most: u64) -> Result<T, LinkError> {
    let is_plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse::<u64>().ok().filter(|number| is_plain && (least..=most).contains(number));
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| wrong(key, value, Allowed::Whole { least, most }))
}

/// A setting in the range that it can be trained in.
fn setting(key: &'static str, value: &str, name: &str) -> Result<f32, LinkError> {
    let (least, most) = limits::range(name).unwrap_or((0.0, f64::MAX));
    // The settings are single precision, and so are their limits there.
    let (least, most) = (least as f32, most as f32);
    let number = value.parse::<f32>().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| wrong(key, value, Allowed::Number { least, most }))
}

/// The same of a whole one.
fn whole_setting<T: TryFrom<u64>>(key: &'static str, value: &str, name: &str) -> Result<T, LinkError> {
    let (least, most) = limits::range(name).unwrap_or((0.0, f64::MAX));
    whole(key, value, least as u64, most as u64)
}

fn text(key: &'static str, value: &str, most: usize) -> Result<String, LinkError> {
    if value.chars().count() <= most {
        Ok(value.to_owned())
    } else {
        Err(wrong(key, value, Allowed::Text { most }))
    }
}

fn wrong(key: &'static str, value: &str, allowed: Allowed) -> LinkError {
    LinkError::WrongValue { key, value: value.chars().take(40).collect(), allowed }
}

/// Letters, digits and `-._~` stay, a space becomes `+`, every other byte of the UTF-8 text `%XX`.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            b' ' => encoded.push('+'),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// The other way round; a `%` without two digits stays as it is, bytes that are no UTF-8 become U+FFFD.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => match (after.first().and_then(hex), after.get(1).and_then(hex)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after.get(2..).unwrap_or(&[]);
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(byte: &u8) -> Option<u8> {
    char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
