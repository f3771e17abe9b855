//! `unrolled-draw/1`: logits and rules in, probabilities and choices out.

use serde::{Deserialize, Serialize};

use super::error::FormatError;
use super::{check_format, read_json, same_format, write_json};
use crate::engine::kernels::Scalar;
use crate::language::SamplingRules;
use crate::language::sampling::{SamplingError, choose, distribution};

const FORMAT: &str = "unrolled-draw/1";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawFile {
    format: String,
    logits: Vec<f64>,
    #[serde(default = "one")]
    temperature: f64,
    #[serde(default)]
    top_k: Option<usize>,
    #[serde(default)]
    top_p: Option<f64>,
    #[serde(default)]
    greedy: bool,
    #[serde(default)]
    u: Vec<f64>,
}

fn one() -> f64 {
    1.0
}

#[derive(Serialize)]
struct DrawnFile<S> {
    probabilities: Vec<S>,
    kept: Vec<usize>,
    indices: Vec<usize>,
}

/// A draw file's text in, what was drawn out.
///
/// # Errors
/// One that names the field.
pub fn run<S: Scalar>(text: &str) -> Result<String, FormatError> {
    check_format(text, FORMAT)?;
    let file: DrawFile = read_json(text)?;
    same_format(file.format.clone(), FORMAT)?;
    let DrawFile { logits, temperature, top_k, top_p, greedy, u, .. } = file;
    let rules = SamplingRules { temperature, top_k, top_p, greedy, refuse_unknown: false };
    let not_held = |logit: &f64| !S::from_f64(*logit).is_finite();
    if let Some(place) = logits.iter().position(not_held) {
        return Err(FormatError::Value {
            path: format!("logits[{place}]"),
            found: format!("{:e}", logits[place]),
            expected: "a number that single precision can hold".to_owned(),
        });
    }
    // Logits in the precision that was asked for; the arithmetic after that is double.
    let logits: Vec<f64> = logits.into_iter().map(|logit| S::from_f64(logit).to_f64()).collect();
    let drawn = distribution(&logits, &rules, None).map_err(wrong)?;
    if let Some(place) = u.iter().position(|u| !(0.0..1.0).contains(u)) {
        return Err(FormatError::Value {
            path: format!("u[{place}]"),
            found: u[place].to_string(),
            expected: "a number from 0 to below 1".to_owned(),
        });
    }
    write_json(&DrawnFile {
        probabilities: drawn.probabilities.iter().map(|probability| S::from_f64(*probability)).collect(),
        indices: u.iter().map(|u| choose(&drawn, *u)).collect(),
        kept: drawn.kept,
    })
}

/// A rule that cannot be drawn by, with the field that it stands in.
fn wrong(error: SamplingError) -> FormatError {
    let (path, found, expected) = match error {
        SamplingError::Temperature(found) => ("temperature", found.to_string(), "a finite number above 0"),
        SamplingError::TopK => ("top_k", "0".to_owned(), "at least 1"),
        SamplingError::TopP(found) => ("top_p", found.to_string(), "a number above 0 and at most 1"),
        SamplingError::NoLogits => ("logits", "none".to_owned(), "at least one"),
        SamplingError::NotFinite { index, value } => {
            let path = format!("logits[{index}]");
            return FormatError::Value {
                path,
                found: value.to_string(),
                expected: "a finite number".to_owned(),
            };
        }
        SamplingError::NothingLeft => ("logits", "every symbol refused".to_owned(), "one that is not"),
    };
    FormatError::Value { path: path.to_owned(), found, expected: expected.to_owned() }
}
