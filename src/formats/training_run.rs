//! `unrolled-training/1` in, `unrolled-training-log/1` out.

use serde::{Deserialize, Serialize};

use super::error::FormatError;
use super::model::{ModelFile, WeightsOut, read_model};
use super::object::{Object, object};
use super::tensor::TensorFile;
use super::{check_format, read_json, same_format, write_json};
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::training::optimiser::{Clip, Optimiser, RuleConstants};
use crate::training::settings::Rule;
use crate::training::trainer::{Example, Reduction, Trainer, UpdateRules};

const FORMAT: &str = "unrolled-training/1";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrainingFile {
    format: String,
    #[serde(deserialize_with = "object")]
    model: ModelFile,
    #[serde(deserialize_with = "object")]
    batches: BatchesFile,
    #[serde(default)]
    carry_state: bool,
    #[serde(default)]
    loss_reduction: ReductionFile,
    #[serde(default = "one")]
    loss_scale: f64,
    #[serde(deserialize_with = "object")]
    optimiser: OptimiserFile,
    #[serde(default)]
    clip: Option<Object<ClipFile>>,
    #[serde(default)]
    l2: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchesFile {
    #[serde(deserialize_with = "object")]
    input: TensorFile,
    #[serde(deserialize_with = "object")]
    target: TensorFile,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ReductionFile {
    #[default]
    Mean,
    Sum,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OptimiserFile {
    rule: Rule,
    learning_rate: f64,
    #[serde(default)]
    beta: Option<f64>,
    #[serde(default)]
    rho: Option<f64>,
    #[serde(default)]
    beta1: Option<f64>,
    #[serde(default)]
    beta2: Option<f64>,
    #[serde(default)]
    epsilon: Option<f64>,
}

/// One of the two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClipFile {
    #[serde(default)]
    global_norm: Option<f64>,
    #[serde(default)]
    value: Option<f64>,
}

fn one() -> f64 {
    1.0
}

#[derive(Serialize)]
#[serde(bound = "S: Scalar")]
struct LogFile<S: Scalar> {
    format: &'static str,
    loss: Vec<S>,
    gradient_norm: Vec<S>,
    gradient_max: Vec<S>,
    clipped_steps: usize,
    weights: WeightsOut<S>,
}

/// A training run's text in, its log's text out.
///
/// # Errors
/// One that names the field, or the step and the tensor that stopped being finite.
pub fn run<S: Scalar>(text: &str) -> Result<String, FormatError> {
    check_format(text, FORMAT)?;
    let file: TrainingFile = read_json(text)?;
    same_format(file.format.clone(), FORMAT)?;
    let model: Model<S> = read_model(&file.model, None)?;
    let [updates, steps, batch] = file.batches.input.sizes("batches.input", "steps × T × B")?;
    if updates == 0 || steps == 0 || batch == 0 {
        file.batches.input.check_shape("batches.input", &[updates.max(1), steps.max(1), batch.max(1)])?;
    }
    file.batches.target.check_shape("batches.target", &[updates, steps, batch])?;
    let inputs = read_ids("batches.input", &file.batches.input, -1, model.input)?;
    let targets = read_ids("batches.target", &file.batches.target, 0, model.output)?;
    let rules = read_rules(&file)?;

    let architecture = model.architecture();
    let weights = model.to_flat();
    let optimiser = Optimiser::new(rules.constants.rule, weights.len());
    let mut trainer = Trainer::new(&architecture, weights, optimiser, steps, batch);
    let mut log = LogFile {
        format: "unrolled-training-log/1",
        loss: Vec::with_capacity(updates),
        gradient_norm: Vec::with_capacity(updates),
        gradient_max: Vec::with_capacity(updates),
        clipped_steps: 0,
        weights: WeightsOut::new(&model),
    };
    let windows = inputs.chunks_exact(steps * batch).zip(targets.chunks_exact(steps * batch));
    for (index, (inputs, targets)) in windows.enumerate() {
        if index > 0 && file.carry_state {
            trainer.network_mut().carry();
        } else {
            trainer.network_mut().zero_initial();
        }
        let update = trainer
            .update(Example { inputs, targets }, &rules)
            .map_err(|error| FormatError::NotFinite { step: index + 1, tensor: error.tensor })?;
        log.loss.push(S::from_f64(update.loss));
        log.gradient_norm.push(S::from_f64(update.gradient.norm));
        log.gradient_max.push(S::from_f64(update.gradient.largest));
        log.clipped_steps += usize::from(update.gradient.clipped);
        // Each number may be finite, and what is logged of them beyond what the precision holds.
        for (name, list) in [("loss", &log.loss), ("gradient_norm", &log.gradient_norm)] {
            if list.last().is_some_and(|last| !last.is_finite()) {
                return Err(FormatError::NotFinite { step: index + 1, tensor: name.to_owned() });
            }
        }
    }
    log.weights = WeightsOut::new(&Model::from_flat(&architecture, trainer.weights()));
    write_json(&log)
}

/// Ids from `first` on: −1 is the zero vector as an input; every target is a label.
fn read_ids(path: &str, tensor: &TensorFile, first: i64, rows: usize) -> Result<Vec<i32>, FormatError> {
    let expected = format!("an id from {first} to {}", rows.saturating_sub(1));
    let each = (0..tensor.data.len()).map(|place| {
        let number = tensor.whole(path, place, &expected)?;
        let known = (first..rows as i64).contains(&number);
        i32::try_from(number).ok().filter(|_| known).ok_or_else(|| FormatError::Value {
            path: format!("{path}.data[{place}]"),
            found: number.to_string(),
            expected: expected.clone(),
        })
    });
    each.collect()
}

fn read_rules(file: &TrainingFile) -> Result<UpdateRules, FormatError> {
    let range = |path: &str, number: f64, expected: &str, fits: bool| {
        if fits && number.is_finite() {
            return Ok(number);
        }
        let (path, expected) = (path.to_owned(), expected.to_owned());
        Err(FormatError::Value { path, found: number.to_string(), expected })
    };
    let OptimiserFile { rule, learning_rate, beta, rho, beta1, beta2, epsilon } = file.optimiser;
    let usual = RuleConstants::usual(rule, learning_rate);
    let share = |name: &str, number: Option<f64>, usual: f64| {
        let number = number.unwrap_or(usual);
        range(
            &format!("optimiser.{name}"),
            number,
            "a number from 0 to below 1",
            (0.0..1.0).contains(&number),
        )
    };
    let epsilon = epsilon.unwrap_or(usual.epsilon);
    let at_least_0 = "a number of at least 0";
    let constants = RuleConstants {
        rule,
        learning_rate: range("optimiser.learning_rate", learning_rate, at_least_0, learning_rate >= 0.0)?,
        decay: match rule {
            Rule::Rmsprop => share("rho", rho, usual.decay)?,
            _ => share("beta", beta, usual.decay)?,
        },
        beta1: share("beta1", beta1, usual.beta1)?,
        beta2: share("beta2", beta2, usual.beta2)?,
        epsilon: range("optimiser.epsilon", epsilon, at_least_0, epsilon >= 0.0)?,
    };
    let above_0 = "a number above 0";
    let clip = match &file.clip {
        None => Clip::None,
        Some(Object(ClipFile { global_norm: Some(norm), value: None })) => {
            Clip::GlobalNorm(range("clip.global_norm", *norm, above_0, *norm > 0.0)?)
        }
        Some(Object(ClipFile { global_norm: None, value: Some(value) })) => {
            Clip::Value(range("clip.value", *value, above_0, *value > 0.0)?)
        }
        Some(Object(ClipFile { global_norm, .. })) => {
            let found = if global_norm.is_some() { "both" } else { "neither" };
            return Err(FormatError::Value {
                path: "clip".to_owned(),
                found: found.to_owned(),
                expected: "global_norm or value".to_owned(),
            });
        }
    };
    Ok(UpdateRules {
        constants,
        clip,
        l2: range("l2", file.l2, at_least_0, file.l2 >= 0.0)?,
        reduction: match file.loss_reduction {
            ReductionFile::Mean => Reduction::Mean,
            ReductionFile::Sum => Reduction::Sum,
        },
        loss_scale: range("loss_scale", file.loss_scale, "a finite number", true)?,
    })
}
