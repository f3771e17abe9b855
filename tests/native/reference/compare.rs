//! Compares what was expected with what came out, tensor by tensor, and tells the largest differences.

use serde_json::Value;

/// Differences of a whole set, gathered so that a failure shows all of them at once.
pub struct Comparison {
    tolerance: f64,
    lengths: Vec<usize>,
    compared: usize,
    largest: (f64, String),
    wrong: Vec<String>,
}

impl Comparison {
    /// `tolerance`: relative to the largest entry of each tensor.
    pub fn new(tolerance: f64) -> Self {
        Self { tolerance, lengths: Vec::new(), compared: 0, largest: (0.0, String::new()), wrong: Vec::new() }
    }

    /// The lengths past which layers, logits and ŷ of the next tree are not looked at.
    pub fn within_lengths(&mut self, lengths: Vec<usize>) {
        self.lengths = lengths;
    }

    /// Everything that `expected` holds must be in `found`; what `found` holds beyond that is ignored.
    pub fn tree(&mut self, path: &str, expected: &Value, found: &Value) {
        if let Some((shape, data)) = tensor(expected) {
            return self.tensor(path, &shape, &data, found);
        }
        match expected {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match found.get(key) {
                        Some(other) => self.tree(&format!("{path}: {key}"), value, other),
                        None => self.wrong.push(format!("{path}: {key} is missing")),
                    }
                }
            }
            Value::Array(items) if items.iter().all(Value::is_number) => {
                let e = numbers(expected);
                match found.as_array() {
                    Some(other) if other.len() == e.len() && other.iter().all(Value::is_number) => {
                        self.numbers(path, &e, &numbers(found), |_| true);
                    }
                    _ => self.wrong.push(format!("{path}: not {} numbers but {}", e.len(), short(found))),
                }
            }
            Value::Array(items) => {
                for (i, value) in items.iter().enumerate() {
                    self.tree(&format!("{path}[{i}]"), value, found.get(i).unwrap_or(&Value::Null));
                }
            }
            Value::Number(_) => match found.as_f64() {
                Some(g) => self.number(path, expected.as_f64().unwrap(), g),
                None => self.wrong.push(format!("{path}: not a number but {}", short(found))),
            },
            _ if expected != found => {
                self.wrong.push(format!("{path}: {} instead of {expected}", short(found)))
            }
            _ => {}
        }
    }

    /// One number, relative to itself.
    pub fn number(&mut self, path: &str, expected: f64, found: f64) {
        self.numbers(path, &[expected], &[found], |_| true);
    }

    fn tensor(&mut self, path: &str, shape: &[usize], expected: &[f64], found: &Value) {
        let Some((other, data)) = tensor(found) else {
            return self.wrong.push(format!("{path}: not a tensor but {}", short(found)));
        };
        if other != shape || data.len() != expected.len() {
            return self
                .wrong
                .push(format!("{path}: shape {other:?} with {} entries, expected {shape:?}", data.len()));
        }
        let skips =
            [": layers[", ": logits", ": yhat"].iter().any(|part| path.contains(part)) && shape.len() == 3;
        let lengths = self.lengths.clone();
        let counts = move |i: usize| !skips || i / (shape[1] * shape[2]) < lengths[i % shape[2]];
        self.numbers(path, expected, &data, counts);
    }

    fn numbers(&mut self, path: &str, expected: &[f64], found: &[f64], counts: impl Fn(usize) -> bool) {
        let seen = || (0..expected.len()).filter(|i| counts(*i));
        let size = seen().map(|i| expected[i].abs()).fold(0.0, f64::max);
        self.compared += 1;
        let apart = |i: usize| (expected[i] - found[i]).abs();
        let Some(worst) = seen().max_by(|i, j| apart(*i).total_cmp(&apart(*j))) else { return };
        // A tensor of zeros has no largest entry to measure by; single precision may round what is tiny to 0.
        let relative = apart(worst) / size.max(1e-30);
        if relative > self.largest.0 {
            self.largest = (relative, path.to_owned());
        }
        if relative.is_nan() || relative > self.tolerance {
            self.wrong.push(format!(
                "{path}: largest difference {:.3e} of {size:.3e} (at {worst}: {} instead of {})",
                apart(worst),
                found[worst],
                expected[worst]
            ));
        }
    }

    /// Fails with every difference beyond the tolerance, and says how near the rest came.
    #[track_caller]
    pub fn finish(self, what: &str) {
        let (largest, place) = &self.largest;
        println!("{what}: {} compared, largest difference {largest:.3e} ({place})", self.compared);
        assert!(self.compared > 0, "{what}: nothing was compared");
        assert!(
            self.wrong.is_empty(),
            "{what}: {} of {} differ:\n{}",
            self.wrong.len(),
            self.compared,
            self.wrong.join("\n")
        );
    }
}

/// Shape and entries of `{"shape": …, "data": …}`.
pub fn tensor(value: &Value) -> Option<(Vec<usize>, Vec<f64>)> {
    let shape = value
        .get("shape")?
        .as_array()?
        .iter()
        .map(|n| n.as_u64().map(|n| n as usize))
        .collect::<Option<_>>()?;
    let data = value.get("data")?.as_array()?.iter().map(Value::as_f64).collect::<Option<_>>()?;
    Some((shape, data))
}

/// The numbers of a list.
pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// The text of each number of the first `"data":[…]`.
pub fn texts(text: &str) -> Vec<String> {
    let start = text.find("\"data\":").expect("data") + "\"data\":".len();
    let list = &text[start..start + text[start..].find(']').expect("an end")];
    list.trim_start().trim_start_matches('[').split(',').map(|n| n.trim().to_owned()).collect()
}

/// ‖·‖ over the rows of `[T][n][B]`, step by step and sample by sample.
pub fn norms(value: &Value) -> Vec<f64> {
    let (shape, data) = tensor(value).expect("a tensor [T][n][B]");
    let at = |t: usize, i: usize, b: usize| data[(t * shape[1] + i) * shape[2] + b];
    let steps = (0..shape[0]).flat_map(|t| (0..shape[2]).map(move |b| (t, b)));
    steps.map(|(t, b)| (0..shape[1]).map(|i| at(t, i, b).powi(2)).sum::<f64>().sqrt()).collect()
}

/// The lengths of an experiment, T for all where it gives none.
pub fn lengths(experiment: &Value) -> Vec<usize> {
    let (shape, _) = tensor(&experiment["input"]["x"]).expect("x");
    match experiment["input"].get("lengths") {
        Some(list) => numbers(list).iter().map(|n| *n as usize).collect(),
        None => vec![shape[0]; shape[2]],
    }
}

/// A case's name.
pub fn name(case: &Value) -> String {
    case["name"].as_str().unwrap_or("?").to_owned()
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}
