//! The readable part: settings as `key=value`.

use std::fmt::Write;

use super::lesson::is_own_key;
use super::values::{
    ACTIVATIONS, DIRECTIONS, NORMALISATIONS, NOTATIONS, READINGS, RESIDUAL, RULES, UNITS, cell, cell_id,
    none_or, optional, setting, start, start_id, text, text_id, text_source, weights_from, weights_id, whole,
    whole_setting,
};
use super::{LeftOut, Lesson, LinkError, Opened, Shared, VERSION};
use crate::view::stepper::MOST_HIDDEN;

/// Longest sentence that stands in the query, in characters; longer ones are packed.
pub(super) const SENTENCE_IN_QUERY: usize = 120;
/// Longest sentence at all.
pub(super) const MOST_SENTENCE: usize = 2000;

/// Writes what differs from the default, behind `v=version.length`.
pub(super) fn write(state: &Shared, has_fragment: bool, lacks_changes: bool) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    let plain = Shared::default();
    let (run, plain_run) = (&state.run, &plain.run);
    let mut put = |key, value: String, plain: String| {
        if value != plain {
            pairs.push((key, value));
        }
    };
    put("text", text_id(&run.text.source), text_id(&plain_run.text.source));
    put("unit", UNITS.word(run.text.unit), UNITS.word(plain_run.text.unit));
    put("reading", READINGS.word(run.text.reading), READINGS.word(plain_run.text.reading));
    put("vocabulary", optional(run.text.vocabulary_limit), optional(plain_run.text.vocabulary_limit));
    put("cell", cell_id(&run.model.cell), cell_id(&plain_run.model.cell));
    put("layers", run.model.layers.to_string(), plain_run.model.layers.to_string());
    put("hidden", run.model.hidden.to_string(), plain_run.model.hidden.to_string());
    let (options, plain_options) = (&run.model.options, &plain_run.model.options);
    put("activation", ACTIVATIONS.word(options.activation), ACTIVATIONS.word(plain_options.activation));
    put(
        "normalise",
        NORMALISATIONS.word(options.normalisation),
        NORMALISATIONS.word(plain_options.normalisation),
    );
    put("residual", RESIDUAL.word(options.residual), RESIDUAL.word(plain_options.residual));
    let (training, plain_training) = (&run.training, &plain_run.training);
    put("start", start_id(training.start), start_id(plain_training.start));
    put("forget", optional(training.forget_bias), optional(plain_training.forget_bias));
    put("rule", RULES.word(training.rule), RULES.word(plain_training.rule));
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
    put("direction", DIRECTIONS.word(stepper.direction), DIRECTIONS.word(plain_stepper.direction));
    put("notation", NOTATIONS.word(stepper.notation), NOTATIONS.word(plain_stepper.notation));
    put("row", optional(stepper.row), optional(plain_stepper.row));
    if has_fragment {
        pairs.push(("more", "packed".to_owned()));
    }
    // Nothing else in a link tells that there were any.
    if lacks_changes {
        pairs.push(("lacks", "changes".to_owned()));
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
        let _ = write!(query, "&{key}={}", encoded(&value));
    }
    query
}

/// Reads a query into a state; says whether a fragment should follow.
pub(super) fn read(query: &str, opened: &mut Opened) -> bool {
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
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
        "unit" => run.text.unit = UNITS.read("unit", value)?,
        "reading" => run.text.reading = READINGS.read("reading", value)?,
        "vocabulary" => {
            run.text.vocabulary_limit =
                none_or(value, |v| whole_setting("vocabulary", v, "vocabulary_limit"))?
        }
        "cell" => run.model.cell = cell("cell", value)?,
        "layers" => run.model.layers = whole_setting("layers", value, "layers")?,
        "hidden" => run.model.hidden = whole_setting("hidden", value, "hidden")?,
        "rule" => {
            training.rule = RULES.read("rule", value)?;
        }
        "rate" => training.learning_rate = setting("rate", value, "learning_rate")?,
        "clip" => training.clip = none_or(value, |v| setting("clip", v, "clip"))?,
        "window" => training.window = whole_setting("window", value, "window")?,
        "batch" => training.batch = whole_setting("batch", value, "batch")?,
        "steps" => training.steps = whole_setting("steps", value, "steps")?,
        "seed" => training.seed = whole_setting("seed", value, "seed")?,
        "l2" => training.l2 = setting("l2", value, "l2")?,
        "activation" => {
            run.model.options.activation = ACTIVATIONS.read("activation", value)?;
        }
        "normalise" => {
            run.model.options.normalisation = NORMALISATIONS.read("normalise", value)?;
        }
        "residual" => {
            run.model.options.residual = RESIDUAL.read("residual", value)?;
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
            stepper.direction = DIRECTIONS.read("direction", value)?;
        }
        "notation" => {
            stepper.notation = NOTATIONS.read("notation", value)?;
        }
        "lacks" if value == "changes" => return Err(LinkError::Missing { what: LeftOut::Changes }),
        "row" => stepper.row = none_or(value, |v| whole("row", v, 1, 1_000_000))?,
        // Keys of others, and of versions to come.
        _ => {}
    }
    Ok(())
}

fn pair_length(key: &str, value: &str) -> usize {
    key.chars().count() + value.chars().count()
}

/// As a form's values are written: a space becomes `+`, what is neither letter, digit nor `*-._` becomes `%XX`.
pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
