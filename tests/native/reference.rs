//! The engine against an independent implementation in NumPy (`tests/reference`), through the command line:
//! files in, files out, as anyone outside would use it. Every format is held to its last field.
//!
//! The snippet that made every set is `tests/reference/generate.py`; the set's name is the function's
//! (`model_cases`, `norm_cases`, `training_cases`, `draw_cases`, `bad_files.cases`).

#[path = "reference/command.rs"]
pub mod command;
#[path = "reference/compare.rs"]
mod compare;

use command::{Answer, answer};
use compare::Comparison;
use serde_json::Value;

/// Relative to the largest entry of the tensor.
const F64: f64 = 1e-11;
/// The same in single precision.
const F32: f64 = 3e-5;

/// A set of cases by the name of its file.
fn cases(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/reference/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The output of a file that must be accepted.
#[track_caller]
fn accepted(verb: &str, precision: &str, file: &Value, name: &str) -> Value {
    let Answer { status, out, error } = answer(verb, Some(precision), file.to_string().as_bytes());
    assert!(status == Some(0), "{name} ({precision}): status {status:?}, {error}");
    assert!(error.is_empty(), "{name} ({precision}): {error}");
    serde_json::from_str(&out).unwrap_or_else(|e| panic!("{name} ({precision}): {e}\n{out}"))
}

/// Every trace of a set in one precision; all differences are told before the test fails.
#[track_caller]
fn check_traces(set: &[(String, &Value, &Value)], precision: &str, tolerance: f64) {
    let mut comparison = Comparison::new(tolerance);
    for (name, experiment, trace) in set {
        let found = accepted("trace", precision, experiment, name);
        comparison.within_lengths(compare::lengths(experiment));
        comparison.tree(name, trace, &found);
    }
    comparison.finish(&format!("traces, {precision}"));
}

#[track_caller]
fn check_model_traces(precision: &str, tolerance: f64) {
    let set = cases("models.json");
    assert!(set.len() >= 52);
    let set: Vec<_> = set.iter().map(|c| (compare::name(c), &c["experiment"], &c["trace"])).collect();
    check_traces(&set, precision, tolerance);
}

#[test]
fn the_given_sample_traces_are_reproduced_in_f64() {
    let path = format!("{}/tests/reference/cases/given.json", env!("CARGO_MANIFEST_DIR"));
    let given: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let samples = given["samples"].as_array().unwrap();
    let set: Vec<_> = samples.iter().map(|c| (compare::name(c), &c["experiment"], &c["trace"])).collect();
    assert_eq!(set.len(), 3);
    check_traces(&set, "f64", 1e-12);
    check_traces(&set, "f32", 1e-5);
}

#[test]
fn every_model_s_trace_agrees_in_f64() {
    check_model_traces("f64", F64);
}

#[test]
fn every_model_s_trace_agrees_in_f32() {
    check_model_traces("f32", F32);
}

#[test]
fn gradients_with_respect_to_x_are_exactly_zero_past_a_sample_s_length() {
    for case in cases("models.json") {
        let lengths = compare::lengths(&case["experiment"]);
        let found = accepted("trace", "f64", &case["experiment"], &compare::name(&case));
        let (shape, data) = compare::tensor(&found["gradients"]["x"]).unwrap();
        for (i, entry) in data.iter().enumerate() {
            let (t, b) = (i / (shape[1] * shape[2]), i % shape[2]);
            assert!(t < lengths[b] || *entry == 0.0, "{} at {i}: {entry}", compare::name(&case));
        }
    }
}

#[track_caller]
fn check_gradient_norms(precision: &str, tolerance: f64) {
    let mut comparison = Comparison::new(tolerance);
    for case in cases("norms.json") {
        let name = compare::name(&case);
        let found = accepted("trace", precision, &case["experiment"], &name);
        for (i, layer) in case["norms"].as_array().unwrap().iter().enumerate() {
            for (state, expected) in layer.as_object().unwrap() {
                let norms = compare::norms(&found["gradients"]["states"][i][state]);
                let expected = compare::numbers(expected);
                assert_eq!(expected.len(), norms.len(), "{name}: {state}");
                // Each step by itself: a norm that has vanished to 1e-9 must still be right.
                for (t, (e, g)) in expected.iter().zip(&norms).enumerate() {
                    comparison.number(&format!("{name}: states[{i}].{state} at step {t}"), *e, *g);
                }
            }
        }
    }
    comparison.finish(&format!("gradient norms over 50 steps, {precision}"));
}

#[test]
fn gradient_norms_over_fifty_steps_agree_in_f64() {
    check_gradient_norms("f64", F64);
}

#[test]
fn gradient_norms_over_fifty_steps_agree_in_f32() {
    check_gradient_norms("f32", F32);
}

#[track_caller]
fn check_training(precision: &str, tolerance: f64) {
    let set = cases("training.json");
    assert!(set.len() >= 45);
    let mut comparison = Comparison::new(tolerance);
    for case in &set {
        let name = compare::name(case);
        comparison.tree(&name, &case["log"], &accepted("train", precision, &case["run"], &name));
    }
    comparison.finish(&format!("training runs, {precision}"));
}

#[test]
fn fifty_updates_by_every_rule_agree_in_f64() {
    check_training("f64", F64);
}

#[test]
fn fifty_updates_by_every_rule_agree_in_f32() {
    check_training("f32", F32);
}

#[test]
fn training_uses_f32_and_tracing_f64_unless_told_otherwise() {
    let run = &cases("training.json")[0]["run"];
    let experiment = &cases("models.json")[2]["experiment"];
    let plain = |verb, file: &Value| answer(verb, None, file.to_string().as_bytes()).out;
    let told = |verb, precision, file: &Value| answer(verb, Some(precision), file.to_string().as_bytes()).out;
    assert_eq!(plain("train", run), told("train", "f32", run));
    assert_ne!(plain("train", run), told("train", "f64", run));
    assert_eq!(plain("trace", experiment), told("trace", "f64", experiment));
    assert_ne!(plain("trace", experiment), told("trace", "f32", experiment));
}

#[test]
fn numbers_are_read_and_printed_to_the_same_bits() {
    // Nothing is learnt at a learning rate of 0, so the weights come back as they were given.
    let mut run = cases("training.json")[0]["run"].clone();
    run["optimiser"] = serde_json::json!({ "rule": "sgd", "learning_rate": 0.0 });
    let awkward = [
        0.1,
        1.0 / 3.0,
        1e-300,
        8.41e21,
        f64::MIN_POSITIVE,
        5e-324,
        9007199254740993.0,
        0.28739278473452304,
        -0.1,
    ];
    for precision in ["f64", "f32"] {
        let data = run["model"]["weights"]["layers"][0]["W_aa"]["data"].as_array_mut().unwrap();
        let mut next = awkward.iter().cycle();
        for entry in data.iter_mut() {
            *entry = serde_json::json!(next.next().unwrap() * 1e-3);
        }
        let given = compare::texts(&run["model"]["weights"]["layers"][0]["W_aa"].to_string());
        let found = answer("train", Some(precision), run.to_string().as_bytes());
        assert_eq!(found.status, Some(0), "{}", found.error);
        let from = found.out.find("\"weights\"").unwrap();
        let start = from + found.out[from..].find("\"W_aa\"").unwrap();
        let printed = compare::texts(&found.out[start..]);
        assert_eq!(given.len(), printed.len());
        for (g, p) in given.iter().zip(&printed) {
            if precision == "f64" {
                assert_eq!(
                    g.parse::<f64>().unwrap().to_bits(),
                    p.parse::<f64>().unwrap().to_bits(),
                    "{g} became {p}"
                );
            } else {
                assert_eq!(
                    g.parse::<f32>().unwrap().to_bits(),
                    p.parse::<f32>().unwrap().to_bits(),
                    "{g} became {p}"
                );
            }
        }
    }
}

#[test]
fn draws_agree_to_the_last_index() {
    let set = cases("draws.json");
    assert!(set.len() >= 70);
    let mut comparison = Comparison::new(1e-14);
    for (i, case) in set.iter().enumerate() {
        let found = accepted("draw", "f64", &case["draw"], &format!("draw {i}"));
        comparison.tree(&format!("draw {i}"), &case["out"], &found);
    }
    comparison.finish("draws");
}

#[test]
fn a_bad_file_gets_one_line_that_names_the_field() {
    let set = cases("bad.json");
    let bases = &set[0]["bases"];
    assert!(set.len() > 60);
    let mut wrong = Vec::new();
    for case in &set[1..] {
        let verb = case["verb"].as_str().unwrap();
        let base: Vec<char> = bases[verb].as_str().unwrap().chars().collect();
        let kept = |i: usize| case["keep"][i].as_u64().unwrap() as usize;
        let text: String = base[..kept(0)].iter().collect::<String>()
            + case["between"].as_str().unwrap()
            + &base[base.len() - kept(1)..].iter().collect::<String>();
        let found = answer(verb, None, text.as_bytes());
        if let Some(fault) = fault(&found, case) {
            wrong.push(format!("{verb}, {}: {fault}", compare::name(case)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), set.len() - 1, wrong.join("\n"));
}

/// What is wrong with an answer to a bad file.
fn fault(found: &Answer, case: &Value) -> Option<String> {
    let expected = case["status"].as_i64().unwrap();
    if found.status.map(i64::from) != Some(expected) {
        return Some(format!("status {:?}, expected {expected}; {}", found.status, found.error));
    }
    if !found.out.is_empty() {
        return Some(format!("printed {} bytes", found.out.len()));
    }
    if found.error.trim_end().is_empty() || found.error.trim_end().lines().count() != 1 {
        return Some(format!("not one line: {:?}", found.error));
    }
    let named = case["named"].as_array().unwrap().iter().map(|n| n.as_str().unwrap());
    let missing: Vec<_> = named.filter(|n| !found.error.contains(n)).collect();
    (!missing.is_empty()).then(|| format!("does not say {missing:?}: {}", found.error.trim_end()))
}

#[test]
fn the_right_files_that_the_bad_ones_are_made_from_are_accepted() {
    let bases = cases("bad.json")[0]["bases"].clone();
    for (verb, text) in bases.as_object().unwrap() {
        let found = answer(verb, None, text.as_str().unwrap().as_bytes());
        assert_eq!((found.status, found.error.as_str()), (Some(0), ""), "{verb}");
    }
}

#[test]
fn hostile_bytes_are_refused_without_a_panic() {
    let deep = |open: &str| open.repeat(200_000).into_bytes();
    let equations = |text: &str| {
        let mut file: Value = cases("models.json")[0]["experiment"].clone();
        file["model"]["cells"][0] = serde_json::json!({ "equations": text });
        file.to_string().into_bytes()
    };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("200,000 brackets", deep("[")),
        ("200,000 braces", deep("{\"model\":")),
        ("brackets where the model belongs", [b"{\"model\":".to_vec(), deep("[")].concat()),
        ("no UTF-8", vec![b'{', 0xff, 0xfe, b'}']),
        ("a NUL", b"{\"format\":\"unrolled-\0experiment/1\"}".to_vec()),
        ("half a surrogate pair", b"{\"format\":\"\\ud800\"}".to_vec()),
        (
            "200,000 parentheses in an equation",
            equations(&format!("state a\na<t> = {}", "(".repeat(200_000))),
        ),
        (
            "200,000 minus signs in an equation",
            equations(&format!("state a\na<t> = {}1", "-".repeat(200_000))),
        ),
        ("200,000 powers in an equation", equations(&format!("state a\na<t> = 2{}", "^2".repeat(200_000)))),
        ("200,000 lines of equations", equations(&"a<t> = 1\n".repeat(200_000))),
        ("a zero-width joiner for a name", equations("state \u{200d}\n\u{200d}<t> = 1")),
        ("a combining stack for a name", equations(&format!("state a{}", "\u{301}".repeat(1000)))),
    ];
    for (name, bytes) in &files {
        for verb in ["trace", "train", "draw"] {
            let found = answer(verb, None, bytes);
            assert_eq!(found.status, Some(2), "{name} to {verb}: {}", found.error);
            assert_eq!(found.error.trim_end().lines().count(), 1, "{name} to {verb}: {}", found.error);
            assert!(
                found.error.chars().count() < 1000,
                "{name} to {verb}: a line of {} bytes",
                found.error.len()
            );
            assert!(found.out.is_empty(), "{name} to {verb}");
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_one_line_and_status_two() {
    let found = command::run(&["trace", "/nowhere/at/all.json"], b"");
    assert_eq!(found.status, Some(2));
    assert_eq!(found.error.trim_end().lines().count(), 1, "{}", found.error);
    assert!(found.error.contains("/nowhere/at/all.json"), "{}", found.error);
}
